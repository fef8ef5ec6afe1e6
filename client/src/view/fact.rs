//! Facts about an individual: those that a decision used, and those that a unit has recorded.

use std::fmt;

use jiff::Timestamp;
use samrum_consent::id::FactId;
use samrum_consent::vocabulary::{Category, Circumstance, Maturity, Purpose};
use samrum_proto::convert::{self, InvalidField, Problem, Result};
use samrum_proto::wire::decision::v1 as decision_wire;
use samrum_proto::wire::individual::v1 as wire;
use serde::Serialize;

use super::{optional, optional_id, optional_time, optional_word, required, text, texts, word, words};

/// One fact that a decision used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactUsed {
    /// `CUSTODY`, `ASSESSMENT`, `HINDRANCE`, `RISK`, `REPRESENTATIVE`, `CARE_ORDER` or `SITUATION`.
    pub kind: &'static str,
    /// The record; none for custody.
    #[serde(serialize_with = "optional")]
    pub fact_id: Option<FactId>,
    /// For custody: `POPULATION_REGISTER` or `COURT_DECISION`.
    pub source: Option<&'static str>,
    /// For custody: when that source was read.
    #[serde(serialize_with = "optional")]
    pub checked_at: Option<Timestamp>,
}

impl TryFrom<&decision_wire::FactUsed> for FactUsed {
    type Error = InvalidField;

    fn try_from(fact: &decision_wire::FactUsed) -> Result<Self> {
        let kind = decision_wire::FactKind::try_from(fact.kind).ok();
        let source = wire::CustodySource::try_from(fact.source).ok();
        Ok(Self {
            kind: word("facts.kind", kind.map(|kind| kind.as_str_name()), "FACT_KIND_")?,
            fact_id: optional_id("facts.fact_id", &fact.fact_id)?,
            source: optional_word(source.map(|source| source.as_str_name()), "CUSTODY_SOURCE_"),
            checked_at: optional_time("facts.checked_at", fact.checked_at.as_ref())?,
        })
    }
}

/// What the hub answers when a fact has been recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RecordedFact {
    /// The record.
    #[serde(serialize_with = "text")]
    pub fact_id: FactId,
    /// Its entry in the ledger.
    #[serde(serialize_with = "text")]
    pub entry_id: samrum_consent::id::EntryId,
}

/// A fact as this unit recorded it. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The record.
    #[serde(serialize_with = "text")]
    pub fact_id: FactId,
    /// What was found.
    pub finding: Finding,
    /// Why, in words.
    pub reason: String,
    /// By whom, by the unit's own user id.
    pub recorded_by: String,
    /// When.
    #[serde(serialize_with = "text")]
    pub recorded_at: Timestamp,
    /// Who stands beside it, if anybody does.
    pub attested_by: Option<String>,
    /// Since when.
    #[serde(serialize_with = "optional")]
    pub attested_at: Option<Timestamp>,
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fact")
            .field("fact_id", &self.fact_id)
            .finish_non_exhaustive()
    }
}

/// What was found. Personal data: it has no `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The child's maturity in a matter.
    Maturity {
        /// What was found.
        #[serde(serialize_with = "text")]
        maturity: Maturity,
        /// In which matter.
        #[serde(serialize_with = "text")]
        matter: Purpose,
        /// From when on.
        #[serde(serialize_with = "text")]
        valid_from: Timestamp,
        /// The first moment at which it no longer holds.
        #[serde(serialize_with = "text")]
        valid_until: Timestamp,
    },
    /// A guardian who is a risk.
    Risk {
        /// Who.
        guardian_name: String,
        /// In what.
        #[serde(serialize_with = "texts")]
        categories: Vec<Category>,
        /// When it must be reviewed.
        #[serde(serialize_with = "text")]
        review_at: Timestamp,
    },
    /// A guardian who cannot answer in time.
    Hindrance {
        /// Who.
        guardian_name: String,
        /// That the matter cannot wait.
        cannot_wait: bool,
        /// That it is of decisive importance for the child's future.
        decisive: bool,
        /// The first moment at which they are needed again.
        #[serde(serialize_with = "text")]
        valid_until: Timestamp,
    },
    /// A circumstance that a provision asks for.
    Situation {
        /// Which.
        #[serde(serialize_with = "text")]
        circumstance: Circumstance,
        /// From when on.
        #[serde(serialize_with = "text")]
        valid_from: Timestamp,
        /// The first moment at which it no longer holds.
        #[serde(serialize_with = "text")]
        valid_until: Timestamp,
    },
}

impl TryFrom<wire::Fact> for Fact {
    type Error = InvalidField;

    fn try_from(fact: wire::Fact) -> Result<Self> {
        let finding = fact.fact.ok_or_else(|| Problem::Missing.of("facts.fact"))?;
        Ok(Self {
            fact_id: convert::id("facts.fact_id", &fact.fact_id)?,
            finding: Finding::try_from(finding)?,
            reason: fact.reason,
            recorded_by: fact.recorded_by,
            recorded_at: convert::time("facts.recorded_at", fact.recorded_at.as_ref())?,
            attested_by: Some(fact.attested_by).filter(|by| !by.is_empty()),
            attested_at: optional_time("facts.attested_at", fact.attested_at.as_ref())?,
        })
    }
}

impl TryFrom<wire::fact::Fact> for Finding {
    type Error = InvalidField;

    fn try_from(fact: wire::fact::Fact) -> Result<Self> {
        let time = |field, time: &Option<prost_types::Timestamp>| convert::time(field, time.as_ref());
        Ok(match fact {
            wire::fact::Fact::Maturity(found) => Self::Maturity {
                maturity: convert::word("facts.maturity", found.maturity, Maturity::from_number)?,
                matter: convert::word("facts.matter", found.matter, Purpose::from_number)?,
                valid_from: time("facts.valid_from", &found.valid_from)?,
                valid_until: time("facts.valid_until", &found.valid_until)?,
            },
            wire::fact::Fact::Risk(found) => Self::Risk {
                guardian_name: name(found.guardian.as_ref())?,
                categories: words("facts.categories", &found.categories, Category::from_number)?,
                review_at: time("facts.review_at", &found.review_at)?,
            },
            wire::fact::Fact::Hindrance(found) => Self::Hindrance {
                guardian_name: name(found.guardian.as_ref())?,
                cannot_wait: found.cannot_wait,
                decisive: found.decisive,
                valid_until: time("facts.valid_until", &found.valid_until)?,
            },
            wire::fact::Fact::Situation(found) => Self::Situation {
                circumstance: convert::word(
                    "facts.circumstance",
                    found.circumstance,
                    Circumstance::from_number,
                )?,
                valid_from: time("facts.valid_from", &found.valid_from)?,
                valid_until: time("facts.valid_until", &found.valid_until)?,
            },
        })
    }
}

/// The guardian's name; the number stays in the hub.
fn name(guardian: Option<&wire::Person>) -> Result<String> {
    Ok(required("facts.guardian", guardian)?.name.clone())
}
