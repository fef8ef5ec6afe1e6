//! Decisions: yes or no per recipient, with ground or reasons, and the facts behind either.
//!
//! Fields that came later are left out where they hold nothing, so that older answers keep their bytes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samrum_consent::id::{ConsentId, EntryId, UnitId};
use samrum_proto::convert::{self, InvalidField, Problem, Result};
use samrum_proto::wire::decision::v1 as wire;
use serde::Serialize;

use super::fact::FactUsed;
use super::provision::ProvisionText;
use super::{optional, text};

/// One answer to "May I share this?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Its id.
    #[serde(serialize_with = "text")]
    pub decision_id: EntryId,
    /// When it was made.
    #[serde(serialize_with = "text")]
    pub decided_at: Timestamp,
    /// Whether it is yes for every recipient.
    pub permitted: bool,
    /// One for each recipient, in the order asked.
    pub verdicts: Vec<Verdict>,
    /// The entry, where this answer wrote one.
    #[serde(serialize_with = "optional")]
    pub entry_id: Option<EntryId>,
}

/// The answer for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whom it is about.
    #[serde(serialize_with = "text")]
    pub recipient_unit_id: UnitId,
    /// Its name, where the directory told it.
    pub recipient_name: Option<String>,
    /// Yes or no.
    pub permitted: bool,
    /// What a yes rests on.
    pub ground: Option<Ground>,
    /// Why not.
    pub reasons: Vec<Reason>,
    /// The provision that a yes rests on, in words; the command fills it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provision: Option<ProvisionText>,
    /// The recorded facts that led to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactUsed>,
    /// What the person ruled out in a consent and the basis does not heed. Blocks nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Reason>,
    /// Provisions that could carry it, had one been named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<ProvisionText>,
}

/// What a yes rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The consents that together cover everyone the document is about.
    Consents(Vec<ConsentVersion>),
    /// A duty, or a permitting provision.
    ProvisionId(String),
}

/// A consent as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentVersion {
    /// Which.
    #[serde(serialize_with = "text")]
    pub consent_id: ConsentId,
    /// As of which change.
    pub revision: u64,
    /// The first moment at which it no longer holds, where it still stands as it did; the command fills it in.
    #[serde(serialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// One failing condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Its plain name.
    pub code: String,
    /// Its arguments by name.
    pub arguments: BTreeMap<String, String>,
    /// The provision behind it.
    pub provision_id: Option<String>,
    /// What can be done, by its code.
    pub remedy: Option<String>,
    /// The reason in a person's language; the command fills it in.
    pub sentence: String,
    /// The provision behind it, in words; the command fills it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provision: Option<ProvisionText>,
    /// What to do about it; the command fills it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
}

/// What somebody can do about a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// In a sentence.
    pub sentence: String,
    /// Ready to be run, where something can be prepared.
    pub commands: Vec<String>,
}

impl Decision {
    fn read(
        decision_id: &[u8],
        at: Option<&prost_types::Timestamp>,
        verdicts: &[wire::Verdict],
    ) -> Result<Self> {
        let verdicts = verdicts
            .iter()
            .map(Verdict::try_from)
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            decision_id: convert::id("decision_id", decision_id)?,
            decided_at: convert::time("decided_at", at)?,
            permitted: !verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.permitted),
            verdicts,
            entry_id: None,
        })
    }
}

impl TryFrom<&wire::CheckResponse> for Decision {
    type Error = InvalidField;

    fn try_from(answer: &wire::CheckResponse) -> Result<Self> {
        Self::read(&answer.decision_id, answer.decided_at.as_ref(), &answer.verdicts)
    }
}

impl TryFrom<&wire::ExplainResponse> for Decision {
    type Error = InvalidField;

    fn try_from(answer: &wire::ExplainResponse) -> Result<Self> {
        Self::read(&answer.decision_id, answer.decided_at.as_ref(), &answer.verdicts)
    }
}

impl TryFrom<&wire::Verdict> for Verdict {
    type Error = InvalidField;

    fn try_from(verdict: &wire::Verdict) -> Result<Self> {
        let ground = verdict.ground.as_ref().and_then(|ground| ground.ground.as_ref());
        // A yes names its ground and a no its reasons: an answer that does neither is not an answer.
        if verdict.permitted == ground.is_none() || verdict.permitted != verdict.reasons.is_empty() {
            return Err(
                Problem::Other("must carry a ground when it permits and reasons when it does not")
                    .of("verdicts"),
            );
        }
        Ok(Self {
            recipient_unit_id: convert::id("verdicts.recipient_unit_id", &verdict.recipient_unit_id)?,
            recipient_name: None,
            permitted: verdict.permitted,
            ground: ground.map(Ground::try_from).transpose()?,
            reasons: verdict.reasons.iter().map(Reason::from).collect(),
            provision: None,
            facts: verdict
                .facts
                .iter()
                .map(FactUsed::try_from)
                .collect::<Result<_>>()?,
            warnings: verdict.warnings.iter().map(Reason::from).collect(),
            alternatives: verdict
                .alternative_provision_ids
                .iter()
                .map(|id| ProvisionText::named(id))
                .collect(),
        })
    }
}

impl TryFrom<&wire::ground::Ground> for Ground {
    type Error = InvalidField;

    fn try_from(ground: &wire::ground::Ground) -> Result<Self> {
        match ground {
            wire::ground::Ground::ProvisionId(id) => Ok(Self::ProvisionId(id.clone())),
            wire::ground::Ground::Consent(consents) => {
                let version = |version: &wire::ConsentVersion| {
                    Ok(ConsentVersion {
                        consent_id: convert::id("ground.consent_id", &version.consent_id)?,
                        revision: version.revision,
                        valid_until: None,
                    })
                };
                consents
                    .consents
                    .iter()
                    .map(version)
                    .collect::<Result<_>>()
                    .map(Self::Consents)
            }
        }
    }
}

impl From<&wire::Reason> for Reason {
    fn from(reason: &wire::Reason) -> Self {
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            code: convert::reason_code(reason.code).to_owned(),
            arguments: reason
                .arguments
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            provision_id: filled(&reason.provision_id),
            remedy: filled(&reason.remedy),
            sentence: String::new(),
            provision: None,
            advice: None,
        }
    }
}
