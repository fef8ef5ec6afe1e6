//! The loop behind `Lanes`: meets peers, bounds what they cost before they are named, follows the certificates.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use quinn::{Endpoint, Incoming};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use super::attend::{Attending, attend};
use super::pace::Pace;
use super::{Offer, Yielding};
use crate::transport::place::Places;
use crate::transport::tcp::AcceptLimits;
use crate::transport::tls::Tls;

/// From which part of all handshakes' places on an address must be vouched for.
const UNVOUCHED: usize = 8;

pub(super) struct Acceptor {
    endpoint: Endpoint,
    tls: watch::Receiver<Arc<Tls>>,
    limits: AcceptLimits,
    offer: Offer,
    places: Places,
    yielding: Yielding,
    pace: Pace,
    // Dropping the set ends every connection that is attended to.
    connections: JoinSet<()>,
    // INVARIANT: handshakes under way, oldest first; never more than `limits.handshakes`.
    under_way: VecDeque<UnderWay>,
}

struct UnderWay {
    task: AbortHandle,
    named: Arc<AtomicBool>,
    since: Instant,
}

impl Acceptor {
    pub(super) fn new(
        endpoint: Endpoint,
        (tls, offer): (watch::Receiver<Arc<Tls>>, Offer),
        places: Places,
        yielding: Yielding,
    ) -> Self {
        let limits = offer.limits;
        Self {
            endpoint,
            tls,
            limits,
            offer,
            places,
            yielding,
            pace: Pace::new(limits.quic_handshakes_per_second, Instant::now()),
            connections: JoinSet::new(),
            under_way: VecDeque::new(),
        }
    }

    /// Until the port is closed.
    pub(super) async fn run(mut self) {
        let mut tls = self.tls.clone();
        loop {
            tokio::select! {
                Some(ended) = self.connections.join_next() => {
                    if let Err(error) = ended
                        && !error.is_cancelled()
                    {
                        tracing::error!(%error, "a connection ended in a defect of the hub");
                    }
                }
                Ok(()) = tls.changed() => {
                    let config = self.offer.config(&tls.borrow_and_update());
                    match config {
                        Ok(config) => self.endpoint.set_server_config(Some(config)),
                        // It fitted before: what is in force stays, and open connections are judged all the same.
                        Err(error) => tracing::error!(%error, "new certificates do not fit QUIC"),
                    }
                }
                incoming = self.endpoint.accept() => match incoming {
                    Some(incoming) => self.meet(incoming),
                    None => return,
                },
            }
        }
    }

    /// Begins a peer's handshake, if there is room for one.
    fn meet(&mut self, incoming: Incoming) {
        if self.yielding.lanes.is_closed() {
            // The hub stops.
            return incoming.refuse();
        }
        self.under_way
            .retain(|peer| !peer.task.is_finished() && !peer.named.load(Ordering::Relaxed));
        let crowded = self.under_way.len() >= self.limits.handshakes.div_ceil(UNVOUCHED);
        if crowded && !incoming.remote_address_validated() && incoming.may_retry() {
            if incoming.retry().is_err() {
                tracing::debug!("a peer could not be asked to come again");
            }
            return;
        }
        if !self.has_room() || !self.pace.take(Instant::now()) {
            // It tries again by itself, later and later (RFC 9002 §6.2).
            return incoming.ignore();
        }
        let named = Arc::new(AtomicBool::new(false));
        let attending = Attending {
            tls: self.tls.clone(),
            limits: self.limits,
            places: self.places.clone(),
            yielding: self.yielding.clone(),
            named: Arc::clone(&named),
        };
        let task = self.connections.spawn(attend(incoming, attending));
        self.under_way.push_back(UnderWay {
            task,
            named,
            since: Instant::now(),
        });
    }

    /// Whether one more handshake may begin; the oldest ends for it once it has had its patience.
    fn has_room(&mut self) -> bool {
        if self.under_way.len() < self.limits.handshakes {
            return true;
        }
        let patient = |oldest: &UnderWay| oldest.since.elapsed() < self.limits.handshake_patience;
        if self.under_way.front().is_none_or(patient) {
            return false;
        }
        if let Some(oldest) = self.under_way.pop_front() {
            oldest.task.abort();
            tracing::warn!("a slow QUIC handshake was ended to let others in");
        }
        true
    }
}
