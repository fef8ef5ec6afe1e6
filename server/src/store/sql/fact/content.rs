//! What a fact says, as the JSON that is sealed ⇄ domain values. What cannot be read back is damage.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::Timestamp;
use samrum_consent::fact::{Assessment, CareOrder, Hindrance, Representative, Risk, Situation};
use samrum_consent::id::FactId;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::Category;
use serde::{Deserialize, Serialize};

use crate::store::fact::{Finding, WrittenGuardian};
use crate::store::{Result, StoreError};

/// Everything of a fact that is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    /// What was found.
    pub(super) content: Content,
    /// Why, in words; empty for what was read from a register.
    #[serde(default)]
    pub(super) reason: String,
    /// The guardian as the unit wrote them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) guardian: Option<Guardian>,
}

impl Sealed {
    /// What was read from a register says itself.
    pub(super) const fn bare(content: Content) -> Self {
        Self {
            content,
            reason: String::new(),
            guardian: None,
        }
    }
}

/// A guardian as written.
#[derive(Serialize, Deserialize)]
pub(super) struct Guardian {
    number: String,
    name: String,
}

impl From<&WrittenGuardian> for Guardian {
    fn from(guardian: &WrittenGuardian) -> Self {
        Self {
            number: guardian.number.digits(),
            name: guardian.name.clone(),
        }
    }
}

impl Guardian {
    pub(super) fn read(self) -> Result<WrittenGuardian> {
        Ok(WrittenGuardian {
            number: parsed(&self.number)?,
            name: self.name,
        })
    }
}

/// What was found or read. Ids and vocabulary as text, by their stable codes.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Content {
    Assessment {
        maturity: String,
        matter: String,
        from: Timestamp,
        until: Timestamp,
    },
    Hindrance {
        guardian: String,
        cannot_wait: bool,
        decisive: bool,
        until: Timestamp,
    },
    Risk {
        guardian: String,
        categories: Vec<String>,
        review: Timestamp,
    },
    Situation {
        circumstance: String,
        from: Timestamp,
        until: Timestamp,
    },
    Representative {
        person: String,
        source: String,
        checked_at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    CareOrder {
        board: String,
        categories: Vec<String>,
        from: Timestamp,
        until: Timestamp,
    },
}

/// What is read from register or court.
pub(super) enum Register {
    Representative(Representative),
    CareOrder(CareOrder),
}

impl Content {
    /// What a unit found.
    pub(super) fn finding(self) -> Result<Finding> {
        Ok(match self {
            Self::Assessment {
                maturity,
                matter,
                from,
                until,
            } => Finding::Assessment(Assessment {
                maturity: parsed(&maturity)?,
                matter: parsed(&matter)?,
                period: Period { from, until },
            }),
            Self::Hindrance {
                guardian,
                cannot_wait,
                decisive,
                until,
            } => Finding::Hindrance(Hindrance {
                guardian: parsed(&guardian)?,
                cannot_wait,
                decisive,
                until,
            }),
            Self::Risk {
                guardian,
                categories,
                review,
            } => Finding::Risk(Risk {
                guardian: parsed(&guardian)?,
                categories: all_parsed(&categories)?,
                review,
            }),
            Self::Situation {
                circumstance,
                from,
                until,
            } => Finding::Situation(Situation {
                circumstance: parsed(&circumstance)?,
                period: Period { from, until },
            }),
            Self::Representative { .. } | Self::CareOrder { .. } => return Err(damaged()),
        })
    }

    /// What an operator read.
    pub(super) fn register(self, id: FactId) -> Result<Register> {
        Ok(match self {
            Self::Representative {
                person,
                source,
                checked_at,
                until,
            } => Register::Representative(Representative {
                id,
                person: parsed(&person)?,
                source: parsed(&source)?,
                checked_at,
                until,
            }),
            Self::CareOrder {
                board,
                categories,
                from,
                until,
            } => Register::CareOrder(CareOrder {
                id,
                board: parsed(&board)?,
                categories: all_parsed(&categories)?,
                period: Period { from, until },
            }),
            Self::Assessment { .. } | Self::Hindrance { .. } | Self::Risk { .. } | Self::Situation { .. } => {
                return Err(damaged());
            }
        })
    }
}

impl From<&Finding> for Content {
    fn from(finding: &Finding) -> Self {
        match finding {
            Finding::Assessment(fact) => Self::Assessment {
                maturity: fact.maturity.to_string(),
                matter: fact.matter.to_string(),
                from: fact.period.from,
                until: fact.period.until,
            },
            Finding::Hindrance(fact) => Self::Hindrance {
                guardian: fact.guardian.to_string(),
                cannot_wait: fact.cannot_wait,
                decisive: fact.decisive,
                until: fact.until,
            },
            Finding::Risk(fact) => Self::Risk {
                guardian: fact.guardian.to_string(),
                categories: codes(&fact.categories),
                review: fact.review,
            },
            Finding::Situation(fact) => Self::Situation {
                circumstance: fact.circumstance.to_string(),
                from: fact.period.from,
                until: fact.period.until,
            },
        }
    }
}

impl From<&Representative> for Content {
    fn from(fact: &Representative) -> Self {
        Self::Representative {
            person: fact.person.to_string(),
            source: fact.source.to_string(),
            checked_at: fact.checked_at,
            until: fact.until,
        }
    }
}

impl From<&CareOrder> for Content {
    fn from(fact: &CareOrder) -> Self {
        Self::CareOrder {
            board: fact.board.to_string(),
            categories: codes(&fact.categories),
            from: fact.period.from,
            until: fact.period.until,
        }
    }
}

fn codes(categories: &BTreeSet<Category>) -> Vec<String> {
    categories.iter().map(ToString::to_string).collect()
}

fn all_parsed(codes: &[String]) -> Result<BTreeSet<Category>> {
    codes.iter().map(|code| parsed(code)).collect()
}

fn parsed<T: FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| damaged())
}

const fn damaged() -> StoreError {
    StoreError::Damaged { what: "fact" }
}
