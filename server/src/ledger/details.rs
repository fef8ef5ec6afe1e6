//! What an entry says: canonical JSON, readable by auditors in ten years, without identity numbers, names
//! or text of documents.
//!
//! Field names and codes are stable; fields are only ever added. Ids are UUIDs in text; times RFC 3339.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samrum_consent::decide::Request;

use serde::{Deserialize, Serialize};

use super::verdict::VerdictRecord;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// "May I share this?"
    Check,
    /// Sending was decided.
    Send,
    /// A key release was decided.
    Fetch,
    /// The recipient confirmed.
    Acknowledged,
    /// The recipient refused.
    Rejected,
    /// Kept back for good.
    Withheld,
    /// Ran out of time.
    Expired,
    /// A report of concern was not opened in time, and alarmed both sides.
    Alarmed,
    /// Something was done to a consent.
    Consent,
    /// An auditor searched.
    AuditSearch,
    /// An individual was registered.
    IndividualRegistered,
    /// Custody was recorded, and who else represents a person.
    CustodyRecorded,
    /// A professional recorded a fact about a person.
    FactRecorded,
    /// A second professional attested one.
    FactAttested,
    /// A permitting provision was turned on or off.
    ProvisionSet,
    /// An organisation was added.
    OrganisationCreated,
    /// A unit was added.
    UnitCreated,
    /// A unit's key came into force.
    UnitKeyRotated,
    /// A unit's key was reported to be in other hands.
    UnitKeyCompromised,
    /// A change of the directory was asked for again; nothing changed.
    DirectoryRepeated,
    /// A person logged in to the portal.
    PortalLogin,
    /// A person left the portal.
    PortalLogout,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A unit.
    Unit(String),
    /// An organisation's auditor, with the user id it states.
    Auditor {
        /// The organisation.
        organisation: String,
        /// The auditor's user id.
        user: String,
    },
    /// An operator, by the certificate's name.
    Operator(String),
    /// A person in the portal, by their number within the consent; 0 outside one.
    Person(u32),
    /// The hub itself: time ran out.
    Hub,
}

/// The acting professional, as the unit stated and signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActingRecord {
    /// The unit's own user id.
    pub user: String,
    /// Role inside the unit.
    pub role: String,
    /// Level of assurance of their login.
    pub assurance_level: u8,
}

/// What a decision was about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// The document, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The unit whose document it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// The delivery, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// Kind of document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The document that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// Individuals, under the ids of their cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// Reasons in words given for permitting provisions, by recipient.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stated_reasons: BTreeMap<String, String>,
}

/// What was done to a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentStep {
    /// Which.
    pub id: String,
    /// Its revision afterwards.
    pub revision: u64,
    /// `REQUESTED`, `ASKED`, `SIGNED`, `ACCEPTED`, `ACTIVE`, `DECLINED`, `NARROWED`, `REVOKED` or `SUPERSEDED`.
    pub step: String,
    /// Whose answer, by number within the consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signatory: Option<u32>,
    /// SHA-256 of the statement shown or the form scanned, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// SHA-256 of the scope afterwards, in hex.
    pub scope: String,
}

/// What an auditor looked for. The individual is not named here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Why.
    pub reason: String,
    /// From, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until, exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The one entry looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Version of this form: 1.
    pub version: u8,
    /// The entry's own id: a receipt names what it proves.
    pub entry: String,
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: By,
    /// Who acted there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting: Option<ActingRecord>,
    /// What it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Matter>,
    /// What was decided, per recipient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<VerdictRecord>,
    /// What was done to a consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentStep>,
    /// What was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Anything else by name, such as the unit or key concerned.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub named: BTreeMap<String, String>,
}

impl Matter {
    /// What a request was about.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        use samrum_consent::decide::Named;
        use samrum_consent::vocabulary::Basis;
        let stated = request
            .recipients
            .iter()
            .filter_map(|recipient| match &recipient.basis {
                Named::Now(Basis::Provision { reason, .. }) => {
                    Some((recipient.unit.to_string(), reason.clone()))
                }
                _ => None,
            });
        Self {
            document: request.document.map(|id| id.to_string()),
            sender: None,
            delivery: None,
            kind: Some(request.kind.to_string()),
            categories: request.categories.iter().map(ToString::to_string).collect(),
            purpose: Some(request.purpose.to_string()),
            in_reply_to: None,
            subjects: request.subjects.iter().map(ToString::to_string).collect(),
            stated_reasons: stated.collect(),
        }
    }
}
