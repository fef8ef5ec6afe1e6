//! Ids that tell nothing, not even when they were made, and yet lie beside those that were made at the same time.
//!
//! Wholly random ids scatter every index over all its pages, and each commit then writes most of them again. Half of
//! these bits are keyed hashes: of the second, so that pages in use are few, and of the moment within it, so that what
//! commits together lies together. The key is this run's own and is never written down. Whoever sees two ids learns at most
//! that one hub made both within one moment or one second, never which came first.

use jiff::Timestamp;
use ring::hmac;
use samrum_proto::envelope::Randomness;
use uuid::{Builder, Uuid};

use super::Result;

/// Leading bytes that ids of one second share.
const OF_SECOND: usize = 4;
/// Bytes after them that ids of one moment share.
const OF_MOMENT: usize = 2;
/// About as long as a commit takes.
const MOMENT_MS: i64 = 16;

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
        let moment = hmac::sign(&self.0, &(now.as_millisecond() / MOMENT_MS).to_be_bytes());
        let shared = second.as_ref().iter().take(OF_SECOND);
        let shared = shared.chain(moment.as_ref().iter().take(OF_MOMENT));
        for (byte, shared) in bytes.iter_mut().zip(shared) {
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

    #[test]
    fn ids_of_one_moment_lie_together_and_tell_no_time() {
        let ids = OpaqueIds::mint(&SystemRandom::new()).unwrap();
        let made = |ids: &OpaqueIds, milliseconds: i64| -> DeliveryId {
            let now = Timestamp::from_millisecond(1_790_000_000_000 + milliseconds).unwrap();
            ids.id(now, &SystemRandom::new()).unwrap()
        };
        let at = |milliseconds| made(&ids, milliseconds);
        let second = |id: DeliveryId| id.as_bytes()[..OF_SECOND].to_vec();
        let moment = |id: DeliveryId| id.as_bytes()[OF_SECOND..OF_SECOND + OF_MOMENT].to_vec();
        let (one, two, later, next) = (at(0), at(MOMENT_MS - 1), at(999), at(1_000));
        assert_ne!(one, two);
        assert_eq!((second(one), moment(one)), (second(two), moment(two)));
        assert_eq!(second(one), second(later));
        assert_ne!(moment(one), moment(later));
        assert_ne!(second(later), second(next));
        assert_eq!(one.as_uuid().get_version_num(), 8);
        // Another run has another key.
        let other = OpaqueIds::mint(&SystemRandom::new()).unwrap();
        assert_ne!(second(made(&other, 0)), second(one));
    }
}
