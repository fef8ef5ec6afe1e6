//! PostgreSQL: several hubs on one database, which may itself be several servers of which one is primary.
//!
//! The keys lie beside each hub, not in the database. Writers of all hubs take turns; whoever waits is woken by
//! `NOTIFY` and, beneath that, looks by itself. Which server is primary is found out, and found out again.

mod primary;
mod timeline;
mod wake;

use core::net::IpAddr;
use core::str::FromStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{PgConnection, PgPool, raw_sql};
use tokio::sync::watch;

use super::clock::SystemClock;
use super::key::{self, KeyError};
use super::sql::statement::Pool;
use super::sql::{Pools, Signals, SqlStore};
use primary::{Primary, Switched};
use timeline::Seen;

static SCHEMA: Migrator = sqlx::migrate!("./migrations/postgres");

/// Connections that read facts at once.
const READERS: u32 = 8;
/// Connections that write bodies at once.
const BODIES: u32 = 4;
/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// What every connection of the hub is told. A hub that is stopped in the middle of a transaction holds up all others:
/// the server ends that transaction soon. Answers wait for the disk, and for the standby where there is one, whatever
/// the server's default is. No `statement_timeout`: a commit that waits for the standby and is cancelled there would
/// be answered with success.
const SETTINGS: &str = "
    SET idle_in_transaction_session_timeout = '2s';
    SET lock_timeout = '5s';
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')";

/// Where a server of the database is: `postgres://user@host:port/database?...`, without a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server(String);

/// Why an address of a server is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ServerError {
    /// It is no address of a PostgreSQL server.
    #[error("must look like postgres://user@host:5432/database")]
    Malformed,
    /// It holds a password, which would be seen in lists of processes and in copies of the configuration.
    #[error(
        "must not hold a password; write it into the file that PGPASSFILE names, or use a client certificate"
    )]
    Password,
    /// Whoever stands between could read and change what the hub reads.
    #[error(
        "is not on this machine: add sslmode=verify-full and sslrootcert=..., so that nobody stands between"
    )]
    Unprotected,
}

impl FromStr for Server {
    type Err = ServerError;

    fn from_str(address: &str) -> Result<Self, ServerError> {
        let rest = address
            .strip_prefix("postgres://")
            .or_else(|| address.strip_prefix("postgresql://"))
            .ok_or(ServerError::Malformed)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        if user.contains(':') || address.contains("password=") {
            return Err(ServerError::Password);
        }
        PgConnectOptions::from_str(address).map_err(|_| ServerError::Malformed)?;
        Ok(Self(address.to_owned()))
    }
}

impl Server {
    /// Refuses a way to the server that others could listen in on or stand in.
    ///
    /// # Errors
    /// [`ServerError::Unprotected`].
    pub fn refuse_unprotected(&self) -> Result<(), ServerError> {
        let options = self.options().map_err(|_| ServerError::Malformed)?;
        let host = options.get_host();
        let is_here = options.get_socket().is_some()
            || host.starts_with('/')
            || host == "localhost"
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if is_here || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
            Ok(())
        } else {
            Err(ServerError::Unprotected)
        }
    }

    fn options(&self) -> sqlx::Result<PgConnectOptions> {
        Ok(PgConnectOptions::from_str(&self.0)?.application_name("samrum-hub"))
    }
}

/// Why the database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No server is there, or none is primary.
    #[error("none of the database's servers answers as primary: {0}")]
    NoPrimary(String),
    /// The server does not keep what it confirms.
    #[error("the database has fsync turned off: what it confirms can be lost; turn it on")]
    Unsafe,
    /// Several servers, and the primary answers before another one has what it answers.
    #[error(
        "there are several servers, but the primary waits for none of them: what it has answered would be lost with it; \
         set synchronous_standby_names"
    )]
    NoStandby,
    /// Another server has taken its place before.
    #[error(
        "the only primary that answers is a former one: its history ends at timeline {found}, and this hub has seen \
         {seen}; start the server that took its place. After a restore or an upgrade of PostgreSQL, and to go on with this \
         one without what was answered since, remove {} on every hub",
        path.display()
    )]
    Former {
        /// How far its history has come.
        found: i64,
        /// How far it had come when a primary was last seen.
        seen: i64,
        /// Where that is kept.
        path: PathBuf,
    },
    /// How far the database had come cannot be read or kept.
    #[error("{}, where it is kept how far the database has come: {source}", path.display())]
    Timeline {
        /// Where it is kept.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The schema is newer than this program.
    #[error("the database was written by a newer samrum-hub; start that version, or a newer one")]
    Newer,
    /// The schema is not one that this program knows.
    #[error("the database's schema: {0}")]
    Schema(MigrateError),
    /// The key beside the hub.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
}

/// Opens the database at whichever of these servers is primary, and brings the schema up to date. The key lies in
/// `keys`.
///
/// # Errors
/// [`OpenError`], with what to do.
pub async fn open(servers: &[Server], keys: &Path) -> Result<SqlStore, OpenError> {
    let servers: Vec<PgConnectOptions> = servers.iter().map(Server::options).collect::<sqlx::Result<_>>()?;
    let (found, said) = Primary::find_all(&servers).await;
    let primary = found.into_iter().next();
    let mut primary = primary.ok_or_else(|| OpenError::NoPrimary(said.join("; ")))?;
    if !primary::keeps_what_it_confirms(&mut primary.connection).await? {
        return Err(OpenError::Unsafe);
    }
    let seen = seen(keys, primary.timeline)?;
    if servers.len() > 1 && !primary::waits_for_standby(&mut primary.connection).await? {
        return Err(OpenError::NoStandby);
    }
    let switched = Switched::new();
    let pool = |connections| pool(primary.options.clone(), connections, (&switched, &seen));
    let (readers, writer, bodies) = (pool(READERS), pool(1), pool(BODIES));
    SCHEMA.run(&writer).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => OpenError::Newer,
        error => OpenError::Schema(error),
    })?;
    let pools = Pools {
        readers: Pool::Postgres(readers.clone()),
        writer: Pool::Postgres(writer.clone()),
        ahead: Some(Pool::Postgres(bodies.clone())),
    };
    let is_new = !key::is_probed(&pools.writer).await.map_err(KeyError::from)?;
    let vault = Arc::new(key::vault(keys, is_new)?);
    key::probe(&pools.writer, &vault, keys).await?;
    let signals = Signals {
        committed: watch::Sender::new(0),
        ready: watch::Sender::new(true),
        newest: Arc::default(),
        server_time: Arc::default(),
    };
    tokio::spawn(wake::listen(readers.clone(), signals.committed.clone()));
    let watched = primary::Watched {
        servers,
        pools: vec![readers, writer, bodies],
        switched,
        ready: signals.ready.clone(),
        newest: signals.newest.clone(),
        seen,
    };
    tokio::spawn(primary::watch(watched, primary));
    Ok(SqlStore::on(pools, vault, Arc::new(SystemClock), signals))
}

/// How far the database has come by now; refused where it had come farther before.
fn seen(keys: &Path, found: i64) -> Result<Seen, OpenError> {
    let failed = |source| OpenError::Timeline {
        path: keys.join(timeline::FILE),
        source,
    };
    let seen = Seen::kept_in(keys).map_err(failed)?;
    if found < seen.newest() {
        return Err(OpenError::Former {
            found,
            seen: seen.newest(),
            path: seen.path().to_owned(),
        });
    }
    seen.keep(found).map_err(failed)?;
    Ok(seen)
}

/// Connections to the primary, each made and told its settings when it is first wanted.
fn pool(primary: PgConnectOptions, connections: u32, (switched, seen): (&Switched, &Seen)) -> PgPool {
    let (switched, seen) = (switched.clone(), seen.clone());
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // Asked on every use, this would cost a round trip; what belongs to a lost server is known without.
        .test_before_acquire(false)
        .before_acquire(move |_, about| {
            let is_of_this_primary = switched.is_since(about.age);
            Box::pin(async move { Ok(is_of_this_primary) })
        })
        .after_connect(move |connection, _| {
            let seen = seen.newest();
            Box::pin(settle(connection, seen))
        })
        .connect_lazy_with(primary)
}

/// An address may have come to mean another server since: a follower, or one whose place another has taken.
async fn settle(connection: &mut PgConnection, seen: i64) -> sqlx::Result<()> {
    raw_sql(SETTINGS).execute(&mut *connection).await?;
    let problem = if !primary::is_primary(connection).await? {
        "this server only follows"
    } else if primary::timeline(connection).await? < seen {
        "this server is a former primary"
    } else {
        return Ok(());
    };
    Err(sqlx::Error::Configuration(problem.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_server_and_no_password() {
        let parsed = |address: &str| address.parse::<Server>().map(drop);
        assert_eq!(parsed("postgres://hub@db.example.org:5432/samrum"), Ok(()));
        assert_eq!(parsed("postgresql:///samrum?host=/run/postgresql"), Ok(()));
        assert_eq!(parsed("mysql://hub@db/samrum"), Err(ServerError::Malformed));
        assert_eq!(
            parsed("postgres://hub:secret@db/samrum"),
            Err(ServerError::Password)
        );
        assert_eq!(
            parsed("postgres://hub@db/samrum?password=secret"),
            Err(ServerError::Password)
        );
    }

    #[test]
    fn a_server_elsewhere_is_reached_only_where_it_proves_who_it_is() {
        let refused = |address: &str| address.parse::<Server>().unwrap().refuse_unprotected();
        for here in [
            "postgres://hub@localhost/samrum",
            "postgres://hub@127.0.0.1:5432/samrum",
            "postgres:///samrum?host=/run/postgresql",
            "postgres://hub@db.example.org/samrum?sslmode=verify-full",
        ] {
            assert_eq!(refused(here), Ok(()), "{here}");
        }
        for open in ["", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca"] {
            let address = format!("postgres://hub@db.example.org/samrum{open}");
            assert_eq!(refused(&address), Err(ServerError::Unprotected), "{address}");
        }
    }
}
