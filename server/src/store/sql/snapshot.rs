//! The database as it stands at one moment, for the self-check: many questions about one state, whoever writes meanwhile.

use std::collections::HashMap;

use samrum_consent::id::{ConsentId, DeliveryId};
use uuid::Uuid;

use super::insert::list;
use super::row::{count, damaged, delivery_state, get, hash, id, signed};
use super::session::Session;
use super::statement::{Value, composed, query};
use super::{SqlStore, ledger};
use crate::store::Result;
use crate::store::record::{DeliveryState, Entry};

/// Ids in one question at most.
const AT_ONCE: usize = 256;

/// One state of the database; ends when it is dropped or closed.
#[derive(Debug)]
pub struct Snapshot(Session);

/// The places that entries have in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// How many have one.
    pub count: u64,
    /// One more than the greatest, or 0.
    pub end: u64,
}

/// Where a consent stands, as far as an entry tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentStanding {
    /// Its revision.
    pub revision: u64,
    /// Whether it has ended.
    pub has_ended: bool,
}

impl SqlStore {
    /// The database as it is now.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let mut session = Session::acquire(&self.pools.readers).await?;
        session.begin_snapshot().await?;
        Ok(Snapshot(session))
    }
}

impl Snapshot {
    /// Gives the connection back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close(self) -> Result<()> {
        self.0.abandon().await
    }

    /// Size, epoch and signed note of the newest checkpoint.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn checkpoint(&mut self) -> Result<Option<(u64, u64, Vec<u8>)>> {
        ledger::checkpoint(&mut self.0).await
    }

    /// The hash of a complete subtree.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn node(&mut self, level: u8, position: u64) -> Result<Option<[u8; 32]>> {
        ledger::node(&mut self.0, level, position).await
    }

    /// Which places entries have.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn places(&mut self) -> Result<Places> {
        let row = query(
            "SELECT count(leaf_index) AS placed, coalesce(max(leaf_index) + 1, 0) AS next FROM entry
             WHERE leaf_index IS NOT NULL",
        )
        .fetch_optional(&mut self.0)
        .await?
        .ok_or_else(|| damaged("places"))?;
        Ok(Places {
            count: count(&row, "placed")?,
            end: count(&row, "next")?,
        })
    }

    /// Entries that arrived before this one, newest first; from the newest where none is given.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn entries_before(&mut self, arrival: Option<i64>, limit: u32) -> Result<Vec<Entry>> {
        let rows = query(
            "SELECT arrival, id, at, details, salt, leaf, leaf_hash, leaf_index FROM entry WHERE arrival < $1
             ORDER BY arrival DESC LIMIT $2",
        )
        .bind(arrival.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&mut self.0)
        .await?;
        rows.iter().map(ledger::read).collect()
    }

    /// The log's leaves from one place up to another, by place.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leaves(&mut self, from: u64, until: u64) -> Result<HashMap<u64, [u8; 32]>> {
        let rows =
            query("SELECT position, hash FROM node WHERE level = 0 AND position >= $1 AND position < $2")
                .bind(signed(from))
                .bind(signed(until))
                .fetch_all(&mut self.0)
                .await?;
        rows.iter()
            .map(|row| Ok((count(row, "position")?, hash(row, "hash")?)))
            .collect()
    }

    /// Where these deliveries stand.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn deliveries(&mut self, ids: &[DeliveryId]) -> Result<HashMap<DeliveryId, DeliveryState>> {
        let mut found = HashMap::new();
        for ids in ids.chunks(AT_ONCE) {
            let ids = ids.iter().map(|id| id.as_uuid());
            for row in self.rows_of("SELECT id, state FROM delivery", ids).await? {
                found.insert(id(&row, "id")?, delivery_state(get(&row, "state")?)?);
            }
        }
        Ok(found)
    }

    /// Where these consents stand.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consents(&mut self, ids: &[ConsentId]) -> Result<HashMap<ConsentId, ConsentStanding>> {
        let mut found = HashMap::new();
        for ids in ids.chunks(AT_ONCE) {
            let ids = ids.iter().map(|id| id.as_uuid());
            for row in self
                .rows_of("SELECT id, revision, state FROM consent", ids)
                .await?
            {
                let standing = ConsentStanding {
                    revision: count(&row, "revision")?,
                    // 1 and 2 are REQUESTED and ACTIVE.
                    has_ended: get::<i32>(&row, "state")? > 2,
                };
                found.insert(id(&row, "id")?, standing);
            }
        }
        Ok(found)
    }

    async fn rows_of(
        &mut self,
        select: &'static str,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<Vec<super::row::Row>> {
        let values: Vec<Value<'_>> = ids.map(Value::from).collect();
        let text = format!(
            "{select} WHERE id IN ({})",
            list(self.0.places(), 1, values.len())
        );
        composed(text, values).fetch_all(&mut self.0).await
    }

    /// A delivery that waits, among the last of so many to expire, and whose body or whose sending is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting_for_nothing(&mut self, limit: u32) -> Result<Option<DeliveryId>> {
        let row = query(
            "SELECT d.id FROM
                (SELECT id, sender_id, document_id, entry_id FROM delivery WHERE state = 1
                 ORDER BY expires_at DESC LIMIT $1) d
             LEFT JOIN document o ON o.sender_id = d.sender_id AND o.id = d.document_id
             LEFT JOIN body b ON b.sender_id = o.sender_id AND b.document_id = o.id AND b.digest = o.digest
             LEFT JOIN entry e ON e.id = d.entry_id
             WHERE b.document_id IS NULL OR e.id IS NULL LIMIT 1",
        )
        .bind(limit)
        .fetch_optional(&mut self.0)
        .await?;
        row.map(|row| id(&row, "id")).transpose()
    }
}
