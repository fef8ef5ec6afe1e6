//! Lanes over QUIC, beside TCP: the same certificates, the same callers, the same places.
//!
//! Each lane is one bidirectional stream and goes to `tonic` like a TCP connection. What a peer costs before it is named
//! is bounded: addresses that nobody vouches for are asked to come again with a token (RFC 9000 §8.1.2) once there are
//! some at it, handshakes begin at a bounded rate, and the oldest makes room. A flood here takes nothing from TCP but the
//! machine's time for its packets.

mod acceptor;
mod attend;
mod pace;

use core::convert::Infallible;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::Stream;
use quinn::crypto::rustls::QuicServerConfig;
use quinn::{
    ConnectionError, ConnectionId, ConnectionIdGenerator, Endpoint, EndpointConfig, ServerConfig,
    TokioRuntime,
};
use ring::hkdf;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use samrum_lane::{End, Lane};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tonic::transport::server::Connected;

use super::caller::Caller;
use super::place::Places;
use super::tcp::AcceptLimits;
use super::tls::Tls;
use acceptor::Acceptor;

/// Lanes that wait for `tonic` to take them.
const WAITING_LANES: usize = 64;
/// Bytes of one handshake that are kept before anybody looks at it.
const INCOMING_BUFFER_BYTES: u64 = 64 * 1024;
/// How often at most a peer is told that a connection is gone: a hub that was killed and is back tells some hundred units
/// within a second.
const RESET_INTERVAL: Duration = Duration::from_millis(1);
/// Bytes of a connection's id.
const ID_BYTES: usize = 8;
/// How long peers are told goodbye when the hub stops.
const GOODBYE: Duration = Duration::from_secs(1);

/// Opens `address` for callers that `tls` verifies, with the places that TCP's connections take as well. Connections of an
/// earlier run with the same `reset` key are told that they are gone.
///
/// # Errors
/// When the address cannot be bound, or TLS does not fit QUIC.
pub fn bind(
    address: SocketAddr,
    tls: watch::Receiver<Arc<Tls>>,
    limits: AcceptLimits,
    places: &Places,
    reset: hmac::Key,
) -> io::Result<(Lanes, Door)> {
    let (socket, granted) = samrum_lane::socket(address)?;
    if granted < samrum_lane::BUFFER_BYTES {
        tracing::info!(
            granted,
            wanted = samrum_lane::BUFFER_BYTES,
            "the system gives UDP less room than QUIC would use; raise net.core.rmem_max"
        );
    }
    let offer = Offer::new(limits)?;
    let config = offer.config(&tls.borrow())?;
    let endpoint = Endpoint::new(
        endpoint_config(reset),
        Some(config),
        socket,
        Arc::new(TokioRuntime),
    )?;
    let (named, lanes) = mpsc::channel(WAITING_LANES);
    let (guard, unsaid) = mpsc::channel(1);
    let yielding = Yielding {
        lanes: named,
        guard: guard.downgrade(),
    };
    let acceptor = Acceptor::new(endpoint.clone(), (tls, offer), places.clone(), yielding);
    let accepting = tokio::spawn(acceptor.run()).abort_handle();
    let door = Door {
        endpoint,
        accepting,
        guard: Some(guard),
        unsaid,
    };
    Ok((Lanes(lanes), door))
}

fn endpoint_config(reset: hmac::Key) -> EndpointConfig {
    let mut config = EndpointConfig::new(Arc::new(reset));
    config.min_reset_interval(RESET_INTERVAL);
    config.cid_generator(|| Box::new(RandomIds(SystemRandom::new())));
    config
}

/// What peers call connections: nothing but chance. The library's own ids could be told by nobody but the run that made
/// them, and an id that is not known for one's own is never answered, not even with the news that it is gone.
struct RandomIds(SystemRandom);

impl ConnectionIdGenerator for RandomIds {
    fn generate_cid(&mut self) -> ConnectionId {
        let mut id = [0; ID_BYTES];
        // Without randomness there is no handshake either; ids that are taken are made anew.
        let _ = self.0.fill(&mut id);
        ConnectionId::new(&id)
    }

    fn cid_len(&self) -> usize {
        ID_BYTES
    }

    fn cid_lifetime(&self) -> Option<Duration> {
        None
    }
}

/// What handshakes are held to, whichever certificates are in force.
#[derive(Debug, Clone)]
struct Offer {
    limits: AcceptLimits,
    // Whoever was asked to come again with a token is let in with it after new certificates as well.
    tokens: hkdf::Prk,
}

impl Offer {
    fn new(limits: AcceptLimits) -> io::Result<Self> {
        let mut secret = [0; 32];
        let random = SystemRandom::new();
        random
            .fill(&mut secret)
            .map_err(|_| io::Error::other("the system gives no randomness"))?;
        let tokens = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&secret);
        Ok(Self { limits, tokens })
    }

    /// With these certificates.
    fn config(&self, tls: &Tls) -> io::Result<ServerConfig> {
        let Self { limits, tokens } = self;
        let crypto = QuicServerConfig::try_from(Arc::clone(tls.lanes())).map_err(io::Error::other)?;
        let mut config = ServerConfig::with_crypto(Arc::new(crypto));
        config
            .transport_config(samrum_lane::server(
                limits.lanes_per_connection,
                samrum_lane::IDLE_LIMIT,
            ))
            .token_key(Arc::new(tokens.clone()))
            .max_incoming(limits.handshakes)
            .incoming_buffer_size(INCOMING_BUFFER_BYTES)
            .incoming_buffer_size_total(INCOMING_BUFFER_BYTES.saturating_mul(limits.handshakes as u64));
        Ok(config)
    }
}

/// The port itself. Lanes live as long as it does.
#[derive(Debug)]
pub struct Door {
    endpoint: Endpoint,
    accepting: AbortHandle,
    // What every lane holds until its peer has heard all: once this one is gone, `unsaid` ends with the last of them.
    guard: Option<mpsc::Sender<()>>,
    unsaid: mpsc::Receiver<()>,
}

/// Where lanes go, and what each of them holds until its peer has heard all.
#[derive(Debug, Clone)]
struct Yielding {
    lanes: mpsc::Sender<NamedLane>,
    guard: mpsc::WeakSender<()>,
}

impl Door {
    /// The address that is open.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.endpoint.local_addr()
    }

    /// Ends every connection and tells the peers so, once they have the answers that were given.
    pub async fn close(mut self) {
        self.guard = None;
        // Lanes linger no longer than that.
        let _ = timeout(samrum_lane::LINGER, self.unsaid.recv()).await;
        self.endpoint.close(End::Stopping.code(), b"");
        // A peer that does not hear it finds out by itself.
        let _ = timeout(GOODBYE, self.endpoint.wait_idle()).await;
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.accepting.abort();
        self.endpoint.close(End::Stopping.code(), b"");
    }
}

/// Lanes of verified, named callers, for `serve_with_incoming_shutdown`. Once it is dropped, new lanes are refused and
/// those that it has yielded live on.
#[derive(Debug)]
pub struct Lanes(mpsc::Receiver<NamedLane>);

impl Stream for Lanes {
    type Item = Result<NamedLane, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|lane| lane.map(Ok))
    }
}

/// A lane whose peer is verified and named.
#[derive(Debug)]
pub struct NamedLane {
    lane: Lane,
    caller: Caller,
}

impl Connected for NamedLane {
    type ConnectInfo = Caller;

    fn connect_info(&self) -> Caller {
        self.caller.clone()
    }
}

impl AsyncRead for NamedLane {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // What a caller said before it was cut off is not listened to any more.
        if let Some(ConnectionError::LocallyClosed) = self.lane.connection().close_reason() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.lane).poll_read(context, buffer)
    }
}

impl AsyncWrite for NamedLane {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.lane).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lane).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lane).poll_shutdown(context)
    }
}
