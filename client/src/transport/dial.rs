//! Making the connections of one client: which way, and what is remembered of it.
//!
//! There is no falling back in security: who does not hold the right certificate is refused on both ways, and an error of
//! certificates over QUIC is the answer, whatever TCP would say.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::failure::{ConnectError, Refusal};
use super::greeted::Greeted;
use super::quic::{HubLane, Quic};
use super::tcp::Tcp;
use super::way::{Memory, QUIC_PATIENCE, Transport, Way};

/// Makes connections, one after the other or several at once.
#[derive(Debug)]
pub(super) struct Dialer {
    pub(super) transport: Transport,
    pub(super) tcp: Tcp,
    pub(super) quic: Arc<Quic>,
    pub(super) memory: Memory,
}

impl Dialer {
    /// A connection whose hub has taken the certificate.
    pub(super) async fn connect(&self) -> Result<Connection, ConnectError> {
        let connection = match self.transport {
            Transport::Tcp => Connection::Tcp(Box::new(self.tcp.connect().await?)),
            Transport::Quic => Connection::Quic(self.quic.lane().await?),
            Transport::Auto => self.whichever_gets_through().await?,
        };
        self.memory.went(connection.way());
        Ok(connection)
    }

    async fn whichever_gets_through(&self) -> Result<Connection, ConnectError> {
        if !self.memory.tries_quic() {
            return Ok(Connection::Tcp(Box::new(self.tcp.connect().await?)));
        }
        // One that was made and then carried nothing is no reason to try the same again.
        if !self.quic.fell_silent().await {
            match timeout(QUIC_PATIENCE, self.quic.lane()).await {
                Ok(Ok(lane)) => return Ok(Connection::Quic(lane)),
                Ok(Err(error)) if Refusal::in_chain(&error).is_some() => return Err(error),
                Ok(Err(_)) | Err(_) => {}
            }
        }
        let tcp = self.tcp.connect().await?;
        // The hub is there, and QUIC did not lead to it.
        self.memory.quic_failed();
        Ok(Connection::Tcp(Box::new(tcp)))
    }
}

/// One connection, whichever way.
#[derive(Debug)]
pub(super) enum Connection {
    // Boxed: the state of TLS is a kilobyte.
    Tcp(Box<Greeted<TlsStream<TcpStream>>>),
    Quic(HubLane),
}

impl Connection {
    const fn way(&self) -> Way {
        match self {
            Self::Tcp(_) => Way::Tcp,
            Self::Quic(_) => Way::Quic,
        }
    }
}

/// The same call on whichever it is.
macro_rules! either {
    ($connection:expr, $stream:ident => $call:expr) => {
        match &mut *$connection {
            Connection::Tcp(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Connection::Quic(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
        }
    };
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_read(context, buffer))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => stream.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            Self::Quic(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_shutdown(context))
    }
}
