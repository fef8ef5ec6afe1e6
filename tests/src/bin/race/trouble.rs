//! What happens to hubs meanwhile: one is stopped and goes on, another loses its way to the database.

use core::time::Duration;
use std::sync::atomic::{AtomicUsize, Ordering};

use samrum_tests::Chance;
use tokio::time::sleep;

use crate::nodes::Nodes;
use crate::proxy::Way;

/// Milliseconds before the first trouble, between two, and of each: from the first to both together, drawn.
const AT_FIRST: (u64, usize) = (100, 300);
const CALM: (u64, usize) = (1_500, 3_000);
const PAUSED: (u64, usize) = (200, 2_600);
const STOPPED_UP: (u64, usize) = (200, 1_500);
const CUT: (u64, usize) = (100, 700);

/// How often there was trouble.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    paused: AtomicUsize,
    cut: AtomicUsize,
}

impl Trouble {
    /// Pauses hubs until it is over; every one goes on then.
    pub(crate) async fn pause(&self, nodes: &Nodes, mut chance: Chance, is_over: impl Fn() -> bool) {
        moment(&mut chance, AT_FIRST).await;
        while !is_over() {
            let hub = nodes.pausable(&mut chance);
            hub.pause();
            moment(&mut chance, PAUSED).await;
            hub.go_on();
            self.paused.fetch_add(1, Ordering::Relaxed);
            moment(&mut chance, CALM).await;
        }
    }

    /// Stops up and cuts one hub's way until it is over; the way is open then.
    pub(crate) async fn cut_off(&self, nodes: &Nodes, mut chance: Chance, is_over: impl Fn() -> bool) {
        moment(&mut chance, AT_FIRST).await;
        while !is_over() {
            nodes.proxy.set(Way::StoppedUp);
            moment(&mut chance, STOPPED_UP).await;
            nodes.proxy.set(Way::Cut);
            moment(&mut chance, CUT).await;
            nodes.proxy.set(Way::Open);
            self.cut.fetch_add(1, Ordering::Relaxed);
            moment(&mut chance, CALM).await;
        }
    }

    /// Times that a hub was stopped and went on.
    pub(crate) fn paused(&self) -> usize {
        self.paused.load(Ordering::Relaxed)
    }

    /// Times that a hub lost its way to the database.
    pub(crate) fn cut(&self) -> usize {
        self.cut.load(Ordering::Relaxed)
    }
}

async fn moment(chance: &mut Chance, (least, spread): (u64, usize)) {
    sleep(Duration::from_millis(least + chance.below(spread) as u64)).await;
}
