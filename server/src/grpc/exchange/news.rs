//! What inboxes are told, read once for all streams that are open, whoever's they are.
//!
//! Each stream reads its own inbox when it opens, and again when it is told to look; in between it is handed what came.
//! A stream first listens, then reads: what is committed between the two is read, handed over, or both.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use samrum_consent::id::UnitId;
use tokio::sync::{broadcast, watch};
use tokio::time::timeout;

use crate::service::Hub;
use crate::store::InboxEvent;

/// Events that a stream may be behind before it reads its inbox itself.
pub(super) const BEHIND: usize = 64;

/// How long one reading of what came may take. A server whose machine has gone silent never answers, and all streams would wait
/// for it.
const MAX_READING: Duration = Duration::from_secs(5);

/// What a stream is handed.
#[derive(Debug, Clone, Copy)]
pub(super) enum News {
    /// Its inbox has this event.
    Event(InboxEvent),
    /// Something may have come that is not handed over: look.
    Look,
}

/// The inboxes whose streams are open.
#[derive(Debug, Clone, Default)]
pub(in crate::grpc) struct Listeners(Arc<Mutex<HashMap<UnitId, broadcast::Sender<News>>>>);

impl Listeners {
    /// Follows what the hub commits until it stops.
    pub(in crate::grpc) fn following(hub: Arc<Hub>, stop: watch::Receiver<bool>) -> Self {
        let listeners = Self::default();
        tokio::spawn(follow(hub, listeners.clone(), stop));
        listeners
    }

    /// What comes to this inbox from now on.
    pub(super) fn listen(&self, unit: UnitId) -> broadcast::Receiver<News> {
        let mut inboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let inbox = inboxes.entry(unit);
        inbox
            .or_insert_with(|| broadcast::Sender::new(BEHIND))
            .subscribe()
    }

    /// Whether nobody listens. Forgets those that no longer do.
    fn are_none(&self) -> bool {
        let mut inboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inboxes.retain(|_, inbox| inbox.receiver_count() > 0);
        inboxes.is_empty()
    }

    pub(super) fn hand_over(&self, events: &[(UnitId, InboxEvent)]) {
        let inboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (unit, event) in events {
            if let Some(inbox) = inboxes.get(unit) {
                // Nobody may listen any more.
                let _ = inbox.send(News::Event(*event));
            }
        }
    }

    fn tell_all_to_look(&self) {
        let inboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for inbox in inboxes.values() {
            let _ = inbox.send(News::Look);
        }
    }
}

async fn follow(hub: Arc<Hub>, listeners: Listeners, mut stop: watch::Receiver<bool>) {
    let mut committed = hub.committed();
    // Up to where everything was handed over; none where nobody knows.
    let mut position = None;
    loop {
        tokio::select! {
            Ok(()) = committed.changed() => {}
            _ = stop.wait_for(|stop| *stop) => return,
            else => return,
        }
        if listeners.are_none() {
            position = None;
            continue;
        }
        let handed = tokio::select! {
            handed = hand_over(&hub, &listeners, position) => handed,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let handed = handed.inspect_err(|error| {
            tracing::warn!(%error, "inboxes could not be read for all streams at once; each reads its own");
            listeners.tell_all_to_look();
        });
        position = handed.ok();
    }
}

/// Hands over what came after this position; up to where everything is then.
async fn hand_over(hub: &Hub, listeners: &Listeners, position: Option<i64>) -> anyhow::Result<i64> {
    let Some(mut position) = position else {
        let newest = timeout(MAX_READING, hub.inboxes_end()).await??;
        listeners.tell_all_to_look();
        return Ok(newest);
    };
    loop {
        let events = timeout(MAX_READING, hub.inboxes(position)).await??;
        let Some((_, newest)) = events.last() else {
            return Ok(position);
        };
        position = newest.position;
        listeners.hand_over(&events);
    }
}
