//! The hub's promises, kept: every ticket is verified with the pinned log key before it is stored.
//!
//! Whether the promises were held is `ledger`'s question.

use std::path::{Path, PathBuf};

use samrum_consent::id::EntryId;
use samrum_proto::convert::Problem;
use samrum_proto::ledger::LogVerifier;
use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::ledger::v1 as wire;
use serde::{Deserialize, Serialize};

use crate::error::{Misbehaved, Result};
use crate::profile::Profile;
use crate::storage::{self, Access, Disk, StorageError};

/// The most bytes of one kept ticket.
const MAX_TICKET_BYTES: u64 = 8 * 1024;
/// The most tickets of one profile; beyond it, move old ones elsewhere.
pub const MAX_TICKETS: usize = 100_000;
/// How kept tickets end.
const ENDING: &str = "ticket";
/// What tickets are called in messages.
const WHAT: &str = "the hub's ticket";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketForm {
    statement: String,
    signature: String,
}

/// The tickets of one profile.
#[derive(Debug, Clone)]
pub struct Tickets {
    directory: PathBuf,
    log: LogVerifier,
}

impl Tickets {
    /// Those of a profile, under its pinned log key.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            directory: profile.tickets(),
            log: profile.log().clone(),
        }
    }

    /// Verifies the ticket of an answer and keeps it. The same ticket again is fine.
    ///
    /// # Errors
    /// [`Misbehaved`] when it is absent, not signed by the pinned log, about another log or entry, or promises
    /// another leaf for an entry that a kept ticket already names.
    pub fn keep(&self, disk: &dyn Disk, ticket: Option<&wire::Ticket>) -> Result<EntryId> {
        let message = ticket.ok_or_else(|| Problem::Missing.of("ticket"))?;
        let verified = verify(&message.statement, &message.signature, &self.log)?;
        let Ticket { entry, leaf_hash, .. } = verified.value();
        if entry.as_bytes().as_slice() != message.entry_id {
            return Err(Misbehaved::OtherStatement { what: WHAT }.into());
        }
        if let Some(kept) = self.find(*entry)? {
            return if kept.value().leaf_hash == *leaf_hash {
                Ok(*entry)
            } else {
                Err(Misbehaved::OtherStatement { what: WHAT }.into())
            };
        }
        let form = TicketForm {
            statement: hex::encode(verified.bytes()),
            signature: hex::encode(verified.signature().as_bytes()),
        };
        let path = self.path(*entry);
        let text = toml::to_string(&form).map_err(|error| StorageError::damaged(&path, error))?;
        storage::replace(disk, &path, text.as_bytes(), Access::Private)?;
        Ok(*entry)
    }

    /// The kept ticket of an entry.
    ///
    /// # Errors
    /// When it cannot be read or does not hold under the pinned key.
    pub fn find(&self, entry: EntryId) -> Result<Option<Signed<Ticket>>> {
        let path = self.path(entry);
        if path.exists() {
            self.parse(&path).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Every kept ticket, oldest entry first.
    ///
    /// # Errors
    /// When one cannot be read or does not hold under the pinned key.
    pub fn all(&self) -> Result<Vec<Signed<Ticket>>> {
        let paths = storage::list(&self.directory, ENDING, MAX_TICKETS)?;
        paths.iter().map(|path| self.parse(path)).collect()
    }

    fn parse(&self, path: &Path) -> Result<Signed<Ticket>> {
        let text = storage::read_text(path, MAX_TICKET_BYTES)?;
        let damaged = |what: &str| StorageError::damaged(path, what);
        let form: TicketForm = toml::from_str(&text).map_err(|error| damaged(error.message()))?;
        let statement = hex::decode(&form.statement).map_err(|_| damaged("statement is not hexadecimal"))?;
        let signature = hex::decode(&form.signature).map_err(|_| damaged("signature is not hexadecimal"))?;
        verify(&statement, &signature, &self.log)
    }

    fn path(&self, entry: EntryId) -> PathBuf {
        self.directory.join(format!("{entry}.{ENDING}"))
    }
}

fn verify(statement: &[u8], signature: &[u8], log: &LogVerifier) -> Result<Signed<Ticket>> {
    let ticket = Signed::<Ticket>::verify(statement, signature, log.verifying_key())
        .map_err(|error| Misbehaved::Statement { what: WHAT, error })?;
    if ticket.value().log_origin == log.origin() {
        Ok(ticket)
    } else {
        Err(Misbehaved::OtherStatement { what: WHAT }.into())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::error::Error;
    use crate::storage::LocalDisk;
    use samrum_proto::ledger::{LogKey, NodeHash};

    pub(crate) fn log_key() -> LogKey {
        LogKey::from_seed("log.example", &[7; 32]).unwrap()
    }

    pub(crate) fn tickets(log: &LogKey) -> (tempfile::TempDir, Tickets) {
        let directory = tempfile::tempdir().unwrap();
        let tickets = Tickets {
            directory: directory.path().to_owned(),
            log: log.verifier().clone(),
        };
        (directory, tickets)
    }

    pub(crate) fn issue(log: &LogKey, entry: u8, leaf_hash: NodeHash, at_us: i64) -> wire::Ticket {
        let entry = EntryId::from_bytes([entry; 16]);
        let ticket = Ticket {
            entry,
            leaf_hash,
            at_us,
            log_origin: log.origin().to_owned(),
        };
        let signed = Signed::sign(ticket, log.signing()).unwrap();
        wire::Ticket {
            entry_id: entry.as_bytes().to_vec(),
            statement: signed.bytes().to_vec(),
            signature: signed.signature().as_bytes().to_vec(),
        }
    }

    fn leaf(byte: u8) -> NodeHash {
        NodeHash::from_bytes([byte; 32])
    }

    #[test]
    fn a_ticket_of_the_pinned_log_is_kept_and_found() {
        let log = log_key();
        let (_directory, tickets) = tickets(&log);
        let ticket = issue(&log, 1, leaf(1), 5);
        let entry = tickets.keep(&LocalDisk, Some(&ticket)).unwrap();
        assert_eq!(
            tickets.keep(&LocalDisk, Some(&ticket)).unwrap(),
            entry,
            "a repeated answer repeats it"
        );
        assert_eq!(tickets.find(entry).unwrap().unwrap().value().at_us, 5);
        assert_eq!(tickets.all().unwrap().len(), 1);
    }

    #[test]
    fn another_logs_ticket_is_refused_and_not_kept() {
        let (log, other) = (log_key(), LogKey::from_seed("log.example", &[8; 32]).unwrap());
        let (_directory, tickets) = tickets(&log);
        let error = tickets
            .keep(&LocalDisk, Some(&issue(&other, 1, leaf(1), 5)))
            .unwrap_err();
        assert!(
            matches!(error, Error::Misbehaved(Misbehaved::Statement { .. })),
            "{error}"
        );
        let renamed = LogKey::from_seed("other.example", &[7; 32]).unwrap();
        let error = tickets
            .keep(&LocalDisk, Some(&issue(&renamed, 1, leaf(1), 5)))
            .unwrap_err();
        assert!(
            matches!(error, Error::Misbehaved(Misbehaved::OtherStatement { .. })),
            "{error}"
        );
        assert!(
            tickets.keep(&LocalDisk, None).is_err(),
            "an answer that writes carries a ticket"
        );
        assert_eq!(tickets.all().unwrap().len(), 0);
    }

    #[test]
    fn a_second_promise_for_one_entry_is_refused() {
        let log = log_key();
        let (_directory, tickets) = tickets(&log);
        tickets
            .keep(&LocalDisk, Some(&issue(&log, 1, leaf(1), 5)))
            .unwrap();
        assert!(
            tickets
                .keep(&LocalDisk, Some(&issue(&log, 1, leaf(2), 5)))
                .is_err()
        );
        let mut relabelled = issue(&log, 2, leaf(2), 5);
        relabelled.entry_id = vec![3; 16];
        assert!(
            tickets.keep(&LocalDisk, Some(&relabelled)).is_err(),
            "the statement names the entry"
        );
    }
}
