//! The one act of writing: expectations, writes and entries of several changes, in a transaction that somebody else
//! begins and commits.
//!
//! What comes in masses (entries, documents, deliveries) goes in by many rows at once; the rest one by one.

mod delivery;
mod directory;
mod expect;
mod wave;

use sqlx::error::ErrorKind;

use samrum_consent::fact::Custody;
use samrum_consent::id::{DeliveryId, EntryId, PersonId, UnitId};
use samrum_consent::vocabulary::CustodySource;

use super::insert::{Insert, Inserts};
use super::session::Session;
use super::statement::{Statement, query};
use super::{consent, fact, ledger};
use crate::store::change::{Change, Write};
use crate::store::vault::Vault;
use crate::store::{Result, StoreError};

pub(super) use wave::waves;

/// A key release that a change asks for: whose entry permits it, to whom.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) delivery: DeliveryId,
    pub(super) reader: UnitId,
    pub(super) entry: EntryId,
}

/// What became of one change: what it releases, or why nothing of it is there.
pub(super) type Outcome = Result<Option<Release>>;

/// INVARIANT 2: nothing happens that is not written down.
pub(super) const fn refuse_unwritten(change: &Change) -> Result<()> {
    if change.entries.is_empty() {
        return Err(StoreError::Damaged {
            what: "change: it has no ledger entry",
        });
    }
    Ok(())
}

/// Writes those of the changes whose expectations hold; the others are [`StoreError::Stale`]. What comes back counts
/// once the transaction is durable.
///
/// # Errors
/// When a write fails nobody knows whose it was: the caller undoes all and tries them one by one.
pub(super) async fn write(session: &mut Session, vault: &Vault, changes: &[&Change]) -> Result<Vec<Outcome>> {
    let holds = expect::all_hold(session, changes).await?;
    let holding: Vec<&Change> = holds
        .iter()
        .zip(changes)
        .filter_map(|(holds, change)| holds.then_some(*change))
        .collect();
    apply_all(session, vault, &holding)
        .await
        .map_err(stale_if_taken)?;
    let outcome = |(holds, change): (&bool, &&Change)| {
        if *holds {
            Ok(release_of(change))
        } else {
            Err(StoreError::Stale)
        }
    };
    Ok(holds.iter().zip(changes).map(outcome).collect())
}

async fn apply_all(session: &mut Session, vault: &Vault, changes: &[&Change]) -> Result<()> {
    let entries = changes.iter().flat_map(|change| &change.entries);
    let writes = changes.iter().flat_map(|change| &change.writes);
    let mut inserts = Inserts::default();
    ledger::insert(&mut inserts, entries.clone());
    if writes.clone().any(goes_alone) {
        // These lean on the entries, and deliveries and people lean on these.
        std::mem::take(&mut inserts).run(session).await?;
        for write in writes.clone().filter(|write| goes_alone(write)) {
            apply(session, vault, write).await?;
        }
    }
    delivery::insert(&mut inserts, writes);
    ledger::insert_people(&mut inserts, entries);
    inserts.run(session).await
}

/// Whether a write has a statement of its own; the others go with all of their kind.
const fn goes_alone(write: &Write) -> bool {
    !matches!(write, Write::Document { .. } | Write::NewDelivery { .. })
}

fn release_of(change: &Change) -> Option<Release> {
    change.writes.iter().rev().find_map(|write| match write {
        Write::Release(delivery, reader, entry) => Some(Release {
            delivery: *delivery,
            reader: *reader,
            entry: *entry,
        }),
        _ => None,
    })
}

/// A row that was absent when the change was decided is there now: somebody else was faster.
fn stale_if_taken(error: StoreError) -> StoreError {
    let taken = match &error {
        StoreError::Unavailable(source) => source
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error)
            .is_some_and(|database| matches!(database.kind(), ErrorKind::UniqueViolation)),
        _ => false,
    };
    if taken { StoreError::Stale } else { error }
}

async fn apply(session: &mut Session, vault: &Vault, write: &Write) -> Result<()> {
    let statement = match write {
        Write::Document { .. } | Write::NewDelivery { .. } => return Ok(()), // with all others of their kind
        Write::Organisation(organisation, authorities, at) => {
            let at = at.as_microsecond();
            return directory::new_organisation(session, organisation, authorities, at).await;
        }
        Write::Unit(unit, at) => directory::new_unit(unit, at.as_microsecond()),
        Write::UnitKey(key) => return directory::new_key(session, key).await,
        Write::KeyCompromised(unit, key) => return directory::compromised_key(session, *unit, key).await,
        Write::Person { .. } | Write::PersonName(..) | Write::Individual(..) => sealed_person(vault, write)?,
        Write::Custody(child, custody) => return new_custody(session, *child, custody).await,
        Write::Fact(record) => return fact::insert(session, vault, record).await,
        Write::Attest(id, person, attestation) => {
            return fact::attest(session, (*id, *person), attestation).await;
        }
        Write::RegisterFacts(facts) => return fact::replace_register(session, vault, facts).await,
        Write::ProvisionOn(..) | Write::ProvisionOff(_) => provision(write)?,
        Write::NewConsent(record) => return consent::insert(session, record).await,
        Write::Consent(next) => return consent::update(session, next).await,
        Write::DeliveryState(..) | Write::Release(..) | Write::Alarm(..) => {
            return delivery::go_on(session, write).await;
        }
        Write::Answer {
            caller,
            id,
            answered,
            at,
        } => {
            query("INSERT INTO request (caller, id, digest, answer, created_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(caller)
                .bind(id.as_uuid())
                .bind(answered.digest.to_vec())
                .bind(&answered.answer)
                .bind(at.as_microsecond())
        }
        Write::Session {
            token_hash,
            person,
            expires_at,
        } => query("INSERT INTO session (token_hash, person_id, expires_at) VALUES ($1, $2, $3)")
            .bind(token_hash.to_vec())
            .bind(person.as_uuid())
            .bind(expires_at.as_microsecond()),
        Write::EndSession(token_hash) => {
            query("DELETE FROM session WHERE token_hash = $1").bind(token_hash.to_vec())
        }
    };
    statement.execute(session).await.map(drop)
}

/// What the operator turns on and off; on once more stays as it was turned on.
fn provision(write: &Write) -> Result<Statement<'_>> {
    match write {
        Write::ProvisionOn(id, entry) => Ok(query(
            "INSERT INTO provision_on (id, entry_id, revision) VALUES ($1, $2, 1) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(entry.as_uuid())),
        Write::ProvisionOff(id) => Ok(query("DELETE FROM provision_on WHERE id = $1").bind(id)),
        _ => Err(StoreError::Damaged {
            what: "change: not a provision",
        }),
    }
}

/// Writes that seal personal data.
fn sealed_person<'a>(vault: &Vault, write: &'a Write) -> Result<Statement<'a>> {
    Ok(match write {
        Write::Person { id, number, name } => {
            let row = id.as_bytes();
            query(
                "INSERT INTO person (id, number_hash, number_sealed, name_sealed, revision)
                 VALUES ($1, $2, $3, $4, 1)",
            )
            .bind(id.as_uuid())
            .bind(vault.hash(number))
            .bind(vault.seal(row, &number.digits())?)
            .bind(vault.seal(row, name)?)
        }
        Write::PersonName(id, name) => {
            query("UPDATE person SET name_sealed = $2, revision = revision + 1 WHERE id = $1")
                .bind(id.as_uuid())
                .bind(vault.seal(id.as_bytes(), name)?)
        }
        Write::Individual(record, at) => query(
            "INSERT INTO individual (id, person_id, unit_id, name_sealed, created_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(record.id.as_uuid())
        .bind(record.person.as_uuid())
        .bind(record.registered_by.as_uuid())
        .bind(vault.seal(record.id.as_bytes(), &record.name)?)
        .bind(at.as_microsecond()),
        _ => {
            return Err(StoreError::Damaged {
                what: "change: not a person",
            });
        }
    })
}

async fn new_custody(session: &mut Session, child: PersonId, custody: &Custody) -> Result<()> {
    let source = match custody.source {
        CustodySource::PopulationRegister => 1,
        CustodySource::CourtDecision => 2,
    };
    query(
        "UPDATE person SET custody_source = $2, custody_checked_at = $3, revision = revision + 1
         WHERE id = $1",
    )
    .bind(child.as_uuid())
    .bind(source)
    .bind(custody.checked_at.as_microsecond())
    .execute(&mut *session)
    .await?;
    query("DELETE FROM guardian WHERE child_id = $1")
        .bind(child.as_uuid())
        .execute(&mut *session)
        .await?;
    let mut guardians = Insert::into("guardian (child_id, guardian_id, position)");
    for (position, guardian) in (0_i64..).zip(&custody.guardians) {
        guardians.push([child.as_uuid().into(), guardian.as_uuid().into(), position.into()]);
    }
    guardians.run(session).await
}
