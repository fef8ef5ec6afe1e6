//! What the store keeps, as domain values: neither rows nor wire messages.

use core::fmt;

use jiff::Timestamp;
use samrum_consent::consent::Consent;
use samrum_consent::decide::ConsentVersion;
use samrum_consent::fact::{Custody, Subject, Unit};
use samrum_consent::id::{
    AuthorityId, ConsentId, DeliveryId, DocumentId, EntryId, IndividualId, OrganisationId, PersonId, UnitId,
};
use samrum_consent::identity_number::IdentityNumber;
use samrum_consent::organisation_number::OrganisationNumber;
use samrum_consent::vocabulary::Holder;

/// A municipality, a region or a private principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its organisation number.
    pub number: OrganisationNumber,
    /// Its name.
    pub name: String,
    /// Public or private.
    pub holder: Holder,
    /// Ed25519 public key that signs its units' key changes.
    pub signing_key: [u8; 32],
}

/// A board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its id.
    pub id: AuthorityId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
}

/// A unit with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRecord {
    /// What decisions read.
    pub unit: Unit,
    /// Its name.
    pub name: String,
    /// Its HSA-id, or empty.
    pub hsa_id: String,
    /// The name of its authority.
    pub authority_name: String,
    /// The name of its organisation.
    pub organisation_name: String,
    /// Counts changes of the unit and its keys.
    pub revision: u64,
}

/// What may be done with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Documents are sealed to it.
    Current,
    /// Replaced; opens what was sealed to it.
    DecryptOnly,
    /// In other hands.
    Compromised,
}

/// A unit's public keys as its organisation signed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitKey {
    /// SHA-256 of the statement.
    pub key_id: [u8; 32],
    /// Whose.
    pub unit: UnitId,
    /// What may be done with it.
    pub state: KeyState,
    /// Canonical bytes.
    pub statement: Vec<u8>,
    /// The organisation's signature.
    pub signature: Vec<u8>,
    /// When the hub recorded it.
    pub recorded_at: Timestamp,
}

/// A natural person. Its `Debug` shows no name.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Inside the hub.
    pub id: PersonId,
    /// Identity number.
    pub number: IdentityNumber,
    /// Name as the register says, or empty. Personal data: never logged.
    pub name: String,
    /// Who has custody, where recorded.
    pub custody: Option<Custody>,
    /// Counts every change a decision may read.
    pub revision: u64,
}

/// A person as one case knows them.
#[derive(Clone, PartialEq, Eq)]
pub struct IndividualRecord {
    /// The case's id.
    pub id: IndividualId,
    /// The person.
    pub person: PersonId,
    /// Name as the registering unit wrote it: what it is shown must not tell what others know.
    pub name: String,
    /// Who registered them.
    pub registered_by: UnitId,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Person").field(&self.id).finish()
    }
}

impl fmt::Debug for IndividualRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IndividualRecord").field(&self.id).finish()
    }
}

/// A subject with the revision of its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectRecord {
    /// What decisions read.
    pub subject: Subject,
    /// The person's revision.
    pub person_revision: u64,
    /// Who registered them.
    pub registered_by: UnitId,
}

/// A consent and the case it was asked in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// The consent.
    pub consent: Consent,
    /// The individual as that case knows them.
    pub individual: IndividualId,
    /// The consent whose place it takes once it is in force.
    pub supersedes: Option<ConsentId>,
}

/// A sealed document as sent, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Who sent it.
    pub sender: UnitId,
    /// Its id, minted by the sender.
    pub id: DocumentId,
    /// SHA-256 of the request that brought it.
    pub digest: [u8; 32],
    /// Raw canonical header.
    pub header: Vec<u8>,
    /// Bytes of the sealed body.
    pub body_size: u64,
    /// The key that signed its slips.
    pub key_id: [u8; 32],
    /// The answer its sending got.
    pub answer: Vec<u8>,
}

/// Where a delivery stands; one terminal state, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Waits for its recipient.
    Queued,
    /// Its key has been released.
    Released,
    /// The recipient confirmed.
    Acknowledged,
    /// The recipient refused.
    Rejected,
    /// Kept back for good.
    Withheld,
    /// Ran out of time.
    Expired,
}

/// What a delivery rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryBasis {
    /// These consents, as they stood at sending.
    Consents(Vec<ConsentVersion>),
    /// A provision, by its id.
    Provision(String),
}

/// One document on its way to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Who sent the document.
    pub sender: UnitId,
    /// The document.
    pub document: DocumentId,
    /// To whom.
    pub recipient: UnitId,
    /// What it rests on, fixed at sending.
    pub basis: DeliveryBasis,
    /// Where it stands.
    pub state: DeliveryState,
    /// Since when.
    pub changed_at: Timestamp,
    /// Unopened until then, it expires.
    pub expires_at: Timestamp,
    /// Unopened until then, or failed, it alarms both sides; none where it alarms nobody.
    pub alarm_at: Option<Timestamp>,
    /// Whether it did.
    pub alarmed: bool,
    /// The entry of the last change.
    pub entry: EntryId,
}

/// A delivery whose alarm is due: no more of it than an alarm needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: DeliveryId,
    /// Who sent it.
    pub sender: UnitId,
    /// To whom.
    pub recipient: UnitId,
    /// Queued or released.
    pub state: DeliveryState,
}

/// One thing an inbox is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxEvent {
    /// Its place; later events have larger ones.
    pub position: i64,
    /// What about.
    pub delivery: DeliveryId,
    /// What it became.
    pub state: DeliveryState,
    /// Bytes of the sealed body.
    pub body_size: u64,
    /// When it alarmed, if it is an alarm.
    pub alarmed_at: Option<Timestamp>,
    /// The document, where the inbox is its sender's.
    pub own_document: Option<DocumentId>,
    /// The other side: to the sender the recipient; to the recipient the sender, unless it was withheld. Told with alarms alone.
    pub other: Option<UnitId>,
}

/// The stored answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// SHA-256 of the request.
    pub digest: [u8; 32],
    /// The encoded answer.
    pub answer: Vec<u8>,
}

/// A ledger entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Order of arrival.
    pub arrival: i64,
    /// Its id; also the decision's.
    pub id: EntryId,
    /// When.
    pub at: Timestamp,
    /// Canonical JSON.
    pub details: Vec<u8>,
    /// Salt of the commitment; none for unsalted leaves.
    pub salt: Option<[u8; 32]>,
    /// Leaf bytes.
    pub leaf: Vec<u8>,
    /// RFC 6962 leaf hash.
    pub leaf_hash: [u8; 32],
    /// Place in the log, once sequenced.
    pub leaf_index: Option<u64>,
}

/// A batch that the sequencer appends.
#[derive(Debug, Clone)]
pub struct Sequenced {
    /// The size it extends.
    pub from_size: u64,
    /// The sequencer's epoch.
    pub epoch: u64,
    /// Entries and their places.
    pub places: Vec<(EntryId, u64)>,
    /// New complete subtrees: level, position, hash.
    pub nodes: Vec<(u8, u64, [u8; 32])>,
    /// The new size.
    pub size: u64,
    /// The signed checkpoint.
    pub note: Vec<u8>,
    /// When.
    pub at: Timestamp,
}
