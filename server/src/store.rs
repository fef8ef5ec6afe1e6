//! Where facts, documents and entries are kept: one interface in domain terms, two engines.
//!
//! Reading is many small questions. Writing is one act: a [`Change`] commits whole, with the facts it read
//! unchanged, together with the ledger entries that tell of it, or not at all. SQL lives in the engines and
//! nowhere else. What was decided and why is not judged here.

mod admitted;
mod change;
mod clock;
mod fact;
mod key;
pub mod postgres;
mod queue;
mod record;
mod sql;
pub mod sqlite;
mod vault;

use core::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use samrum_consent::fact::{Individual, Unit};
use samrum_consent::id::{
    AuthorityId, ConsentId, DeliveryId, DocumentId, EntryId, FactId, IndividualId, OrganisationId, PersonId,
    RequestId, UnitId,
};
use samrum_consent::identity_number::IdentityNumber;
use tokio::sync::watch;
use uuid::Uuid;

pub use admitted::{Admitted, SealedCopy};
pub use change::{Change, Committed, Expect, NewEntry, Write};
pub use clock::{Clock, SystemClock};
pub use fact::{Attestation, FactRecord, Finding, RegisterFacts, WrittenGuardian};
pub use queue::Lane;
pub use record::{
    Answered, Authority, ConsentRecord, Delivery, DeliveryBasis, DeliveryState, Document, Due, Entry,
    InboxEvent, IndividualRecord, KeyState, Organisation, Person, Sequenced, SubjectRecord, UnitKey,
    UnitRecord,
};
pub use sql::SqlStore;
pub use sql::snapshot::{ConsentStanding, Places, Snapshot};

/// What can go wrong with the store. Sorted by whose fault it is.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The facts changed between reading and writing: read and decide anew.
    #[error("the facts changed while the change was being decided")]
    Stale,
    /// Another sequencer has taken over.
    #[error("another sequencer has extended the log")]
    Fenced,
    /// What is stored does not match its hash, key or form.
    #[error("stored {what} is damaged")]
    Damaged {
        /// What kind of thing.
        what: &'static str,
    },
    /// As much waits to be written as may.
    #[error("as many changes wait as may")]
    Busy,
    /// The database does not answer.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Shorthand for this module's results.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Facts, documents and entries, in domain terms.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Changes whenever something has been committed, here or on another node. What waits looks again then, and from
    /// time to time without being told.
    fn committed(&self) -> watch::Receiver<u64>;
    /// Whether the database can be reached and takes writes.
    fn ready(&self) -> watch::Receiver<bool>;
    /// Takes or keeps a task that one hub does for all: for this long, unless it asks again. Answers with the epoch,
    /// which grows whenever another takes over; none while another has it.
    async fn lease(&self, task: &'static str, holder: Uuid, period: Duration) -> Result<Option<u64>>;
    /// The one time that counts.
    async fn now(&self) -> Result<Timestamp>;
    /// The same, behind by what an answer of the store's takes, but without asking it each time. It permits nothing that
    /// the commit does not confirm; whoever would be turned away by it is decided anew, but for a certificate that ended.
    async fn just_now(&self) -> Result<Timestamp>;

    /// An organisation.
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>>;
    /// The authorities of an organisation, by id.
    async fn authorities(&self, organisation: OrganisationId) -> Result<Vec<Authority>>;
    /// A unit.
    async fn unit(&self, id: UnitId) -> Result<Option<UnitRecord>>;
    /// Units by name and id, from after the given one; at most `limit`.
    async fn units(&self, after: Option<(String, UnitId)>, limit: u32) -> Result<Vec<UnitRecord>>;
    /// The units of an organisation.
    async fn units_of(&self, organisation: OrganisationId) -> Result<Vec<UnitId>>;
    /// The units of an authority.
    async fn units_of_authority(&self, authority: AuthorityId) -> Result<Vec<Unit>>;
    /// A unit's keys, newest first.
    async fn unit_keys(&self, unit: UnitId) -> Result<Vec<UnitKey>>;
    /// One key.
    async fn unit_key(&self, key_id: [u8; 32]) -> Result<Option<UnitKey>>;
    /// The recipient's key that a delivery is sealed to; nothing of its slip besides.
    async fn sealed_to(&self, delivery: DeliveryId) -> Result<Option<UnitKey>>;

    /// A person by identity number, looked up by keyed hash.
    async fn person_by_number(&self, number: &IdentityNumber) -> Result<Option<Person>>;
    /// A person.
    async fn person(&self, id: PersonId) -> Result<Option<Person>>;
    /// A person as a case knows them.
    async fn individual(&self, id: IndividualId) -> Result<Option<IndividualRecord>>;
    /// What is recorded of the person behind this id and still counts, without their consents.
    async fn facts_about(&self, id: IndividualId) -> Result<Option<Individual>>;
    /// The same of a person.
    async fn facts_about_person(&self, id: PersonId) -> Result<Option<Individual>>;
    /// Everything a decision reads about the person behind this id.
    async fn subject(&self, id: IndividualId) -> Result<Option<SubjectRecord>>;
    /// Whether a document about this individual was sent by the unit or has been released to it.
    async fn has_exchanged(&self, unit: UnitId, individual: IndividualId) -> Result<bool>;
    /// A fact that a unit recorded.
    async fn fact(&self, id: FactId) -> Result<Option<FactRecord>>;
    /// What one unit has recorded about a person, newest first, from after the given one; at most `limit`.
    async fn facts_of(
        &self,
        person: PersonId,
        unit: UnitId,
        after: Option<(Timestamp, FactId)>,
        limit: u32,
    ) -> Result<Vec<FactRecord>>;
    /// Ids of permitting provisions that are turned on.
    async fn provisions_on(&self) -> Result<Vec<String>>;

    /// A consent.
    async fn consent(&self, id: ConsentId) -> Result<Option<ConsentRecord>>;
    /// The consents about one individual, oldest first.
    async fn consents_about(&self, individual: IndividualId) -> Result<Vec<ConsentRecord>>;
    /// The consents about one person in every case, oldest first.
    async fn consents_of(&self, person: PersonId) -> Result<Vec<ConsentRecord>>;
    /// The consents that ask this person, newest first.
    async fn consents_asking(&self, person: PersonId) -> Result<Vec<ConsentRecord>>;

    /// A document.
    async fn document(&self, sender: UnitId, id: DocumentId) -> Result<Option<Document>>;
    /// What a unit has received under this document id, whoever minted it; at most `limit`.
    async fn received(&self, recipient: UnitId, document: DocumentId, limit: u32) -> Result<Vec<Document>>;
    /// One delivery.
    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>>;
    /// A document's deliveries, in the order of their ids.
    async fn deliveries(&self, sender: UnitId, document: DocumentId) -> Result<Vec<Delivery>>;
    /// Deliveries still queued that rest on this consent; at most `limit`.
    async fn queued_on(&self, consent: ConsentId, limit: u32) -> Result<Vec<DeliveryId>>;
    /// Deliveries to this unit still queued that are sealed to this key of its; at most `limit`.
    async fn queued_to_key(&self, recipient: UnitId, key_id: [u8; 32], limit: u32)
    -> Result<Vec<DeliveryId>>;
    /// Deliveries still queued that rest on this provision; at most `limit`.
    async fn queued_on_provision(&self, provision: &str, limit: u32) -> Result<Vec<DeliveryId>>;
    /// Deliveries still queued that rest on a consent which has ended; at most `limit`.
    async fn queued_on_ended(&self, limit: u32) -> Result<Vec<DeliveryId>>;
    /// Deliveries still queued whose time has run out; at most `limit`. One that cannot be read is passed over.
    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>>;
    /// Deliveries, queued or released, whose alarm is due and was never given; senders take turns, the longest due of
    /// each first.
    async fn alarming(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>>;
    /// What an inbox is told after this position, in order; at most `limit`.
    async fn inbox(&self, recipient: UnitId, after: i64, limit: u32) -> Result<Vec<InboxEvent>>;
    /// What all inboxes are told after this position, in order, each with whose it is; at most `limit`.
    async fn inboxes(&self, after: i64, limit: u32) -> Result<Vec<(UnitId, InboxEvent)>>;
    /// The position of the newest event of all inboxes; nought where there is none.
    async fn inboxes_end(&self) -> Result<i64>;

    /// A digest that tells nothing to whoever has the database without its key.
    fn keyed_digest(&self, bytes: &[u8]) -> [u8; 32];
    /// The stored answer to a request.
    async fn answered(&self, caller: &str, id: RequestId) -> Result<Option<Answered>>;
    /// The person behind a session that has not expired.
    async fn session(&self, token_hash: [u8; 32], now: Timestamp) -> Result<Option<PersonId>>;

    /// One entry.
    async fn entry(&self, id: EntryId) -> Result<Option<Entry>>;
    /// Whether the entry concerns the unit.
    async fn entry_concerns(&self, id: EntryId, unit: UnitId) -> Result<bool>;
    /// Whether the entry is the organisation's own, or concerns one of its units.
    async fn entry_within(&self, id: EntryId, organisation: OrganisationId) -> Result<bool>;
    /// Entries about a person that concern an organisation, in `[from, until)`, oldest first, after the
    /// given arrival; at most `limit`.
    async fn entries_about(
        &self,
        person: PersonId,
        organisation: OrganisationId,
        period: (Timestamp, Timestamp),
        after: i64,
        limit: u32,
    ) -> Result<Vec<Entry>>;
    /// Entries that wait for their place in the log with their leaf hashes, in order of arrival.
    async fn unsequenced(&self, limit: u32) -> Result<Vec<(EntryId, [u8; 32])>>;
    /// Size, epoch and signed note of the newest checkpoint.
    async fn checkpoint(&self) -> Result<Option<(u64, u64, Vec<u8>)>>;
    /// The hash of a complete subtree.
    async fn node(&self, level: u8, position: u64) -> Result<Option<[u8; 32]>>;

    /// Commits a change and its entries, durably, or nothing of it. Changes that wait at once may share a
    /// transaction; each keeps its own fate.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when an expectation no longer holds; [`StoreError::Busy`] when as many wait as may.
    async fn commit(&self, lane: Lane, change: Change) -> Result<Committed>;
    /// Gives entries their places, stores nodes and checkpoint, if size and epoch are still as expected.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when they are not.
    async fn sequence(&self, batch: Sequenced) -> Result<()>;
    /// Hands out one recipient's copy. Takes the admission by value: nothing else opens this door.
    async fn release(&self, admitted: Admitted) -> Result<SealedCopy>;
}
