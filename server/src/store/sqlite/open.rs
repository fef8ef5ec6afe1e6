//! Opening a folder: files, pragmas, migrations, key.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use sqlx::SqlitePool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use zeroize::Zeroizing;

use super::SqliteStore;
use super::bodies::BodyWriter;
use super::committer::Committer;
use crate::store::clock::Clock;
use crate::store::vault::{KEY_LEN, Vault};
use crate::store::{Result, StoreError};

static HUB: Migrator = sqlx::migrate!("./migrations");
static BODIES: Migrator = sqlx::migrate!("./migrations/bodies");

/// Connections that read at once.
const READERS: u32 = 4;
/// How long a connection waits for a lock before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it.
    #[error("{}: {source}; is the folder there and writable?", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The key file has the wrong size.
    #[error("{}: must be {KEY_LEN} bytes; restore it from where you keep a copy", path.display())]
    Key {
        /// Which.
        path: PathBuf,
    },
    /// The database is there without its key.
    #[error("{}: missing, though there is a database; without it no name can be read. Restore it", path.display())]
    KeyLost {
        /// Which.
        path: PathBuf,
    },
    /// The database cannot be opened.
    #[error("{}: {source}", path.display())]
    Database {
        /// Which.
        path: PathBuf,
        /// What it said.
        source: sqlx::Error,
    },
    /// The schema is not one that this program knows.
    #[error("{}: {source}", path.display())]
    Schema {
        /// Which.
        path: PathBuf,
        /// What is unknown.
        source: MigrateError,
    },
    /// The key cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SqliteStore {
    /// Opens the folder, making what is missing, and brings the schema up to date.
    ///
    /// # Errors
    /// [`OpenError`] with the file and what to do.
    pub async fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let (hub, bodies) = (folder.join("hub.db"), folder.join("bodies.db"));
        let key = key(&folder.join("store.key"), hub.exists())?;
        let vault = Arc::new(Vault::new(&key)?);
        let writer = pool(&hub, 1).await?;
        migrate(&HUB, &writer, &hub).await?;
        let body_pool = pool(&bodies, 1).await?;
        migrate(&BODIES, &body_pool, &bodies).await?;
        let readers = pool(&hub, READERS).await?;
        Ok(Self {
            readers,
            committer: Arc::new(Committer::start(writer.clone(), vault.clone())),
            writer,
            body_writer: Arc::new(BodyWriter::start(body_pool.clone(), clock.clone())),
            bodies: body_pool,
            vault,
            clock,
        })
    }

    /// Closes every connection; what was committed is on disk.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        self.bodies.close().await;
    }
}

async fn pool(path: &Path, connections: u32) -> Result<SqlitePool, OpenError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT);
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .connect_with(options)
        .await;
    pool.map_err(|source| OpenError::Database {
        path: path.to_owned(),
        source,
    })
}

async fn migrate(migrator: &Migrator, pool: &SqlitePool, path: &Path) -> Result<(), OpenError> {
    let outcome = migrator.run(pool).await;
    outcome.map_err(|source| OpenError::Schema {
        path: path.to_owned(),
        source,
    })
}

/// The key beside the database; a new hub makes one.
fn key(path: &Path, database_exists: bool) -> Result<Zeroizing<[u8; KEY_LEN]>, OpenError> {
    let file_error = |source| OpenError::File {
        path: path.to_owned(),
        source,
    };
    let mut key = Zeroizing::new([0; KEY_LEN]);
    match OpenOptions::new().read(true).open(path) {
        Ok(mut file) => {
            let mut bytes = Zeroizing::new(Vec::new());
            file.read_to_end(&mut bytes).map_err(file_error)?;
            if bytes.len() != KEY_LEN {
                return Err(OpenError::Key {
                    path: path.to_owned(),
                });
            }
            key.copy_from_slice(&bytes);
        }
        Err(missing) if missing.kind() == io::ErrorKind::NotFound && !database_exists => {
            let random = SystemRandom::new();
            random
                .fill(&mut *key)
                .map_err(|_| file_error(io::Error::other("no randomness")))?;
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .map_err(file_error)?;
            file.write_all(&*key)
                .and_then(|()| file.sync_all())
                .map_err(file_error)?;
        }
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::KeyLost {
                path: path.to_owned(),
            });
        }
        Err(source) => return Err(file_error(source)),
    }
    Ok(key)
}

#[cfg(test)]
mod tests;
