//! What is recorded about a person, with who answers for it, as the store keeps it.
//!
//! Whether a fact counts is judged by the rules; who may record one, by the service.

use core::fmt;

use jiff::Timestamp;
use samrum_consent::fact::{Assessment, CareOrder, Hindrance, Representative, Risk, Situation};
use samrum_consent::id::{FactId, PersonId, UnitId};
use samrum_consent::identity_number::IdentityNumber;

/// What a professional found.
#[derive(Clone, PartialEq, Eq)]
pub enum Finding {
    /// How mature the child is.
    Assessment(Assessment),
    /// That a guardian is hindered.
    Hindrance(Hindrance),
    /// That a guardian is a risk.
    Risk(Risk),
    /// A circumstance that a provision asks for.
    Situation(Situation),
}

impl Finding {
    /// The stable code of its kind, in capitals: the same as in a decision that used it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Assessment(_) => "ASSESSMENT",
            Self::Hindrance(_) => "HINDRANCE",
            Self::Risk(_) => "RISK",
            Self::Situation(_) => "SITUATION",
        }
    }

    /// The first moment at which it no longer counts.
    #[must_use]
    pub const fn ends_at(&self) -> Timestamp {
        match self {
            Self::Assessment(assessment) => assessment.period.until,
            Self::Hindrance(hindrance) => hindrance.until,
            Self::Risk(risk) => risk.review,
            Self::Situation(situation) => situation.period.until,
        }
    }
}

/// A guardian as the unit that recorded a fact about them wrote them. Personal data: never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct WrittenGuardian {
    /// Identity number.
    pub number: IdentityNumber,
    /// Name.
    pub name: String,
}

/// That a second professional stands beside a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The unit's own user id.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A fact as one unit recorded it. Its `Debug` shows nothing of what was found.
#[derive(Clone, PartialEq, Eq)]
pub struct FactRecord {
    /// The id of the entry that records it.
    pub id: FactId,
    /// Whom it is about.
    pub person: PersonId,
    /// The unit that answers for it.
    pub unit: UnitId,
    /// The unit's own user id of the professional who recorded it.
    pub recorded_by: String,
    /// When.
    pub at: Timestamp,
    /// Who stands beside it, when somebody does.
    pub attested: Option<Attestation>,
    /// What was found.
    pub finding: Finding,
    /// The guardian whom it names, as the unit wrote them.
    pub guardian: Option<WrittenGuardian>,
    /// Why, in words.
    pub reason: String,
}

/// What the operator has read about a person from register or court, besides custody. Replaced as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterFacts {
    /// Whom it is about.
    pub person: PersonId,
    /// The operator who read it.
    pub operator: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who may consent for an adult.
    pub representatives: Vec<Representative>,
    /// Care under LVU.
    pub care_order: Option<CareOrder>,
}

macro_rules! hidden {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    )*};
}
hidden!(Finding, WrittenGuardian);

impl fmt::Debug for FactRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FactRecord").field(&self.id).finish()
    }
}
