//! The acting professional: a short statement signed by the unit's key, bound to one call.
//!
//! The hub logs it as "asserted by the organisation": who sits at the unit's keyboard is the unit's to know.

use jiff::Timestamp;
use samrum_consent::id::UnitId;
use samrum_proto::canonical::Raw;
use samrum_proto::statement::{ActingStatement, KeyStatement, Signed};

use super::{Hub, Result, ServiceError};
use crate::ledger::ActingRecord;
use crate::store::{KeyState, UnitKey};

/// A statement as it came, and what it must be about.
#[derive(Debug, Clone)]
pub struct Acting {
    /// Canonical bytes.
    pub statement: Vec<u8>,
    /// Ed25519 by the unit's current key.
    pub signature: Vec<u8>,
    /// The gRPC path called.
    pub method: &'static str,
    /// The id of the request, document or delivery.
    pub request: [u8; 16],
}

impl Hub {
    /// Verifies the statement under the unit's current key.
    pub(super) async fn acting(&self, unit: UnitId, acting: &Acting, now: Timestamp) -> Result<ActingRecord> {
        acted(self.key_in_force(unit).await?.value(), unit, acting, now)
    }

    /// The same for a no, which waits for no key (INVARIANT 4): where the unit has none in force, or never had one, its
    /// certificate alone says who records it, and nobody is named as acting.
    pub(super) async fn acting_for_a_no(
        &self,
        unit: UnitId,
        acting: &Acting,
        now: Timestamp,
    ) -> Result<Option<ActingRecord>> {
        match self.acting(unit, acting, now).await {
            Err(ServiceError::KeyNotInForce { .. } | ServiceError::KeyUnknown { .. }) => Ok(None),
            acting => acting.map(Some),
        }
    }

    /// The unit's current key statement.
    ///
    /// # Errors
    /// [`ServiceError::KeyUnknown`] before its first, [`ServiceError::KeyNotInForce`] after it was compromised.
    pub(super) async fn key_in_force(&self, unit: UnitId) -> Result<Raw<KeyStatement>> {
        let keys = self.store.unit_keys(unit).await?;
        let had_one = !keys.is_empty();
        match keys.into_iter().find(|key| key.state == KeyState::Current) {
            Some(key) => key_statement(key),
            None if had_one => Err(ServiceError::KeyNotInForce { unit }),
            None => Err(ServiceError::KeyUnknown { unit }),
        }
    }
}

/// Verifies the statement under this key of the unit.
pub(super) fn acted(
    key: &KeyStatement,
    unit: UnitId,
    acting: &Acting,
    now: Timestamp,
) -> Result<ActingRecord> {
    if acting.statement.is_empty() {
        return Err(invalid(
            "is required: who acts, in which role, signed by the unit's key",
        ));
    }
    let signed =
        Signed::<ActingStatement>::verify(&acting.statement, &acting.signature, &key.signing_public_key);
    let signed = signed.map_err(|_| invalid("is not signed by the unit's current key"))?;
    let stated = signed.value();
    if stated.unit != unit {
        return Err(invalid("names another unit than the certificate"));
    }
    if stated.method != acting.method || stated.request != acting.request {
        return Err(invalid("was made for another call"));
    }
    if !is_user_id(&stated.user) {
        return Err(invalid(
            "must name the professional by a user id of visible ASCII characters without spaces",
        ));
    }
    if !stated.is_fresh(now.as_microsecond()) {
        return Err(invalid(
            "is older than five minutes or from the future; check the clock",
        ));
    }
    Ok(ActingRecord {
        user: stated.user.clone(),
        role: stated.role.clone(),
        assurance_level: stated.assurance_level,
    })
}

/// What the organisation signed about a key.
pub(super) fn key_statement(key: UnitKey) -> Result<Raw<KeyStatement>> {
    Raw::parse(key.statement).map_err(|_| ServiceError::Damaged {
        what: "key statement",
    })
}

/// Whether two of these that look different are different: what is invisible, decomposed or borrowed from another
/// alphabet would let one professional pass for two.
#[must_use]
pub fn is_user_id(user: &str) -> bool {
    !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_graphic())
}

const fn invalid(problem: &'static str) -> ServiceError {
    ServiceError::ActingInvalid { problem }
}
