//! Several answers in a row: asked for one by one at a keyboard; or piped in, a line each in the same order, or one
//! JSON object with a member each.

use std::collections::VecDeque;

use serde::Deserialize as _;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{MAX_LINES_BYTES, is_typed, lines, next_line, number, piped, typed_unseen};
use crate::client::PersonInput;
use crate::command::misused;
use crate::command::screen::Screen;
use crate::error::Result;

/// Where the answers come from.
pub(crate) enum Answers {
    /// Somebody types them.
    Typed,
    /// Lines of standard input.
    Lines(VecDeque<Zeroizing<String>>),
    /// Members of the one object on standard input.
    Object(Map<String, Value>),
}

impl Answers {
    /// The answers on standard input, unless somebody sits at the keyboard.
    pub(crate) fn open() -> Result<Self> {
        if is_typed() {
            Ok(Self::Typed)
        } else {
            Self::read(&piped()?)
        }
    }

    fn read(text: &str) -> Result<Self> {
        if !text.trim_start().starts_with('{') {
            return Ok(Self::Lines(lines(text).into()));
        }
        // What is wrong is said without repeating what stands there.
        let mut reader = serde_json::Deserializer::from_str(text);
        let object = Map::deserialize(&mut reader).and_then(|object| reader.end().map(|()| object));
        object.map(Self::Object).map_err(|error| {
            let (line, column) = (error.line().to_string(), error.column().to_string());
            misused("error-input-json", &[("line", &line), ("column", &column)])
        })
    }

    /// The next answer: asked for in these words, or the next line, or this member.
    pub(crate) fn text(&mut self, member: &'static str, asked: &str, screen: &Screen) -> Result<String> {
        let text = match self {
            Self::Typed => {
                screen.ask(asked);
                Some(next_line(MAX_LINES_BYTES)?)
            }
            Self::Lines(lines) => lines.pop_front().map(|line| line.to_string()),
            Self::Object(object) => match object.remove(member) {
                Some(Value::String(text)) => Some(text),
                Some(_) => return Err(misused("error-input-member", &[("member", member)])),
                None => None,
            },
        };
        let text = text.unwrap_or_default();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(misused("error-input-missing", &[("member", member)]));
        }
        Ok(text)
    }

    /// Why something is so.
    pub(crate) fn reason(&mut self, screen: &Screen) -> Result<String> {
        self.text("reason", &screen.say("cli-ask-reason", &[]), screen)
    }

    /// A guardian: number, then name; typed unseen where somebody types.
    pub(crate) fn guardian(&mut self, screen: &Screen) -> Result<PersonInput> {
        let digits = if self.is_typed() {
            screen.ask(&format!("{}\n", screen.say("cli-ask-guardian", &[])));
            typed_unseen(screen)?
        } else {
            Zeroizing::new(self.text("guardian_number", "", screen)?)
        };
        Ok(PersonInput {
            number: number(&digits)?,
            name: self.text("guardian_name", &screen.say("cli-ask-name", &[]), screen)?,
        })
    }

    /// Goes on only if nothing is left over: what nobody asked for was meant for something.
    pub(crate) fn close(self) -> Result<()> {
        match self {
            Self::Typed => Ok(()),
            Self::Lines(lines) if lines.is_empty() => Ok(()),
            Self::Object(object) if object.is_empty() => Ok(()),
            Self::Lines(_) | Self::Object(_) => Err(misused("error-input-left-over", &[])),
        }
    }

    const fn is_typed(&self) -> bool {
        matches!(self, Self::Typed)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::command::screen::Environment;

    fn screen() -> Screen {
        Screen::new(
            &Environment::default(),
            false,
            Box::new(io::sink()),
            Box::new(io::sink()),
        )
    }

    fn guardian_and_reason(text: &str) -> Result<(PersonInput, String)> {
        let mut answers = Answers::read(text)?;
        let guardian = answers.guardian(&screen())?;
        let reason = answers.reason(&screen())?;
        answers.close()?;
        Ok((guardian, reason))
    }

    #[test]
    fn lines_and_an_object_say_the_same() {
        let lines = guardian_and_reason("198509219831\nRobin Exempel\nhar rest bort\n").unwrap();
        let object = r#"{"reason": "har rest  bort", "guardian_name": "Robin Exempel", "guardian_number": "19850921-9831"}"#;
        assert!(lines == guardian_and_reason(object).unwrap());
        assert_eq!(lines.1, "har rest bort");
    }

    #[test]
    fn what_is_missing_too_much_or_wrong_is_named_and_never_repeated() {
        for (text, named) in [
            ("", "guardian_number"),
            ("198509219831\n", "guardian_name"),
            ("198509219831\nRobin Exempel\n", "reason"),
            ("198509219831\nRobin Exempel\nwhy\nmore\n", "more"),
            ("198509219832\nRobin Exempel\nwhy\n", "last digit"),
            (r#"{"guardian_number": 198509219831}"#, "guardian_number"),
            (r#"{"guardian_number": "198509219831", "#, "line 1"),
            (r#"{"guardian_number": "198509219831"} x"#, "line 1"),
            (
                r#"{"guardian_number": "198509219831", "guardian_name": "R", "reason": "w", "kommentar": "x"}"#,
                "more",
            ),
        ] {
            let said = guardian_and_reason(text).err().unwrap().to_string();
            assert!(said.contains(named), "{said}");
            assert!(!said.contains("98509") && !said.contains("Robin"), "{said}");
        }
    }
}
