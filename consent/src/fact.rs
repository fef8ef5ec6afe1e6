//! The facts a decision reads, as plain data: what was recorded, by which source, and when.
//!
//! Whoever loads them decides nothing; whoever decides loads nothing.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::consent::Consent;
use crate::id::{AuthorityId, IndividualId, OrganisationId, PersonId, UnitId};
use crate::vocabulary::{Holder, Sector};

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

/// Where a statement about custody comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustodySource {
    /// The population register.
    PopulationRegister,
    /// A court's decision.
    CourtDecision,
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

/// What a professional found of the child's maturity for the matter at hand (OSL 12:3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maturity {
    /// The child decides alone.
    Decides,
    /// The child decides together with the guardians.
    TakesPart,
    /// The guardians decide.
    GuardiansDecide,
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
    /// The newest assessment for this matter.
    pub maturity: Option<Maturity>,
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
    /// Those it would share with, in the order asked.
    pub recipients: Vec<Unit>,
    /// Whom it is about. Subjects the hub does not know, or the sender may not know, are absent.
    pub subjects: Vec<Subject>,
    /// Permitting provisions that the operator has turned on, by id.
    pub provisions_on: BTreeSet<String>,
}
