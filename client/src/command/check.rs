//! `samrum check`: asked before a word is written.

use std::path::PathBuf;

use clap::Args;
use samrum_consent::id::{DocumentId, EntryId, IndividualId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};

use super::screen::Screen;
use super::session::Session;
use super::vocabulary::Word;
use super::{decision, input, misused, unit};
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
    /// The document that it answers, such as the concern report for feedback to its reporter.
    #[arg(long, value_name = "DOCUMENT")]
    pub(crate) in_reply_to: Option<DocumentId>,
    #[command(flatten)]
    basis: BasisArguments,
}

impl QuestionArguments {
    /// What it is. The parser has seen to it that it is there, unless a subcommand took its place.
    pub(crate) fn kind(&self) -> Result<Kind> {
        self.kind
            .ok_or_else(|| misused("error-option-missing", &[("option", "--kind")]))
    }

    /// Why it would be shared. As [`Self::kind`].
    pub(crate) fn purpose(&self) -> Result<Purpose> {
        self.purpose
            .ok_or_else(|| misused("error-option-missing", &[("option", "--purpose")]))
    }
}

/// On which basis: consent unless said otherwise, or the duty that the kind belongs to.
#[derive(Debug, Args)]
struct BasisArguments {
    /// The basis to rest on. With a provision, why it applies is asked for, or read from standard input.
    #[arg(
        long,
        value_enum,
        default_value_if("provision", clap::builder::ArgPredicate::IsPresent, "provision")
    )]
    basis: Option<BasisWord>,
    /// The permitting provision by its id, such as OSL-25-12; samrum provision list shows them.
    #[arg(long, value_name = "ID", required_if_eq("basis", "provision"))]
    provision: Option<String>,
    /// Why the provision applies, in a file instead.
    #[arg(long, value_name = "FILE", requires = "provision")]
    reason_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum BasisWord {
    Consent,
    Duty,
    Provision,
}

impl QuestionArguments {
    /// The basis that was named, if one was. Why a provision applies may tell of the person: it is typed, piped
    /// in or read from a file, never an argument.
    fn basis(&self, screen: &Screen) -> Result<Option<Basis>> {
        match (self.basis.basis, &self.basis.provision) {
            (None, _) => Ok(None),
            (Some(BasisWord::Consent), None) => Ok(Some(Basis::Consent)),
            (Some(BasisWord::Duty), None) => Ok(Some(Basis::Duty)),
            (Some(BasisWord::Provision), Some(id)) => Ok(Some(Basis::Provision {
                id: id.clone(),
                reason: input::reason(self.basis.reason_file.as_deref(), screen)?,
            })),
            (Some(_), _) => Err(misused("error-provision-without-basis", &[])),
        }
    }

    /// The whole question, which the session then knows.
    pub(crate) async fn ask(self, session: &mut Session, client: &Client) -> Result<Question> {
        let basis = self.basis(&session.screen)?;
        let question = Question {
            recipients: unit::resolve_all(client, &self.to).await?,
            kind: self.kind()?,
            purpose: self.purpose()?,
            individuals: self.about.into_iter().collect(),
            categories: self.category.into_iter().collect(),
            basis,
            in_reply_to: self.in_reply_to,
        };
        session.question = Some(question.clone());
        Ok(question)
    }
}

pub(crate) async fn run(session: &mut Session, arguments: Arguments) -> Result<Exit> {
    let client = session.client()?;
    let decision = match arguments.command {
        Some(Command::Explain { decision }) => client.explain(decision).await?,
        None => {
            let question = arguments.question.ask(session, &client).await?;
            client.check(&question).await?
        }
    };
    answer(session, &client, decision).await?;
    Ok(Exit::Ok)
}

async fn answer(session: &mut Session, client: &Client, mut decision: Decision) -> Result<()> {
    decision::complete(session, client, &mut decision).await?;
    session
        .screen
        .answer(&decision, |screen| decision::show(&decision, screen));
    Ok(())
}
