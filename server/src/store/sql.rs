//! Tables and their SQL, written once for both engines.
//!
//! What differs between them lies in `statement` and `session` and in how each is opened (`store::sqlite`,
//! `store::postgres`). Readers never wait for writers; writers take turns.

mod bodies;
mod columns;
mod commit;
mod committer;
mod consent;
mod directory;
mod exchange;
mod fact;
pub(super) mod insert;
mod lease;
mod ledger;
mod person;
pub(super) mod row;
mod server_time;
pub(super) mod session;
pub(super) mod snapshot;
pub(super) mod statement;

use core::time::Duration;
use std::sync::Arc;

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

use super::clock::Clock;
use super::vault::Vault;
use super::{
    Admitted, Answered, Authority, Change, Committed, ConsentRecord, Delivery, Document, Due, Entry,
    FactRecord, InboxEvent, IndividualRecord, Lane, Organisation, Person, Result, SealedCopy, Sequenced,
    Store, SubjectRecord, UnitKey, UnitRecord,
};

use bodies::BodiesAhead;
pub(super) use committer::Newest;
use committer::{Committer, Writer};
use server_time::ServerTime;
use session::Session;
use statement::Pool;

/// A hub's data, in either engine.
#[derive(Debug, Clone)]
pub struct SqlStore {
    pools: Pools,
    committer: Arc<Committer>,
    bodies_ahead: Option<Arc<BodiesAhead>>,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    signals: Signals,
}

/// What a store tells without being asked.
#[derive(Debug, Clone)]
pub(super) struct Signals {
    /// Counts commits.
    pub(super) committed: watch::Sender<u64>,
    /// Whether the database can be reached and takes writes.
    pub(super) ready: watch::Sender<bool>,
    /// The newest entry of this hub that is durable.
    pub(super) newest: Newest,
    /// The time of a server that has been heard lately.
    pub(super) server_time: Arc<ServerTime>,
}

/// Connections by what they are for.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    /// To read facts, deliveries and entries.
    pub(super) readers: Pool,
    /// To write them.
    pub(super) writer: Pool,
    /// To write sealed bodies ahead of the changes that name them, where many hubs wait for one writer's turn.
    pub(super) ahead: Option<Pool>,
}

impl core::fmt::Debug for dyn Clock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Clock")
    }
}

impl SqlStore {
    /// On connections to a database whose schema is up to date.
    pub(super) fn on(pools: Pools, vault: Arc<Vault>, clock: Arc<dyn Clock>, signals: Signals) -> Self {
        let writer = Writer {
            pool: pools.writer.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            committed: signals.committed.clone(),
            ready: signals.ready.subscribe(),
            newest: signals.newest.clone(),
            server_time: signals.server_time.clone(),
        };
        Self {
            committer: Arc::new(Committer::start(writer)),
            bodies_ahead: pools.ahead.clone().map(BodiesAhead::start).map(Arc::new),
            pools,
            vault,
            clock,
            signals,
        }
    }

    /// Closes every connection; what was committed is durable.
    pub async fn close(&self) {
        self.pools.readers.close().await;
        self.pools.writer.close().await;
        if let Some(ahead) = &self.pools.ahead {
            ahead.close().await;
        }
    }
}

#[async_trait]
impl Store for SqlStore {
    fn committed(&self) -> watch::Receiver<u64> {
        self.signals.committed.subscribe()
    }

    fn ready(&self) -> watch::Receiver<bool> {
        self.signals.ready.subscribe()
    }

    async fn lease(&self, task: &'static str, holder: Uuid, period: Duration) -> Result<Option<u64>> {
        match &self.pools.writer {
            // One process has the file.
            Pool::Sqlite(_) => Ok(Some(1)),
            Pool::Postgres(_) => lease::take(&self.pools.writer, &*self.clock, (task, holder), period).await,
        }
    }

    async fn now(&self) -> Result<Timestamp> {
        self.pools.readers.now(&*self.clock).await
    }

    async fn just_now(&self) -> Result<Timestamp> {
        let time = &self.signals.server_time;
        match &self.pools.readers {
            // The clock of this machine costs nothing.
            Pool::Sqlite(_) => self.now().await,
            Pool::Postgres(_) => match time.just_now() {
                Some(counted) => Ok(counted),
                None => self.now().await.inspect(|now| time.heard(*now)),
            },
        }
    }

    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>> {
        directory::organisation(&self.pools.readers, id).await
    }

    async fn authorities(&self, organisation: OrganisationId) -> Result<Vec<Authority>> {
        directory::authorities(&self.pools.readers, organisation).await
    }

    async fn unit(&self, id: UnitId) -> Result<Option<UnitRecord>> {
        directory::unit(&self.pools.readers, id).await
    }

    async fn units(&self, after: Option<(String, UnitId)>, limit: u32) -> Result<Vec<UnitRecord>> {
        directory::units(&self.pools.readers, after, limit).await
    }

    async fn units_of(&self, organisation: OrganisationId) -> Result<Vec<UnitId>> {
        directory::units_of(&self.pools.readers, organisation).await
    }

    async fn units_of_authority(&self, authority: AuthorityId) -> Result<Vec<Unit>> {
        directory::units_of_authority(&self.pools.readers, authority).await
    }

    async fn unit_keys(&self, unit: UnitId) -> Result<Vec<UnitKey>> {
        directory::unit_keys(&self.pools.readers, unit).await
    }

    async fn unit_key(&self, key_id: [u8; 32]) -> Result<Option<UnitKey>> {
        directory::unit_key(&self.pools.readers, key_id).await
    }

    async fn sealed_to(&self, delivery: DeliveryId) -> Result<Option<UnitKey>> {
        directory::sealed_to(&self.pools.readers, delivery).await
    }

    async fn person_by_number(&self, number: &IdentityNumber) -> Result<Option<Person>> {
        person::by_number(&self.pools.readers, &self.vault, number).await
    }

    async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        person::by_id(&self.pools.readers, &self.vault, id).await
    }

    async fn individual(&self, id: IndividualId) -> Result<Option<IndividualRecord>> {
        person::individual(&self.pools.readers, &self.vault, id).await
    }

    async fn facts_about(&self, id: IndividualId) -> Result<Option<Individual>> {
        person::facts_about(&self.pools.readers, &self.vault, id, self.now().await?).await
    }

    async fn facts_about_person(&self, id: PersonId) -> Result<Option<Individual>> {
        person::facts_about_person(&self.pools.readers, &self.vault, id, self.now().await?).await
    }

    async fn subject(&self, id: IndividualId) -> Result<Option<SubjectRecord>> {
        person::subject(&self.pools.readers, &self.vault, id, self.now().await?).await
    }

    async fn has_exchanged(&self, unit: UnitId, individual: IndividualId) -> Result<bool> {
        exchange::has_exchanged(&self.pools.readers, unit, individual).await
    }

    async fn fact(&self, id: FactId) -> Result<Option<FactRecord>> {
        fact::by_id(&self.pools.readers, &self.vault, id).await
    }

    async fn facts_of(
        &self,
        person: PersonId,
        unit: UnitId,
        after: Option<(Timestamp, FactId)>,
        limit: u32,
    ) -> Result<Vec<FactRecord>> {
        fact::of_unit(&self.pools.readers, &self.vault, (person, unit), after, limit).await
    }

    async fn provisions_on(&self) -> Result<Vec<String>> {
        directory::provisions_on(&self.pools.readers).await
    }

    async fn consent(&self, id: ConsentId) -> Result<Option<ConsentRecord>> {
        consent::by_id(&self.pools.readers, id).await
    }

    async fn consents_about(&self, individual: IndividualId) -> Result<Vec<ConsentRecord>> {
        consent::about_individual(&self.pools.readers, individual).await
    }

    async fn consents_of(&self, person: PersonId) -> Result<Vec<ConsentRecord>> {
        consent::about_person(&self.pools.readers, person).await
    }

    async fn consents_asking(&self, person: PersonId) -> Result<Vec<ConsentRecord>> {
        consent::asking(&self.pools.readers, person).await
    }

    async fn document(&self, sender: UnitId, id: DocumentId) -> Result<Option<Document>> {
        exchange::document(&self.pools.readers, sender, id).await
    }

    async fn received(&self, recipient: UnitId, document: DocumentId, limit: u32) -> Result<Vec<Document>> {
        exchange::received(&self.pools.readers, recipient, document, limit).await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>> {
        exchange::delivery(&self.pools.readers, id).await
    }

    async fn deliveries(&self, sender: UnitId, document: DocumentId) -> Result<Vec<Delivery>> {
        exchange::deliveries(&self.pools.readers, sender, document).await
    }

    async fn queued_on(&self, consent: ConsentId, limit: u32) -> Result<Vec<DeliveryId>> {
        exchange::queued_on(&self.pools.readers, consent, limit).await
    }

    async fn queued_to_key(
        &self,
        recipient: UnitId,
        key_id: [u8; 32],
        limit: u32,
    ) -> Result<Vec<DeliveryId>> {
        exchange::queued_to_key(&self.pools.readers, recipient, key_id, limit).await
    }

    async fn queued_on_provision(&self, provision: &str, limit: u32) -> Result<Vec<DeliveryId>> {
        exchange::queued_on_provision(&self.pools.readers, provision, limit).await
    }

    async fn queued_on_ended(&self, limit: u32) -> Result<Vec<DeliveryId>> {
        exchange::queued_on_ended(&self.pools.readers, limit).await
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>> {
        exchange::overdue(&self.pools.readers, now, limit).await
    }

    async fn alarming(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>> {
        exchange::alarming(&self.pools.readers, now, limit).await
    }

    async fn inbox(&self, recipient: UnitId, after: i64, limit: u32) -> Result<Vec<InboxEvent>> {
        exchange::inbox(&self.pools.readers, recipient, after, limit).await
    }

    async fn inboxes(&self, after: i64, limit: u32) -> Result<Vec<(UnitId, InboxEvent)>> {
        exchange::inboxes(&self.pools.readers, after, limit).await
    }

    async fn inboxes_end(&self) -> Result<i64> {
        exchange::inboxes_end(&self.pools.readers).await
    }

    fn keyed_digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.vault.digest(bytes)
    }

    async fn answered(&self, caller: &str, id: RequestId) -> Result<Option<Answered>> {
        ledger::answered(&self.pools.readers, caller, id).await
    }

    async fn session(&self, token_hash: [u8; 32], now: Timestamp) -> Result<Option<PersonId>> {
        person::session(&self.pools.readers, token_hash, now).await
    }

    async fn entry(&self, id: EntryId) -> Result<Option<Entry>> {
        ledger::entry(&self.pools.readers, id).await
    }

    async fn entry_concerns(&self, id: EntryId, unit: UnitId) -> Result<bool> {
        ledger::concerns(&self.pools.readers, id, unit).await
    }

    async fn entry_within(&self, id: EntryId, organisation: OrganisationId) -> Result<bool> {
        ledger::within(&self.pools.readers, id, organisation).await
    }

    async fn entries_about(
        &self,
        person: PersonId,
        organisation: OrganisationId,
        period: (Timestamp, Timestamp),
        after: i64,
        limit: u32,
    ) -> Result<Vec<Entry>> {
        ledger::about(&self.pools.readers, person, organisation, period, after, limit).await
    }

    async fn unsequenced(&self, limit: u32) -> Result<Vec<(EntryId, [u8; 32])>> {
        ledger::unsequenced(&self.pools.readers, limit).await
    }

    async fn checkpoint(&self) -> Result<Option<(u64, u64, Vec<u8>)>> {
        ledger::checkpoint(&self.pools.readers).await
    }

    async fn node(&self, level: u8, position: u64) -> Result<Option<[u8; 32]>> {
        ledger::node(&self.pools.readers, level, position).await
    }

    async fn commit(&self, lane: Lane, mut change: Change) -> Result<Committed> {
        if let Some(ahead) = &self.bodies_ahead {
            ahead.write(lane, &mut change).await?;
        }
        self.committer.commit(lane, change).await
    }

    async fn sequence(&self, batch: Sequenced) -> Result<()> {
        let mut session = Session::acquire(&self.pools.writer).await?;
        session.begin(&*self.clock).await?;
        ledger::sequence(&mut session, &batch).await?;
        session.commit().await
    }

    async fn release(&self, admitted: Admitted) -> Result<SealedCopy> {
        exchange::release(&self.pools.readers, admitted).await
    }
}
