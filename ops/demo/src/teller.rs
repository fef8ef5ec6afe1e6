//! Whoever tells the story: runs each step, holds it to its outcome, says it on the screen or as JSON, and
//! remembers it for the report.

use std::io::{self, Write};
use std::time::Instant;

use samrum_ui::Language;
use serde::Serialize;

use crate::narration::{self, Frame, Tone};
use crate::step::{Decided, FailureObject, Outcome, StepId, StepObject, Telling, Told};
use crate::trouble::{Result, Trouble, must};

/// Lines on the screen are broken before this column.
const COLUMNS: usize = 80;
/// How far what is said of a step stands in.
const INDENT: usize = 6;
/// How far what is shown of a case stands in.
const CASE_INDENT: usize = INDENT - 1;
/// The columns that are left for what is shown of a case.
pub(crate) const CASE_COLUMNS: usize = COLUMNS - CASE_INDENT;

/// How a piece of text looks on a terminal (ECMA-48 SGR).
#[derive(Debug, Clone, Copy)]
enum Look {
    Strong,
    Faint,
    Good,
    Bad,
}

/// The one who tells.
pub(crate) struct Teller {
    out: Box<dyn Write>,
    json: bool,
    colour: bool,
    language: Language,
    told: Vec<Telling>,
    begun: Instant,
}

impl Teller {
    /// Tells on this output.
    pub(crate) fn new(out: Box<dyn Write>, language: Language, json: bool, colour: bool) -> Self {
        Self {
            out,
            json,
            colour: colour && !json,
            language,
            told: Vec::new(),
            begun: Instant::now(),
        }
    }

    /// The language of the story.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// The steps told so far.
    pub(crate) fn told(&self) -> &[Telling] {
        &self.told
    }

    /// Every decision of the story so far.
    pub(crate) fn decisions(&self) -> Vec<Decided> {
        let told = self.told.iter();
        told.flat_map(|telling| telling.told.decisions.iter().cloned())
            .collect()
    }

    /// Seconds since the story began.
    pub(crate) fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Runs a step and tells it. A step with another outcome than it must have is a failure like any other.
    pub(crate) async fn step<T>(
        &mut self,
        step: StepId,
        run: impl Future<Output = Result<Told<T>>>,
    ) -> Result<T> {
        if !self.json {
            self.heading(step);
        }
        let begun = Instant::now();
        let judged = run.await.and_then(|told| {
            held_to(step, told.outcome)?;
            Ok(told)
        });
        let (told, value) = match judged {
            Ok(told) => told.replacing(()),
            Err(trouble) => {
                self.fail(step, &trouble);
                return Err(trouble);
            }
        };
        let telling = Telling {
            step,
            told,
            seconds: begun.elapsed().as_secs_f64(),
        };
        if self.json {
            self.object(&StepObject::from(&telling));
        } else {
            self.ending(&telling);
        }
        self.told.push(telling);
        Ok(value)
    }

    /// Says what frames the story; programs are spared it.
    pub(crate) fn frame(&mut self, frame: &Frame) {
        if self.json {
            return;
        }
        let text = narration::frame(frame, self.language);
        let text = match frame {
            Frame::Title | Frame::CasesTitle => self.look(Look::Strong, &text),
            Frame::AllWell { .. } | Frame::AllAnswered { .. } => self.look(Look::Good, &text),
            Frame::Ready { .. } | Frame::SettingUp => self.look(Look::Faint, &wrapped(&text, 0)),
            Frame::Command(_) => self.look(Look::Faint, &format!("  # {text}")),
            Frame::LinkOf { .. } => format!("  {text}"),
            _ => wrapped(&text, 0),
        };
        self.line(&text);
    }

    /// One line as it stands; programs are spared it.
    pub(crate) fn plain(&mut self, text: &str) {
        if !self.json {
            self.line(text);
        }
    }

    /// The number and title of a case; programs are spared them.
    pub(crate) fn case_heading(&mut self, number: usize, title: &str) {
        if !self.json {
            let number = self.look(Look::Strong, &format!("{number:>3}. "));
            let title = wrapped(title, INDENT - 1);
            self.line(&format!("\n{number}{}\n", title.trim_start()));
        }
    }

    /// A case that went as it must: an object for programs, the command and what it shows for people.
    pub(crate) fn case(&mut self, object: &impl Serialize, command: &str, shown: &str) {
        if self.json {
            self.object(object);
        } else {
            self.command(command, CASE_INDENT);
            self.line("");
            for line in shown.lines() {
                let indent = if line.is_empty() { 0 } else { CASE_INDENT };
                self.line(&format!("{}{line}", " ".repeat(indent)));
            }
        }
    }

    /// A command in lines that a shell reads as one; programs are spared it.
    pub(crate) fn command(&mut self, command: &str, indent: usize) {
        if !self.json {
            for line in broken(command, indent) {
                let line = self.look(Look::Faint, &line);
                self.line(&line);
            }
        }
    }

    /// A case that did not.
    pub(crate) fn case_failed(&mut self, object: &impl Serialize, expected: &str, came: &str) {
        if self.json {
            self.object(object);
        } else {
            let (expected, came) = (expected.to_owned(), came.to_owned());
            let text = narration::frame(&Frame::Failed { expected, came }, self.language);
            let text = self.look(Look::Bad, &text);
            self.line(&text);
        }
    }

    fn heading(&mut self, step: StepId) {
        let number = self.look(Look::Strong, &format!("{:>3}. ", step.number()));
        let title = wrapped(narration::title(step, self.language), INDENT - 1);
        self.line(&format!("\n{number}{}", title.trim_start()));
    }

    fn ending(&mut self, telling: &Telling) {
        let outcome = telling.told.outcome;
        let (mark, look) = match outcome {
            Outcome::Deny => ("✗", Look::Bad),
            Outcome::Withheld | Outcome::Rejected => ("■", Look::Bad),
            Outcome::Ok | Outcome::Permit | Outcome::Verified => ("✓", Look::Good),
        };
        let word = narration::outcome(outcome, self.language).to_uppercase();
        let word = self.look(look, &format!("{mark} {word}"));
        let id = self.look(Look::Faint, telling.step.id());
        self.line(&format!("     {word}  {id}"));
        for line in &telling.told.lines {
            let (tone, sentences) = narration::sentences(line, self.language);
            for (place, sentence) in sentences.iter().enumerate() {
                let text = wrapped(sentence, INDENT + 1);
                let text = match (tone, place) {
                    (Tone::Good, 0) => self.look(Look::Good, &text),
                    (Tone::Bad, 0) => self.look(Look::Bad, &text),
                    (_, 0) => text,
                    _ => self.look(Look::Faint, &text),
                };
                self.line(&text);
            }
        }
    }

    fn fail(&mut self, step: StepId, trouble: &Trouble) {
        let (expected, came) = trouble.sides();
        if self.json {
            self.object(&FailureObject {
                step: step.id(),
                outcome: "failed",
                reasons: [],
                expected: &expected,
                came: &came,
            });
        } else {
            let text = narration::frame(&Frame::Failed { expected, came }, self.language);
            let text = self.look(Look::Bad, &text);
            self.line(&text);
        }
    }

    fn look(&self, look: Look, text: &str) -> String {
        let sequence = match look {
            Look::Strong => "1",
            Look::Faint => "2",
            Look::Good => "32",
            Look::Bad => "31",
        };
        if self.colour {
            format!("\u{1b}[{sequence}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn line(&mut self, text: &str) {
        written(writeln!(self.out, "{text}").and_then(|()| self.out.flush()));
    }

    fn object<T: Serialize>(&mut self, object: &T) {
        let whole = serde_json::to_writer(&mut self.out, object).map_err(io::Error::from);
        written(
            whole
                .and_then(|()| writeln!(self.out))
                .and_then(|()| self.out.flush()),
        );
    }
}

/// Whoever reads the output may go away at any time; there is nobody left to tell.
fn written(_outcome: io::Result<()>) {}

fn held_to(step: StepId, outcome: Outcome) -> Result<()> {
    must(outcome == step.must(), &format!("{:?}", step.must()), || {
        format!("{outcome:?}")
    })
}

/// A command in lines of at most [`COLUMNS`], as far as its options allow: broken before an option, with the sign
/// that it goes on (POSIX shell).
fn broken(command: &str, indent: usize) -> Vec<String> {
    const GOES_ON: &str = " \\";
    let margin = " ".repeat(indent);
    let mut options = command.split(" --");
    let mut line = format!("{margin}{}", options.next().unwrap_or_default());
    let mut lines = Vec::new();
    for option in options {
        let option = format!(" --{option}");
        let length = [&line, &option, GOES_ON].map(|part| part.chars().count());
        if length.iter().sum::<usize>() > COLUMNS {
            lines.push(std::mem::replace(&mut line, format!("{margin}   ")) + GOES_ON);
        }
        line.push_str(&option);
    }
    lines.push(line);
    lines
}

/// The text with lines broken between words, each line standing in.
fn wrapped(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        if paragraph.starts_with(' ') {
            lines.push(format!("{margin}{paragraph}"));
            continue;
        }
        let mut line = margin.clone();
        let mut width = indent;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if width > indent && width + 1 + length > COLUMNS {
                lines.push(std::mem::replace(&mut line, margin.clone()));
                width = indent;
            }
            if width > indent {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += length;
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    /// An output that a test reads afterwards.
    #[derive(Clone, Default)]
    struct Output(Rc<RefCell<Vec<u8>>>);

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    async fn told(json: bool, outcome: Outcome) -> (Result<()>, String) {
        let output = Output::default();
        let mut teller = Teller::new(Box::new(output.clone()), Language::English, json, false);
        let run = async { Ok(Told::new(outcome)) };
        let result = teller.step(StepId::ConsentRequested, run).await;
        let text = String::from_utf8(output.0.borrow().clone()).unwrap();
        (result, text)
    }

    #[tokio::test]
    async fn a_step_with_its_outcome_is_told() {
        let (result, text) = told(true, Outcome::Ok).await;
        assert!(result.is_ok());
        assert!(
            text.starts_with(r#"{"step":"consent-requested","outcome":"ok","reasons":[]"#),
            "{text}"
        );
        let (result, text) = told(false, Outcome::Ok).await;
        assert!(result.is_ok() && text.contains("✓ DONE"), "{text}");
    }

    #[tokio::test]
    async fn a_step_with_another_outcome_is_a_failure() {
        let (result, text) = told(true, Outcome::Deny).await;
        assert!(result.is_err());
        let expected =
            r#"{"step":"consent-requested","outcome":"failed","reasons":[],"expected":"Ok","came":"Deny"}"#;
        assert_eq!(text.trim(), expected);
        let (result, text) = told(false, Outcome::Deny).await;
        assert!(result.is_err() && text.contains("Expected: Ok"), "{text}");
    }

    #[test]
    fn a_broken_command_is_still_one_command() {
        let command =
            "./samrum --profile profiles/social-services check --about 1 --to 'BUP Exempelstad' --kind NOTE";
        let lines = broken(command, 5);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].ends_with(" \\") && !lines[1].ends_with('\\'));
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS));
        let words = lines.iter().flat_map(|line| line.split_whitespace());
        let words: Vec<_> = words.filter(|word| *word != "\\").collect();
        assert_eq!(words.join(" "), command);
    }

    #[test]
    fn lines_are_broken_between_words() {
        let text = wrapped(&"word ".repeat(40), 4);
        assert!(text.lines().count() > 1);
        for line in text.lines() {
            assert!(
                line.chars().count() <= COLUMNS && line.starts_with("    word"),
                "{line}"
            );
        }
        assert_eq!(wrapped("a\n\n    b", 0), "a\n\n    b");
    }
}
