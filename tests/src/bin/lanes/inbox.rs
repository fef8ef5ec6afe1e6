//! What an inbox notices of documents that its own client has on the way at the same time.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use samrum_client::transport::way::Way;
use samrum_proto::envelope::SigningKeyPair;
use samrum_proto::wire::exchange::v1::SubscribeInboxRequest;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use samrum_tests::lossy::{Lossy, Weather};
use samrum_tests::{Letter, Party, Story, TestHub};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tonic::Streaming;

/// The unit that reads its inbox and sends documents meanwhile.
const READER: &str = "child-psychiatry";
/// Text of a document that is on the way.
const UPLOAD_BYTES: usize = 200 * 1024;
/// Documents on the way at once.
const UPLOADS: usize = 4;
/// Between two small documents for the inbox.
const PAUSE: Duration = Duration::from_millis(20);
/// How long one may take to be told of, at most.
const PATIENCE: Duration = Duration::from_secs(30);
/// A mobile network at the edge of its reach.
const BAD: Weather = Weather {
    lost_per_mille: 20,
    round_trip: Duration::from_millis(50),
};
/// Where the dice begin.
const SEED: u64 = 7;

/// What was measured.
pub(crate) struct Measured {
    /// How long each of the documents took from its sender's answer to its recipient's inbox.
    pub(crate) delays: Vec<Duration>,
    /// Documents that went out meanwhile, in a second: a way that carries more of them has more to wait behind.
    pub(crate) uploads_per_s: f64,
}

/// On this machine.
pub(crate) async fn during_upload(way: Way, time: Duration) -> Measured {
    eprintln!("an inbox while documents go out, {way}");
    let scene = Scene::begin().await;
    let hub = scene.story.hub.address();
    scene.measure(hub, way, time).await
}

/// The same through a network that is late and loses packets.
pub(crate) async fn through_bad_weather(way: Way, time: Duration) -> Measured {
    eprintln!("an inbox while documents go out, through a bad network, {way}");
    let scene = Scene::begin().await;
    let lossy = Lossy::before(scene.story.hub.address(), BAD, SEED).await;
    scene.measure(lossy.address, way, time).await
}

struct Scene {
    story: Story,
}

/// The reader's connections: lanes of one connection, or one TCP connection for all.
struct Reader {
    inbox: Party,
    documents: Party,
}

impl Scene {
    async fn begin() -> Self {
        let story = Story::begin_in(TestHub::start().await.over(Way::Tcp)).await;
        // Both send: each authority on evidence of its own, or what the guardians sign themselves.
        let consent = story.request().await;
        for guardian in ["kim", "robin"] {
            story.sign_in_portal(guardian, &consent).await;
        }
        Self { story }
    }

    fn reader(&self, address: std::net::SocketAddr, way: Way) -> Reader {
        let hub = &self.story.hub;
        let (inbox, mut documents) = match way {
            Way::Quic => {
                let mut lanes = hub.parties_on_lanes(address, READER, 2);
                (lanes.remove(0), lanes.remove(0))
            }
            Way::Tcp => {
                let one = hub.party_at(address, READER);
                (one.on_the_same_connection(), one)
            }
        };
        let seed = self.story.psychiatry.signing.expose_seed();
        documents.signing = SigningKeyPair::from_seed(seed).unwrap();
        Reader { inbox, documents }
    }

    async fn measure(&self, address: std::net::SocketAddr, way: Way, time: Duration) -> Measured {
        let reader = self.reader(address, way);
        let request = SubscribeInboxRequest { cursor: Vec::new() };
        let inbox = reader.inbox.exchange().subscribe_inbox(request).await.unwrap();
        let seen = Arc::new(Mutex::new(HashMap::new()));
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(inbox.into_inner(), seen.clone()));
        let mut uploads = JoinSet::new();
        let stock = self.uploads(&reader.documents).await;
        for part in stock {
            let documents = reader.documents.exchange();
            uploads.spawn(async move {
                let mut documents = documents;
                let begun = Instant::now();
                // The same again is answered as before: it is the bytes on the way that matter.
                let mut uploaded = 0_u32;
                while begun.elapsed() < time {
                    documents.send_document(part.clone()).await.unwrap();
                    uploaded += 1;
                }
                f64::from(uploaded) / begun.elapsed().as_secs_f64()
            });
        }
        let begun = Instant::now();
        let mut answered = Vec::new();
        while begun.elapsed() < time {
            let to = [&self.story.psychiatry];
            let note = Letter::note(&self.story.child, &to);
            let sent = self.story.social.send(&note).await.unwrap();
            answered.push((sent.deliveries[0].delivery_id.clone(), Instant::now()));
            sleep(PAUSE).await;
        }
        let mut uploads_per_s = 0.0;
        while let Some(done) = uploads.join_next().await {
            uploads_per_s += done.unwrap();
        }
        let delays = async {
            let mut delays = Vec::new();
            for (delivery, answered) in &answered {
                let told: Instant = loop {
                    if let Some(told) = seen.lock().unwrap().get(delivery) {
                        break *told;
                    }
                    sleep(Duration::from_millis(5)).await;
                };
                delays.push(told.saturating_duration_since(*answered));
            }
            delays
        };
        let delays = timeout(PATIENCE, delays).await;
        Measured {
            delays: delays.expect("every document is told of"),
            uploads_per_s,
        }
    }

    /// One large document for each upload.
    async fn uploads(&self, reader: &Party) -> Vec<samrum_proto::wire::exchange::v1::SendDocumentRequest> {
        let text = "Å".repeat(UPLOAD_BYTES / 2);
        let to = [&self.story.pupil_health];
        let letter = Letter {
            text: &text,
            ..Letter::note(&self.story.child, &to)
        };
        let mut stock = Vec::new();
        for _ in 0..UPLOADS {
            let document = samrum_tests::new_id();
            let sealed = reader
                .seal_with_keys_of(&self.story.psychiatry, document.clone(), &letter)
                .await;
            stock.push(reader.sending(&document, sealed));
        }
        stock
    }
}

async fn listen(
    mut inbox: Streaming<samrum_proto::wire::exchange::v1::SubscribeInboxResponse>,
    seen: Arc<Mutex<HashMap<Vec<u8>, Instant>>>,
) {
    while let Ok(Some(message)) = inbox.message().await {
        if let Some(Event::Item(item)) = message.event {
            seen.lock()
                .unwrap()
                .entry(item.delivery_id)
                .or_insert_with(Instant::now);
        }
    }
}
