//! The side under test: a hub's files, its TLS configuration and its open port.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use samrum_certs::{DevelopmentAuthority, Issued, Role, Validity};
use samrum_server::transport::tcp::{self, AcceptLimits, Connection, Incoming};
use samrum_server::transport::tls::{Mode, Reloader, TlsFiles};
use tempfile::TempDir;
use tokio_stream::StreamExt as _;

/// When every test takes place: 2027-01-15T08:00:00Z.
pub(crate) const NOW_SECONDS: u64 = 1_800_000_000;

/// How long anything may take before the test is declared stuck. Never reached by a hub that works.
const WATCHDOG: Duration = Duration::from_secs(60);

/// The port on which loopback gives any free one.
pub(crate) const ANY_PORT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// What `future` yields, or a failure instead of a test that hangs.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(WATCHDOG, future)
        .await
        .expect("the test is stuck")
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StillClock(pub(crate) u64);

impl TimeProvider for StillClock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0)))
    }
}

pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW_SECONDS)
}

pub(crate) fn usual() -> Validity {
    Validity::starting(now()).unwrap()
}

/// A development authority with what it issued to the hub, as files.
pub(crate) struct Site {
    pub(crate) authority: DevelopmentAuthority,
    folder: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::of(DevelopmentAuthority::new(usual()).unwrap())
    }

    pub(crate) fn of(authority: DevelopmentAuthority) -> Self {
        let site = Self {
            folder: tempfile::tempdir().unwrap(),
            authority,
        };
        let hub = site.authority.hub(usual()).unwrap();
        site.write("hub.pem", &hub.certificate);
        site.write("clients.pem", &site.authority.certificate());
        site.write_key("hub.key", hub.key.expose_pem());
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Writes a key for its owner's eyes only.
    pub(crate) fn write_key(&self, name: &str, pem: &str) {
        self.write(name, pem);
        set_permissions(&self.path(name), 0o600);
    }

    pub(crate) fn files(&self) -> TlsFiles {
        TlsFiles {
            certificate: self.path("hub.pem"),
            key: self.path("hub.key"),
            client_authorities: self.path("clients.pem"),
            revocation_lists: Vec::new(),
        }
    }

    /// What reads the site's files.
    pub(crate) fn reloader(&self) -> Reloader {
        self.reloader_of(self.files())
    }

    /// What reads these files.
    pub(crate) fn reloader_of(&self, files: TlsFiles) -> Reloader {
        Reloader::open(files, Mode::Development, Arc::new(StillClock(NOW_SECONDS))).unwrap()
    }

    /// A client certificate of the site's authority.
    pub(crate) fn client(&self, role: Role<'_>) -> Issued {
        self.authority.client(role, usual()).unwrap()
    }

    /// Opens a port with default limits.
    pub(crate) async fn open(&self) -> Incoming {
        self.open_with(AcceptLimits::default()).await
    }

    pub(crate) async fn open_with(&self, limits: AcceptLimits) -> Incoming {
        // Without its reloader the port goes on with what was read.
        tcp::bind(ANY_PORT, self.reloader().watch(), limits)
            .await
            .unwrap()
    }
}

#[cfg(unix)]
pub(crate) fn set_permissions(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn set_permissions(_path: &Path, _mode: u32) {}

/// The next connection that is let in.
pub(crate) async fn next(incoming: &mut Incoming) -> Connection {
    soon(incoming.next()).await.unwrap().unwrap()
}

/// What `task` yields while the hub accepts; the hub must let nobody in meanwhile.
pub(crate) async fn while_refusing<T>(incoming: &mut Incoming, task: impl Future<Output = T>) -> T {
    soon(async {
        tokio::select! {
            outcome = task => outcome,
            connection = incoming.next() => panic!("{connection:?} was let in"),
        }
    })
    .await
}
