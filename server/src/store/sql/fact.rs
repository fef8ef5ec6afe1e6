//! Facts about people: what was found is sealed JSON, bound to its row and to whom it is about.
//!
//! Words are kept as their stable codes, so that a renamed variant changes nothing that is stored.

mod content;

use jiff::Timestamp;
use samrum_consent::fact::{Individual, Recorded};
use samrum_consent::id::{FactId, PersonId, UnitId};
use uuid::Uuid;

use super::row::{Row, damaged, get, id, time};
use super::session::Session;
use super::statement::{Pool, query};
use crate::store::fact::{Attestation, FactRecord, Finding, RegisterFacts};
use crate::store::vault::Vault;
use crate::store::{Result, StoreError};
use content::{Content, Sealed};

/// Puts everything that still counts into what decisions read of a person: one query, however much there is.
pub(super) async fn load(
    pool: &Pool,
    vault: &Vault,
    individual: &mut Individual,
    now: Timestamp,
) -> Result<()> {
    let rows = query(
        "SELECT id, person_id, unit_id, recorded_by, recorded_at, attested_by, attested_at, sealed FROM fact
         WHERE person_id = $1 AND (ends_at IS NULL OR ends_at > $2) ORDER BY recorded_at, id",
    )
    .bind(individual.person.as_uuid())
    .bind(now.as_microsecond())
    .fetch_all(pool)
    .await?;
    for row in &rows {
        let content = open(vault, row)?.content;
        match get::<Option<Uuid>>(row, "unit_id")? {
            Some(unit) => add(individual, row, unit.into(), content.finding()?)?,
            None => match content.register(id(row, "id")?)? {
                content::Register::Representative(representative) => {
                    individual.representatives.push(representative);
                }
                content::Register::CareOrder(order) => individual.care_orders.push(order),
            },
        }
    }
    Ok(())
}

fn add(individual: &mut Individual, row: &Row, by: UnitId, finding: Finding) -> Result<()> {
    let (key, at) = (id(row, "id")?, time(row, "recorded_at")?);
    let attested = get::<Option<&str>>(row, "attested_by")?.is_some();
    macro_rules! recorded {
        ($fact:expr) => {
            Recorded {
                id: key,
                by,
                at,
                attested,
                fact: $fact,
            }
        };
    }
    match finding {
        Finding::Assessment(fact) => individual.assessments.push(recorded!(fact)),
        Finding::Hindrance(fact) => individual.hindrances.push(recorded!(fact)),
        Finding::Risk(fact) => individual.risks.push(recorded!(fact)),
        Finding::Situation(fact) => individual.situations.push(recorded!(fact)),
    }
    Ok(())
}

/// A fact that a unit recorded.
pub(super) async fn by_id(pool: &Pool, vault: &Vault, key: FactId) -> Result<Option<FactRecord>> {
    let row = query(
        "SELECT id, person_id, unit_id, recorded_by, recorded_at, attested_by, attested_at, sealed FROM fact
         WHERE id = $1 AND unit_id IS NOT NULL",
    )
    .bind(key.as_uuid())
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(|row| read(vault, row)).transpose()
}

/// What one unit has recorded about a person, newest first, from after the given one.
pub(super) async fn of_unit(
    pool: &Pool,
    vault: &Vault,
    (person, unit): (PersonId, UnitId),
    after: Option<(Timestamp, FactId)>,
    limit: u32,
) -> Result<Vec<FactRecord>> {
    let (at, key) = after.unwrap_or((Timestamp::MAX, FactId::from_bytes([0xff; 16])));
    let rows = query(
        "SELECT id, person_id, unit_id, recorded_by, recorded_at, attested_by, attested_at, sealed FROM fact
         WHERE person_id = $1 AND unit_id = $2 AND (recorded_at, id) < ($3, $4)
         ORDER BY recorded_at DESC, id DESC LIMIT $5",
    )
    .bind(person.as_uuid())
    .bind(unit.as_uuid())
    .bind(at.as_microsecond())
    .bind(key.as_uuid())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| read(vault, row)).collect()
}

/// INVARIANT: every write of a fact counts as a change of the person: what a permit rests on is expected.
pub(super) async fn insert(session: &mut Session, vault: &Vault, record: &FactRecord) -> Result<()> {
    let sealed = Sealed {
        content: Content::from(&record.finding),
        reason: record.reason.clone(),
        guardian: record.guardian.as_ref().map(content::Guardian::from),
    };
    let row = NewRow {
        id: record.id,
        person: record.person,
        unit: Some(record.unit),
        recorded_by: &record.recorded_by,
        at: record.at,
        ends_at: Some(record.finding.ends_at()),
    };
    row.insert(session, vault, &sealed).await?;
    touch(session, record.person).await
}

/// Attests what nobody has attested.
///
/// # Errors
/// [`StoreError::Stale`] when somebody has.
pub(super) async fn attest(
    session: &mut Session,
    (fact, person): (FactId, PersonId),
    attestation: &Attestation,
) -> Result<()> {
    let written = query(
        "UPDATE fact SET attested_by = $3, attested_at = $4
         WHERE id = $1 AND person_id = $2 AND attested_by IS NULL",
    )
    .bind(fact.as_uuid())
    .bind(person.as_uuid())
    .bind(&attestation.by)
    .bind(attestation.at.as_microsecond())
    .execute(&mut *session)
    .await?;
    // Somebody else was faster.
    if written == 0 {
        return Err(StoreError::Stale);
    }
    touch(session, person).await
}

/// Replaces what was read from register or court; what units recorded stays.
pub(super) async fn replace_register(
    session: &mut Session,
    vault: &Vault,
    facts: &RegisterFacts,
) -> Result<()> {
    query("DELETE FROM fact WHERE person_id = $1 AND unit_id IS NULL")
        .bind(facts.person.as_uuid())
        .execute(&mut *session)
        .await?;
    let representatives = facts
        .representatives
        .iter()
        .map(|one| (one.id, one.until, Content::from(one)));
    let orders = facts
        .care_order
        .iter()
        .map(|order| (order.id, Some(order.period.until), Content::from(order)));
    for (key, ends_at, content) in representatives.chain(orders) {
        let row = NewRow {
            id: key,
            person: facts.person,
            unit: None,
            recorded_by: &facts.operator,
            at: facts.at,
            ends_at,
        };
        row.insert(session, vault, &Sealed::bare(content)).await?;
    }
    touch(session, facts.person).await
}

/// The columns of a new fact that are not sealed.
struct NewRow<'a> {
    id: FactId,
    person: PersonId,
    unit: Option<UnitId>,
    recorded_by: &'a str,
    at: Timestamp,
    ends_at: Option<Timestamp>,
}

impl NewRow<'_> {
    async fn insert(&self, session: &mut Session, vault: &Vault, sealed: &Sealed) -> Result<()> {
        let text = serde_json::to_string(sealed).map_err(|_| damaged("fact"))?;
        query(
            "INSERT INTO fact (id, person_id, unit_id, recorded_by, recorded_at, ends_at, sealed)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.id.as_uuid())
        .bind(self.person.as_uuid())
        .bind(self.unit.map(|unit| unit.as_uuid()))
        .bind(self.recorded_by)
        .bind(self.at.as_microsecond())
        .bind(self.ends_at.map(Timestamp::as_microsecond))
        .bind(vault.seal(&bound(self.id, self.person), &text)?)
        .execute(session)
        .await
        .map(drop)
    }
}

async fn touch(session: &mut Session, person: PersonId) -> Result<()> {
    query("UPDATE person SET revision = revision + 1 WHERE id = $1")
        .bind(person.as_uuid())
        .execute(session)
        .await
        .map(drop)
}

fn read(vault: &Vault, row: &Row) -> Result<FactRecord> {
    let sealed = open(vault, row)?;
    let attested = match get::<Option<String>>(row, "attested_by")? {
        Some(by) => Some(Attestation {
            by,
            at: time(row, "attested_at")?,
        }),
        None => None,
    };
    Ok(FactRecord {
        id: id(row, "id")?,
        person: id(row, "person_id")?,
        unit: id(row, "unit_id")?,
        recorded_by: get(row, "recorded_by")?,
        at: time(row, "recorded_at")?,
        attested,
        finding: sealed.content.finding()?,
        guardian: sealed.guardian.map(content::Guardian::read).transpose()?,
        reason: sealed.reason,
    })
}

fn open(vault: &Vault, row: &Row) -> Result<Sealed> {
    let text = vault.open(&bound(id(row, "id")?, id(row, "person_id")?), get(row, "sealed")?)?;
    serde_json::from_str(&text).map_err(|_| damaged("fact"))
}

/// What a sealed fact is bound to: its row, and whom it is about.
fn bound(fact: FactId, person: PersonId) -> Vec<u8> {
    [fact.as_bytes().as_slice(), person.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
