//! Documents on their way, without what they say.

use jiff::Timestamp;
use samrum_consent::id::{DeliveryId, DocumentId, EntryId, UnitId};
use samrum_proto::convert::{self, InvalidField, Result};
use samrum_proto::wire::exchange::v1 as wire;
use serde::Serialize;

use super::{optional, optional_id, text, texts, word};

/// A document that the hub has taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Which.
    #[serde(serialize_with = "text")]
    pub document_id: DocumentId,
    /// On which decision.
    #[serde(serialize_with = "text")]
    pub decision_id: EntryId,
    /// One for each recipient.
    pub deliveries: Vec<Delivery>,
    /// Its entry in the ledger.
    #[serde(serialize_with = "text")]
    pub entry_id: EntryId,
    /// Recipients that had a newer key than the document was sealed to: it was sealed to the newer one.
    #[serde(serialize_with = "texts")]
    pub wrapped_anew: Vec<UnitId>,
    /// Whether the unit had a newer key of its own than the document was signed with.
    pub signed_anew: bool,
}

/// One document on its way to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its id.
    #[serde(serialize_with = "text")]
    pub delivery_id: DeliveryId,
    /// To whom.
    #[serde(serialize_with = "text")]
    pub recipient_unit_id: UnitId,
    /// The recipient's name, where the directory told it.
    pub recipient_name: Option<String>,
    /// `QUEUED`, `RELEASED`, `ACKNOWLEDGED`, `REJECTED`, `WITHHELD` or `EXPIRED`.
    pub state: &'static str,
    /// Since when.
    #[serde(serialize_with = "text")]
    pub changed_at: Timestamp,
    /// The entry of the last change.
    #[serde(serialize_with = "optional")]
    pub entry_id: Option<EntryId>,
    /// Whether both sides were told to call.
    pub alarmed: bool,
}

/// The plain name of a delivery's state.
///
/// # Errors
/// When this version does not know it.
pub(crate) fn delivery_state(number: i32) -> Result<&'static str> {
    let state = wire::DeliveryState::try_from(number)
        .ok()
        .map(|state| state.as_str_name());
    word("state", state, "DELIVERY_STATE_")
}

impl TryFrom<&wire::Delivery> for Delivery {
    type Error = InvalidField;

    fn try_from(delivery: &wire::Delivery) -> Result<Self> {
        Ok(Self {
            delivery_id: convert::id("deliveries.delivery_id", &delivery.delivery_id)?,
            recipient_unit_id: convert::id("deliveries.recipient_unit_id", &delivery.recipient_unit_id)?,
            recipient_name: None,
            state: delivery_state(delivery.state)?,
            changed_at: convert::time("deliveries.changed_at", delivery.changed_at.as_ref())?,
            entry_id: optional_id("deliveries.entry_id", &delivery.entry_id)?,
            alarmed: delivery.alarmed,
        })
    }
}

/// What an inbox shows: that something waits, or no longer does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxItem {
    /// What to open.
    #[serde(serialize_with = "text")]
    pub delivery_id: DeliveryId,
    /// As for [`Delivery::state`].
    pub state: &'static str,
    /// How long its sealed body is, in bytes.
    pub body_size_bytes: u64,
}

impl InboxItem {
    /// Whether it can still be opened.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self.state, "QUEUED" | "RELEASED")
    }
}

impl TryFrom<&wire::InboxItem> for InboxItem {
    type Error = InvalidField;

    fn try_from(item: &wire::InboxItem) -> Result<Self> {
        Ok(Self {
            delivery_id: convert::id("item.delivery_id", &item.delivery_id)?,
            state: delivery_state(item.state)?,
            body_size_bytes: item.body_size_bytes,
        })
    }
}

/// A report of concern that was not opened in time, or that failed: a recipient opens it, whoever cannot calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportAlarm {
    /// Which delivery.
    #[serde(serialize_with = "text")]
    pub delivery_id: DeliveryId,
    /// `QUEUED`: still unopened. `RELEASED`: fetched and not acknowledged. `WITHHELD`, `EXPIRED` or `REJECTED`: it failed.
    /// `ACKNOWLEDGED`: the alarm is over.
    pub state: &'static str,
    /// Which document, where it is the unit's own.
    #[serde(serialize_with = "optional")]
    pub document_id: Option<DocumentId>,
    /// When it alarmed.
    #[serde(serialize_with = "text")]
    pub at: Timestamp,
    /// Whom to call: to the sender the recipient, to the recipient the sender, unless it was withheld.
    #[serde(serialize_with = "optional")]
    pub other_unit_id: Option<UnitId>,
    /// Its name, where the directory told it.
    pub other_name: Option<String>,
}

impl ReportAlarm {
    /// Whether somebody must still open it, or call.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.state != "ACKNOWLEDGED"
    }

    /// Whether it is about something that can still be opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, "QUEUED" | "RELEASED")
    }
}

impl TryFrom<&wire::ReportAlarm> for ReportAlarm {
    type Error = InvalidField;

    fn try_from(alarm: &wire::ReportAlarm) -> Result<Self> {
        Ok(Self {
            delivery_id: convert::id("alarm.delivery_id", &alarm.delivery_id)?,
            state: delivery_state(alarm.state)?,
            document_id: optional_id("alarm.document_id", &alarm.document_id)?,
            at: convert::time("alarm.at", alarm.at.as_ref())?,
            other_unit_id: optional_id("alarm.other_unit_id", &alarm.other_unit_id)?,
            other_name: None,
        })
    }
}
