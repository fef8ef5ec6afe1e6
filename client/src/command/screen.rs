//! Where answers go: words with a little colour for a person, one JSON object a line for a program.

use std::env;
use std::io::{self, IsTerminal, Write};

use samrum_ui::{Language, text};
use serde::Serialize;

use super::failure::Failure;
use super::layout::{self, DEFAULT_WIDTH, NARROWEST, WIDEST};
use crate::error::Exit;
use crate::transport::way::Way;

/// What the command takes from the process around it, read in this one place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// The locale of messages, such as `sv_SE.UTF-8`.
    pub(crate) locale: Option<String>,
    /// Whether colours are wanted and can be shown.
    pub(crate) colour: bool,
    /// How many columns there are, where somebody says so.
    pub(crate) columns: Option<usize>,
}

impl Environment {
    /// That of this process: `LC_ALL`, `LC_MESSAGES`, `LANG`, `NO_COLOR`, `TERM`, `COLUMNS`, and the terminal.
    pub(crate) fn of_process() -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        let dumb = set("TERM").is_some_and(|terminal| terminal == "dumb");
        Self {
            locale: locale.map(|locale| locale.to_string_lossy().into_owned()),
            colour: io::stdout().is_terminal() && set("NO_COLOR").is_none() && !dumb,
            columns: set("COLUMNS")
                .and_then(|columns| columns.to_str()?.parse().ok())
                .or_else(|| {
                    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
                }),
        }
    }

    /// English unless the locale says Swedish.
    fn language(&self) -> Language {
        let locale = self.locale.as_deref().unwrap_or_default();
        locale.parse().unwrap_or(Language::English)
    }
}

/// Ends every look.
const PLAIN: &str = "\u{1b}[0m";

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// A heading.
    Strong,
    /// Less important: ids, codes.
    Faint,
    /// Good news.
    Good,
    /// Bad news.
    Bad,
}

impl Look {
    const fn sequence(self) -> &'static str {
        match self {
            Self::Strong => "\u{1b}[1m",
            Self::Faint => "\u{1b}[2m",
            Self::Good => "\u{1b}[32m",
            Self::Bad => "\u{1b}[31m",
        }
    }
}

/// Standard output and standard error, with everything that decides how they are used.
pub(crate) struct Screen {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    json: bool,
    colour: bool,
    language: Language,
    width: usize,
}

impl Screen {
    pub(crate) fn new(
        environment: &Environment,
        json: bool,
        out: Box<dyn Write>,
        err: Box<dyn Write>,
    ) -> Self {
        Self {
            out,
            err,
            json,
            colour: environment.colour,
            language: environment.language(),
            width: environment
                .columns
                .unwrap_or(DEFAULT_WIDTH)
                .clamp(NARROWEST, WIDEST),
        }
    }

    /// Takes over what the arguments say.
    pub(crate) fn adapt(&mut self, json: bool, language: Option<Language>) {
        self.json = json;
        self.language = language.unwrap_or(self.language);
    }

    /// The language of the answers.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// How many columns a line may take.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// A text in lines of this screen's width, `first` and `rest` in.
    pub(crate) fn wrapped(&self, text: &str, first: usize, rest: usize) -> Vec<String> {
        layout::wrapped(text, self.width, first, rest)
    }

    /// Whether answers are JSON.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// A sentence in the language of the answers.
    pub(crate) fn say(&self, id: &str, arguments: &[(&str, &str)]) -> String {
        let owned: Vec<(&str, String)> = arguments
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        text(id, &owned, self.language)
    }

    /// The text in that look, where colours are shown.
    pub(crate) fn look(&self, look: Look, text: &str) -> String {
        if self.colour {
            format!("{}{text}{PLAIN}", look.sequence())
        } else {
            text.to_owned()
        }
    }

    /// One line of an answer in words, or several.
    pub(crate) fn line(&mut self, text: &str) {
        let text = harmless(text);
        written(writeln!(self.out, "{text}").and_then(|()| self.out.flush()));
    }

    /// The answer: as JSON, or in words.
    pub(crate) fn answer<T: Serialize>(&mut self, answer: &T, words: impl FnOnce(&mut Self)) {
        if self.json {
            self.object(answer)
        } else {
            words(self)
        }
    }

    /// One JSON object on a line of its own.
    pub(crate) fn object<T: Serialize>(&mut self, answer: &T) {
        let written_whole = serde_json::to_writer(&mut self.out, answer).map_err(io::Error::from);
        written(
            written_whole
                .and_then(|()| writeln!(self.out))
                .and_then(|()| self.out.flush()),
        );
    }

    /// A question to whoever sits at the keyboard, without ending the line.
    pub(crate) fn ask(&self, question: &str) {
        let mut keyboard = io::stderr();
        written(write!(keyboard, "{question}").and_then(|()| keyboard.flush()));
    }

    /// A remark for a person that is no part of the answer; programs are spared it.
    pub(crate) fn remark(&mut self, text: &str) {
        if !self.json {
            written(writeln!(self.err, "{}", harmless(text)));
        }
    }

    /// Says beside the answer which way the calls went.
    pub(crate) fn went(&mut self, way: Way) {
        if self.json {
            let way = serde_json::json!({ "transport": way });
            written(writeln!(self.err, "{way}"));
        } else {
            let said = self.say("cli-transport", &[("way", &way.to_string())]);
            let said = self.look(Look::Faint, &said);
            written(writeln!(self.err, "{}", harmless(&said)));
        }
    }

    /// Says what failed, and gives back the exit code.
    pub(crate) fn fail(&mut self, failure: &Failure, exit: Exit) -> Exit {
        if self.json {
            let whole = serde_json::to_writer(&mut self.err, failure).map_err(io::Error::from);
            written(whole.and_then(|()| writeln!(self.err)));
        } else {
            let words = harmless(&failure.words(self));
            written(writeln!(self.err, "{words}"));
        }
        exit
    }
}

/// The text without control characters but for line ends, tabs and the looks of this screen: names and sentences
/// come from elsewhere and must not steer the terminal.
fn harmless(text: &str) -> String {
    const LOOKS: [Look; 4] = [Look::Strong, Look::Faint, Look::Good, Look::Bad];
    let mut shown = String::with_capacity(text.len());
    let mut left = text;
    while let Some(first) = left.chars().next() {
        let sequences = LOOKS.into_iter().map(Look::sequence).chain([PLAIN]);
        let taken = match sequences.into_iter().find(|sequence| left.starts_with(sequence)) {
            Some(sequence) => {
                shown.push_str(sequence);
                sequence.len()
            }
            None => {
                let steers = first.is_control() && !matches!(first, '\n' | '\t');
                shown.push(if steers {
                    char::REPLACEMENT_CHARACTER
                } else {
                    first
                });
                first.len_utf8()
            }
        };
        left = left.get(taken..).unwrap_or_default();
    }
    shown
}

/// Whoever reads the output may go away at any time; there is nobody left to tell.
fn written(_outcome: io::Result<()>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_does_not_steer_the_terminal() {
        assert_eq!(
            harmless("a\u{1b}]0;title\u{7}b\rc\n\td"),
            "a\u{fffd}]0;title\u{fffd}b\u{fffd}c\n\td"
        );
        let ours = format!("{}✓{PLAIN} å", Look::Good.sequence());
        assert_eq!(harmless(&ours), ours);
    }

    #[test]
    fn english_unless_the_locale_is_swedish() {
        let language = |locale: Option<&str>| {
            Environment {
                locale: locale.map(str::to_owned),
                ..Environment::default()
            }
            .language()
        };
        assert_eq!(language(Some("sv_SE.UTF-8")), Language::Swedish);
        for other in [Some("en_GB.UTF-8"), Some("C"), Some("de_DE"), None] {
            assert_eq!(language(other), Language::English);
        }
    }
}
