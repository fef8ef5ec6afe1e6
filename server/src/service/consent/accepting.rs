//! Accepting evidence: each authority obtains consent for its own information, and says itself that what another
//! unit recorded on paper or heard is good enough. Domain, Consent 4 and 5. What the portal recorded counts for all.

use samrum_consent::consent::Consent;
use samrum_consent::id::{ConsentId, UnitId};

use super::{Actor, ConsentView, concerned};
use crate::service::individual::answer;
use crate::service::{Acting, Hub, Idempotency, Recorded, Result, ServiceError};
use crate::store::{Change, ConsentRecord, Expect, Write};

impl Hub {
    /// Accepts, for the unit's authority and its own information, evidence that another unit recorded.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a consent the unit may not know; [`ServiceError::StateConflict`] when the
    /// unit shares nothing in it, no unit has recorded a yes yet, or its authority has accepted before; what the
    /// consent's life does not allow.
    pub async fn accept_evidence(
        &self,
        unit: UnitId,
        key: Idempotency,
        consent: ConsentId,
        acting: &Acting,
    ) -> Result<(ConsentView, Recorded)> {
        if let Some(before) = self.consent_before(unit, key).await? {
            return Ok(before);
        }
        let caller = format!("unit:{unit}");
        let now = self.store.now().await?;
        let record = self.visible_consent(unit, consent).await?;
        let acting = self.acting(unit, acting, now).await?;
        if !record.consent.scope.lets_send(unit) {
            return Err(ServiceError::StateConflict(
                "the unit gives no information under this consent: there is nothing to accept for it",
            ));
        }
        if !has_recorded_evidence(&record.consent) {
            return Err(ServiceError::StateConflict(
                "no unit has recorded a yes: there is nothing to accept, now or in advance",
            ));
        }
        let authority = self.known_unit(unit).await?.unit.authority;
        if record.consent.accepted_by.contains(&authority) {
            return Err(ServiceError::StateConflict(
                "the unit's authority has accepted the evidence before",
            ));
        }
        let after = ConsentRecord {
            consent: record.consent.clone().accept(authority)?,
            ..record
        };
        let actor = Actor::Unit(unit, Some(acting));
        let mut details = self.consent_entry(&after, &actor, ("ACCEPTED", None), now)?;
        let accepted = ("authority".to_owned(), authority.to_string());
        details.named.extend([accepted]);
        let entry = self.entry(&details, concerned(&after.consent, &actor))?;
        let change = Change {
            expects: vec![Expect::Consent(consent, record.consent.revision)],
            writes: vec![
                Write::Consent(after.consent),
                answer(&caller, key, entry.id, *consent.as_bytes(), now),
            ],
            entries: vec![entry],
        };
        let (recorded, _) = self.commit(change).await?;
        Ok((self.consent(unit, consent).await?, recorded))
    }
}

/// Whether some unit has written down a yes. A yes given in the portal needs nobody's acceptance.
fn has_recorded_evidence(consent: &Consent) -> bool {
    let signatures = consent.signatories.iter();
    let mut signatures = signatures.filter_map(|signatory| signatory.signature.as_ref());
    signatures.any(|signature| signature.evidence.recorded_by().is_some())
}
