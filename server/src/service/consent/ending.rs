//! Steps that reduce permission: they commit at once, and what waits on the consent and would no longer pass
//! is withheld right after, each with its entry.
//!
//! INVARIANT 4: after the answer no release rests on it. Every send and every release expects the consent's
//! revision, and every fetch decides anew: withholding only tells what is so already.

use jiff::Timestamp;
use samrum_consent::consent::{Consent, Signer, State};
use samrum_consent::decide::{Answer, Consequence, Verdict, consequence};
use samrum_consent::id::{ConsentId, DeliveryId, EntryId};
use samrum_consent::reason::Reason;

use super::{Actor, concerned};
use crate::ledger::{By, Concerned, Event, Matter, VerdictRecord};
use crate::service::admission::{NOBODY, also_denied};
use crate::service::alarm::ended;
use crate::service::memory::Reading;
use crate::service::{Hub, Recorded, Result, ServiceError};
use crate::store::{Change, ConsentRecord, DeliveryState, Expect, Lane, Write};

/// Deliveries withheld in one go.
const WITHHELD_AT_ONCE: u32 = 64;

/// Adds the stored answer of a request, once its entry's id is known.
type StoredAnswer<'a> = Option<&'a (dyn Fn(EntryId) -> Write + Sync)>;

impl Hub {
    /// Records a no: the consent ends.
    pub(in crate::service) async fn decline(
        &self,
        record: &ConsentRecord,
        signer: Signer,
        actor: &Actor,
        now: Timestamp,
        stored: StoredAnswer<'_>,
    ) -> Result<Recorded> {
        let number = record.consent.number_of(signer);
        let step = match record.consent.state {
            State::Active { .. } => "REVOKED",
            State::Requested | State::Ended { .. } => "DECLINED",
        };
        self.refuse_bystander(record, signer).await?;
        let next = record.consent.clone().decline(signer, now)?;
        self.reduce(record, next, actor, (step, number), now, stored)
            .await
    }

    /// Takes it back.
    pub(in crate::service) async fn revoke(
        &self,
        record: &ConsentRecord,
        actor: &Actor,
        now: Timestamp,
        stored: StoredAnswer<'_>,
    ) -> Result<Recorded> {
        let number = match actor {
            Actor::Person(person) => {
                self.refuse_bystander(record, (*person).into()).await?;
                record.consent.number_of(*person)
            }
            Actor::Unit(..) | Actor::Hub => None,
        };
        let next = record.consent.clone().revoke(now)?;
        self.reduce(record, next, actor, ("REVOKED", number), now, stored)
            .await
    }

    /// Commits a next state that permits less, expecting nothing but the consent as it was read: neither what
    /// waits on it nor what is being sent can keep a no waiting. Then withholds what rested on it.
    pub(super) async fn reduce(
        &self,
        record: &ConsentRecord,
        next: Consent,
        actor: &Actor,
        (step, signatory): (&str, Option<u32>),
        now: Timestamp,
        stored: StoredAnswer<'_>,
    ) -> Result<Recorded> {
        let id = record.consent.id;
        let after = ConsentRecord {
            consent: next.clone(),
            ..*record
        };
        let details = self.consent_entry(&after, actor, (step, signatory), now)?;
        let entry = self.entry(&details, concerned(&next, actor))?;
        let mut writes = vec![Write::Consent(next)];
        writes.extend(stored.map(|stored| stored(entry.id)));
        let change = Change {
            expects: vec![Expect::Consent(id, record.consent.revision)],
            writes,
            entries: vec![entry],
        };
        let (recorded, _) = self.commit_in(Lane::No, change).await?;
        // The no stands whatever comes now; what is left is withheld at its fetch or by the next round.
        if let Err(error) = self.withhold_on(id).await {
            tracing::warn!(%error, "what rested on a consent is withheld later");
        }
        Ok(recorded)
    }

    /// Withholds what waits on consents that have ended and on provisions that are off, where ending them left
    /// something; answers how many were looked at.
    ///
    /// # Errors
    /// When the store does not answer; what was withheld before stays so.
    pub async fn withhold_ended(&self) -> Result<usize> {
        let resting = self.store.queued_on_ended(WITHHELD_AT_ONCE).await?;
        for delivery in &resting {
            self.withhold(*delivery).await?;
        }
        Ok(resting.len() + self.withhold_turned_off().await?)
    }

    pub(super) async fn withhold_on(&self, consent: ConsentId) -> Result<()> {
        for delivery in self.store.queued_on(consent, WITHHELD_AT_ONCE).await? {
            self.withhold(delivery).await?;
        }
        Ok(())
    }

    /// Refuses whoever [may not end it](super::ConsentView::may_end).
    pub(in crate::service) async fn refuse_bystander(
        &self,
        record: &ConsentRecord,
        signer: Signer,
    ) -> Result<()> {
        if self.view(record.clone()).await?.may_end(signer) {
            Ok(())
        } else {
            Err(ServiceError::StateConflict(
                "this person's answer is not asked for any more",
            ))
        }
    }

    /// Withholds a delivery for good, if what it rested on has ended or the key it is sealed to is compromised.
    pub(in crate::service) async fn withhold(&self, id: DeliveryId) -> Result<()> {
        let now = self.store.now().await?;
        let waiting = self.waiting(id).await?;
        let delivery = &waiting.delivery;
        let mut judged = self
            .judge(
                delivery.sender,
                (&waiting.question(), NOBODY),
                Reading::Fresh,
                now,
            )
            .await?;
        if self.sealed_to_compromised(id).await? {
            judged.decision = also_denied(&judged.decision, &Reason::KeyCompromised);
        }
        let ends = |verdict: &Verdict| match &verdict.answer {
            Answer::Deny(reasons) => consequence(reasons) == Consequence::Withheld,
            Answer::Permit(_) => false,
        };
        if !judged.decision.verdicts.iter().any(ends) {
            return Ok(());
        }
        let mut details = self.details(Event::Withheld, By::Hub, None, now)?;
        details.matter = Some(Matter {
            delivery: Some(id.to_string()),
            sender: Some(delivery.sender.to_string()),
            ..Matter::of(&waiting.request)
        });
        details.verdicts = judged.decision.verdicts.iter().map(VerdictRecord::from).collect();
        // What it was about is the sender's to know: the recipient never had it.
        let concerned = Concerned {
            units: vec![delivery.sender],
            people: judged.people,
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        let writes = ended(delivery, DeliveryState::Withheld, (entry.id, now));
        let change = Change {
            expects: vec![Expect::Delivery(id, DeliveryState::Queued)],
            writes,
            entries: vec![entry],
        };
        match self.commit_in(self.lane_for(delivery), change).await {
            // Withheld or expired at the same moment.
            Ok(_) | Err(ServiceError::LostRace) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
