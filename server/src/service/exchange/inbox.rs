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
            cursor => {
                let bytes = cursor
                    .try_into()
                    .map_err(|_| Problem::Other("is not from this inbox; begin without one").of("cursor"))?;
                i64::from_be_bytes(bytes)
            }
        };
        Ok(self.store.inbox(recipient, after, BATCH).await?)
    }

    /// The cursor behind this position.
    #[must_use]
    pub fn cursor(position: i64) -> Vec<u8> {
        position.to_be_bytes().to_vec()
    }
}
