//! Watching the log: own tickets became leaves, leaves stay where they are, and no checkpoint takes back another.
//!
//! Everything is judged with the pinned log key and with what this profile has seen before, never with the hub's
//! word alone.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use futures_util::stream::{self, StreamExt};
use samrum_consent::id::EntryId;
use samrum_proto::convert::{self, Problem};
use samrum_proto::ledger::{
    Checkpoint, MAX_CHECKPOINT_BYTES, NodeHash, Receipt, Salt, TreeHead, leaf_hash, verify_checkpoint,
    verify_consistency, verify_receipt,
};
use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::ledger::v1 as wire;
use samrum_proto::wire::ledger::v1::ledger_service_client as service;
use serde::Serialize;
use tonic::Code;

use super::{Client, unary};
use crate::error::{Answered, Error, Misbehaved, Result};
use crate::storage::{self, Access};
use crate::view;

/// How long a ticket may be without its receipt: the maximum merge delay with much to spare, in microseconds.
pub const MERGE_PATIENCE_US: i64 = 60 * 1_000_000;
/// How many receipts are asked for at once.
const RECEIPTS_AT_ONCE: usize = 8;

/// What contradicts the hub's promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingKind {
    /// The log has become shorter, or its past is another than it was.
    LogRewritten,
    /// The newest checkpoint is not what its log signed.
    CheckpointInvalid,
    /// An entry that was promised is not in the log in time.
    EntryMissing,
    /// An entry is not what was promised.
    EntryAltered,
    /// A receipt does not lead to a checkpoint of the log that all others belong to.
    ReceiptInvalid,
}

/// One contradiction, with what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind.
    pub finding: FindingKind,
    /// Which entry, where it is one.
    #[serde(serialize_with = "view::optional")]
    pub entry_id: Option<EntryId>,
    /// How it shows.
    pub evidence: String,
    /// For people; the command fills it in.
    pub sentence: String,
}

impl Finding {
    fn new(finding: FindingKind, entry_id: Option<EntryId>, evidence: impl ToString) -> Self {
        Self {
            finding,
            entry_id,
            evidence: evidence.to_string(),
            sentence: String::new(),
        }
    }
}

/// What an examination of the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The newest checkpoint, when it holds.
    pub checkpoint: Option<Checkpoint>,
    /// Tickets whose entries are in the log as promised.
    pub verified: usize,
    /// Tickets that are too young to be missed, or that this caller may not ask about.
    pub pending: usize,
    /// What contradicts. Empty: nothing does.
    pub findings: Vec<Finding>,
}

/// An entry with its proof, verified.
#[derive(Debug, Clone)]
pub struct ProvenEntry {
    /// Which.
    pub entry: EntryId,
    /// Its place in the log.
    pub index: u64,
    /// The hash of its leaf.
    pub leaf_hash: NodeHash,
    /// What happened, canonical JSON.
    pub details: Vec<u8>,
    /// The checkpoint that the proof leads to, as published.
    pub note: String,
    /// The same, read.
    pub checkpoint: Checkpoint,
    /// Whether a ticket of this profile names the entry.
    pub promised: bool,
}

/// What became of one ticket.
enum Fate {
    Kept(Checkpoint),
    Pending,
    Broken(Finding),
}

impl Client {
    /// The newest checkpoint, as published and read.
    ///
    /// # Errors
    /// [`Misbehaved::Checkpoint`] when it does not hold under the pinned key.
    pub async fn checkpoint(&self) -> Result<(String, Checkpoint)> {
        let note = self.newest_note().await?;
        let checkpoint = verify_checkpoint(&note, self.profile.log())?;
        let text = String::from_utf8(note).map_err(|_| Problem::Other("must be UTF-8").of("checkpoint"))?;
        Ok((text, checkpoint))
    }

    /// One entry with its proof.
    ///
    /// # Errors
    /// [`Misbehaved::Receipt`] when it does not hold.
    pub async fn receipt(&self, entry: EntryId) -> Result<ProvenEntry> {
        let ticket = self.tickets().find(entry)?;
        let receipt = self.fetch_receipt(entry).await?;
        let checkpoint =
            verify_receipt(&receipt, ticket.as_ref(), self.profile.log()).map_err(Misbehaved::from)?;
        Ok(ProvenEntry {
            entry,
            index: receipt.index,
            leaf_hash: leaf_hash(&receipt.leaf),
            details: receipt.details,
            note: String::from_utf8_lossy(&receipt.checkpoint).into_owned(),
            checkpoint,
            promised: ticket.is_some(),
        })
    }

    /// Examines the log: the newest checkpoint continues the last one seen, and every ticket of this profile became
    /// the leaf that it promised, in the same log. Without findings the checkpoint is remembered.
    ///
    /// # Errors
    /// When the hub cannot be asked; contradictions are findings, not errors.
    pub async fn examine(&self) -> Result<Audit> {
        let mut audit = Audit {
            checkpoint: None,
            verified: 0,
            pending: 0,
            findings: Vec::new(),
        };
        let note = self.newest_note().await?;
        let newest = match verify_checkpoint(&note, self.profile.log()) {
            Ok(newest) => newest,
            Err(error) => {
                audit
                    .findings
                    .push(Finding::new(FindingKind::CheckpointInvalid, None, error));
                return Ok(audit);
            }
        };
        if let Some(seen) = self.last_seen()?
            && let Err(evidence) = self.continues(&seen, &newest).await?
        {
            audit
                .findings
                .push(Finding::new(FindingKind::LogRewritten, None, evidence));
        }
        self.examine_tickets(&newest, &mut audit).await?;
        if audit.findings.is_empty() {
            storage::replace(self.disk(), &self.profile.checkpoint(), &note, Access::Private)?;
        }
        audit
            .findings
            .sort_by_key(|finding| (finding.finding, finding.entry_id));
        audit.checkpoint = Some(newest);
        Ok(audit)
    }

    async fn examine_tickets(&self, newest: &Checkpoint, audit: &mut Audit) -> Result<()> {
        let tickets = self.tickets().all()?;
        let fates: Vec<Result<(EntryId, Fate)>> = stream::iter(&tickets)
            .map(|ticket| async move { Ok((ticket.value().entry, self.fate(ticket).await?)) })
            .buffered(RECEIPTS_AT_ONCE)
            .collect()
            .await;
        // The log moves on while receipts are fetched: each other checkpoint must belong to the same log.
        let mut heads: BTreeMap<(u64, [u8; 32]), core::result::Result<(), String>> = BTreeMap::new();
        for fate in fates {
            let (entry, fate) = fate?;
            let checkpoint = match fate {
                Fate::Pending => {
                    audit.pending += 1;
                    continue;
                }
                Fate::Broken(finding) => {
                    audit.findings.push(finding);
                    continue;
                }
                Fate::Kept(checkpoint) => checkpoint,
            };
            let key = (checkpoint.size, *checkpoint.root.as_bytes());
            let judged = match heads.entry(key) {
                Entry::Occupied(judged) => judged.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(self.same_log(&checkpoint, newest).await?),
            };
            match judged {
                Ok(()) => audit.verified += 1,
                Err(evidence) => {
                    let finding = Finding::new(FindingKind::ReceiptInvalid, Some(entry), evidence);
                    audit.findings.push(finding);
                }
            }
        }
        Ok(())
    }

    /// Asks for the receipt of one ticket.
    async fn fate(&self, ticket: &Signed<Ticket>) -> Result<Fate> {
        let entry = ticket.value().entry;
        let broken = |kind, evidence: String| Ok(Fate::Broken(Finding::new(kind, Some(entry), evidence)));
        match self.fetch_receipt(entry).await {
            Ok(receipt) => match verify_receipt(&receipt, Some(ticket), self.profile.log()) {
                Ok(checkpoint) => Ok(Fate::Kept(checkpoint)),
                Err(error) => broken(FindingKind::EntryAltered, error.to_string()),
            },
            Err(error) if error.has_reason("NOT_YET_SEQUENCED") => {
                let age_us = self.now_us().saturating_sub(ticket.value().at_us);
                if age_us <= MERGE_PATIENCE_US {
                    return Ok(Fate::Pending);
                }
                broken(FindingKind::EntryMissing, error.to_string())
            }
            // Operators hold tickets and may not read entries.
            Err(error) if error.has_reason("ROLE_NOT_ALLOWED") && self.profile.unit().is_err() => {
                Ok(Fate::Pending)
            }
            Err(Error::Answered(answered)) if answered.code == Code::NotFound => {
                broken(FindingKind::EntryMissing, told(&answered))
            }
            Err(Error::Answered(answered)) if answered.code == Code::DataLoss => {
                broken(FindingKind::EntryAltered, told(&answered))
            }
            Err(Error::Misbehaved(misbehaved)) => broken(FindingKind::EntryAltered, misbehaved.to_string()),
            Err(error) => Err(error),
        }
    }

    async fn newest_note(&self) -> Result<Vec<u8>> {
        let message = wire::GetCheckpointRequest {};
        Ok(unary!(self, service::LedgerServiceClient.get_checkpoint, message)?.checkpoint)
    }

    async fn fetch_receipt(&self, entry: EntryId) -> Result<Receipt> {
        let message = wire::GetLedgerReceiptRequest {
            entry_id: entry.as_bytes().to_vec(),
        };
        let answer = unary!(self, service::LedgerServiceClient.get_ledger_receipt, message)?;
        let salt = match answer.salt.as_slice() {
            [] => None,
            salt => Some(Salt::from_bytes(convert::array("salt", salt)?)),
        };
        Ok(Receipt {
            entry,
            leaf: answer.leaf,
            salt,
            details: answer.details,
            index: answer.index,
            proof: hashes("inclusion_proof", &answer.inclusion_proof)?,
            checkpoint: answer.checkpoint,
        })
    }

    /// The checkpoint that this profile saw last.
    fn last_seen(&self) -> Result<Option<Checkpoint>> {
        let path = self.profile.checkpoint();
        let Some(note) = storage::read_if_there(&path, MAX_CHECKPOINT_BYTES as u64)? else {
            return Ok(None);
        };
        let checkpoint = verify_checkpoint(&note, self.profile.log())
            .map_err(|error| storage::StorageError::damaged(&path, error))?;
        Ok(Some(checkpoint))
    }

    /// Whether two checkpoints, whichever is older, are of one log.
    async fn same_log(
        &self,
        one: &Checkpoint,
        other: &Checkpoint,
    ) -> Result<core::result::Result<(), String>> {
        if one.size <= other.size {
            self.continues(one, other).await
        } else {
            self.continues(other, one).await
        }
    }

    /// Whether the newer checkpoint's log begins with the older's; else, what shows that it does not.
    async fn continues(
        &self,
        older: &Checkpoint,
        newer: &Checkpoint,
    ) -> Result<core::result::Result<(), String>> {
        let (older, newer): (TreeHead, TreeHead) = (older.head(), newer.head());
        let shown = |problem: String| {
            Ok(Err(format!(
                "size {} with root {}, then size {} with root {}: {problem}",
                older.size, older.root, newer.size, newer.root
            )))
        };
        let proof = if older.size == 0 || older.size >= newer.size {
            Vec::new()
        } else {
            let message = wire::GetConsistencyProofRequest {
                from_size: older.size,
                to_size: newer.size,
            };
            match unary!(self, service::LedgerServiceClient.get_consistency_proof, message) {
                Ok(answer) => match hashes("proof", &answer.proof) {
                    Ok(proof) => proof,
                    Err(error) => return shown(error.to_string()),
                },
                Err(Error::Answered(answered)) if answered.is_final() || answered.code == Code::DataLoss => {
                    return shown(told(&answered));
                }
                Err(error) => return Err(error),
            }
        };
        match verify_consistency(older, newer, &proof) {
            Ok(()) => Ok(Ok(())),
            Err(error) => shown(error.to_string()),
        }
    }
}

/// What the hub answered, as evidence: code and message, in no particular language.
fn told(answered: &Answered) -> String {
    let reason = answered.reason.as_deref().unwrap_or_default();
    format!(
        "the hub answered {:?} {reason}: {}",
        answered.code, answered.message
    )
}

fn hashes(field: &'static str, list: &[Vec<u8>]) -> Result<Vec<NodeHash>> {
    list.iter()
        .map(|hash| Ok(NodeHash::from_bytes(convert::array(field, hash)?)))
        .collect()
}
