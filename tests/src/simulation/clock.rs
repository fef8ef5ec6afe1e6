//! The one clock of a run: it stands still until the scheduler moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use samrum_server::store::Clock;

/// Microseconds since the epoch.
#[derive(Debug)]
pub(super) struct VirtualClock(AtomicI64);

impl VirtualClock {
    pub(super) fn at(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.as_microsecond()))
    }

    /// Lets time pass.
    pub(super) fn advance(&self, by: SignedDuration) {
        let micros = i64::try_from(by.as_micros()).unwrap();
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}
