//! Sealed bodies in their own file: durable before the change that names them, many in one transaction.
//!
//! A body that no change came to name does no harm: nothing leads to it.

use std::sync::Arc;

use super::insert::Insert;
use super::session::Session;
use super::statement::Pool;
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
    pub(super) fn start(bodies: Pool, clock: Arc<dyn Clock>) -> Self {
        let (queue, batches) = queue();
        tokio::spawn(work(bodies, clock, batches));
        Self { queue }
    }

    /// Keeps a body. The same once more changes nothing.
    pub(super) async fn put(&self, lane: Lane, body: NewBody) -> Result<()> {
        self.queue.ask(lane, body).await
    }
}

async fn work(bodies: Pool, clock: Arc<dyn Clock>, mut batches: Batches<NewBody, ()>) {
    while let Some(batch) = batches.next().await {
        let outcome = put(&bodies, clock.now().as_microsecond(), &batch).await;
        let failed = outcome.err().map(Arc::new);
        for job in batch {
            job.answer(match &failed {
                None => Ok(()),
                Some(error) => Err(StoreError::Unavailable(Box::new(error.clone()))),
            });
        }
    }
}

async fn put(bodies: &Pool, now: i64, batch: &[Job<NewBody, ()>]) -> Result<()> {
    let mut session = Session::acquire(bodies).await?;
    session.begin_beside().await?;
    let mut rows = Insert::into_if_absent("body (sender_id, document_id, digest, bytes, created_at)");
    for body in batch.iter().map(Job::item) {
        rows.push([
            body.sender.as_uuid().into(),
            body.document.as_uuid().into(),
            body.digest.as_slice().into(),
            body.bytes.as_slice().into(),
            now.into(),
        ]);
    }
    rows.run(&mut session).await?;
    session.commit_beside().await
}
