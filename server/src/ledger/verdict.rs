//! What an entry says of one recipient's answer: the ground or the reasons, and the facts behind them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samrum_consent::decide::{Answer, Ground, Verdict};
use samrum_consent::fact::FactUsed;
use serde::{Deserialize, Serialize};

/// One recipient's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictRecord {
    /// The unit.
    pub recipient: String,
    /// Yes or no.
    pub permitted: bool,
    /// The consents it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<ConsentVersionRecord>,
    /// The provision it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provision: Option<String>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonRecord>,
    /// The recorded facts that led to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactUsedRecord>,
    /// What was ruled out in a consent and not heeded by the basis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ReasonRecord>,
    /// Permitting provisions that would fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

/// One consent as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentVersionRecord {
    /// Which.
    pub id: String,
    /// Its revision.
    pub revision: u64,
}

/// One failing condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonRecord {
    /// Its stable code.
    pub code: String,
    /// Its number on the wire.
    pub number: i32,
    /// Arguments by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, String>,
    /// The provision behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provision: String,
    /// What can be done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
}

/// One fact that a decision rested on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactUsedRecord {
    /// Its stable code.
    pub kind: String,
    /// The record, but for custody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// For custody: where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// For custody: when it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
}

impl From<&Verdict> for VerdictRecord {
    fn from(verdict: &Verdict) -> Self {
        let mut record = Self {
            recipient: verdict.recipient.to_string(),
            permitted: matches!(verdict.answer, Answer::Permit(_)),
            consents: Vec::new(),
            provision: None,
            reasons: Vec::new(),
            facts: verdict.facts.iter().copied().map(FactUsedRecord::from).collect(),
            warnings: verdict.warnings.iter().map(ReasonRecord::from).collect(),
            alternatives: verdict.alternatives.clone(),
        };
        match &verdict.answer {
            Answer::Permit(Ground::Consents(consents)) => {
                let version = |version: &samrum_consent::decide::ConsentVersion| ConsentVersionRecord {
                    id: version.id.to_string(),
                    revision: version.revision,
                };
                record.consents = consents.iter().map(version).collect();
            }
            Answer::Permit(Ground::Provision(id)) => record.provision = Some(id.clone()),
            Answer::Deny(reasons) => record.reasons = reasons.iter().map(ReasonRecord::from).collect(),
        }
        record
    }
}

impl From<&samrum_consent::reason::Reason> for ReasonRecord {
    fn from(reason: &samrum_consent::reason::Reason) -> Self {
        let arguments = reason.arguments().into_iter();
        Self {
            code: reason.code().to_owned(),
            number: reason.number(),
            arguments: arguments.map(|(name, value)| (name.to_owned(), value)).collect(),
            provision: reason.provision().unwrap_or_default().to_owned(),
            remedy: reason
                .remedy()
                .map(|remedy| remedy.code().to_owned())
                .unwrap_or_default(),
        }
    }
}

impl From<FactUsed> for FactUsedRecord {
    fn from(fact: FactUsed) -> Self {
        let mut record = Self {
            kind: fact.code().to_owned(),
            id: None,
            source: None,
            checked_at: None,
        };
        match fact {
            FactUsed::Custody { source, checked_at } => {
                record.source = Some(source.to_string());
                record.checked_at = Some(checked_at);
            }
            FactUsed::Assessment(id)
            | FactUsed::Hindrance(id)
            | FactUsed::Risk(id)
            | FactUsed::Representative(id)
            | FactUsed::CareOrder(id)
            | FactUsed::Situation(id) => record.id = Some(id.to_string()),
        }
        record
    }
}
