//! The self-check at start: what the tables say is what the ledger tells, or the hub does not serve.
//!
//! A database that was restored in part, changed by hand or opened with another hub's keys looks whole to whoever only
//! reads rows. Checked are the signed checkpoint against the stored tree, the newest entries against their leaves, and
//! what these entries tell of consents and deliveries against the tables. It costs the same in a large hub as in a small
//! one, but for one count over the places; whatever is older is a matter for proofs.

use std::collections::BTreeMap;

use samrum_consent::id::{ConsentId, DeliveryId, EntryId};
use samrum_proto::ledger::{CheckpointError, Frontier, Leaf, LogKey, NodeHash, Salt, verify_checkpoint};

use super::{Details, Event};
use crate::store::{DeliveryState, Entry, Snapshot, SqlStore, StoreError};

/// Newest entries that are looked at.
const ENTRIES: usize = 10_000;
/// Of these at once: what is in memory.
const PAGE: u32 = 500;
/// Waiting deliveries whose bodies are looked for.
const WAITING: u32 = 20_000;

/// What does not fit together, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Disagreement {
    /// The newest checkpoint is not this log's.
    #[error(
        "the log's newest checkpoint is not signed by log.key: {0}; put the log.key of this database beside it, or \
         restore both from one backup"
    )]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is not about the tree that is stored.
    #[error(
        "the log's newest checkpoint and its stored tree disagree at size {size}; restore the database from a backup"
    )]
    Tree {
        /// As the checkpoint's row says.
        size: u64,
    },
    /// Entries lack places, or have too many.
    #[error(
        "the log has {size} places and {count} entries have one, up to {end}; restore the database from a backup"
    )]
    Places {
        /// As the checkpoint says.
        size: u64,
        /// Entries with a place.
        count: u64,
        /// One more than the greatest place.
        end: u64,
    },
    /// An entry is not what its leaf commits to.
    #[error("the ledger entry {entry} is not what was written down; restore the database from a backup")]
    Entry {
        /// Which.
        entry: EntryId,
    },
    /// A consent stands otherwise than the ledger tells.
    #[error(
        "the consent {consent} stands otherwise than the ledger entry {entry} tells; restore the database from a backup"
    )]
    Consent {
        /// Which.
        consent: ConsentId,
        /// The newest entry about it.
        entry: EntryId,
    },
    /// A delivery stands otherwise than the ledger tells.
    #[error(
        "the delivery {delivery} stands otherwise than the ledger entry {entry} tells; restore the database from a \
         backup"
    )]
    Delivery {
        /// Which.
        delivery: DeliveryId,
        /// The newest entry about its state.
        entry: EntryId,
    },
    /// Something waits that cannot be released.
    #[error(
        "the delivery {delivery} waits, and its sealed body or its ledger entry is not there; restore the database \
         from a backup"
    )]
    Waiting {
        /// Which.
        delivery: DeliveryId,
    },
    /// The database.
    #[error("the self-check: {0}")]
    Store(#[from] StoreError),
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Size of the log.
    pub size: u64,
    /// Entries.
    pub entries: usize,
    /// Consents that these tell of.
    pub consents: usize,
    /// Deliveries that these tell of.
    pub deliveries: usize,
}

/// Whether tables and ledger agree, in one state of the database.
///
/// # Errors
/// The first [`Disagreement`].
pub async fn agree(store: &SqlStore, log: &LogKey) -> Result<Agreement, Disagreement> {
    let mut snapshot = store.snapshot().await?;
    let size = tree(&mut snapshot, log).await?;
    let told = newest(&mut snapshot).await?;
    consents(&mut snapshot, &told).await?;
    deliveries(&mut snapshot, &told).await?;
    if let Some(delivery) = snapshot.waiting_for_nothing(WAITING).await? {
        return Err(Disagreement::Waiting { delivery });
    }
    snapshot.close().await?;
    Ok(Agreement {
        size,
        entries: told.entries,
        consents: told.consents.len(),
        deliveries: told.deliveries.len(),
    })
}

/// The signed checkpoint, the stored tree and the places of entries are about the same log.
async fn tree(snapshot: &mut Snapshot, log: &LogKey) -> Result<u64, Disagreement> {
    let standing = snapshot.checkpoint().await?;
    let size = match &standing {
        Some((size, _, note)) => {
            let signed = verify_checkpoint(note, log.verifier())?;
            let mut subtrees = Vec::new();
            for id in Frontier::node_ids(*size) {
                let node = snapshot.node(id.level, id.index).await?;
                subtrees.extend(node.map(NodeHash::from_bytes));
            }
            let root = Frontier::restore(*size, subtrees).map(|frontier| frontier.root());
            if signed.size != *size || root.ok() != Some(signed.root) {
                return Err(Disagreement::Tree { size: *size });
            }
            *size
        }
        None => 0,
    };
    let places = snapshot.places().await?;
    if (places.count, places.end) != (size, size) {
        return Err(Disagreement::Places {
            size,
            count: places.count,
            end: places.end,
        });
    }
    Ok(size)
}

/// What the newest entries tell, of each thing the newest.
#[derive(Debug, Default)]
struct Told {
    entries: usize,
    consents: BTreeMap<ConsentId, (EntryId, u64, bool)>,
    deliveries: BTreeMap<DeliveryId, (EntryId, &'static [DeliveryState])>,
}

async fn newest(snapshot: &mut Snapshot) -> Result<Told, Disagreement> {
    let (mut told, mut before) = (Told::default(), None);
    while told.entries < ENTRIES {
        let entries = snapshot.entries_before(before, PAGE).await?;
        let Some(last) = entries.last() else { break };
        before = Some(last.arrival);
        told.entries += entries.len();
        let places = || entries.iter().filter_map(|entry| entry.leaf_index);
        let (from, until) = (
            places().min().unwrap_or(0),
            places().max().map_or(0, |place| place + 1),
        );
        let leaves = snapshot.leaves(from, until).await?;
        for entry in &entries {
            let leaf = entry.leaf_index.map(|place| leaves.get(&place).copied());
            let details = read(entry, leaf).ok_or(Disagreement::Entry { entry: entry.id })?;
            told.note(entry.id, &details);
        }
    }
    Ok(told)
}

/// The entry's details, if they are what its leaf commits to and the log holds: `leaf` is what lies at its place.
fn read(entry: &Entry, leaf: Option<Option<[u8; 32]>>) -> Option<Details> {
    let committed = Leaf::parse(&entry.leaf).ok()?;
    let salt = entry.salt.map(Salt::from_bytes);
    let holds = committed.commits_to(salt.as_ref(), &entry.details)
        && *committed.hash().as_bytes() == entry.leaf_hash
        && leaf.is_none_or(|leaf| leaf == Some(entry.leaf_hash));
    let details: Details = serde_json::from_slice(&entry.details).ok()?;
    let is_its_own =
        details.entry == entry.id.to_string() && details.at.as_microsecond() == entry.at.as_microsecond();
    (holds && is_its_own).then_some(details)
}

impl Told {
    /// Notes what an entry tells, unless a newer one has told it.
    fn note(&mut self, entry: EntryId, details: &Details) {
        if let Some(step) = &details.consent
            && let Ok(consent) = step.id.parse()
        {
            let ends = matches!(step.step.as_str(), "DECLINED" | "REVOKED" | "SUPERSEDED");
            self.consents
                .entry(consent)
                .or_insert((entry, step.revision, ends));
        }
        let permitted = details.verdicts.iter().all(|verdict| verdict.permitted);
        let delivery = details
            .matter
            .as_ref()
            .and_then(|matter| matter.delivery.as_ref());
        if let Some(Ok(delivery)) = delivery.map(|id| id.parse())
            && let Some(states) = states_after(details.event, permitted)
        {
            self.deliveries.entry(delivery).or_insert((entry, states));
        }
    }
}

/// The states that a delivery may be in after this entry, if no later one tells; none where it tells of no state.
const fn states_after(event: Event, permitted: bool) -> Option<&'static [DeliveryState]> {
    let after: &[DeliveryState] = match event {
        // Read again and again, before and after it was answered.
        Event::Fetch if permitted => &[
            DeliveryState::Released,
            DeliveryState::Acknowledged,
            DeliveryState::Rejected,
        ],
        Event::Acknowledged => &[DeliveryState::Acknowledged],
        Event::Rejected => &[DeliveryState::Rejected],
        Event::Withheld => &[DeliveryState::Withheld],
        Event::Expired => &[DeliveryState::Expired],
        _ => return None,
    };
    Some(after)
}

async fn consents(snapshot: &mut Snapshot, told: &Told) -> Result<(), Disagreement> {
    let ids: Vec<ConsentId> = told.consents.keys().copied().collect();
    let standing = snapshot.consents(&ids).await?;
    for (consent, (entry, revision, ends)) in &told.consents {
        let agrees = standing
            .get(consent)
            .is_some_and(|standing| (standing.revision, standing.has_ended) == (*revision, *ends));
        if !agrees {
            return Err(Disagreement::Consent {
                consent: *consent,
                entry: *entry,
            });
        }
    }
    Ok(())
}

async fn deliveries(snapshot: &mut Snapshot, told: &Told) -> Result<(), Disagreement> {
    let ids: Vec<DeliveryId> = told.deliveries.keys().copied().collect();
    let standing = snapshot.deliveries(&ids).await?;
    for (delivery, (entry, states)) in &told.deliveries {
        if !standing.get(delivery).is_some_and(|state| states.contains(state)) {
            return Err(Disagreement::Delivery {
                delivery: *delivery,
                entry: *entry,
            });
        }
    }
    Ok(())
}
