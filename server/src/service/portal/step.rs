//! What the ledger tells a person of their own answers to a consent: the receipt, for as long as they may see it.

use jiff::{SignedDuration, Timestamp};
use samrum_consent::consent::{Consent, State};
use samrum_consent::id::EntryId;

use super::Asked;
use crate::ledger::{By, ConsentStep, Details, Event};
use crate::service::{Hub, Result, ServiceError};

/// The finest that the ledger tells times apart.
const INSTANT: SignedDuration = SignedDuration::from_micros(1);
/// Entries about one person that are looked at, of those written at the same instant.
const ENTRIES_AT_ONCE: u32 = 200;

/// Who told the hub of somebody's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Teller {
    /// The person, in the portal.
    Person,
    /// A unit, for the person; its name.
    Unit(String),
}

/// A step of a person's own in a consent's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStep {
    /// The entry: the receipt's number.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// Who told of it.
    pub told_by: Teller,
}

impl Hub {
    /// The entry of this person's yes; nothing where there is none.
    ///
    /// # Errors
    /// When the store does not answer, or an entry cannot be read.
    pub async fn own_yes(&self, asked: &Asked) -> Result<Option<OwnStep>> {
        let consent = asked.consent();
        let Some(number) = asked.number else {
            return Ok(None);
        };
        let signatory = consent.signatory(number);
        let Some(signature) = signatory.and_then(|signatory| signatory.signature.as_ref()) else {
            return Ok(None);
        };
        let is_theirs = |step: &ConsentStep| {
            ["SIGNED", "ACTIVE"].contains(&step.step.as_str()) && step.signatory == Some(number)
        };
        let step = self.step_at(consent, signature.at, is_theirs).await?;
        match step {
            Some((entry, details)) => self.own(entry, &details).await.map(Some),
            None => Ok(None),
        }
    }

    /// The step that ended the consent, where it was that of the person with this number. Those who were never
    /// asked have none; for them it is any of theirs.
    pub(super) async fn ended_by(&self, consent: &Consent, number: Option<u32>) -> Result<Option<OwnStep>> {
        let State::Ended { at, .. } = consent.state else {
            return Ok(None);
        };
        let ends = |step: &ConsentStep| ["DECLINED", "REVOKED"].contains(&step.step.as_str());
        let Some((entry, details)) = self.step_at(consent, at, ends).await? else {
            return Ok(None);
        };
        let told_of = details.consent.as_ref().and_then(|step| step.signatory);
        let is_theirs = match (&details.by, number) {
            (By::Person(by), number) => *by == number.unwrap_or_default(),
            (_, Some(number)) => told_of == Some(number),
            (_, None) => false,
        };
        if is_theirs {
            self.own(entry, &details).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// The entry of the step in this consent's life that was written at this instant.
    async fn step_at(
        &self,
        consent: &Consent,
        at: Timestamp,
        is_wanted: impl Fn(&ConsentStep) -> bool,
    ) -> Result<Option<(EntryId, Details)>> {
        let organisation = self.known_unit(consent.requester).await?.unit.organisation;
        let period = (at, at.checked_add(INSTANT).unwrap_or(at));
        let entries = self
            .store
            .entries_about(consent.individual, organisation, period, 0, ENTRIES_AT_ONCE)
            .await?;
        let id = consent.id.to_string();
        for entry in entries {
            let details: Details = serde_json::from_slice(&entry.details)
                .map_err(|_| ServiceError::Damaged { what: "ledger entry" })?;
            let step = details.consent.as_ref().filter(|step| step.id == id);
            if details.event == Event::Consent && step.is_some_and(&is_wanted) {
                return Ok(Some((entry.id, details)));
            }
        }
        Ok(None)
    }

    async fn own(&self, entry: EntryId, details: &Details) -> Result<OwnStep> {
        let told_by = match &details.by {
            By::Unit(unit) => {
                let unit = unit
                    .parse()
                    .map_err(|_| ServiceError::Damaged { what: "ledger entry" })?;
                Teller::Unit(self.known_unit(unit).await?.name)
            }
            By::Person(_) | By::Auditor { .. } | By::Operator(_) | By::Hub => Teller::Person,
        };
        Ok(OwnStep {
            entry,
            at: details.at,
            told_by,
        })
    }
}
