//! How many handshakes may begin in a second.

use std::time::Instant;

/// A bucket that fills by itself, up to one second's worth.
#[derive(Debug)]
pub(super) struct Pace {
    per_second: f64,
    left: f64,
    since: Instant,
}

impl Pace {
    /// A full bucket.
    pub(super) fn new(per_second: u32, now: Instant) -> Self {
        Self {
            per_second: per_second.into(),
            left: per_second.into(),
            since: now,
        }
    }

    /// Takes one, if there is one.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let filled = now.duration_since(self.since).as_secs_f64() * self.per_second;
        self.left = (self.left + filled).min(self.per_second);
        self.since = now;
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    #[test]
    fn a_second_gives_its_number_and_no_more() {
        let start = Instant::now();
        let mut pace = Pace::new(10, start);
        let mut taken = |milliseconds| {
            let now = start + Duration::from_millis(milliseconds);
            (0..100).filter(|_| pace.take(now)).count()
        };
        assert_eq!(taken(0), 10);
        assert_eq!(taken(350), 3);
        assert_eq!(taken(60_000), 10, "what was not used is not saved up");
    }
}
