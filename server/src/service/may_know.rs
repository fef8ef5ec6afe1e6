//! Existence is secret: one function says who may know of an individual.

use samrum_consent::id::{IndividualId, UnitId};

use super::{Hub, Result};

impl Hub {
    /// Whether the unit may know of the individual under this id: it registered them, or is party to a
    /// consent about them that has been visible to it, or has sent or received a document about them. It
    /// remains so after revocation, for what it knew.
    pub(super) async fn may_know(&self, unit: UnitId, individual: IndividualId) -> Result<bool> {
        let Some(record) = self.store.individual(individual).await? else {
            return Ok(false);
        };
        if record.registered_by == unit {
            return Ok(true);
        }
        Ok(self.sees_consent(unit, individual).await? || self.store.has_exchanged(unit, individual).await?)
    }

    /// Whether a consent about the individual is, or has been, visible to the unit.
    pub(super) async fn sees_consent(&self, unit: UnitId, individual: IndividualId) -> Result<bool> {
        let consents = self.store.consents_about(individual).await?;
        Ok(consents.iter().any(|record| record.consent.visible_to(unit)))
    }
}
