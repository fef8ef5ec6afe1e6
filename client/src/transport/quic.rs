//! Lanes to the hub: one QUIC connection, made when first needed and again when it is lost.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{Connection, ConnectionError, Endpoint, EndpointConfig, TokioRuntime};
use rustls::ClientConfig;
use rustls::client::Resumption;
use samrum_lane::{End, Lane};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use super::failure::{ConnectError, Refusal};
use super::{CONNECT_TIMEOUT, HubAddress};

/// Addresses of one name that are tried at most.
const MAX_ADDRESSES: usize = 4;
/// How long one address is waited for before the next is tried as well.
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// How long the hub is told goodbye.
const GOODBYE: Duration = Duration::from_millis(500);

/// Lanes of one shared connection.
#[derive(Debug)]
pub struct Quic {
    address: HubAddress,
    config: quinn::ClientConfig,
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    endpoint: Endpoint,
    connection: Connection,
    // The hub has said that it takes no new lanes.
    stopping: Arc<AtomicBool>,
}

impl Quic {
    /// Connects with this TLS when first asked for a lane. What `tls` says of protocols, resumption and early data is
    /// not looked at: lanes have their own name, and nothing of a session is used twice.
    ///
    /// # Errors
    /// When `tls` does not fit QUIC.
    pub fn new(address: &HubAddress, mut tls: ClientConfig) -> Result<Self, rustls::Error> {
        tls.alpn_protocols = vec![samrum_lane::PROTOCOL.to_vec()];
        tls.resumption = Resumption::disabled();
        tls.enable_early_data = false;
        let crypto =
            QuicClientConfig::try_from(tls).map_err(|error| rustls::Error::General(error.to_string()))?;
        let mut config = quinn::ClientConfig::new(Arc::new(crypto));
        config.transport_config(samrum_lane::client(
            samrum_lane::KEEP_ALIVE,
            samrum_lane::IDLE_LIMIT,
        ));
        Ok(Self {
            address: address.clone(),
            config,
            open: Mutex::new(None),
        })
    }

    /// A new lane of the connection that is open, or of a new one.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn lane(&self) -> Result<HubLane, ConnectError> {
        let attempt = async {
            let (connection, stopping) = self.connection().await?;
            // Waits as long as all lanes that the hub grants are taken.
            let ends = connection.open_bi().await.map_err(|source| self.failed(source))?;
            let lane = Lane::new(connection, ends);
            Ok(HubLane { lane, stopping })
        };
        timeout(CONNECT_TIMEOUT, attempt).await.unwrap_or_else(|_| {
            Err(ConnectError::NoQuic {
                authority: self.address.authority(),
            })
        })
    }

    /// Whether the last connection has ended because nothing was heard any more. Said once: then it is forgotten.
    pub(super) async fn fell_silent(&self) -> bool {
        let mut open = self.open.lock().await;
        let ended = open.as_ref().and_then(|open| open.connection.close_reason());
        let silent = ended == Some(ConnectionError::TimedOut);
        if silent {
            *open = None;
        }
        silent
    }

    /// Says goodbye, so that the hub does not wait for what will never come.
    pub async fn close(&self) {
        if let Some(Open {
            endpoint, connection, ..
        }) = self.open.lock().await.take()
        {
            connection.close(End::Done.code(), b"");
            // A hub that does not hear it finds out by itself.
            let _ = timeout(GOODBYE, endpoint.wait_idle()).await;
        }
    }

    /// Goes on from another address of this machine: every lane stays, and the hub is told where to answer.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn move_to(&self, address: SocketAddr) -> io::Result<()> {
        if let Some(open) = &*self.open.lock().await {
            let (socket, _) = samrum_lane::socket(address)?;
            open.endpoint.rebind(socket)?;
        }
        Ok(())
    }

    async fn connection(&self) -> Result<(Connection, Arc<AtomicBool>), ConnectError> {
        // Held meanwhile: whoever else wants a lane shares the connection that comes of it.
        let mut open = self.open.lock().await;
        if let Some(open) = &*open
            && open.connection.close_reason().is_none()
            && !open.stopping.load(Ordering::Relaxed)
        {
            return Ok((open.connection.clone(), open.stopping.clone()));
        }
        let fresh = self.connect().await?;
        let shared = (fresh.connection.clone(), fresh.stopping.clone());
        *open = Some(fresh);
        Ok(shared)
    }

    /// Tries the addresses of the hub's name, each a little after the one before, and takes the first that answers: who
    /// does not speak UDP says nothing.
    ///
    /// Source: RFC 8305 §5 (Happy Eyeballs).
    async fn connect(&self) -> Result<Open, ConnectError> {
        let network = |source| ConnectError::Network {
            authority: self.address.authority(),
            source,
        };
        let name = (self.address.host.as_str(), self.address.port);
        let addresses = tokio::net::lookup_host(name).await.map_err(network)?;
        let staggered = addresses.take(MAX_ADDRESSES).zip(0_u32..);
        let mut attempts: FuturesUnordered<_> = staggered
            .map(|(address, place)| async move {
                sleep(ATTEMPT_DELAY.saturating_mul(place)).await;
                self.connect_to(address).await
            })
            .collect();
        let mut problem = network(io::ErrorKind::NotFound.into());
        while let Some(outcome) = attempts.next().await {
            match outcome {
                Err(error) if Refusal::in_chain(&error).is_none() => problem = error,
                settled => return settled,
            }
        }
        Err(problem)
    }

    async fn connect_to(&self, hub: SocketAddr) -> Result<Open, ConnectError> {
        let any = match hub {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let network = |source| ConnectError::Network {
            authority: self.address.authority(),
            source,
        };
        let (socket, _) = samrum_lane::socket(any).map_err(network)?;
        let endpoint = Endpoint::new(EndpointConfig::default(), None, socket, Arc::new(TokioRuntime))
            .map_err(network)?;
        let connecting = endpoint
            .connect_with(self.config.clone(), hub, &self.address.server_name.to_str())
            .map_err(|error| network(io::Error::other(error)))?;
        let connection = connecting.await.map_err(|source| match &source {
            // What this end says of the other's certificate.
            ConnectionError::TransportError(_) => self.failed(source),
            // Before the handshake is over anybody on the way can say anything in the hub's name.
            _ => network(io::Error::other(source.to_string())),
        })?;
        // The hub judges this end's certificate after the handshake is over here; its welcome says that it has.
        let welcome = connection.accept_uni().await;
        drop(welcome.map_err(|source| self.failed(source))?);
        Ok(Open {
            endpoint,
            connection,
            stopping: Arc::default(),
        })
    }

    fn failed(&self, source: ConnectionError) -> ConnectError {
        ConnectError::Quic {
            authority: self.address.authority(),
            source,
        }
    }
}

/// A lane to the hub, which remembers for its connection when the hub takes no new ones.
#[derive(Debug)]
pub struct HubLane {
    lane: Lane,
    stopping: Arc<AtomicBool>,
}

impl HubLane {
    /// Notes an end that the hub has given as its reason.
    fn heed<T>(&self, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if let Poll::Ready(Err(error)) = &outcome
            && End::of_io(error) == Some(End::Stopping)
        {
            self.stopping.store(true, Ordering::Relaxed);
        }
        outcome
    }
}

impl AsyncRead for HubLane {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.lane).poll_read(context, buffer);
        self.heed(read)
    }
}

impl AsyncWrite for HubLane {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.lane).poll_write(context, bytes);
        self.heed(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lane).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lane).poll_shutdown(context)
    }
}
