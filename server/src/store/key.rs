//! The store's key: a file beside the hub, made with a new database, found to fit an old one.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use super::sql::insert::Insert;
use super::sql::row::get;
use super::sql::session::Session;
use super::sql::statement::{Pool, query};
use super::vault::{KEY_LEN, Vault};
use super::{Result, StoreError};

/// The file's name in the data folder.
const FILE: &str = "store.key";
/// What the probe says once it is opened.
const PROBE: &str = "samrum";
/// What the probe is bound to.
const PROBE_ROW: &[u8] = b"store_key";

/// Why there is no key to work with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file.
    #[error("{}: {source}; is the folder there and writable?", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file has the wrong size.
    #[error("{}: must be {KEY_LEN} bytes; restore it from where you keep a copy", path.display())]
    Size {
        /// Which.
        path: PathBuf,
    },
    /// The database is there without its key.
    #[error(
        "{}: missing, though there is a database; without it no name can be read. Restore it, or copy it from \
         another node",
        path.display()
    )]
    Lost {
        /// Which.
        path: PathBuf,
    },
    /// The key is another database's.
    #[error("{}: is not the key of this database; restore the one that it was made with", path.display())]
    Foreign {
        /// Which.
        path: PathBuf,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The vault under the key in this folder. A new database gets a new key.
pub(super) fn vault(folder: &Path, is_new: bool) -> Result<Vault, KeyError> {
    let path = folder.join(FILE);
    let key = match OpenOptions::new().read(true).open(&path) {
        Ok(mut file) => {
            let mut bytes = Zeroizing::new(Vec::new());
            file.read_to_end(&mut bytes)
                .map_err(|source| file_error(&path, source))?;
            let key = <[u8; KEY_LEN]>::try_from(bytes.as_slice());
            Zeroizing::new(key.map_err(|_| KeyError::Size { path })?)
        }
        Err(missing) if missing.kind() == io::ErrorKind::NotFound && is_new => make(&path)?,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Err(KeyError::Lost { path }),
        Err(source) => return Err(file_error(&path, source)),
    };
    Ok(Vault::new(&key)?)
}

fn make(path: &Path) -> Result<Zeroizing<[u8; KEY_LEN]>, KeyError> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    SystemRandom::new()
        .fill(&mut *key)
        .map_err(|_| file_error(path, io::Error::other("no randomness")))?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|source| file_error(path, source))?;
    file.write_all(&*key)
        .and_then(|()| file.sync_all())
        .map_err(|source| file_error(path, source))?;
    Ok(key)
}

fn file_error(path: &Path, source: io::Error) -> KeyError {
    KeyError::File {
        path: path.to_owned(),
        source,
    }
}

/// Whether the database knows its key already.
pub(super) async fn is_probed(writer: &Pool) -> Result<bool> {
    let probe = query("SELECT probe FROM store_key")
        .fetch_optional(writer)
        .await?;
    Ok(probe.is_some())
}

/// Finds out whether the key is this database's. A database that does not know its key yet learns it now.
pub(super) async fn probe(writer: &Pool, vault: &Vault, folder: &Path) -> Result<(), KeyError> {
    let mut session = Session::acquire(writer).await?;
    session.begin_beside().await?;
    let mut probe = Insert::into_if_absent("store_key (number, probe)");
    probe.push([1.into(), vault.seal(PROBE_ROW, PROBE)?.into()]);
    probe.run(&mut session).await?;
    session.commit_beside().await?;
    let row = query("SELECT probe FROM store_key")
        .fetch_optional(writer)
        .await?;
    let row = row.ok_or(StoreError::Damaged { what: "store key" })?;
    match vault.open(PROBE_ROW, get(&row, "probe")?) {
        Ok(probe) if probe == PROBE => Ok(()),
        _ => Err(KeyError::Foreign {
            path: folder.join(FILE),
        }),
    }
}
