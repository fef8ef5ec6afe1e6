//! The embedded engine: one SQLite file, WAL, `synchronous=FULL`.
//!
//! `hub.db` holds everything; `store.key`, beside it, seals personal data.

mod former;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::watch;

use super::clock::Clock;
use super::key::{self, KeyError};
use super::sql::statement::Pool;
use super::sql::{Pools, Signals, SqlStore};

static HUB: Migrator = sqlx::migrate!("./migrations");

/// Connections that read at once.
const READERS: u32 = 4;
/// Pages of the log before it is copied into the database: 16 MiB, so that a page which changes often is copied once
/// for many changes.
const WAL_PAGES: &str = "4096";
/// What the writing connection keeps in memory, in KiB: the bodies that pass through shall not push the indexes out.
const WRITER_CACHE: &str = "-32768";
/// How long a connection waits for a lock before it gives up, where nothing else is said.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The key beside the database.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database cannot be opened.
    #[error("{}: {source}", path.display())]
    Database {
        /// Which.
        path: PathBuf,
        /// What it said.
        source: sqlx::Error,
    },
    /// The schema is newer than this program.
    #[error("{}: was written by a newer samrum-hub; start that version, or a newer one", path.display())]
    Newer {
        /// Which.
        path: PathBuf,
    },
    /// The schema is not one that this program knows.
    #[error("{}: {source}", path.display())]
    Schema {
        /// Which.
        path: PathBuf,
        /// What is unknown.
        source: MigrateError,
    },
}

/// Whether the folder holds a database already.
#[must_use]
pub fn exists(folder: &Path) -> bool {
    folder.join("hub.db").exists()
}

/// Opens the folder, making what is missing, and brings the schema up to date.
///
/// # Errors
/// [`OpenError`] with the file and what to do.
pub async fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<SqlStore, OpenError> {
    open_waiting(folder, clock, BUSY_TIMEOUT).await
}

/// The same, where a connection waits so long for a lock before it gives up.
///
/// # Errors
/// As [`open`].
pub async fn open_waiting(
    folder: &Path,
    clock: Arc<dyn Clock>,
    busy_timeout: Duration,
) -> Result<SqlStore, OpenError> {
    let hub = folder.join("hub.db");
    let vault = Arc::new(key::vault(folder, !exists(folder))?);
    let writing = options(&hub, busy_timeout).pragma("cache_size", WRITER_CACHE);
    let writer = pool_of(writing, 1, &hub).await?;
    migrate(&HUB, &writer, &hub).await?;
    former::bring_in(folder, &writer).await?;
    let readers = pool_of(options(&hub, busy_timeout), READERS, &hub).await?;
    let pools = Pools {
        readers: Pool::Sqlite(readers),
        writer: Pool::Sqlite(writer),
        ahead: None,
    };
    key::probe(&pools.writer, &vault, folder).await?;
    let signals = Signals {
        committed: watch::Sender::new(0),
        ready: watch::Sender::new(true),
        newest: Arc::default(),
        server_time: Arc::default(),
    };
    Ok(SqlStore::on(pools, vault, clock, signals))
}

fn options(path: &Path, busy_timeout: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(busy_timeout)
        // What a savepoint may have to undo stays in memory: nothing of it must survive.
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", WAL_PAGES)
}

async fn pool_of(
    options: SqliteConnectOptions,
    connections: u32,
    path: &Path,
) -> Result<SqlitePool, OpenError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        // A file does not go away between two statements; asking would cost as much as a statement.
        .test_before_acquire(false)
        .connect_with(options)
        .await;
    pool.map_err(|source| OpenError::Database {
        path: path.to_owned(),
        source,
    })
}

async fn migrate(migrator: &Migrator, pool: &SqlitePool, path: &Path) -> Result<(), OpenError> {
    let outcome = migrator.run(pool).await;
    outcome.map_err(|source| match source {
        MigrateError::VersionMissing(_) => OpenError::Newer {
            path: path.to_owned(),
        },
        source => OpenError::Schema {
            path: path.to_owned(),
            source,
        },
    })
}

#[cfg(test)]
mod tests;
