//! What the demo is told: its options, and the little it takes from the environment.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Parser;
use samrum_client::transport::way::Transport;
use samrum_ui::Language;

/// Samrum's story, played by real processes on this machine.
///
/// A hub with an empty database in a temporary folder, an invented municipality and region, one invented
/// child with two guardians. A summons is refused, consent is asked for and given, the summons passes, one
/// guardian takes the consent back, and what still waited is withheld. Everything happens on this machine.
#[derive(Debug, Clone, Default, Parser)]
#[command(name = "samrum-demo", version)]
pub(crate) struct Arguments {
    /// Run through and end; exit 0 only if every step did what it must
    #[arg(long)]
    pub(crate) once: bool,
    /// Instead of the story: "May I share this?" asked in one case after the other, each with its answer
    #[arg(long, conflicts_with = "report")]
    pub(crate) cases: bool,
    /// One JSON object per step, or per case, on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the story with its receipts as one HTML page, made to be forwarded
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Language: sv or en [default: English unless the locale is Swedish]
    #[arg(long, value_name = "LANG")]
    lang: Option<Language>,
    /// Which way the organisations' calls go: auto, quic or tcp
    #[arg(long, value_name = "WAY", default_value = "tcp")]
    pub(crate) transport: Transport,
    /// Use this empty or new folder and keep it, with keys, database and log
    #[arg(long, value_name = "FOLDER")]
    pub(crate) keep: Option<PathBuf>,
}

/// What the demo takes from the process around it, read in this one place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    locale: Option<String>,
    /// Whether standard output shows colours.
    pub(crate) colour: bool,
    /// Whether a person sits in front of it.
    pub(crate) terminal: bool,
}

impl Environment {
    /// That of this process: `LC_ALL`, `LC_MESSAGES`, `LANG`, `NO_COLOR`, `TERM`, and the terminal.
    pub(crate) fn of_process() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        let dumb = set("TERM").is_some_and(|terminal| terminal == "dumb");
        let shown = io::stdout().is_terminal();
        Self {
            locale: locale.map(|locale| locale.to_string_lossy().into_owned()),
            colour: shown && !dumb && set("NO_COLOR").is_none(),
            terminal: shown && io::stdin().is_terminal(),
        }
    }
}

impl Arguments {
    /// The language to tell the story in.
    pub(crate) fn language(&self, environment: &Environment) -> Language {
        let locale = environment.locale.as_deref().unwrap_or_default();
        self.lang
            .unwrap_or_else(|| locale.parse().unwrap_or(Language::English))
    }

    /// Whether the story waits for a person at `note-queued`.
    pub(crate) const fn pauses(&self, environment: &Environment) -> bool {
        environment.terminal && !self.once && !self.json && !self.cases
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn language(line: &[&str], locale: Option<&str>) -> Language {
        let arguments = Arguments::try_parse_from([&["samrum-demo"], line].concat()).unwrap();
        let environment = Environment {
            locale: locale.map(str::to_owned),
            ..Environment::default()
        };
        arguments.language(&environment)
    }

    #[test]
    fn the_parser_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn english_unless_the_locale_or_the_option_says_swedish() {
        assert_eq!(language(&[], None), Language::English);
        assert_eq!(language(&[], Some("C.UTF-8")), Language::English);
        assert_eq!(language(&[], Some("sv_SE.UTF-8")), Language::Swedish);
        assert_eq!(
            language(&["--lang", "en"], Some("sv_SE.UTF-8")),
            Language::English
        );
        assert_eq!(language(&["--lang", "sv"], None), Language::Swedish);
    }

    #[test]
    fn only_a_person_is_waited_for() {
        let person = Environment {
            terminal: true,
            ..Environment::default()
        };
        let parse = |line: &[&str]| Arguments::try_parse_from(line).unwrap();
        assert!(parse(&["samrum-demo"]).pauses(&person));
        assert!(!parse(&["samrum-demo"]).pauses(&Environment::default()));
        assert!(!parse(&["samrum-demo", "--once"]).pauses(&person));
        assert!(!parse(&["samrum-demo", "--json"]).pauses(&person));
    }
}
