//! The facts a decision reads, as plain data: what was recorded, by which source, and when.
//!
//! Whoever loads them decides nothing; whoever decides loads nothing.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::consent::Consent;
use crate::id::{AuthorityId, IndividualId, OrganisationId, PersonId, UnitId};
use crate::vocabulary::{CustodySource, Holder, Sector};

mod recorded;

pub(crate) use recorded::newest;
pub use recorded::{Assessment, CareOrder, FactUsed, Hindrance, Recorded, Representative, Risk, Situation};

/// A unit as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The board it belongs to; secrecy stands between authorities.
    pub authority: AuthorityId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The secrecy regime.
    pub sector: Sector,
    /// Public or private.
    pub holder: Holder,
    /// Whether it is the social services board's reception.
    pub board_reception: bool,
}

/// Who has custody, from where, and how fresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custody {
    /// Register or court.
    pub source: CustodySource,
    /// When the source was read.
    pub checked_at: Timestamp,
    /// Everyone with custody; empty when the source names nobody.
    pub guardians: Vec<PersonId>,
}

/// One person a document is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Individual {
    /// Inside the hub.
    pub person: PersonId,
    /// Date of birth; `None` when unproven, which counts as a child.
    pub birth: Option<Date>,
    /// Custody, when somebody with authority has recorded it.
    pub custody: Option<Custody>,
    /// Assessments of maturity, by any unit, for any matter.
    pub assessments: Vec<Recorded<Assessment>>,
    /// Guardians who are hindered.
    pub hindrances: Vec<Recorded<Hindrance>>,
    /// Guardians who are a risk.
    pub risks: Vec<Recorded<Risk>>,
    /// Who may consent for an adult.
    pub representatives: Vec<Representative>,
    /// Care under LVU.
    pub care_orders: Vec<CareOrder>,
    /// Circumstances that provisions ask for.
    pub situations: Vec<Recorded<Situation>>,
}

impl Individual {
    /// A person about whom nothing but birth and custody is recorded.
    #[must_use]
    pub const fn new(person: PersonId, birth: Option<Date>, custody: Option<Custody>) -> Self {
        Self {
            person,
            birth,
            custody,
            assessments: Vec::new(),
            hindrances: Vec::new(),
            risks: Vec::new(),
            representatives: Vec::new(),
            care_orders: Vec::new(),
            situations: Vec::new(),
        }
    }
}

/// A subject of the request: the id it was asked under, and the person behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The id in this case.
    pub id: IndividualId,
    /// The person.
    pub individual: Individual,
    /// Every consent about this person, whoever may see it.
    pub consents: Vec<Consent>,
}

/// Everything a decision reads besides the request, the law and the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The unit that would share.
    pub sender: Unit,
    /// The acting professional's role at the unit, as it states it; empty when nobody acts.
    pub role: String,
    /// Who sent the concern report that this document answers, when it answers one the sender has received.
    pub reporter: Option<UnitId>,
    /// Those it would share with, in the order asked.
    pub recipients: Vec<Unit>,
    /// Whom it is about. Subjects the hub does not know, or the sender may not know, are absent.
    pub subjects: Vec<Subject>,
    /// Permitting provisions that the operator has turned on, by id.
    pub provisions_on: BTreeSet<String>,
}
