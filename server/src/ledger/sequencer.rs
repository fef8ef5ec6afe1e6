//! The one sequencer: gives entries their places, signs the checkpoint, within the maximum merge delay.
//!
//! Fenced by compare-and-swap on size and epoch, so that a second one can do no harm. The checkpoint is
//! persisted before anybody can see it.

use core::time::Duration;

use samrum_proto::ledger::{
    CheckpointError, Frontier, FrontierError, LogKey, NodeHash, TreeHead, sign_checkpoint,
};
use tokio::sync::watch;

use crate::store::{Sequenced, Store, StoreError};

/// The longest time between a ticket and its receipt while the hub is healthy.
pub const MAXIMUM_MERGE_DELAY: Duration = Duration::from_secs(1);
/// Entries that one checkpoint adds at most.
const BATCH: u32 = 1_000;

/// Why the log could not be extended.
#[derive(Debug, thiserror::Error)]
pub enum SequenceError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored nodes are no tree.
    #[error(transparent)]
    Frontier(#[from] FrontierError),
    /// The checkpoint cannot be signed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Extends the log by what waits, as the sequencer of this epoch; answers how many entries got their place.
///
/// # Errors
/// [`SequenceError`]; nothing was changed then.
pub async fn extend(store: &dyn Store, log: &LogKey, epoch: u64) -> Result<usize, SequenceError> {
    let waiting = store.unsequenced(BATCH).await?;
    let standing = store.checkpoint().await?;
    if waiting.is_empty() && standing.is_some() {
        return Ok(0);
    }
    let (from_size, _, _) = standing.unwrap_or((0, 0, Vec::new()));
    let mut frontier = restore(store, from_size).await?;
    let mut nodes = Vec::new();
    let mut places = Vec::with_capacity(waiting.len());
    for (entry, leaf_hash) in waiting {
        places.push((entry, frontier.size()));
        let new = frontier.append(NodeHash::from_bytes(leaf_hash));
        nodes.extend(
            new.into_iter()
                .map(|node| (node.id.level, node.id.index, *node.hash.as_bytes())),
        );
    }
    let head = TreeHead {
        size: frontier.size(),
        root: frontier.root(),
    };
    let note = sign_checkpoint(log, head)?.into_bytes();
    let at = store.now().await?;
    let count = places.len();
    store
        .sequence(Sequenced {
            from_size,
            epoch,
            places,
            nodes,
            size: head.size,
            note,
            at,
        })
        .await?;
    Ok(count)
}

async fn restore(store: &dyn Store, size: u64) -> Result<Frontier, SequenceError> {
    let mut subtrees = Vec::new();
    for id in Frontier::node_ids(size) {
        let hash = store
            .node(id.level, id.index)
            .await?
            .ok_or(StoreError::Damaged { what: "log node" })?;
        subtrees.push(NodeHash::from_bytes(hash));
    }
    Ok(Frontier::restore(size, subtrees)?)
}

/// Extends the log every `interval`, while this hub has the lease and until `stop`: one checkpoint for all that came
/// in between.
pub async fn run(
    store: &dyn Store,
    log: &LogKey,
    interval: Duration,
    held: watch::Receiver<Option<u64>>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let epoch = *held.borrow();
        if let Some(epoch) = epoch {
            match extend(store, log, epoch).await {
                Ok(count) if count >= BATCH as usize => continue,
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "the log could not be extended; trying again"),
            }
        }
        tokio::select! {
            _ = tokio::time::sleep(interval) => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    // Whatever was acknowledged gets its place before the hub leaves.
    let epoch = *held.borrow();
    if let Some(epoch) = epoch
        && let Err(error) = extend(store, log, epoch).await
    {
        tracing::error!(%error, "the last entries wait for the next start to get their place");
    }
}
