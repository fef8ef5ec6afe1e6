//! What an auditor sees: who, what, when, on which basis, never content.

use jiff::Timestamp;
use samrum_consent::id::{ConsentId, DocumentId, EntryId, UnitId};
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::convert::{self, InvalidField, Result};
use samrum_proto::wire::audit::v1 as wire;
use serde::Serialize;

use super::{Verdict, optional, optional_id, optional_number, text, texts, word, words};

/// One row of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// Its entry in the ledger.
    #[serde(serialize_with = "text")]
    pub entry_id: EntryId,
    /// When.
    #[serde(serialize_with = "text")]
    pub at: Timestamp,
    /// `CHECK`, `SEND`, `FETCH`, `ACKNOWLEDGED`, `REJECTED`, `WITHHELD`, `EXPIRED`, `ALARMED`, `CONSENT` or `AUDIT_SEARCH`.
    pub event: &'static str,
    /// Who acted, by the unit's own user id.
    pub acting_user: String,
    /// In which role.
    pub acting_role: String,
    /// For which unit; none when a person acted in the portal.
    #[serde(serialize_with = "optional")]
    pub unit_id: Option<UnitId>,
    /// What was decided.
    pub verdicts: Vec<Verdict>,
    /// About which kind of document.
    #[serde(serialize_with = "optional")]
    pub kind: Option<Kind>,
    /// About what.
    #[serde(serialize_with = "texts")]
    pub categories: Vec<Category>,
    /// Why.
    #[serde(serialize_with = "optional")]
    pub purpose: Option<Purpose>,
    /// Which document.
    #[serde(serialize_with = "optional")]
    pub document_id: Option<DocumentId>,
    /// Which consent.
    #[serde(serialize_with = "optional")]
    pub consent_id: Option<ConsentId>,
    /// What was done to it.
    pub consent_event: Option<String>,
}

impl TryFrom<&wire::Disclosure> for Disclosure {
    type Error = InvalidField;

    fn try_from(row: &wire::Disclosure) -> Result<Self> {
        let event = wire::EventKind::try_from(row.event)
            .ok()
            .map(|event| event.as_str_name());
        Ok(Self {
            entry_id: convert::id("disclosure.entry_id", &row.entry_id)?,
            at: convert::time("disclosure.at", row.at.as_ref())?,
            event: word("disclosure.event", event, "EVENT_KIND_")?,
            acting_user: row.acting_user.clone(),
            acting_role: row.acting_role.clone(),
            unit_id: optional_id("disclosure.unit_id", &row.unit_id)?,
            verdicts: row
                .verdicts
                .iter()
                .map(Verdict::try_from)
                .collect::<Result<_>>()?,
            kind: optional_number("disclosure.kind", row.kind, Kind::from_number)?,
            categories: words("disclosure.categories", &row.categories, Category::from_number)?,
            purpose: optional_number("disclosure.purpose", row.purpose, Purpose::from_number)?,
            document_id: optional_id("disclosure.document_id", &row.document_id)?,
            consent_id: optional_id("disclosure.consent_id", &row.consent_id)?,
            consent_event: Some(row.consent_event.clone()).filter(|event| !event.is_empty()),
        })
    }
}
