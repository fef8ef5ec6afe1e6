//! `samrum send`: a document, how it fares, and what was interrupted.

use clap::{Args, Subcommand};
use samrum_consent::id::DocumentId;
use samrum_consent::vocabulary::{Basis, Family, Kind};
use serde::Serialize;

use super::check::QuestionArguments;
use super::document::{self, ContentArguments};
use super::failure::Failure;
use super::misused;
use super::screen::{Look, Screen};
use super::session::{Session, UnitNames};
use crate::client::{Client, Outgoing, RetryOutcome};
use crate::error::{Error, Exit, Result};
use crate::view::{self, Delivery, Sent};

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
    sending: SendArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// How a document of this unit fares at each recipient.
    Status {
        /// The document's id.
        #[arg(value_name = "DOCUMENT")]
        document: DocumentId,
    },
    /// Send what waits in the outbox: the same bytes, under the same id.
    Retry,
}

#[derive(Debug, Args)]
struct SendArguments {
    #[command(flatten)]
    question: QuestionArguments,
    #[command(flatten)]
    content: ContentArguments,
}

#[derive(Debug, Serialize)]
struct Status<'a> {
    #[serde(serialize_with = "view::text")]
    document_id: DocumentId,
    deliveries: &'a [Delivery],
}

#[derive(Debug, Default, Serialize)]
struct Retried {
    sent: Vec<Sent>,
    refused: Vec<NotSent>,
    waiting: Vec<NotSent>,
}

#[derive(Debug, Serialize)]
struct NotSent {
    #[serde(serialize_with = "view::text")]
    document_id: DocumentId,
    #[serde(flatten)]
    failure: Failure,
}

pub(crate) async fn run(session: &mut Session, arguments: Arguments) -> Result<Exit> {
    let client = session.client()?;
    match arguments.command {
        Some(Command::Status { document }) => status(session, &client, document).await,
        Some(Command::Retry) => retry(session, &client).await,
        None => send(session, &client, arguments.sending).await,
    }
}

async fn send(session: &mut Session, client: &Client, arguments: SendArguments) -> Result<Exit> {
    let SendArguments { question, content } = arguments;
    let kind = question.kind()?;
    if kind == Kind::Reply && question.in_reply_to.is_none() {
        return Err(misused("error-reply-to-nothing", &[]));
    }
    let question = question.ask(session, client).await?;
    let composed = document::compose(kind, &content, &mut session.screen)?;
    let by_kind = if kind.family() == Family::Duty {
        Basis::Duty
    } else {
        Basis::Consent
    };
    let is_report = kind == Kind::ConcernReport;
    let outgoing = Outgoing {
        kind,
        individuals: question.individuals.into_iter().collect(),
        categories: question.categories.into_iter().collect(),
        purpose: question.purpose,
        recipients: question.recipients,
        basis: question.basis.unwrap_or(by_kind),
        in_reply_to: question.in_reply_to,
        document: composed,
    };
    match client.send(outgoing).await {
        Ok(mut sent) => {
            let names = UnitNames::fetch(client).await?;
            names.fill_deliveries(&mut sent.deliveries);
            session.screen.answer(&sent, |screen| {
                show_sent(&sent, screen);
                if is_report {
                    screen.line(&screen.say("cli-report-sent", &[]));
                }
            });
            Ok(Exit::Ok)
        }
        Err(error) => {
            // Nobody will be alarmed about what has not been sent.
            if is_report {
                let remark = session.screen.say("cli-alarm-call", &[]);
                session.screen.remark(&remark);
            }
            if waits(client, &error)? {
                let remark = session.screen.say("cli-waits-in-outbox", &[]);
                session.screen.remark(&remark);
            }
            Err(error)
        }
    }
}

/// Whether something waits in the outbox after this error.
fn waits(client: &Client, error: &Error) -> Result<bool> {
    let judged = error.answered().is_some_and(crate::error::Answered::is_final);
    Ok(!judged && !client.outbox().waiting()?.is_empty())
}

async fn status(session: &mut Session, client: &Client, document: DocumentId) -> Result<Exit> {
    let mut deliveries = client.deliveries(document).await?;
    UnitNames::fetch(client).await?.fill_deliveries(&mut deliveries);
    let status = Status {
        document_id: document,
        deliveries: &deliveries,
    };
    session.screen.answer(&status, |screen| {
        show_deliveries(&deliveries, screen);
        for delivery in deliveries.iter().filter(|delivery| delivery.state == "WITHHELD") {
            let Some(entry) = delivery.entry_id else { continue };
            let line = screen.say("cli-withheld-why", &[("decision", &entry.to_string())]);
            let line = screen.look(Look::Faint, &line);
            screen.line(&line);
        }
    });
    Ok(Exit::Ok)
}

async fn retry(session: &mut Session, client: &Client) -> Result<Exit> {
    let outcomes = client.retry().await?;
    let mut exit = Exit::Ok;
    let mut retried = Retried::default();
    for RetryOutcome {
        document,
        outcome,
        waits,
    } in outcomes
    {
        match outcome {
            Ok(sent) => retried.sent.push(sent),
            Err(error) => {
                exit = exit.max(error.exit());
                let failure = Failure::of(&error, &session.screen);
                let list = if waits {
                    &mut retried.waiting
                } else {
                    &mut retried.refused
                };
                list.push(NotSent {
                    document_id: document,
                    failure,
                });
            }
        }
    }
    if !retried.sent.is_empty() {
        let names = UnitNames::fetch(client).await?;
        for sent in &mut retried.sent {
            names.fill_deliveries(&mut sent.deliveries);
        }
    }
    session
        .screen
        .answer(&retried, |screen| show_retried(&retried, screen));
    Ok(exit)
}

fn show_sent(sent: &Sent, screen: &mut Screen) {
    let line = screen.say("cli-sent", &[("document", &sent.document_id.to_string())]);
    let line = screen.look(Look::Good, &line);
    screen.line(&line);
    show_deliveries(&sent.deliveries, screen);
    for unit in &sent.wrapped_anew {
        let named = |delivery: &&Delivery| delivery.recipient_unit_id == *unit;
        let name = sent.deliveries.iter().find(named);
        let name = name.and_then(|delivery| delivery.recipient_name.clone());
        let name = name.unwrap_or_else(|| unit.to_string());
        let line = screen.say("cli-sent-wrapped-anew", &[("unit", &name)]);
        let line = screen.look(Look::Faint, &line);
        screen.line(&line);
    }
    if sent.signed_anew {
        let line = screen.say("cli-sent-signed-anew", &[]);
        let line = screen.look(Look::Faint, &line);
        screen.line(&line);
    }
    let line = screen.say("cli-decision", &[("decision", &sent.decision_id.to_string())]);
    let line = screen.look(Look::Faint, &line);
    screen.line(&line);
}

fn show_deliveries(deliveries: &[Delivery], screen: &mut Screen) {
    for delivery in deliveries {
        let id = delivery.recipient_unit_id.to_string();
        let name = delivery.recipient_name.as_deref().unwrap_or(&id);
        let state = samrum_ui::delivery_state(delivery.state, screen.language());
        let look = match delivery.state {
            "WITHHELD" | "REJECTED" | "EXPIRED" => Look::Bad,
            "ACKNOWLEDGED" => Look::Good,
            _ => Look::Strong,
        };
        let at = samrum_ui::moment(delivery.changed_at, screen.language());
        let line = format!(
            "  {name}: {}  {}",
            screen.look(look, &state),
            screen.look(Look::Faint, &at)
        );
        screen.line(&line);
        if delivery.alarmed && delivery.state != "ACKNOWLEDGED" {
            let line = screen.look(Look::Bad, &screen.say("cli-alarm-call", &[]));
            screen.line(&format!("  {line}"));
        }
    }
}

fn show_retried(retried: &Retried, screen: &mut Screen) {
    for sent in &retried.sent {
        show_sent(sent, screen);
    }
    for (list, id) in [
        (&retried.refused, "cli-retry-refused"),
        (&retried.waiting, "cli-retry-waiting"),
    ] {
        for NotSent { document_id, failure } in list {
            screen.line(&screen.say(id, &[("document", &document_id.to_string())]));
            screen.line(&failure.words(screen));
        }
    }
    if retried.sent.is_empty() && retried.refused.is_empty() && retried.waiting.is_empty() {
        screen.line(&screen.say("cli-outbox-empty", &[]));
    }
}
