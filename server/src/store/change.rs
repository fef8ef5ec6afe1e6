//! A change: what it expects of the facts it read, what it writes, and the entries that tell of it.

use jiff::Timestamp;
use samrum_consent::consent::Consent;
use samrum_consent::fact::Custody;
use samrum_consent::id::{
    ConsentId, DeliveryId, DocumentId, EntryId, FactId, IndividualId, OrganisationId, PersonId, RequestId,
    UnitId,
};
use samrum_consent::identity_number::IdentityNumber;

use super::admitted::Admitted;
use super::fact::{Attestation, FactRecord, RegisterFacts};
use super::record::{
    Answered, Authority, ConsentRecord, Delivery, DeliveryState, Document, IndividualRecord, Organisation,
    UnitKey, UnitRecord,
};

/// One change. It commits whole or not at all.
#[derive(Debug, Default)]
pub struct Change {
    /// What must still be so.
    pub expects: Vec<Expect>,
    /// What becomes so.
    pub writes: Vec<Write>,
    /// What is written down about it. INVARIANT: a change without an entry is refused.
    pub entries: Vec<NewEntry>,
}

/// A fact that must not have changed since it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// The unit and its keys.
    Unit(UnitId, u64),
    /// The person: custody and every fact that is recorded about them.
    Person(PersonId, u64),
    /// The consent.
    Consent(ConsentId, u64),
    /// Where the delivery stands.
    Delivery(DeliveryId, DeliveryState),
    /// The delivery has alarmed nobody.
    Unalarmed(DeliveryId),
    /// This provision is turned on.
    ProvisionOn(String),
    /// The sender has sent nothing under this id.
    NewDocument(UnitId, DocumentId),
}

/// One write.
#[derive(Debug)]
pub enum Write {
    /// A new organisation with its authorities.
    Organisation(Organisation, Vec<Authority>, Timestamp),
    /// A new unit.
    Unit(UnitRecord, Timestamp),
    /// A new current key; the former current one becomes decrypt-only.
    UnitKey(UnitKey),
    /// A unit's key is in other hands, for good.
    KeyCompromised(UnitId, [u8; 32]),
    /// A new person.
    Person {
        /// The id minted for them.
        id: PersonId,
        /// Identity number, sealed by the engine.
        number: IdentityNumber,
        /// Name as the register says, or empty; sealed by the engine.
        name: String,
    },
    /// A person's name as the register says it now.
    PersonName(PersonId, String),
    /// A person opened for a case.
    Individual(IndividualRecord, Timestamp),
    /// Who has custody, replacing what was recorded.
    Custody(PersonId, Custody),
    /// A new fact, recorded by a unit.
    Fact(Box<FactRecord>),
    /// That a second professional stands beside a fact about this person.
    Attest(FactId, PersonId, Attestation),
    /// What was read from register or court besides custody, replacing what was recorded.
    RegisterFacts(RegisterFacts),
    /// A permitting provision is turned on, as the entry given tells.
    ProvisionOn(String, EntryId),
    /// It is turned off.
    ProvisionOff(String),
    /// A new consent.
    NewConsent(ConsentRecord),
    /// A consent's next state.
    Consent(Consent),
    /// A new document with its sealed body.
    Document {
        /// The document.
        document: Document,
        /// Sealed chunks, never empty.
        body: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// A new delivery, queued.
    NewDelivery {
        /// The delivery.
        delivery: Delivery,
        /// Raw canonical slip.
        slip: Vec<u8>,
        /// The sender's signature over it.
        signature: Vec<u8>,
        /// Whom it is about.
        subjects: Vec<IndividualId>,
    },
    /// A delivery's next state, told by the entry given.
    DeliveryState(DeliveryId, DeliveryState, EntryId, Timestamp),
    /// Tells both inboxes that a report alarms, in this state; acknowledged, that its alarm is over, if it had alarmed.
    Alarm(DeliveryId, DeliveryState, Timestamp),
    /// A key release permitted by the entry given: the commit answers with an [`Admitted`].
    Release(DeliveryId, UnitId, EntryId),
    /// The stored answer to a request.
    Answer {
        /// Role and id of the caller.
        caller: String,
        /// The request.
        id: RequestId,
        /// Digest and answer.
        answered: Answered,
        /// When.
        at: Timestamp,
    },
    /// A portal session.
    Session {
        /// SHA-256 of the cookie's value.
        token_hash: [u8; 32],
        /// Whose.
        person: PersonId,
        /// Until when.
        expires_at: Timestamp,
    },
    /// The end of a portal session, by the hash of its secret.
    EndSession([u8; 32]),
}

/// An entry to be written with its effect.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Its id.
    pub id: EntryId,
    /// When.
    pub at: Timestamp,
    /// Canonical JSON.
    pub details: Vec<u8>,
    /// 32 random bytes; none for key changes.
    pub salt: Option<[u8; 32]>,
    /// Leaf bytes.
    pub leaf: Vec<u8>,
    /// RFC 6962 leaf hash.
    pub leaf_hash: [u8; 32],
    /// Units that it concerns.
    pub units: Vec<UnitId>,
    /// Organisations whose own it is.
    pub organisations: Vec<OrganisationId>,
    /// Whom it is about.
    pub people: Vec<PersonId>,
}

/// What a durable commit answers with.
#[derive(Debug)]
#[must_use]
pub struct Committed {
    admitted: Option<Admitted>,
}

impl Committed {
    /// Made by an engine's commit, after it is durable.
    pub(super) const fn durable(admitted: Option<Admitted>) -> Self {
        Self { admitted }
    }

    /// The admission that the change asked for, if it did.
    pub fn into_admitted(self) -> Option<Admitted> {
        self.admitted
    }
}
