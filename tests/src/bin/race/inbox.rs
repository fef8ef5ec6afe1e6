//! The recipient's inbox, listened to on every hub, and whether all of them tell the same, once.

use core::time::Duration;
use std::collections::BTreeMap;

use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use tokio::sync::watch;
use tokio::time::sleep;
use tonic::Status;

use crate::load::Load;
use crate::nodes::{Node, Nodes};

/// How long a listener waits before it listens again.
const PAUSE: Duration = Duration::from_millis(100);
/// How often it tries, once all is calm, before the hub counts as lost.
const ATTEMPTS: usize = 200;
/// Settled deliveries that are asked about on every hub at most.
const ASKED: usize = 200;

/// What one hub has told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    cursor: Vec<u8>,
    times: BTreeMap<(Vec<u8>, i32), usize>,
}

impl Told {
    /// Listens until it is over, then hears the rest.
    pub(crate) async fn listen(mut self, node: &Node, mut over: watch::Receiver<bool>) -> Self {
        loop {
            tokio::select! {
                ended = self.hear(node, false) => { let _ = ended; sleep(PAUSE).await }
                _ = over.wait_for(|over| *over) => break,
            }
        }
        for _ in 0..ATTEMPTS {
            if self.hear(node, true).await.is_ok() {
                return self;
            }
            sleep(PAUSE).await;
        }
        panic!("a hub tells nothing any more");
    }

    /// Goes on from where it stood; until it has been told everything, or the stream ends.
    async fn hear(&mut self, node: &Node, until_all: bool) -> Result<(), Status> {
        let request = wire::SubscribeInboxRequest {
            cursor: self.cursor.clone(),
        };
        let stream = node.psychiatry.exchange().subscribe_inbox(request).await;
        let mut stream = stream?.into_inner();
        while let Some(message) = stream.message().await? {
            match message.event.unwrap() {
                Event::Item(item) => {
                    self.cursor = message.cursor;
                    *self.times.entry((item.delivery_id, item.state)).or_default() += 1;
                }
                Event::Alarm(_) => panic!("nothing here must be opened at once"),
                Event::Heartbeat(_) if until_all => return Ok(()),
                Event::Heartbeat(_) => {}
            }
        }
        Err(Status::unavailable("the stream ended"))
    }

    /// How often something was told that had been told, and what was sent and never told.
    pub(crate) fn judge(&self, load: &Load<'_>) -> (usize, usize) {
        let duplicated = self.times.values().map(|times| times - 1).sum();
        let sent = load.sent.lock().unwrap();
        let is_told = |delivery: &&Vec<u8>| {
            let queued = ((*delivery).clone(), DeliveryState::Queued.into());
            self.times.contains_key(&queued)
        };
        let lost = sent.keys().filter(|delivery| !is_told(delivery)).count();
        (duplicated, lost)
    }
}

/// Deliveries that some hub does not show as their reader was told that they ended, or not once.
pub(crate) async fn differing(nodes: &Nodes, load: &Load<'_>) -> usize {
    let settled: Vec<(Vec<u8>, DeliveryState)> = {
        let settled = load.settled.lock().unwrap();
        settled
            .iter()
            .take(ASKED)
            .map(|(id, state)| (id.clone(), *state))
            .collect()
    };
    let mut differing = 0;
    for (delivery, state) in settled {
        let document = load.sent.lock().unwrap().get(&delivery).cloned().unwrap();
        for node in &nodes.nodes {
            let shown = shown(node, &document).await;
            let same = shown.as_slice() == [(delivery.clone(), i32::from(state))];
            differing += usize::from(!same);
        }
    }
    differing
}

/// What a hub shows of a document's deliveries.
async fn shown(node: &Node, document: &[u8]) -> Vec<(Vec<u8>, i32)> {
    let request = wire::ListDeliveriesRequest {
        document_id: document.to_vec(),
    };
    for _ in 0..ATTEMPTS {
        let mut client = node.social.exchange();
        if let Ok(listed) = client.list_deliveries(request.clone()).await {
            let deliveries = listed.into_inner().deliveries.into_iter();
            return deliveries.map(|one| (one.delivery_id, one.state)).collect();
        }
        sleep(PAUSE).await;
    }
    panic!("a hub shows nothing any more");
}
