//! Facts that professionals find of a person: recorded by one, attested by another, listed for their own unit.
//!
//! What a fact means for whose yes is needed is `consent`'s to judge. The ledger names a fact and its kind, never
//! the guardian it is about. Domain, Consent 1, 2 and 8; OSL 12:3: that a guardian is a risk is told to nobody
//! but those who act for the child.

mod form;

pub(super) use form::lasting;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samrum_consent::fact::{Assessment, Situation};
use samrum_consent::id::{FactId, IndividualId, PersonId, UnitId};
use samrum_consent::vocabulary::Category;
use samrum_proto::convert::Problem;

use super::individual::{NamedPerson, answer};
use super::{Acting, Hub, Idempotency, Page, Recorded, Result, ServiceError};
use crate::ledger::{By, Concerned, Details, Event, Matter};
use crate::store::{Attestation, Change, Expect, FactRecord, Finding, SubjectRecord, Write, WrittenGuardian};

/// Facts of one unit about one person that count at once: every decision about the person reads them all.
pub const MAX_FACTS: usize = 50;
/// Bytes of a place in a list of facts: the time in microseconds, then the id.
const PLACE_BYTES: usize = 24;

/// What a professional found, as a caller says it: guardians by number and name.
pub enum Found {
    /// How mature the child is.
    Maturity(Assessment),
    /// That a guardian is a risk.
    Risk {
        /// Who.
        guardian: NamedPerson,
        /// In what.
        categories: BTreeSet<Category>,
        /// When it must be reviewed.
        review: Timestamp,
    },
    /// That a guardian is hindered.
    Hindrance {
        /// Who.
        guardian: NamedPerson,
        /// That the matter cannot wait for them.
        cannot_wait: bool,
        /// That it is of decisive importance.
        decisive: bool,
        /// When it ends.
        until: Timestamp,
    },
    /// A circumstance that a provision asks for.
    Situation(Situation),
}

/// A fact to be recorded.
pub struct NewFact {
    /// What was found.
    pub found: Found,
    /// Why, in words.
    pub reason: String,
}

/// A page of facts with the token of the next.
pub type FactPage = (Vec<FactRecord>, Vec<u8>);

impl Hub {
    /// Records a fact for the unit that found it. Answers alike whoever the guardian is that it names.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an individual the unit may not know; a field that breaks a limit or that
    /// this unit does not record; [`ServiceError::LimitExceeded`].
    pub async fn record_fact(
        &self,
        unit: UnitId,
        key: Idempotency,
        (individual, new): (IndividualId, &NewFact),
        acting: &Acting,
    ) -> Result<(FactId, Recorded)> {
        let caller = format!("unit:{unit}");
        if let Some((entry, fact)) = self.answer_before::<FactId>(&caller, key).await? {
            self.follow_fact(fact).await?;
            return Ok((fact, self.recorded_before(entry).await?));
        }
        let subject = self.known_subject(unit, individual).await?;
        let now = self.store.now().await?;
        form::judge(&new.found, &self.known_unit(unit).await?.unit, now)?;
        refuse_hoarding(unit, &subject)?;
        let acting = self.acting(unit, acting, now).await?;
        let person = subject.subject.individual.person;
        let (finding, guardian, mut writes) = self.finding(person, &new.found, now).await?;
        let recorded_by = acting.user.clone();
        let mut details = self.details(Event::FactRecorded, By::Unit(unit.to_string()), Some(acting), now)?;
        let record = FactRecord {
            id: own_id(&details)?,
            person,
            unit,
            recorded_by,
            at: now,
            attested: None,
            finding,
            guardian,
            reason: new.reason.clone(),
        };
        details.matter = Some(Matter {
            subjects: vec![individual.to_string()],
            ..Matter::default()
        });
        details.named = named(record.id, &record.finding);
        let concerned = Concerned {
            units: vec![unit],
            // Nobody but the individual: an auditor who looks for a guardian's number must not learn whose child it is,
            // nor from what is missing who is a risk.
            people: vec![person],
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        let fact = record.id;
        writes.push(Write::Fact(Box::new(record)));
        writes.push(answer(&caller, key, entry.id, *fact.as_bytes(), now));
        let change = Change {
            expects: vec![Expect::Person(person, subject.person_revision)],
            writes,
            entries: vec![entry],
        };
        let (recorded, _) = self.commit(change).await?;
        self.follow(person).await;
        Ok((fact, recorded))
    }

    /// A second professional of the unit that recorded a fact stands beside it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown facts and other units'; a field when the same professional
    /// recorded it; [`ServiceError::StateConflict`] when somebody has attested it, or it is over.
    pub async fn attest_fact(
        &self,
        unit: UnitId,
        key: Idempotency,
        fact: FactId,
        acting: &Acting,
    ) -> Result<Recorded> {
        let caller = format!("unit:{unit}");
        if let Some((entry, fact)) = self.answer_before::<FactId>(&caller, key).await? {
            self.follow_fact(fact).await?;
            return self.recorded_before(entry).await;
        }
        let record = self.store.fact(fact).await?;
        let record = record.filter(|record| record.unit == unit);
        let record = record.ok_or(ServiceError::NotFound)?;
        let now = self.store.now().await?;
        let acting = self.acting(unit, acting, now).await?;
        judge_second(&record, &acting.user, now)?;
        let attestation = Attestation {
            by: acting.user.clone(),
            at: now,
        };
        let mut details = self.details(Event::FactAttested, By::Unit(unit.to_string()), Some(acting), now)?;
        details.named = named(record.id, &record.finding);
        let concerned = Concerned {
            units: vec![unit],
            people: vec![record.person],
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        let writes = vec![
            Write::Attest(fact, record.person, attestation),
            answer(&caller, key, entry.id, *fact.as_bytes(), now),
        ];
        // That nobody has attested it meanwhile is expected by the write itself.
        let change = Change {
            expects: Vec::new(),
            writes,
            entries: vec![entry],
        };
        let (recorded, _) = self.commit(change).await?;
        self.follow(record.person).await;
        Ok(recorded)
    }

    /// What the unit has recorded about an individual, newest first: also what is over.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the unit may not know of the individual; a page that does not fit.
    pub async fn facts(&self, unit: UnitId, individual: IndividualId, page: &Page) -> Result<FactPage> {
        let limit = page.limit()?;
        if !self.may_know(unit, individual).await? {
            return Err(ServiceError::NotFound);
        }
        let record = self.store.individual(individual).await?;
        let person = record.ok_or(ServiceError::NotFound)?.person;
        let list = format!("facts:{unit}:{individual}");
        let after = self.page_key.open(&list, &page.token)?;
        let after = after.as_deref().map(read_place).transpose()?;
        let facts = self.store.facts_of(person, unit, after, limit).await?;
        let next = match facts.last() {
            Some(last) if facts.len() == limit as usize => {
                self.page_key.seal(&list, &place(last), &*self.randomness)?
            }
            _ => Vec::new(),
        };
        Ok((facts, next))
    }

    /// The finding with the guardian that it names, and what must be written for them to be a person here.
    async fn finding(
        &self,
        about: PersonId,
        found: &Found,
        now: Timestamp,
    ) -> Result<(Finding, Option<WrittenGuardian>, Vec<Write>)> {
        let (guardian, field) = match found {
            Found::Maturity(assessment) => {
                return Ok((Finding::Assessment(assessment.clone()), None, Vec::new()));
            }
            Found::Situation(situation) => {
                return Ok((Finding::Situation(situation.clone()), None, Vec::new()));
            }
            Found::Risk { guardian, .. } => (guardian, "risk.guardian"),
            Found::Hindrance { guardian, .. } => (guardian, "hindrance.guardian"),
        };
        let (person, writes) = self.person_or_new(guardian, now, "").await?;
        if person == about {
            return Err(Problem::Other("is the individual; name a guardian")
                .of(field)
                .into());
        }
        let written = WrittenGuardian {
            number: guardian.number.clone(),
            name: guardian.name.clone(),
        };
        Ok((form::about_guardian(found, person)?, Some(written), writes))
    }

    /// Asks again whom a fact makes a signatory, where the first attempt was cut short after its commit.
    async fn follow_fact(&self, fact: FactId) -> Result<()> {
        if let Some(record) = self.store.fact(fact).await? {
            self.follow(record.person).await;
        }
        Ok(())
    }
}

/// A fact's id is that of the entry that records it.
fn own_id(details: &Details) -> Result<FactId> {
    let id = details.entry.parse();
    id.map_err(|_| ServiceError::Internal("an entry without an id"))
}

/// What the ledger says of a fact: which, and of which kind. Neither whom it names nor what was found.
fn named(fact: FactId, finding: &Finding) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("fact".to_owned(), fact.to_string()),
        ("kind".to_owned(), finding.code().to_owned()),
    ])
}

/// The second professional is another person, while the fact still counts and stands alone.
fn judge_second(record: &FactRecord, user: &str, now: Timestamp) -> Result<()> {
    if record.finding.ends_at() <= now {
        return Err(ServiceError::StateConflict("the fact is over; record it anew"));
    }
    if record.attested.is_some() {
        return Err(ServiceError::StateConflict("the fact has been attested"));
    }
    // One person written in two ways is still one person.
    if record.recorded_by.eq_ignore_ascii_case(user) {
        let problem = Problem::Other("must be another professional than the one who recorded the fact");
        return Err(problem.of("acting").into());
    }
    Ok(())
}

/// A unit that has recorded enough about somebody lets some of it end first.
fn refuse_hoarding(unit: UnitId, subject: &SubjectRecord) -> Result<()> {
    let individual = &subject.subject.individual;
    let recorded_by = [
        individual
            .assessments
            .iter()
            .filter(|fact| fact.by == unit)
            .count(),
        individual
            .hindrances
            .iter()
            .filter(|fact| fact.by == unit)
            .count(),
        individual.risks.iter().filter(|fact| fact.by == unit).count(),
        individual
            .situations
            .iter()
            .filter(|fact| fact.by == unit)
            .count(),
    ];
    if recorded_by.iter().sum::<usize>() < MAX_FACTS {
        return Ok(());
    }
    Err(ServiceError::LimitExceeded {
        field: "individual_id",
        limit: MAX_FACTS,
    })
}

fn place(record: &FactRecord) -> Vec<u8> {
    let at = record.at.as_microsecond().to_be_bytes();
    [at.as_slice(), record.id.as_bytes()].concat()
}

fn read_place(place: &[u8]) -> Result<(Timestamp, FactId)> {
    let wrong = || ServiceError::Internal("a page token without a place");
    let place: [u8; PLACE_BYTES] = place.try_into().map_err(|_| wrong())?;
    let (at, id) = place.split_at(8);
    let at = i64::from_be_bytes(at.try_into().map_err(|_| wrong())?);
    Ok((
        Timestamp::from_microsecond(at).map_err(|_| wrong())?,
        FactId::try_from(id).map_err(|_| wrong())?,
    ))
}

#[cfg(test)]
mod tests;
