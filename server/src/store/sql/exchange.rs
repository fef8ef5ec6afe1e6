//! Documents, deliveries, inboxes, bodies; and the one door through which a copy is handed out.

use jiff::Timestamp;
use samrum_consent::decide::ConsentVersion;
use samrum_consent::id::{ConsentId, DeliveryId, DocumentId, IndividualId, UnitId};

use super::directory::key_id_place;
use super::row::{Row, count, damaged, delivery_state, get, hash, id, optional_time, time};
use super::statement::{Pool, query};
use crate::store::record::{Delivery, DeliveryBasis, DeliveryState, Document, Due, InboxEvent};
use crate::store::{Admitted, Result, SealedCopy, StoreError};

pub(super) async fn document(pool: &Pool, sender: UnitId, key: DocumentId) -> Result<Option<Document>> {
    let row = query(
        "SELECT sender_id, id, digest, header, body_size, key_id, answer FROM document
         WHERE sender_id = $1 AND id = $2",
    )
    .bind(sender.as_uuid())
    .bind(key.as_uuid())
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(read_document).transpose()
}

pub(super) async fn received(
    pool: &Pool,
    recipient: UnitId,
    document: DocumentId,
    limit: u32,
) -> Result<Vec<Document>> {
    let rows = query(
        "SELECT o.sender_id, o.id, o.digest, o.header, o.body_size, o.key_id, o.answer
         FROM delivery d JOIN document o ON o.sender_id = d.sender_id AND o.id = d.document_id
         WHERE d.document_id = $1 AND d.recipient_id = $2 AND d.state IN (2, 3, 4)
         ORDER BY o.sender_id LIMIT $3",
    )
    .bind(document.as_uuid())
    .bind(recipient.as_uuid())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read_document).collect()
}

fn read_document(row: &Row) -> Result<Document> {
    Ok(Document {
        sender: id(row, "sender_id")?,
        id: id(row, "id")?,
        digest: hash(row, "digest")?,
        header: get(row, "header")?,
        body_size: count(row, "body_size")?,
        key_id: hash(row, "key_id")?,
        answer: get(row, "answer")?,
    })
}

pub(super) async fn delivery(pool: &Pool, key: DeliveryId) -> Result<Option<Delivery>> {
    let rows = query(
        "SELECT id, sender_id, document_id, recipient_id, provision_id, state, changed_at, expires_at, alarm_at,
                alarms, entry_id
         FROM delivery WHERE id = $1",
    )
    .bind(key.as_uuid())
    .fetch_all(pool)
    .await?;
    Ok(read_all(pool, &rows).await?.pop())
}

pub(super) async fn deliveries(pool: &Pool, sender: UnitId, document: DocumentId) -> Result<Vec<Delivery>> {
    let rows = query(
        "SELECT id, sender_id, document_id, recipient_id, provision_id, state, changed_at, expires_at, alarm_at,
                alarms, entry_id
         FROM delivery WHERE sender_id = $1 AND document_id = $2 ORDER BY id",
    )
    .bind(sender.as_uuid())
    .bind(document.as_uuid())
    .fetch_all(pool)
    .await?;
    read_all(pool, &rows).await
}

pub(super) async fn overdue(pool: &Pool, now: Timestamp, limit: u32) -> Result<Vec<Delivery>> {
    let rows = query(
        "SELECT id, sender_id, document_id, recipient_id, provision_id, state, changed_at, expires_at, alarm_at,
                alarms, entry_id
         FROM delivery WHERE state = 1 AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
    )
    .bind(now.as_microsecond())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    read_what_can_be(pool, &rows).await
}

pub(super) async fn alarming(pool: &Pool, now: Timestamp, limit: u32) -> Result<Vec<Due>> {
    let rows = query(
        "SELECT d.id, d.sender_id, d.recipient_id, d.state
         FROM (SELECT id, alarm_at, ROW_NUMBER() OVER (PARTITION BY sender_id ORDER BY alarm_at, id) AS turn
               FROM delivery WHERE state IN (1, 2) AND alarms = 0 AND alarm_at <= $1
               ORDER BY turn, alarm_at, id LIMIT $2) due
         JOIN delivery d ON d.id = due.id
         ORDER BY due.turn, due.alarm_at, due.id",
    )
    .bind(now.as_microsecond())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                id: id(row, "id")?,
                sender: id(row, "sender_id")?,
                recipient: id(row, "recipient_id")?,
                state: delivery_state(get(row, "state")?)?,
            })
        })
        .collect()
}

pub(super) async fn queued_on(pool: &Pool, consent: ConsentId, limit: u32) -> Result<Vec<DeliveryId>> {
    let rows = query(
        "SELECT d.id FROM delivery d JOIN delivery_consent c ON c.delivery_id = d.id
         WHERE c.consent_id = $1 AND d.state = 1 ORDER BY d.expires_at LIMIT $2",
    )
    .bind(consent.as_uuid())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| id(row, "id")).collect()
}

pub(super) async fn queued_to_key(
    pool: &Pool,
    recipient: UnitId,
    key_id: [u8; 32],
    limit: u32,
) -> Result<Vec<DeliveryId>> {
    let rows = query(
        "SELECT id FROM delivery
         WHERE state = 1 AND recipient_id = $1 AND substr(slip, CAST($2 AS INTEGER), 32) = $3
         ORDER BY expires_at LIMIT $4",
    )
    .bind(recipient.as_uuid())
    .bind(key_id_place())
    .bind(key_id.to_vec())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| id(row, "id")).collect()
}

pub(super) async fn queued_on_provision(pool: &Pool, provision: &str, limit: u32) -> Result<Vec<DeliveryId>> {
    let rows = query("SELECT id FROM delivery WHERE provision_id = $1 AND state = 1 ORDER BY id LIMIT $2")
        .bind(provision)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| id(row, "id")).collect()
}

pub(super) async fn queued_on_ended(pool: &Pool, limit: u32) -> Result<Vec<DeliveryId>> {
    // 1 and 2 are REQUESTED and ACTIVE.
    let rows = query(
        "SELECT DISTINCT d.id FROM delivery d
         JOIN delivery_consent r ON r.delivery_id = d.id
         JOIN consent c ON c.id = r.consent_id
         WHERE d.state = 1 AND c.state NOT IN (1, 2) LIMIT $1",
    )
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| id(row, "id")).collect()
}

/// The text that reads the events for which this holds.
macro_rules! events_where {
    ($condition:literal) => {
        concat!(
            "SELECT e.position, e.recipient_id AS inbox, e.delivery_id, e.state, e.alarmed_at, o.body_size, d.sender_id,
                    d.recipient_id, d.document_id, d.state AS stands
             FROM inbox_event e
             JOIN delivery d ON d.id = e.delivery_id
             JOIN document o ON o.sender_id = d.sender_id AND o.id = d.document_id
             WHERE ",
            $condition,
            " ORDER BY e.position LIMIT $2"
        )
    };
}

pub(super) async fn inbox(pool: &Pool, recipient: UnitId, after: i64, limit: u32) -> Result<Vec<InboxEvent>> {
    let rows = query(events_where!("e.position > $1 AND e.recipient_id = $3"))
        .bind(after)
        .bind(limit)
        .bind(recipient.as_uuid())
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| Ok(inbox_event(row)?.1)).collect()
}

pub(super) async fn inboxes(pool: &Pool, after: i64, limit: u32) -> Result<Vec<(UnitId, InboxEvent)>> {
    let rows = query(events_where!("e.position > $1"))
        .bind(after)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter().map(inbox_event).collect()
}

pub(super) async fn inboxes_end(pool: &Pool) -> Result<i64> {
    let row = query("SELECT COALESCE(MAX(position), 0) AS position FROM inbox_event")
        .fetch_optional(pool)
        .await?;
    row.map_or(Ok(0), |row| get(&row, "position"))
}

/// An event, and whose inbox it is told to.
fn inbox_event(row: &Row) -> Result<(UnitId, InboxEvent)> {
    let inbox: UnitId = id(row, "inbox")?;
    let (sender, to) = (id(row, "sender_id")?, id(row, "recipient_id")?);
    let is_own = sender == inbox;
    let event = InboxEvent {
        position: get(row, "position")?,
        delivery: id(row, "delivery_id")?,
        state: delivery_state(get(row, "state")?)?,
        body_size: count(row, "body_size")?,
        alarmed_at: optional_time(row, "alarmed_at")?,
        own_document: is_own.then(|| id(row, "document_id")).transpose()?,
        other: if is_own {
            Some(to)
        } else {
            // Withheld, because others may read this inbox: who reported is not for them.
            let stands = delivery_state(get(row, "stands")?)?;
            Some(sender).filter(|_| stands != DeliveryState::Withheld)
        },
    };
    Ok((inbox, event))
}

pub(super) async fn has_exchanged(pool: &Pool, unit: UnitId, individual: IndividualId) -> Result<bool> {
    let row = query(
        "SELECT 1 AS found FROM delivery d JOIN delivery_subject s ON s.delivery_id = d.id
         WHERE s.individual_id = $2
           AND (d.sender_id = $1 OR (d.recipient_id = $1 AND d.state IN (2, 3, 4))) LIMIT 1",
    )
    .bind(unit.as_uuid())
    .bind(individual.as_uuid())
    .fetch_optional(pool)
    .await?;
    Ok(row.is_some())
}

/// INVARIANT 1: what is handed out is what the admission names, to the reader it names.
pub(super) async fn release(pool: &Pool, admitted: Admitted) -> Result<SealedCopy> {
    let row = query(
        "SELECT o.header, d.slip, d.signature, d.sender_id, d.document_id, o.digest, o.key_id
         FROM delivery d JOIN document o ON o.sender_id = d.sender_id AND o.id = d.document_id
         WHERE d.id = $1 AND d.recipient_id = $2",
    )
    .bind(admitted.delivery().as_uuid())
    .bind(admitted.reader().as_uuid())
    .fetch_optional(pool)
    .await?
    .ok_or_else(|| damaged("delivery"))?;
    let sender: UnitId = id(&row, "sender_id")?;
    let body = query("SELECT bytes FROM body WHERE sender_id = $1 AND document_id = $2 AND digest = $3")
        .bind(sender.as_uuid())
        .bind(id::<DocumentId>(&row, "document_id")?.as_uuid())
        .bind(get::<&[u8]>(&row, "digest")?)
        .fetch_optional(pool)
        .await?
        .ok_or_else(|| damaged("body"))?;
    Ok(SealedCopy {
        header: get(&row, "header")?,
        slip: get(&row, "slip")?,
        signature: get(&row, "signature")?,
        body: get(&body, "bytes")?,
        sender,
        sender_key: hash(&row, "key_id")?,
    })
}

async fn read_all(pool: &Pool, rows: &[Row]) -> Result<Vec<Delivery>> {
    let mut deliveries = Vec::with_capacity(rows.len());
    for row in rows {
        deliveries.push(read_delivery(pool, row).await?);
    }
    Ok(deliveries)
}

/// For what goes over many deliveries: one that is damaged keeps no other waiting.
async fn read_what_can_be(pool: &Pool, rows: &[Row]) -> Result<Vec<Delivery>> {
    let mut deliveries = Vec::with_capacity(rows.len());
    for row in rows {
        match read_delivery(pool, row).await {
            Ok(delivery) => deliveries.push(delivery),
            Err(StoreError::Damaged { what }) => {
                let delivery = id::<DeliveryId>(row, "id").map(|id| id.to_string()).ok();
                tracing::error!(
                    delivery,
                    what,
                    "a delivery's row cannot be read and is passed over"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok(deliveries)
}

async fn read_delivery(pool: &Pool, row: &Row) -> Result<Delivery> {
    let delivery: DeliveryId = id(row, "id")?;
    Ok(Delivery {
        id: delivery,
        sender: id(row, "sender_id")?,
        document: id(row, "document_id")?,
        recipient: id(row, "recipient_id")?,
        basis: basis(pool, delivery, row).await?,
        state: delivery_state(get(row, "state")?)?,
        changed_at: time(row, "changed_at")?,
        expires_at: time(row, "expires_at")?,
        alarm_at: optional_time(row, "alarm_at")?,
        alarmed: get::<i32>(row, "alarms")? != 0,
        entry: id(row, "entry_id")?,
    })
}

async fn basis(pool: &Pool, delivery: DeliveryId, row: &Row) -> Result<DeliveryBasis> {
    if let Some(provision) = get::<Option<String>>(row, "provision_id")? {
        return Ok(DeliveryBasis::Provision(provision));
    }
    let rows =
        query("SELECT consent_id, revision FROM delivery_consent WHERE delivery_id = $1 ORDER BY consent_id")
            .bind(delivery.as_uuid())
            .fetch_all(pool)
            .await?;
    let version = |row| {
        Ok(ConsentVersion {
            id: id(row, "consent_id")?,
            revision: count(row, "revision")?,
        })
    };
    rows.iter()
        .map(version)
        .collect::<Result<_>>()
        .map(DeliveryBasis::Consents)
}
