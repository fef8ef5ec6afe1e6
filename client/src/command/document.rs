//! Documents composed from arguments, and shown to whoever opened them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use samrum_consent::vocabulary::Kind;
use samrum_proto::convert::time_to_wire;
use samrum_proto::document::Form;
use samrum_proto::wire::document::v1 as wire;
use samrum_ui::moment;

use super::input;
use super::misused;
use super::screen::{Look, Screen};
use super::session::UnitNames;
use crate::error::Result;
use crate::view::{Content, OpenedDocument, Reply, Summons};

/// How long a meeting is unless said otherwise, in minutes.
const DEFAULT_MEETING_MINUTES: u32 = 60;

/// What a document says. Which options apply depends on its kind.
#[derive(Debug, Args)]
pub(crate) struct ContentArguments {
    /// One line that tells it from others.
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
    /// The text, for kinds that are text; else standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    summons: SummonsArguments,
    #[command(flatten)]
    reply: ReplyArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "A summons")]
struct SummonsArguments {
    /// Why the meeting is held.
    #[arg(long, value_name = "TEXT")]
    summons_purpose: Option<String>,
    /// What is asked of those called: one clear question.
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
    /// When the meeting begins.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// How long it is, in minutes. Default: 60.
    #[arg(long, value_name = "MINUTES")]
    minutes: Option<u32>,
    /// Place or video link.
    #[arg(long, value_name = "TEXT")]
    place: Option<String>,
    /// The unit function that answers to the individual.
    #[arg(long, value_name = "TEXT")]
    coordinator: Option<String>,
    /// The competence and mandate asked for.
    #[arg(long, value_name = "TEXT")]
    competence: Option<String>,
    /// What to prepare.
    #[arg(long, value_name = "TEXT")]
    prepare: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "A reply")]
struct ReplyArguments {
    /// The answer.
    #[arg(long, value_enum)]
    answer: Option<AnswerWord>,
    /// Who comes and with which mandate; or why not; or who comes instead; or the contribution.
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// Another time.
    #[arg(long, value_name = "TIME")]
    proposed_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AnswerWord {
    Accept,
    Decline,
    ProposeTime,
    Delegate,
    WrittenContribution,
}

impl AnswerWord {
    const fn number(self) -> wire::Answer {
        match self {
            Self::Accept => wire::Answer::Accept,
            Self::Decline => wire::Answer::Decline,
            Self::ProposeTime => wire::Answer::ProposeTime,
            Self::Delegate => wire::Answer::Delegate,
            Self::WrittenContribution => wire::Answer::WrittenContribution,
        }
    }
}

/// The document that these arguments describe. What is missing is told by the document's own rules.
pub(crate) fn compose(
    kind: Kind,
    arguments: ContentArguments,
    screen: &mut Screen,
) -> Result<wire::Document> {
    let ContentArguments {
        title,
        file,
        summons,
        reply,
    } = arguments;
    let content = match Form::of(kind) {
        Some(Form::Summons) => wire::document::Content::Summons(wire::Summons {
            purpose: summons.summons_purpose.unwrap_or_default(),
            question: summons.question.unwrap_or_default(),
            meeting_at: summons.at.map(time_to_wire),
            length_minutes: summons.minutes.unwrap_or(DEFAULT_MEETING_MINUTES),
            place: summons.place.unwrap_or_default(),
            competence: summons.competence.unwrap_or_default(),
            prepare: summons.prepare.unwrap_or_default(),
            coordinator: summons.coordinator.unwrap_or_default(),
        }),
        Some(Form::Reply) => wire::document::Content::Reply(wire::Reply {
            answer: reply
                .answer
                .map_or(wire::Answer::Unspecified, AnswerWord::number)
                .into(),
            message: reply.message.unwrap_or_default(),
            proposed_at: reply.proposed_at.map(time_to_wire),
        }),
        Some(Form::Text) => {
            let text = input::document_text(file.as_deref(), screen)?.to_string();
            wire::document::Content::Text(wire::Text { text })
        }
        None => {
            return Err(misused(format!(
                "documents of kind {kind} have no form in this version"
            )));
        }
    };
    Ok(wire::Document {
        title,
        content: Some(content),
    })
}

/// An opened document in words.
pub(crate) fn lines(document: &OpenedDocument, names: &UnitNames, screen: &Screen) -> Vec<String> {
    let language = screen.language();
    let kind = capitalised(&samrum_ui::kind(document.kind, language));
    let sender = names.show(document.sender_unit_id);
    let at = moment(document.created_at, language);
    let title = if document.title.is_empty() {
        kind.clone()
    } else {
        format!("{kind}: {}", document.title)
    };
    let from = screen.say("cli-document-from", &[("sender", &sender), ("at", &at)]);
    let id = screen.say(
        "cli-document-id",
        &[("document", &document.document_id.to_string())],
    );
    let mut lines = vec![
        screen.look(Look::Strong, &title),
        from,
        screen.look(Look::Faint, &id),
    ];
    if let Some(answered) = document.in_reply_to {
        let line = screen.say("cli-document-answers", &[("document", &answered.to_string())]);
        lines.push(screen.look(Look::Faint, &line));
    }
    lines.push(String::new());
    match &document.content {
        Content::Text(text) => lines.push(text.clone()),
        Content::Summons(summons) => lines.extend(summons_lines(summons, screen)),
        Content::Reply(reply) => lines.extend(reply_lines(reply, screen)),
    }
    lines
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(characters)
        .collect()
}

fn labelled(screen: &Screen, rows: &[(&str, &str)]) -> Vec<String> {
    let filled = rows.iter().filter(|(_, value)| !value.is_empty());
    filled
        .map(|(id, value)| format!("{}: {value}", screen.look(Look::Strong, &screen.say(id, &[]))))
        .collect()
}

fn summons_lines(summons: &Summons, screen: &Screen) -> Vec<String> {
    let at = moment(summons.meeting_at, screen.language());
    let length = screen.say("cli-minutes", &[("minutes", &summons.length_minutes.to_string())]);
    labelled(
        screen,
        &[
            ("cli-summons-purpose", &summons.purpose),
            ("cli-summons-question", &summons.question),
            ("cli-summons-at", &format!("{at}, {length}")),
            ("cli-summons-place", &summons.place),
            ("cli-summons-competence", &summons.competence),
            ("cli-summons-prepare", &summons.prepare),
            ("cli-summons-coordinator", &summons.coordinator),
        ],
    )
}

fn reply_lines(reply: &Reply, screen: &Screen) -> Vec<String> {
    let answer = match reply.answer {
        "ACCEPT" => "cli-answer-accept",
        "DECLINE" => "cli-answer-decline",
        "PROPOSE_TIME" => "cli-answer-propose-time",
        "DELEGATE" => "cli-answer-delegate",
        _ => "cli-answer-written-contribution",
    };
    let proposed = reply
        .proposed_at
        .map(|at| moment(at, screen.language()))
        .unwrap_or_default();
    labelled(
        screen,
        &[
            ("cli-reply-answer", &screen.say(answer, &[])),
            ("cli-reply-message", &reply.message),
            ("cli-reply-proposed", &proposed),
        ],
    )
}
