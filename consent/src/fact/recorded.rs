//! Facts that professionals and operators record about a person, each with who answers for it.
//!
//! Domain, Consent 1 and 2: a fact counts only with authority, for the time it names, and once a second
//! professional stands beside it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::id::{AuthorityId, FactId, PersonId, UnitId};
use crate::scope::Period;
use crate::vocabulary::{Category, Circumstance, CustodySource, Maturity, Purpose};

/// A fact as one unit recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<T> {
    /// The record's id, which decisions name.
    pub id: FactId,
    /// The unit that answers for it.
    pub by: UnitId,
    /// When it was recorded.
    pub at: Timestamp,
    /// Whether a second professional of that unit attested it.
    pub attested: bool,
    /// What was found.
    pub fact: T,
}

impl<T> Recorded<T> {
    /// Whether anybody may rely on it: recorded before now, and attested by a second professional, whoever
    /// recorded it. A fact takes somebody's say away or opens a provision; who gains by that is not always the unit
    /// that would send.
    #[must_use]
    pub fn counts(&self, now: Timestamp) -> bool {
        self.at <= now && self.attested
    }
}

/// Of several records that say the same the newest is the one to name, whatever order they were loaded in.
pub(crate) fn newest<T>(
    records: &[Recorded<T>],
    says: impl Fn(&Recorded<T>) -> bool,
) -> Option<&Recorded<T>> {
    let saying = records.iter().filter(|record| says(record));
    saying.max_by_key(|record| (record.at, record.id))
}

/// A professional's assessment of the child's maturity. It binds the unit that made it, for the matter and
/// the period it names (OSL 12:3, SoL 21:1–2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// What was found.
    pub maturity: Maturity,
    /// For which matter.
    pub matter: Purpose,
    /// For how long.
    pub period: Period,
}

/// A guardian who cannot answer in time (FB 6:13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hindrance {
    /// Who.
    pub guardian: PersonId,
    /// That the matter cannot wait for them.
    pub cannot_wait: bool,
    /// That it is of decisive importance for the child's future; then nobody decides alone.
    pub decisive: bool,
    /// When it ends; the first moment at which they are needed again.
    pub until: Timestamp,
}

impl Hindrance {
    /// Whether the other guardian decides alone now.
    #[must_use]
    pub fn excuses(&self, guardian: PersonId, now: Timestamp) -> bool {
        self.guardian == guardian && self.cannot_wait && !self.decisive && now < self.until
    }
}

/// A guardian from whom the child would suffer considerable harm if they knew (OSL 12:3). Hidden from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// Who.
    pub guardian: PersonId,
    /// In what they neither sign nor see.
    pub categories: BTreeSet<Category>,
    /// When it must be reviewed; from then on it does not count.
    pub review: Timestamp,
}

impl Risk {
    /// Whether the guardian neither signs nor sees in this category now.
    #[must_use]
    pub fn bars(&self, guardian: PersonId, category: Category, now: Timestamp) -> bool {
        self.guardian == guardian && now < self.review && self.categories.contains(&category)
    }
}

/// A circumstance that a provision asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// Which.
    pub circumstance: Circumstance,
    /// For how long.
    pub period: Period,
}

/// Someone who may consent for an adult: a good man, an administrator, an agent by power of attorney.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representative {
    /// The record's id.
    pub id: FactId,
    /// Who.
    pub person: PersonId,
    /// Register or court.
    pub source: CustodySource,
    /// When the source was read.
    pub checked_at: Timestamp,
    /// When the power ends, where it does.
    pub until: Option<Timestamp>,
}

/// Care under LVU: the board decides as a guardian would, only so far as the care requires (LVU 11 §).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareOrder {
    /// The record's id.
    pub id: FactId,
    /// The social services board.
    pub board: AuthorityId,
    /// In what the care requires that the board decides.
    pub categories: BTreeSet<Category>,
    /// For how long.
    pub period: Period,
}

/// One fact that a decision rested on, as it is named in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactUsed {
    /// Who has custody.
    Custody {
        /// Register or court.
        source: CustodySource,
        /// When the source was read.
        checked_at: Timestamp,
    },
    /// An assessment of maturity.
    Assessment(FactId),
    /// A guardian who is hindered.
    Hindrance(FactId),
    /// A guardian who is a risk.
    Risk(FactId),
    /// An adult's representative.
    Representative(FactId),
    /// Care under LVU.
    CareOrder(FactId),
    /// A circumstance that a provision asks for.
    Situation(FactId),
}

impl FactUsed {
    /// The stable code, in capitals.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Custody { .. } => "CUSTODY",
            Self::Assessment(_) => "ASSESSMENT",
            Self::Hindrance(_) => "HINDRANCE",
            Self::Risk(_) => "RISK",
            Self::Representative(_) => "REPRESENTATIVE",
            Self::CareOrder(_) => "CARE_ORDER",
            Self::Situation(_) => "SITUATION",
        }
    }
}
