//! What can keep the story from being told: something else came than must, or this machine did not play along.

use std::io;
use std::path::{Path, PathBuf};

/// Shorthand for this program's results.
pub(crate) type Result<T, E = Trouble> = std::result::Result<T, E>;

/// Why the story stops.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// A step did something else than it must.
    #[error("expected {expected}, but what came was {came}")]
    Unexpected {
        /// What must come.
        expected: String,
        /// What came.
        came: String,
    },
    /// A file or folder.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder to be kept is not empty.
    #[error("{} is not empty; name a new or an empty folder", .path.display())]
    FolderInUse {
        /// Which.
        path: PathBuf,
    },
    /// A process or a connection.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The hub ended, or said nothing, before it served.
    #[error("the hub did not start: {said}")]
    HubNotStarted {
        /// The end of what it said.
        said: String,
    },
    /// A page could not be fetched or read.
    #[error("the guardian's page {path}: {what}")]
    Page {
        /// Which page.
        path: String,
        /// What went wrong.
        what: String,
    },
    /// The development certificates.
    #[error(transparent)]
    Certificates(#[from] samrum_certs::IssueError),
    /// Their files.
    #[error(transparent)]
    CertificateFiles(#[from] samrum_certs::WriteError),
    /// This machine's clock.
    #[error(transparent)]
    Clock(#[from] samrum_certs::InvalidValidity),
    /// The copied database.
    #[error("the copied database: {0}")]
    Database(#[from] sqlx::Error),
    /// The copied ledger.
    #[error("the copied ledger: {0}")]
    Ledger(String),
}

impl Trouble {
    /// Something else came than must.
    pub(crate) fn unexpected(expected: impl Into<String>, came: impl Into<String>) -> Self {
        Self::Unexpected {
            expected: expected.into(),
            came: came.into(),
        }
    }

    /// For `map_err` on what is done with a file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// For `map_err` on what is asked of the system.
    pub(crate) fn system(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::System { what, source }
    }

    /// What was expected and what came, for a report of the step that failed.
    pub(crate) fn sides(&self) -> (String, String) {
        match self {
            Self::Unexpected { expected, came } => (expected.clone(), came.clone()),
            other => ("the step to run".to_owned(), other.to_string()),
        }
    }
}

/// Goes on only if it is so.
pub(crate) fn must(so: bool, expected: &str, came: impl FnOnce() -> String) -> Result<()> {
    if so {
        Ok(())
    } else {
        Err(Trouble::unexpected(expected, came()))
    }
}
