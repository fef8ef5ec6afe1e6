//! Sealed documents, made before the clock runs; and how fast they are made.

use core::time::Duration;
use std::time::Instant;

use jiff::Timestamp;
use ring::rand::SystemRandom;
use samrum_client::clock::{Clock as _, SystemClock, mint};
use samrum_proto::wire::exchange::v1::SendDocumentRequest;

use super::{CONNECTIONS, Route, Scene};
use crate::Letter;

/// About as long as each connection takes for a send while all are busy.
const EACH_SEND: Duration = Duration::from_millis(2);
/// Text of one document, in bytes.
pub const BODY_BYTES: usize = 10 * 1024;

/// Seals for one scene.
pub struct Sealer<'a> {
    scene: &'a Scene,
    text: String,
}

impl<'a> Sealer<'a> {
    /// A sealer for this scene.
    pub fn new(scene: &'a Scene) -> Self {
        let sentence = "Anteckning om ett påhittat barn. ";
        let mut text = sentence.repeat(BODY_BYTES / sentence.len());
        text.push_str(&".".repeat(BODY_BYTES - text.len()));
        Self { scene, text }
    }

    /// One document on its route, signed.
    pub fn seal(&self, route: &Route) -> SendDocumentRequest {
        self.seal_as(route, &document_id(SystemClock.now()))
    }

    fn seal_as(&self, route: &Route, document: &[u8]) -> SendDocumentRequest {
        let sender = self.scene.story.unit(route.from);
        let note = Letter {
            text: &self.text,
            ..Letter::note(&self.scene.story.child, &[])
        };
        let sealed = sender.seal_to(&route.recipients, document, &note);
        sender.sending(document, sealed)
    }

    /// So many for each connection.
    pub fn stock(&self, each: usize) -> Vec<Vec<SendDocumentRequest>> {
        let own = |connection| self.some(self.scene.route(connection), each);
        (0..CONNECTIONS).map(own).collect()
    }

    /// So many on one route, by every core of the machine. Their ids are as clients would mint them, one after the other
    /// while they send, not all in the moment in which they are sealed here.
    pub fn some(&self, route: &Route, count: usize) -> Vec<SendDocumentRequest> {
        let now = SystemClock.now();
        let documents = (0..count).map(|place| {
            let until_sent = EACH_SEND * u32::try_from(place).unwrap();
            document_id(now.checked_add(until_sent).unwrap())
        });
        let documents: Vec<Vec<u8>> = documents.collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = count.div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let seal = |share: &'_ [Vec<u8>]| {
                let share = share.to_vec();
                scope.spawn(move || {
                    let sealed = share.iter().map(|document| self.seal_as(route, document));
                    sealed.collect::<Vec<_>>()
                })
            };
            let shares: Vec<_> = documents.chunks(share).map(seal).collect();
            shares
                .into_iter()
                .flat_map(|share| share.join().unwrap())
                .collect()
        })
    }
}

/// Documents that one thread seals in a second: the client's own sealing, to one recipient, without the acting
/// statement.
pub fn seal_rate(scene: &Scene, time: Duration) -> f64 {
    let sealer = Sealer::new(scene);
    let route = scene.route(0);
    let sender = scene.story.unit(route.from);
    let note = Letter {
        text: &sealer.text,
        ..Letter::note(&scene.story.child, &[])
    };
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < time {
        let document = document_id(SystemClock.now());
        std::hint::black_box(sender.seal_to(&route.recipients, &document, &note));
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

/// An id as clients mint it at this time.
fn document_id(now: Timestamp) -> Vec<u8> {
    let id = mint(now, &SystemRandom::new()).unwrap();
    id.as_bytes().to_vec()
}
