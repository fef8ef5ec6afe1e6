//! Writes about organisations, units and their keys.

use samrum_consent::id::UnitId;

use crate::store::Result;
use crate::store::record::{Authority, Organisation, UnitKey, UnitRecord};
use crate::store::sql::insert::Insert;
use crate::store::sql::row::{key_state_number, signed};
use crate::store::sql::session::Session;
use crate::store::sql::statement::{Statement, query};

/// A new organisation with its authorities.
pub(super) async fn new_organisation(
    session: &mut Session,
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
    .execute(&mut *session)
    .await?;
    let mut rows = Insert::into("authority (id, organisation_id, name)");
    for authority in authorities {
        rows.push([
            authority.id.as_uuid().into(),
            authority.organisation.as_uuid().into(),
            (&authority.name).into(),
        ]);
    }
    rows.run(session).await
}

/// A new unit.
pub(super) fn new_unit(record: &UnitRecord, at: i64) -> Statement<'_> {
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

/// A new current key; the former current one becomes decrypt-only.
pub(super) async fn new_key(session: &mut Session, key: &UnitKey) -> Result<()> {
    query("UPDATE unit_key SET state = 2 WHERE unit_id = $1 AND state = 1")
        .bind(key.unit.as_uuid())
        .execute(&mut *session)
        .await?;
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
    .execute(&mut *session)
    .await?;
    query("UPDATE unit SET revision = revision + 1 WHERE id = $1")
        .bind(key.unit.as_uuid())
        .execute(session)
        .await
        .map(drop)
}

/// A key is in other hands, for good. The unit's revision goes with it: whatever was decided before is decided anew.
pub(super) async fn compromised_key(session: &mut Session, unit: UnitId, key_id: &[u8; 32]) -> Result<()> {
    query("UPDATE unit_key SET state = 3 WHERE key_id = $1 AND unit_id = $2")
        .bind(key_id.as_slice())
        .bind(unit.as_uuid())
        .execute(&mut *session)
        .await?;
    query("UPDATE unit SET revision = revision + 1 WHERE id = $1")
        .bind(unit.as_uuid())
        .execute(session)
        .await
        .map(drop)
}
