//! The log as a stream that a test can wait for.

use std::io::{self, Write};

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use crate::hub::soon;

/// Every line that is logged on this thread while the value lives.
pub(crate) struct Log {
    lines: UnboundedReceiver<String>,
    _guard: DefaultGuard,
}

impl Log {
    /// Collects from now on. Tests run on one thread, and so do the tasks they start.
    pub(crate) fn collect() -> Self {
        let (sender, lines) = mpsc::unbounded_channel();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::WARN)
            .with_ansi(false)
            .with_writer(Lines(sender))
            .finish();
        Self {
            lines,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// The next warning or error.
    pub(crate) async fn next(&mut self) -> String {
        soon(self.lines.recv()).await.expect("the log stays open")
    }

    /// The lines that are waiting.
    pub(crate) fn so_far(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.lines.try_recv().ok()).collect()
    }
}

#[derive(Clone)]
struct Lines(UnboundedSender<String>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .send(String::from_utf8_lossy(bytes).into_owned())
            .map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
