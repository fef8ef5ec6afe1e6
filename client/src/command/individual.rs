//! `samrum individual`: the people that documents are about. Their numbers are typed or piped in, never arguments.
//!
//! What professionals find of them is `finding`'s.

mod finding;

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use samrum_consent::id::{EntryId, FactId, IndividualId};
use samrum_ui::day;
use serde::Serialize;

use super::input;
use super::input::family::{Family, family};
use super::screen::{Look, Screen};
use super::session::Session;
use crate::client::{CustodySource, Representation};
use crate::error::{Exit, Result};
use crate::view::{self, Individual};

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
    /// Record an assessment of the child's maturity in a matter (OSL 12:3). Asks what was found, and why.
    ///
    /// On standard input: a line each, or one JSON object with maturity and reason.
    Assess(finding::AssessArguments),
    /// Record that the child would suffer considerable harm if a guardian knew (OSL 12:3). Asks who, and why.
    ///
    /// On standard input: a line each, or one JSON object with guardian_number, guardian_name and reason.
    Risk(finding::RiskArguments),
    /// Record that a guardian cannot answer in time (FB 6:13). Asks who, and why.
    ///
    /// On standard input: as for risk.
    Hindered(finding::HinderedArguments),
    /// Record a circumstance that a provision asks for. Asks why; or one line on standard input.
    Circumstance(finding::CircumstanceArguments),
    /// Stand beside what a colleague of this unit recorded; before that it lets the own unit send nothing.
    Attest {
        /// The record's id.
        #[arg(value_name = "FACT")]
        fact: FactId,
    },
    /// What this unit has recorded about a person, newest first.
    Facts {
        /// The id in this case.
        #[arg(value_name = "INDIVIDUAL")]
        individual: IndividualId,
    },
    /// Record who may sign for a person, instead of what was recorded before. Operators only. Asks.
    ///
    /// On standard input: lines "NUMBER NAME", the child first, then everyone with custody; or one JSON object
    /// with person, guardians, representatives (number, name, valid_until) and care_order (authority_id,
    /// categories, valid_from, valid_until).
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
    match command {
        Command::Register => register(session).await,
        Command::Show { individual } => {
            let person = session.client()?.individual(individual).await?;
            session.screen.answer(&person, |screen| show(&person, screen));
            Ok(Exit::Ok)
        }
        Command::Assess(arguments) => finding::assess(session, arguments).await,
        Command::Risk(arguments) => finding::risk(session, arguments).await,
        Command::Hindered(arguments) => finding::hindered(session, arguments).await,
        Command::Circumstance(arguments) => finding::circumstance(session, arguments).await,
        Command::Attest { fact } => finding::attest(session, fact).await,
        Command::Facts { individual } => finding::facts(session, individual).await,
        Command::SetRepresentation { source, checked_at } => {
            set_representation(session, source, checked_at).await
        }
    }
}

async fn register(session: &mut Session) -> Result<Exit> {
    let client = session.client()?;
    let person = input::person(&session.screen)?;
    let (individual_id, entry_id) = client.register_individual(person).await?;
    let registered = Registered {
        individual_id,
        entry_id,
    };
    session.screen.answer(&registered, |screen| {
        screen.line(&screen.say("cli-individual-registered", &[("id", &individual_id.to_string())]));
    });
    Ok(Exit::Ok)
}

fn show(person: &Individual, screen: &mut Screen) {
    let name = screen.look(Look::Strong, &person.name);
    screen.line(&format!("{name}  {}", person.identity_number));
    let line = match (person.custody_source, person.custody_checked_at) {
        (Some(source), Some(checked)) => {
            let count = person.guardian_count.to_string();
            let (id, checked) = (custody_sentence(source), day(checked, screen.language()));
            screen.say(id, &[("count", &count), ("checked", &checked)])
        }
        _ => screen.say("cli-custody-unknown", &[]),
    };
    screen.line(&line);
}

fn custody_sentence(source: &str) -> &'static str {
    if source == "COURT_DECISION" {
        "cli-custody-court"
    } else {
        "cli-custody-register"
    }
}

async fn set_representation(
    session: &mut Session,
    source: SourceWord,
    checked_at: Timestamp,
) -> Result<Exit> {
    let client = session.client()?;
    let Family {
        person,
        guardians,
        representatives,
        care_order,
    } = family(&mut session.screen)?;
    let representation = Representation {
        person,
        guardians,
        representatives,
        care_order,
        source: match source {
            SourceWord::PopulationRegister => CustodySource::PopulationRegister,
            SourceWord::CourtDecision => CustodySource::CourtDecision,
        },
        checked_at,
    };
    let entry_id = client.set_representation(representation).await?;
    session.screen.answer(&Recorded { entry_id }, |screen| {
        screen.line(&screen.say("cli-representation-recorded", &[]));
    });
    Ok(Exit::Ok)
}
