//! Organisations, authorities, units, keys, provisions turned on.

use samrum_consent::fact::Unit;
use samrum_consent::id::{AuthorityId, DeliveryId, OrganisationId, UnitId};
use samrum_consent::vocabulary::{Holder, Sector};
use samrum_proto::envelope::Slip;

use super::row::{Row, count, damaged, get, hash, id, key_state, time, word};
use super::statement::{Pool, query};
use crate::store::Result;
use crate::store::record::{Authority, Organisation, UnitKey, UnitRecord};

pub(super) async fn organisation(pool: &Pool, key: OrganisationId) -> Result<Option<Organisation>> {
    let row = query("SELECT id, number, name, holder, signing_key FROM organisation WHERE id = $1")
        .bind(key.as_uuid())
        .fetch_optional(pool)
        .await?;
    let read = |row: Row| {
        Ok(Organisation {
            id: id(&row, "id")?,
            number: get::<&str>(&row, "number")?
                .parse()
                .map_err(|_| damaged("organisation number"))?,
            name: get(&row, "name")?,
            holder: word(&row, "holder", Holder::from_number)?,
            signing_key: hash(&row, "signing_key")?,
        })
    };
    row.map(read).transpose()
}

pub(super) async fn authorities(pool: &Pool, organisation: OrganisationId) -> Result<Vec<Authority>> {
    let rows =
        query("SELECT id, organisation_id, name FROM authority WHERE organisation_id = $1 ORDER BY id")
            .bind(organisation.as_uuid())
            .fetch_all(pool)
            .await?;
    rows.iter()
        .map(|row| {
            Ok(Authority {
                id: id(row, "id")?,
                organisation: id(row, "organisation_id")?,
                name: get(row, "name")?,
            })
        })
        .collect()
}

pub(super) async fn unit(pool: &Pool, key: UnitId) -> Result<Option<UnitRecord>> {
    let row = query(
        "SELECT u.id, u.authority_id, a.organisation_id, u.name, u.sector, u.holder, u.board_reception,
                u.hsa_id, u.revision, a.name AS authority_name, o.name AS organisation_name
         FROM unit u JOIN authority a ON a.id = u.authority_id JOIN organisation o ON o.id = a.organisation_id
         WHERE u.id = $1",
    )
    .bind(key.as_uuid())
    .fetch_optional(pool)
    .await?;
    row.map(|row| read_unit(&row)).transpose()
}

pub(super) async fn units(
    pool: &Pool,
    after: Option<(String, UnitId)>,
    limit: u32,
) -> Result<Vec<UnitRecord>> {
    let (name, last) = after.unwrap_or((String::new(), UnitId::from_bytes([0; 16])));
    let rows = query(
        "SELECT u.id, u.authority_id, a.organisation_id, u.name, u.sector, u.holder, u.board_reception,
                u.hsa_id, u.revision, a.name AS authority_name, o.name AS organisation_name
         FROM unit u JOIN authority a ON a.id = u.authority_id JOIN organisation o ON o.id = a.organisation_id
         WHERE (u.name, u.id) > ($1, $2) ORDER BY u.name, u.id LIMIT $3",
    )
    .bind(name)
    .bind(last.as_uuid())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read_unit).collect()
}

pub(super) async fn units_of(pool: &Pool, organisation: OrganisationId) -> Result<Vec<UnitId>> {
    let rows = query(
        "SELECT u.id FROM unit u JOIN authority a ON a.id = u.authority_id
         WHERE a.organisation_id = $1 ORDER BY u.id",
    )
    .bind(organisation.as_uuid())
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| id(row, "id")).collect()
}

pub(super) async fn unit_keys(pool: &Pool, unit: UnitId) -> Result<Vec<UnitKey>> {
    let rows = query(
        "SELECT key_id, unit_id, state, statement, signature, recorded_at FROM unit_key
         WHERE unit_id = $1 ORDER BY recorded_at DESC, key_id",
    )
    .bind(unit.as_uuid())
    .fetch_all(pool)
    .await?;
    rows.iter().map(read_key).collect()
}

pub(super) async fn unit_key(pool: &Pool, key_id: [u8; 32]) -> Result<Option<UnitKey>> {
    let row = query(
        "SELECT key_id, unit_id, state, statement, signature, recorded_at FROM unit_key WHERE key_id = $1",
    )
    .bind(key_id.as_slice())
    .fetch_optional(pool)
    .await?;
    row.map(|row| read_key(&row)).transpose()
}

pub(super) async fn sealed_to(pool: &Pool, delivery: DeliveryId) -> Result<Option<UnitKey>> {
    let row = query(
        "SELECT k.key_id, k.unit_id, k.state, k.statement, k.signature, k.recorded_at
         FROM delivery d JOIN unit_key k ON k.key_id = substr(d.slip, CAST($2 AS INTEGER), 32) WHERE d.id = $1",
    )
    .bind(delivery.as_uuid())
    .bind(key_id_place())
    .fetch_optional(pool)
    .await?;
    row.map(|row| read_key(&row)).transpose()
}

/// Where SQL, which counts from 1, finds the key id in a slip.
pub(super) fn key_id_place() -> i32 {
    i32::try_from(Slip::KEY_ID_AT)
        .unwrap_or(i32::MAX)
        .saturating_add(1)
}

pub(super) async fn units_of_authority(pool: &Pool, authority: AuthorityId) -> Result<Vec<Unit>> {
    let rows = query(
        "SELECT u.id, u.authority_id, a.organisation_id, u.sector, u.holder, u.board_reception
         FROM unit u JOIN authority a ON a.id = u.authority_id WHERE u.authority_id = $1 ORDER BY u.id",
    )
    .bind(authority.as_uuid())
    .fetch_all(pool)
    .await?;
    rows.iter().map(read_facts).collect()
}

pub(super) async fn provisions_on(pool: &Pool) -> Result<Vec<String>> {
    let rows = query("SELECT id FROM provision_on ORDER BY id")
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| get(row, "id")).collect()
}

/// What decisions read of a unit.
fn read_facts(row: &Row) -> Result<Unit> {
    Ok(Unit {
        id: id(row, "id")?,
        authority: id(row, "authority_id")?,
        organisation: id(row, "organisation_id")?,
        sector: word(row, "sector", Sector::from_number)?,
        holder: word(row, "holder", Holder::from_number)?,
        board_reception: get(row, "board_reception")?,
    })
}

fn read_unit(row: &Row) -> Result<UnitRecord> {
    Ok(UnitRecord {
        unit: read_facts(row)?,
        name: get(row, "name")?,
        hsa_id: get(row, "hsa_id")?,
        authority_name: get(row, "authority_name")?,
        organisation_name: get(row, "organisation_name")?,
        revision: count(row, "revision")?,
    })
}

fn read_key(row: &Row) -> Result<UnitKey> {
    Ok(UnitKey {
        key_id: hash(row, "key_id")?,
        unit: id(row, "unit_id")?,
        state: key_state(get(row, "state")?)?,
        statement: get(row, "statement")?,
        signature: get(row, "signature")?,
        recorded_at: time(row, "recorded_at")?,
    })
}
