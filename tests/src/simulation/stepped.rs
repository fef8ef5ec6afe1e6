//! The real store, one call at a time, each when the scheduler says so; bent where a promise is to be broken.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::Timestamp;
use samrum_consent::consent::State;
use samrum_consent::fact::{Individual, Unit};
use samrum_consent::id::{
    AuthorityId, ConsentId, DeliveryId, DocumentId, EntryId, FactId, IndividualId, OrganisationId, PersonId,
    RequestId, UnitId,
};
use samrum_consent::identity_number::IdentityNumber;
use samrum_server::store::{
    Admitted, Answered, Authority, Change, Committed, ConsentRecord, Delivery, Document, Due, Entry,
    FactRecord, InboxEvent, IndividualRecord, Lane, Organisation, Person, Result, SealedCopy, Sequenced,
    Store, StoreError, SubjectRecord, UnitKey, UnitRecord, Write,
};
use tokio::sync::watch;
use uuid::Uuid;

use super::chance::Chance;
use super::sabotage::Sabotage;
use super::turn::{Call, Turn, Turns};

/// Every how many changes one is forgotten.
const FORGOTTEN: usize = 5;
/// Every how many inbox events one is lost.
const LOST: i64 = 7;
/// Every how many entries one is rewritten.
const REWRITTEN: usize = 11;

/// What was seen of the store, across crashes of the hub.
#[derive(Default)]
pub(super) struct Seen {
    /// Entries of committed changes, in the order of their commits.
    pub(super) entries: Vec<EntryId>,
    /// Changes that were stale.
    pub(super) stale: usize,
    /// Changes that committed.
    pub(super) commits: usize,
    /// Subjects as they were first read, for a store that answers what was.
    subjects: BTreeMap<IndividualId, SubjectRecord>,
    /// People one of whose consents has ended.
    ended: BTreeSet<PersonId>,
    /// Documents that were committed.
    documents: BTreeSet<DocumentId>,
}

/// The store that hubs are given.
pub(super) struct SteppedStore {
    pub(super) inner: Arc<dyn Store>,
    /// Where changes go that are to be forgotten.
    pub(super) elsewhere: Option<Arc<dyn Store>>,
    pub(super) turns: Arc<Turns>,
    pub(super) seen: Arc<Mutex<Seen>>,
    pub(super) sabotage: Option<Sabotage>,
}

impl SteppedStore {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    fn bent_by(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }

    /// What the sabotage makes of a change before it commits.
    fn bend(&self, change: &mut Change) {
        let mut seen = self.seen();
        if self.sabotage.is_some_and(Sabotage::skips_revisions) {
            change.expects.clear();
        }
        if self.bent_by(Sabotage::StaleRead) {
            for write in &change.writes {
                if let Write::Consent(next) = write
                    && matches!(next.state, State::Ended { .. })
                {
                    seen.ended.insert(next.individual);
                }
            }
        }
        if self.bent_by(Sabotage::Rewrite) && seen.commits % REWRITTEN == 1 {
            for entry in &mut change.entries {
                if let Some(last) = entry.leaf.last_mut() {
                    *last ^= 1;
                }
            }
        }
        if self.bent_by(Sabotage::Twice) {
            keep_as_new(&mut change.writes, &mut seen.documents);
        }
    }

    async fn write_down(&self, lane: Lane, mut change: Change) -> Result<Committed> {
        self.bend(&mut change);
        let entries: Vec<EntryId> = change.entries.iter().map(|entry| entry.id).collect();
        let releases = change
            .writes
            .iter()
            .any(|write| matches!(write, Write::Release(..)));
        let forgotten = self
            .elsewhere
            .as_ref()
            .filter(|_| !releases && self.seen().commits % FORGOTTEN == 4);
        let outcome = match forgotten {
            Some(elsewhere) => {
                let mut told = Change {
                    entries: change.entries,
                    ..Change::default()
                };
                for entry in &mut told.entries {
                    // Nobody is known there.
                    entry.units.clear();
                    entry.organisations.clear();
                    entry.people.clear();
                }
                elsewhere.commit(lane, told).await
            }
            None => self.inner.commit(lane, change).await,
        };
        let mut seen = self.seen();
        match &outcome {
            Ok(_) => {
                seen.entries.extend(entries);
                seen.commits += 1;
            }
            Err(StoreError::Stale) => seen.stale += 1,
            Err(_) => {}
        }
        outcome
    }

    /// A subject as it is; or, where that promise is to be broken, as it was before one of its consents ended.
    fn remembered(&self, subject: Option<SubjectRecord>) -> Option<SubjectRecord> {
        if !self.bent_by(Sabotage::StaleRead) {
            return subject;
        }
        let subject = subject?;
        let mut seen = self.seen();
        let before = seen.subjects.get(&subject.subject.id).cloned();
        match before.filter(|_| seen.ended.contains(&subject.subject.individual.person)) {
            Some(before) => Some(before),
            None => {
                seen.subjects.insert(subject.subject.id, subject.clone());
                Some(subject)
            }
        }
    }
}

/// Gives a document that was committed before another id, so that the store takes it for a new one.
fn keep_as_new(writes: &mut [Write], known: &mut BTreeSet<DocumentId>) {
    let sent = writes.iter().find_map(|write| match write {
        Write::Document { document, .. } => Some(document.id),
        _ => None,
    });
    let Some(sent) = sent else { return };
    if known.insert(sent) {
        return;
    }
    let seed = u64::from_be_bytes(sent.as_bytes()[8..].try_into().unwrap());
    let other = DocumentId::from_bytes(Chance::apart(seed, known.len() as u64).bytes());
    known.insert(other);
    for write in writes {
        match write {
            Write::Document { document, .. } => document.id = other,
            Write::NewDelivery { delivery, .. } => delivery.document = other,
            _ => {}
        }
    }
}

macro_rules! stepped {
    ($(async fn $read:ident(&self $(, $argument:ident: $type:ty)*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Store for SteppedStore {
            $(async fn $read(&self $(, $argument: $type)*) -> Result<$answer> {
                self.turns.wait(Call::Read).await;
                self.inner.$read($($argument),*).await
            })*

            fn committed(&self) -> watch::Receiver<u64> {
                self.inner.committed()
            }

            fn ready(&self) -> watch::Receiver<bool> {
                self.inner.ready()
            }

            fn keyed_digest(&self, bytes: &[u8]) -> [u8; 32] {
                self.inner.keyed_digest(bytes)
            }

            async fn subject(&self, id: IndividualId) -> Result<Option<SubjectRecord>> {
                self.turns.wait(Call::Read).await;
                Ok(self.remembered(self.inner.subject(id).await?))
            }

            async fn document(&self, sender: UnitId, id: DocumentId) -> Result<Option<Document>> {
                self.turns.wait(Call::Read).await;
                let found = self.inner.document(sender, id).await?;
                // Who looks for the delivery first, releases or answers; who looks for the document first, sends.
                let hidden = self.bent_by(Sabotage::Twice) && self.turns.is_first();
                Ok(found.filter(|_| !hidden))
            }

            async fn inbox(&self, recipient: UnitId, after: i64, limit: u32) -> Result<Vec<InboxEvent>> {
                self.turns.wait(Call::Read).await;
                let mut events = self.inner.inbox(recipient, after, limit).await?;
                if self.bent_by(Sabotage::LoseEvent) {
                    events.retain(|event| event.position % LOST != 0);
                }
                Ok(events)
            }

            async fn commit(&self, lane: Lane, change: Change) -> Result<Committed> {
                self.turns.wait(Call::Commit).await;
                let outcome = self.write_down(lane, change).await;
                heard(self.turns.wait(Call::Outcome).await, outcome)
            }

            async fn sequence(&self, batch: Sequenced) -> Result<()> {
                // Alone: it does not share a transaction with anybody.
                self.turns.wait(Call::Read).await;
                let outcome = self.inner.sequence(batch).await;
                heard(self.turns.wait(Call::Outcome).await, outcome)
            }
        }
    };
}

/// What an operation hears of its write.
fn heard<T>(turn: Turn, outcome: Result<T>) -> Result<T> {
    match turn {
        Turn::Fair => outcome,
        Turn::Cut => Err(StoreError::Unavailable("the connection was cut".into())),
    }
}

stepped! {
    async fn lease(&self, task: &'static str, holder: Uuid, period: Duration) -> Option<u64>;
    async fn now(&self) -> Timestamp;
    async fn just_now(&self) -> Timestamp;
    async fn inboxes(&self, after: i64, limit: u32) -> Vec<(UnitId, InboxEvent)>;
    async fn inboxes_end(&self) -> i64;
    async fn organisation(&self, id: OrganisationId) -> Option<Organisation>;
    async fn authorities(&self, organisation: OrganisationId) -> Vec<Authority>;
    async fn unit(&self, id: UnitId) -> Option<UnitRecord>;
    async fn units(&self, after: Option<(String, UnitId)>, limit: u32) -> Vec<UnitRecord>;
    async fn units_of(&self, organisation: OrganisationId) -> Vec<UnitId>;
    async fn units_of_authority(&self, authority: AuthorityId) -> Vec<Unit>;
    async fn unit_keys(&self, unit: UnitId) -> Vec<UnitKey>;
    async fn unit_key(&self, key_id: [u8; 32]) -> Option<UnitKey>;
    async fn sealed_to(&self, delivery: DeliveryId) -> Option<UnitKey>;
    async fn queued_to_key(&self, recipient: UnitId, key_id: [u8; 32], limit: u32) -> Vec<DeliveryId>;
    async fn person_by_number(&self, number: &IdentityNumber) -> Option<Person>;
    async fn person(&self, id: PersonId) -> Option<Person>;
    async fn individual(&self, id: IndividualId) -> Option<IndividualRecord>;
    async fn facts_about(&self, id: IndividualId) -> Option<Individual>;
    async fn facts_about_person(&self, id: PersonId) -> Option<Individual>;
    async fn has_exchanged(&self, unit: UnitId, individual: IndividualId) -> bool;
    async fn fact(&self, id: FactId) -> Option<FactRecord>;
    async fn facts_of(&self, person: PersonId, unit: UnitId, after: Option<(Timestamp, FactId)>, limit: u32) -> Vec<FactRecord>;
    async fn provisions_on(&self) -> Vec<String>;
    async fn consent(&self, id: ConsentId) -> Option<ConsentRecord>;
    async fn consents_about(&self, individual: IndividualId) -> Vec<ConsentRecord>;
    async fn consents_of(&self, person: PersonId) -> Vec<ConsentRecord>;
    async fn consents_asking(&self, person: PersonId) -> Vec<ConsentRecord>;
    async fn received(&self, recipient: UnitId, document: DocumentId, limit: u32) -> Vec<Document>;
    async fn delivery(&self, id: DeliveryId) -> Option<Delivery>;
    async fn deliveries(&self, sender: UnitId, document: DocumentId) -> Vec<Delivery>;
    async fn queued_on(&self, consent: ConsentId, limit: u32) -> Vec<DeliveryId>;
    async fn queued_on_provision(&self, provision: &str, limit: u32) -> Vec<DeliveryId>;
    async fn queued_on_ended(&self, limit: u32) -> Vec<DeliveryId>;
    async fn overdue(&self, now: Timestamp, limit: u32) -> Vec<Delivery>;
    async fn alarming(&self, now: Timestamp, limit: u32) -> Vec<Due>;
    async fn answered(&self, caller: &str, id: RequestId) -> Option<Answered>;
    async fn session(&self, token_hash: [u8; 32], now: Timestamp) -> Option<PersonId>;
    async fn entry(&self, id: EntryId) -> Option<Entry>;
    async fn entry_concerns(&self, id: EntryId, unit: UnitId) -> bool;
    async fn entry_within(&self, id: EntryId, organisation: OrganisationId) -> bool;
    async fn entries_about(&self, person: PersonId, organisation: OrganisationId, period: (Timestamp, Timestamp), after: i64, limit: u32) -> Vec<Entry>;
    async fn unsequenced(&self, limit: u32) -> Vec<(EntryId, [u8; 32])>;
    async fn checkpoint(&self) -> Option<(u64, u64, Vec<u8>)>;
    async fn node(&self, level: u8, position: u64) -> Option<[u8; 32]>;
    async fn release(&self, admitted: Admitted) -> SealedCopy;
}
