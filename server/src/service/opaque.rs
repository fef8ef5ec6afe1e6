//! Ids that tell nothing, not even when they were made, and yet lie beside those that were made at the same time.
//!
//! Wholly random ids scatter every index over all its pages, and each commit then writes most of them again. Half of
//! these bits are a keyed hash of the second, so that what is sent together lies together; the key is this run's own
//! and is never written down. Whoever sees two of them learns at most that one hub made both within one second.

use jiff::Timestamp;
use ring::hmac;
use samrum_proto::envelope::Randomness;
use uuid::{Builder, Uuid};

use super::Result;

/// Leading bytes that ids of one second share.
const SHARED: usize = 6;

/// What makes them.
#[derive(Debug)]
pub(super) struct OpaqueIds(hmac::Key);

impl OpaqueIds {
    /// With a key of this run.
    pub(super) fn mint(randomness: &dyn Randomness) -> Result<Self> {
        let mut key = [0_u8; 32];
        randomness.fill(&mut key)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// A fresh one: UUIDv8 with 74 random bits (RFC 9562 §5.8).
    pub(super) fn id<T: From<Uuid>>(&self, now: Timestamp, randomness: &dyn Randomness) -> Result<T> {
        let mut bytes = [0_u8; 16];
        randomness.fill(&mut bytes)?;
        let second = hmac::sign(&self.0, &now.as_second().to_be_bytes());
        for (byte, shared) in bytes.iter_mut().zip(second.as_ref()).take(SHARED) {
            *byte = *shared;
        }
        Ok(T::from(Builder::from_custom_bytes(bytes).into_uuid()))
    }
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use samrum_consent::id::DeliveryId;

    use super::*;

    fn shared(id: DeliveryId) -> Vec<u8> {
        id.as_bytes()[..SHARED].to_vec()
    }

    #[test]
    fn ids_of_one_second_lie_together_and_tell_no_time() {
        let ids = OpaqueIds::mint(&SystemRandom::new()).unwrap();
        let at = |milliseconds: i64| -> DeliveryId {
            let now = Timestamp::from_millisecond(1_790_000_000_000 + milliseconds).unwrap();
            ids.id(now, &SystemRandom::new()).unwrap()
        };
        let (one, two, later) = (at(0), at(999), at(1_000));
        assert_eq!(shared(one), shared(two));
        assert_ne!(one, two);
        assert_ne!(shared(two), shared(later));
        assert_eq!(one.as_uuid().get_version_num(), 8);
        // Another run has another key.
        let other = OpaqueIds::mint(&SystemRandom::new()).unwrap();
        let now = Timestamp::from_millisecond(1_790_000_000_000).unwrap();
        assert_ne!(shared(other.id(now, &SystemRandom::new()).unwrap()), shared(one));
    }
}
