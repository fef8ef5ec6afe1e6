//! Files that survive: written whole, synchronised, then named; readable by their owner alone where they must be.
//!
//! What the files mean lives with their owners (`outbox`, `keyring`, `ticket`, …). [`Disk`] is the seam at which
//! tests stop a process between two steps.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone: keys, sealed documents waiting, pins.
    Private,
    /// Whom the process's mask allows: what its user asked to have written.
    Ordinary,
}

impl Access {
    const fn mode(self) -> u32 {
        match self {
            Self::Private => 0o600,
            Self::Ordinary => 0o666,
        }
    }
}

/// A file operation that failed. Names the path, which holds ids and names that the user chose.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// Longer than anything this program writes there.
    #[error("{} is longer than {most} bytes and was not read", .path.display())]
    TooLong {
        /// Which file.
        path: PathBuf,
        /// The limit.
        most: u64,
    },
    /// Not what this program writes there.
    #[error("{} is damaged: {what}; restore it from a backup or remove it", .path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl StorageError {
    /// Whether the file was simply not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether the file was there although it must not be.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
    }

    pub(crate) fn damaged(path: &Path, what: impl ToString) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            what: what.to_string(),
        }
    }
}

/// Names the action and the path in a failure.
fn on<'a>(action: &'static str, path: &'a Path) -> impl Fn(io::Error) -> StorageError + 'a {
    move |source| StorageError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

/// The single steps of which everything durable is made.
pub trait Disk: Send + Sync {
    /// Writes a file that must not exist yet, and synchronises its content.
    ///
    /// # Errors
    /// The operating system's.
    fn create(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()>;

    /// Gives a file another name, replacing what had it.
    ///
    /// # Errors
    /// The operating system's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a name.
    ///
    /// # Errors
    /// The operating system's.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Overwrites a file's bytes with zeros, and synchronises.
    ///
    /// # Errors
    /// The operating system's.
    fn blank(&self, path: &Path) -> io::Result<()>;

    /// Makes a directory's names durable.
    ///
    /// # Errors
    /// The operating system's.
    fn sync_directory(&self, path: &Path) -> io::Result<()>;
}

/// The machine's own file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {
    fn create(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(access.mode())
            .open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn blank(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        let length = file.metadata()?.len();
        io::copy(&mut io::repeat(0).take(length), &mut file)?;
        file.sync_all()
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }
}

/// Marks files that a process was writing when it ended; they are never read.
pub(crate) const UNFINISHED: &str = "unfinished";

/// Puts a file in place whole, over what was there: after a crash there is the old one or the new one.
///
/// # Errors
/// [`StorageError::Io`].
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8], access: Access) -> Result<(), StorageError> {
    let unfinished = unfinished_beside(path);
    match disk.create(&unfinished, bytes, access) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Left by a process that was stopped: the callers' locks keep living ones apart.
            disk.remove(&unfinished).map_err(on("remove", &unfinished))?;
            disk.create(&unfinished, bytes, access)
                .map_err(on("write", &unfinished))?;
        }
        written => written.map_err(on("write", &unfinished))?,
    }
    disk.rename(&unfinished, path).map_err(on("replace", path))?;
    let directory = parent(path);
    disk.sync_directory(directory)
        .map_err(on("synchronise", directory))
}

/// Writes a file that must not exist yet, for good.
///
/// # Errors
/// [`StorageError::Io`]; [`StorageError::is_taken`] when there is one.
pub fn create(disk: &dyn Disk, path: &Path, bytes: &[u8], access: Access) -> Result<(), StorageError> {
    disk.create(path, bytes, access).map_err(on("create", path))?;
    let directory = parent(path);
    disk.sync_directory(directory)
        .map_err(on("synchronise", directory))
}

/// Removes a file that holds a secret: blanked first, as far as the file system really overwrites.
///
/// # Errors
/// [`StorageError::Io`].
pub fn destroy(disk: &dyn Disk, path: &Path) -> Result<(), StorageError> {
    disk.blank(path).map_err(on("blank", path))?;
    disk.remove(path).map_err(on("remove", path))?;
    let directory = parent(path);
    disk.sync_directory(directory)
        .map_err(on("synchronise", directory))
}

/// Removes a file that is of no more use; one that is not there is as good.
///
/// # Errors
/// [`StorageError::Io`].
pub fn discard(disk: &dyn Disk, path: &Path) -> Result<(), StorageError> {
    match disk.remove(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(on("remove", path)),
    }
}

/// Reads a file of at most so many bytes.
///
/// # Errors
/// [`StorageError`]; [`StorageError::is_missing`] when there is none.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, StorageError> {
    let file = File::open(path).map_err(on("read", path))?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(on("read", path))?;
    if bytes.len() as u64 > most {
        return Err(StorageError::TooLong {
            path: path.to_owned(),
            most,
        });
    }
    Ok(bytes)
}

/// Like [`read`], `None` when there is no such file.
///
/// # Errors
/// [`StorageError`].
pub fn read_if_there(path: &Path, most: u64) -> Result<Option<Vec<u8>>, StorageError> {
    match read(path, most) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Like [`read`], for text.
///
/// # Errors
/// [`StorageError`]; [`StorageError::Damaged`] when it is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> Result<String, StorageError> {
    String::from_utf8(read(path, most)?).map_err(|_| StorageError::damaged(path, "it is not UTF-8"))
}

/// Makes a directory that only its owner enters, unless it is there.
///
/// # Errors
/// [`StorageError::Io`].
pub fn private_directory(path: &Path) -> Result<(), StorageError> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.map_err(on("create", path)),
    }
}

/// The files of a directory whose names end so, sorted; at most `most`.
///
/// # Errors
/// [`StorageError`].
pub fn list(directory: &Path, ending: &str, most: usize) -> Result<Vec<PathBuf>, StorageError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(on("list", directory))? {
        let path = entry.map_err(on("list", directory))?.path();
        if path.extension().is_some_and(|extension| extension == ending) {
            paths.push(path);
        }
        if paths.len() > most {
            return Err(StorageError::TooLong {
                path: directory.to_owned(),
                most: most as u64,
            });
        }
    }
    paths.sort();
    Ok(paths)
}

/// A lock between processes, held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Waits for the lock that this file stands for.
///
/// # Errors
/// [`StorageError::Io`].
pub fn lock(path: &Path) -> Result<Lock, StorageError> {
    let file = lock_file(path)?;
    file.lock().map_err(on("lock", path))?;
    Ok(Lock { _file: file })
}

/// Takes the lock that this file stands for; `None` when another process holds it.
///
/// # Errors
/// [`StorageError::Io`].
pub fn try_lock(path: &Path) -> Result<Option<Lock>, StorageError> {
    let file = lock_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(on("lock", path)(error)),
    }
}

fn lock_file(path: &Path) -> Result<File, StorageError> {
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create(true)
        .truncate(false)
        .mode(Access::Private.mode());
    options.open(path).map_err(on("open", path))
}

fn unfinished_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    path.with_file_name(name)
}

fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."))
}

#[cfg(test)]
pub(crate) mod tests;
