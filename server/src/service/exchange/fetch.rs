//! Releasing: the disclosure. Decided anew each time, written down first, handed out last.

use jiff::Timestamp;
use samrum_consent::decide::{Answer, Consequence, Decision, Verdict, consequence};
use samrum_consent::id::{DeliveryId, PersonId, UnitId};
use samrum_consent::reason::Reason;

use super::{Fetched, Waiting};
use crate::ledger::{ActingRecord, Concerned, Details, Event, Matter, VerdictRecord};
use crate::service::admission::{Judged, NOBODY, also_denied, refusal, tell_only};
use crate::service::alarm::ended;
use crate::service::decision::{denied, is_confirmed_by_commit};
use crate::service::memory::Reading;
use crate::service::{Acting, Hub, Recorded, Result, ServiceError};
use crate::store::{Change, Delivery, DeliveryState, Expect, NewEntry, Write};

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
        let question = waiting.question();
        let judge = |reading| self.judge(waiting.delivery.sender, (&question, NOBODY), reading, now);
        let mut judged = judge(Reading::Remembered).await?;
        // What is remembered turns nobody away.
        if !is_confirmed_by_commit(&judged.decision) {
            judged = judge(Reading::Fresh).await?;
        }
        let mut decision = judged.decision.clone();
        if self.sealed_to_compromised(id).await? {
            decision = also_denied(&decision, &Reason::KeyCompromised);
        }
        decision = with_state(decision, &waiting.delivery, now);
        // Sender and recipient read the same entry.
        tell_only(&mut decision, |_| false);
        let mut details = self.decision_entry(
            Event::Fetch,
            (reader, acting),
            &waiting.question(),
            &decision,
            now,
        )?;
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
        let change = Change {
            expects,
            writes,
            entries: vec![entry],
        };
        let (recorded, committed) = self.commit_in(self.lane_for(delivery), change).await?;
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

    /// Writes the denial down; withholds for good where what it rested on has ended. A recipient that never
    /// had the document learns that it is kept back and nothing of what it is about.
    async fn keep_back(
        &self,
        waiting: &Waiting,
        judged: &Judged,
        decision: &Decision,
        details: &Details,
    ) -> Result<Fetched> {
        let delivery = &waiting.delivery;
        let never_had = matches!(
            delivery.state,
            DeliveryState::Queued | DeliveryState::Withheld | DeliveryState::Expired
        );
        let people = || judged.people.clone();
        let (told, entries) = if never_had {
            let told = bare(decision);
            let own = self.bare_entry(delivery, details, &told, people())?;
            let senders = Concerned {
                units: vec![delivery.sender],
                people: people(),
                ..Concerned::default()
            };
            (told, vec![own, self.entry(details, senders)?])
        } else {
            let both = Concerned {
                units: vec![delivery.sender, delivery.recipient],
                people: people(),
                ..Concerned::default()
            };
            (decision.clone(), vec![self.entry(details, both)?])
        };
        let full = entries.last().map(|entry| entry.id);
        let full = full.ok_or(ServiceError::Internal("a denial without an entry"))?;
        let ends = end_of(decision).filter(|_| delivery.state == DeliveryState::Queued);
        let state_stays = ends.is_none();
        let writes = ends.map(|state| ended(delivery, state, (full, details.at)));
        let change = Change {
            expects: vec![Expect::Delivery(delivery.id, delivery.state)],
            writes: writes.unwrap_or_default(),
            entries,
        };
        let (recorded, _) = self.commit_in(self.lane_for(delivery), change).await?;
        if state_stays {
            self.ask_never_asked(delivery.sender, &waiting.request, decision)
                .await;
        }
        Err(refusal(recorded.entry, &told)?)
    }

    /// The recipient's own entry of a document it never had: which delivery, and that it is kept back.
    fn bare_entry(
        &self,
        delivery: &Delivery,
        details: &Details,
        told: &Decision,
        people: Vec<PersonId>,
    ) -> Result<NewEntry> {
        let (by, acting) = (details.by.clone(), details.acting.clone());
        let mut own = self.details(Event::Fetch, by, acting, details.at)?;
        own.matter = Some(Matter {
            delivery: Some(delivery.id.to_string()),
            ..Matter::default()
        });
        own.verdicts = told.verdicts.iter().map(VerdictRecord::from).collect();
        let concerned = Concerned {
            units: vec![delivery.recipient],
            people,
            ..Concerned::default()
        };
        self.entry(&own, concerned)
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
        details.matter = Some(Matter {
            delivery: Some(delivery.id.to_string()),
            sender: Some(delivery.sender.to_string()),
            ..Matter::of(&waiting.request)
        });
        details
            .named
            .insert("signature".to_owned(), hex::encode(signature));
        let people = self.people(&waiting.request.subjects).await?;
        let units = vec![delivery.sender, delivery.recipient];
        let entry = self.entry(
            &details,
            Concerned {
                units,
                people: people.into_iter().collect(),
                ..Concerned::default()
            },
        )?;
        let change = Change {
            expects: vec![Expect::Delivery(delivery.id, delivery.state)],
            writes: ended(delivery, state, (entry.id, now)),
            entries: vec![entry],
        };
        Ok(self.commit_in(self.lane_for(delivery), change).await?.0)
    }
}

/// The decision with what the delivery's own state and time add: withheld and expired are for good.
fn with_state(decision: Decision, delivery: &Delivery, now: Timestamp) -> Decision {
    let overdue = now >= delivery.expires_at;
    let terminal = match delivery.state {
        DeliveryState::Withheld => Reason::DeliveryWithheld,
        DeliveryState::Expired => Reason::DeliveryExpired,
        // Judged now, not when somebody next looks for what is overdue.
        DeliveryState::Queued if overdue => Reason::DeliveryExpired,
        DeliveryState::Queued
        | DeliveryState::Released
        | DeliveryState::Acknowledged
        | DeliveryState::Rejected => return decision,
    };
    also_denied(&decision, &terminal)
}

/// How a queued delivery ends by this denial, if it does.
fn end_of(decision: &Decision) -> Option<DeliveryState> {
    let given = |wanted: fn(&[Reason]) -> bool| reasons(decision).any(wanted);
    if given(|reasons| reasons.contains(&Reason::DeliveryExpired)) {
        Some(DeliveryState::Expired)
    } else if given(|reasons| consequence(reasons) == Consequence::Withheld) {
        Some(DeliveryState::Withheld)
    } else {
        None
    }
}

/// What a recipient may know of a denial about a document it never had: withheld, expired, or waiting; and that its
/// own key was compromised, which is its own to know, where nothing else ended it: then it can be sent anew.
fn bare(decision: &Decision) -> Decision {
    let given = |reason: Reason| reasons(decision).any(|reasons| reasons.contains(&reason));
    let reason = match end_of(decision) {
        Some(DeliveryState::Expired) => Reason::DeliveryExpired,
        _ if given(Reason::KeyCompromised) && !ended_otherwise(decision) => Reason::KeyCompromised,
        _ if given(Reason::DeliveryWithheld) => Reason::DeliveryWithheld,
        Some(_) => Reason::DeliveryWithheld,
        None => Reason::DeliveryWaiting,
    };
    let bare = |verdict: &Verdict| Verdict::denied(verdict.recipient, reason.clone());
    Decision {
        verdicts: decision.verdicts.iter().map(bare).collect(),
    }
}

/// Whether a document is kept back for good for another reason than its key.
fn ended_otherwise(decision: &Decision) -> bool {
    let others = reasons(decision).flatten();
    let others = others.filter(|reason| !matches!(reason, Reason::KeyCompromised | Reason::DeliveryWithheld));
    others
        .into_iter()
        .any(|reason| consequence(std::slice::from_ref(reason)) == Consequence::Withheld)
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
