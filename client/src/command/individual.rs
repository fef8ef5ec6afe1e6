//! `samrum individual`: the people that documents are about. Their numbers are typed or piped in, never arguments.

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use samrum_consent::id::{EntryId, IndividualId};
use samrum_ui::day;
use serde::Serialize;

use super::input;
use super::screen::Look;
use super::session::Session;
use crate::client::{CustodySource, Representation};
use crate::error::{Exit, Result};
use crate::view;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Open a case id for a person. Asks for number and name; or two lines on standard input.
    Register,
    /// What this unit may know of a person.
    Show {
        /// The id in this case.
        #[arg(value_name = "INDIVIDUAL")]
        individual: IndividualId,
    },
    /// Record who has custody. Operators only. Asks; or lines "NUMBER NAME" on standard input, the child first.
    SetRepresentation {
        /// From where it is known.
        #[arg(long, value_enum)]
        source: SourceWord,
        /// When that source was read.
        #[arg(long, value_name = "TIME")]
        checked_at: Timestamp,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SourceWord {
    PopulationRegister,
    CourtDecision,
}

#[derive(Debug, Serialize)]
struct Registered {
    #[serde(serialize_with = "view::text")]
    individual_id: IndividualId,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

#[derive(Debug, Serialize)]
struct Recorded {
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    let client = session.client()?;
    match command {
        Command::Register => {
            let person = input::person(&session.screen)?;
            let (individual_id, entry_id) = client.register_individual(person).await?;
            session.screen.answer(
                &Registered {
                    individual_id,
                    entry_id,
                },
                |screen| {
                    screen.line(
                        &screen.say("cli-individual-registered", &[("id", &individual_id.to_string())]),
                    );
                },
            );
        }
        Command::Show { individual } => {
            let person = client.individual(individual).await?;
            session.screen.answer(&person, |screen| {
                let language = screen.language();
                let name = screen.look(Look::Strong, &person.name);
                screen.line(&format!("{name}  {}", person.identity_number));
                let line = match (person.custody_source, person.custody_checked_at) {
                    (Some(source), Some(checked)) => {
                        let count = person.guardian_count.to_string();
                        let (id, checked) = (custody_sentence(source), day(checked, language));
                        screen.say(id, &[("count", &count), ("checked", &checked)])
                    }
                    _ => screen.say("cli-custody-unknown", &[]),
                };
                screen.line(&line);
            });
        }
        Command::SetRepresentation { source, checked_at } => {
            let (child, guardians) = input::family(&mut session.screen)?;
            let source = match source {
                SourceWord::PopulationRegister => CustodySource::PopulationRegister,
                SourceWord::CourtDecision => CustodySource::CourtDecision,
            };
            let representation = Representation {
                child,
                guardians,
                source,
                checked_at,
            };
            let entry_id = client.set_representation(representation).await?;
            session.screen.answer(&Recorded { entry_id }, |screen| {
                screen.line(&screen.say("cli-representation-recorded", &[]));
            });
        }
    }
    Ok(Exit::Ok)
}

fn custody_sentence(source: &str) -> &'static str {
    if source == "COURT_DECISION" {
        "cli-custody-court"
    } else {
        "cli-custody-register"
    }
}
