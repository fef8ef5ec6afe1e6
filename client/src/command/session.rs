//! What one run of the command works with: the profile, opened when first needed, and the screen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use samrum_consent::id::UnitId;

use super::screen::Screen;
use super::unit::folded;
use crate::client::{Client, Question, Surroundings};
use crate::error::Result;
use crate::profile::{Profile, ProfileError};
use crate::transport::way::Transport;
use crate::view::{Delivery, Unit, Verdict};

/// How long what is shown waits for the directory's names.
const NAMES_PATIENCE: Duration = Duration::from_secs(1);

/// One run.
pub(crate) struct Session {
    profile: Option<PathBuf>,
    deadline: Duration,
    /// Which way calls go; none for that of the profile.
    pub(crate) transport: Option<Transport>,
    /// The clients that were opened, to say goodbye for.
    opened: RefCell<Vec<Client>>,
    pub(crate) surroundings: Surroundings,
    pub(crate) screen: Screen,
    /// What this run asks, once it is known: a no can then be answered with what to do.
    pub(crate) question: Option<Question>,
}

impl Session {
    pub(crate) fn new(profile: Option<PathBuf>, deadline: Duration, screen: Screen) -> Self {
        Self {
            profile,
            deadline,
            transport: None,
            opened: RefCell::default(),
            surroundings: Surroundings::default(),
            screen,
            question: None,
        }
    }

    /// The profile that was named.
    pub(crate) fn profile(&self) -> Result<Profile> {
        let directory = self.profile.as_deref().ok_or(ProfileError::Unnamed)?;
        Ok(Profile::load(directory)?)
    }

    /// A client with that profile.
    pub(crate) fn client(&self) -> Result<Client> {
        let profile = self.profile()?;
        let transport = self.transport.unwrap_or(profile.transport());
        let client =
            Client::over(transport, profile, self.surroundings.clone())?.with_deadline(self.deadline);
        self.opened.borrow_mut().push(client.clone());
        Ok(client)
    }

    /// Says goodbye to the hub; to a person, and to a program that chose a way, which one it was.
    pub(crate) async fn end(&mut self) {
        for client in self.opened.take() {
            client.close().await;
            let told = !self.screen.is_json() || self.transport.is_some();
            if let (true, Transport::Auto | Transport::Quic, Some(way)) =
                (told, client.transport(), client.way())
            {
                self.screen.went(way);
            }
        }
    }
}

/// Names of units by id, as the directory tells them.
#[derive(Debug, Default)]
pub(crate) struct UnitNames {
    names: BTreeMap<UnitId, String>,
    receptions: Vec<UnitId>,
}

impl UnitNames {
    pub(crate) fn of(units: &[Unit]) -> Self {
        Self {
            names: units
                .iter()
                .map(|unit| (unit.unit_id, unit.name.clone()))
                .collect(),
            receptions: units
                .iter()
                .filter(|unit| unit.board_reception)
                .map(|unit| unit.unit_id)
                .collect(),
        }
    }

    pub(crate) async fn fetch(client: &Client) -> Result<Self> {
        Ok(Self::of(&client.units().await?))
    }

    /// The same beside what must not wait for it: none where the directory does not answer at once.
    pub(crate) async fn fetch_at_once(client: &Client) -> Option<Self> {
        let fetched = tokio::time::timeout(NAMES_PATIENCE, Self::fetch(client)).await;
        fetched.ok().and_then(Result::ok)
    }

    /// The name, where the directory has it.
    pub(crate) fn name(&self, unit: UnitId) -> Option<String> {
        self.names.get(&unit).cloned()
    }

    /// The name, else the id.
    pub(crate) fn show(&self, unit: UnitId) -> String {
        self.name(unit).unwrap_or_else(|| unit.to_string())
    }

    /// The unit as one word of a command: its name as an address, where that means no other unit, else its id.
    pub(crate) fn word(&self, unit: UnitId) -> String {
        let address = self.names.get(&unit).map(|name| folded(name)).unwrap_or_default();
        let same = self.names.values().filter(|name| folded(name) == address).count();
        if same == 1 && address.chars().any(char::is_alphabetic) {
            address
        } else {
            unit.to_string()
        }
    }

    /// The one reception of a social services board, if there is one only.
    pub(crate) fn only_reception(&self) -> Option<UnitId> {
        match self.receptions.as_slice() {
            [reception] => Some(*reception),
            _ => None,
        }
    }

    /// Names, else ids, in a row.
    pub(crate) fn row(&self, units: &[UnitId]) -> String {
        units
            .iter()
            .map(|unit| self.show(*unit))
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(crate) fn fill(&self, verdicts: &mut [Verdict]) {
        for verdict in verdicts {
            verdict.recipient_name = self.name(verdict.recipient_unit_id);
        }
    }

    pub(crate) fn fill_deliveries(&self, deliveries: &mut [Delivery]) {
        for delivery in deliveries {
            delivery.recipient_name = self.name(delivery.recipient_unit_id);
        }
    }
}
