//! Why an envelope was not sealed, not accepted, not opened.

use samrum_consent::id::UnitId;

use super::{RandomnessUnavailable, SignatureInvalid};
use crate::canonical::Malformed;

/// Why key material was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Another length than 32 bytes.
    #[error("a private key has 32 bytes; this has {found}")]
    WrongLength {
        /// How many it has.
        found: usize,
    },
    /// All bytes are zero: no key, but memory that was never filled.
    #[error("the private key is empty")]
    Empty,
    /// The library refused it.
    #[error("the key material cannot be used")]
    Rejected,
    /// No key could be minted.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
}

/// Why an envelope was not sealed. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A field of header or slip breaks its limit.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Nobody to seal to.
    #[error("a document needs at least one recipient")]
    NoRecipients,
    /// More recipients than one envelope holds.
    #[error("a document has at most {most} recipients")]
    TooManyRecipients {
        /// The limit.
        most: usize,
    },
    /// One unit is named twice.
    #[error("unit {unit} is named twice among the recipients")]
    DuplicateRecipient {
        /// Which.
        unit: UnitId,
    },
    /// The text is too long to travel with its header.
    #[error("the text has {found} bytes; at most {most} travel with the document")]
    BodyTooLong {
        /// The limit, in plaintext bytes.
        most: usize,
        /// What it has.
        found: usize,
    },
    /// More or less text was pushed than the header says.
    #[error("the header announced {announced} bytes of text and {found} came")]
    LengthNotKept {
        /// In the header.
        announced: u64,
        /// Pushed; when too much, as far as was counted.
        found: u64,
    },
    /// The unit is not a recipient of this envelope.
    #[error("unit {unit} is not a recipient of this document")]
    NotARecipient {
        /// Which.
        unit: UnitId,
    },
    /// The content key kept is not this document's.
    #[error("the content key does not belong to this document")]
    ContentKeyMismatch,
    /// No keys could be minted.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
    /// The cipher refused.
    #[error("sealing failed")]
    Cipher,
}

/// Why an envelope is not what its sender signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The header or a slip is not canonical.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// An envelope without slips.
    #[error("the document has no slip, hence no recipient")]
    NoRecipients,
    /// More slips than one envelope holds.
    #[error("a document has at most {most} recipients")]
    TooManyRecipients {
        /// The limit.
        most: usize,
    },
    /// Two slips for one unit.
    #[error("two slips name unit {unit}")]
    DuplicateRecipient {
        /// Which.
        unit: UnitId,
    },
    /// The header names another sender than the one whose key was given.
    #[error("the header names another sender than the caller")]
    SenderMismatch,
    /// The body is longer than what travels with a header.
    #[error("the text has {found} bytes; at most {most} travel with the document")]
    BodyTooLong {
        /// The limit, in plaintext bytes.
        most: usize,
        /// What the header says.
        found: u64,
    },
    /// The body has another length than the header says: cut short or extended.
    #[error("the header announces a sealed body of {announced} bytes and {found} came")]
    BodyMismatch {
        /// In the header.
        announced: u64,
        /// Received.
        found: u64,
    },
    /// Header, body, slip and signature do not belong together under the sender's key.
    #[error("the signature on the slip of unit {recipient} does not belong to this header, body and slip")]
    SignatureInvalid {
        /// Whose slip.
        recipient: UnitId,
    },
}

/// Why a document was not opened. Nothing of it has been shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is not what its sender signed.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The slip is another unit's.
    #[error("the slip is addressed to unit {recipient}")]
    NotAddressed {
        /// Whose it is.
        recipient: UnitId,
    },
    /// The slip is for another of the unit's keys.
    #[error("the slip was sealed to another key of this unit; open it with that key")]
    OtherKey,
    /// The wrapped key does not open: wrapped for somebody else, or in another document.
    #[error("the wrapped key does not open with this unit's key")]
    Unwrap,
    /// The content key is not the one the header commits to: recipients were given different keys.
    #[error("the content key is not the one that the header commits to")]
    KeyCommitment,
    /// A chunk does not open: altered, moved, repeated or missing.
    #[error("chunk {index} of the body does not open")]
    Chunk {
        /// Which, from 0.
        index: u64,
    },
}

impl From<Malformed> for OpenError {
    fn from(malformed: Malformed) -> Self {
        Self::Verify(VerifyError::Malformed(malformed))
    }
}

/// A missing proof of origin, where only one slip is at stake.
pub(super) const fn signature_invalid(recipient: UnitId) -> impl Fn(SignatureInvalid) -> VerifyError {
    move |SignatureInvalid| VerifyError::SignatureInvalid { recipient }
}
