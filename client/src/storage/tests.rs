//! A disk that stops between two steps, and what must hold afterwards.

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Carries out so many steps and then fails every one, as if the process had been killed there.
#[derive(Debug)]
pub(crate) struct StoppingDisk {
    steps_left: AtomicUsize,
}

impl StoppingDisk {
    pub(crate) const fn after(steps: usize) -> Self {
        Self {
            steps_left: AtomicUsize::new(steps),
        }
    }

    fn step(&self) -> io::Result<()> {
        self.steps_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .map(|_| ())
            .map_err(|_| io::Error::other("the process was stopped here"))
    }
}

impl Disk for StoppingDisk {
    fn create(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
        if let Err(stopped) = self.step() {
            // Half a file is what a stopped process leaves.
            LocalDisk.create(path, bytes.get(..bytes.len() / 2).unwrap_or_default(), access)?;
            return Err(stopped);
        }
        LocalDisk.create(path, bytes, access)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.remove(path)
    }

    fn blank(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.blank(path)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        LocalDisk.sync_directory(path)
    }
}

#[test]
fn replacing_leaves_the_old_or_the_new_whole_wherever_it_stops() {
    for steps in 0.. {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("value");
        replace(&LocalDisk, &path, b"old value", Access::Private).unwrap();
        let disk = StoppingDisk::after(steps);
        let outcome = replace(&disk, &path, b"new value", Access::Private);
        let found = read(&path, 100).unwrap();
        assert!(
            found == b"old value" || found == b"new value",
            "after {steps} steps"
        );
        replace(&LocalDisk, &path, b"next value", Access::Private).unwrap();
        assert_eq!(
            read(&path, 100).unwrap(),
            b"next value",
            "what was left behind is in nobody's way"
        );
        if outcome.is_ok() {
            assert_eq!(found, b"new value");
            assert_eq!(steps, 3, "create, rename, synchronise");
            return;
        }
    }
}

#[test]
fn private_files_are_their_owners_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    create(&LocalDisk, &path, b"1", Access::Private).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let inner = directory.path().join("inner");
    private_directory(&inner).unwrap();
    private_directory(&inner).unwrap();
    assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn creating_never_replaces_and_reading_is_bounded() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("value");
    create(&LocalDisk, &path, b"first", Access::Ordinary).unwrap();
    assert!(
        create(&LocalDisk, &path, b"second", Access::Ordinary)
            .unwrap_err()
            .is_taken()
    );
    assert_eq!(read(&path, 5).unwrap(), b"first");
    assert!(matches!(
        read(&path, 4),
        Err(StorageError::TooLong { most: 4, .. })
    ));
    assert_eq!(read_if_there(&directory.path().join("nothing"), 4).unwrap(), None);
}

#[test]
fn a_lock_keeps_the_second_out_until_the_first_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lock");
    let first = lock(&path).unwrap();
    assert!(try_lock(&path).unwrap().is_none());
    drop(first);
    assert!(try_lock(&path).unwrap().is_some());
}
