//! One message as the hub wrote it, and others in its form.

use jiff::Timestamp;
use ring::rand::SystemRandom;
use samrum_consent::id::{DocumentId, EntryId, IndividualId, PersonId, UnitId};
use samrum_proto::canonical::{Canonical as _, Raw};
use samrum_proto::envelope::Header;
use samrum_server::ledger::{Concerned, Details, new_entry};
use samrum_server::store::NewEntry;
use uuid::{Builder, Uuid};

use super::table::{Database, Kind, Table, Value};
use crate::new_id;

/// Sealed text of one message, in bytes: small.
const BODY_BYTES: usize = 256;
/// How long a message waits for its recipient, in microseconds: three months, from when it was sent.
const LIFETIME_US: i64 = 90 * 24 * 3600 * 1_000_000;
/// A delivery that waits: samrum.exchange.v1.DeliveryState.
const QUEUED: i32 = 1;

/// A message on one route, as the hub wrote it.
pub(super) struct Form {
    sender: Uuid,
    recipient: Uuid,
    header: Header,
    key_id: Vec<u8>,
    slip: Vec<u8>,
    signature: Vec<u8>,
    details: Details,
}

/// Whom messages are about, and on which consent.
pub(super) struct Child {
    individual: Uuid,
    person: Uuid,
    consent: Uuid,
    revision: i64,
}

/// The children of these cases, each with its consent.
pub(super) async fn children(database: &mut Database, individuals: &[Vec<u8>]) -> Vec<Child> {
    let mut children = Vec::new();
    for individual in individuals {
        let individual = Uuid::from_slice(individual).unwrap();
        let text = "SELECT person_id, id, revision FROM consent WHERE individual_id = $1";
        let kinds = [Kind::Id, Kind::Id, Kind::Int];
        let row = database.row(text, &[Value::Id(individual)], &kinds).await;
        children.push(Child {
            individual,
            person: row[0].id(),
            consent: row[1].id(),
            revision: row[2].number(),
        });
    }
    children
}

impl Form {
    /// The message that this delivery belongs to.
    pub(super) async fn read(database: &mut Database, delivery: &[u8]) -> Self {
        let text = "SELECT d.sender_id, d.recipient_id, o.header, o.key_id, d.slip, d.signature, e.details
                    FROM delivery d JOIN document o ON o.sender_id = d.sender_id AND o.id = d.document_id
                    JOIN entry e ON e.id = d.entry_id WHERE d.id = $1";
        let mut kinds = vec![Kind::Id; 2];
        kinds.extend([Kind::Bytes; 5]);
        let delivery = Value::Id(Uuid::from_slice(delivery).unwrap());
        let row = database.row(text, &[delivery], &kinds).await;
        Self {
            sender: row[0].id(),
            recipient: row[1].id(),
            header: Raw::<Header>::parse(row[2].bytes()).unwrap().value().clone(),
            key_id: row[3].bytes().to_vec(),
            slip: row[4].bytes().to_vec(),
            signature: row[5].bytes().to_vec(),
            details: serde_json::from_slice(row[6].bytes()).unwrap(),
        }
    }
}

/// A message that was never sent.
pub(super) struct Message<'a> {
    form: &'a Form,
    child: &'a Child,
    document: Uuid,
    delivery: Uuid,
    header: Vec<u8>,
    entry: NewEntry,
}

impl<'a> Message<'a> {
    /// One in this form, about this child, sent at this time.
    pub(super) fn of(form: &'a Form, child: &'a Child, at: i64) -> Self {
        let at = Timestamp::from_microsecond(at).unwrap();
        let (document, delivery, entry) = (ordered(at), Uuid::from_slice(&new_id()).unwrap(), ordered(at));
        let header = Header {
            document: DocumentId::from_bytes(document.into_bytes()),
            subjects: [IndividualId::from_bytes(child.individual.into_bytes())].into(),
            created_at_us: at.as_microsecond(),
            ..form.header.clone()
        };
        let mut details = form.details.clone();
        (details.entry, details.at) = (entry.to_string(), at);
        let matter = details.matter.as_mut().expect("a send is about something");
        matter.document = Some(document.to_string());
        matter.subjects = vec![child.individual.to_string()];
        for consent in details
            .verdicts
            .iter_mut()
            .flat_map(|verdict| &mut verdict.consents)
        {
            consent.id = child.consent.to_string();
            consent.revision = u64::try_from(child.revision).unwrap();
        }
        let concerned = Concerned {
            units: vec![UnitId::from_bytes(form.sender.into_bytes())],
            people: vec![PersonId::from_bytes(child.person.into_bytes())],
            ..Concerned::default()
        };
        let id = EntryId::from_bytes(entry.into_bytes());
        Self {
            form,
            child,
            document,
            delivery,
            header: header.encode().unwrap(),
            entry: new_entry(id, &details, concerned, &SystemRandom::new()).unwrap(),
        }
    }

    pub(super) const fn leaf_hash(&self) -> [u8; 32] {
        self.entry.leaf_hash
    }

    pub(super) fn document(&self) -> Vec<u8> {
        self.document.as_bytes().to_vec()
    }

    pub(super) fn entry(&self) -> Vec<u8> {
        self.entry.id.as_bytes().to_vec()
    }

    /// Its rows, in the order of [`tables`]; its entry has this place in the log.
    pub(super) fn write(self, tables: &mut [Table], place: u64) {
        let (form, child, at) = (self.form, self.child, self.entry.at.as_microsecond());
        let entry = Uuid::from_bytes(*self.entry.id.as_bytes());
        let [
            entries,
            units,
            people,
            documents,
            bodies,
            deliveries,
            consents,
            subjects,
            events,
        ] = tables
        else {
            panic!("as many tables as there are rows");
        };
        let digest = Value::Bytes(self.entry.leaf_hash.to_vec());
        documents.push([
            Value::Id(form.sender),
            Value::Id(self.document),
            digest.clone(),
            Value::Bytes(self.header),
            Value::Int(BODY_BYTES as i64),
            Value::Bytes(form.key_id.clone()),
            Value::Bytes(entry.as_bytes().to_vec()),
            Value::Int(at),
        ]);
        let body = Value::Bytes(vec![0; BODY_BYTES]);
        let (sender, document) = (Value::Id(form.sender), Value::Id(self.document));
        bodies.push([sender.clone(), document.clone(), digest, body, Value::Int(at)]);
        deliveries.push([
            Value::Id(self.delivery),
            sender,
            document,
            Value::Id(form.recipient),
            Value::Bytes(form.slip.clone()),
            Value::Bytes(form.signature.clone()),
            Value::Small(QUEUED),
            Value::Int(at),
            Value::Int(at + LIFETIME_US),
            Value::Id(entry),
        ]);
        let delivery = Value::Id(self.delivery);
        consents.push([
            delivery.clone(),
            Value::Id(child.consent),
            Value::Int(child.revision),
        ]);
        subjects.push([delivery.clone(), Value::Id(child.individual)]);
        events.push([Value::Id(form.recipient), delivery, Value::Small(QUEUED)]);
        units.push([Value::Id(entry), Value::Id(form.sender)]);
        people.push([Value::Id(child.person), Value::Int(at), Value::Id(entry)]);
        entries.push([
            Value::Id(entry),
            Value::Int(at),
            Value::Bytes(self.entry.details),
            Value::Bytes(self.entry.salt.expect("a send is salted").to_vec()),
            Value::Bytes(self.entry.leaf),
            Value::Bytes(self.entry.leaf_hash.to_vec()),
            Value::Int(i64::try_from(place).unwrap()),
        ]);
    }
}

/// The tables that a message has a row in, in the order in which they refer to each other.
pub(super) fn tables() -> [Table; 9] {
    [
        Table::of("entry (id, at, details, salt, leaf, leaf_hash, leaf_index)", 7),
        Table::of("entry_unit (entry_id, unit_id)", 2),
        Table::of("entry_person (person_id, at, entry_id)", 3),
        Table::of(
            "document (sender_id, id, digest, header, body_size, key_id, answer, created_at)",
            8,
        ),
        Table::of("body (sender_id, document_id, digest, bytes, created_at)", 5),
        Table::of(
            "delivery (id, sender_id, document_id, recipient_id, slip, signature, state, changed_at, expires_at,
                       entry_id)",
            10,
        ),
        Table::of("delivery_consent (delivery_id, consent_id, revision)", 3),
        Table::of("delivery_subject (delivery_id, individual_id)", 2),
        Table::of("inbox_event (recipient_id, delivery_id, state)", 3),
    ]
}

/// An id in the order of time, as clients and hub mint them (RFC 9562 section 5.7).
fn ordered(at: Timestamp) -> Uuid {
    let random: [u8; 10] = new_id()[..10].try_into().unwrap();
    let millis = u64::try_from(at.as_millisecond()).unwrap();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
