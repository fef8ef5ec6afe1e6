//! What sends and releases read again and again, remembered between them: units with their keys, people with their
//! facts and consents.
//!
//! INVARIANT 4: what is remembered permits nothing by itself. Everything here carries the revision under which it was
//! read, a permit expects those revisions, and a commit that finds another one is stale, on whichever hub the change
//! was made; then it is decided anew. And what is remembered turns nobody away: no revision confirms a refusal, so it
//! is decided on what has just been read ([`Reading::Fresh`]).

use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::sync::Cache;
use samrum_consent::fact::Subject;
use samrum_consent::id::{IndividualId, PersonId, UnitId};
use samrum_proto::canonical::Raw;
use samrum_proto::statement::KeyStatement;
use tokio::sync::watch;

use super::acting::key_statement;
use super::{Hub, Result, ServiceError};
use crate::store::{Change, Expect, KeyState, SubjectRecord, UnitRecord, Write};

/// Units that are remembered at most.
const UNITS: usize = 16_384;
/// People whose facts are remembered at most.
const PEOPLE: usize = 4_096;
/// Ids of cases, and units that may know them: small, and they never change.
const CASES: usize = 65_536;

/// How facts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As they were when last read here: for what a commit will confirm.
    Remembered,
    /// As they are: for what nothing will confirm.
    Fresh,
}

/// A unit with the key in force, read together: whoever expects the unit's revision expects this key.
#[derive(Debug)]
pub(super) struct KnownUnit {
    /// The unit.
    pub(super) record: UnitRecord,
    key: Option<Raw<KeyStatement>>,
    had_key: bool,
}

impl KnownUnit {
    /// The key in force.
    ///
    /// # Errors
    /// [`ServiceError::KeyUnknown`] before its first, [`ServiceError::KeyNotInForce`] after it was compromised.
    pub(super) fn key(&self) -> Result<&Raw<KeyStatement>> {
        let unit = self.record.unit.id;
        match &self.key {
            Some(key) => Ok(key),
            None if self.had_key => Err(ServiceError::KeyNotInForce { unit }),
            None => Err(ServiceError::KeyUnknown { unit }),
        }
    }
}

/// What one hub remembers.
#[derive(Debug)]
pub(super) struct Memory {
    /// Whether the database could be reached: after each change of it another server may be primary.
    reached: Mutex<watch::Receiver<bool>>,
    units: Cache<UnitId, Arc<KnownUnit>>,
    people: Cache<PersonId, Arc<SubjectRecord>>,
    /// Whose a case's id is, and who registered it. Never changes.
    cases: Cache<IndividualId, (PersonId, UnitId)>,
    /// Who has been found to may know whom: it remains so.
    knowing: Cache<(UnitId, IndividualId), ()>,
    provisions: Mutex<Option<Vec<String>>>,
}

impl Memory {
    /// Nothing yet, of a database that can be reached or not.
    pub(super) fn of(reached: watch::Receiver<bool>) -> Self {
        Self {
            reached: Mutex::new(reached),
            units: Cache::new(UNITS),
            people: Cache::new(PEOPLE),
            cases: Cache::new(CASES),
            knowing: Cache::new(CASES),
            provisions: Mutex::new(None),
        }
    }

    /// Forgets everything once another server may have taken over: revisions of one are not those of another.
    fn heed_switch(&self) {
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        if reached.has_changed().unwrap_or(false) {
            reached.mark_unchanged();
            self.units.clear();
            self.people.clear();
            self.cases.clear();
            self.knowing.clear();
            self.forget_provisions();
        }
    }

    /// Forgets what a change found to be otherwise.
    pub(super) fn forget_expected(&self, expects: &[Expect]) {
        for expect in expects {
            match expect {
                Expect::Unit(unit, _) => self.forget_unit(*unit),
                Expect::Person(person, _) => self.forget_person(*person),
                Expect::ProvisionOn(_) => self.forget_provisions(),
                // Read with its person, and from the database.
                Expect::Consent(..)
                | Expect::Delivery(..)
                | Expect::Unalarmed(_)
                | Expect::NewDocument(..) => {}
            }
        }
    }

    /// Forgets what a change is about to make otherwise. Without it the next use would find out by going stale.
    pub(super) fn forget_written(&self, change: &Change) {
        for write in &change.writes {
            match write {
                Write::UnitKey(key) => self.forget_unit(key.unit),
                Write::KeyCompromised(unit, _) => self.forget_unit(*unit),
                Write::PersonName(person, _) | Write::Custody(person, _) | Write::Attest(_, person, _) => {
                    self.forget_person(*person);
                }
                Write::Fact(record) => self.forget_person(record.person),
                Write::RegisterFacts(facts) => self.forget_person(facts.person),
                Write::NewConsent(record) => self.forget_person(record.consent.individual),
                Write::Consent(consent) => self.forget_person(consent.individual),
                Write::ProvisionOn(..) | Write::ProvisionOff(_) => self.forget_provisions(),
                Write::Organisation(..)
                | Write::Unit(..)
                | Write::Person { .. }
                | Write::Individual(..)
                | Write::Document { .. }
                | Write::NewDelivery { .. }
                | Write::DeliveryState(..)
                | Write::Alarm(..)
                | Write::Release(..)
                | Write::Answer { .. }
                | Write::Session { .. }
                | Write::EndSession(_) => {}
            }
        }
    }

    fn forget_unit(&self, unit: UnitId) {
        self.units.remove(&unit);
    }

    fn forget_person(&self, person: PersonId) {
        self.people.remove(&person);
    }

    fn forget_provisions(&self) {
        *self.provisions.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn subject(&self, individual: IndividualId) -> Option<SubjectRecord> {
        let (person, registered_by) = self.cases.get(&individual)?;
        let record = self.people.get(&person)?;
        Some(SubjectRecord {
            subject: Subject {
                id: individual,
                ..record.subject.clone()
            },
            person_revision: record.person_revision,
            registered_by,
        })
    }
}

impl Hub {
    /// A unit with the key in force.
    ///
    /// # Errors
    /// [`ServiceError::RecipientUnknown`].
    pub(super) async fn unit_with_key(&self, unit: UnitId, reading: Reading) -> Result<Arc<KnownUnit>> {
        self.memory.heed_switch();
        if reading == Reading::Remembered
            && let Some(known) = self.memory.units.get(&unit)
        {
            return Ok(known);
        }
        // The unit first: a key that changes after this makes the revision read here an old one.
        let record = self.known_unit(unit).await?;
        let keys = self.store.unit_keys(unit).await?;
        let had_key = !keys.is_empty();
        let current = keys.into_iter().find(|key| key.state == KeyState::Current);
        let known = Arc::new(KnownUnit {
            record,
            key: current.map(key_statement).transpose()?,
            had_key,
        });
        self.memory.units.insert(unit, known.clone());
        Ok(known)
    }

    /// Everything a decision reads about the person behind this id, if the unit may know of them.
    pub(super) async fn subject_known_to(
        &self,
        unit: UnitId,
        individual: IndividualId,
        reading: Reading,
    ) -> Result<Option<SubjectRecord>> {
        let known = (unit, individual);
        if self.memory.knowing.get(&known).is_none() {
            if !self.may_know(unit, individual).await? {
                return Ok(None);
            }
            self.memory.knowing.insert(known, ());
        }
        if reading == Reading::Remembered
            && let Some(record) = self.memory.subject(individual)
        {
            return Ok(Some(record));
        }
        let record = self.store.subject(individual).await?;
        if let Some(record) = &record {
            let person = record.subject.individual.person;
            self.memory
                .cases
                .insert(individual, (person, record.registered_by));
            self.memory.people.insert(person, Arc::new(record.clone()));
        }
        Ok(record)
    }

    /// Ids of the permitting provisions that are turned on.
    pub(super) async fn provisions_known(&self, reading: Reading) -> Result<Vec<String>> {
        let remembered = || {
            self.memory
                .provisions
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if reading == Reading::Remembered
            && let Some(on) = remembered().clone()
        {
            return Ok(on);
        }
        let on = self.store.provisions_on().await?;
        *remembered() = Some(on.clone());
        Ok(on)
    }
}
