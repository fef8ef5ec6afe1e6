//! Consents and their signatories.

use std::collections::{BTreeSet, HashMap};

use prost::Message as _;
use samrum_consent::consent::{Consent, End, Evidence, Signatory, Signature, Signer, State};
use samrum_consent::id::{AuthorityId, ConsentId, IndividualId, PersonId};
use samrum_proto::convert::{scope_from_wire, scope_to_wire};
use samrum_proto::wire::consent::v1 as wire;
use uuid::Uuid;

use super::insert::{Insert, Places, list};
use super::row::{Row, count, damaged, get, hash, id, signed, time};
use super::session::Session;
use super::statement::{Pool, Value, composed, query};
use crate::store::Result;
use crate::store::record::ConsentRecord;

pub(super) async fn by_id(pool: &Pool, key: ConsentId) -> Result<Option<ConsentRecord>> {
    let rows = query(
        "SELECT id, individual_id, person_id, requester_id, scope, state, state_at, was_active, requested_at,
                revision, supersedes_id FROM consent WHERE id = $1",
    )
    .bind(key.as_uuid())
    .fetch_all(pool)
    .await?;
    Ok(read_all(pool, &rows).await?.pop())
}

pub(super) async fn about_person(pool: &Pool, person: PersonId) -> Result<Vec<ConsentRecord>> {
    let rows = query(
        "SELECT id, individual_id, person_id, requester_id, scope, state, state_at, was_active, requested_at,
                revision, supersedes_id FROM consent WHERE person_id = $1 ORDER BY requested_at, id",
    )
    .bind(person.as_uuid())
    .fetch_all(pool)
    .await?;
    read_all(pool, &rows).await
}

pub(super) async fn about_individual(pool: &Pool, individual: IndividualId) -> Result<Vec<ConsentRecord>> {
    let rows = query(
        "SELECT id, individual_id, person_id, requester_id, scope, state, state_at, was_active, requested_at,
                revision, supersedes_id FROM consent WHERE individual_id = $1 ORDER BY requested_at, id",
    )
    .bind(individual.as_uuid())
    .fetch_all(pool)
    .await?;
    read_all(pool, &rows).await
}

pub(super) async fn asking(pool: &Pool, person: PersonId) -> Result<Vec<ConsentRecord>> {
    let rows = query(
        "SELECT id, individual_id, person_id, requester_id, scope, state, state_at, was_active, requested_at,
                revision, supersedes_id FROM consent
         WHERE id IN (SELECT consent_id FROM signatory WHERE person_id = $1)
         ORDER BY requested_at DESC, id",
    )
    .bind(person.as_uuid())
    .fetch_all(pool)
    .await?;
    read_all(pool, &rows).await
}

pub(super) async fn insert(session: &mut Session, record: &ConsentRecord) -> Result<()> {
    let consent = &record.consent;
    let (state, at, was_active) = state_columns(consent.state);
    query(
        "INSERT INTO consent (id, individual_id, person_id, requester_id, scope, state, state_at, was_active,
                              requested_at, revision, supersedes_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(consent.id.as_uuid())
    .bind(record.individual.as_uuid())
    .bind(consent.individual.as_uuid())
    .bind(consent.requester.as_uuid())
    .bind(scope_to_wire(&consent.scope).encode_to_vec())
    .bind(state)
    .bind(at)
    .bind(was_active)
    .bind(consent.requested_at.as_microsecond())
    .bind(signed(consent.revision))
    .bind(record.supersedes.map(|former| former.as_uuid()))
    .execute(&mut *session)
    .await?;
    write_signatories(session, consent).await
}

pub(super) async fn update(session: &mut Session, consent: &Consent) -> Result<()> {
    let (state, at, was_active) = state_columns(consent.state);
    query(
        "UPDATE consent SET scope = $2, state = $3, state_at = $4, was_active = $5, revision = $6
         WHERE id = $1",
    )
    .bind(consent.id.as_uuid())
    .bind(scope_to_wire(&consent.scope).encode_to_vec())
    .bind(state)
    .bind(at)
    .bind(was_active)
    .bind(signed(consent.revision))
    .execute(&mut *session)
    .await?;
    write_signatories(session, consent).await
}

async fn write_signatories(session: &mut Session, consent: &Consent) -> Result<()> {
    for (signatory, number) in consent.signatories.iter().zip(1_i64..) {
        let (evidence, recorded_by, digest, detail) = signatory
            .signature
            .as_ref()
            .map_or((None, None, None, None), evidence_columns);
        let (statement, signer) = match signatory.signer {
            Signer::Person(person) => (WRITE_PERSON, person.as_uuid()),
            Signer::Board(authority) => (WRITE_BOARD, authority.as_uuid()),
        };
        query(statement)
            .bind(consent.individual.as_uuid())
            .bind(consent.id.as_uuid())
            .bind(number)
            .bind(signer)
            .bind(evidence)
            .bind(recorded_by)
            .bind(digest)
            .bind(detail)
            .bind(
                signatory
                    .signature
                    .as_ref()
                    .map(|signature| signature.at.as_microsecond()),
            )
            .execute(&mut *session)
            .await?;
    }
    query("DELETE FROM consent_acceptance WHERE subject_id = $1 AND consent_id = $2")
        .bind(consent.individual.as_uuid())
        .bind(consent.id.as_uuid())
        .execute(&mut *session)
        .await?;
    let mut accepted = Insert::into("consent_acceptance (subject_id, consent_id, authority_id)");
    for authority in &consent.accepted_by {
        accepted.push([
            consent.individual.as_uuid().into(),
            consent.id.as_uuid().into(),
            authority.as_uuid().into(),
        ]);
    }
    accepted.run(session).await
}

const WRITE_PERSON: &str = "
    INSERT INTO signatory (subject_id, consent_id, number, person_id, evidence, recorded_by, digest, detail,
                           signed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (subject_id, consent_id, number) DO UPDATE SET evidence = excluded.evidence,
        recorded_by = excluded.recorded_by, digest = excluded.digest, detail = excluded.detail,
        signed_at = excluded.signed_at";
const WRITE_BOARD: &str = "
    INSERT INTO board_signatory (subject_id, consent_id, number, authority_id, evidence, recorded_by, digest,
                                 detail, signed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (subject_id, consent_id, number) DO UPDATE SET evidence = excluded.evidence,
        recorded_by = excluded.recorded_by, digest = excluded.digest, detail = excluded.detail,
        signed_at = excluded.signed_at";

type EvidenceColumns = (Option<i32>, Option<Uuid>, Option<Vec<u8>>, Option<String>);

fn evidence_columns(signature: &Signature) -> EvidenceColumns {
    match &signature.evidence {
        Evidence::Portal {
            statement_sha256,
            language,
        } => (
            Some(wire::EvidenceKind::Portal.into()),
            None,
            Some(statement_sha256.to_vec()),
            Some(language.clone()),
        ),
        Evidence::Paper {
            recorded_by,
            scan_sha256,
        } => (
            Some(wire::EvidenceKind::Paper.into()),
            Some(recorded_by.as_uuid()),
            Some(scan_sha256.to_vec()),
            None,
        ),
        Evidence::Oral {
            recorded_by,
            first_witness,
            second_witness,
        } => (
            Some(wire::EvidenceKind::Oral.into()),
            Some(recorded_by.as_uuid()),
            None,
            Some(format!("{first_witness}\n{second_witness}")),
        ),
    }
}

fn state_columns(state: State) -> (i32, Option<i64>, bool) {
    use wire::ConsentState as Wire;
    match state {
        State::Requested => (Wire::Requested.into(), None, false),
        State::Active { since } => (Wire::Active.into(), Some(since.as_microsecond()), true),
        State::Ended { how, at, was_active } => {
            let how = match how {
                End::Declined => Wire::Declined,
                End::Revoked => Wire::Revoked,
                End::Expired => Wire::Expired,
                End::Superseded => Wire::Superseded,
            };
            (how.into(), Some(at.as_microsecond()), was_active)
        }
    }
}

/// Consents asked about in one query: below what either engine takes of placeholders, with room.
const AT_ONCE: usize = 512;

/// Three queries for every [`AT_ONCE`] consents, however many there are in all.
async fn read_all(pool: &Pool, rows: &[Row]) -> Result<Vec<ConsentRecord>> {
    let mut consents = Vec::with_capacity(rows.len());
    for rows in rows.chunks(AT_ONCE) {
        let asked = Asked::about(rows)?;
        let mut signatories = signatories(pool, &asked).await?;
        let mut accepted = acceptances(pool, &asked).await?;
        for (row, key) in rows.iter().zip(asked.consents) {
            let signatories = signatories.remove(&key).unwrap_or_default();
            consents.push(read(row, signatories, accepted.remove(&key).unwrap_or_default())?);
        }
    }
    Ok(consents)
}

/// Consents whose signatories and acceptances are asked for, and whom they are about: those rows lie by person.
struct Asked {
    subjects: Vec<Uuid>,
    consents: Vec<Uuid>,
}

impl Asked {
    fn about(rows: &[Row]) -> Result<Self> {
        let subjects: BTreeSet<Uuid> = rows
            .iter()
            .map(|row| get(row, "person_id"))
            .collect::<Result<_>>()?;
        Ok(Self {
            subjects: subjects.into_iter().collect(),
            consents: rows.iter().map(|row| get(row, "id")).collect::<Result<_>>()?,
        })
    }

    /// What rows must fulfil, said twice in one statement: hence numbers. Lists are filled up to a power of two, so that few texts are prepared.
    fn condition(&self) -> String {
        let subjects = self.subjects.len().next_power_of_two();
        let consents = self.consents.len().next_power_of_two();
        format!(
            "WHERE subject_id IN ({}) AND consent_id IN ({})",
            list(Places::Numbered, 1, subjects),
            list(Places::Numbered, subjects + 1, consents)
        )
    }

    fn values(&self) -> Vec<Value<'static>> {
        [&self.subjects, &self.consents]
            .into_iter()
            .flat_map(|ids| {
                let filled = ids.iter().chain(ids.last().into_iter().cycle());
                filled.take(ids.len().next_power_of_two())
            })
            .map(|id| Value::from(*id))
            .collect()
    }
}

async fn signatories(pool: &Pool, asked: &Asked) -> Result<HashMap<Uuid, Vec<Signatory>>> {
    if asked.consents.is_empty() {
        return Ok(HashMap::new());
    }
    let condition = asked.condition();
    let text = format!(
        "SELECT consent_id, number, person_id, NULL AS authority_id, evidence, recorded_by, digest, detail,
                signed_at FROM signatory {condition}
         UNION ALL SELECT consent_id, number, NULL, authority_id, evidence, recorded_by, digest, detail,
                signed_at FROM board_signatory {condition}
         ORDER BY consent_id, number"
    );
    let mut signatories: HashMap<Uuid, Vec<Signatory>> = HashMap::new();
    for row in &composed(text, asked.values()).fetch_all(pool).await? {
        let of = signatories.entry(get(row, "consent_id")?).or_default();
        of.push(read_signatory(row)?);
    }
    Ok(signatories)
}

async fn acceptances(pool: &Pool, asked: &Asked) -> Result<HashMap<Uuid, BTreeSet<AuthorityId>>> {
    if asked.consents.is_empty() {
        return Ok(HashMap::new());
    }
    let condition = asked.condition();
    let text = format!("SELECT consent_id, authority_id FROM consent_acceptance {condition}");
    let mut accepted: HashMap<Uuid, BTreeSet<AuthorityId>> = HashMap::new();
    for row in &composed(text, asked.values()).fetch_all(pool).await? {
        let of = accepted.entry(get(row, "consent_id")?).or_default();
        of.insert(id(row, "authority_id")?);
    }
    Ok(accepted)
}

fn read(row: &Row, signatories: Vec<Signatory>, accepted_by: BTreeSet<AuthorityId>) -> Result<ConsentRecord> {
    let scope = wire::Scope::decode(get::<&[u8]>(row, "scope")?).map_err(|_| damaged("scope"))?;
    Ok(ConsentRecord {
        individual: id(row, "individual_id")?,
        supersedes: get::<Option<Uuid>>(row, "supersedes_id")?.map(ConsentId::from),
        consent: Consent {
            id: id(row, "id")?,
            individual: id(row, "person_id")?,
            requester: id(row, "requester_id")?,
            scope: scope_from_wire(&scope).map_err(|_| damaged("scope"))?,
            state: read_state(row)?,
            signatories,
            accepted_by,
            requested_at: time(row, "requested_at")?,
            revision: count(row, "revision")?,
        },
    })
}

fn read_state(row: &Row) -> Result<State> {
    use wire::ConsentState as Wire;
    let was_active = get(row, "was_active")?;
    let how = match Wire::try_from(get::<i32>(row, "state")?).map_err(|_| damaged("consent state"))? {
        Wire::Requested => return Ok(State::Requested),
        Wire::Active => {
            return Ok(State::Active {
                since: time(row, "state_at")?,
            });
        }
        Wire::Declined => End::Declined,
        Wire::Revoked => End::Revoked,
        Wire::Expired => End::Expired,
        Wire::Superseded => End::Superseded,
        Wire::Unspecified => return Err(damaged("consent state")),
    };
    Ok(State::Ended {
        how,
        at: time(row, "state_at")?,
        was_active,
    })
}

fn read_signatory(row: &Row) -> Result<Signatory> {
    let signer = match get::<Option<Uuid>>(row, "authority_id")? {
        Some(authority) => Signer::Board(authority.into()),
        None => Signer::Person(id(row, "person_id")?),
    };
    let Some(kind) = get::<Option<i32>>(row, "evidence")? else {
        return Ok(Signatory {
            signer,
            signature: None,
        });
    };
    let detail = get::<Option<String>>(row, "detail")?.unwrap_or_default();
    let evidence = match wire::EvidenceKind::try_from(kind).map_err(|_| damaged("evidence"))? {
        wire::EvidenceKind::Portal => Evidence::Portal {
            statement_sha256: hash(row, "digest")?,
            language: detail,
        },
        wire::EvidenceKind::Paper => Evidence::Paper {
            recorded_by: id(row, "recorded_by")?,
            scan_sha256: hash(row, "digest")?,
        },
        wire::EvidenceKind::Oral => {
            let (first, second) = detail.split_once('\n').ok_or_else(|| damaged("evidence"))?;
            Evidence::Oral {
                recorded_by: id(row, "recorded_by")?,
                first_witness: first.to_owned(),
                second_witness: second.to_owned(),
            }
        }
        wire::EvidenceKind::Unspecified => return Err(damaged("evidence")),
    };
    let signature = Signature {
        evidence,
        at: time(row, "signed_at")?,
    };
    Ok(Signatory {
        signer,
        signature: Some(signature),
    })
}
