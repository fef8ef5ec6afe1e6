//! Accepting connections over TCP, so that no peer can make another wait.
//!
//! A peer that stays silent, sends garbage or presents a wrong certificate costs one handshake's place
//! for a limited time and reaches nothing behind it. What comes out of [`Incoming`] has been verified and
//! named. Nothing is limited per address, because many units share one: limits hold per caller.
//!
//! Connections are handed to `tonic`, which finds the caller through `Connected`. There is no task that
//! must be stopped: dropping [`Incoming`] closes the port and ends the handshakes under way.

mod acceptor;
mod connection;
mod handshake;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{self, Stream};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::place::Places;
use super::tls::Tls;
use acceptor::Acceptor;
pub use connection::Connection;

/// The limits of accepting. Defaults suit a hub of some hundred units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptLimits {
    /// How long a peer may take from connecting to being named.
    pub handshake_timeout: Duration,
    /// How many handshakes may be under way; one more ends the oldest, see [`Self::handshake_patience`].
    pub handshakes: usize,
    /// How long a handshake is left in peace although others wait for its place. Longer than an honest
    /// handshake takes on a bad network, or a crowd that returns after a restart would push itself out.
    pub handshake_patience: Duration,
    /// How many connections may be open in all.
    pub connections: usize,
    /// How many connections one caller (a unit, an auditor, an operator) may have open.
    pub connections_per_caller: usize,
    /// How long a connection may be silent before TCP asks whether the peer is still there.
    pub keep_alive: Duration,
    /// How many lanes one QUIC connection may have open.
    pub lanes_per_connection: u32,
    /// How many QUIC handshakes may begin in a second: each costs a signature, and packets cost their sender nothing.
    pub quic_handshakes_per_second: u32,
}

impl Default for AcceptLimits {
    fn default() -> Self {
        Self {
            handshake_timeout: Duration::from_secs(5),
            handshakes: 256,
            handshake_patience: Duration::from_millis(500),
            connections: 4096,
            connections_per_caller: 64,
            keep_alive: Duration::from_secs(60),
            lanes_per_connection: samrum_lane::MAX_LANES,
            quic_handshakes_per_second: 200,
        }
    }
}

/// Opens `address` for callers that `tls` verifies, by what is in force when they come; whoever would not be let in by
/// what comes into force later is cut off then. Port 0 takes any free port.
///
/// # Errors
///
/// When the address cannot be bound: taken, not this machine's, or a port that needs privileges.
pub async fn bind(
    address: SocketAddr,
    tls: watch::Receiver<Arc<Tls>>,
    limits: AcceptLimits,
) -> io::Result<Incoming> {
    let listener = TcpListener::bind(address).await?;
    let local_address = listener.local_addr()?;
    let places = Places::new(limits);
    let acceptor = Acceptor::new(listener, tls, limits, places.clone());
    let connections = stream::unfold(acceptor, |mut acceptor| async move {
        let connection = acceptor.next().await;
        Some((connection, acceptor))
    });
    Ok(Incoming {
        local_address,
        places,
        connections: Box::pin(connections),
    })
}

/// The stream of verified, named connections, for `serve_with_incoming_shutdown`. It never ends by itself.
///
/// Dropping it closes the port and ends the handshakes under way at once; connections that it has
/// yielded live on.
pub struct Incoming {
    local_address: SocketAddr,
    places: Places,
    connections: Pin<Box<dyn Stream<Item = Connection> + Send>>,
}

impl Incoming {
    /// The address that is open, with the port that was really taken.
    #[must_use]
    pub const fn local_address(&self) -> SocketAddr {
        self.local_address
    }

    /// The places that its connections take: another way in shares them.
    #[must_use]
    pub const fn places(&self) -> &Places {
        &self.places
    }
}

impl Stream for Incoming {
    type Item = Result<Connection, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.connections
            .as_mut()
            .poll_next(context)
            .map(|connection| connection.map(Ok))
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming")
            .field("local_address", &self.local_address)
            .finish_non_exhaustive()
    }
}
