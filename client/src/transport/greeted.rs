//! A connection that has heard the hub's first words before anything is said to it.
//!
//! In TLS 1.3 the hub judges a certificate after the client's handshake is over. A refusal that crosses a request
//! on its way is often lost: the hub closes, the request fails to be written, and nobody reads the reason. An
//! HTTP/2 server speaks first (RFC 9113 §3.4: its preface is a SETTINGS frame), so listening costs nothing lasting:
//! either it speaks, or it says why it does not.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

/// How long the first words are waited for. A server that waits for the client's is served all the same.
pub(super) const GREETING_PATIENCE: Duration = Duration::from_secs(1);
/// How many bytes of the greeting are taken at most.
const GREETING_BYTES: usize = 1024;

/// A stream with the bytes that were heard first.
#[derive(Debug)]
pub(super) struct Greeted<S> {
    stream: S,
    heard: Vec<u8>,
    given: usize,
}

impl<S: AsyncRead + Unpin> Greeted<S> {
    /// Listens.
    ///
    /// # Errors
    /// What ended the stream before a word was said; a refusal among them.
    pub(super) async fn listen(mut stream: S) -> io::Result<Self> {
        let mut heard = vec![0; GREETING_BYTES];
        let length = match tokio::time::timeout(GREETING_PATIENCE, stream.read(&mut heard)).await {
            Ok(Ok(0)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Ok(length)) => length,
            Ok(Err(error)) => return Err(error),
            Err(_) => 0,
        };
        heard.truncate(length);
        Ok(Self {
            stream,
            heard,
            given: 0,
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Greeted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, heard, given } = &mut *self;
        let rest = heard.get(*given..).unwrap_or_default();
        if rest.is_empty() {
            return Pin::new(stream).poll_read(context, buffer);
        }
        let (part, _) = rest.split_at(rest.len().min(buffer.remaining()));
        buffer.put_slice(part);
        *given += part.len();
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Greeted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn what_was_heard_is_read_again_and_then_the_rest() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        theirs.write_all(b"first").await.unwrap();
        let mut greeted = Greeted::listen(ours).await.unwrap();
        theirs.write_all(b" and then").await.unwrap();
        theirs.shutdown().await.unwrap();
        let mut read = String::new();
        greeted.read_to_string(&mut read).await.unwrap();
        assert_eq!(read, "first and then");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_waits_is_served_and_one_that_leaves_is_not() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let mut greeted = Greeted::listen(ours).await.unwrap();
        theirs.write_all(b"late").await.unwrap();
        assert_eq!(greeted.read_u8().await.unwrap(), b'l');
        let (ours, theirs) = tokio::io::duplex(64);
        drop(theirs);
        assert_eq!(
            Greeted::listen(ours).await.unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
    }
}
