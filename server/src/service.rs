//! The only place where things happen: load → decide → commit, one file per aggregate.
//!
//! Services speak domain values. Certificates, gRPC codes, HTML and SQL are other rooms' business.

mod acting;
mod admission;
mod alarm;
pub mod audit;
pub mod consent;
pub mod decision;
pub mod directory;
mod error;
pub mod exchange;
pub mod expiry;
pub mod fact;
pub mod individual;
pub mod ledger;
mod may_know;
mod memory;
mod opaque;
mod page;
pub mod portal;
pub mod provision;
pub mod receipt;

use core::time::Duration;
use std::sync::Arc;

use jiff::Timestamp;
use samrum_consent::id::{EntryId, RequestId};
use samrum_consent::law::{Law, Role};
use samrum_proto::envelope::Randomness;
use samrum_proto::ledger::LogKey;
use samrum_proto::statement::{Signed, Ticket};
use tokio::sync::watch;
use uuid::{Builder, Uuid};

use crate::ledger::{ActingRecord, By, Concerned, Details, Event, new_entry, ticket};
use crate::store::{Change, Committed, Delivery, DeliveryBasis, Lane, NewEntry, Store, StoreError};
use memory::Memory;
use opaque::OpaqueIds;

pub use acting::{Acting, is_user_id};
pub use error::ServiceError;
pub use ledger::{LedgerReceipt, ReceiptReader};
pub use page::{Page, PageKey};

/// Shorthand for this room's results.
pub type Result<T, E = ServiceError> = std::result::Result<T, E>;

/// How often a change that lost a race is decided anew.
const ATTEMPTS: usize = 8;
/// How often a no is: oftener than a consent can change, so that nobody's changes can keep it waiting.
const ATTEMPTS_OF_A_NO: usize = 256;

/// Decides anew, on what is true by then, while another commit comes between reading and writing.
///
/// # Errors
/// The attempt's own; [`ServiceError::LostRace`] after the last.
pub async fn anew<T, F>(attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    anew_at_most(ATTEMPTS, attempt).await
}

/// The same for a no, which outlasts every change that can come between.
///
/// # Errors
/// The attempt's own.
pub async fn no_anew<T, F>(attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    anew_at_most(ATTEMPTS_OF_A_NO, attempt).await
}

async fn anew_at_most<T, F>(attempts: usize, mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    for _ in 1..attempts {
        match attempt().await {
            Err(ServiceError::LostRace) => {}
            settled => return settled,
        }
    }
    attempt().await
}

/// What a hub is made of.
pub struct HubParts {
    /// Facts, documents, entries.
    pub store: Arc<dyn Store>,
    /// Provisions and policy.
    pub law: Law,
    /// Signs tickets and checkpoints.
    pub log: LogKey,
    /// Ids, salts.
    pub randomness: Arc<dyn Randomness>,
    /// How long an unopened document waits.
    pub document_lifetime: Duration,
    /// How long a report of concern may wait unopened before both sides are alarmed.
    pub report_alarm: Duration,
    /// The largest sealed body, in bytes of text.
    pub max_body_bytes: usize,
}

/// The hub: everything that services share.
pub struct Hub {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) law: Law,
    pub(crate) log: LogKey,
    randomness: Arc<dyn Randomness>,
    document_lifetime: Duration,
    report_alarm: Duration,
    max_body_bytes: usize,
    page_key: PageKey,
    opaque_ids: OpaqueIds,
    memory: Memory,
}

/// A decision or change that has been written down.
#[derive(Debug)]
pub struct Recorded {
    /// The entry; for decisions also the decision's id.
    pub entry: EntryId,
    /// The hub's promise that it is durable.
    pub ticket: Signed<Ticket>,
}

/// A request's idempotency key with the keyed digest of its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Idempotency {
    /// Minted by the caller.
    pub id: RequestId,
    /// Keyed digest of what was asked.
    pub digest: [u8; 32],
}

impl Hub {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new(parts: HubParts) -> Result<Self> {
        Ok(Self {
            page_key: PageKey::mint(&*parts.randomness)?,
            opaque_ids: OpaqueIds::mint(&*parts.randomness)?,
            memory: Memory::of(parts.store.ready()),
            store: parts.store,
            law: parts.law,
            log: parts.log,
            randomness: parts.randomness,
            document_lifetime: parts.document_lifetime,
            report_alarm: parts.report_alarm,
            max_body_bytes: parts.max_body_bytes,
        })
    }

    /// Changes whenever something has been committed: what wakes streams and the sequencer.
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.store.committed()
    }

    /// The one time that counts.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn now(&self) -> Result<Timestamp> {
        Ok(self.store.now().await?)
    }

    /// The same, as it was just now: behind by what an answer of the store's takes, and rarely asked for.
    ///
    /// # Errors
    /// As [`Self::now`].
    pub async fn just_now(&self) -> Result<Timestamp> {
        Ok(self.store.just_now().await?)
    }

    /// What is kept of a request to recognise its repetition. Requests hold identity numbers and names: only
    /// the store's key makes of the digest something to compare.
    #[must_use]
    pub fn request_digest(&self, request: &[u8]) -> [u8; 32] {
        self.store.keyed_digest(request)
    }

    /// Where facts and documents are kept, for the sequencer.
    #[must_use]
    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The log's key, for the sequencer.
    #[must_use]
    pub(crate) const fn log(&self) -> &LogKey {
        &self.log
    }

    /// A fresh id: UUIDv7 (RFC 9562 §5.7).
    fn mint<T: From<Uuid>>(&self, now: Timestamp) -> Result<T> {
        let mut random = [0_u8; 10];
        self.randomness.fill(&mut random)?;
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Ok(T::from(
            Builder::from_unix_timestamp_millis(millis, &random).into_uuid(),
        ))
    }

    /// An id that is nothing but chance: UUIDv4 (RFC 9562 §5.4).
    fn mint_random<T: From<Uuid>>(&self) -> Result<T> {
        let mut random = [0_u8; 16];
        self.randomness.fill(&mut random)?;
        Ok(T::from(Builder::from_random_bytes(random).into_uuid()))
    }

    /// An id that tells nothing, not even when it was made, to whoever has no others of the same second.
    fn mint_opaque<T: From<Uuid>>(&self, now: Timestamp) -> Result<T> {
        self.opaque_ids.id(now, &*self.randomness)
    }

    /// The bare details of an entry: who did what, when.
    fn details(&self, event: Event, by: By, acting: Option<ActingRecord>, now: Timestamp) -> Result<Details> {
        let entry: EntryId = self.mint(now)?;
        Ok(Details {
            version: 1,
            entry: entry.to_string(),
            event,
            at: now,
            by,
            acting,
            matter: None,
            verdicts: Vec::new(),
            consent: None,
            search: None,
            named: std::collections::BTreeMap::new(),
        })
    }

    /// The entry that says this.
    fn entry(&self, details: &Details, concerned: Concerned) -> Result<NewEntry> {
        let id = details
            .entry
            .parse()
            .map_err(|_| ServiceError::Internal("an entry without an id"))?;
        Ok(new_entry(id, details, concerned, &*self.randomness)?)
    }

    /// Commits, wakes whoever waits, and answers with the first entry's ticket.
    async fn commit(&self, change: Change) -> Result<(Recorded, Committed)> {
        self.commit_in(Lane::Ordinary, change).await
    }

    /// The same, in this lane.
    async fn commit_in(&self, lane: Lane, change: Change) -> Result<(Recorded, Committed)> {
        let first = change
            .entries
            .first()
            .ok_or(ServiceError::Internal("a change without an entry"))?;
        let recorded = self.recorded(first.id, first.leaf_hash, first.at)?;
        let expects = change.expects.clone();
        self.memory.forget_written(&change);
        let alarms = alarm::alarming(&change);
        let committed = self.store.commit(lane, change).await;
        if matches!(committed, Err(StoreError::Stale)) {
            self.memory.forget_expected(&expects);
        }
        let committed = committed?;
        alarm::tell_operator(&alarms);
        Ok((recorded, committed))
    }

    /// Whether a delivery that rests on this provision is demanded by law.
    fn is_duty(&self, provision: &str) -> bool {
        let known = self.law.provision(provision);
        known.is_some_and(|provision| provision.role == Role::Duty)
    }

    /// The lane in which a delivery goes on, or ends: what a duty carries waits for nobody.
    fn lane_for(&self, delivery: &Delivery) -> Lane {
        match &delivery.basis {
            DeliveryBasis::Provision(id) if self.is_duty(id) => Lane::Duty,
            DeliveryBasis::Provision(_) | DeliveryBasis::Consents(_) => Lane::Ordinary,
        }
    }

    fn recorded(&self, entry: EntryId, leaf_hash: [u8; 32], at: Timestamp) -> Result<Recorded> {
        let ticket = ticket(entry, leaf_hash, at, &self.log)
            .map_err(|_| ServiceError::Internal("the log's name does not fit a ticket"))?;
        Ok(Recorded { entry, ticket })
    }

    /// What was recorded earlier, with the same ticket as then.
    async fn recorded_before(&self, entry: EntryId) -> Result<Recorded> {
        let stored = self
            .store
            .entry(entry)
            .await?
            .ok_or(ServiceError::Damaged { what: "entry" })?;
        self.recorded(stored.id, stored.leaf_hash, stored.at)
    }
}
