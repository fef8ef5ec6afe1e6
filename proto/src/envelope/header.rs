//! The header: clear to the hub, and minimal.

use std::collections::BTreeSet;

use samrum_consent::id::{DocumentId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Category, Family, Kind, Purpose};

use super::{BodyLength, KeyCommitment, MAX_CATEGORIES, MAX_HEADER_BYTES, MAX_SUBJECTS};
use crate::canonical::{Canonical, Label, Limits, Malformed, Raw, Reader, Writer, digests};

digests! {
    /// SHA-256 of a header's canonical bytes behind `samrum/header/v1`.
    HeaderHash = "header_hash";
}

/// What a sender says of a document before it is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Minted by the sender.
    pub document: DocumentId,
    /// The unit that sends and signs.
    pub sender: UnitId,
    /// What it is.
    pub kind: Kind,
    /// What it is about; at least one, at most [`MAX_CATEGORIES`].
    pub categories: BTreeSet<Category>,
    /// Whom it is about; at most [`MAX_SUBJECTS`], and none only for kinds that belong to duties.
    pub subjects: BTreeSet<IndividualId>,
    /// Why it is sent.
    pub purpose: Purpose,
    /// When it was composed, in microseconds since the epoch, by the sender's clock.
    pub created_at_us: i64,
    /// The document that it answers.
    pub in_reply_to: Option<DocumentId>,
}

/// What the hub reads of a document.
///
/// **Shape**: version 1, then the fields below in this order, ids as 16 bytes, kind, purpose and each category
/// as the one byte of its number, both sets ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Minted by the sender.
    pub document: DocumentId,
    /// The unit that sent and signed.
    pub sender: UnitId,
    /// What it is.
    pub kind: Kind,
    /// What it is about.
    pub categories: BTreeSet<Category>,
    /// Whom it is about.
    pub subjects: BTreeSet<IndividualId>,
    /// Why it is sent.
    pub purpose: Purpose,
    /// When it was composed, in microseconds since the epoch, by the sender's clock.
    pub created_at_us: i64,
    /// The document that it answers.
    pub in_reply_to: Option<DocumentId>,
    /// How long the body is; encoded as the sealed length.
    pub body_length: BodyLength,
    /// Which content key opens the body.
    pub key_commitment: KeyCommitment,
}

const CATEGORIES: Limits = Limits {
    least: 1,
    most: MAX_CATEGORIES,
};

impl Header {
    pub(super) fn from_draft(draft: Draft, body_length: BodyLength, key_commitment: KeyCommitment) -> Self {
        Self {
            document: draft.document,
            sender: draft.sender,
            kind: draft.kind,
            categories: draft.categories,
            subjects: draft.subjects,
            purpose: draft.purpose,
            created_at_us: draft.created_at_us,
            in_reply_to: draft.in_reply_to,
            body_length,
            key_commitment,
        }
    }
}

/// A duty may concern somebody whom no register knows; everything else is about someone.
fn subject_limits(kind: Kind) -> Limits {
    Limits {
        least: usize::from(kind.family() != Family::Duty),
        most: MAX_SUBJECTS,
    }
}

impl Canonical for Header {
    const NAME: &'static str = "header";
    const MAX_BYTES: usize = MAX_HEADER_BYTES;
    const LABEL: Label = Label::HEADER;

    fn write(&self, writer: &mut Writer) -> Result<(), Malformed> {
        writer.array("document", *self.document.as_bytes())?;
        writer.array("sender", *self.sender.as_bytes())?;
        writer.array("kind", [self.kind.number()])?;
        let categories: Vec<_> = self
            .categories
            .iter()
            .map(|category| [category.number()])
            .collect();
        writer.set("categories", CATEGORIES, &categories)?;
        let subjects: Vec<_> = self.subjects.iter().map(|subject| *subject.as_bytes()).collect();
        writer.set("subjects", subject_limits(self.kind), &subjects)?;
        writer.array("purpose", [self.purpose.number()])?;
        writer.time("created_at", self.created_at_us)?;
        writer.optional(
            "in_reply_to",
            self.in_reply_to.map(|document| *document.as_bytes()),
        )?;
        writer.array("body_length", self.body_length.sealed().to_be_bytes())?;
        writer.array("key_commitment", *self.key_commitment.as_bytes())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let document = DocumentId::from_bytes(reader.array("document")?);
        let sender = UnitId::from_bytes(reader.array("sender")?);
        let kind = reader.number("kind", Kind::from_number)?;
        let categories = reader
            .set("categories", CATEGORIES)?
            .into_iter()
            .map(|[number]| {
                Category::from_number(i32::from(number)).map_err(|_| Malformed::UnknownNumber {
                    field: "categories",
                    number: u64::from(number),
                })
            })
            .collect::<Result<_, _>>()?;
        let subjects = reader
            .set("subjects", subject_limits(kind))?
            .into_iter()
            .map(IndividualId::from_bytes)
            .collect();
        Ok(Self {
            document,
            sender,
            kind,
            categories,
            subjects,
            purpose: reader.number("purpose", Purpose::from_number)?,
            created_at_us: reader.time("created_at")?,
            in_reply_to: reader.optional("in_reply_to")?.map(DocumentId::from_bytes),
            body_length: BodyLength::from_sealed(u64::from_be_bytes(reader.array("body_length")?))?,
            key_commitment: KeyCommitment::from_bytes(reader.array("key_commitment")?),
        })
    }
}

impl Raw<Header> {
    /// `H(header)`: what slips, signatures, chunks and answers are bound to.
    #[must_use]
    pub fn hash(&self) -> HeaderHash {
        HeaderHash::from_bytes(self.digest())
    }
}
