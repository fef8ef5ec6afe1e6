//! Sealed bodies in their own file: durable before the change that names them, many in one transaction.
//!
//! A body that no change came to name does no harm: nothing leads to it.

use std::sync::Arc;

use sqlx::{Connection, SqliteConnection, SqlitePool, query};

use super::row::discard;

use crate::store::clock::Clock;
use crate::store::queue::{Batches, Job, Lane, Queue, queue};
use crate::store::{NewBody, Result, StoreError};

/// The one writer of bodies, with those who wait for it.
#[derive(Debug)]
pub(super) struct BodyWriter {
    queue: Queue<NewBody, ()>,
}

impl BodyWriter {
    /// Starts the writer; it ends when the last caller has gone.
    pub(super) fn start(bodies: SqlitePool, clock: Arc<dyn Clock>) -> Self {
        let (queue, batches) = queue();
        tokio::spawn(work(bodies, clock, batches));
        Self { queue }
    }

    /// Keeps a body. The same once more changes nothing.
    pub(super) async fn put(&self, lane: Lane, body: NewBody) -> Result<()> {
        self.queue.ask(lane, body).await
    }
}

async fn work(bodies: SqlitePool, clock: Arc<dyn Clock>, mut batches: Batches<NewBody, ()>) {
    while let Some(batch) = batches.next().await {
        let outcome = put_all(&bodies, clock.now().as_microsecond(), &batch).await;
        let failed = outcome.err().map(Arc::new);
        for job in batch {
            job.answer(match &failed {
                None => Ok(()),
                Some(error) => Err(StoreError::Unavailable(Box::new(error.clone()))),
            });
        }
    }
}

async fn put_all(bodies: &SqlitePool, now: i64, batch: &[Job<NewBody, ()>]) -> Result<(), sqlx::Error> {
    let mut connection = bodies.acquire().await?;
    let outcome = put(&mut connection, now, batch).await;
    if outcome.is_err() {
        discard(&mut connection);
    }
    outcome
}

async fn put(
    connection: &mut SqliteConnection,
    now: i64,
    batch: &[Job<NewBody, ()>],
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for job in batch {
        let body = job.item();
        query(
            "INSERT INTO body (sender_id, document_id, digest, bytes, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(body.sender.as_uuid())
        .bind(body.document.as_uuid())
        .bind(body.digest.as_slice())
        .bind(body.bytes.as_slice())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await
}
