//! Time and ids as arguments: the clock that a client is given, and ids minted from it and from randomness.
//!
//! The only place of this crate that reads the machine's clock.

use jiff::Timestamp;
use samrum_proto::envelope::{Randomness, RandomnessUnavailable};
use uuid::Uuid;

/// What tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one Clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Mints a UUIDv7 (RFC 9562 §5.7). Times before 1970 count as 1970.
///
/// # Errors
/// [`RandomnessUnavailable`].
pub fn mint(now: Timestamp, randomness: &dyn Randomness) -> Result<Uuid, RandomnessUnavailable> {
    let mut random = [0; 10];
    randomness.fill(&mut random)?;
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

    /// A clock that stands until it is moved.
    #[derive(Debug)]
    pub(crate) struct StillClock(AtomicI64);

    impl StillClock {
        pub(crate) fn at(text: &str) -> Self {
            let now: Timestamp = text.parse().unwrap();
            Self(AtomicI64::new(now.as_second()))
        }

        pub(crate) fn advance(&self, seconds: i64) {
            self.0.fetch_add(seconds, Ordering::Relaxed);
        }
    }

    impl Clock for StillClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
        }
    }

    /// Bytes that count: distinct keys and ids, the same in every run.
    #[derive(Debug, Default)]
    pub(crate) struct Counting(AtomicU8);

    impl Randomness for Counting {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessUnavailable> {
            for byte in buffer {
                *byte = self
                    .0
                    .fetch_add(1, Ordering::Relaxed)
                    .wrapping_mul(167)
                    .wrapping_add(11);
            }
            Ok(())
        }
    }

    #[test]
    fn ids_are_version_seven_and_follow_the_clock() {
        let clock = StillClock::at("2026-03-01T08:00:00Z");
        let randomness = Counting::default();
        let first = mint(clock.now(), &randomness).unwrap();
        clock.advance(1);
        let second = mint(clock.now(), &randomness).unwrap();
        assert_eq!(first.get_version_num(), 7);
        assert!(first < second, "later ids sort later");
    }
}
