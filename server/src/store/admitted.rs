//! Evidence that a release was decided and written down.
//!
//! INVARIANT 1 and 2: no key is released without an [`Admitted`] for exactly that reader and document, and
//! only a durable commit makes one.

use samrum_consent::id::{DeliveryId, EntryId, UnitId};

/// Proof that the ledger entry permitting this release is durable.
///
/// Not `Clone`, no public constructor, taken by value by what releases: forgetting it does not compile.
#[derive(Debug)]
#[must_use = "an admission that is not used was a disclosure for nothing"]
pub struct Admitted {
    delivery: DeliveryId,
    reader: UnitId,
    entry: EntryId,
}

impl Admitted {
    /// Made by an engine's commit, after it is durable.
    pub(super) const fn after_commit(delivery: DeliveryId, reader: UnitId, entry: EntryId) -> Self {
        Self {
            delivery,
            reader,
            entry,
        }
    }

    /// What may be released.
    #[must_use]
    pub const fn delivery(&self) -> DeliveryId {
        self.delivery
    }

    /// To whom.
    #[must_use]
    pub const fn reader(&self) -> UnitId {
        self.reader
    }

    /// The entry that permits it.
    #[must_use]
    pub const fn entry(&self) -> EntryId {
        self.entry
    }
}

/// One recipient's copy: still sealed to everyone but them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedCopy {
    /// Raw canonical header.
    pub header: Vec<u8>,
    /// Raw canonical slip.
    pub slip: Vec<u8>,
    /// The sender's signature over it.
    pub signature: Vec<u8>,
    /// Sealed chunks.
    pub body: Vec<u8>,
    /// Who sent it.
    pub sender: UnitId,
    /// The sender's key that signed.
    pub sender_key: [u8; 32],
}
