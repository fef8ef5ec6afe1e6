//! The catalogue of provisions, and the operator's switches: all permitting provisions are off in a new hub, each is
//! turned on by a decision that is written down. Duties have no switch.

use std::collections::BTreeMap;

use samrum_consent::id::EntryId;
use samrum_consent::law::{Provision, Role};
use samrum_proto::convert::Problem;

use super::individual::answer;
use super::{Hub, Idempotency, Recorded, Result};
use crate::ledger::{By, Concerned, Event};
use crate::store::{Change, Write};

/// Deliveries withheld at once when a provision is turned off; what is left, at its fetch.
const WITHHELD_AT_ONCE: u32 = 64;

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
    /// A field, for what the catalogue lacks and for what has no switch: a duty, or what permits nothing.
    pub async fn set_provision(&self, operator: &str, key: Idempotency, switch: &Switch) -> Result<Recorded> {
        let id = &switch.provision;
        refuse_without_switch(self.law.provision(id))?;
        let caller = format!("operator:{operator}");
        if let Some((entry, _)) = self.answer_before::<EntryId>(&caller, key).await? {
            return self.recorded_before(entry).await;
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
            expects: Vec::new(),
            writes: vec![set, answer(&caller, key, entry.id, *entry.id.as_bytes(), now)],
            entries: vec![entry],
        };
        let (recorded, _) = self.commit(change).await?;
        if !switch.on
            && let Err(error) = self.withhold_on_provision(id).await
        {
            tracing::warn!(%error, "what rested on a provision is withheld later");
        }
        Ok(recorded)
    }

    async fn withhold_on_provision(&self, id: &str) -> Result<()> {
        for delivery in self.store.queued_on_provision(id, WITHHELD_AT_ONCE).await? {
            self.withhold(delivery).await?;
        }
        Ok(())
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
