//! The loop behind `Incoming`: accepts, runs handshakes side by side, ends those that are in the way.
//!
//! When all places for handshakes are taken and someone new waits, the oldest handshake that has had its
//! patience goes. So peers that fill the places with silence delay others by that patience at most, while
//! the port never stops being listened to.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::{self, Instant};

use super::AcceptLimits;
use super::connection::Connection;
use super::handshake::handshake;
use crate::transport::place::Places;
use crate::transport::refusal::Refusal;
use crate::transport::tls::Tls;

/// How long nothing is accepted after the machine could not give a socket (out of descriptors or memory):
/// without a pause the loop would spin until one is free.
const PAUSE_AFTER_EXHAUSTION: Duration = Duration::from_millis(100);

/// How often TCP asks a silent peer, and how often in vain, before it gives the connection up.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEP_ALIVE_RETRIES: u32 = 3;

pub(super) struct Acceptor {
    listener: TcpListener,
    tls: watch::Receiver<Arc<Tls>>,
    limits: AcceptLimits,
    places: Places,
    // Dropping the set ends every handshake under way.
    handshakes: JoinSet<(SocketAddr, Result<Connection, Refusal>)>,
    // INVARIANT: the handshakes under way, oldest first; never more than `limits.handshakes`.
    under_way: VecDeque<UnderWay>,
    paused_until: Option<Instant>,
}

struct UnderWay {
    task: AbortHandle,
    peer: SocketAddr,
    since: Instant,
}

/// What the loop was woken by.
enum Event {
    Finished(Result<(SocketAddr, Result<Connection, Refusal>), JoinError>),
    Accepted(io::Result<(TcpStream, SocketAddr)>),
}

impl Acceptor {
    pub(super) fn new(
        listener: TcpListener,
        tls: watch::Receiver<Arc<Tls>>,
        limits: AcceptLimits,
        places: Places,
    ) -> Self {
        Self {
            listener,
            tls,
            limits,
            places,
            handshakes: JoinSet::new(),
            under_way: VecDeque::new(),
            paused_until: None,
        }
    }

    /// The next connection whose peer is named.
    ///
    /// May be dropped at any await: what it began is in `self` and goes on with the next call.
    pub(super) async fn next(&mut self) -> Connection {
        loop {
            let from = self.may_accept_at();
            let event = tokio::select! {
                Some(finished) = self.handshakes.join_next() => Event::Finished(finished),
                accepted = accept(&self.listener, from) => Event::Accepted(accepted),
            };
            match event {
                Event::Finished(finished) => {
                    self.under_way.retain(|handshake| !handshake.task.is_finished());
                    if let Some(connection) = judge(finished) {
                        return connection;
                    }
                }
                Event::Accepted(Ok((stream, peer))) => self.begin(stream, peer),
                Event::Accepted(Err(error)) => self.pause(&error),
            }
        }
    }

    /// When a new peer may come in: at once, or when the oldest handshake has had its patience.
    fn may_accept_at(&self) -> Option<Instant> {
        let full = self.under_way.len() >= self.limits.handshakes;
        let place_free_at = self
            .under_way
            .front()
            .filter(|_| full)
            .map(|oldest| oldest.since + self.limits.handshake_patience);
        self.paused_until.max(place_free_at)
    }

    /// Begins the handshake of a peer that has just come in, in the place of the oldest when all are taken.
    fn begin(&mut self, stream: TcpStream, peer: SocketAddr) {
        self.paused_until = None;
        if self.under_way.len() >= self.limits.handshakes
            && let Some(oldest) = self.under_way.pop_front()
        {
            oldest.task.abort();
            let after_ms = oldest.since.elapsed().as_millis();
            tracing::warn!(peer = %oldest.peer, %after_ms, "a slow handshake was ended to let others in");
        }
        if let Err(error) = set_options(&stream, self.limits.keep_alive) {
            // The peer has gone already, or the system lacks the option; the connection works without.
            tracing::debug!(%peer, %error, "socket options were not set");
        }
        let (tls, places, limit) = (
            self.tls.clone(),
            self.places.clone(),
            self.limits.handshake_timeout,
        );
        let task = self
            .handshakes
            .spawn(async move { (peer, handshake(stream, tls, &places, limit).await) });
        self.under_way.push_back(UnderWay {
            task,
            peer,
            since: Instant::now(),
        });
    }

    /// Stops accepting for a while when the machine is exhausted. A peer that left while it queued is no
    /// such reason: pausing for it would let anybody slow the hub down.
    fn pause(&mut self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};

        if matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
            tracing::debug!(%error, "a peer left before it was accepted");
        } else {
            tracing::error!(%error, "no connection can be accepted: check the limit of open files");
            self.paused_until = Some(Instant::now() + PAUSE_AFTER_EXHAUSTION);
        }
    }
}

/// Accepts the next peer, not before `from`.
async fn accept(listener: &TcpListener, from: Option<Instant>) -> io::Result<(TcpStream, SocketAddr)> {
    if let Some(from) = from {
        time::sleep_until(from).await;
    }
    listener.accept().await
}

/// The connection that came out of a handshake; otherwise the reason why not, in the log.
fn judge(finished: Result<(SocketAddr, Result<Connection, Refusal>), JoinError>) -> Option<Connection> {
    match finished {
        Ok((peer, Ok(connection))) => {
            let caller = connection.caller();
            let certificate = caller.certificate();
            tracing::debug!(
                %peer,
                role = caller.role().kind(),
                serial = certificate.serial(),
                fingerprint = %certificate.fingerprint(),
                "a caller has connected"
            );
            Some(connection)
        }
        // Load balancers and port probes come and go all the time.
        Ok((peer, Err(reason @ Refusal::PeerLeft))) => {
            tracing::debug!(%peer, %reason, "a connection was refused");
            None
        }
        Ok((peer, Err(reason))) => {
            tracing::warn!(%peer, %reason, "a connection was refused");
            None
        }
        // Ended to let others in, and logged there.
        Err(error) if error.is_cancelled() => None,
        Err(error) => {
            tracing::error!(%error, "a handshake ended in a defect of the hub");
            None
        }
    }
}

/// Small messages leave at once, and a peer that has vanished is noticed.
fn set_options(stream: &TcpStream, keep_alive: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let keep_alive = TcpKeepalive::new()
        .with_time(keep_alive)
        .with_interval(KEEP_ALIVE_INTERVAL)
        .with_retries(KEEP_ALIVE_RETRIES);
    SockRef::from(stream).set_tcp_keepalive(&keep_alive)
}
