//! From a fresh stream of bytes to a named connection, or to the reason why not.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::time::{self, Instant};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::connection::Connection;
use crate::transport::caller::Caller;
use crate::transport::place::Places;
use crate::transport::refusal::{Refusal, why};
use crate::transport::tls::{PROTOCOL, Tls};

/// Names the peer of `stream` within `limit` and gives it a place; otherwise closes it.
pub(super) async fn handshake<S>(
    stream: S,
    mut tls: watch::Receiver<Arc<Tls>>,
    places: &Places,
    limit: Duration,
) -> Result<Connection<S>, Refusal>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let deadline = Instant::now() + limit;
    // Marked as seen before the handshake begins: what comes into force meanwhile is asked once it is done.
    let acceptor = TlsAcceptor::from(Arc::clone(tls.borrow_and_update().server()));
    let mut stream = time::timeout_at(deadline, acceptor.accept(stream))
        .await
        .map_err(|_| Refusal::TimedOut { limit })?
        .map_err(|error| refusal(&error))?;
    let admitted = name(&stream).and_then(|caller| {
        let place = places.take(caller.role())?;
        Ok((caller, place))
    });
    match admitted {
        Ok((caller, place)) => Ok(Connection::new(stream, caller, place, tls)),
        Err(refusal) => {
            // A peer that has gone or does not listen cannot be told goodbye; it is refused all the same.
            match time::timeout_at(deadline, stream.shutdown()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!(%error, "a refused peer left before it was told"),
                Err(error) => tracing::debug!(%error, "a refused peer did not listen"),
            }
            Err(refusal)
        }
    }
}

/// The caller that the finished handshake proves.
fn name<S>(stream: &TlsStream<S>) -> Result<Caller, Refusal> {
    let (_, session) = stream.get_ref();
    // A peer that offers no protocol at all passes the handshake (RFC 7301 §3.2); HTTP/2 asks for it.
    if session.alpn_protocol() != Some(PROTOCOL) {
        return Err(Refusal::NoProtocol);
    }
    let certificate = session
        .peer_certificates()
        .and_then(<[_]>::first)
        .ok_or(Refusal::NoCertificate)?;
    Ok(Caller::from_certificate(certificate)?)
}

/// The reason behind a failed handshake.
fn refusal(error: &io::Error) -> Refusal {
    let tls = error.get_ref().and_then(|source| source.downcast_ref());
    tls.map_or(Refusal::PeerLeft, why)
}
