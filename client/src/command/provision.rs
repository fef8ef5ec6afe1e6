//! `samrum provision`: what a disclosure can rest on besides consent, and the operator's switches.

use clap::{Args, Subcommand};
use samrum_consent::id::EntryId;
use samrum_ui::{Language, provision};
use serde::Serialize;

use super::input;
use super::screen::{Look, Screen};
use super::session::Session;
use crate::client::Client;
use crate::error::{Exit, Result};
use crate::view::{self, Provision};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What permits and what orders a disclosure, and whether it is turned on.
    List {
        /// The whole catalogue, with what makes information secret and what governs the plan.
        #[arg(long)]
        all: bool,
    },
    /// Turn a permitting provision on. Operators only. Asks why, and who decided; or one line on standard input.
    On(SwitchArguments),
    /// Turn it off again. Operators only. As for turning on.
    Off(SwitchArguments),
}

#[derive(Debug, Args)]
pub(crate) struct SwitchArguments {
    /// Its id, such as OSL-25-12.
    #[arg(value_name = "ID")]
    provision: String,
}

#[derive(Debug, Serialize)]
struct Catalogue<'a> {
    provisions: &'a [Provision],
}

#[derive(Debug, Serialize)]
struct Switched<'a> {
    provision_id: &'a str,
    on: bool,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    let client = session.client()?;
    match command {
        Command::List { all } => list(session, &client, all).await,
        Command::On(arguments) => switch(session, &client, &arguments.provision, true).await,
        Command::Off(arguments) => switch(session, &client, &arguments.provision, false).await,
    }
}

async fn list(session: &mut Session, client: &Client, all: bool) -> Result<Exit> {
    let mut provisions = client.provisions().await?;
    if !all {
        provisions.retain(|provision| matches!(provision.role.as_str(), "BASIS" | "DUTY"));
    }
    let catalogue = Catalogue {
        provisions: &provisions,
    };
    session.screen.answer(&catalogue, |screen| {
        for provision in &provisions {
            for line in lines(provision, screen) {
                screen.line(&line);
            }
        }
    });
    Ok(Exit::Ok)
}

/// How far what is said of a provision stands in.
const INDENT: usize = 2;

fn lines(provision: &Provision, screen: &Screen) -> Vec<String> {
    let (state, look) = match (provision.role.as_str(), provision.in_force, provision.on) {
        (_, false, _) => ("cli-provision-not-in-force", Look::Faint),
        ("DUTY", ..) => ("cli-provision-duty", Look::Good),
        ("BASIS", _, true) => ("cli-provision-on", Look::Good),
        ("BASIS", ..) => ("cli-provision-off", Look::Bad),
        _ => ("cli-provision-frame", Look::Faint),
    };
    let state = screen.look(look, &screen.say(state, &[]));
    let mut lines = vec![format!(
        "{}  {state}",
        screen.look(Look::Strong, &provision.provision_id)
    )];
    let citation = format!("{}, {}", provision.statute, provision.section);
    lines.extend(screen.wrapped(&citation, INDENT, 2 * INDENT));
    let sentence = match screen.language() {
        Language::Swedish => &provision.sv,
        Language::English => &provision.en,
    };
    lines.extend(screen.wrapped(sentence, INDENT, INDENT));
    lines
}

async fn switch(session: &mut Session, client: &Client, id: &str, on: bool) -> Result<Exit> {
    let language = session.screen.language();
    if let Some(words) = provision(id, language) {
        let about = format!("{id}: {} ({})", words.sentence, words.citation());
        let about = session.screen.wrapped(&about, 0, INDENT).join("\n");
        session.screen.remark(&about);
    }
    let reason = input::reason(None, &session.screen)?;
    let entry_id = client.set_provision(id, on, reason).await?;
    let switched = Switched {
        provision_id: id,
        on,
        entry_id,
    };
    session.screen.answer(&switched, |screen| {
        let said = if on {
            "cli-provision-turned-on"
        } else {
            "cli-provision-turned-off"
        };
        screen.line(&screen.say(said, &[("provision", id)]));
    });
    Ok(Exit::Ok)
}
