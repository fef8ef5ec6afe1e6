//! Who represents a person, as an operator read it: custody, who may consent for an adult, care under LVU. Read from
//! register or court, replacing what was recorded; whoever must sign now is asked.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samrum_consent::fact::{CareOrder, Custody, Representative, Unit};
use samrum_consent::id::{AuthorityId, PersonId};
use samrum_consent::identity_number::IdentityNumber;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Category, CustodySource, Holder, Sector};
use samrum_proto::convert::Problem;

use super::{NamedPerson, answer};
use crate::ledger::{By, Concerned, Event};
use crate::service::fact::lasting;
use crate::service::{Hub, Idempotency, Recorded, Result, ServiceError};
use crate::store::{Change, RegisterFacts, Write};

/// People who may have custody of one child.
pub const MAX_GUARDIANS: usize = 8;
/// People who may consent for one adult.
pub const MAX_REPRESENTATIVES: usize = 8;

/// What was read from a source about who represents somebody.
pub struct CustodyReading {
    /// The child, or the adult.
    pub child: NamedPerson,
    /// Everyone with custody.
    pub guardians: Vec<NamedPerson>,
    /// Register or court.
    pub source: CustodySource,
    /// When the source was read.
    pub checked_at: Timestamp,
    /// Who may consent for an adult.
    pub representatives: Vec<RepresentativeReading>,
    /// Care under LVU, if any.
    pub care_order: Option<CareOrderReading>,
}

/// One who may consent for an adult.
pub struct RepresentativeReading {
    /// Who.
    pub person: NamedPerson,
    /// When the power ends, where it does.
    pub until: Option<Timestamp>,
}

/// Care under LVU as it was read.
#[derive(Clone)]
pub struct CareOrderReading {
    /// The social services board.
    pub board: AuthorityId,
    /// In what it decides.
    pub categories: BTreeSet<Category>,
    /// For how long.
    pub period: Period,
}

impl Hub {
    /// Records who represents a person, replacing what was recorded. Operators import it from register or court.
    ///
    /// # Errors
    /// Somebody named twice, or as their own guardian or representative; a reading from the future; a power or
    /// order that is over, or lasts too long; a board that the directory does not know as one.
    pub async fn set_representation(
        &self,
        operator: &str,
        key: Idempotency,
        reading: &CustodyReading,
    ) -> Result<Recorded> {
        judge_reading(reading)?;
        let caller = format!("operator:{operator}");
        if let Some((entry, child)) = self.answer_before::<PersonId>(&caller, key).await? {
            // The first attempt may have been cut short after its commit.
            self.follow(child).await;
            return self.recorded_before(entry).await;
        }
        let now = self.store.now().await?;
        self.judge_times(reading, now).await?;
        self.refuse_older(reading).await?;
        let (custody, facts, mut writes) = self.arrive(operator, reading, now).await?;
        let mut details = self.details(
            Event::CustodyRecorded,
            By::Operator(operator.to_owned()),
            None,
            now,
        )?;
        details.named = named(reading, &facts);
        let child = facts.person;
        let affected = [child]
            .into_iter()
            .chain(custody.guardians.iter().copied())
            .chain(facts.representatives.iter().map(|one| one.person));
        let affected: BTreeSet<PersonId> = affected.collect();
        let concerned = Concerned {
            people: affected.into_iter().collect(),
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        writes.push(Write::Custody(child, custody));
        writes.push(Write::RegisterFacts(facts));
        writes.push(answer(&caller, key, entry.id, *child.as_bytes(), now));
        let change = Change {
            expects: Vec::new(),
            writes,
            entries: vec![entry],
        };
        let (recorded, _) = self.commit(change).await?;
        self.follow(child).await;
        Ok(recorded)
    }

    /// An older reading does not take the place of a newer one, such as a court's decision.
    async fn refuse_older(&self, reading: &CustodyReading) -> Result<()> {
        let Some(child) = self.store.person_by_number(&reading.child.number).await? else {
            return Ok(());
        };
        let known = self.store.facts_about_person(child.id).await?;
        let known = known
            .and_then(|known| known.custody)
            .map(|custody| custody.checked_at);
        if known.is_some_and(|known| reading.checked_at < known) {
            let problem = "is older than what is recorded; read the source again";
            return Err(Problem::Other(problem).of("checked_at").into());
        }
        Ok(())
    }

    /// What was read as the hub keeps it, with what must be written for those whom it does not know.
    async fn arrive(
        &self,
        operator: &str,
        reading: &CustodyReading,
        now: Timestamp,
    ) -> Result<(Custody, RegisterFacts, Vec<Write>)> {
        let mut people = Arrivals::new(self, now);
        let person = people.arrive(&reading.child).await?;
        let mut guardians = Vec::with_capacity(reading.guardians.len());
        for guardian in &reading.guardians {
            guardians.push(people.arrive(guardian).await?);
        }
        let mut representatives = Vec::with_capacity(reading.representatives.len());
        for representative in &reading.representatives {
            representatives.push(Representative {
                id: self.mint(now)?,
                person: people.arrive(&representative.person).await?,
                source: reading.source,
                checked_at: reading.checked_at,
                until: representative.until,
            });
        }
        let care_order = match reading.care_order.clone() {
            Some(order) => Some(CareOrder {
                id: self.mint(now)?,
                board: order.board,
                categories: order.categories,
                period: order.period,
            }),
            None => None,
        };
        let custody = Custody {
            source: reading.source,
            checked_at: reading.checked_at,
            guardians,
        };
        let facts = RegisterFacts {
            person,
            operator: operator.to_owned(),
            at: now,
            representatives,
            care_order,
        };
        Ok((custody, facts, people.writes))
    }

    /// What was read is not from the future, holds now or later, and names a board that there is.
    async fn judge_times(&self, reading: &CustodyReading, now: Timestamp) -> Result<()> {
        if reading.checked_at > now {
            return Err(Problem::Other("must not be in the future")
                .of("checked_at")
                .into());
        }
        let over = |one: &RepresentativeReading| one.until.is_some_and(|until| until <= now);
        if reading.representatives.iter().any(over) {
            let problem = Problem::Other("name a power that has ended: valid_until must be in the future");
            return Err(problem.of("representatives").into());
        }
        let Some(order) = &reading.care_order else {
            return Ok(());
        };
        lasting(order.period, "care_order.valid_until", now)?;
        let units = self.store.units_of_authority(order.board).await?;
        let is_board = |unit: &Unit| unit.sector == Sector::SocialServices && unit.holder == Holder::Public;
        if units.iter().any(is_board) {
            Ok(())
        } else {
            let problem = Problem::Other("is no social services board of the directory");
            Err(problem.of("care_order.authority_id").into())
        }
    }
}

/// People as a register names them, each once, with what must be written for those whom the hub does not know.
struct Arrivals<'a> {
    hub: &'a Hub,
    now: Timestamp,
    known: BTreeMap<IdentityNumber, PersonId>,
    writes: Vec<Write>,
}

impl<'a> Arrivals<'a> {
    const fn new(hub: &'a Hub, now: Timestamp) -> Self {
        Self {
            hub,
            now,
            known: BTreeMap::new(),
            writes: Vec::new(),
        }
    }

    async fn arrive(&mut self, person: &NamedPerson) -> Result<PersonId> {
        if let Some(id) = self.known.get(&person.number) {
            return Ok(*id);
        }
        let (id, writes) = self.hub.person_or_new(person, self.now, &person.name).await?;
        self.known.insert(person.number.clone(), id);
        self.writes.extend(writes);
        Ok(id)
    }
}

/// What the ledger says: how many, from when, and which records. Nobody's name or number.
fn named(reading: &CustodyReading, facts: &RegisterFacts) -> BTreeMap<String, String> {
    let mut named = BTreeMap::from([
        ("guardians".to_owned(), reading.guardians.len().to_string()),
        ("checked_at".to_owned(), reading.checked_at.to_string()),
    ]);
    let ids: Vec<String> = facts
        .representatives
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    if !ids.is_empty() {
        named.insert("representatives".to_owned(), ids.join(" "));
    }
    if let Some(order) = &facts.care_order {
        named.insert("care_order".to_owned(), order.id.to_string());
    }
    named
}

fn judge_reading(reading: &CustodyReading) -> Result<()> {
    let own = &reading.child.number;
    let guardians = reading.guardians.iter().map(|guardian| &guardian.number);
    let representatives = reading.representatives.iter().map(|one| &one.person.number);
    judge_people("guardians", MAX_GUARDIANS, own, guardians.collect())?;
    judge_people(
        "representatives",
        MAX_REPRESENTATIVES,
        own,
        representatives.collect(),
    )
}

/// Not too many, none twice, and nobody for themselves.
fn judge_people<'a>(
    field: &'static str,
    limit: usize,
    own: &'a IdentityNumber,
    mut numbers: Vec<&'a IdentityNumber>,
) -> Result<()> {
    if numbers.len() > limit {
        return Err(ServiceError::LimitExceeded { field, limit });
    }
    numbers.push(own);
    numbers.sort();
    if numbers
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one == other))
    {
        return Err(Problem::Twice.of(field).into());
    }
    Ok(())
}
