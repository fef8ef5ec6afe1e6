//! Documents as they are written, and shown to whoever opened them.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use samrum_consent::vocabulary::Kind;
use samrum_proto::convert::time_to_wire;
use samrum_proto::document::Form;
use samrum_proto::wire::document::v1 as wire;
use samrum_ui::moment;
use serde::Deserialize;

use super::input;
use super::misused;
use super::screen::{Look, Screen};
use super::session::UnitNames;
use crate::error::Result;
use crate::view::{Content, OpenedDocument, Reply, Summons};

/// How long a meeting is unless said otherwise, in minutes.
const DEFAULT_MEETING_MINUTES: u32 = 60;

/// What a document says. Never in arguments: other programs of the machine can read those.
#[derive(Debug, Args)]
pub(crate) struct ContentArguments {
    /// What it says; else standard input. A summons and a reply are TOML, all other kinds plain text whose
    /// first line is the title if an empty line follows.
    ///
    /// A summons: title, purpose, question, at (RFC 3339), minutes, place, coordinator, competence, prepare.
    /// A reply: title, answer (accept, decline, propose-time, delegate, written-contribution), message,
    /// proposed_at.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// A summons as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenSummons {
    title: String,
    purpose: String,
    question: String,
    at: Option<Timestamp>,
    minutes: u32,
    place: String,
    coordinator: String,
    competence: String,
    prepare: String,
}

impl Default for WrittenSummons {
    fn default() -> Self {
        let empty = String::new;
        Self {
            title: empty(),
            purpose: empty(),
            question: empty(),
            at: None,
            minutes: DEFAULT_MEETING_MINUTES,
            place: empty(),
            coordinator: empty(),
            competence: empty(),
            prepare: empty(),
        }
    }
}

/// A reply as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenReply {
    title: String,
    answer: Option<AnswerWord>,
    message: String,
    proposed_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

/// The document that was written. What is missing is told by the document's own rules.
pub(crate) fn compose(
    kind: Kind,
    arguments: &ContentArguments,
    screen: &mut Screen,
) -> Result<wire::Document> {
    let Some(form) = Form::of(kind) else {
        return Err(misused("error-kind-without-form", &[("kind", kind.code())]));
    };
    let written = input::document_text(arguments.file.as_deref(), screen)?;
    read(form, &written)
}

/// What was written, in its form.
fn read(form: Form, written: &str) -> Result<wire::Document> {
    let (title, content) = match form {
        Form::Summons => {
            let summons: WrittenSummons = fields(written)?;
            let content = wire::document::Content::Summons(wire::Summons {
                purpose: summons.purpose,
                question: summons.question,
                meeting_at: summons.at.map(time_to_wire),
                length_minutes: summons.minutes,
                place: summons.place,
                competence: summons.competence,
                prepare: summons.prepare,
                coordinator: summons.coordinator,
            });
            (summons.title, content)
        }
        Form::Reply => {
            let reply: WrittenReply = fields(written)?;
            let answer = reply.answer.map_or(wire::Answer::Unspecified, AnswerWord::number);
            let content = wire::document::Content::Reply(wire::Reply {
                answer: answer.into(),
                message: reply.message,
                proposed_at: reply.proposed_at.map(time_to_wire),
            });
            (reply.title, content)
        }
        Form::Text => {
            let (title, text) = written
                .split_once("\n\n")
                .filter(|(title, _)| !title.contains('\n'))
                .unwrap_or(("", written));
            let text = text.trim_start_matches('\n').to_owned();
            (
                title.to_owned(),
                wire::document::Content::Text(wire::Text { text }),
            )
        }
    };
    Ok(wire::Document {
        title,
        content: Some(content),
    })
}

/// The named fields of a summons or a reply. The message names the field, and repeats nothing of the text.
fn fields<T: serde::de::DeserializeOwned>(written: &str) -> Result<T> {
    toml::from_str(written).map_err(|error| misused("error-document-form", &[("problem", error.message())]))
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
    if document.sender_key_compromised {
        let line = screen.say("cli-document-key-compromised", &[]);
        let line = screen.wrapped(&line, 0, 0);
        lines.extend(line.iter().map(|line| screen.look(Look::Bad, line)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_line_before_an_empty_one_is_the_title() {
        let read = |written| read(Form::Text, written).unwrap();
        let titled = read("Efter mötet\n\nFörsta stycket.\n\nAndra.");
        assert_eq!(titled.title, "Efter mötet");
        let text = |text: &str| {
            Some(wire::document::Content::Text(wire::Text {
                text: text.to_owned(),
            }))
        };
        assert_eq!(titled.content, text("Första stycket.\n\nAndra."));
        let plain = read("En rad\noch en till.\n\nSlut.");
        assert_eq!(
            (plain.title.as_str(), plain.content),
            ("", text("En rad\noch en till.\n\nSlut."))
        );
    }

    #[test]
    fn a_summons_is_written_in_named_fields() {
        let written =
            "title = \"Möte\"\npurpose = \"Plan\"\nquestion = \"Vad?\"\nat = \"2026-12-01T13:00:00Z\"";
        let summons = read(Form::Summons, written).unwrap();
        let Some(wire::document::Content::Summons(summons)) = summons.content else {
            panic!("a summons")
        };
        assert_eq!((summons.question.as_str(), summons.length_minutes), ("Vad?", 60));
    }

    #[test]
    fn what_is_misspelt_is_named_and_the_text_is_not_repeated() {
        let error = read(Form::Reply, "anser = \"accept\"\nmessage = \"hemligt\"")
            .unwrap_err()
            .to_string();
        assert!(error.contains("anser"), "{error}");
        assert!(!error.contains("hemligt"), "{error}");
        assert!(read(Form::Reply, "answer = \"maybe\"").is_err());
    }
}
