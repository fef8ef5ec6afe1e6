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
    /// Every server that says that it is primary, the one whose history has come farthest first: a former primary that was
    /// started again does not hide the one that has taken its place. With what each other one said instead.
    pub(super) async fn find_all(servers: &[PgConnectOptions]) -> (Vec<Self>, Vec<String>) {
        let (mut found, mut said) = (Vec::new(), Vec::new());
        for options in servers {
            let problem = match timeout(CONNECT_PATIENCE, connect(options)).await {
                Ok(Ok(Some(primary))) => {
                    found.push(primary);
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
        found.sort_by_key(|primary| core::cmp::Reverse(primary.timeline));
        (found, said)
    }

    /// What keeps it from being this database's primary: it does not keep what it confirms, its history is older than what
    /// was seen, or it lacks what this hub has answered last (a standby that had not heard of everything would bring back what
    /// has ended).
    async fn problem(&mut self, watched: &Watched) -> Option<String> {
        let seen = watched.seen.newest();
        match timeout(PATIENCE, self.standing(&watched.newest)).await {
            Ok(Ok(standing)) if !standing.keeps => Some("it has fsync turned off; turn it on".to_owned()),
            Ok(Ok(_)) if self.timeline < seen => Some(format!(
                "it is a former primary, of timeline {} where {seen} was seen; after a restore or an upgrade of PostgreSQL, remove {} \
                 and restart the hub",
                self.timeline,
                watched.seen.path().display()
            )),
            Ok(Ok(standing)) if !standing.has_newest => Some(
                "it lacks what was answered; if nothing better is left, restart the hubs to go on with it"
                    .to_owned(),
            ),
            Ok(Ok(standing)) => {
                if !standing.waits {
                    tracing::warn!(
                        "the new primary waits for no standby: what it answers is lost if it is lost"
                    );
                }
                None
            }
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("it does not answer in time".to_owned()),
        }
    }

    async fn standing(&mut self, newest: &Newest) -> sqlx::Result<Standing> {
        Ok(Standing {
            keeps: keeps_what_it_confirms(&mut self.connection).await?,
            has_newest: has(&mut self.connection, newest).await?,
            // Only said; it keeps nobody from being primary.
            waits: waits_for_standby(&mut self.connection).await.unwrap_or(true),
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
    Ok(Some(Primary {
        timeline: timeline(&mut connection).await?,
        options: options.clone(),
        connection,
    }))
}

/// How far a primary's history has come: the first eight digits of its log's file name. What the control file says comes
/// late after a promotion.
pub(super) async fn timeline(connection: &mut PgConnection) -> sqlx::Result<i64> {
    let timeline = sqlx::query_scalar(
        "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint",
    );
    timeline.fetch_one(connection).await
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
    /// Whoever may be primary now; of several the one whose history has come farthest. What keeps the others from it is
    /// logged once, as long as it is the same.
    async fn find(&self, told: &mut Vec<String>) -> Option<Primary> {
        let mut problems = Vec::new();
        for mut primary in Primary::find_all(&self.servers).await.0 {
            let Some(problem) = primary.problem(self).await else {
                if let Err(error) = self.seen.keep(primary.timeline) {
                    let path = self.seen.path().display();
                    tracing::warn!(%error, %path, "how far the database has come cannot be kept");
                }
                return Some(primary);
            };
            problems.push(format!("{}: {problem}", primary.options.get_host()));
        }
        if problems != *told {
            for problem in &problems {
                tracing::error!("no primary of this database: {problem}");
            }
            *told = problems;
        }
        None
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
        let mut told = Vec::new();
        primary = loop {
            if is_closed() {
                return;
            }
            if let Some(found) = watched.find(&mut told).await {
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
