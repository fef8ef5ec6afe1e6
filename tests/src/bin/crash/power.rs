//! Power loss: a library that remembers what was never synced, and the moment when that is taken back.
//!
//! Of each file's unsynced writes the first few may have reached the disk: how many is drawn for each, as a disk draws.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use samrum_tests::Chance;

const SOURCE: &str = include_str!("power.c");
/// Bytes before those that a record gives back.
const RECORD: usize = 24;

/// The library with its folder of undo files.
pub(crate) struct Power {
    folder: tempfile::TempDir,
    counts_syncs: bool,
}

/// What was not there any more after the power came back.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Dropped {
    /// Writes that never reached the disk.
    pub(crate) writes: u64,
}

impl Power {
    /// Compiles the library. Where syncs do not count, everything ever written can be lost: a sabotage.
    pub(crate) fn prepare(counts_syncs: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("power.c");
        fs::write(&source, SOURCE).unwrap();
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .arg(folder.path().join("power.so"))
            .arg(&source)
            .args(["-ldl", "-lpthread"])
            .status();
        assert!(compiled.expect("a C compiler").success(), "power.c compiles");
        fs::create_dir(folder.path().join("undo")).unwrap();
        Self { folder, counts_syncs }
    }

    /// What the hub's process needs in its environment, to write in this data folder.
    pub(crate) fn environment(&self) -> Vec<(OsString, OsString)> {
        let mut environment = vec![
            ("LD_PRELOAD".into(), self.folder.path().join("power.so").into()),
            ("POWER_UNDO".into(), self.undo().into()),
            ("POWER_FILES".into(), "/data/".into()),
        ];
        if !self.counts_syncs {
            environment.push(("POWER_NO_SYNC".into(), "1".into()));
        }
        environment
    }

    fn undo(&self) -> PathBuf {
        self.folder.path().join("undo")
    }

    /// Takes back what was never synced. The hub's process is gone.
    pub(crate) fn cut(&self, chance: &mut Chance) -> Dropped {
        let mut dropped = Dropped::default();
        for entry in fs::read_dir(self.undo()).unwrap() {
            let undo = entry.unwrap().path();
            if undo.extension().is_some() {
                continue;
            }
            let file = fs::read_link(undo.with_extension("of")).unwrap();
            dropped.writes += take_back(&undo, &file, chance);
            fs::remove_file(undo.with_extension("of")).unwrap();
            fs::remove_file(&undo).unwrap();
        }
        dropped
    }
}

/// Plays an undo file backwards, down to a write that may have reached the disk.
fn take_back(undo: &Path, file: &Path, chance: &mut Chance) -> u64 {
    let bytes = fs::read(undo).unwrap();
    let records = records(&bytes);
    let Ok(file) = OpenOptions::new().write(true).open(file) else {
        // Removed meanwhile: nothing of it is left to lose.
        return 0;
    };
    let reached = chance.below(records.len() + 1);
    for (offset, size, before) in records.iter().skip(reached).rev() {
        file.write_all_at(before, *offset).unwrap();
        file.set_len(*size).unwrap();
    }
    file.sync_all().unwrap();
    (records.len() - reached) as u64
}

/// The records of an undo file: where, how large the file was, and what was there. A last one that was cut short
/// belongs to a write that never began.
fn records(mut bytes: &[u8]) -> Vec<(u64, u64, &[u8])> {
    let mut records = Vec::new();
    while bytes.len() >= RECORD {
        let (head, rest) = bytes.split_at(RECORD);
        let number = |place: usize| {
            let eight: [u8; 8] = head[place * 8..place * 8 + 8].try_into().unwrap();
            u64::from_ne_bytes(eight)
        };
        let length = usize::try_from(number(1)).unwrap();
        if rest.len() < length {
            break;
        }
        let (before, rest) = rest.split_at(length);
        records.push((number(0), number(2), before));
        bytes = rest;
    }
    records
}
