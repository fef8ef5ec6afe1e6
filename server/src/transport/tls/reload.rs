//! Certificates, key, authorities and revocation lists, read again without a restart: when asked, and when a file has
//! changed. What cannot be used changes nothing: what was read before stays in force, and that is said aloud.
//!
//! Whoever holds connections watches [`Reloader::watch`]; open ones are judged again by what is in force then.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::time_provider::TimeProvider;
use tokio::sync::watch;

use super::{Mode, Tls, TlsError, TlsFiles};

/// How often [`Reloader::look`] is to be called. A file that has changed is read once it has stayed the same for as long: renewals
/// write several files one after the other.
pub const LOOK_INTERVAL: Duration = Duration::from_millis(250);

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    file: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// Reads the files again, and hands on what can be used.
#[derive(Debug)]
pub struct Reloader {
    files: TlsFiles,
    mode: Mode,
    clock: Arc<dyn TimeProvider>,
    in_force: watch::Sender<Arc<Tls>>,
    sound: watch::Sender<bool>,
    read: Vec<Option<Stamp>>,
    seen: Vec<Option<Stamp>>,
}

impl Reloader {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// As [`Tls::load`]: a hub does not start with what it could not use.
    pub fn open(files: TlsFiles, mode: Mode, clock: Arc<dyn TimeProvider>) -> Result<Self, TlsError> {
        let read = stamps(&files);
        let tls = Tls::load(&files, mode, Arc::clone(&clock))?;
        let sound = !tls.has_overdue_list();
        Ok(Self {
            files,
            mode,
            clock,
            in_force: watch::Sender::new(Arc::new(tls)),
            sound: watch::Sender::new(sound),
            seen: read.clone(),
            read,
        })
    }

    /// What is in force, and what comes into force.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<Tls>> {
        self.in_force.subscribe()
    }

    /// Whether what lies in the files is in force and no revocation list is overdue.
    #[must_use]
    pub fn sound(&self) -> watch::Receiver<bool> {
        self.sound.subscribe()
    }

    /// Reads the files and puts them in force.
    ///
    /// # Errors
    /// As [`Tls::load`]; what was in force stays.
    pub async fn read_again(&mut self) -> Result<(), TlsError> {
        // Before reading: what changes meanwhile is looked at again.
        let found = stamps(&self.files);
        let (files, mode, clock) = (self.files.clone(), self.mode, Arc::clone(&self.clock));
        let loaded = tokio::task::spawn_blocking(move || Tls::load(&files, mode, clock)).await;
        self.read = found;
        let loaded = loaded
            .map_err(|_| rustls::Error::General("reading was ended".to_owned()).into())
            .and_then(|loaded| loaded);
        match loaded {
            Ok(tls) => {
                self.in_force.send_replace(Arc::new(tls));
                tracing::info!("certificates and revocation lists were read again and are in force");
                self.tell_soundness(true);
                Ok(())
            }
            Err(error) => {
                tracing::error!(
                    %error,
                    "certificates and revocation lists cannot be used as they are; those read before stay in force"
                );
                self.tell_soundness(false);
                Err(error)
            }
        }
    }

    /// Looks at the files, and reads them again where they changed and have settled. Answers whether it did.
    pub async fn look(&mut self) -> bool {
        let found = stamps(&self.files);
        let settled = found == self.seen;
        self.seen.clone_from(&found);
        if found == self.read || !settled {
            let sound = *self.sound.borrow();
            self.tell_soundness(sound);
            return false;
        }
        // Said and told where it failed.
        let _ = self.read_again().await;
        true
    }

    fn tell_soundness(&self, read: bool) {
        let overdue = self.in_force.borrow().has_overdue_list();
        let sound = read && !overdue;
        self.sound.send_if_modified(|told| {
            if overdue && *told {
                tracing::error!(
                    "a revocation list is overdue; it still counts, and newer revocations are not known"
                );
            }
            std::mem::replace(told, sound) != sound
        });
    }
}

fn stamps(files: &TlsFiles) -> Vec<Option<Stamp>> {
    let single = [&files.certificate, &files.key, &files.client_authorities];
    let paths = single.into_iter().chain(&files.revocation_lists);
    paths.map(|path| stamp(path)).collect()
}

/// The file's state; nothing when it is not there.
fn stamp(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    Some(Stamp {
        file: found.ino(),
        bytes: found.len(),
        modified: (found.mtime(), found.mtime_nsec()),
        changed: (found.ctime(), found.ctime_nsec()),
    })
}
