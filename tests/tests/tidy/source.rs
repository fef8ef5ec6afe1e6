//! The files that the rules read, and what a broken rule says.

use std::fmt;
use std::fs;
use std::path::Path;

/// Folders that hold no source of ours, by name at any depth.
const LEFT_OUT: [&str; 4] = ["target", "node_modules", "tmp", "out"];

/// The most files that are read: a guard against walking out of the tree.
const MAX_FILES: usize = 10_000;

/// A Rust file.
pub(crate) struct Source {
    /// From the workspace's root, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
}

impl Source {
    /// A file that exists only in a test.
    #[must_use]
    pub(crate) fn planted(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Something wrong in this file, at a line counted from 1.
    #[must_use]
    pub(crate) fn violation(&self, line: usize, what: impl Into<String>) -> Violation {
        Violation {
            path: self.path.clone(),
            line,
            what: what.into(),
        }
    }
}

/// A broken rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Every Rust file of the workspace, in the order of their paths.
#[must_use]
pub(crate) fn collect(root: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() && !name.starts_with('.') && !LEFT_OUT.contains(&name.as_str()) {
                folders.push(entry.path());
            } else if kind.is_file() && name.ends_with(".rs") {
                let relative = entry
                    .path()
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                sources.push(Source {
                    path: relative,
                    text: fs::read_to_string(entry.path()).unwrap(),
                });
                assert!(
                    sources.len() <= MAX_FILES,
                    "more than {MAX_FILES} files under {}",
                    root.display()
                );
            }
        }
    }
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    sources
}

#[test]
fn files_are_found_in_folders_and_left_out_where_they_are_not_ours() {
    let root = tempfile::tempdir().unwrap();
    for path in [
        "a.rs",
        "deep/er/b.rs",
        "target/c.rs",
        "deep/target/d.rs",
        ".hidden/e.rs",
        "notes.md",
    ] {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "//! Text.\n").unwrap();
    }
    let found: Vec<String> = collect(root.path())
        .into_iter()
        .map(|source| source.path)
        .collect();
    assert_eq!(found, ["a.rs", "deep/er/b.rs"]);
}
