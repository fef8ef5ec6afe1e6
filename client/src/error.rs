//! What can go wrong, sorted by whose fault it is, and the exit code of each.
//!
//! A refusal by the hub is [`Answered`]; sentences for people in their language are the command's and `ui`'s.

pub mod answered;
pub mod exit;

use std::fmt;

use samrum_proto::canonical::Malformed;
use samrum_proto::convert::InvalidField;
use samrum_proto::document::InvalidDocument;
use samrum_proto::envelope::{OpenError, RandomnessUnavailable, SealError};
use samrum_proto::ledger::{CheckpointError, ProofError, ReceiptError};
use samrum_proto::statement::StatementError;
use samrum_ui::Language;

use crate::keyring::KeyringError;
use crate::pin::PinError;
use crate::profile::ProfileError;
use crate::storage::StorageError;
use crate::transport::TlsFileError;
use crate::transport::failure::Refusal;

pub use answered::Answered;
pub use exit::Exit;

/// Shorthand for this crate's results.
pub type Result<T> = core::result::Result<T, Error>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The hub was asked and said no.
    #[error(transparent)]
    Answered(#[from] Box<Answered>),
    /// One side does not take the other for who it should be.
    #[error(transparent)]
    Connection(#[from] Refusal),
    /// No answer came.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// What the hub answered is not what it must be.
    #[error(transparent)]
    Misbehaved(#[from] Misbehaved),
    /// What the caller asked for cannot be done.
    #[error(transparent)]
    Misused(#[from] Misused),
    /// The profile's directory, or a file in it.
    #[error(transparent)]
    Local(#[from] Local),
}

/// No answer came: nothing is known of what the hub did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// No connection, or it was lost.
    #[error("the hub cannot be reached: {what}; try again")]
    Connection {
        /// Why.
        what: String,
    },
    /// The deadline passed.
    #[error("the hub did not answer within {seconds} seconds; try again, or allow more with --timeout")]
    TimedOut {
        /// The deadline.
        seconds: u64,
    },
}

/// The hub, or a sender through it, gave something that contradicts what it must be. Keep what was shown.
#[derive(Debug, thiserror::Error)]
pub enum Misbehaved {
    /// An answer that lacks or garbles a field.
    #[error("the hub's answer cannot be read: {0}")]
    Field(#[from] InvalidField),
    /// A statement that is not canonical or not signed by whom it must be.
    #[error("{what} does not hold: {error}")]
    Statement {
        /// Which statement.
        what: &'static str,
        /// Why not.
        error: StatementError,
    },
    /// A statement that is valid and about something else.
    #[error("{what} belongs to something else than was asked for")]
    OtherStatement {
        /// Which statement.
        what: &'static str,
    },
    /// A checkpoint that does not hold.
    #[error("the hub's checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A proof that does not hold.
    #[error("the log's proof does not hold: {0}")]
    Proof(#[from] ProofError),
    /// A receipt that does not hold.
    #[error("the receipt does not hold: {0}")]
    Receipt(#[from] ReceiptError),
    /// A document that is not what its sender signed, or was not sealed to this unit.
    #[error("the document cannot be trusted and was not shown: {0}")]
    Open(#[from] OpenError),
    /// A document whose content its kind does not allow.
    #[error("the sender's document is not what its kind requires: {0}")]
    Document(InvalidDocument),
    /// The hub has no key in force for a unit.
    #[error("unit {unit} has no key in force, so nothing can be sealed to it; ask the unit to register one")]
    NoCurrentKey {
        /// Which unit.
        unit: samrum_consent::id::UnitId,
    },
    /// More pages than there can be.
    #[error("the hub's list does not end after {limit} pages")]
    EndlessList {
        /// The limit.
        limit: usize,
    },
}

/// The caller asked for what cannot be.
#[derive(Debug, thiserror::Error)]
pub enum Misused {
    /// A document that its kind does not allow.
    #[error(transparent)]
    Document(#[from] InvalidDocument),
    /// A document that cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A statement that cannot be made.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A name that no unit has.
    #[error("no unit is called {name}; samrum directory list shows them all")]
    UnitUnknown {
        /// What was asked for.
        name: String,
    },
    /// A name that begins several.
    #[error("{name} could be several units: {}; write more of the name, or the id", .candidates.join(", "))]
    UnitAmbiguous {
        /// What was asked for.
        name: String,
        /// Their names.
        candidates: Vec<String>,
    },
    /// The unit never had this key.
    #[error("the unit has no key {key_id}; samrum key list shows its keys")]
    KeyUnknown {
        /// Which.
        key_id: samrum_proto::statement::KeyId,
    },
    /// The recipient's last key was reported compromised.
    #[error(
        "the key of unit {unit} was reported compromised and none has taken its place; nothing was sent: ask the \
         unit to register a new key, or reach it in another way"
    )]
    KeyNotInForce {
        /// Whose.
        unit: samrum_consent::id::UnitId,
    },
    /// The key given is not the one that the directory holds for the organisation.
    #[error(
        "this is not the key of the unit's organisation; use the key whose public half the directory shows"
    )]
    OrganisationKeyDiffers,
    /// Something else, said in words.
    #[error("{0}")]
    Input(Words),
}

/// What is wrong, in words that exist in every language. Shown in English unless somebody asks for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    id: &'static str,
    arguments: Vec<(&'static str, String)>,
}

impl Words {
    /// The text of `samrum-ui` with this id. The arguments hold no personal data.
    #[must_use]
    pub fn new(id: &'static str, arguments: &[(&'static str, &str)]) -> Self {
        let arguments = arguments.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            id,
            arguments: arguments.collect(),
        }
    }

    /// The words in a language.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        samrum_ui::text(self.id, &self.arguments, language)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::English))
    }
}

/// Something on this machine.
#[derive(Debug, thiserror::Error)]
pub enum Local {
    /// The profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The unit's keys.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// Pinned keys.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// A file.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A certificate or key file.
    #[error(transparent)]
    Tls(#[from] TlsFileError),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
    /// Another process is at it.
    #[error("another process is sending document {document} right now; wait for it")]
    Busy {
        /// Which document.
        document: samrum_consent::id::DocumentId,
    },
}

macro_rules! through {
    ($($source:ty => $family:ident,)*) => {$(
        impl From<$source> for Error {
            fn from(error: $source) -> Self {
                Self::$family(error.into())
            }
        }
    )*};
}

through! {
    ProfileError => Local,
    KeyringError => Local,
    PinError => Local,
    StorageError => Local,
    TlsFileError => Local,
    RandomnessUnavailable => Local,
    InvalidField => Misbehaved,
    CheckpointError => Misbehaved,
    ProofError => Misbehaved,
    OpenError => Misbehaved,
    SealError => Misused,
    Malformed => Misused,
}

impl Error {
    /// What the hub answered, if it did.
    #[must_use]
    pub fn answered(&self) -> Option<&Answered> {
        match self {
            Self::Answered(answered) => Some(answered),
            _ => None,
        }
    }

    /// Whether the hub's answer is about this unit's key.
    #[must_use]
    pub fn names_unit(&self, unit: samrum_consent::id::UnitId) -> bool {
        let named = self
            .answered()
            .and_then(|answered| answered.arguments.get("unit_id"));
        named.is_some_and(|named| *named == unit.to_string())
    }

    /// Whether the hub answered with this reason.
    #[must_use]
    pub fn has_reason(&self, reason: &str) -> bool {
        self.answered()
            .is_some_and(|answered| answered.reason.as_deref() == Some(reason))
    }

    /// The exit code of a command that ends with this error.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Answered(answered) => Exit::of(answered.code),
            Self::Unreachable(_) => Exit::Unavailable,
            Self::Connection(Refusal::HubNotTrusted { .. } | Refusal::NotAHub { .. })
            | Self::Misbehaved(_) => Exit::Failed,
            Self::Connection(
                Refusal::CertificateMissing
                | Refusal::CertificateForeign
                | Refusal::CertificateExpired
                | Refusal::CertificateRevoked
                | Refusal::CertificateUnusable { .. },
            ) => Exit::Refused,
            Self::Misused(Misused::UnitUnknown { .. } | Misused::KeyUnknown { .. }) => Exit::NotFound,
            Self::Misused(Misused::KeyNotInForce { .. }) => Exit::Conflict,
            Self::Misused(_) | Self::Local(Local::Profile(_)) => Exit::Usage,
            Self::Local(Local::Busy { .. }) => Exit::Conflict,
            Self::Local(
                Local::Keyring(_) | Local::Pin(_) | Local::Storage(_) | Local::Tls(_) | Local::Randomness(_),
            ) => Exit::Failed,
        }
    }
}
