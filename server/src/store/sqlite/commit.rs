//! The one act of writing: expectations, writes and entries in one durable transaction.

mod delivery;

use sqlx::error::ErrorKind;
use sqlx::query::Query;
use sqlx::{SqliteConnection, query};

use samrum_consent::fact::Custody;
use samrum_consent::id::{DeliveryId, EntryId, PersonId, UnitId};
use samrum_consent::vocabulary::CustodySource;

use super::row::{delivery_state_number, key_state_number, signed, unavailable};
use super::{consent, fact, ledger};
use crate::store::change::{Change, Expect, Write};
use crate::store::record::{Authority, Organisation, UnitKey, UnitRecord};
use crate::store::vault::Vault;
use crate::store::{Result, StoreError};

/// A key release that a change asks for: whose entry permits it, to whom.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) delivery: DeliveryId,
    pub(super) reader: UnitId,
    pub(super) entry: EntryId,
}

/// INVARIANT 2: nothing happens that is not written down.
pub(super) const fn refuse_unwritten(change: &Change) -> Result<()> {
    if change.entries.is_empty() {
        return Err(StoreError::Damaged {
            what: "change: it has no ledger entry",
        });
    }
    Ok(())
}

/// Writes a change where its expectations hold. What comes back counts once the transaction is durable.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    vault: &Vault,
    change: &Change,
) -> Result<Option<Release>> {
    for expectation in &change.expects {
        if !holds(connection, expectation).await? {
            return Err(StoreError::Stale);
        }
    }
    for entry in &change.entries {
        ledger::insert(connection, entry).await?;
    }
    let mut release = None;
    for write in &change.writes {
        if let Write::Release(delivery, reader, entry) = write {
            release = Some(Release {
                delivery: *delivery,
                reader: *reader,
                entry: *entry,
            });
        }
        apply(connection, vault, write).await.map_err(stale_if_taken)?;
    }
    Ok(release)
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

async fn holds(connection: &mut SqliteConnection, expectation: &Expect) -> Result<bool> {
    let found = match expectation {
        Expect::Unit(id, revision) => query("SELECT 1 FROM unit WHERE id = $1 AND revision = $2")
            .bind(id.as_uuid())
            .bind(signed(*revision)),
        Expect::Person(id, revision) => query("SELECT 1 FROM person WHERE id = $1 AND revision = $2")
            .bind(id.as_uuid())
            .bind(signed(*revision)),
        Expect::Consent(id, revision) => query("SELECT 1 FROM consent WHERE id = $1 AND revision = $2")
            .bind(id.as_uuid())
            .bind(signed(*revision)),
        Expect::Delivery(id, state) => query("SELECT 1 FROM delivery WHERE id = $1 AND state = $2")
            .bind(id.as_uuid())
            .bind(delivery_state_number(*state)),
        Expect::ProvisionOn(id) => query("SELECT 1 FROM provision_on WHERE id = $1").bind(id),
    };
    Ok(found
        .fetch_optional(connection)
        .await
        .map_err(unavailable)?
        .is_some())
}

async fn apply(connection: &mut SqliteConnection, vault: &Vault, write: &Write) -> Result<()> {
    let statement = match write {
        Write::Organisation(organisation, authorities, at) => {
            return new_organisation(connection, organisation, authorities, at.as_microsecond()).await;
        }
        Write::Unit(unit, at) => new_unit(unit, at.as_microsecond()),
        Write::UnitKey(key) => return new_key(connection, key).await,
        Write::Person { .. } | Write::PersonName(..) | Write::Individual(..) => {
            return sealed_person(connection, vault, write).await;
        }
        Write::Custody(child, custody) => return new_custody(connection, *child, custody).await,
        Write::Fact(record) => return fact::insert(connection, vault, record).await,
        Write::Attest(id, person, attestation) => {
            return fact::attest(connection, (*id, *person), attestation).await;
        }
        Write::RegisterFacts(facts) => return fact::replace_register(connection, vault, facts).await,
        Write::ProvisionOn(..) | Write::ProvisionOff(_) => provision(write)?,
        Write::NewConsent(record) => return consent::insert(connection, record).await,
        Write::Consent(next) => return consent::update(connection, next).await,
        Write::Document(document, at) => delivery::new_document(document, at.as_microsecond()),
        Write::NewDelivery { .. } => return delivery::insert(connection, write).await,
        Write::DeliveryState(..) | Write::Release(..) => return delivery::go_on(connection, write).await,
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
    statement.execute(connection).await.map(drop).map_err(unavailable)
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
async fn sealed_person(connection: &mut SqliteConnection, vault: &Vault, write: &Write) -> Result<()> {
    let statement = match write {
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
    };
    statement.execute(connection).await.map(drop).map_err(unavailable)
}

type Statement<'q> = Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

async fn new_organisation(
    connection: &mut SqliteConnection,
    organisation: &Organisation,
    authorities: &[Authority],
    at: i64,
) -> Result<()> {
    query(
        "INSERT INTO organisation (id, number, name, holder, signing_key, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(organisation.id.as_uuid())
    .bind(organisation.number.digits())
    .bind(&organisation.name)
    .bind(organisation.holder.number())
    .bind(organisation.signing_key.as_slice())
    .bind(at)
    .execute(&mut *connection)
    .await
    .map_err(unavailable)?;
    for authority in authorities {
        query("INSERT INTO authority (id, organisation_id, name) VALUES ($1, $2, $3)")
            .bind(authority.id.as_uuid())
            .bind(authority.organisation.as_uuid())
            .bind(&authority.name)
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
    }
    Ok(())
}

fn new_unit(record: &UnitRecord, at: i64) -> Statement<'_> {
    query(
        "INSERT INTO unit (id, authority_id, name, sector, holder, board_reception, hsa_id, revision,
                           created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(record.unit.id.as_uuid())
    .bind(record.unit.authority.as_uuid())
    .bind(&record.name)
    .bind(record.unit.sector.number())
    .bind(record.unit.holder.number())
    .bind(record.unit.board_reception)
    .bind(&record.hsa_id)
    .bind(signed(record.revision))
    .bind(at)
}

async fn new_key(connection: &mut SqliteConnection, key: &UnitKey) -> Result<()> {
    query("UPDATE unit_key SET state = 2 WHERE unit_id = $1 AND state = 1")
        .bind(key.unit.as_uuid())
        .execute(&mut *connection)
        .await
        .map_err(unavailable)?;
    query(
        "INSERT INTO unit_key (key_id, unit_id, state, statement, signature, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(key.key_id.as_slice())
    .bind(key.unit.as_uuid())
    .bind(key_state_number(key.state))
    .bind(&key.statement)
    .bind(&key.signature)
    .bind(key.recorded_at.as_microsecond())
    .execute(&mut *connection)
    .await
    .map_err(unavailable)?;
    query("UPDATE unit SET revision = revision + 1 WHERE id = $1")
        .bind(key.unit.as_uuid())
        .execute(connection)
        .await
        .map(drop)
        .map_err(unavailable)
}

async fn new_custody(connection: &mut SqliteConnection, child: PersonId, custody: &Custody) -> Result<()> {
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
    .execute(&mut *connection)
    .await
    .map_err(unavailable)?;
    query("DELETE FROM guardian WHERE child_id = $1")
        .bind(child.as_uuid())
        .execute(&mut *connection)
        .await
        .map_err(unavailable)?;
    for (position, guardian) in (0_i64..).zip(&custody.guardians) {
        query("INSERT INTO guardian (child_id, guardian_id, position) VALUES ($1, $2, $3)")
            .bind(child.as_uuid())
            .bind(guardian.as_uuid())
            .bind(position)
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use samrum_consent::id::{ConsentId, DeliveryId, EntryId, UnitId};

    use crate::store::sqlite::SqliteStore;
    use crate::store::{Change, Expect, Lane, NewEntry, Store, StoreError, SystemClock, Write};

    fn entry() -> NewEntry {
        NewEntry {
            id: EntryId::from_bytes([1; 16]),
            at: jiff::Timestamp::UNIX_EPOCH,
            details: b"{}".to_vec(),
            salt: None,
            leaf: vec![2],
            leaf_hash: [3; 32],
            units: Vec::new(),
            organisations: Vec::new(),
            people: Vec::new(),
        }
    }

    fn release(entries: Vec<NewEntry>, expects: Vec<Expect>) -> Change {
        let (delivery, reader) = (DeliveryId::from_bytes([5; 16]), UnitId::from_bytes([6; 16]));
        let writes = vec![Write::Release(delivery, reader, EntryId::from_bytes([1; 16]))];
        Change {
            expects,
            writes,
            entries,
        }
    }

    /// Invariant 2: an admission is what a durable entry leaves behind, and nothing else is.
    #[tokio::test]
    async fn an_admission_comes_with_its_entry_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path(), Arc::new(SystemClock))
            .await
            .unwrap();

        let without = store
            .commit(Lane::Ordinary, release(Vec::new(), Vec::new()))
            .await;
        assert!(
            matches!(without, Err(StoreError::Damaged { .. })),
            "no entry, no change"
        );

        let gone = vec![Expect::Consent(ConsentId::from_bytes([7; 16]), 1)];
        let stale = store.commit(Lane::Ordinary, release(vec![entry()], gone)).await;
        assert!(matches!(stale, Err(StoreError::Stale)));
        assert!(
            store.entry(entry().id).await.unwrap().is_none(),
            "nothing of a stale change stays"
        );

        let committed = store
            .commit(Lane::Ordinary, release(vec![entry()], Vec::new()))
            .await
            .unwrap();
        let admitted = committed.into_admitted().unwrap();
        assert_eq!(admitted.entry(), entry().id);
        assert!(
            store.entry(entry().id).await.unwrap().is_some(),
            "the entry is there first"
        );
    }
}
