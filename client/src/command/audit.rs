//! `samrum audit`: who disclosed what, when, on which basis. Every question is itself an entry.

use clap::Subcommand;
use jiff::Timestamp;
use samrum_consent::id::EntryId;
use serde::Serialize;

use super::decision;
use super::input;
use super::screen::{Look, Screen};
use super::session::{Session, UnitNames};
use super::vocabulary::{from_moment, until_moment};
use crate::client::Search;
use crate::error::{Exit, Result};
use crate::view::{self, Disclosure};

/// How far what is said of a row stands in.
const ROW_INDENT: usize = 2;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Every disclosure and denial about a person. Asks for the number; or one line on standard input.
    Search {
        /// From when: a time, or a day.
        #[arg(long, value_name = "DAY", value_parser = from_moment)]
        from: Timestamp,
        /// Until when: a time, or the last day.
        #[arg(long, value_name = "DAY", value_parser = until_moment)]
        until: Timestamp,
        /// Why you look; kept in the ledger.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// One row.
    Show {
        /// Its entry in the ledger.
        #[arg(value_name = "ENTRY")]
        entry: EntryId,
        /// Why you look; kept in the ledger.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    disclosures: &'a [Disclosure],
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    disclosure: &'a Disclosure,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    let client = session.client()?;
    match command {
        Command::Search { from, until, reason } => {
            let number = input::identity_number(&session.screen)?;
            let search = Search {
                number,
                from,
                until,
                reason,
            };
            let (mut rows, entry_id) = client.search_disclosures(&search).await?;
            let names = UnitNames::fetch(&client).await?;
            for row in &mut rows {
                fill(row, &names, &session.screen);
            }
            session.screen.answer(
                &Found {
                    disclosures: &rows,
                    entry_id,
                },
                |screen| {
                    for row in &rows {
                        show(row, &names, screen);
                    }
                    let count = rows.len().to_string();
                    let line = screen.say(
                        "cli-audit-rows",
                        &[("count", &count), ("entry", &entry_id.to_string())],
                    );
                    let line = screen.look(Look::Faint, &line);
                    screen.line(&line);
                },
            );
        }
        Command::Show { entry, reason } => {
            let (mut row, entry_id) = client.disclosure(entry, &reason).await?;
            let names = UnitNames::fetch(&client).await?;
            fill(&mut row, &names, &session.screen);
            session.screen.answer(
                &Shown {
                    disclosure: &row,
                    entry_id,
                },
                |screen| show(&row, &names, screen),
            );
        }
    }
    Ok(Exit::Ok)
}

fn fill(row: &mut Disclosure, names: &UnitNames, screen: &Screen) {
    let context = decision::Context {
        names,
        language: screen.language(),
        decided_at: row.at,
        question: None,
        sender: row.unit_id,
        unattested: &[],
    };
    decision::fill(&mut row.verdicts, &context);
}

fn show(row: &Disclosure, names: &UnitNames, screen: &mut Screen) {
    let language = screen.language();
    let event = screen.say(
        &format!("cli-event-{}", row.event.to_lowercase().replace('_', "-")),
        &[],
    );
    let at = samrum_ui::moment(row.at, language);
    screen.line(&format!("{at}  {}", screen.look(Look::Strong, &event)));
    let unit = row.unit_id.map(|unit| names.show(unit));
    let who = match (unit, row.acting_user.as_str()) {
        (Some(unit), "") => unit,
        (Some(unit), user) => format!("{unit}, {user} ({})", row.acting_role),
        (None, "") if matches!(row.event, "WITHHELD" | "EXPIRED" | "ALARMED") => {
            screen.say("cli-the-hub", &[])
        }
        (None, "") => screen.say("cli-a-person", &[]),
        (None, user) => user.to_owned(),
    };
    screen.line(&format!("  {who}"));
    let mut about: Vec<String> = row
        .kind
        .map(|kind| samrum_ui::kind(kind, language))
        .into_iter()
        .collect();
    about.extend(
        row.categories
            .iter()
            .map(|category| samrum_ui::category(*category, language)),
    );
    about.extend(row.purpose.map(|purpose| samrum_ui::purpose(purpose, language)));
    about.extend(row.consent_event.clone());
    if !about.is_empty() {
        screen.line(&format!("  {}", about.join(" · ")));
    }
    for line in decision::lines(&row.verdicts, screen, ROW_INDENT) {
        screen.line(&line);
    }
    let line = screen.say("cli-entry", &[("entry", &row.entry_id.to_string())]);
    let line = format!("  {}", screen.look(Look::Faint, &line));
    screen.line(&line);
}
