//! What is so, by the domain, when the log is read up to a place: written from the design for reading, not from the
//! rules crate. It knows what this simulation does and nothing more.
//!
//! Domain: Consent 1 to 7, Legal bases other than consent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use samrum_consent::id::{AuthorityId, ConsentId, DeliveryId, FactId, IndividualId, PersonId, UnitId};
use samrum_consent::scope::{Exclusions, Scope};
use samrum_consent::vocabulary::{Category, Direction, Kind, Maturity, Purpose};
use samrum_server::store::DeliveryState;

use super::cast::{Cast, Unit};
use super::order::Finding;
use super::plan::PROVISIONS;

/// How old a reading of the register may be: 90 days.
const CUSTODY_AGE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// From this age on a child's maturity must have been assessed.
const MATURITY_AGE: i16 = 12;
/// Full age.
const FULL_AGE: i16 = 18;

/// A fact as a unit recorded it.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) id: FactId,
    pub(super) unit: UnitId,
    pub(super) at: Timestamp,
    pub(super) attested: bool,
    pub(super) finding: Found,
}

/// What was found, of whom.
#[derive(Debug, Clone)]
pub(super) enum Found {
    Maturity {
        maturity: Maturity,
        from: Timestamp,
        until: Timestamp,
    },
    Risk {
        guardian: PersonId,
        categories: BTreeSet<Category>,
        review: Timestamp,
    },
    Hindrance {
        guardian: PersonId,
        until: Timestamp,
    },
}

impl Found {
    /// What a unit recorded, with the person whom it named.
    pub(super) fn of(finding: &Finding, cast: &Cast) -> Self {
        match finding.clone() {
            Finding::Maturity {
                maturity,
                from,
                until,
            } => Self::Maturity {
                maturity,
                from,
                until,
            },
            Finding::Risk {
                guardian,
                categories,
                review,
            } => Self::Risk {
                guardian: cast.people[guardian].id,
                categories,
                review,
            },
            Finding::Hindrance { guardian, until } => Self::Hindrance {
                guardian: cast.people[guardian].id,
                until,
            },
        }
    }
}

/// What is recorded about a person.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) born: i16,
    /// When the register was read, and who has custody by it.
    pub(super) custody: Option<(Timestamp, Vec<PersonId>)>,
    pub(super) facts: Vec<Fact>,
}

/// Where a consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Asked,
    Active,
    Ended { was_active: bool },
}

/// A consent.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) case: IndividualId,
    pub(super) person: PersonId,
    pub(super) requester: UnitId,
    pub(super) scope: Scope,
    pub(super) excluded: Exclusions,
    pub(super) until: Timestamp,
    pub(super) state: State,
    pub(super) revision: u64,
    /// Whose yes is there, and which unit wrote it down: none where it was given in the portal.
    pub(super) yes: BTreeMap<PersonId, Option<UnitId>>,
    pub(super) accepted: BTreeSet<AuthorityId>,
}

/// What a document rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rests {
    /// Any consent that the sender may know of.
    Consent,
    /// These and no other.
    Consents(Vec<ConsentId>),
    /// A permitting provision.
    Provision(String),
    /// A duty.
    Duty,
}

/// A question: may this go from here to there?
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) sender: UnitId,
    pub(super) recipient: UnitId,
    pub(super) kind: Kind,
    pub(super) purpose: Purpose,
    pub(super) categories: BTreeSet<Category>,
    pub(super) subjects: BTreeSet<IndividualId>,
    pub(super) rests: Rests,
}

/// A document on its way to one recipient.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) question: Question,
    pub(super) state: DeliveryState,
    pub(super) expires_at: Timestamp,
    /// Unopened until then, a report of concern alarms.
    pub(super) alarm_at: Option<Timestamp>,
    pub(super) alarmed: bool,
}

/// Everything that is so.
#[derive(Clone)]
pub(super) struct Model {
    cast: Arc<Cast>,
    pub(super) people: BTreeMap<PersonId, Known>,
    /// Whom each case is about, and whose it is.
    pub(super) cases: BTreeMap<IndividualId, (PersonId, UnitId)>,
    pub(super) consents: BTreeMap<ConsentId, Standing>,
    pub(super) provisions: BTreeSet<String>,
    pub(super) held: BTreeMap<DeliveryId, Held>,
    /// Who has sent or opened something about a case.
    pub(super) exchanged: BTreeSet<(UnitId, IndividualId)>,
}

impl Model {
    /// Nothing yet, but the years of birth that identity numbers tell.
    pub(super) fn new(cast: Arc<Cast>) -> Self {
        let known = |person: &super::cast::Person| Known {
            born: person.born,
            ..Known::default()
        };
        Self {
            people: cast
                .people
                .iter()
                .map(|person| (person.id, known(person)))
                .collect(),
            cast,
            cases: BTreeMap::new(),
            consents: BTreeMap::new(),
            provisions: BTreeSet::new(),
            held: BTreeMap::new(),
            exchanged: BTreeSet::new(),
        }
    }

    fn unit(&self, id: UnitId) -> &Unit {
        &self.cast.units[self.cast.place_of(id).unwrap()]
    }

    /// Whether it may.
    pub(super) fn permits(&self, question: &Question, at: Timestamp) -> bool {
        match &question.rests {
            Rests::Duty => {
                let subjects = &question.subjects;
                self.unit(question.recipient).reception
                    && question.kind == Kind::ConcernReport
                    && (subjects.is_empty() || subjects.iter().any(|case| self.is_child(case, at)))
            }
            Rests::Provision(id) => self.provision_permits(id, question, at),
            Rests::Consent | Rests::Consents(_) => {
                !question.subjects.is_empty()
                    && question.subjects.iter().all(|case| {
                        question
                            .categories
                            .iter()
                            .all(|category| self.consent_for(question, *case, *category, at).is_some())
                    })
            }
        }
    }

    /// What of a duty is for the hub to say no to: nothing.
    fn provision_permits(&self, id: &str, question: &Question, at: Timestamp) -> bool {
        let fits = PROVISIONS.iter().any(|(known, sender, recipient)| {
            *known == id
                && self.cast.units[*sender].id == question.sender
                && self.cast.units[*recipient].id == question.recipient
        });
        fits && self.provisions.contains(id)
            && question.kind == Kind::Information
            && question.subjects.iter().any(|case| self.is_child(case, at))
    }

    fn is_child(&self, case: &IndividualId, at: Timestamp) -> bool {
        let person = self.cases.get(case).map(|(person, _)| person);
        person.is_some_and(|person| !self.has_turned(*person, FULL_AGE, at))
    }

    /// A consent that carries this category of this case.
    fn consent_for(
        &self,
        question: &Question,
        case: IndividualId,
        category: Category,
        at: Timestamp,
    ) -> Option<ConsentId> {
        let (person, _) = self.cases.get(&case)?;
        if !self.may_know(question.sender, case) {
            return None;
        }
        let among = |id: &ConsentId, standing: &Standing| match &question.rests {
            Rests::Consents(these) => these.contains(id),
            _ => standing.visible_to(question.sender),
        };
        self.consents
            .iter()
            .filter(|(id, standing)| standing.person == *person && among(id, standing))
            .find(|(_, standing)| self.carries(standing, question, category, at))
            .map(|(id, _)| *id)
    }

    /// Whether the unit may know of a case at all.
    fn may_know(&self, unit: UnitId, case: IndividualId) -> bool {
        let own = self.cases.get(&case).is_some_and(|(_, by)| *by == unit);
        let party = || {
            self.consents
                .values()
                .any(|standing| standing.case == case && standing.visible_to(unit))
        };
        own || party() || self.exchanged.contains(&(unit, case))
    }

    fn carries(&self, standing: &Standing, question: &Question, category: Category, at: Timestamp) -> bool {
        let units = [question.sender, question.recipient];
        !matches!(standing.state, State::Ended { .. })
            && standing.scope.period().from <= at
            && at < standing.until
            && standing.lets(question.sender, question.recipient)
            && units.iter().all(|unit| !standing.excluded.units.contains(unit))
            && standing.scope.kinds().contains(&question.kind)
            && standing.scope.purpose() == question.purpose
            && standing.opens().contains(&category)
            && self.is_signed_for(standing, question, category, at)
    }

    /// Whether everyone whose yes is needed now has given it, in a way that counts for the sender.
    fn is_signed_for(
        &self,
        standing: &Standing,
        question: &Question,
        category: Category,
        at: Timestamp,
    ) -> bool {
        let Some(needed) = self.needed(standing.person, (question.sender, question.purpose), category, at)
        else {
            return false;
        };
        let authority = self.unit(question.sender).authority;
        needed.iter().all(|person| match standing.yes.get(person) {
            None => false,
            Some(None) => true,
            Some(Some(recorder)) => *recorder == question.sender || standing.accepted.contains(&authority),
        })
    }

    /// Whether everyone needed, seen from the unit that asked, has said yes to all that it opens.
    pub(super) fn is_complete(&self, standing: &Standing, at: Timestamp) -> bool {
        let opens = standing.opens();
        let said = |category: &Category| {
            let matter = (standing.requester, standing.scope.purpose());
            self.needed(standing.person, matter, *category, at)
                .is_some_and(|needed| needed.iter().all(|person| standing.yes.contains_key(person)))
        };
        !opens.is_empty() && opens.iter().all(said)
    }

    /// Whose yes is needed; none where nobody's would do.
    fn needed(
        &self,
        person: PersonId,
        (sender, purpose): (UnitId, Purpose),
        category: Category,
        at: Timestamp,
    ) -> Option<BTreeSet<PersonId>> {
        if self.has_turned(person, FULL_AGE, at) {
            return Some([person].into());
        }
        let known = self.people.get(&person)?;
        let assessed = known
            .facts
            .iter()
            .filter(|fact| fact.unit == sender && fact.at <= at && purpose == Purpose::Sip)
            .filter_map(|fact| match &fact.finding {
                Found::Maturity {
                    maturity,
                    from,
                    until,
                } if *from <= at && at < *until => Some((fact.at, fact.id, fact.attested, *maturity)),
                _ => None,
            })
            .max_by_key(|(at, id, ..)| (*at, *id));
        let maturity = match assessed {
            Some((_, _, true, maturity)) => maturity,
            Some((_, _, false, _)) => return None,
            None if self.has_turned(person, MATURITY_AGE, at) => return None,
            None => Maturity::GuardiansDecide,
        };
        if maturity == Maturity::Decides {
            return Some([person].into());
        }
        let mut needed = guardians(known, category, at)?;
        if needed.is_empty() {
            return None;
        }
        if maturity == Maturity::TakesPart {
            needed.insert(person);
        }
        Some(needed)
    }

    /// Everybody here is born on 1 January; the day begins at midnight in Stockholm, an hour before it does in UTC.
    fn has_turned(&self, person: PersonId, age: i16, at: Timestamp) -> bool {
        let born = self.people.get(&person).map_or(i16::MAX, |known| known.born);
        let birthday: Timestamp = format!("{}-01-01T00:00:00+01:00", born.saturating_add(age).min(9_000))
            .parse()
            .unwrap();
        at >= birthday
    }
}

/// Guardians with custody by a register that was read lately, but those who are hindered or a risk in this category.
fn guardians(known: &Known, category: Category, at: Timestamp) -> Option<BTreeSet<PersonId>> {
    let (checked_at, guardians) = known.custody.as_ref()?;
    if *checked_at > at || at.duration_since(*checked_at) > CUSTODY_AGE {
        return None;
    }
    Some(
        guardians
            .iter()
            .copied()
            .filter(|guardian| !is_out(known, *guardian, category, at))
            .collect(),
    )
}

fn is_out(known: &Known, guardian: PersonId, category: Category, at: Timestamp) -> bool {
    known
        .facts
        .iter()
        .filter(|fact| fact.attested && fact.at <= at)
        .any(|fact| match &fact.finding {
            Found::Risk {
                guardian: risk,
                categories,
                review,
            } => *risk == guardian && categories.contains(&category) && at < *review,
            Found::Hindrance {
                guardian: away,
                until,
            } => *away == guardian && at < *until,
            Found::Maturity { .. } => false,
        })
}

impl Standing {
    /// The categories that are open.
    pub(super) fn opens(&self) -> BTreeSet<Category> {
        self.scope
            .categories()
            .difference(&self.excluded.categories)
            .copied()
            .collect()
    }

    /// Whether the unit may know of it.
    pub(super) fn visible_to(&self, unit: UnitId) -> bool {
        let was_in_force = matches!(self.state, State::Active | State::Ended { was_active: true });
        unit == self.requester || (was_in_force && self.names(unit))
    }

    fn names(&self, unit: UnitId) -> bool {
        self.scope.sources().contains(&unit) || self.scope.recipients().contains(&unit)
    }

    fn lets(&self, sender: UnitId, recipient: UnitId) -> bool {
        match self.scope.direction() {
            Direction::OneWay => {
                self.scope.sources().contains(&sender) && self.scope.recipients().contains(&recipient)
            }
            Direction::Circle => self.names(sender) && self.names(recipient),
        }
    }
}
