//! The `samrum` command: arguments in, one answer out, in words or as JSON.
//!
//! One file per group of commands; what a command does lives in `client`, what it says in `ui`.

mod audit;
mod check;
mod completion;
mod consent;
mod decision;
mod directory;
mod document;
mod failure;
mod identity;
mod inbox;
mod individual;
mod input;
mod key;
mod layout;
mod ledger;
mod provision;
mod screen;
mod send;
mod session;
#[cfg(test)]
mod tests;
mod unit;
mod usage;
mod vocabulary;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use samrum_ui::Language;

use crate::call::{DEFAULT_DEADLINE, MAX_DEADLINE};
use crate::error::{Error, Exit, Misused, Result, Words};
use crate::transport::way::Transport;
use failure::Failure;
use screen::{Environment, Screen};
use session::Session;

/// Secure messages and consent-gated documents between organisations, from the command line.
///
/// Exit codes: 0 ok, 1 failed, 2 wrongly asked, 3 not found, 4 refused, 5 conflict, 6 unavailable.
#[derive(Debug, Parser)]
#[command(
    name = "samrum",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    /// Directory of the profile: which hub, which unit, which keys.
    #[arg(
        long,
        global = true,
        env = "SAMRUM_PROFILE",
        value_name = "DIR",
        hide_env_values = true
    )]
    profile: Option<PathBuf>,
    /// Answer with one JSON object per line.
    #[arg(long, global = true)]
    json: bool,
    /// Language of the answers: sv or en. Default: that of the locale.
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Language>,
    /// How long the hub may take for one answer.
    #[arg(
        long, global = true, value_name = "SECONDS", default_value_t = DEFAULT_DEADLINE.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=MAX_DEADLINE.as_secs())
    )]
    timeout: u64,
    /// Which way calls go: auto, quic or tcp. Default: what the profile says, else tcp.
    #[arg(long, global = true, value_name = "WAY")]
    transport: Option<Transport>,
    #[command(subcommand)]
    group: Group,
}

#[derive(Debug, Subcommand)]
enum Group {
    /// Keys of organisations and units.
    #[command(subcommand)]
    Key(key::Command),
    /// Who can be addressed.
    #[command(subcommand)]
    Directory(directory::Command),
    /// The people that documents are about.
    #[command(subcommand)]
    Individual(individual::Command),
    /// Consents: ask, record, narrow, revoke.
    #[command(subcommand)]
    Consent(consent::Command),
    /// May I share this? Yes or no for each recipient, and why.
    Check(check::Arguments),
    /// Send a document, see how it fares, send again what was interrupted.
    Send(Box<send::Arguments>),
    /// Documents sent to this unit.
    #[command(subcommand)]
    Inbox(inbox::Command),
    /// An auditor's questions: who disclosed what, when, on which basis.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Provisions that a disclosure can rest on, and which are turned on.
    #[command(subcommand)]
    Provision(provision::Command),
    /// The tamper-evident log: checkpoints, receipts, verification.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Write a completion script for a shell.
    Completion(completion::Arguments),
}

/// Runs the command with the process's own input, output and environment.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let environment = Environment::of_process();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let exit = run_on(
        &arguments,
        &environment,
        Box::new(io::stdout()),
        Box::new(io::stderr()),
    );
    ExitCode::from(exit.number())
}

/// Runs the command on other outputs.
pub(crate) fn run_on(
    arguments: &[OsString],
    environment: &Environment,
    out: Box<dyn io::Write>,
    err: Box<dyn io::Write>,
) -> Exit {
    let wants_json = arguments.iter().any(|argument| argument == "--json");
    let mut screen = Screen::new(environment, wants_json, out, err);
    screen.adapt(wants_json, usage::language(arguments));
    if let Err(refusal) = identity::refuse_in(arguments) {
        let place = refusal.place.to_string();
        let said = screen.say("error-identity-number", &[("place", &place)]);
        return screen.fail(&Failure::said(said), Exit::Usage);
    }
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => return not_understood(&mut screen, &error),
    };
    screen.adapt(parsed.json, parsed.lang);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return screen.fail(&Failure::said(error.to_string()), Exit::Failed),
    };
    let mut session = Session::new(parsed.profile, Duration::from_secs(parsed.timeout), screen);
    session.transport = parsed.transport;
    let exit = match runtime.block_on(carry_out(&mut session, parsed.group)) {
        Ok(exit) => exit,
        Err(error) => {
            let exit = error.exit();
            let failure = runtime.block_on(failure::explained(&session, &error));
            session.screen.fail(&failure, exit)
        }
    };
    runtime.block_on(session.end());
    exit
}

async fn carry_out(session: &mut Session, group: Group) -> Result<Exit> {
    match group {
        Group::Key(command) => key::run(session, command).await,
        Group::Directory(command) => directory::run(session, command).await,
        Group::Individual(command) => individual::run(session, command).await,
        Group::Consent(command) => consent::run(session, command).await,
        Group::Check(arguments) => check::run(session, arguments).await,
        Group::Send(arguments) => send::run(session, *arguments).await,
        Group::Inbox(command) => inbox::run(session, command).await,
        Group::Audit(command) => audit::run(session, command).await,
        Group::Provision(command) => provision::run(session, command).await,
        Group::Ledger(command) => ledger::run(session, command).await,
        Group::Completion(arguments) => completion::run(session, &arguments),
    }
}

/// What the parser says: help on standard output, everything else as a failure.
fn not_understood(screen: &mut Screen, error: &clap::Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            screen.line(error.render().to_string().trim_end());
            Exit::Ok
        }
        _ => {
            let said = usage::words(error, screen.language());
            screen.fail(&Failure::said(said), Exit::Usage)
        }
    }
}

/// The parser, for completion scripts and tests.
pub(crate) fn parser() -> clap::Command {
    Arguments::command()
}

/// What was asked for in a way that the parser cannot judge: the words for it, with their arguments.
fn misused(id: &'static str, arguments: &[(&'static str, &str)]) -> Error {
    Misused::Input(Words::new(id, arguments)).into()
}
