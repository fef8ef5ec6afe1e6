//! The way from one hub to the database, which can be stopped up or cut.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

/// The name of PostgreSQL's socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";
/// Bytes passed on at once.
const CHUNK: usize = 64 * 1024;
/// How long a caller who finds the way cut holds on before it is told so.
const REFUSED_AFTER: Duration = Duration::from_millis(5);

/// How the way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Bytes pass.
    Open,
    /// Bytes stay where they are; nobody is told.
    StoppedUp,
    /// Every connection ends, and none is made.
    Cut,
}

/// A socket that leads to the database's.
pub(crate) struct Proxy {
    folder: TempDir,
    way: watch::Sender<Way>,
}

impl Proxy {
    /// Leads to the socket in this folder.
    pub(crate) fn to(database: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let (way, is) = watch::channel(Way::Open);
        tokio::spawn(accept(listener, database.join(SOCKET), is));
        Self { folder, way }
    }

    /// The folder of its socket.
    pub(crate) fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// From now on it is so.
    pub(crate) fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn accept(listener: UnixListener, database: PathBuf, way: watch::Receiver<Way>) {
    loop {
        let (hub, _) = listener.accept().await.unwrap();
        if *way.borrow() == Way::Cut {
            tokio::time::sleep(REFUSED_AFTER).await;
            continue;
        }
        let Ok(server) = UnixStream::connect(&database).await else {
            continue;
        };
        let (from_hub, to_hub) = hub.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::spawn(pass_on(from_hub, to_server, way.clone()));
        tokio::spawn(pass_on(from_server, to_hub, way.clone()));
    }
}

/// Passes bytes on as the way allows. Dropping the two ends closes this direction.
async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut way: watch::Receiver<Way>) {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = tokio::select! {
            biased;
            cut = way.wait_for(|way| *way == Way::Cut) => { let _ = cut; return }
            read = from.read(&mut chunk) => read,
        };
        let Ok(length @ 1..) = read else { return };
        match way.wait_for(|way| *way != Way::StoppedUp).await {
            Ok(way) if *way == Way::Open => {}
            _ => return,
        }
        if to.write_all(&chunk[..length]).await.is_err() {
            return;
        }
    }
}
