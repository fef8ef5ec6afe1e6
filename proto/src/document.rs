//! What a document must hold, per kind: judged by the sender before it is sealed, and again by its reader.
//!
//! The hub cannot refuse what it cannot read, so these rules are all there are. They judge form, never whether
//! a document may pass: that is the admission's. Sources: domain, The SIP process; [`wire::document`].
//!
//! [`wire::document`]: crate::wire::document

use prost::Message;
use samrum_consent::vocabulary::Kind;

use crate::convert::{self, InvalidField, Problem};
use crate::envelope::MAX_INLINE_BODY;
use crate::wire::document::v1::document::Content;
use crate::wire::document::v1::{Answer, Document, Reply, Summons, Text};

/// The most characters of a title.
pub const MAX_TITLE_CHARACTERS: usize = 200;
/// The most characters of a summons's purpose.
pub const MAX_PURPOSE_CHARACTERS: usize = 2_000;
/// The most characters of a summons's question, and of the competence it asks for.
pub const MAX_QUESTION_CHARACTERS: usize = 1_000;
/// The most characters of a place or video link.
pub const MAX_PLACE_CHARACTERS: usize = 300;
/// The most characters of what to prepare.
pub const MAX_PREPARE_CHARACTERS: usize = 4_000;
/// The most characters of a coordinator function.
pub const MAX_COORDINATOR_CHARACTERS: usize = 200;
/// The most characters of a reply's message.
pub const MAX_MESSAGE_CHARACTERS: usize = 20_000;
/// The most characters of a text.
pub const MAX_TEXT_CHARACTERS: usize = 200_000;
/// The shortest meeting, in minutes.
pub const MIN_MEETING_MINUTES: u32 = 15;
/// The longest meeting, in minutes.
pub const MAX_MEETING_MINUTES: u32 = 480;

/// A document that its kind does not allow. Names fields, never what they hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocument {
    /// The kind has statutory content for which this version has no form.
    #[error("documents of kind {kind} have statutory content, and this version has no form for it")]
    NoForm {
        /// Which kind.
        kind: Kind,
    },
    /// The content is that of another kind, or absent.
    #[error("a document of kind {kind} must hold {expected}")]
    WrongContent {
        /// Which kind.
        kind: Kind,
        /// What it must hold, by the protocol's name.
        expected: &'static str,
    },
    /// Fields that are missing or break a limit: all of them, at least one.
    #[error("{}", listed(.0))]
    Fields(Vec<InvalidField>),
    /// The bytes are no document.
    #[error("the text does not hold a document")]
    Encoding,
    /// Longer than what travels with its header.
    #[error("the document has {found} bytes; at most {most} travel with its header")]
    TooLong {
        /// The limit.
        most: usize,
        /// What it has.
        found: usize,
    },
}

impl InvalidDocument {
    /// The fields at fault; none when the whole is.
    #[must_use]
    pub fn fields(&self) -> &[InvalidField] {
        match self {
            Self::Fields(fields) => fields,
            Self::NoForm { .. } | Self::WrongContent { .. } | Self::Encoding | Self::TooLong { .. } => &[],
        }
    }
}

fn listed(fields: &[InvalidField]) -> String {
    fields
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The form that documents of a kind have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// [`Summons`].
    Summons,
    /// [`Reply`].
    Reply,
    /// [`Text`].
    Text,
}

impl Form {
    /// The form of this kind; `None` where the law or an agreement lists contents that no form here holds.
    #[must_use]
    pub const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Summons => Some(Self::Summons),
            Kind::Reply => Some(Self::Reply),
            Kind::PreMeeting
            | Kind::Note
            | Kind::Mapping
            | Kind::Information
            | Kind::ConcernReport
            | Kind::ConcernFeedback
            | Kind::InquiryInformation
            | Kind::AdmissionNotice
            | Kind::LvmReport => Some(Self::Text),
            Kind::Plan | Kind::FollowUp | Kind::Evaluation | Kind::Closure | Kind::CostSplit => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Summons => "a summons",
            Self::Reply => "a reply",
            Self::Text => "text",
        }
    }
}

/// Judges a document of this kind.
///
/// # Errors
/// [`InvalidDocument`], with every field at fault.
pub fn validate(kind: Kind, document: &Document) -> Result<(), InvalidDocument> {
    let form = Form::of(kind).ok_or(InvalidDocument::NoForm { kind })?;
    let mut found = Findings::default();
    found.line("title", &document.title, MAX_TITLE_CHARACTERS);
    match (form, &document.content) {
        (Form::Summons, Some(Content::Summons(summons))) => found.summons(summons),
        (Form::Reply, Some(Content::Reply(reply))) => found.reply(reply),
        (Form::Text, Some(Content::Text(Text { text }))) => {
            found.required("text", text);
            found.lines("text", text, MAX_TEXT_CHARACTERS);
        }
        _ => {
            return Err(InvalidDocument::WrongContent {
                kind,
                expected: form.name(),
            });
        }
    }
    if found.0.is_empty() {
        Ok(())
    } else {
        Err(InvalidDocument::Fields(found.0))
    }
}

/// The plaintext of a valid document.
///
/// # Errors
/// [`InvalidDocument`]; [`InvalidDocument::TooLong`] when it cannot travel with its header.
pub fn encode(kind: Kind, document: &Document) -> Result<Vec<u8>, InvalidDocument> {
    validate(kind, document)?;
    let bytes = document.encode_to_vec();
    if bytes.len() > MAX_INLINE_BODY {
        return Err(InvalidDocument::TooLong {
            most: MAX_INLINE_BODY,
            found: bytes.len(),
        });
    }
    Ok(bytes)
}

/// The valid document in a plaintext.
///
/// # Errors
/// [`InvalidDocument`]: no document at all, or one that its kind does not allow.
pub fn decode(kind: Kind, plaintext: &[u8]) -> Result<Document, InvalidDocument> {
    let document = Document::decode(plaintext).map_err(|_| InvalidDocument::Encoding)?;
    validate(kind, &document)?;
    Ok(document)
}

/// The fields at fault, in the order of the protocol.
#[derive(Default)]
struct Findings(Vec<InvalidField>);

impl Findings {
    fn add(&mut self, field: &'static str, problem: Problem) {
        self.0.push(problem.of(field));
    }

    fn summons(&mut self, summons: &Summons) {
        let Summons {
            purpose,
            question,
            meeting_at,
            length_minutes,
            place,
            competence,
            prepare,
            coordinator,
        } = summons;
        self.required("summons.purpose", purpose);
        self.lines("summons.purpose", purpose, MAX_PURPOSE_CHARACTERS);
        self.required("summons.question", question);
        self.lines("summons.question", question, MAX_QUESTION_CHARACTERS);
        self.time("summons.meeting_at", meeting_at.as_ref());
        if !(MIN_MEETING_MINUTES..=MAX_MEETING_MINUTES).contains(length_minutes) {
            self.add(
                "summons.length_minutes",
                Problem::Other("must be 15 to 480 minutes"),
            );
        }
        self.required("summons.place", place);
        self.line("summons.place", place, MAX_PLACE_CHARACTERS);
        self.lines("summons.competence", competence, MAX_QUESTION_CHARACTERS);
        self.lines("summons.prepare", prepare, MAX_PREPARE_CHARACTERS);
        self.required("summons.coordinator", coordinator);
        self.line("summons.coordinator", coordinator, MAX_COORDINATOR_CHARACTERS);
    }

    fn reply(&mut self, reply: &Reply) {
        match Answer::try_from(reply.answer) {
            Ok(Answer::Unspecified) => self.add("reply.answer", Problem::Missing),
            Err(_) => self.add(
                "reply.answer",
                Problem::Other("is no answer that this version knows"),
            ),
            Ok(Answer::Decline | Answer::Delegate | Answer::WrittenContribution) => {
                self.required("reply.message", &reply.message);
            }
            Ok(Answer::ProposeTime) if reply.proposed_at.is_none() => {
                self.add("reply.proposed_at", Problem::Missing);
            }
            Ok(Answer::Accept | Answer::ProposeTime) => {}
        }
        self.lines("reply.message", &reply.message, MAX_MESSAGE_CHARACTERS);
        if reply.proposed_at.is_some() {
            self.time("reply.proposed_at", reply.proposed_at.as_ref());
        }
    }

    fn required(&mut self, field: &'static str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, Problem::Missing);
        }
    }

    fn time(&mut self, field: &'static str, time: Option<&prost_types::Timestamp>) {
        if let Err(invalid) = convert::time(field, time) {
            self.0.push(invalid);
        }
    }

    fn line(&mut self, field: &'static str, text: &str, limit: usize) {
        self.bounded(field, text, limit, |_| false);
    }

    fn lines(&mut self, field: &'static str, text: &str, limit: usize) {
        self.bounded(field, text, limit, |character| matches!(character, '\n' | '\t'));
    }

    /// Control characters are refused because readers show the text in terminals and pages.
    fn bounded(&mut self, field: &'static str, text: &str, limit: usize, allowed: fn(char) -> bool) {
        if text.chars().count() > limit {
            self.add(field, Problem::TooLarge { limit });
        }
        if text
            .chars()
            .any(|character| character.is_control() && !allowed(character))
        {
            self.add(field, Problem::Other("must not hold control characters"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summons() -> Summons {
        Summons {
            purpose: "Plan the support around the child".to_owned(),
            question: "Which measures can each of us promise?".to_owned(),
            meeting_at: Some(prost_types::Timestamp {
                seconds: 1_780_000_000,
                nanos: 0,
            }),
            length_minutes: 60,
            place: "Room 3".to_owned(),
            competence: String::new(),
            prepare: String::new(),
            coordinator: "Child unit, coordinator".to_owned(),
        }
    }

    fn document(content: Content) -> Document {
        Document {
            title: "Title".to_owned(),
            content: Some(content),
        }
    }

    fn faults(kind: Kind, content: Content) -> Vec<&'static str> {
        match validate(kind, &document(content)) {
            Ok(()) => Vec::new(),
            Err(invalid) => invalid.fields().iter().map(|invalid| invalid.field).collect(),
        }
    }

    type Change = fn(&mut Summons);

    #[test]
    fn a_complete_summons_passes_and_each_missing_part_is_named() {
        assert_eq!(
            faults(Kind::Summons, Content::Summons(summons())),
            Vec::<&str>::new()
        );
        let cases: [(&str, Change); 6] = [
            ("summons.purpose", |summons| summons.purpose = " \n".to_owned()),
            ("summons.question", |summons| summons.question.clear()),
            ("summons.meeting_at", |summons| summons.meeting_at = None),
            ("summons.length_minutes", |summons| summons.length_minutes = 14),
            ("summons.place", |summons| summons.place.clear()),
            ("summons.coordinator", |summons| summons.coordinator.clear()),
        ];
        for (field, spoil) in cases {
            let mut spoilt = summons();
            spoil(&mut spoilt);
            assert_eq!(faults(Kind::Summons, Content::Summons(spoilt)), [field]);
        }
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let empty = Content::Summons(Summons::default());
        let fields = faults(Kind::Summons, empty);
        assert_eq!(fields.len(), 6, "{fields:?}");
    }

    #[test]
    fn a_reply_needs_an_answer_and_a_decline_a_message() {
        let reply = |answer: Answer, message: &str| {
            let message = message.to_owned();
            Content::Reply(Reply {
                answer: i32::from(answer),
                message,
                proposed_at: None,
            })
        };
        assert_eq!(faults(Kind::Reply, reply(Answer::Accept, "")), Vec::<&str>::new());
        assert_eq!(
            faults(Kind::Reply, reply(Answer::Unspecified, "yes")),
            ["reply.answer"]
        );
        assert_eq!(
            faults(Kind::Reply, reply(Answer::Decline, " ")),
            ["reply.message"]
        );
        assert_eq!(
            faults(Kind::Reply, reply(Answer::Decline, "no competence")),
            Vec::<&str>::new()
        );
        assert_eq!(
            faults(Kind::Reply, reply(Answer::ProposeTime, "")),
            ["reply.proposed_at"]
        );
        let unknown = Content::Reply(Reply {
            answer: 99,
            ..Reply::default()
        });
        assert_eq!(faults(Kind::Reply, unknown), ["reply.answer"]);
    }

    #[test]
    fn text_is_bounded_and_holds_no_terminal_sequences() {
        let text = |text: String| Content::Text(Text { text });
        assert_eq!(
            faults(Kind::Note, text("Two lines\nare fine".to_owned())),
            Vec::<&str>::new()
        );
        assert_eq!(faults(Kind::Note, text(String::new())), ["text"]);
        assert_eq!(
            faults(Kind::Note, text("å".repeat(MAX_TEXT_CHARACTERS))),
            Vec::<&str>::new()
        );
        assert_eq!(
            faults(Kind::Note, text("å".repeat(MAX_TEXT_CHARACTERS + 1))),
            ["text"]
        );
        assert_eq!(faults(Kind::Note, text("\u{1b}[2J".to_owned())), ["text"]);
    }

    #[test]
    fn content_must_be_that_of_the_kind() {
        let note = document(Content::Text(Text {
            text: "hello".to_owned(),
        }));
        assert_eq!(
            validate(Kind::Summons, &note),
            Err(InvalidDocument::WrongContent {
                kind: Kind::Summons,
                expected: "a summons"
            })
        );
        assert_eq!(
            validate(Kind::Note, &Document::default()),
            Err(InvalidDocument::WrongContent {
                kind: Kind::Note,
                expected: "text"
            })
        );
        assert_eq!(
            validate(Kind::Plan, &note),
            Err(InvalidDocument::NoForm { kind: Kind::Plan })
        );
    }

    #[test]
    fn encoding_is_bounded_and_decoding_judges_again() {
        let note = document(Content::Text(Text {
            text: "hello".to_owned(),
        }));
        let bytes = encode(Kind::Note, &note).unwrap();
        assert_eq!(decode(Kind::Note, &bytes), Ok(note));
        assert!(matches!(
            decode(Kind::Summons, &bytes),
            Err(InvalidDocument::WrongContent { .. })
        ));
        assert_eq!(decode(Kind::Note, &[0xff]), Err(InvalidDocument::Encoding));
        let long = document(Content::Text(Text {
            text: "å".repeat(MAX_TEXT_CHARACTERS),
        }));
        assert!(matches!(
            encode(Kind::Note, &long),
            Err(InvalidDocument::TooLong { .. })
        ));
    }
}
