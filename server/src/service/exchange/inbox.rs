//! The inbox: opaque ids and sizes, from a cursor on. That something waits is told; nothing of what.

use samrum_consent::id::UnitId;
use samrum_proto::convert::Problem;

use crate::service::{Hub, Result};
use crate::store::InboxEvent;

/// Events told at once.
const BATCH: u32 = 100;

impl Hub {
    /// What an inbox is told after a cursor, in order.
    ///
    /// # Errors
    /// A cursor that is none.
    pub async fn inbox(&self, recipient: UnitId, cursor: &[u8]) -> Result<Vec<InboxEvent>> {
        let after = match cursor {
            [] => 0,
            cursor => position(cursor)
                .ok_or_else(|| Problem::Other("is not from this inbox; begin without one").of("cursor"))?,
        };
        Ok(self.store.inbox(recipient, after, BATCH).await?)
    }

    /// What all inboxes are told after a position, in order, each with whose it is.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn inboxes(&self, after: i64) -> Result<Vec<(UnitId, InboxEvent)>> {
        Ok(self.store.inboxes(after, BATCH).await?)
    }

    /// The position of the newest that any inbox is told.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn inboxes_end(&self) -> Result<i64> {
        Ok(self.store.inboxes_end().await?)
    }

    /// The cursor behind this position.
    #[must_use]
    pub fn cursor(position: i64) -> Vec<u8> {
        position.to_be_bytes().to_vec()
    }
}

/// The position behind which a cursor is; cursors have the order of their positions, and none is before the first.
fn position(cursor: &[u8]) -> Option<i64> {
    let position = i64::from_be_bytes(cursor.try_into().ok()?);
    (position >= 0).then_some(position)
}
