//! Documents that nobody opened in time: expired, told to both sides, written down.

use std::collections::BTreeSet;

use super::alarm::ended;
use super::{Hub, Result, ServiceError};
use crate::ledger::{By, Concerned, Event, Matter};
use crate::store::{Change, DeliveryState, Expect};

/// Deliveries expired in one round.
const BATCH: u32 = 100;

impl Hub {
    /// Expires what is overdue; answers how many.
    ///
    /// # Errors
    /// When the store does not answer; what was expired before stays so.
    pub async fn expire(&self) -> Result<usize> {
        let now = self.store.now().await?;
        let overdue = self.store.overdue(now, BATCH).await?;
        for delivery in &overdue {
            let waiting = match self.waiting(delivery.id).await {
                // One damaged row must not keep the others from expiring.
                Err(ServiceError::Damaged { what }) => {
                    tracing::error!(delivery = %delivery.id, what, "a delivery cannot be read and does not expire");
                    continue;
                }
                waiting => waiting?,
            };
            let mut details = self.details(Event::Expired, By::Hub, None, now)?;
            details.matter = Some(Matter {
                delivery: Some(delivery.id.to_string()),
                sender: Some(delivery.sender.to_string()),
                ..Matter::of(&waiting.request)
            });
            let people = match self.people(&waiting.request.subjects).await {
                // As with alarms: what cannot be read of them keeps nothing from ending.
                Err(ServiceError::Damaged { .. }) => BTreeSet::new(),
                people => people?,
            };
            // The recipient never had it: what it was about is the sender's to know.
            let units = vec![delivery.sender];
            let entry = self.entry(
                &details,
                Concerned {
                    units,
                    people: people.into_iter().collect(),
                    ..Concerned::default()
                },
            )?;
            let change = Change {
                expects: vec![Expect::Delivery(delivery.id, DeliveryState::Queued)],
                writes: ended(delivery, DeliveryState::Expired, (entry.id, now)),
                entries: vec![entry],
            };
            match self.commit_in(self.lane_for(delivery), change).await {
                // Released or withheld at the same moment: then it is not overdue.
                Ok(_) | Err(ServiceError::LostRace) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(overdue.len())
    }
}
