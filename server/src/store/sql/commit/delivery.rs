//! Writes about documents on their way: held, told to their inboxes, moved on.

use jiff::Timestamp;
use samrum_consent::id::{DeliveryId, IndividualId};

use crate::store::change::Write;
use crate::store::record::{Delivery, DeliveryBasis, DeliveryState, Document};
use crate::store::sql::bodies;
use crate::store::sql::insert::{Insert, Inserts};
use crate::store::sql::row::{delivery_state_number, signed};
use crate::store::sql::session::Session;
use crate::store::sql::statement::query;
use crate::store::{Result, StoreError};

/// Rows of new documents and deliveries.
struct Rows<'a> {
    bodies: Insert<'a, 5>,
    documents: Insert<'a, 8>,
    deliveries: Insert<'a, 12>,
    consents: Insert<'a, 3>,
    subjects: Insert<'a, 2>,
    events: Insert<'a, 3>,
}

/// All new documents with their bodies, and deliveries, among these writes.
pub(super) fn insert<'a>(inserts: &mut Inserts<'a>, writes: impl Iterator<Item = &'a Write>) {
    let mut rows = Rows {
        bodies: bodies::rows(),
        documents: Insert::into(
            "document (sender_id, id, digest, header, body_size, key_id, answer, created_at)",
        ),
        deliveries: Insert::into(
            "delivery (id, sender_id, document_id, recipient_id, slip, signature, provision_id, state,
                       changed_at, expires_at, alarm_at, entry_id)",
        ),
        consents: Insert::into("delivery_consent (delivery_id, consent_id, revision)"),
        subjects: Insert::into("delivery_subject (delivery_id, individual_id)"),
        events: Insert::into("inbox_event (recipient_id, delivery_id, state)"),
    };
    for write in writes {
        match write {
            Write::Document { document, body, at } => rows.document(document, body, at.as_microsecond()),
            Write::NewDelivery {
                delivery,
                slip,
                signature,
                subjects,
            } => rows.delivery(delivery, (slip, signature), subjects),
            _ => {}
        }
    }
    inserts.add(rows.bodies);
    inserts.add(rows.documents);
    inserts.add(rows.deliveries);
    inserts.add(rows.consents);
    inserts.add(rows.subjects);
    inserts.add(rows.events);
}

impl<'a> Rows<'a> {
    fn document(&mut self, document: &'a Document, body: &'a [u8], at: i64) {
        // An empty one has been written ahead.
        if !body.is_empty() {
            self.bodies.push(bodies::row(document, body, at));
        }
        self.documents.push([
            document.sender.as_uuid().into(),
            document.id.as_uuid().into(),
            document.digest.as_slice().into(),
            (&document.header).into(),
            signed(document.body_size).into(),
            document.key_id.as_slice().into(),
            (&document.answer).into(),
            at.into(),
        ]);
    }

    fn delivery(
        &mut self,
        delivery: &'a Delivery,
        (slip, signature): (&'a [u8], &'a [u8]),
        subjects: &[IndividualId],
    ) {
        let (provision, consents) = match &delivery.basis {
            DeliveryBasis::Consents(consents) => (None, consents.as_slice()),
            DeliveryBasis::Provision(id) => (Some(id), [].as_slice()),
        };
        let id = delivery.id.as_uuid();
        self.deliveries.push([
            id.into(),
            delivery.sender.as_uuid().into(),
            delivery.document.as_uuid().into(),
            delivery.recipient.as_uuid().into(),
            slip.into(),
            signature.into(),
            provision.into(),
            delivery_state_number(delivery.state).into(),
            delivery.changed_at.as_microsecond().into(),
            delivery.expires_at.as_microsecond().into(),
            delivery.alarm_at.map(Timestamp::as_microsecond).into(),
            delivery.entry.as_uuid().into(),
        ]);
        for consent in consents {
            self.consents.push([
                id.into(),
                consent.id.as_uuid().into(),
                signed(consent.revision).into(),
            ]);
        }
        for subject in subjects {
            self.subjects.push([id.into(), subject.as_uuid().into()]);
        }
        let state = delivery_state_number(delivery.state);
        self.events
            .push([delivery.recipient.as_uuid().into(), id.into(), state.into()]);
    }
}

/// A delivery's next state, or its release: a repeated one changes nothing but is an entry of its own.
pub(super) async fn go_on(session: &mut Session, write: &Write) -> Result<()> {
    let statement = match write {
        Write::DeliveryState(id, state, entry, at) => {
            tell_inbox(session, *id, *state).await?;
            query("UPDATE delivery SET state = $2, entry_id = $3, changed_at = $4 WHERE id = $1")
                .bind(id.as_uuid())
                .bind(delivery_state_number(*state))
                .bind(entry.as_uuid())
                .bind(at.as_microsecond())
        }
        Write::Release(id, reader, entry) => query(
            "UPDATE delivery SET state = 2, entry_id = $3, changed_at =
                (SELECT at FROM entry WHERE id = $3) WHERE id = $1 AND recipient_id = $2 AND state = 1",
        )
        .bind(id.as_uuid())
        .bind(reader.as_uuid())
        .bind(entry.as_uuid()),
        Write::Alarm(id, state, at) => {
            alarm_inboxes(session, *id, *state, *at).await?;
            query("UPDATE delivery SET alarms = alarms + 1 WHERE id = $1 AND state <> 3").bind(id.as_uuid())
        }
        _ => {
            return Err(StoreError::Damaged {
                what: "change: not a delivery",
            });
        }
    };
    statement.execute(session).await.map(drop)
}

async fn tell_inbox(session: &mut Session, delivery: DeliveryId, state: DeliveryState) -> Result<()> {
    query(
        "INSERT INTO inbox_event (recipient_id, delivery_id, state)
         SELECT recipient_id, id, $2 FROM delivery WHERE id = $1",
    )
    .bind(delivery.as_uuid())
    .bind(delivery_state_number(state))
    .execute(session)
    .await
    .map(drop)
}

/// Tells sender and recipient. That the alarm is over is told where it had alarmed.
async fn alarm_inboxes(
    session: &mut Session,
    delivery: DeliveryId,
    state: DeliveryState,
    at: Timestamp,
) -> Result<()> {
    query(
        "WITH told AS (SELECT id, sender_id, recipient_id, state FROM delivery
                       WHERE id = $1 AND state = $2 AND (state <> 3 OR alarms > 0))
         INSERT INTO inbox_event (recipient_id, delivery_id, state, alarmed_at)
         SELECT sender_id, id, state, CAST($3 AS BIGINT) FROM told
         UNION ALL SELECT recipient_id, id, state, CAST($3 AS BIGINT) FROM told",
    )
    .bind(delivery.as_uuid())
    .bind(delivery_state_number(state))
    .bind(at.as_microsecond())
    .execute(session)
    .await
    .map(drop)
}
