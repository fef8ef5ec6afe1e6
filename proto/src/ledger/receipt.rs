//! Receipts: that an entry is in the log, and what it says.

use samrum_consent::id::EntryId;

use super::{
    Checkpoint, CheckpointError, Leaf, LogVerifier, NodeHash, ProofError, Salt, verify_checkpoint,
    verify_inclusion,
};
use crate::canonical::Malformed;
use crate::envelope::SignatureInvalid;
use crate::statement::{Signed, Ticket};

/// Everything that shows one entry in the log. Once exported, the salt lives on outside the hub.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The entry.
    pub entry: EntryId,
    /// Its leaf's bytes.
    pub leaf: Vec<u8>,
    /// What opens the leaf; none for leaves that show their details.
    pub salt: Option<Salt>,
    /// What happened, in canonical JSON (RFC 8785); names the entry.
    pub details: Vec<u8>,
    /// The leaf's place in the log, from 0.
    pub index: u64,
    /// RFC 6962 audit path, from the leaf upwards.
    pub proof: Vec<NodeHash>,
    /// The checkpoint that the proof leads to, as published.
    pub checkpoint: Vec<u8>,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The leaf is no leaf.
    #[error(transparent)]
    Leaf(#[from] Malformed),
    /// The leaf does not commit to these details with this salt.
    #[error("the leaf does not commit to these details")]
    Details,
    /// The ticket was not signed by this log.
    #[error("the ticket was not signed by this log")]
    TicketSignature(#[from] SignatureInvalid),
    /// The ticket is of another entry, leaf or log.
    #[error("the ticket is of another {what}")]
    TicketMismatch {
        /// What differs.
        what: &'static str,
    },
    /// The checkpoint is not this log's.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The leaf is not where the receipt says.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Verifies a receipt against the log that the caller pins, and against the ticket where there is one.
///
/// Without a ticket nothing but the details names the entry: the caller compares them. The checkpoint comes
/// back so that the caller can require witnesses and consistency with those it saw before.
///
/// # Errors
/// [`ReceiptError`], one variant per link of the chain.
pub fn verify_receipt(
    receipt: &Receipt,
    ticket: Option<&Signed<Ticket>>,
    log: &LogVerifier,
) -> Result<Checkpoint, ReceiptError> {
    let leaf = Leaf::parse(&receipt.leaf)?;
    if !leaf.commits_to(receipt.salt.as_ref(), &receipt.details) {
        return Err(ReceiptError::Details);
    }
    if let Some(ticket) = ticket {
        ticket.verify_again(log.verifying_key())?;
        let Ticket {
            entry,
            leaf_hash,
            log_origin,
            ..
        } = ticket.value();
        let mismatch = |what| Err(ReceiptError::TicketMismatch { what });
        if *entry != receipt.entry {
            return mismatch("entry");
        }
        if *leaf_hash != leaf.hash() {
            return mismatch("leaf");
        }
        if log_origin != log.origin() {
            return mismatch("log");
        }
    }
    let checkpoint = verify_checkpoint(&receipt.checkpoint, log)?;
    verify_inclusion(
        leaf.hash(),
        receipt.index,
        checkpoint.size,
        &receipt.proof,
        checkpoint.root,
    )?;
    Ok(checkpoint)
}
