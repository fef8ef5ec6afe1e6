//! The demo world's certificates as files, and where they go.
//!
//! What is in a certificate is decided elsewhere. Keys are created for their owner's eyes only, never changed
//! to that afterwards.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::authority::{DevelopmentAuthority, IssueError, Issued};
use crate::role::Role;
use crate::validity::Validity;
use crate::world::{ORGANISATIONS, UNITS};

/// What to do with files that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave everything as it is and fail.
    Refuse,
    /// Replace them.
    Replace,
}

/// Why certificates could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file of that name is there; nothing was written.
    #[error(
        "{path} exists and nothing was written: give --force to replace all certificates, or another --out"
    )]
    Exists {
        /// The file in the way.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("cannot write {path}")]
    Failed {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Everything the demo world needs, ready to be written: `ca.pem`, and `.pem` and `.key` for `hub`, each
/// unit's slug, `auditor-<organisation's slug>` and `operator`.
#[derive(Debug)]
pub struct Collection {
    authority: String,
    issued: Vec<(String, Issued)>,
}

impl Collection {
    /// Issues a certificate for the hub and for every role of the demo world.
    ///
    /// # Errors
    /// [`IssueError`] when the system gives no randomness.
    pub fn issue(authority: &DevelopmentAuthority, validity: Validity) -> Result<Self, IssueError> {
        let units = UNITS.iter().map(|unit| (unit.slug.to_owned(), Role::from(*unit)));
        let auditors = ORGANISATIONS.iter().map(|organisation| {
            (
                format!("auditor-{}", organisation.slug),
                Role::from(*organisation),
            )
        });
        let operator = ("operator".to_owned(), Role::DEMO_OPERATOR);

        let mut issued = vec![("hub".to_owned(), authority.hub(validity)?)];
        for (name, role) in units.chain(auditors).chain([operator]) {
            issued.push((name, authority.client(role, validity)?));
        }
        Ok(Self {
            authority: authority.certificate(),
            issued,
        })
    }

    /// Writes all files into the folder, which is made if need be, and says which they are.
    ///
    /// # Errors
    /// [`WriteError::Exists`] when a file is in the way and may not be replaced: nothing was written.
    /// [`WriteError::Failed`] when the file system refuses: some files may be there.
    pub fn write(&self, folder: &Path, existing: Existing) -> Result<Vec<PathBuf>, WriteError> {
        let files = self.files(folder);
        if existing == Existing::Refuse
            && let Some(file) = files.iter().find(|file| file.path.symlink_metadata().is_ok())
        {
            return Err(WriteError::Exists {
                path: file.path.clone(),
            });
        }
        create_folder(folder).map_err(|source| WriteError::Failed {
            path: folder.to_owned(),
            source,
        })?;
        for file in &files {
            file.write(existing)?;
        }
        Ok(files.into_iter().map(|file| file.path).collect())
    }

    fn files(&self, folder: &Path) -> Vec<Planned<'_>> {
        let authority = Planned {
            path: folder.join("ca.pem"),
            content: &self.authority,
            audience: Audience::Everyone,
        };
        let issued = self.issued.iter().flat_map(|(name, issued)| {
            [
                Planned {
                    path: folder.join(format!("{name}.pem")),
                    content: &issued.certificate,
                    audience: Audience::Everyone,
                },
                Planned {
                    path: folder.join(format!("{name}.key")),
                    content: issued.key.expose_pem(),
                    audience: Audience::Owner,
                },
            ]
        });
        std::iter::once(authority).chain(issued).collect()
    }
}

/// Who may read a file.
#[derive(Clone, Copy)]
enum Audience {
    Everyone,
    Owner,
}

/// One file to be written. No `Debug`: the content may be a key.
struct Planned<'a> {
    path: PathBuf,
    content: &'a str,
    audience: Audience,
}

impl Planned<'_> {
    fn write(&self, existing: Existing) -> Result<(), WriteError> {
        if existing == Existing::Replace {
            // Removed, not truncated: the old file may be a link, or open to others.
            match fs::remove_file(&self.path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(self.failed(source)),
                _ => {}
            }
        }
        let mut file = self.create().map_err(|source| self.failed(source))?;
        file.write_all(self.content.as_bytes())
            .map_err(|source| self.failed(source))
    }

    fn create(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(match self.audience {
                Audience::Everyone => 0o644,
                Audience::Owner => 0o600,
            });
        }
        options.open(&self.path)
    }

    fn failed(&self, source: io::Error) -> WriteError {
        WriteError::Failed {
            path: self.path.clone(),
            source,
        }
    }
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}
