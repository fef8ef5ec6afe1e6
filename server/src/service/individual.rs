//! People: opened for a case by a unit; custody and other representation read from register or court by an
//! operator.

mod representation;

use jiff::Timestamp;
use samrum_consent::fact::Custody;
use samrum_consent::id::{IndividualId, PersonId, UnitId};
use samrum_consent::identity_number::IdentityNumber;

pub use representation::{
    CareOrderReading, CustodyReading, MAX_GUARDIANS, MAX_REPRESENTATIVES, RepresentativeReading,
};

use super::{Acting, Hub, Idempotency, Recorded, Result, ServiceError};
use crate::ledger::{By, Concerned, Event, Matter};
use crate::store::{Answered, Change, IndividualRecord, Write};

/// A person as a caller names them.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedPerson {
    /// Identity number.
    pub number: IdentityNumber,
    /// Name.
    pub name: String,
}

/// What a unit that may know is shown.
pub struct IndividualView {
    /// As the unit that registered them wrote it.
    pub record: IndividualRecord,
    /// Identity number.
    pub number: IdentityNumber,
    /// Custody, where recorded and where the unit has a consent to sign.
    pub custody: Option<Custody>,
}

impl Hub {
    /// Opens a case id for a person. Answers alike whether others know the person or not.
    ///
    /// # Errors
    /// An acting statement that does not hold; [`ServiceError::IdReused`].
    pub async fn register_individual(
        &self,
        unit: UnitId,
        key: Idempotency,
        person: &NamedPerson,
        acting: &Acting,
    ) -> Result<(IndividualId, Recorded)> {
        let caller = format!("unit:{unit}");
        if let Some(answer) = self.answer_before(&caller, key).await? {
            let (entry, individual) = answer;
            return Ok((individual, self.recorded_before(entry).await?));
        }
        let now = self.store.now().await?;
        let acting = self.acting(unit, acting, now).await?;
        let individual: IndividualId = self.mint_random()?;
        let (person_id, mut writes) = self.person_or_new(person, now, "").await?;
        let record = IndividualRecord {
            id: individual,
            person: person_id,
            name: person.name.clone(),
            registered_by: unit,
        };
        writes.push(Write::Individual(record, now));
        let by = By::Unit(unit.to_string());
        let mut details = self.details(Event::IndividualRegistered, by, Some(acting), now)?;
        details.matter = Some(Matter {
            subjects: vec![individual.to_string()],
            ..Matter::default()
        });
        let concerned = Concerned {
            units: vec![unit],
            people: vec![person_id],
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        writes.push(answer(&caller, key, entry.id, *individual.as_bytes(), now));
        let change = Change {
            expects: Vec::new(),
            writes,
            entries: vec![entry],
        };
        Ok((individual, self.commit(change).await?.0))
    }

    /// What the unit may know of an individual. Whoever knows a number can open a case for it: what others
    /// recorded about custody is shown only once somebody has been asked, which the ledger and they know of.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown and forbidden.
    pub async fn individual(&self, unit: UnitId, id: IndividualId) -> Result<IndividualView> {
        if !self.may_know(unit, id).await? {
            return Err(ServiceError::NotFound);
        }
        let sees_consent = self.sees_consent(unit, id).await?;
        let record = self.store.individual(id).await?.ok_or(ServiceError::NotFound)?;
        let person = self.store.person(record.person).await?;
        let person = person.ok_or(ServiceError::Damaged { what: "individual" })?;
        Ok(IndividualView {
            record,
            number: person.number,
            custody: person.custody.filter(|_| sees_consent),
        })
    }

    /// The person's id, with what must be written for it: themselves, or a name the register corrects.
    pub(super) async fn person_or_new(
        &self,
        person: &NamedPerson,
        now: Timestamp,
        register_name: &str,
    ) -> Result<(PersonId, Vec<Write>)> {
        if let Some(known) = self.store.person_by_number(&person.number).await? {
            let renamed = !register_name.is_empty() && known.name != register_name;
            let write = renamed.then(|| Write::PersonName(known.id, register_name.to_owned()));
            return Ok((known.id, write.into_iter().collect()));
        }
        let id: PersonId = self.mint(now)?;
        let number = person.number.clone();
        Ok((
            id,
            vec![Write::Person {
                id,
                number,
                name: register_name.to_owned(),
            }],
        ))
    }

    /// The answer to an earlier request with this key: its entry, and the id it made.
    pub(super) async fn answer_before<T>(
        &self,
        caller: &str,
        key: Idempotency,
    ) -> Result<Option<(samrum_consent::id::EntryId, T)>>
    where
        T: for<'a> TryFrom<&'a [u8]>,
    {
        let Some(answered) = self.store.answered(caller, key.id).await? else {
            return Ok(None);
        };
        if answered.digest != key.digest {
            return Err(ServiceError::IdReused);
        }
        let damaged = || ServiceError::Damaged { what: "answer" };
        let (entry, made) = answered.answer.split_at_checked(16).ok_or_else(damaged)?;
        let entry = entry.try_into().map_err(|_| damaged())?;
        Ok(Some((entry, T::try_from(made).map_err(|_| damaged())?)))
    }
}

/// The stored answer: the entry, and the id that was made.
pub(super) fn answer(
    caller: &str,
    key: Idempotency,
    entry: samrum_consent::id::EntryId,
    made: [u8; 16],
    at: Timestamp,
) -> Write {
    let answer = [entry.as_bytes().as_slice(), &made].concat();
    Write::Answer {
        caller: caller.to_owned(),
        id: key.id,
        answered: Answered {
            digest: key.digest,
            answer,
        },
        at,
    }
}
