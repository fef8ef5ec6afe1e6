//! Waking whoever waits, when any hub commits: by notification, and by looking, should one be lost.

use core::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::time::sleep;

/// The channel that every commit notifies.
const CHANNEL: &str = "samrum_committed";
/// How often the newest entry is looked up, whether or not anything was heard.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long to wait before listening again.
const PAUSE: Duration = Duration::from_millis(250);

/// Counts commits of all hubs until the pool is closed.
pub(super) async fn listen(pool: PgPool, committed: watch::Sender<u64>) {
    let mut newest = None;
    while !pool.is_closed() {
        if let Err(error) = hear(&pool, &committed, &mut newest).await {
            tracing::debug!(%error, "not listening for commits; trying again");
        }
        sleep(PAUSE).await;
    }
}

/// Listens until the connection is lost.
async fn hear(pool: &PgPool, committed: &watch::Sender<u64>, newest: &mut Option<i64>) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        tokio::select! {
            heard = listener.try_recv() => match heard? {
                Some(_) => tell(committed),
                // The connection was lost, and what was notified meanwhile with it.
                None => {
                    tell(committed);
                    return Ok(());
                }
            },
            () = sleep(INTERVAL) => {
                let now: Option<i64> = sqlx::query_scalar("SELECT max(arrival) FROM entry").fetch_one(pool).await?;
                if now != *newest {
                    *newest = now;
                    tell(committed);
                }
            }
        }
    }
}

fn tell(committed: &watch::Sender<u64>) {
    committed.send_modify(|count| *count = count.wrapping_add(1));
}
