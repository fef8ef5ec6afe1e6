//! Sealed documents that the hub has not answered for: on disk before the first attempt, byte for byte the same in
//! every later one, and gone with their content key once the hub has judged them.
//!
//! One file per document. Talking to the hub is `send`'s.

use std::fmt;
use std::path::{Path, PathBuf};

use prost::Message;
use samrum_consent::id::DocumentId;
use samrum_proto::canonical::Raw;
use samrum_proto::envelope::{ContentKey, Header, SealedEnvelope, Signature, SignedSlip};
use samrum_proto::wire::exchange::v1 as wire;
use zeroize::Zeroizing;

use crate::profile::Profile;
use crate::storage::{self, Access, Disk, Lock, StorageError};

/// The most documents that wait in one outbox.
pub const MAX_WAITING: usize = 1_000;
/// The most bytes of one waiting document: header, body, and a slip for each recipient.
const MAX_WAITING_BYTES: u64 = 2 * 1024 * 1024;
/// How files of waiting documents begin.
const MAGIC: &[u8] = b"samrum outbox 1\n";
/// How they end.
const ENDING: &str = "sealed";
const CONTENT_KEY_BYTES: usize = 32;

/// A sealed document with what re-wrapping needs.
pub struct Waiting {
    /// Which document.
    pub document: DocumentId,
    /// Header, body, slips, signatures.
    pub envelope: SealedEnvelope,
    /// The document's own key.
    pub content_key: ContentKey,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("document", &self.document)
            .finish_non_exhaustive()
    }
}

/// The right to send one document, held by one process at a time.
#[derive(Debug)]
pub struct Claim {
    _lock: Lock,
}

/// The outbox of one profile.
#[derive(Debug, Clone)]
pub struct Outbox {
    directory: PathBuf,
}

impl Outbox {
    /// That of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            directory: profile.outbox(),
        }
    }

    /// Claims a document; `None` when another process has it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn claim(&self, document: DocumentId) -> Result<Option<Claim>, StorageError> {
        Ok(storage::try_lock(&self.lock_path(document))?.map(|lock| Claim { _lock: lock }))
    }

    /// Keeps a document, or replaces it after a slip was wrapped anew.
    ///
    /// # Errors
    /// [`StorageError`]; the outbox then holds what it held before.
    pub fn keep(&self, disk: &dyn Disk, _claim: &Claim, waiting: &Waiting) -> Result<(), StorageError> {
        let message = wire::SendDocumentRequest {
            header: waiting.envelope.header.clone(),
            body: waiting.envelope.body.clone(),
            slips: waiting.envelope.slips.iter().map(slip_to_wire).collect(),
            acting: None,
        };
        let mut bytes = Zeroizing::new(Vec::new());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(waiting.content_key.expose());
        bytes.extend_from_slice(&message.encode_to_vec());
        storage::replace(disk, &self.path(waiting.document), &bytes, Access::Private)
    }

    /// A waiting document; `None` when the hub has answered for it.
    ///
    /// # Errors
    /// [`StorageError`]; [`StorageError::Damaged`] when the parts do not belong together.
    pub fn find(&self, document: DocumentId) -> Result<Option<Waiting>, StorageError> {
        let path = self.path(document);
        match storage::read(&path, MAX_WAITING_BYTES) {
            // Blanked, and stopped before the name was gone.
            Ok(bytes) if !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0) => Ok(None),
            Ok(bytes) => parse(&path, document, &Zeroizing::new(bytes)).map(Some),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The ids of all waiting documents, oldest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waiting(&self) -> Result<Vec<DocumentId>, StorageError> {
        let paths = storage::list(&self.directory, ENDING, MAX_WAITING)?;
        let id = |path: &PathBuf| {
            let name = path
                .file_stem()
                .and_then(std::ffi::OsStr::to_str)
                .unwrap_or_default();
            name.parse().map_err(|error| StorageError::damaged(path, error))
        };
        paths.iter().map(id).collect()
    }

    /// Removes a document and destroys its content key: the hub has judged it. What a stopped process left
    /// half removed is removed too.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn remove(&self, disk: &dyn Disk, _claim: &Claim, document: DocumentId) -> Result<(), StorageError> {
        match storage::destroy(disk, &self.path(document)) {
            Err(error) if error.is_missing() => {}
            destroyed => destroyed?,
        }
        // Documents never come back under the same id, so the lock's name is free to go while it is held.
        storage::discard(disk, &self.lock_path(document))
    }

    fn path(&self, document: DocumentId) -> PathBuf {
        self.directory.join(format!("{document}.{ENDING}"))
    }

    fn lock_path(&self, document: DocumentId) -> PathBuf {
        self.directory.join(format!("{document}.lock"))
    }
}

/// A slip with its signature, for the wire.
#[must_use]
pub fn slip_to_wire(slip: &SignedSlip) -> wire::Slip {
    wire::Slip {
        slip: slip.bytes.clone(),
        signature: slip.signature.as_bytes().to_vec(),
    }
}

fn parse(path: &Path, document: DocumentId, bytes: &[u8]) -> Result<Waiting, StorageError> {
    let damaged = |what: &str| StorageError::damaged(path, what);
    let rest = bytes
        .strip_prefix(MAGIC)
        .ok_or_else(|| damaged("it is no waiting document"))?;
    let (key, message) = rest
        .split_at_checked(CONTENT_KEY_BYTES)
        .ok_or_else(|| damaged("it is cut short"))?;
    let content_key = ContentKey::from_bytes(key).map_err(|_| damaged("its content key was destroyed"))?;
    let message = wire::SendDocumentRequest::decode(message).map_err(|_| damaged("it is cut short"))?;
    let header = Raw::<Header>::parse(message.header.as_slice())
        .map_err(|error| StorageError::damaged(path, error))?;
    let belongs = header.value().document == document
        && content_key.commitment(document) == Ok(header.value().key_commitment)
        && header.value().body_length.sealed() == message.body.len() as u64;
    if !belongs {
        return Err(damaged("its parts do not belong together"));
    }
    let slips = message
        .slips
        .into_iter()
        .map(|slip| {
            let signature = Signature::try_from(slip.signature.as_slice())?;
            Ok(SignedSlip {
                bytes: slip.slip,
                signature,
            })
        })
        .collect::<Result<_, samrum_proto::canonical::Malformed>>()
        .map_err(|error| StorageError::damaged(path, error))?;
    let envelope = SealedEnvelope {
        header: message.header,
        body: message.body,
        slips,
    };
    Ok(Waiting {
        document,
        envelope,
        content_key,
    })
}

#[cfg(test)]
mod tests;
