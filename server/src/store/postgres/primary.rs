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
}

impl Primary {
    /// The first of the servers that is primary.
    ///
    /// # Errors
    /// What each server said instead.
    pub(super) async fn find(servers: &[PgConnectOptions]) -> Result<Self, String> {
        let mut said = Vec::new();
        for options in servers {
            let found = timeout(CONNECT_PATIENCE, connect(options)).await;
            let problem = match found {
                Ok(Ok(Some(connection))) => {
                    return Ok(Self {
                        options: options.clone(),
                        connection,
                    });
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
        Err(said.join("; "))
    }
}

impl Primary {
    /// Itself, if it has what this hub has answered last. A former primary that was started again, or a standby that had
    /// not heard of everything, would bring back what has ended.
    async fn if_it_has(mut self, newest: &Newest) -> Option<Self> {
        match timeout(PATIENCE, has(&mut self.connection, newest)).await {
            Ok(Ok(true)) => {
                if let Ok(Ok(false)) = timeout(PATIENCE, waits_for_standby(&mut self.connection)).await {
                    tracing::warn!(
                        "the new primary waits for no standby: what it answers is lost if it is lost"
                    );
                }
                Some(self)
            }
            Ok(Ok(false)) => {
                tracing::error!(
                    host = self.options.get_host(),
                    "this server lacks what was answered: it is no primary of this database; if nothing better is left, \
                     restart the hubs to go on with it"
                );
                None
            }
            _ => None,
        }
    }
}

async fn connect(options: &PgConnectOptions) -> sqlx::Result<Option<PgConnection>> {
    let mut connection = PgConnection::connect_with(options).await?;
    Ok(is_primary(&mut connection).await?.then_some(connection))
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
}

impl Watched {
    /// The first of the servers that is primary and has what this hub has answered last. A former primary that was started
    /// again does not hide the one that has taken its place.
    async fn find(&self) -> Option<Primary> {
        for server in &self.servers {
            if let Ok(found) = Primary::find(core::slice::from_ref(server)).await
                && let Some(found) = found.if_it_has(&self.newest).await
            {
                return Some(found);
            }
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
