//! A key in other hands: reported by the organisation, for good, and what follows from it at once.
//!
//! The rule, and why it is so, is ADR 0010: nothing new is sealed to the key or signed by it, and nothing that is
//! sealed to it is released any more. Signatures made before keep being judged by the time at which the hub took
//! them; a recipient is shown that their key was reported.

use std::collections::BTreeMap;

use samrum_consent::id::{DeliveryId, UnitId};
use samrum_proto::convert::Problem;
use samrum_proto::envelope::VerifyingKey;
use samrum_proto::statement::{KeyState as Stated, KeyStateChange, Signed};

use crate::ledger::{By, Concerned, Event};
use crate::service::{Hub, Recorded, Result, ServiceError};
use crate::store::{Change, Expect, KeyState, Lane, Write};

/// How far ahead of the hub's the organisation's clock may be. Unit: microseconds.
const MAX_CLOCK_SKEW_US: i64 = 60 * 1_000_000;
/// Deliveries looked up and withheld in one go.
const WITHHELD_AT_ONCE: u32 = 64;
/// How many times within one report; what is left is withheld by the next report, or when somebody fetches it.
const ROUNDS: usize = 16;

impl Hub {
    /// Declares a unit's key compromised, as its organisation signed it, and withholds what waits under it.
    /// Repeating it repeats the answer. The caller is any unit of that organisation: the one concerned may have
    /// lost its certificate with its key.
    ///
    /// # Errors
    /// When the statement is malformed, not signed by the caller's organisation, about another organisation's unit,
    /// another state or a time to come; [`ServiceError::NotFound`] for a key that the unit never had.
    pub async fn report_compromised_key(
        &self,
        caller: UnitId,
        statement: &[u8],
        signature: &[u8],
    ) -> Result<Recorded> {
        let signed = self.judge_report(caller, statement, signature).await?;
        let KeyStateChange { unit, key_id, .. } = *signed.value();
        let key_id = *key_id.as_bytes();
        let record = self.unit(unit).await?;
        let known = self.store.unit_key(key_id).await?;
        let known = known
            .filter(|key| key.unit == unit)
            .ok_or(ServiceError::NotFound)?;
        let named = named(&signed, known.state);
        let by = By::Unit(caller.to_string());
        let mut units = vec![unit];
        units.extend(Some(caller).filter(|caller| *caller != unit));
        let concerned = Concerned {
            units,
            ..Concerned::default()
        };
        let recorded = if known.state == KeyState::Compromised {
            self.again(by, concerned, named).await?
        } else {
            let now = self.store.now().await?;
            let mut details = self.details(Event::UnitKeyCompromised, by, None, now)?;
            details.named = named;
            let change = Change {
                expects: vec![Expect::Unit(unit, record.revision)],
                writes: vec![Write::KeyCompromised(unit, key_id)],
                entries: vec![self.entry(&details, concerned)?],
            };
            self.commit_in(Lane::No, change).await?.0
        };
        // The report stands whatever comes now: every release looks at the key again.
        if let Err(error) = self.withhold_sealed_to(unit, key_id).await {
            tracing::warn!(%error, "what is sealed to a compromised key is withheld when it is fetched");
        }
        Ok(recorded)
    }

    /// The statement, when it says what only this call is for and the caller's organisation signed it.
    async fn judge_report(
        &self,
        caller: UnitId,
        statement: &[u8],
        signature: &[u8],
    ) -> Result<Signed<KeyStateChange>> {
        let own = self.unit(caller).await?.unit.organisation;
        let organisation = self.organisation_of(own).await?;
        let key = VerifyingKey::from_bytes(organisation.signing_key).map_err(|_| ServiceError::Damaged {
            what: "organisation key",
        })?;
        let signed = Signed::<KeyStateChange>::verify(statement, signature, &key).map_err(|_| {
            ServiceError::SignatureInvalid {
                what: "key state change",
            }
        })?;
        let said = signed.value();
        if said.state != Stated::Compromised {
            let problem = "must say COMPROMISED; keys are replaced with RotateUnitKey";
            return Err(Problem::Other(problem).of("statement.state").into());
        }
        let latest = self
            .store
            .now()
            .await?
            .as_microsecond()
            .saturating_add(MAX_CLOCK_SKEW_US);
        if said.at_us > latest {
            let problem = "is a time to come; check the clock";
            return Err(Problem::Other(problem).of("statement.at").into());
        }
        let about = self.unit(said.unit).await?.unit.organisation;
        if about == own {
            Ok(signed)
        } else {
            Err(ServiceError::SenderMismatch)
        }
    }

    /// Withholds what waits for the unit under this key, so that its senders learn of it.
    async fn withhold_sealed_to(&self, unit: UnitId, key_id: [u8; 32]) -> Result<()> {
        for _ in 0..ROUNDS {
            let waiting = self.store.queued_to_key(unit, key_id, WITHHELD_AT_ONCE).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for delivery in waiting {
                self.withhold(delivery).await?;
            }
        }
        Ok(())
    }

    /// Whether the key that a delivery is sealed to was reported compromised. Ask after the recipient's revision was
    /// read: a report that comes later makes the release stale.
    pub(in crate::service) async fn sealed_to_compromised(&self, delivery: DeliveryId) -> Result<bool> {
        let key = self.store.sealed_to(delivery).await?;
        let key = key.ok_or(ServiceError::Damaged { what: "slip" })?;
        Ok(key.state == KeyState::Compromised)
    }
}

/// What everybody can read of it in the log: the statement itself among it, so that its signature can be judged.
fn named(signed: &Signed<KeyStateChange>, before: KeyState) -> BTreeMap<String, String> {
    let said = signed.value();
    let was = match before {
        KeyState::Current => "CURRENT",
        KeyState::DecryptOnly => "DECRYPT_ONLY",
        KeyState::Compromised => "COMPROMISED",
    };
    BTreeMap::from([
        ("unit".to_owned(), said.unit.to_string()),
        ("key".to_owned(), said.key_id.to_string()),
        ("was".to_owned(), was.to_owned()),
        ("statement".to_owned(), hex::encode(signed.bytes())),
        ("signature".to_owned(), hex::encode(signed.signature().as_bytes())),
    ])
}
