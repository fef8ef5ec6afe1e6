//! Tasks that one hub does for all of them.
//!
//! A lease runs out by the server's time unless its holder says that it is still there. Its epoch grows with every
//! change of holder: a hub that was stopped, goes on, and thinks it still has the task is refused by what fences it
//! (the ledger by size and epoch, everything else by what the change expects).

use core::time::Duration;

use uuid::Uuid;

use super::row::{count, damaged};
use super::session::Session;
use super::statement::{Pool, query};
use crate::store::Result;
use crate::store::clock::Clock;

/// Takes or keeps the lease; none while another has it.
pub(super) async fn take(
    writer: &Pool,
    clock: &dyn Clock,
    (task, holder): (&'static str, Uuid),
    period: Duration,
) -> Result<Option<u64>> {
    let mut session = Session::acquire(writer).await?;
    let now = session.begin(clock).await?.as_microsecond();
    let period = i64::try_from(period.as_micros()).map_err(|_| damaged("lease"))?;
    let row = query(
        "INSERT INTO lease (name, holder, epoch, until) VALUES ($1, $2, 1, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
            epoch = lease.epoch + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END
         WHERE lease.holder = excluded.holder OR lease.until <= $4
         RETURNING epoch",
    )
    .bind(task)
    .bind(holder)
    .bind(now.saturating_add(period))
    .bind(now)
    .fetch_optional(&mut session)
    .await?;
    session.commit_beside().await?;
    row.as_ref().map(|row| count(row, "epoch")).transpose()
}
