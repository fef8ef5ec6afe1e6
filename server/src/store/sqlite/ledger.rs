//! Entries, their places in the log, nodes and checkpoints; stored answers.

use jiff::Timestamp;
use samrum_consent::id::{EntryId, OrganisationId, PersonId, RequestId, UnitId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, SqliteConnection, SqlitePool, query};

use super::row::{count, damaged, discard, get, hash, id, signed, time, unavailable};
use crate::store::change::NewEntry;
use crate::store::record::{Answered, Entry, Sequenced};
use crate::store::{Result, StoreError};

pub(super) async fn answered(
    pool: &SqlitePool,
    caller: &str,
    request: RequestId,
) -> Result<Option<Answered>> {
    let row = query("SELECT digest, answer FROM request WHERE caller = $1 AND id = $2")
        .bind(caller)
        .bind(request.as_uuid())
        .fetch_optional(pool)
        .await
        .map_err(unavailable)?;
    row.map(|row| {
        Ok(Answered {
            digest: hash(&row, "digest")?,
            answer: get(&row, "answer")?,
        })
    })
    .transpose()
}

pub(super) async fn entry(pool: &SqlitePool, key: EntryId) -> Result<Option<Entry>> {
    let row =
        query("SELECT arrival, id, at, details, salt, leaf, leaf_hash, leaf_index FROM entry WHERE id = $1")
            .bind(key.as_uuid())
            .fetch_optional(pool)
            .await
            .map_err(unavailable)?;
    row.map(|row| read(&row)).transpose()
}

pub(super) async fn concerns(pool: &SqlitePool, key: EntryId, unit: UnitId) -> Result<bool> {
    let row = query("SELECT 1 AS found FROM entry_unit WHERE entry_id = $1 AND unit_id = $2")
        .bind(key.as_uuid())
        .bind(unit.as_uuid())
        .fetch_optional(pool)
        .await
        .map_err(unavailable)?;
    Ok(row.is_some())
}

pub(super) async fn within(pool: &SqlitePool, key: EntryId, organisation: OrganisationId) -> Result<bool> {
    let row = query(
        "SELECT 1 AS found FROM entry e WHERE e.id = $1 AND (
            EXISTS (SELECT 1 FROM entry_organisation o WHERE o.entry_id = e.id AND o.organisation_id = $2)
         OR EXISTS (SELECT 1 FROM entry_unit u JOIN unit w ON w.id = u.unit_id
                    JOIN authority a ON a.id = w.authority_id
                    WHERE u.entry_id = e.id AND a.organisation_id = $2))",
    )
    .bind(key.as_uuid())
    .bind(organisation.as_uuid())
    .fetch_optional(pool)
    .await
    .map_err(unavailable)?;
    Ok(row.is_some())
}

pub(super) async fn about(
    pool: &SqlitePool,
    person: PersonId,
    organisation: OrganisationId,
    (from, until): (Timestamp, Timestamp),
    after: i64,
    limit: u32,
) -> Result<Vec<Entry>> {
    let rows = query(
        "SELECT e.arrival, e.id, e.at, e.details, e.salt, e.leaf, e.leaf_hash, e.leaf_index
         FROM entry_person p JOIN entry e ON e.id = p.entry_id
         WHERE p.person_id = $1 AND p.at >= $3 AND p.at < $4 AND e.arrival > $5
           AND EXISTS (SELECT 1 FROM entry_unit u JOIN unit w ON w.id = u.unit_id
                       JOIN authority a ON a.id = w.authority_id
                       WHERE u.entry_id = e.id AND a.organisation_id = $2)
         ORDER BY e.arrival LIMIT $6",
    )
    .bind(person.as_uuid())
    .bind(organisation.as_uuid())
    .bind(from.as_microsecond())
    .bind(until.as_microsecond())
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(unavailable)?;
    rows.iter().map(read).collect()
}

pub(super) async fn unsequenced(pool: &SqlitePool, limit: u32) -> Result<Vec<Entry>> {
    let rows = query(
        "SELECT arrival, id, at, details, salt, leaf, leaf_hash, leaf_index FROM entry
         WHERE leaf_index IS NULL ORDER BY arrival LIMIT $1",
    )
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(unavailable)?;
    rows.iter().map(read).collect()
}

pub(super) async fn checkpoint(connection: &mut SqliteConnection) -> Result<Option<(u64, u64, Vec<u8>)>> {
    let row = query("SELECT size, epoch, note FROM checkpoint ORDER BY size DESC LIMIT 1")
        .fetch_optional(connection)
        .await
        .map_err(unavailable)?;
    row.map(|row| Ok((count(&row, "size")?, count(&row, "epoch")?, get(&row, "note")?)))
        .transpose()
}

pub(super) async fn node(pool: &SqlitePool, level: u8, position: u64) -> Result<Option<[u8; 32]>> {
    let row = query("SELECT hash FROM node WHERE level = $1 AND position = $2")
        .bind(level)
        .bind(signed(position))
        .fetch_optional(pool)
        .await
        .map_err(unavailable)?;
    row.map(|row| hash(&row, "hash")).transpose()
}

pub(super) async fn insert(connection: &mut SqliteConnection, entry: &NewEntry) -> Result<()> {
    query("INSERT INTO entry (id, at, details, salt, leaf, leaf_hash) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(entry.id.as_uuid())
        .bind(entry.at.as_microsecond())
        .bind(&entry.details)
        .bind(entry.salt.as_ref().map(|salt| salt.to_vec()))
        .bind(&entry.leaf)
        .bind(entry.leaf_hash.as_slice())
        .execute(&mut *connection)
        .await
        .map_err(unavailable)?;
    for unit in &entry.units {
        query("INSERT INTO entry_unit (entry_id, unit_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(entry.id.as_uuid())
            .bind(unit.as_uuid())
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
    }
    for organisation in &entry.organisations {
        query("INSERT INTO entry_organisation (entry_id, organisation_id) VALUES ($1, $2)")
            .bind(entry.id.as_uuid())
            .bind(organisation.as_uuid())
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
    }
    for person in &entry.people {
        query(
            "INSERT INTO entry_person (person_id, at, entry_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(person.as_uuid())
        .bind(entry.at.as_microsecond())
        .bind(entry.id.as_uuid())
        .execute(&mut *connection)
        .await
        .map_err(unavailable)?;
    }
    Ok(())
}

/// Extends the log by compare-and-swap on size and epoch.
pub(super) async fn sequence(pool: &SqlitePool, batch: Sequenced) -> Result<()> {
    let mut connection = pool.acquire().await.map_err(unavailable)?;
    let outcome = extend(&mut connection, batch).await;
    if outcome.is_err() {
        discard(&mut connection);
    }
    outcome
}

async fn extend(connection: &mut SqliteConnection, batch: Sequenced) -> Result<()> {
    let begun = connection.begin_with("BEGIN IMMEDIATE").await;
    let mut transaction = begun.map_err(unavailable)?;
    let (size, epoch, _) = checkpoint(&mut transaction).await?.unwrap_or((0, 0, Vec::new()));
    if size != batch.from_size || epoch > batch.epoch {
        return Err(StoreError::Fenced);
    }
    for (entry, place) in &batch.places {
        let done = query("UPDATE entry SET leaf_index = $2 WHERE id = $1 AND leaf_index IS NULL")
            .bind(entry.as_uuid())
            .bind(signed(*place))
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Fenced);
        }
    }
    for (level, position, hash) in &batch.nodes {
        query("INSERT INTO node (level, position, hash) VALUES ($1, $2, $3)")
            .bind(*level)
            .bind(signed(*position))
            .bind(hash.as_slice())
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
    }
    query("INSERT INTO checkpoint (size, epoch, note, at) VALUES ($1, $2, $3, $4)")
        .bind(signed(batch.size))
        .bind(signed(batch.epoch))
        .bind(&batch.note)
        .bind(batch.at.as_microsecond())
        .execute(&mut *transaction)
        .await
        .map_err(unavailable)?;
    transaction.commit().await.map_err(unavailable)
}

fn read(row: &SqliteRow) -> Result<Entry> {
    let salt = get::<Option<&[u8]>>(row, "salt")?;
    let index = get::<Option<i64>>(row, "leaf_index")?;
    Ok(Entry {
        arrival: get(row, "arrival")?,
        id: id(row, "id")?,
        at: time(row, "at")?,
        details: get(row, "details")?,
        salt: salt
            .map(<[u8; 32]>::try_from)
            .transpose()
            .map_err(|_| damaged("salt"))?,
        leaf: get(row, "leaf")?,
        leaf_hash: hash(row, "leaf_hash")?,
        leaf_index: index
            .map(u64::try_from)
            .transpose()
            .map_err(|_| damaged("leaf index"))?,
    })
}
