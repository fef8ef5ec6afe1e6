//! Alarms: a report that a child may be at risk (SoL 19 kap. 1 §) must be opened, for protection is assessed at once
//! (20 kap. 1 §).
//!
//! Where its reception has not acknowledged in time that it opened it, or where it fails, both sides are told in their
//! inboxes whom to call. That its key was released does not end an alarm: a program may have fetched what nobody has read. What
//! failed tells so in the entry of its failing; that nobody has opened it has an entry of its own.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::id::{DeliveryId, EntryId};
use samrum_consent::vocabulary::Kind;

use super::exchange::Waiting;
use super::{Hub, Result, ServiceError};
use crate::ledger::{By, Concerned, Event, Matter};
use crate::store::{Change, Delivery, DeliveryState, Due, Expect, Lane, NewEntry, Write};

/// Deliveries that alarm in one round, in which every sender has its turn.
const BATCH: u32 = 200;
/// Rounds at once at most.
const ROUNDS: usize = 40;

/// Whether a document of this kind alarms where it does not get through.
pub(super) const fn must_be_opened(kind: Kind) -> bool {
    matches!(kind, Kind::ConcernReport)
}

/// How a delivery ends, told by this entry; and the alarm where it must not end so, or that it is over.
pub(super) fn ended(
    delivery: &Delivery,
    state: DeliveryState,
    (entry, at): (EntryId, Timestamp),
) -> Vec<Write> {
    let mut writes = vec![Write::DeliveryState(delivery.id, state, entry, at)];
    if delivery.alarm_at.is_some() {
        writes.push(Write::Alarm(delivery.id, state, at));
    }
    writes
}

/// What alarms by a change, and in which state.
pub(super) fn alarming(change: &Change) -> Vec<(DeliveryId, DeliveryState)> {
    let alarms = change.writes.iter().filter_map(|write| match write {
        Write::Alarm(_, DeliveryState::Acknowledged, _) => None,
        Write::Alarm(delivery, state, _) => Some((*delivery, *state)),
        _ => None,
    });
    alarms.collect()
}

/// Tells the operator, once it is durable.
pub(super) fn tell_operator(alarms: &[(DeliveryId, DeliveryState)]) {
    for (delivery, state) in alarms {
        tracing::warn!(%delivery, ?state, "a report of concern was not opened in time, or failed: it alarms in both inboxes");
    }
}

impl Hub {
    /// Alarms about reports that nobody has opened in time; answers about how many. What cannot alarm now keeps no other
    /// from it, and is tried again next time.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn alarm(&self) -> Result<usize> {
        let mut alarmed = 0;
        for _ in 0..ROUNDS {
            let unopened = self.store.alarming(self.store.now().await?, BATCH).await?;
            let before = alarmed;
            for delivery in &unopened {
                match self.alarm_about(delivery).await {
                    Ok(()) => alarmed += 1,
                    // Opened, ended or alarmed by another hub at the same moment; or decided too long ago, and then next time.
                    Err(ServiceError::LostRace) => {}
                    Err(error) => {
                        tracing::error!(delivery = %delivery.id, %error, "a report of concern lies unopened and cannot alarm");
                    }
                }
            }
            // Nothing is due, or nothing of it can alarm now.
            if alarmed == before {
                break;
            }
        }
        Ok(alarmed)
    }

    async fn alarm_about(&self, delivery: &Due) -> Result<()> {
        let now = self.store.now().await?;
        let waiting = match self.waiting(delivery.id).await {
            // What cannot even be read alarms all the more, and keeps no other from it.
            Err(ServiceError::Damaged { what }) => {
                tracing::error!(delivery = %delivery.id, what, "a report of concern cannot be read");
                None
            }
            waiting => Some(waiting?),
        };
        let entries = self.alarm_entries(delivery, waiting.as_ref(), now).await?;
        let change = Change {
            expects: vec![
                Expect::Delivery(delivery.id, delivery.state),
                Expect::Unalarmed(delivery.id),
            ],
            writes: vec![Write::Alarm(delivery.id, delivery.state, now)],
            entries,
        };
        self.commit_in(Lane::Duty, change).await.map(drop)
    }

    /// The sender's entry; and the recipient's, which says which delivery and nothing of what it is about: it never had it.
    async fn alarm_entries(
        &self,
        delivery: &Due,
        waiting: Option<&Waiting>,
        now: Timestamp,
    ) -> Result<Vec<NewEntry>> {
        let bare = Matter {
            delivery: Some(delivery.id.to_string()),
            ..Matter::default()
        };
        let (about, people) = match waiting {
            Some(waiting) => {
                let people = match self.people(&waiting.request.subjects).await {
                    Err(ServiceError::Damaged { .. }) => BTreeSet::new(),
                    people => people?,
                };
                (Matter::of(&waiting.request), people)
            }
            None => Default::default(),
        };
        let own = Matter {
            delivery: bare.delivery.clone(),
            sender: Some(delivery.sender.to_string()),
            ..about
        };
        let sender = Concerned {
            units: vec![delivery.sender],
            people: people.into_iter().collect(),
            ..Concerned::default()
        };
        let recipient = Concerned {
            units: vec![delivery.recipient],
            ..Concerned::default()
        };
        let entry = |matter, concerned| {
            let mut details = self.details(Event::Alarmed, By::Hub, None, now)?;
            details.matter = Some(matter);
            self.entry(&details, concerned)
        };
        Ok(vec![entry(own, sender)?, entry(bare, recipient)?])
    }
}
