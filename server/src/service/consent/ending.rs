//! Steps that reduce permission: what waits on the consent and would no longer pass is withheld in the same
//! transaction, and the ledger tells of each.
//!
//! INVARIANT 4: after the answer no release rests on it. The transaction expects exactly the deliveries
//! that were judged, so a document sent at the same moment is judged too.

use jiff::Timestamp;
use samrum_consent::consent::{Consent, Signer, State};
use samrum_consent::decide::{Answer, Consequence, consequence};
use samrum_consent::id::{ConsentId, EntryId};

use super::{Actor, concerned};
use crate::ledger::{By, Concerned, Event, Matter, VerdictRecord};
use crate::service::{ATTEMPTS, Hub, Recorded, Result, ServiceError};
use crate::store::{Change, ConsentRecord, DeliveryState, Expect, NewEntry, Resting, Write};

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
            Actor::Unit(..) => None,
        };
        let next = record.consent.clone().revoke(now)?;
        self.reduce(record, next, actor, ("REVOKED", number), now, stored)
            .await
    }

    /// Commits a next state that permits less, with everything it withholds.
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
        for _ in 0..ATTEMPTS {
            let resting = self.store.queued_on(id).await?;
            let (states, mut withheld) = self.withheld_by(&next, &resting, now).await?;
            let after = ConsentRecord {
                consent: next.clone(),
                individual: record.individual,
            };
            let details = self.consent_entry(&after, actor, (step, signatory), now)?;
            let entry = self.entry(&details, concerned(&next, actor))?;
            let mut writes = vec![Write::Consent(next.clone())];
            writes.extend(stored.map(|stored| stored(entry.id)));
            writes.extend(states);
            let mut entries = vec![entry];
            entries.append(&mut withheld);
            let expects = expected(id, record.consent.revision, resting);
            match self
                .commit(Change {
                    expects,
                    writes,
                    entries,
                })
                .await
            {
                Ok((recorded, _)) => return Ok(recorded),
                Err(ServiceError::LostRace) if self.unchanged(record).await? => {}
                Err(error) => return Err(error),
            }
        }
        Err(ServiceError::LostRace)
    }

    /// The individual, or anyone required now, may end it (domain, Consent 6); a former guardian may not. Where
    /// nobody can be required (custody unverified or outdated), everyone who was asked may: a no is never
    /// kept waiting by a missing fact.
    pub(in crate::service) async fn refuse_bystander(
        &self,
        record: &ConsentRecord,
        signer: Signer,
    ) -> Result<()> {
        let view = self.view(record.clone()).await?;
        let entitled = view.required.is_empty()
            || view.required.contains(&signer)
            || Signer::Person(record.consent.individual) == signer;
        if entitled {
            Ok(())
        } else {
            Err(ServiceError::StateConflict(
                "this person's answer is not asked for any more",
            ))
        }
    }

    /// Which of the waiting deliveries would not pass under the next state, with an entry for each.
    async fn withheld_by(
        &self,
        next: &Consent,
        resting: &[Resting],
        now: Timestamp,
    ) -> Result<(Vec<Write>, Vec<NewEntry>)> {
        let (mut writes, mut entries) = (Vec::new(), Vec::new());
        for delivery in resting {
            let waiting = self.waiting(delivery.delivery).await?;
            let judged = self
                .judge_with((waiting.delivery.sender, ""), &waiting.request, Some(next), now)
                .await?;
            let ends = judged
                .decision
                .verdicts
                .iter()
                .any(|verdict| match &verdict.answer {
                    Answer::Deny(reasons) => consequence(reasons) == Consequence::Withheld,
                    Answer::Permit(_) => false,
                });
            if !ends {
                continue;
            }
            let mut details = self.details(Event::Withheld, By::Hub, None, now)?;
            details.matter = Some(Matter {
                delivery: Some(delivery.delivery.to_string()),
                sender: Some(delivery.sender.to_string()),
                ..Matter::of(&waiting.request)
            });
            details.verdicts = judged.decision.verdicts.iter().map(VerdictRecord::from).collect();
            let units = vec![delivery.sender, delivery.recipient];
            let entry = self.entry(
                &details,
                Concerned {
                    units,
                    people: judged.people,
                    ..Concerned::default()
                },
            )?;
            let (state, at) = (DeliveryState::Withheld, now);
            writes.push(Write::DeliveryState(delivery.delivery, state, entry.id, at));
            entries.push(entry);
        }
        Ok((writes, entries))
    }

    /// Whether the consent itself is as it was read, so that only what waits on it has changed.
    async fn unchanged(&self, record: &ConsentRecord) -> Result<bool> {
        let standing = self.store.consent(record.consent.id).await?;
        Ok(standing.is_some_and(|standing| standing.consent.revision == record.consent.revision))
    }
}

fn expected(consent: ConsentId, revision: u64, resting: Vec<Resting>) -> Vec<Expect> {
    vec![
        Expect::Consent(consent, revision),
        Expect::QueuedOn(consent, resting),
    ]
}
