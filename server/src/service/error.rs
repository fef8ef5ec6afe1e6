//! What a service answers when it does not do what was asked. Sorted by whose doing it is.
//!
//! A denial is no failure of the service: it was decided and written down, and [`ServiceError::Refused`]
//! carries the decision. Exhaustive: a new variant breaks the one map in `grpc/status.rs`.

use samrum_consent::consent::InvalidTransition;
use samrum_consent::id::{EntryId, UnitId};
use samrum_consent::reason::Reason;
use samrum_proto::convert::InvalidField;
use samrum_proto::envelope::{RandomnessUnavailable, VerifyError};

use crate::ledger::EntryError;
use crate::store::StoreError;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Decided and written down: not allowed now.
    #[error("not allowed now: {}", .reason.code())]
    Refused {
        /// The decision, for `Explain`.
        decision: EntryId,
        /// The first reason.
        reason: Reason,
    },
    /// Unknown, or not for this caller's eyes: the two look the same.
    #[error("not found")]
    NotFound,

    /// A field cannot be read.
    #[error(transparent)]
    InvalidField(#[from] InvalidField),
    /// The caller's role does not do this.
    #[error("this is for {needed} only")]
    RoleNotAllowed {
        /// Who may.
        needed: &'static str,
    },
    /// The acting professional's statement does not hold.
    #[error("acting statement: {problem}")]
    ActingInvalid {
        /// What is wrong and what to do.
        problem: &'static str,
    },
    /// The same id with other content.
    #[error("this id was used for something else; mint a new one")]
    IdReused,
    /// A slip is sealed to, or signed by, a key that is no longer current. Nothing was stored.
    #[error("unit {unit} has a newer key; fetch its keys, then wrap the content key and sign the slips anew")]
    KeyStale {
        /// Whose key.
        unit: UnitId,
    },
    /// The unit's last key was reported compromised and none has taken its place.
    #[error(
        "the key of unit {unit} was reported compromised and none has taken its place; nothing can be sealed to \
         the unit or signed by it until it registers a new one"
    )]
    KeyNotInForce {
        /// Whose key.
        unit: UnitId,
    },
    /// A unit has no key yet.
    #[error("unit {unit} has no registered key; nothing can be sealed to it or signed by it")]
    KeyUnknown {
        /// Whose.
        unit: UnitId,
    },
    /// A signature does not belong to bytes and key.
    #[error("{what}: the signature does not match the unit's current key")]
    SignatureInvalid {
        /// What was signed.
        what: &'static str,
    },
    /// The header names another sender than the certificate.
    #[error("the header names another unit as sender than the certificate does")]
    SenderMismatch,
    /// The body is not what the header announced.
    #[error("the body has other bytes than its header and signatures announce; was it cut short?")]
    BodyMismatch,
    /// Header, body or slips are not an envelope.
    #[error("envelope: {0}")]
    Envelope(VerifyError),
    /// A limit is passed.
    #[error("{field} may be at most {limit}")]
    LimitExceeded {
        /// Which field.
        field: &'static str,
        /// The limit.
        limit: usize,
    },
    /// The unit has as many streams open as it may.
    #[error("at most {limit} inbox streams at once; close one")]
    TooManyStreams {
        /// The limit.
        limit: usize,
    },
    /// The unit has as many sends under way as it may.
    #[error("at most {limit} sends of one unit at once; try again when one of them has been answered")]
    TooManySends {
        /// The limit.
        limit: usize,
    },
    /// No such unit.
    #[error("unit {unit} is not in the directory")]
    RecipientUnknown {
        /// Which.
        unit: UnitId,
    },
    /// It stands at another step.
    #[error("{0}")]
    StateConflict(&'static str),
    /// A consent's life does not allow it.
    #[error(transparent)]
    Transition(#[from] InvalidTransition),
    /// The entry waits for its place in the log.
    #[error("the entry waits for its place in the log; ask again in a second")]
    NotYetSequenced,

    /// Facts kept changing while it was decided.
    #[error("others changed the same facts at the same time; try again")]
    LostRace,
    /// As much waits to be written as may.
    #[error("the hub has as much to write as it may hold; try again shortly")]
    Busy,
    /// The database does not answer.
    #[error("the database is unavailable; try again shortly")]
    Unavailable(#[source] StoreError),
    /// Stored data does not match.
    #[error("stored {what} is damaged; the operator has been told")]
    Damaged {
        /// What.
        what: &'static str,
    },
    /// Our bug.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale | StoreError::Fenced => Self::LostRace,
            StoreError::Busy => Self::Busy,
            StoreError::Damaged { what } => Self::Damaged { what },
            StoreError::Unavailable(_) => Self::Unavailable(error),
        }
    }
}

impl From<EntryError> for ServiceError {
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::Malformed(_) => Self::Internal("a ledger entry passes its limit"),
            EntryError::Json(_) => Self::Internal("a ledger entry cannot be written as JSON"),
            EntryError::Randomness(unavailable) => unavailable.into(),
        }
    }
}

impl From<RandomnessUnavailable> for ServiceError {
    fn from(_: RandomnessUnavailable) -> Self {
        Self::Internal("the system gives no randomness")
    }
}
