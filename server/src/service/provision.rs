//! The catalogue of provisions, and the operator's switches: all permitting provisions are off in a new hub, each is
//! turned on by a decision that is written down. Duties have no switch.

use std::collections::BTreeMap;

use samrum_consent::id::EntryId;
use samrum_consent::law::{Provision, Role};
use samrum_proto::convert::Problem;

use super::individual::answer;
use super::{Hub, Idempotency, Recorded, Result, ServiceError};
use crate::ledger::{By, Concerned, Event};
use crate::store::{Change, Expect, Lane, Write};

/// Deliveries withheld at once when a provision is turned off; what is left, at its fetch or by the next round.
const WITHHELD_AT_ONCE: u32 = 64;
/// How often as many again are withheld before a provision is turned on.
const ROUNDS_BEFORE_ON: usize = 16;

/// One provision as it stands in this hub.
#[derive(Debug, Clone)]
pub struct ProvisionStanding {
    /// The provision.
    pub provision: Provision,
    /// Whether it is in force today.
    pub in_force: bool,
    /// Whether the operator has turned it on; only ever of a permitting one.
    pub on: bool,
}

/// What an operator decides about a provision.
#[derive(Debug, Clone)]
pub struct Switch {
    /// Which, by its id in the catalogue.
    pub provision: String,
    /// On or off.
    pub on: bool,
    /// Why, and who decided.
    pub reason: String,
}

impl Hub {
    /// The whole catalogue, in its own order.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn provisions(&self) -> Result<Vec<ProvisionStanding>> {
        let now = self.store.now().await?;
        let on = self.store.provisions_on().await?;
        let standing = |provision: &Provision| ProvisionStanding {
            in_force: provision.in_force(now),
            on: provision.role == Role::Basis && on.contains(&provision.id),
            provision: provision.clone(),
        };
        Ok(self.law.provisions().iter().map(standing).collect())
    }

    /// Turns a permitting provision on or off; saying what is so already changes nothing and is written down.
    /// After the answer to "off" nothing more is let through on it.
    ///
    /// # Errors
    /// A field, for what the catalogue lacks and for what has no switch: a duty, or what permits nothing;
    /// [`ServiceError::StateConflict`] while too much of what rested on it before still waits to be withheld.
    pub async fn set_provision(&self, operator: &str, key: Idempotency, switch: &Switch) -> Result<Recorded> {
        let id = &switch.provision;
        refuse_without_switch(self.law.provision(id))?;
        let caller = format!("operator:{operator}");
        if let Some((entry, _)) = self.answer_before::<EntryId>(&caller, key).await? {
            return self.recorded_before(entry).await;
        }
        // On once more changes nothing only while it stays on: an "off" that overtakes it must not be undone unseen.
        let mut expects = Vec::new();
        if switch.on && self.store.provisions_on().await?.contains(id) {
            expects.push(Expect::ProvisionOn(id.clone()));
        } else if switch.on {
            self.withhold_what_is_left(id).await?;
        }
        let now = self.store.now().await?;
        let by = By::Operator(operator.to_owned());
        let mut details = self.details(Event::ProvisionSet, by, None, now)?;
        details.named = BTreeMap::from([
            ("provision".to_owned(), id.clone()),
            ("on".to_owned(), switch.on.to_string()),
            ("reason".to_owned(), switch.reason.clone()),
        ]);
        let entry = self.entry(&details, Concerned::default())?;
        let set = if switch.on {
            Write::ProvisionOn(id.clone(), entry.id)
        } else {
            Write::ProvisionOff(id.clone())
        };
        let change = Change {
            expects,
            writes: vec![set, answer(&caller, key, entry.id, *entry.id.as_bytes(), now)],
            entries: vec![entry],
        };
        // Off takes permission back.
        let lane = if switch.on { Lane::Ordinary } else { Lane::No };
        let (recorded, _) = self.commit_in(lane, change).await?;
        if !switch.on
            && let Err(error) = self.withhold_on_provision(id).await
        {
            tracing::warn!(%error, "what rested on a provision is withheld later");
        }
        Ok(recorded)
    }

    /// What was sent while a provision was on before and waits still must not pass because it is on again: a
    /// basis that has ended does not come back.
    async fn withhold_what_is_left(&self, id: &str) -> Result<()> {
        for _ in 0..ROUNDS_BEFORE_ON {
            if self.withhold_on_provision(id).await? < WITHHELD_AT_ONCE as usize {
                return Ok(());
            }
        }
        Err(ServiceError::StateConflict(
            "documents that rested on the provision before are still being withheld; try again in a minute",
        ))
    }

    /// Withholds what waits on permitting provisions that are off, where turning them off left something; answers
    /// how many were looked at.
    ///
    /// # Errors
    /// When the store does not answer; what was withheld before stays so.
    pub(super) async fn withhold_turned_off(&self) -> Result<usize> {
        let on = self.store.provisions_on().await?;
        let permitting = self.law.provisions().iter();
        let permitting = permitting.filter(|provision| provision.role == Role::Basis);
        let mut looked_at = 0;
        for provision in permitting.filter(|provision| !on.contains(&provision.id)) {
            looked_at += self.withhold_on_provision(&provision.id).await?;
        }
        Ok(looked_at)
    }

    /// Withholds a batch of what waits on a provision; answers how many were looked at.
    async fn withhold_on_provision(&self, id: &str) -> Result<usize> {
        let resting = self.store.queued_on_provision(id, WITHHELD_AT_ONCE).await?;
        for delivery in &resting {
            self.withhold(*delivery).await?;
        }
        Ok(resting.len())
    }
}

fn refuse_without_switch(provision: Option<&Provision>) -> Result<()> {
    let problem = match provision.map(|provision| provision.role) {
        Some(Role::Basis) => return Ok(()),
        None => "is not in the catalogue; list the provisions",
        Some(Role::Duty) => "is a duty: a duty has no switch",
        Some(Role::Secrecy | Role::Waiver | Role::Process | Role::Bars) => {
            "permits no disclosure by itself: there is nothing to turn on"
        }
    };
    Err(Problem::Other(problem).of("provision_id").into())
}
