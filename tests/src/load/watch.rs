//! Recipients that listen: when each delivery was seen in its inbox.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use samrum_proto::wire::exchange::v1::{SendDocumentResponse, SubscribeInboxRequest};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tonic::Streaming;

use super::Scene;
use super::drive::{Done, Failed};

/// How long a delivery may take to be seen after the last send was answered.
const PATIENCE: Duration = Duration::from_secs(20);

/// When each delivery was seen, by its id.
#[derive(Debug, Default)]
pub struct Told {
    seen: Mutex<HashMap<Vec<u8>, Instant>>,
    more: Notify,
}

/// The recipients' open streams; dropped, they end.
#[derive(Debug)]
pub struct Inboxes {
    told: Arc<Told>,
    _streams: JoinSet<()>,
}

impl Inboxes {
    /// Opens one stream for every recipient, each over a connection of its own.
    pub async fn listen(scene: &Scene) -> Self {
        let told = Arc::new(Told::default());
        let mut streams = JoinSet::new();
        for route in &scene.routes {
            let reader = scene.story.hub.party(route.to);
            let request = SubscribeInboxRequest { cursor: Vec::new() };
            let stream = reader.exchange().subscribe_inbox(request).await.unwrap();
            streams.spawn(listen(stream.into_inner(), told.clone()));
        }
        Self {
            told,
            _streams: streams,
        }
    }

    /// How long each of these took from its answer until it was seen; no time where it was seen before.
    ///
    /// # Errors
    /// A delivery that nobody was told of.
    pub async fn delays(&self, done: &[&Done<SendDocumentResponse>]) -> Result<Vec<Duration>, Failed> {
        let mut delays = Vec::with_capacity(done.len());
        for one in done {
            let id = &one.answer.deliveries[0].delivery_id;
            let seen = tokio::time::timeout(PATIENCE, self.told.when(id)).await;
            let seen = seen.map_err(|_| {
                Failed(format!(
                    "a recipient was not told of delivery {}",
                    hex::encode(id)
                ))
            })?;
            delays.push(seen.saturating_duration_since(one.ended));
        }
        Ok(delays)
    }
}

impl Told {
    async fn when(&self, id: &[u8]) -> Instant {
        loop {
            let more = self.more.notified();
            tokio::pin!(more);
            more.as_mut().enable();
            if let Some(seen) = self.seen.lock().unwrap().get(id) {
                return *seen;
            }
            more.await;
        }
    }
}

async fn listen(
    mut stream: Streaming<samrum_proto::wire::exchange::v1::SubscribeInboxResponse>,
    told: Arc<Told>,
) {
    while let Ok(Some(message)) = stream.message().await {
        if let Some(Event::Item(item)) = message.event {
            let now = Instant::now();
            told.seen.lock().unwrap().insert(item.delivery_id, now);
            told.more.notify_waiters();
        }
    }
}
