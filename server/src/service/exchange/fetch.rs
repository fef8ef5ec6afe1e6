//! Releasing: the disclosure. Decided anew each time, written down first, handed out last.

use samrum_consent::decide::{Answer, Consequence, Decision, Verdict, consequence};
use samrum_consent::id::{DeliveryId, UnitId};
use samrum_consent::reason::Reason;

use super::{Fetched, Waiting};
use crate::ledger::{ActingRecord, Concerned, Details, Event};
use crate::service::admission::{Judged, refusal};
use crate::service::decision::denied;
use crate::service::{Acting, Hub, Recorded, Result, ServiceError};
use crate::store::{Change, DeliveryState, Expect, Write};

/// At release nobody acts for the sender: what depended on the professional's role was judged at sending.
const NOBODY: &str = "";

impl Hub {
    /// Releases one document's key and body to its recipient.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown deliveries and other units'; a refusal with its
    /// decision when it is withheld, expired, or not permitted now.
    pub async fn fetch(&self, reader: UnitId, id: DeliveryId, acting: &Acting) -> Result<Fetched> {
        let waiting = self.waiting_for(reader, id).await?;
        let now = self.store.now().await?;
        let acting = self.acting(reader, acting, now).await?;
        let judged = self
            .judge(waiting.delivery.sender, NOBODY, &waiting.request, now)
            .await?;
        let decision = with_state(&judged.decision, waiting.delivery.state);
        let mut details =
            self.decision_entry(Event::Fetch, (reader, acting), &waiting.request, &decision, now)?;
        if let Some(matter) = details.matter.as_mut() {
            matter.sender = Some(waiting.delivery.sender.to_string());
            matter.delivery = Some(id.to_string());
        }
        if denied(&decision) {
            self.keep_back(&waiting, &judged, &decision, &details).await
        } else {
            self.hand_out(&waiting, judged, &details).await
        }
    }

    /// Commits the release, then opens the door with what the commit gave.
    async fn hand_out(&self, waiting: &Waiting, judged: Judged, details: &Details) -> Result<Fetched> {
        let delivery = &waiting.delivery;
        let concerned = Concerned {
            units: vec![delivery.sender, delivery.recipient],
            people: judged.people,
            ..Concerned::default()
        };
        let entry = self.entry(details, concerned)?;
        let mut expects = judged.expects;
        expects.push(Expect::Delivery(delivery.id, delivery.state));
        let writes = vec![Write::Release(delivery.id, delivery.recipient, entry.id)];
        let (recorded, committed) = self
            .commit(Change {
                expects,
                writes,
                entries: vec![entry],
            })
            .await?;
        let admitted = committed
            .into_admitted()
            .ok_or(ServiceError::Internal("a release without admission"))?;
        let copy = self.store.release(admitted).await?;
        let key = self.store.unit_key(copy.sender_key).await?;
        let key = key.ok_or(ServiceError::Damaged { what: "sender key" })?;
        Ok(Fetched {
            copy,
            key_statement: key.statement,
            key_signature: key.signature,
            recorded,
        })
    }

    /// Writes the denial down; withholds for good where what it rested on has ended.
    async fn keep_back(
        &self,
        waiting: &Waiting,
        judged: &Judged,
        decision: &Decision,
        details: &Details,
    ) -> Result<Fetched> {
        let delivery = &waiting.delivery;
        let concerned = Concerned {
            units: vec![delivery.sender, delivery.recipient],
            people: judged.people.clone(),
            ..Concerned::default()
        };
        let entry = self.entry(details, concerned)?;
        let ends = reasons(decision).any(|reasons| consequence(reasons) == Consequence::Withheld);
        let mut writes = Vec::new();
        if ends && delivery.state == DeliveryState::Queued {
            let (state, at) = (DeliveryState::Withheld, details.at);
            writes.push(Write::DeliveryState(delivery.id, state, entry.id, at));
        }
        let expects = vec![Expect::Delivery(delivery.id, delivery.state)];
        let (recorded, _) = self
            .commit(Change {
                expects,
                writes,
                entries: vec![entry],
            })
            .await?;
        Err(refusal(recorded.entry, decision)?)
    }

    /// Writes down what a recipient answered about a document it has opened.
    pub(super) async fn answered(
        &self,
        waiting: &Waiting,
        (event, state): (Event, DeliveryState),
        acting: ActingRecord,
        signature: [u8; 64],
    ) -> Result<Recorded> {
        let delivery = &waiting.delivery;
        let now = self.store.now().await?;
        let by = crate::ledger::By::Unit(delivery.recipient.to_string());
        let mut details = self.details(event, by, Some(acting), now)?;
        details.matter = Some(crate::ledger::Matter {
            delivery: Some(delivery.id.to_string()),
            sender: Some(delivery.sender.to_string()),
            ..crate::ledger::Matter::of(&waiting.request)
        });
        details
            .named
            .insert("signature".to_owned(), hex::encode(signature));
        let mut people = Vec::new();
        for subject in &waiting.request.subjects {
            people.extend(self.store.individual(*subject).await?.map(|record| record.person));
        }
        let units = vec![delivery.sender, delivery.recipient];
        let entry = self.entry(
            &details,
            Concerned {
                units,
                people,
                ..Concerned::default()
            },
        )?;
        let change = Change {
            expects: vec![Expect::Delivery(delivery.id, delivery.state)],
            writes: vec![Write::DeliveryState(delivery.id, state, entry.id, now)],
            entries: vec![entry],
        };
        Ok(self.commit(change).await?.0)
    }
}

/// The decision with what the delivery's own state adds: withheld and expired are for good.
fn with_state(decision: &Decision, state: DeliveryState) -> Decision {
    let terminal = match state {
        DeliveryState::Withheld => Reason::DeliveryWithheld,
        DeliveryState::Expired => Reason::DeliveryExpired,
        DeliveryState::Queued
        | DeliveryState::Released
        | DeliveryState::Acknowledged
        | DeliveryState::Rejected => return decision.clone(),
    };
    let add = |verdict: &Verdict| {
        let mut reasons = vec![terminal.clone()];
        if let Answer::Deny(more) = &verdict.answer {
            reasons.extend(more.iter().cloned());
        }
        Verdict {
            answer: Answer::Deny(reasons),
            ..verdict.clone()
        }
    };
    Decision {
        verdicts: decision.verdicts.iter().map(add).collect(),
    }
}

fn reasons(decision: &Decision) -> impl Iterator<Item = &[Reason]> {
    decision
        .verdicts
        .iter()
        .filter_map(|verdict| match &verdict.answer {
            Answer::Deny(reasons) => Some(reasons.as_slice()),
            Answer::Permit(_) => None,
        })
}
