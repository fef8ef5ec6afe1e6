//! The embedded engine: two SQLite files in one folder, WAL, `synchronous=FULL`.
//!
//! `hub.db` holds facts and entries, `bodies.db` sealed bodies; `store.key`, beside them, seals personal
//! data. One writer at a time; readers never wait for it.

mod bodies;
mod commit;
mod committer;
mod consent;
mod directory;
mod exchange;
mod fact;
mod ledger;
mod open;
mod person;
mod row;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use samrum_consent::fact::{Individual, Unit};
use samrum_consent::id::{
    AuthorityId, ConsentId, DeliveryId, DocumentId, EntryId, FactId, IndividualId, OrganisationId, PersonId,
    RequestId, UnitId,
};
use samrum_consent::identity_number::IdentityNumber;
use sqlx::SqlitePool;

use super::clock::Clock;
use super::vault::Vault;
use super::{
    Admitted, Answered, Authority, Change, Committed, ConsentRecord, Delivery, Document, Entry, FactRecord,
    InboxEvent, IndividualRecord, Lane, NewBody, Organisation, Person, Result, SealedCopy, Sequenced, Store,
    SubjectRecord, UnitKey, UnitRecord,
};

use bodies::BodyWriter;
use committer::Committer;

pub use open::OpenError;

/// A hub's data in one folder.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    writer: SqlitePool,
    bodies: SqlitePool,
    committer: Arc<Committer>,
    body_writer: Arc<BodyWriter>,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
}

impl core::fmt::Debug for dyn Clock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Clock")
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn now(&self) -> Result<Timestamp> {
        // To the microsecond, as times are kept: what is answered now is what will be answered again.
        Timestamp::from_microsecond(self.clock.now().as_microsecond()).map_err(|_| row::damaged("clock"))
    }

    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>> {
        directory::organisation(&self.readers, id).await
    }

    async fn authorities(&self, organisation: OrganisationId) -> Result<Vec<Authority>> {
        directory::authorities(&self.readers, organisation).await
    }

    async fn unit(&self, id: UnitId) -> Result<Option<UnitRecord>> {
        directory::unit(&self.readers, id).await
    }

    async fn units(&self, after: Option<(String, UnitId)>, limit: u32) -> Result<Vec<UnitRecord>> {
        directory::units(&self.readers, after, limit).await
    }

    async fn units_of(&self, organisation: OrganisationId) -> Result<Vec<UnitId>> {
        directory::units_of(&self.readers, organisation).await
    }

    async fn units_of_authority(&self, authority: AuthorityId) -> Result<Vec<Unit>> {
        directory::units_of_authority(&self.readers, authority).await
    }

    async fn unit_keys(&self, unit: UnitId) -> Result<Vec<UnitKey>> {
        directory::unit_keys(&self.readers, unit).await
    }

    async fn unit_key(&self, key_id: [u8; 32]) -> Result<Option<UnitKey>> {
        directory::unit_key(&self.readers, key_id).await
    }

    async fn person_by_number(&self, number: &IdentityNumber) -> Result<Option<Person>> {
        person::by_number(&self.readers, &self.vault, number).await
    }

    async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        person::by_id(&self.readers, &self.vault, id).await
    }

    async fn individual(&self, id: IndividualId) -> Result<Option<IndividualRecord>> {
        person::individual(&self.readers, &self.vault, id).await
    }

    async fn facts_about(&self, id: IndividualId) -> Result<Option<Individual>> {
        person::facts_about(&self.readers, &self.vault, id, self.clock.now()).await
    }

    async fn facts_about_person(&self, id: PersonId) -> Result<Option<Individual>> {
        person::facts_about_person(&self.readers, &self.vault, id, self.clock.now()).await
    }

    async fn subject(&self, id: IndividualId) -> Result<Option<SubjectRecord>> {
        person::subject(&self.readers, &self.vault, id, self.clock.now()).await
    }

    async fn has_exchanged(&self, unit: UnitId, individual: IndividualId) -> Result<bool> {
        exchange::has_exchanged(&self.readers, unit, individual).await
    }

    async fn fact(&self, id: FactId) -> Result<Option<FactRecord>> {
        fact::by_id(&self.readers, &self.vault, id).await
    }

    async fn facts_of(
        &self,
        person: PersonId,
        unit: UnitId,
        after: Option<(Timestamp, FactId)>,
        limit: u32,
    ) -> Result<Vec<FactRecord>> {
        fact::of_unit(&self.readers, &self.vault, (person, unit), after, limit).await
    }

    async fn provisions_on(&self) -> Result<Vec<String>> {
        directory::provisions_on(&self.readers).await
    }

    async fn consent(&self, id: ConsentId) -> Result<Option<ConsentRecord>> {
        consent::by_id(&self.readers, id).await
    }

    async fn consents_about(&self, individual: IndividualId) -> Result<Vec<ConsentRecord>> {
        consent::about_individual(&self.readers, individual).await
    }

    async fn consents_of(&self, person: PersonId) -> Result<Vec<ConsentRecord>> {
        consent::about_person(&self.readers, person).await
    }

    async fn consents_asking(&self, person: PersonId) -> Result<Vec<ConsentRecord>> {
        consent::asking(&self.readers, person).await
    }

    async fn document(&self, sender: UnitId, id: DocumentId) -> Result<Option<Document>> {
        exchange::document(&self.readers, sender, id).await
    }

    async fn received(&self, recipient: UnitId, document: DocumentId, limit: u32) -> Result<Vec<Document>> {
        exchange::received(&self.readers, recipient, document, limit).await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>> {
        exchange::delivery(&self.readers, id).await
    }

    async fn deliveries(&self, sender: UnitId, document: DocumentId) -> Result<Vec<Delivery>> {
        exchange::deliveries(&self.readers, sender, document).await
    }

    async fn queued_on(&self, consent: ConsentId, limit: u32) -> Result<Vec<DeliveryId>> {
        exchange::queued_on(&self.readers, consent, limit).await
    }

    async fn queued_on_provision(&self, provision: &str, limit: u32) -> Result<Vec<DeliveryId>> {
        exchange::queued_on_provision(&self.readers, provision, limit).await
    }

    async fn queued_on_ended(&self, limit: u32) -> Result<Vec<DeliveryId>> {
        exchange::queued_on_ended(&self.readers, limit).await
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>> {
        exchange::overdue(&self.readers, now, limit).await
    }

    async fn inbox(&self, recipient: UnitId, after: i64, limit: u32) -> Result<Vec<InboxEvent>> {
        exchange::inbox(&self.readers, recipient, after, limit).await
    }

    fn keyed_digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.vault.digest(bytes)
    }

    async fn answered(&self, caller: &str, id: RequestId) -> Result<Option<Answered>> {
        ledger::answered(&self.readers, caller, id).await
    }

    async fn session(&self, token_hash: [u8; 32], now: Timestamp) -> Result<Option<PersonId>> {
        person::session(&self.readers, token_hash, now).await
    }

    async fn entry(&self, id: EntryId) -> Result<Option<Entry>> {
        ledger::entry(&self.readers, id).await
    }

    async fn entry_concerns(&self, id: EntryId, unit: UnitId) -> Result<bool> {
        ledger::concerns(&self.readers, id, unit).await
    }

    async fn entry_within(&self, id: EntryId, organisation: OrganisationId) -> Result<bool> {
        ledger::within(&self.readers, id, organisation).await
    }

    async fn entries_about(
        &self,
        person: PersonId,
        organisation: OrganisationId,
        period: (Timestamp, Timestamp),
        after: i64,
        limit: u32,
    ) -> Result<Vec<Entry>> {
        ledger::about(&self.readers, person, organisation, period, after, limit).await
    }

    async fn unsequenced(&self, limit: u32) -> Result<Vec<Entry>> {
        ledger::unsequenced(&self.readers, limit).await
    }

    async fn checkpoint(&self) -> Result<Option<(u64, u64, Vec<u8>)>> {
        let mut connection = self.readers.acquire().await.map_err(row::unavailable)?;
        ledger::checkpoint(&mut connection).await
    }

    async fn node(&self, level: u8, position: u64) -> Result<Option<[u8; 32]>> {
        ledger::node(&self.readers, level, position).await
    }

    async fn put_body(&self, lane: Lane, body: NewBody) -> Result<()> {
        self.body_writer.put(lane, body).await
    }

    async fn commit(&self, lane: Lane, change: Change) -> Result<Committed> {
        self.committer.commit(lane, change).await
    }

    async fn sequence(&self, batch: Sequenced) -> Result<()> {
        ledger::sequence(&self.writer, batch).await
    }

    async fn release(&self, admitted: Admitted) -> Result<SealedCopy> {
        exchange::release(&self.readers, &self.bodies, admitted).await
    }
}
