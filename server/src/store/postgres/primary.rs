//! Which of the servers is primary, and whether it still is.
//!
//! One connection asks again and again. When it is lost, or the server has become a follower, the hub says that it is
//! not ready, looks for the new primary, and turns its pools to it; connections to the former one are not used again.

use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::timeline::Seen;
use crate::store::sql::Newest;

/// How often the primary is asked whether it is there.
const INTERVAL: Duration = Duration::from_millis(250);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long connecting to one server may take.
const CONNECT_PATIENCE: Duration = Duration::from_secs(1);

/// A server that takes writes, with a connection to it.
#[derive(Debug)]
pub(super) struct Primary {
    /// Where it is.
    pub(super) options: PgConnectOptions,
    /// A connection outside every pool.
    pub(super) connection: PgConnection,
    /// How far its history has come.
    pub(super) timeline: i64,
}

impl Primary {
    /// Of the servers that say that they are primary, the one whose history has come farthest: a former primary that was
    /// started again does not hide the one that has taken its place.
    ///
    /// # Errors
    /// What each server said instead.
    pub(super) async fn find(servers: &[PgConnectOptions]) -> Result<Self, String> {
        let (mut best, mut said): (Option<Self>, _) = (None, Vec::new());
        for options in servers {
            let problem = match timeout(CONNECT_PATIENCE, connect(options)).await {
                Ok(Ok(Some(found))) => {
                    if best.as_ref().is_none_or(|best| best.timeline < found.timeline) {
                        best = Some(found);
                    }
                    continue;
                }
                Ok(Ok(None)) => "it only follows".to_owned(),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it does not answer in time".to_owned(),
            };
            said.push(format!(
                "{}:{}: {problem}",
                options.get_host(),
                options.get_port()
            ));
        }
        best.ok_or_else(|| said.join("; "))
    }

    /// Itself, if it keeps what it confirms, its history is no older than what was seen, and it has what this hub has
    /// answered last: a standby that had not heard of everything would bring back what has ended.
    async fn if_it_may_be(mut self, watched: &Watched) -> Option<Self> {
        let problem = match timeout(PATIENCE, self.standing(&watched.newest)).await {
            Ok(Ok(standing)) if !standing.keeps => "it has fsync turned off",
            Ok(Ok(standing)) if !standing.has_newest => {
                "it lacks what was answered; if nothing better is left, restart the hubs to go on with it"
            }
            Ok(Ok(_)) if self.timeline < watched.seen.newest() => "another server has taken its place",
            Ok(Ok(standing)) => {
                if !standing.waits {
                    tracing::warn!(
                        "the new primary waits for no standby: what it answers is lost if it is lost"
                    );
                }
                return Some(self);
            }
            Ok(Err(_)) | Err(_) => return None,
        };
        tracing::error!(
            host = self.options.get_host(),
            problem,
            "this server is no primary of this database"
        );
        None
    }

    async fn standing(&mut self, newest: &Newest) -> sqlx::Result<Standing> {
        Ok(Standing {
            keeps: keeps_what_it_confirms(&mut self.connection).await?,
            has_newest: has(&mut self.connection, newest).await?,
            waits: waits_for_standby(&mut self.connection).await?,
        })
    }
}

/// What a server says of itself.
struct Standing {
    keeps: bool,
    has_newest: bool,
    waits: bool,
}

async fn connect(options: &PgConnectOptions) -> sqlx::Result<Option<Primary>> {
    let mut connection = PgConnection::connect_with(options).await?;
    if !is_primary(&mut connection).await? {
        return Ok(None);
    }
    // The first eight digits of its log's file name: what the control file says comes late after a promotion.
    let timeline = sqlx::query_scalar(
        "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint",
    );
    Ok(Some(Primary {
        timeline: timeline.fetch_one(&mut connection).await?,
        options: options.clone(),
        connection,
    }))
}

/// Whether the server's disk has what it confirms.
pub(super) async fn keeps_what_it_confirms(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(connection).await?;
    Ok(fsync == "on")
}

/// Whether the server takes writes.
pub(super) async fn is_primary(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT NOT pg_is_in_recovery()")
        .fetch_one(connection)
        .await
}

/// Whether the server answers only when another one has what it answers too.
pub(super) async fn waits_for_standby(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let names: String = sqlx::query_scalar("SHOW synchronous_standby_names")
        .fetch_one(connection)
        .await?;
    Ok(!names.is_empty())
}

/// Whether the server has what this hub has answered last.
async fn has(connection: &mut PgConnection, newest: &Newest) -> sqlx::Result<bool> {
    let newest = *newest.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(newest) = newest else {
        return Ok(true);
    };
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM entry WHERE id = $1)")
        .bind(newest.as_uuid())
        .fetch_one(connection)
        .await
}

/// Since when connections are to this primary.
#[derive(Debug, Clone)]
pub(super) struct Switched(Arc<Mutex<Instant>>);

impl Switched {
    /// From now on.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Whether a connection of this age was made since.
    pub(super) fn is_since(&self, age: Duration) -> bool {
        let switched = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        age <= switched.elapsed()
    }
}

/// What follows the primary.
pub(super) struct Watched {
    pub(super) servers: Vec<PgConnectOptions>,
    pub(super) pools: Vec<PgPool>,
    pub(super) switched: Switched,
    pub(super) ready: watch::Sender<bool>,
    /// What a new primary must have.
    pub(super) newest: Newest,
    /// How far its history must have come.
    pub(super) seen: Seen,
}

impl Watched {
    /// Whoever may be primary now.
    async fn find(&self) -> Option<Primary> {
        let found = Primary::find(&self.servers)
            .await
            .ok()?
            .if_it_may_be(self)
            .await?;
        if let Err(error) = self.seen.keep(found.timeline) {
            tracing::warn!(%error, path = %self.seen.path().display(), "how far the database has come cannot be kept");
        }
        Some(found)
    }
}

/// Follows the primary until the pools are closed.
pub(super) async fn watch(watched: Watched, first: Primary) {
    let is_closed = || watched.pools.iter().all(PgPool::is_closed);
    let mut primary = first;
    while !is_closed() {
        stays(&mut primary.connection, &is_closed).await;
        if is_closed() {
            break;
        }
        watched.ready.send_replace(false);
        tracing::error!("the database's primary is gone; looking for it");
        primary = loop {
            if is_closed() {
                return;
            }
            if let Some(found) = watched.find().await {
                break found;
            }
            sleep(INTERVAL).await;
        };
        for pool in &watched.pools {
            pool.set_connect_options(primary.options.clone());
        }
        watched.switched.now();
        watched.ready.send_replace(true);
        tracing::info!(host = primary.options.get_host(), "the database is back");
    }
    // The pools are closed: there is nobody left to tell.
    let _ = primary.connection.close().await;
}

/// Returns when the server is no longer primary, or nobody asks any more.
async fn stays(connection: &mut PgConnection, is_closed: &impl Fn() -> bool) {
    loop {
        sleep(INTERVAL).await;
        if is_closed() {
            return;
        }
        match timeout(PATIENCE, is_primary(connection)).await {
            Ok(Ok(true)) => {}
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_older_than_the_switch_are_not_used() {
        let a_second_ago = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
        let switched = Switched(Arc::new(Mutex::new(a_second_ago)));
        assert!(switched.is_since(Duration::from_millis(900)));
        assert!(!switched.is_since(Duration::from_hours(1)));
        switched.now();
        assert!(!switched.is_since(Duration::from_millis(900)));
    }
}
