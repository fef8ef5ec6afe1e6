//! `samrum completion`: a script for a shell.

use clap::Args;
use clap_complete::Shell;

use super::session::Session;
use crate::error::{Exit, Result};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Which shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(session: &mut Session, arguments: &Arguments) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::parser(), "samrum", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    session.screen.line(script.trim_end());
    Ok(Exit::Ok)
}
