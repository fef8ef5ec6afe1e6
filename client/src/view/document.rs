//! An opened document. Personal data: `Debug` shows ids alone.

use std::fmt;

use jiff::Timestamp;
use samrum_consent::id::{DeliveryId, DocumentId, EntryId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::convert::{self, InvalidField, Result};
use samrum_proto::wire::document::v1 as wire;
use serde::Serialize;

use super::{optional, optional_time, required, text, texts, word};

/// A document that is what its sender signed, in the clear.
#[derive(Clone, Serialize)]
pub struct OpenedDocument {
    /// Under which delivery it came.
    #[serde(serialize_with = "text")]
    pub delivery_id: DeliveryId,
    /// Its id.
    #[serde(serialize_with = "text")]
    pub document_id: DocumentId,
    /// What it is.
    #[serde(serialize_with = "text")]
    pub kind: Kind,
    /// Who sent and signed it.
    #[serde(serialize_with = "text")]
    pub sender_unit_id: UnitId,
    /// The sender's name, where the directory told it.
    pub sender_name: Option<String>,
    /// Whom it is about.
    #[serde(serialize_with = "texts")]
    pub individual_ids: Vec<IndividualId>,
    /// What it is about.
    #[serde(serialize_with = "texts")]
    pub categories: Vec<Category>,
    /// Why it was sent.
    #[serde(serialize_with = "text")]
    pub purpose: Purpose,
    /// When it was composed, by the sender's clock.
    #[serde(serialize_with = "text")]
    pub created_at: Timestamp,
    /// The document that it answers.
    #[serde(serialize_with = "optional")]
    pub in_reply_to: Option<DocumentId>,
    /// The basis that the sender named.
    #[serde(flatten)]
    pub basis: NamedBasis,
    /// Its title; may be empty.
    pub title: String,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
    /// The decision that released it.
    #[serde(serialize_with = "text")]
    pub decision_id: EntryId,
    /// The release's entry in the ledger.
    #[serde(serialize_with = "text")]
    pub entry_id: EntryId,
    /// Whether the key that the sender signed with was reported compromised: ask the sender before relying on it.
    pub sender_key_compromised: bool,
}

impl fmt::Debug for OpenedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedDocument")
            .field("delivery_id", &self.delivery_id)
            .field("document_id", &self.document_id)
            .finish_non_exhaustive()
    }
}

/// What a document says, by its form.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// The call to a meeting.
    Summons(Summons),
    /// The answer to one.
    Reply(Reply),
    /// Anything else that has a form.
    Text(String),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Summons(_) => "Summons(…)",
            Self::Reply(_) => "Reply(…)",
            Self::Text(_) => "Text(…)",
        })
    }
}

/// The call to a SIP meeting.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Summons {
    /// Why.
    pub purpose: String,
    /// What is asked.
    pub question: String,
    /// When.
    #[serde(serialize_with = "text")]
    pub meeting_at: Timestamp,
    /// How long.
    pub length_minutes: u32,
    /// Where.
    pub place: String,
    /// Which competence and mandate.
    pub competence: String,
    /// What to prepare.
    pub prepare: String,
    /// Which function answers to the individual.
    pub coordinator: String,
}

/// The answer to a summons.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// `ACCEPT`, `DECLINE`, `PROPOSE_TIME`, `DELEGATE` or `WRITTEN_CONTRIBUTION`.
    pub answer: &'static str,
    /// Who comes, or why not.
    pub message: String,
    /// Another time.
    #[serde(serialize_with = "optional")]
    pub proposed_at: Option<Timestamp>,
}

impl TryFrom<wire::Document> for Content {
    type Error = InvalidField;

    fn try_from(document: wire::Document) -> Result<Self> {
        match required("content", document.content.as_ref())?.clone() {
            wire::document::Content::Summons(summons) => Ok(Self::Summons(Summons {
                meeting_at: convert::time("summons.meeting_at", summons.meeting_at.as_ref())?,
                purpose: summons.purpose,
                question: summons.question,
                length_minutes: summons.length_minutes,
                place: summons.place,
                competence: summons.competence,
                prepare: summons.prepare,
                coordinator: summons.coordinator,
            })),
            wire::document::Content::Reply(reply) => {
                let answer = wire::Answer::try_from(reply.answer)
                    .ok()
                    .map(|answer| answer.as_str_name());
                Ok(Self::Reply(Reply {
                    answer: word("reply.answer", answer, "ANSWER_")?,
                    proposed_at: optional_time("reply.proposed_at", reply.proposed_at.as_ref())?,
                    message: reply.message,
                }))
            }
            wire::document::Content::Text(text) => Ok(Self::Text(text.text)),
        }
    }
}

/// The basis that a sender named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedBasis {
    /// `CONSENT`, `DUTY` or `PROVISION`.
    pub basis: &'static str,
    /// Which provision.
    pub provision_id: Option<String>,
    /// Why it applies, in the sender's words.
    pub provision_reason: Option<String>,
}

impl From<&Basis> for NamedBasis {
    fn from(basis: &Basis) -> Self {
        let (basis, provision_id, provision_reason) = match basis {
            Basis::Consent => ("CONSENT", None, None),
            Basis::Duty => ("DUTY", None, None),
            Basis::Provision { id, reason } => ("PROVISION", Some(id.clone()), Some(reason.clone())),
        };
        Self {
            basis,
            provision_id,
            provision_reason,
        }
    }
}
