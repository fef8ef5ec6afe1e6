//! Entries, their places in the log, nodes and checkpoints; stored answers.

use jiff::Timestamp;
use samrum_consent::id::{EntryId, OrganisationId, PersonId, RequestId, UnitId};
use sqlx::PgConnection;

use super::columns::{self, Column};
use super::insert::{Insert, Inserts, Places, rows_of};
use super::row::{Row, count, damaged, get, hash, id, signed, time};
use super::session::Session;
use super::statement::{Executor, Pool, Value, composed, query};
use crate::store::change::NewEntry;
use crate::store::record::{Answered, Entry, Sequenced};
use crate::store::{Result, StoreError};

pub(super) async fn answered(pool: &Pool, caller: &str, request: RequestId) -> Result<Option<Answered>> {
    let row = query("SELECT digest, answer FROM request WHERE caller = $1 AND id = $2")
        .bind(caller)
        .bind(request.as_uuid())
        .fetch_optional(pool)
        .await?;
    row.map(|row| {
        Ok(Answered {
            digest: hash(&row, "digest")?,
            answer: get(&row, "answer")?,
        })
    })
    .transpose()
}

pub(super) async fn entry(pool: &Pool, key: EntryId) -> Result<Option<Entry>> {
    let row =
        query("SELECT arrival, id, at, details, salt, leaf, leaf_hash, leaf_index FROM entry WHERE id = $1")
            .bind(key.as_uuid())
            .fetch_optional(pool)
            .await?;
    row.map(|row| read(&row)).transpose()
}

pub(super) async fn concerns(pool: &Pool, key: EntryId, unit: UnitId) -> Result<bool> {
    let row = query("SELECT 1 AS found FROM entry_unit WHERE entry_id = $1 AND unit_id = $2")
        .bind(key.as_uuid())
        .bind(unit.as_uuid())
        .fetch_optional(pool)
        .await?;
    Ok(row.is_some())
}

pub(super) async fn within(pool: &Pool, key: EntryId, organisation: OrganisationId) -> Result<bool> {
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
    .await?;
    Ok(row.is_some())
}

pub(super) async fn about(
    pool: &Pool,
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
    .await?;
    rows.iter().map(read).collect()
}

pub(super) async fn unsequenced(pool: &Pool, limit: u32) -> Result<Vec<(EntryId, [u8; 32])>> {
    let rows = query("SELECT id, leaf_hash FROM entry WHERE leaf_index IS NULL ORDER BY arrival LIMIT $1")
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((id(row, "id")?, hash(row, "leaf_hash")?)))
        .collect()
}

pub(super) async fn checkpoint(on: impl Executor) -> Result<Option<(u64, u64, Vec<u8>)>> {
    let row = query("SELECT size, epoch, note FROM checkpoint ORDER BY size DESC LIMIT 1")
        .fetch_optional(on)
        .await?;
    row.map(|row| Ok((count(&row, "size")?, count(&row, "epoch")?, get(&row, "note")?)))
        .transpose()
}

pub(super) async fn node(on: impl Executor, level: u8, position: u64) -> Result<Option<[u8; 32]>> {
    let row = query("SELECT hash FROM node WHERE level = $1 AND position = $2")
        .bind(level)
        .bind(signed(position))
        .fetch_optional(on)
        .await?;
    row.map(|row| hash(&row, "hash")).transpose()
}

/// Entries, with the units and organisations that they concern.
pub(super) fn insert<'a>(inserts: &mut Inserts<'a>, entries: impl Iterator<Item = &'a NewEntry>) {
    let mut rows = Insert::into("entry (id, at, details, salt, leaf, leaf_hash)");
    let mut units = Insert::into_if_absent("entry_unit (entry_id, unit_id)");
    let mut organisations = Insert::into("entry_organisation (entry_id, organisation_id)");
    for entry in entries {
        let id = entry.id.as_uuid();
        rows.push([
            id.into(),
            entry.at.as_microsecond().into(),
            (&entry.details).into(),
            entry.salt.as_ref().map(<[u8; 32]>::as_slice).into(),
            (&entry.leaf).into(),
            entry.leaf_hash.as_slice().into(),
        ]);
        for unit in &entry.units {
            units.push([id.into(), unit.as_uuid().into()]);
        }
        for organisation in &entry.organisations {
            organisations.push([id.into(), organisation.as_uuid().into()]);
        }
    }
    inserts.add(rows);
    inserts.add(units);
    inserts.add(organisations);
}

/// Whom entries are about. After the writes that may make those people known.
pub(super) fn insert_people<'a>(inserts: &mut Inserts<'a>, entries: impl Iterator<Item = &'a NewEntry>) {
    let mut rows = Insert::into_if_absent("entry_person (person_id, at, entry_id)");
    for entry in entries {
        for person in &entry.people {
            let at = entry.at.as_microsecond();
            rows.push([person.as_uuid().into(), at.into(), entry.id.as_uuid().into()]);
        }
    }
    inserts.add(rows);
}

/// Extends the log by compare-and-swap on size and epoch.
pub(super) async fn sequence(session: &mut Session, batch: &Sequenced) -> Result<()> {
    let (size, epoch, _) = checkpoint(&mut *session).await?.unwrap_or((0, 0, Vec::new()));
    if size != batch.from_size || epoch > batch.epoch {
        return Err(StoreError::Fenced);
    }
    place(session, &batch.places).await?;
    let mut nodes = Insert::into("node (level, position, hash)");
    for (level, position, hash) in &batch.nodes {
        nodes.push([(*level).into(), signed(*position).into(), hash.as_slice().into()]);
    }
    nodes.run(session).await?;
    query("INSERT INTO checkpoint (size, epoch, note, at) VALUES ($1, $2, $3, $4)")
        .bind(signed(batch.size))
        .bind(signed(batch.epoch))
        .bind(&batch.note)
        .bind(batch.at.as_microsecond())
        .execute(session)
        .await
        .map(drop)
}

/// Gives entries their places; one that has a place already keeps it, and then nothing of this may stay.
async fn place(session: &mut Session, places: &[(EntryId, u64)]) -> Result<()> {
    match session {
        Session::Sqlite(_) => place_by_rows(session, places).await,
        Session::Postgres(held) => place_by_columns(held.connection(), places).await,
    }
}

async fn place_by_columns(connection: &mut PgConnection, places: &[(EntryId, u64)]) -> Result<()> {
    // From arrays the planner expects few rows and looks each entry up; beside as many literal rows it would read the
    // whole table.
    let text = "UPDATE entry SET leaf_index = placed.place FROM unnest($1::uuid[], $2::bigint[]) AS placed (id, place)
                WHERE entry.id = placed.id AND entry.leaf_index IS NULL";
    let ids = places.iter().map(|(entry, _)| Some(entry.as_uuid()));
    let numbers = places.iter().map(|(_, place)| Some(signed(*place)));
    let columns = vec![Column::Ids(ids.collect()), Column::Numbers(numbers.collect())];
    let done = columns::execute(connection, text.to_owned(), columns).await?;
    all_placed(done, places)
}

/// Entries placed by one of SQLite's statements at most.
const PLACED_AT_ONCE: usize = 512;

async fn place_by_rows(session: &mut Session, places: &[(EntryId, u64)]) -> Result<()> {
    let mut left = places;
    while let Some(power) = left.len().min(PLACED_AT_ONCE).checked_ilog2() {
        let (now, later) = left.split_at(1 << power);
        left = later;
        let values: Vec<Value<'_>> = now
            .iter()
            .flat_map(|(entry, place)| [entry.as_uuid().into(), signed(*place).into()])
            .collect();
        let text = format!(
            "WITH placed (id, place) AS (VALUES {})
             UPDATE entry SET leaf_index = placed.place FROM placed
             WHERE entry.id = placed.id AND entry.leaf_index IS NULL",
            rows_of(Places::InOrder, 1, now.len(), 2)
        );
        let done = composed(text, values).execute(&mut *session).await?;
        all_placed(done, now)?;
    }
    Ok(())
}

/// Whoever has extended the log meanwhile has placed some of them.
fn all_placed(done: u64, places: &[(EntryId, u64)]) -> Result<()> {
    if done == places.len() as u64 {
        Ok(())
    } else {
        Err(StoreError::Fenced)
    }
}

pub(super) fn read(row: &Row) -> Result<Entry> {
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
