//! Sealed documents, made before the clock runs; and how fast they are made.

use core::time::Duration;
use std::time::Instant;

use ring::rand::SystemRandom;
use samrum_client::clock::{Clock as _, SystemClock, mint};
use samrum_proto::wire::exchange::v1::SendDocumentRequest;

use super::{CONNECTIONS, Route, Scene};
use crate::Letter;

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
        let sender = self.scene.story.unit(route.from);
        let note = Letter {
            text: &self.text,
            ..Letter::note(&self.scene.story.child, &[])
        };
        let document = document_id();
        let sealed = sender.seal_to(&route.recipients, &document, &note);
        sender.sending(&document, sealed)
    }

    /// So many for each connection.
    pub fn stock(&self, each: usize) -> Vec<Vec<SendDocumentRequest>> {
        let own = |connection| self.some(self.scene.route(connection), each);
        (0..CONNECTIONS).map(own).collect()
    }

    /// So many on one route, by every core of the machine.
    pub fn some(&self, route: &Route, count: usize) -> Vec<SendDocumentRequest> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let share = |thread| {
                let share = (count + thread) / threads;
                scope.spawn(move || (0..share).map(|_| self.seal(route)).collect::<Vec<_>>())
            };
            let shares: Vec<_> = (0..threads).map(share).collect();
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
        std::hint::black_box(sender.seal_to(&route.recipients, &document_id(), &note));
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

/// An id as clients mint it.
fn document_id() -> Vec<u8> {
    let id = mint(SystemClock.now(), &SystemRandom::new()).unwrap();
    id.as_bytes().to_vec()
}
