//! From details to an entry with its leaf, and from an entry to its ticket.

use jiff::Timestamp;
use samrum_consent::id::{EntryId, OrganisationId, PersonId, UnitId};
use samrum_proto::canonical::Malformed;
use samrum_proto::envelope::{Randomness, RandomnessUnavailable};
use samrum_proto::ledger::{Leaf, LogKey, NodeHash, Salt};
use samrum_proto::statement::{Signed, Ticket};

use super::details::{Details, Event};
use crate::store::NewEntry;

/// Why an entry cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Too long, or otherwise not to be encoded.
    #[error("the ledger entry cannot be encoded: {0}")]
    Malformed(#[from] Malformed),
    /// Not JSON.
    #[error("the ledger entry cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// No salt.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
}

/// Whom an entry concerns: who may have its receipt, whose auditors may see it, whom it is about.
#[derive(Debug, Clone, Default)]
pub struct Concerned {
    /// Units.
    pub units: Vec<UnitId>,
    /// Organisations, for entries that are no unit's.
    pub organisations: Vec<OrganisationId>,
    /// People.
    pub people: Vec<PersonId>,
}

/// The entry that says this. Key changes go unsalted, so that everyone can monitor them.
///
/// # Errors
/// [`EntryError`].
pub fn new_entry(
    id: EntryId,
    details: &Details,
    concerned: Concerned,
    randomness: &dyn Randomness,
) -> Result<NewEntry, EntryError> {
    // Objects sorted by name: canonical for what we write (RFC 8785). Said outright, because a dependency can
    // switch `Value` to the order of insertion for the whole build.
    let mut value = serde_json::to_value(details)?;
    value.sort_all_objects();
    let bytes = serde_json::to_vec(&value)?;
    let salt = match details.event {
        Event::UnitKeyRotated | Event::UnitKeyCompromised => None,
        _ => Some(Salt::mint(randomness)?),
    };
    let leaf = match &salt {
        Some(salt) => Leaf::salted(salt, &bytes)?,
        None => Leaf::open(&bytes)?,
    };
    Ok(NewEntry {
        id,
        at: details.at,
        leaf_hash: *leaf.hash().as_bytes(),
        leaf: leaf.as_bytes().to_vec(),
        salt: salt.map(|salt| *salt.expose()),
        details: bytes,
        units: concerned.units,
        organisations: concerned.organisations,
        people: concerned.people,
    })
}

/// The hub's promise that an entry is durable. The same entry always gets the same ticket.
///
/// # Errors
/// [`Malformed`] when the log's name is too long.
pub fn ticket(
    entry: EntryId,
    leaf_hash: [u8; 32],
    at: Timestamp,
    log: &LogKey,
) -> Result<Signed<Ticket>, Malformed> {
    let promise = Ticket {
        entry,
        leaf_hash: NodeHash::from_bytes(leaf_hash),
        at_us: at.as_microsecond(),
        log_origin: log.origin().to_owned(),
    };
    Signed::sign(promise, log.signing())
}
