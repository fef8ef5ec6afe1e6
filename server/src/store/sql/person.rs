//! People: sealed numbers and names, custody, case ids, portal sessions.
//!
//! INVARIANT: a person's revision is read before everything it counts, so that what changes meanwhile makes the
//! commit that expects it stale.

use jiff::Timestamp;
use samrum_consent::fact::{Custody, Individual, Subject};
use samrum_consent::id::{IndividualId, PersonId};
use samrum_consent::identity_number::IdentityNumber;
use samrum_consent::vocabulary::CustodySource;

use super::row::{Row, count, damaged, get, id, time};
use super::statement::{Pool, query};
use super::{consent, fact};
use crate::store::Result;
use crate::store::record::{IndividualRecord, Person, SubjectRecord};
use crate::store::vault::Vault;

pub(super) async fn by_number(pool: &Pool, vault: &Vault, number: &IdentityNumber) -> Result<Option<Person>> {
    let row = query(
        "SELECT id, number_sealed, name_sealed, custody_source, custody_checked_at, revision FROM person
         WHERE number_hash = $1",
    )
    .bind(vault.hash(number))
    .fetch_optional(pool)
    .await?;
    read(pool, vault, row).await
}

pub(super) async fn by_id(pool: &Pool, vault: &Vault, key: PersonId) -> Result<Option<Person>> {
    let row = query(
        "SELECT id, number_sealed, name_sealed, custody_source, custody_checked_at, revision FROM person
         WHERE id = $1",
    )
    .bind(key.as_uuid())
    .fetch_optional(pool)
    .await?;
    read(pool, vault, row).await
}

pub(super) async fn individual(
    pool: &Pool,
    vault: &Vault,
    key: IndividualId,
) -> Result<Option<IndividualRecord>> {
    let row = query("SELECT id, person_id, unit_id, name_sealed FROM individual WHERE id = $1")
        .bind(key.as_uuid())
        .fetch_optional(pool)
        .await?;
    let read = |row: Row| {
        Ok(IndividualRecord {
            id: id(&row, "id")?,
            person: id(&row, "person_id")?,
            name: vault.open(key.as_bytes(), get(&row, "name_sealed")?)?,
            registered_by: id(&row, "unit_id")?,
        })
    };
    row.map(read).transpose()
}

pub(super) async fn facts_about(
    pool: &Pool,
    vault: &Vault,
    key: IndividualId,
    now: Timestamp,
) -> Result<Option<Individual>> {
    let Some((_, person)) = known(pool, vault, key).await? else {
        return Ok(None);
    };
    facts(pool, vault, person, now).await.map(Some)
}

pub(super) async fn facts_about_person(
    pool: &Pool,
    vault: &Vault,
    key: PersonId,
    now: Timestamp,
) -> Result<Option<Individual>> {
    let Some(person) = by_id(pool, vault, key).await? else {
        return Ok(None);
    };
    facts(pool, vault, person, now).await.map(Some)
}

pub(super) async fn subject(
    pool: &Pool,
    vault: &Vault,
    key: IndividualId,
    now: Timestamp,
) -> Result<Option<SubjectRecord>> {
    let Some((record, person)) = known(pool, vault, key).await? else {
        return Ok(None);
    };
    let consents = consent::about_person(pool, record.person).await?;
    let person_revision = person.revision;
    Ok(Some(SubjectRecord {
        subject: Subject {
            id: key,
            individual: facts(pool, vault, person, now).await?,
            consents: consents.into_iter().map(|record| record.consent).collect(),
        },
        person_revision,
        registered_by: record.registered_by,
    }))
}

async fn known(pool: &Pool, vault: &Vault, key: IndividualId) -> Result<Option<(IndividualRecord, Person)>> {
    let Some(record) = individual(pool, vault, key).await? else {
        return Ok(None);
    };
    let person = by_id(pool, vault, record.person).await?;
    Ok(Some((record, person.ok_or_else(|| damaged("individual"))?)))
}

async fn facts(pool: &Pool, vault: &Vault, person: Person, now: Timestamp) -> Result<Individual> {
    let mut individual = Individual::new(person.id, Some(person.number.birth()), person.custody);
    fact::load(pool, vault, &mut individual, now).await?;
    Ok(individual)
}

pub(super) async fn session(pool: &Pool, token_hash: [u8; 32], now: Timestamp) -> Result<Option<PersonId>> {
    let row = query("SELECT person_id FROM session WHERE token_hash = $1 AND expires_at > $2")
        .bind(token_hash.as_slice())
        .bind(now.as_microsecond())
        .fetch_optional(pool)
        .await?;
    row.map(|row| id(&row, "person_id")).transpose()
}

async fn read(pool: &Pool, vault: &Vault, row: Option<Row>) -> Result<Option<Person>> {
    let Some(row) = row else { return Ok(None) };
    let person: PersonId = id(&row, "id")?;
    let number = vault.open(person.as_bytes(), get(&row, "number_sealed")?)?;
    Ok(Some(Person {
        id: person,
        number: number.parse().map_err(|_| damaged("identity number"))?,
        name: vault.open(person.as_bytes(), get(&row, "name_sealed")?)?,
        custody: custody(pool, person, &row).await?,
        revision: count(&row, "revision")?,
    }))
}

async fn custody(pool: &Pool, child: PersonId, row: &Row) -> Result<Option<Custody>> {
    let source = match get::<Option<i32>>(row, "custody_source")? {
        None => return Ok(None),
        Some(1) => CustodySource::PopulationRegister,
        Some(2) => CustodySource::CourtDecision,
        Some(_) => return Err(damaged("custody source")),
    };
    let guardians = query("SELECT guardian_id FROM guardian WHERE child_id = $1 ORDER BY position")
        .bind(child.as_uuid())
        .fetch_all(pool)
        .await?;
    Ok(Some(Custody {
        source,
        checked_at: time(row, "custody_checked_at")?,
        guardians: guardians
            .iter()
            .map(|row| id(row, "guardian_id"))
            .collect::<Result<_>>()?,
    }))
}
