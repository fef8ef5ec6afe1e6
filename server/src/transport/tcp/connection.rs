//! One accepted connection.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::server::TlsStream;
use tokio_stream::Stream as _;
use tokio_stream::wrappers::WatchStream;
use tonic::transport::server::Connected;

use crate::transport::caller::Caller;
use crate::transport::place::Place;
use crate::transport::refusal::why;
use crate::transport::tls::Tls;

/// A connection whose peer is verified and named. Its place among the others is free again when it drops.
#[derive(Debug)]
pub struct Connection<S = TcpStream> {
    // Boxed: the state of TLS is a kilobyte, and connections are moved about while they are accepted.
    stream: Box<TlsStream<S>>,
    caller: Caller,
    _place: Place,
    // What comes into force while the connection is open.
    coming: Option<WatchStream<Arc<Tls>>>,
    cut: bool,
}

impl<S> Connection<S> {
    pub(super) fn new(
        stream: TlsStream<S>,
        caller: Caller,
        place: Place,
        tls: watch::Receiver<Arc<Tls>>,
    ) -> Self {
        Self {
            stream: Box::new(stream),
            caller,
            _place: place,
            coming: Some(WatchStream::from_changes(tls)),
            cut: false,
        }
    }

    /// Judges the caller again when other certificates or revocation lists have come into force. A caller that would
    /// not be let in any more is cut off where it stands: a stolen certificate does not end its calls in order.
    fn stay(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while let Some(coming) = &mut self.coming {
            match Pin::new(coming).poll_next(context) {
                Poll::Pending => break,
                Poll::Ready(None) => self.coming = None,
                Poll::Ready(Some(tls)) => {
                    let (_, session) = self.stream.get_ref();
                    if let Err(error) = tls.judge_again(session.peer_certificates().unwrap_or_default()) {
                        let certificate = self.caller.certificate();
                        tracing::warn!(
                            role = self.caller.role().kind(),
                            serial = certificate.serial(),
                            fingerprint = %certificate.fingerprint(),
                            reason = %why(&error),
                            "an open connection was cut off"
                        );
                        self.cut = true;
                        self.coming = None;
                    }
                }
            }
        }
        self.whole()
    }

    fn whole(&self) -> io::Result<()> {
        if self.cut {
            Err(io::ErrorKind::ConnectionAborted.into())
        } else {
            Ok(())
        }
    }

    /// Who is at the other end.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl<S> Connected for Connection<S> {
    type ConnectInfo = Caller;

    fn connect_info(&self) -> Caller {
        self.caller.clone()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // A connection that serves calls always waits for the next bytes, so that it is woken here.
        self.stay(context)?;
        Pin::new(&mut *self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut *self.stream).poll_shutdown(context)
    }
}
