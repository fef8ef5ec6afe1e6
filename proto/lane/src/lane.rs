//! One lane: a stream to read and write, that ends without losing what was said.

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::io;

use quinn::{Connection, RecvStream, SendStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long a lane that was dropped goes on listening, so that the peer can read what was said last.
pub const LINGER: Duration = Duration::from_secs(5);

/// One bidirectional stream of a connection, which stays open as long as any of its lanes.
///
/// Dropping a lane ends it in order: what was written arrives, and the peer is not told to stop before it has read the
/// last answer.
#[derive(Debug)]
pub struct Lane {
    // None once it is dropped.
    ends: Option<(SendStream, RecvStream)>,
    // The last handle closes the connection, whatever is still on its way.
    connection: Connection,
    // Held until the peer has all that was said.
    guard: Option<mpsc::Sender<()>>,
}

impl Lane {
    /// A lane of this connection.
    #[must_use]
    pub const fn new(connection: Connection, ends: (SendStream, RecvStream)) -> Self {
        Self {
            ends: Some(ends),
            connection,
            guard: None,
        }
    }

    /// The same lane, which holds this until the peer has everything that was said on it: whoever has the other end of the
    /// channel can wait for that before closing the connection.
    #[must_use]
    pub fn guarded_by(mut self, guard: mpsc::Sender<()>) -> Self {
        self.guard = Some(guard);
        self
    }

    /// The connection that it is a part of.
    #[must_use]
    pub const fn connection(&self) -> &Connection {
        &self.connection
    }

    fn sending(&mut self) -> io::Result<Pin<&mut SendStream>> {
        let ends = self.ends.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pin::new(&mut ends.0))
    }

    fn receiving(&mut self) -> io::Result<Pin<&mut RecvStream>> {
        let ends = self.ends.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pin::new(&mut ends.1))
    }
}

impl AsyncRead for Lane {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        AsyncRead::poll_read(self.receiving()?, context, buffer)
    }
}

impl AsyncWrite for Lane {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        AsyncWrite::poll_write(self.sending()?, context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_flush(self.sending()?, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_shutdown(self.sending()?, context)
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let Some((send, receive)) = self.ends.take() else {
            return;
        };
        if self.connection.close_reason().is_some() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let guard = self.guard.take();
            runtime.spawn(linger(self.connection.clone(), (send, receive), guard));
        }
    }
}

/// Says that nothing more comes, and listens for as long as the peer goes on reading and writing.
async fn linger(
    connection: Connection,
    (mut send, mut receive): (SendStream, RecvStream),
    guard: Option<mpsc::Sender<()>>,
) {
    // Finished before, or stopped by the peer: both are ends.
    let _ = send.finish();
    let arrives = async {
        let _ = send.stopped().await;
        drop(guard);
    };
    let drains = async {
        let mut heard = [0; 4096];
        while let Ok(Some(_)) = receive.read(&mut heard).await {}
    };
    // A peer that never ends its side is left after that time.
    let _ = timeout(LINGER, async { tokio::join!(arrives, drains) }).await;
    drop(connection);
}
