//! Checkpoints: the log's signed size and root, as C2SP `tlog-checkpoint` in C2SP `signed-note`.
//!
//! The log's key name is its origin. Cosignatures of witnesses are passed over here: each is verified by
//! whoever pins that witness.

use core::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use signed_note::{
    Note, NoteError, Signature as NoteSignature, Verifier, VerifierList, is_key_name_valid, key_id,
};

use super::{NodeHash, ORIGIN_LIMITS, TreeHead};
use crate::envelope::{KeyError, SigningKeyPair, VerifyingKey};

/// The most bytes of a checkpoint with all its signatures.
pub const MAX_CHECKPOINT_BYTES: usize = 64 * 1024;

/// Signature type of Ed25519 in C2SP `signed-note`.
const ED25519: u8 = 0x01;

/// Why a checkpoint, or a log's key, is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// An origin that cannot be a key name, or is too long.
    #[error("a log's origin has 1 to 128 characters, no spaces and no plus sign")]
    Origin,
    /// A verifier key that is not `origin+hash+base64` of an Ed25519 key.
    #[error("the log's verifier key is not of the form origin+hash+key with an Ed25519 key")]
    VerifierKey,
    /// The key material cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Not a signed note, or longer than [`MAX_CHECKPOINT_BYTES`].
    #[error("the checkpoint is not a signed note")]
    NotANote,
    /// The log has not signed it.
    #[error("the checkpoint carries no valid signature of this log")]
    SignatureInvalid,
    /// The text is not that of a checkpoint.
    #[error("the signed note is not a checkpoint: {line} is missing or malformed")]
    NotACheckpoint {
        /// Which line.
        line: &'static str,
    },
    /// Another log's checkpoint.
    #[error("the checkpoint is of another log")]
    OtherOrigin,
}

/// A log's state: everything before `size` is fixed by `root`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's unique name.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// Their root.
    pub root: NodeHash,
}

impl Checkpoint {
    /// Size and root.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        TreeHead {
            size: self.size,
            root: self.root,
        }
    }

    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            BASE64_STANDARD.encode(self.root.as_bytes())
        )
    }

    /// Reads the text of a note. Extension lines are passed over, as the format asks.
    fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
        let mut next = |line| lines.next().ok_or(CheckpointError::NotACheckpoint { line });
        let origin = next("origin")?.to_owned();
        let size = parse_size(next("size")?).ok_or(CheckpointError::NotACheckpoint { line: "size" })?;
        let root = BASE64_STANDARD
            .decode(next("root")?)
            .ok()
            .and_then(|root| NodeHash::try_from(root.as_slice()).ok())
            .ok_or(CheckpointError::NotACheckpoint { line: "root" })?;
        if lines.any(str::is_empty) {
            return Err(CheckpointError::NotACheckpoint {
                line: "an extension line",
            });
        }
        Ok(Self { origin, size, root })
    }
}

/// Decimal digits without leading zeros.
fn parse_size(digits: &str) -> Option<u64> {
    digits
        .parse()
        .ok()
        .filter(|size: &u64| size.to_string() == digits)
}

/// The key of one log. It signs checkpoints and tickets.
#[derive(Debug)]
pub struct LogKey {
    verifier: LogVerifier,
    signing: SigningKeyPair,
}

impl LogKey {
    /// The key of the log with this origin.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] when the origin cannot name a key.
    pub fn new(origin: &str, signing: SigningKeyPair) -> Result<Self, CheckpointError> {
        Ok(Self {
            verifier: LogVerifier::new(origin, signing.verifying_key())?,
            signing,
        })
    }

    /// The key of the log with this origin, from a stored seed of 32 bytes.
    ///
    /// # Errors
    /// [`CheckpointError`] when the origin cannot name a key or the seed is no key.
    pub fn from_seed(origin: &str, seed: &[u8]) -> Result<Self, CheckpointError> {
        Self::new(origin, SigningKeyPair::from_seed(seed)?)
    }

    /// The log's unique name.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.verifier.origin()
    }

    /// The key pair, for signing tickets.
    #[must_use]
    pub const fn signing(&self) -> &SigningKeyPair {
        &self.signing
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &LogVerifier {
        &self.verifier
    }
}

/// What a client pins of a log: its origin and public key.
#[derive(Clone, PartialEq, Eq)]
pub struct LogVerifier {
    origin: String,
    key: VerifyingKey,
    key_id: u32,
}

impl LogVerifier {
    /// The verifier of the log with this origin and key.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] when the origin cannot name a key.
    pub fn new(origin: &str, key: VerifyingKey) -> Result<Self, CheckpointError> {
        let printable = origin.chars().all(|character| !character.is_control());
        if !is_key_name_valid(origin) || !printable || origin.chars().count() > ORIGIN_LIMITS.most {
            return Err(CheckpointError::Origin);
        }
        Ok(Self {
            origin: origin.to_owned(),
            key,
            key_id: key_id(origin, &typed(&key)),
        })
    }

    /// Reads `origin+hash+base64`.
    ///
    /// # Errors
    /// [`CheckpointError`] when the form, the hash or the key is wrong.
    pub fn parse(verifier_key: &str) -> Result<Self, CheckpointError> {
        let (origin, rest) = verifier_key.split_once('+').ok_or(CheckpointError::VerifierKey)?;
        let (_, key) = rest.split_once('+').ok_or(CheckpointError::VerifierKey)?;
        let key = BASE64_STANDARD
            .decode(key)
            .map_err(|_| CheckpointError::VerifierKey)?;
        let key = key
            .split_first()
            .filter(|(algorithm, _)| **algorithm == ED25519)
            .and_then(|(_, key)| VerifyingKey::try_from(key).ok())
            .ok_or(CheckpointError::VerifierKey)?;
        let verifier = Self::new(origin, key)?;
        // One text per key: the hash must be the key's own, in eight lower-case digits.
        if verifier.to_string() == verifier_key {
            Ok(verifier)
        } else {
            Err(CheckpointError::VerifierKey)
        }
    }

    /// The log's unique name.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The log's public key, which also verifies its tickets.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The text of a note that this key has signed.
    fn verify_note(&self, note: &[u8]) -> Result<Vec<u8>, CheckpointError> {
        if note.len() > MAX_CHECKPOINT_BYTES {
            return Err(CheckpointError::NotANote);
        }
        let note = Note::from_bytes(note).map_err(|_| CheckpointError::NotANote)?;
        let known = VerifierList::new(vec![Box::new(self.clone())]);
        note.verify(&known)
            .map_err(|_| CheckpointError::SignatureInvalid)?;
        Ok(note.text().to_vec())
    }
}

/// The algorithm's number and the key, as `signed-note` hashes and prints them.
fn typed(key: &VerifyingKey) -> Vec<u8> {
    [[ED25519].as_slice(), key.as_bytes()].concat()
}

impl fmt::Display for LogVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}+{:08x}+{}",
            self.origin,
            self.key_id,
            BASE64_STANDARD.encode(typed(&self.key))
        )
    }
}

impl fmt::Debug for LogVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogVerifier({self})")
    }
}

impl Verifier for LogVerifier {
    fn name(&self) -> &str {
        &self.origin
    }

    fn key_id(&self) -> u32 {
        self.key_id
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_bytes(message, signature).is_ok()
    }
}

/// Signs the log's size and root: the note to publish, UTF-8.
///
/// # Errors
/// [`CheckpointError::Origin`] never with a key made by [`LogKey::new`]; the note's library checks again.
pub fn sign_checkpoint(key: &LogKey, head: TreeHead) -> Result<String, CheckpointError> {
    let checkpoint = Checkpoint {
        origin: key.origin().to_owned(),
        size: head.size,
        root: head.root,
    };
    let text = checkpoint.text();
    let signature = key.signing.sign_bytes(text.as_bytes());
    let origin = |_: NoteError| CheckpointError::Origin;
    let line = NoteSignature::new(
        key.origin().to_owned(),
        key.verifier.key_id,
        signature.as_bytes().to_vec(),
    )
    .map_err(origin)?;
    let note = Note::new(text.as_bytes(), &[line]).map_err(origin)?;
    String::from_utf8(note.to_bytes()).map_err(|_| CheckpointError::NotANote)
}

/// Verifies a checkpoint of this log.
///
/// # Errors
/// [`CheckpointError`]: not a note, not signed by the log, not a checkpoint, another log's.
pub fn verify_checkpoint(note: &[u8], log: &LogVerifier) -> Result<Checkpoint, CheckpointError> {
    let text = String::from_utf8(log.verify_note(note)?).map_err(|_| CheckpointError::NotANote)?;
    let checkpoint = Checkpoint::parse(&text)?;
    if checkpoint.origin == log.origin {
        Ok(checkpoint)
    } else {
        Err(CheckpointError::OtherOrigin)
    }
}
