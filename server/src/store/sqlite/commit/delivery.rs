//! Writes about documents on their way: held, told to their inboxes, moved on.

use samrum_consent::id::{DeliveryId, IndividualId};
use sqlx::{SqliteConnection, query};

use super::Statement;
use crate::store::change::Write;
use crate::store::record::{Delivery, DeliveryBasis, DeliveryState, Document};
use crate::store::sqlite::row::{delivery_state_number, signed, unavailable};
use crate::store::{Result, StoreError};

const fn other_write() -> StoreError {
    StoreError::Damaged {
        what: "change: not a delivery",
    }
}

/// A new delivery with its slip and whom it is about.
pub(super) async fn insert(connection: &mut SqliteConnection, write: &Write) -> Result<()> {
    let Write::NewDelivery {
        delivery,
        slip,
        signature,
        subjects,
    } = write
    else {
        return Err(other_write());
    };
    new_delivery(connection, delivery, slip, signature).await?;
    new_subjects(connection, delivery, subjects).await
}

/// A delivery's next state, or its release: a repeated one changes nothing but is an entry of its own.
pub(super) async fn go_on(connection: &mut SqliteConnection, write: &Write) -> Result<()> {
    let statement = match write {
        Write::DeliveryState(id, state, entry, at) => {
            tell_inbox(connection, *id, *state).await?;
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
        _ => return Err(other_write()),
    };
    statement.execute(connection).await.map(drop).map_err(unavailable)
}

/// A new document; its body is in the second file already.
pub(super) fn new_document(document: &Document, at: i64) -> Statement<'_> {
    query(
        "INSERT INTO document (sender_id, id, digest, header, body_size, key_id, answer, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(document.sender.as_uuid())
    .bind(document.id.as_uuid())
    .bind(document.digest.as_slice())
    .bind(&document.header)
    .bind(signed(document.body_size))
    .bind(document.key_id.as_slice())
    .bind(&document.answer)
    .bind(at)
}

async fn new_delivery(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    slip: &[u8],
    signature: &[u8],
) -> Result<()> {
    let (provision, consents) = match &delivery.basis {
        DeliveryBasis::Consents(consents) => (None, consents.as_slice()),
        DeliveryBasis::Provision(id) => (Some(id), [].as_slice()),
    };
    query(
        "INSERT INTO delivery (id, sender_id, document_id, recipient_id, slip, signature, provision_id, state,
                               changed_at, expires_at, entry_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(delivery.id.as_uuid())
    .bind(delivery.sender.as_uuid())
    .bind(delivery.document.as_uuid())
    .bind(delivery.recipient.as_uuid())
    .bind(slip)
    .bind(signature)
    .bind(provision)
    .bind(delivery_state_number(delivery.state))
    .bind(delivery.changed_at.as_microsecond())
    .bind(delivery.expires_at.as_microsecond())
    .bind(delivery.entry.as_uuid())
    .execute(&mut *connection)
    .await
    .map_err(unavailable)?;
    for consent in consents {
        query("INSERT INTO delivery_consent (delivery_id, consent_id, revision) VALUES ($1, $2, $3)")
            .bind(delivery.id.as_uuid())
            .bind(consent.id.as_uuid())
            .bind(signed(consent.revision))
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
    }
    tell_inbox(connection, delivery.id, delivery.state).await
}

async fn new_subjects(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    subjects: &[IndividualId],
) -> Result<()> {
    for subject in subjects {
        query("INSERT INTO delivery_subject (delivery_id, individual_id) VALUES ($1, $2)")
            .bind(delivery.id.as_uuid())
            .bind(subject.as_uuid())
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
    }
    Ok(())
}

async fn tell_inbox(
    connection: &mut SqliteConnection,
    delivery: DeliveryId,
    state: DeliveryState,
) -> Result<()> {
    query(
        "INSERT INTO inbox_event (recipient_id, delivery_id, state)
         SELECT recipient_id, id, $2 FROM delivery WHERE id = $1",
    )
    .bind(delivery.as_uuid())
    .bind(delivery_state_number(state))
    .execute(connection)
    .await
    .map(drop)
    .map_err(unavailable)
}
