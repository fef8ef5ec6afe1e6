//! The log's promise that an entry is durable and will be in the log within the maximum merge delay.

use samrum_consent::id::EntryId;

use super::Statement;
use crate::canonical::{Canonical, Label, Malformed, Reader, Writer};
use crate::ledger::{NodeHash, ORIGIN_LIMITS};

/// A ticket. Signed by the log's key.
///
/// **Shape**: version 1; entry (16 bytes), leaf hash (32), time (8), log origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The entry.
    pub entry: EntryId,
    /// RFC 6962 hash of the leaf that it will be.
    pub leaf_hash: NodeHash,
    /// When it was durable, in microseconds since the epoch, by the store's clock.
    pub at_us: i64,
    /// The log's unique name, as in its checkpoints.
    pub log_origin: String,
}

impl Canonical for Ticket {
    const NAME: &'static str = "ticket";
    const MAX_BYTES: usize = 2 * 1024;
    const LABEL: Label = Label::TICKET;

    fn write(&self, writer: &mut Writer) -> Result<(), Malformed> {
        writer.array("entry", *self.entry.as_bytes())?;
        writer.array("leaf_hash", *self.leaf_hash.as_bytes())?;
        writer.time("at", self.at_us)?;
        writer.line("log_origin", ORIGIN_LIMITS, &self.log_origin)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            entry: EntryId::from_bytes(reader.array("entry")?),
            leaf_hash: NodeHash::from_bytes(reader.array("leaf_hash")?),
            at_us: reader.time("at")?,
            log_origin: reader.line("log_origin", ORIGIN_LIMITS)?,
        })
    }
}

impl Statement for Ticket {}
