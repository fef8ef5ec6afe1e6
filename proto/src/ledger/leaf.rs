//! Leaf bytes: what the log commits to without showing it.

use core::fmt;

use ring::hmac::{Context, HMAC_SHA256, Key, verify};
use zeroize::Zeroizing;

use super::{NodeHash, leaf_hash};
use crate::canonical::{Label, Malformed};
use crate::envelope::{Randomness, RandomnessUnavailable};

/// The most bytes of an entry's details.
pub const MAX_DETAILS_BYTES: usize = 64 * 1024;

const SALTED: u8 = 0x01;
const OPEN: u8 = 0x02;

/// What hides an entry's details in its leaf: 32 random bytes. Destroying the salt erases the entry; every
/// proof still holds. Zeroized when dropped.
#[derive(Clone)]
pub struct Salt(Zeroizing<[u8; 32]>);

impl Salt {
    /// Mints a salt.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`].
    pub fn mint(randomness: &dyn Randomness) -> Result<Self, RandomnessUnavailable> {
        let mut bytes = Zeroizing::new([0; 32]);
        randomness.fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// The salt made of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The 32 bytes, for the store and for receipts.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Salt {
    type Error = Malformed;

    fn try_from(bytes: &[u8]) -> Result<Self, Malformed> {
        bytes
            .try_into()
            .map(Self::from_bytes)
            .map_err(|_| Malformed::WrongLength {
                field: "salt",
                expected: 32,
                found: bytes.len(),
            })
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// A leaf.
///
/// **Shape**: `0x01 ‖ HMAC-SHA256(salt, "samrum/leaf/v1\0" ‖ details)`, or `0x02 ‖ details` where everybody may
/// read them: changes of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf(Vec<u8>);

impl Leaf {
    /// A leaf that commits to details and hides them, their kind included.
    ///
    /// # Errors
    /// [`Malformed::TooLong`] beyond [`MAX_DETAILS_BYTES`].
    pub fn salted(salt: &Salt, details: &[u8]) -> Result<Self, Malformed> {
        within_limit(details)?;
        let mut bytes = vec![SALTED];
        bytes.extend_from_slice(commitment(salt, details).sign().as_ref());
        Ok(Self(bytes))
    }

    /// A leaf that shows its details.
    ///
    /// # Errors
    /// [`Malformed::TooLong`] beyond [`MAX_DETAILS_BYTES`].
    pub fn open(details: &[u8]) -> Result<Self, Malformed> {
        within_limit(details)?;
        Ok(Self([&[OPEN], details].concat()))
    }

    /// Reads leaf bytes.
    ///
    /// # Errors
    /// [`Malformed`] when the first byte is unknown, a commitment is not 32 bytes, or details are too long.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        match bytes.split_first() {
            Some((&SALTED, commitment)) if commitment.len() == 32 => Ok(Self(bytes.to_vec())),
            Some((&SALTED, commitment)) => Err(Malformed::WrongLength {
                field: "commitment",
                expected: 32,
                found: commitment.len(),
            }),
            Some((&OPEN, details)) => within_limit(details).map(|()| Self(bytes.to_vec())),
            Some((&kind, _)) => Err(Malformed::UnknownNumber {
                field: "leaf",
                number: u64::from(kind),
            }),
            None => Err(Malformed::Truncated { field: "leaf" }),
        }
    }

    /// The leaf's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// RFC 6962 hash of the bytes.
    #[must_use]
    pub fn hash(&self) -> NodeHash {
        leaf_hash(&self.0)
    }

    /// Whether this leaf commits to these details: with its salt, or without one if it shows them.
    #[must_use]
    pub fn commits_to(&self, salt: Option<&Salt>, details: &[u8]) -> bool {
        match (self.0.split_first(), salt) {
            (Some((&SALTED, tag)), Some(salt)) => commitment(salt, details).verify(tag),
            (Some((&OPEN, shown)), None) => shown == details,
            _ => false,
        }
    }
}

fn within_limit(details: &[u8]) -> Result<(), Malformed> {
    if details.len() > MAX_DETAILS_BYTES {
        Err(Malformed::TooLong {
            field: "details",
            most: MAX_DETAILS_BYTES,
        })
    } else {
        Ok(())
    }
}

fn commitment<'a>(salt: &Salt, details: &'a [u8]) -> Commitment<'a> {
    Commitment {
        key: Key::new(HMAC_SHA256, salt.expose()),
        details,
    }
}

/// HMAC-SHA256 (RFC 2104) over the label and the details.
struct Commitment<'a> {
    key: Key,
    details: &'a [u8],
}

impl Commitment<'_> {
    fn sign(&self) -> ring::hmac::Tag {
        let mut context = Context::with_key(&self.key);
        context.update(Label::LEAF.as_bytes());
        context.update(self.details);
        context.sign()
    }

    fn verify(&self, tag: &[u8]) -> bool {
        verify(&self.key, &[Label::LEAF.as_bytes(), self.details].concat(), tag).is_ok()
    }
}
