//! Sealed bodies, in the transaction of the document that names them; where many hubs share a database, ahead of it.
//!
//! All hubs of a PostgreSQL database wait for one writer's turn, and bodies are most of what a send writes: there they are
//! durable before the transaction that names them begins, on connections of their own, many in one statement. One that no
//! change came to name does no harm: nothing leads to it. The embedded engine has one writer and one sync in any case.

use futures_util::future::try_join_all;

use super::insert::Insert;
use super::session::Session;
use super::statement::{Pool, Value};
use crate::store::change::{Change, Write};
use crate::store::queue::{Batches, Job, Lane, Queue, queue};
use crate::store::{Document, Result, StoreError};

/// No bodies yet. The same once more changes nothing.
pub(super) const fn rows<'a>() -> Insert<'a, 5> {
    Insert::into_if_absent("body (sender_id, document_id, digest, bytes, created_at)")
}

/// One of them.
pub(super) fn row<'a>(document: &'a Document, body: &'a [u8], at: i64) -> [Value<'a>; 5] {
    [
        document.sender.as_uuid().into(),
        document.id.as_uuid().into(),
        document.digest.as_slice().into(),
        body.into(),
        at.into(),
    ]
}

/// The one writer of bodies, with those who wait for it.
#[derive(Debug)]
pub(super) struct BodiesAhead {
    queue: Queue<Ahead, ()>,
}

/// A body that is written ahead.
#[derive(Debug)]
struct Ahead {
    document: Document,
    body: Vec<u8>,
    at: i64,
}

impl BodiesAhead {
    /// Starts the writer; it ends when the last caller has gone.
    pub(super) fn start(pool: Pool) -> Self {
        let (queue, batches) = queue();
        tokio::spawn(work(pool, batches));
        Self { queue }
    }

    /// Keeps the bodies of a change and takes them out of it. They are durable when this returns.
    pub(super) async fn write(&self, lane: Lane, change: &mut Change) -> Result<()> {
        let ahead = change.writes.iter_mut().filter_map(|write| match write {
            Write::Document { document, body, at } => Some(Ahead {
                document: document.clone(),
                body: std::mem::take(body),
                at: at.as_microsecond(),
            }),
            _ => None,
        });
        try_join_all(ahead.map(|body| self.queue.ask(lane, body)))
            .await
            .map(drop)
    }
}

async fn work(pool: Pool, mut batches: Batches<Ahead, ()>) {
    while let Some(batch) = batches.next().await {
        let outcome = put(&pool, &batch).await;
        let failed = outcome.err().map(std::sync::Arc::new);
        for job in batch {
            job.answer(match &failed {
                None => Ok(()),
                Some(error) => Err(StoreError::Unavailable(Box::new(error.clone()))),
            });
        }
    }
}

async fn put(pool: &Pool, batch: &[Job<Ahead, ()>]) -> Result<()> {
    let mut session = Session::acquire(pool).await?;
    let mut bodies = rows();
    let mut batch: Vec<&Ahead> = batch.iter().map(Job::item).collect();
    // In one order on every hub, so that no two of them wait for each other's rows.
    batch.sort_by_key(|ahead| (ahead.document.sender, ahead.document.id, ahead.document.digest));
    for Ahead { document, body, at } in batch {
        bodies.push(row(document, body, *at));
    }
    // Each statement is a transaction: durable when it has returned.
    bodies.run(&mut session).await
}
