//! How a delivery ended, as its recipient states it.

use samrum_consent::id::{DeliveryId, DocumentId, UnitId};

use super::Statement;
use crate::canonical::{Canonical, Label, Limits, Malformed, Reader, Writer};
use crate::envelope::HeaderHash;

const REASON: Limits = Limits { least: 1, most: 500 };
const NO_REASON: Limits = Limits { least: 0, most: 0 };

/// What a recipient says of a document that it has opened, or cannot accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Opened and taken.
    Acknowledged,
    /// Not accepted.
    Rejected {
        /// Why, in words; 1 to 500 characters.
        reason: String,
    },
}

const ACKNOWLEDGED: u8 = 1;
const REJECTED: u8 = 2;

/// A recipient's answer to one delivery. Signed by the recipient's unit.
///
/// **Shape**: version 1; delivery (16 bytes), document (16), recipient (16), answer (1: 1 acknowledged,
/// 2 rejected), reason (empty when acknowledged), time (8), header hash (32).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryAnswer {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Of which document.
    pub document: DocumentId,
    /// Who answers.
    pub recipient: UnitId,
    /// What it says.
    pub answer: Answer,
    /// When, in microseconds since the epoch, by the recipient's clock.
    pub at_us: i64,
    /// The hash of the header that was opened.
    pub header_hash: HeaderHash,
}

impl Canonical for DeliveryAnswer {
    const NAME: &'static str = "delivery answer";
    const MAX_BYTES: usize = 4 * 1024;
    const LABEL: Label = Label::DELIVERY_ANSWER;

    fn write(&self, writer: &mut Writer) -> Result<(), Malformed> {
        writer.array("delivery", *self.delivery.as_bytes())?;
        writer.array("document", *self.document.as_bytes())?;
        writer.array("recipient", *self.recipient.as_bytes())?;
        match &self.answer {
            Answer::Acknowledged => {
                writer.array("answer", [ACKNOWLEDGED])?;
                writer.text("reason", NO_REASON, "")?;
            }
            Answer::Rejected { reason } => {
                writer.array("answer", [REJECTED])?;
                writer.text("reason", REASON, reason)?;
            }
        }
        writer.time("at", self.at_us)?;
        writer.array("header_hash", *self.header_hash.as_bytes())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            delivery: DeliveryId::from_bytes(reader.array("delivery")?),
            document: DocumentId::from_bytes(reader.array("document")?),
            recipient: UnitId::from_bytes(reader.array("recipient")?),
            answer: read_answer(reader)?,
            at_us: reader.time("at")?,
            header_hash: HeaderHash::from_bytes(reader.array("header_hash")?),
        })
    }
}

impl Statement for DeliveryAnswer {}

fn read_answer(reader: &mut Reader<'_>) -> Result<Answer, Malformed> {
    match reader.array("answer")? {
        [ACKNOWLEDGED] => {
            reader.text("reason", NO_REASON)?;
            Ok(Answer::Acknowledged)
        }
        [REJECTED] => Ok(Answer::Rejected {
            reason: reader.text("reason", REASON)?,
        }),
        [number] => Err(Malformed::UnknownNumber {
            field: "answer",
            number: u64::from(number),
        }),
    }
}
