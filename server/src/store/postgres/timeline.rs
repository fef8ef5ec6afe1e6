//! How far the database's history had come when this hub last saw a primary: a number that grows each time a standby
//! takes over (PostgreSQL, "Timelines").
//!
//! A former primary that is started again says that it is primary, and would bring back what has ended since: revoked
//! consents above all. Its history is the older one. What was seen is kept beside the hub's keys, so that a hub which
//! starts while only the former primary can be reached does not go to it.

use std::fs::{File, rename};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The file beside the keys.
pub(super) const FILE: &str = "database.timeline";

/// The newest history that was seen.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    path: PathBuf,
    newest: Arc<Mutex<i64>>,
}

impl Seen {
    /// As it was kept in this folder; none yet where nothing was.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no number.
    pub(super) fn kept_in(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let newest = match std::fs::read_to_string(&path) {
            Ok(text) => text
                .trim()
                .parse()
                .map_err(|_| io::Error::new(ErrorKind::InvalidData, "holds no number"))?,
            Err(missing) if missing.kind() == ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self {
            path,
            newest: Arc::new(Mutex::new(newest)),
        })
    }

    /// Where it is kept.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The number.
    pub(super) fn newest(&self) -> i64 {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a newer one.
    ///
    /// # Errors
    /// When the file cannot be written; the number counts for this run all the same.
    pub(super) fn keep(&self, timeline: i64) -> io::Result<()> {
        {
            let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
            if timeline <= *newest {
                return Ok(());
            }
            *newest = timeline;
        }
        let new = self.path.with_extension("new");
        let mut file = File::create(&new)?;
        writeln!(file, "{timeline}")?;
        file.sync_all()?;
        rename(&new, &self.path)?;
        // The new name is durable with its folder.
        match self.path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_kept_and_never_an_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let seen = Seen::kept_in(folder.path()).unwrap();
        assert_eq!(seen.newest(), 0, "nothing yet");
        seen.keep(3).unwrap();
        seen.keep(2).unwrap();
        assert_eq!(seen.newest(), 3);
        assert_eq!(Seen::kept_in(folder.path()).unwrap().newest(), 3);
    }

    #[test]
    fn what_is_no_number_is_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "drei").unwrap();
        assert!(Seen::kept_in(folder.path()).is_err());
    }
}
