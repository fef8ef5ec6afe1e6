//! `samrum check`: asked before a word is written.

use clap::Args;
use samrum_consent::id::{EntryId, IndividualId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};

use super::session::{Session, UnitNames};
use super::vocabulary::Word;
use super::{decision, misused, unit};
use crate::client::{Client, Question};
use crate::error::{Exit, Result};
use crate::view::Decision;

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    question: QuestionArguments,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Tell every reason of a decision that was made for this unit.
    Explain {
        /// The decision's id.
        #[arg(value_name = "DECISION")]
        decision: EntryId,
    },
}

/// What a document would be; shared with `send`.
#[derive(Debug, Args)]
pub(crate) struct QuestionArguments {
    /// Whom it is about.
    #[arg(long, required = true, num_args = 1.., value_name = "INDIVIDUAL")]
    pub(crate) about: Vec<IndividualId>,
    /// With whom: id, name, or beginning of a name.
    #[arg(long, required = true, num_args = 1.., value_name = "UNIT")]
    pub(crate) to: Vec<String>,
    /// What it is about.
    #[arg(long, required = true, num_args = 1.., value_name = "CATEGORY", value_parser = Word::<Category>::new(), hide_possible_values = true)]
    pub(crate) category: Vec<Category>,
    /// What it is.
    #[arg(long, required = true, value_parser = Word::<Kind>::new(), hide_possible_values = true)]
    kind: Option<Kind>,
    /// Why it would be shared.
    #[arg(long, required = true, value_parser = Word::<Purpose>::new())]
    purpose: Option<Purpose>,
    #[command(flatten)]
    pub(crate) basis: BasisArguments,
}

impl QuestionArguments {
    /// What it is. The parser has seen to it that it is there, unless a subcommand took its place.
    pub(crate) fn kind(&self) -> Result<Kind> {
        self.kind.ok_or_else(|| misused("--kind is missing"))
    }

    /// Why it would be shared. As [`Self::kind`].
    pub(crate) fn purpose(&self) -> Result<Purpose> {
        self.purpose.ok_or_else(|| misused("--purpose is missing"))
    }
}

/// On which basis: consent unless said otherwise, or the duty that the kind belongs to.
#[derive(Debug, Args)]
pub(crate) struct BasisArguments {
    /// The basis to rest on.
    #[arg(long, value_enum)]
    basis: Option<BasisWord>,
    /// A permitting provision by its id, such as OSL-25-12.
    #[arg(long, value_name = "ID", requires = "reason", conflicts_with = "basis")]
    provision: Option<String>,
    /// Why the provision applies, in words; kept in the ledger.
    #[arg(long, value_name = "TEXT", requires = "provision")]
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum BasisWord {
    Consent,
    Duty,
}

impl BasisArguments {
    /// The basis that was named, if one was.
    pub(crate) fn named(&self) -> Option<Basis> {
        match (self.basis, &self.provision, &self.reason) {
            (Some(BasisWord::Consent), ..) => Some(Basis::Consent),
            (Some(BasisWord::Duty), ..) => Some(Basis::Duty),
            (None, Some(id), Some(reason)) => Some(Basis::Provision {
                id: id.clone(),
                reason: reason.clone(),
            }),
            (None, ..) => None,
        }
    }
}

pub(crate) async fn run(session: &mut Session, arguments: Arguments) -> Result<Exit> {
    let client = session.client()?;
    let decision = match arguments.command {
        Some(Command::Explain { decision }) => client.explain(decision).await?,
        None => ask(&client, arguments.question).await?,
    };
    answer(session, &client, decision).await?;
    Ok(Exit::Ok)
}

async fn ask(client: &Client, arguments: QuestionArguments) -> Result<Decision> {
    let question = Question {
        recipients: unit::resolve_all(client, &arguments.to).await?,
        kind: arguments.kind()?,
        purpose: arguments.purpose()?,
        individuals: arguments.about.into_iter().collect(),
        categories: arguments.category.into_iter().collect(),
        basis: arguments.basis.named(),
    };
    client.check(question).await
}

async fn answer(session: &mut Session, client: &Client, mut decision: Decision) -> Result<()> {
    UnitNames::fetch(client).await?.fill(&mut decision.verdicts);
    decision::fill_sentences(&mut decision.verdicts, session.screen.language());
    session
        .screen
        .answer(&decision, |screen| decision::show(&decision, screen));
    Ok(())
}
