//! The processes of the story: the hub, and one `samrum` for everything that a unit does.
//!
//! All are this one program again, told by a first argument what to be. They get nothing of this process's
//! environment, and none outlives it: the hub ends when its standard input closes.

mod command;
mod hub;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

pub(crate) use command::{Answer, Samrum, text};
pub(crate) use hub::{HubPlan, HubProcess};

use crate::trouble::{Result, Trouble};

/// What this program is told to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// `samrum-hub`.
    Hub,
    /// `samrum`.
    Samrum,
}

impl Part {
    /// The first argument that asks for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Samrum => "samrum",
        }
    }

    /// The part that a first argument asks for.
    pub(crate) fn of(first: &OsString) -> Option<Self> {
        [Self::Hub, Self::Samrum]
            .into_iter()
            .find(|part| first == part.word())
    }

    /// Plays it, with the arguments that followed.
    pub(crate) fn play(self, rest: impl Iterator<Item = OsString>) -> ExitCode {
        match self {
            Self::Hub => samrum_server::app::main(std::iter::once("samrum-hub".into()).chain(rest)),
            Self::Samrum => samrum_client::command::run(std::iter::once("samrum".into()).chain(rest)),
        }
    }
}

/// This program's own file.
pub(crate) fn this_program() -> Result<PathBuf> {
    std::env::current_exe().map_err(Trouble::system("this program's own file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_asked_for_by_their_word_and_nothing_else() {
        assert_eq!(Part::of(&"hub".into()), Some(Part::Hub));
        assert_eq!(Part::of(&"samrum".into()), Some(Part::Samrum));
        for other in ["--once", "", "Hub", "samrum-hub"] {
            assert_eq!(Part::of(&other.into()), None, "{other}");
        }
    }
}
