//! One run of the `samrum` command: arguments and input in, exit code and JSON out.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use samrum_ui::Language;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::Part;
use crate::teller::CASE_COLUMNS;
use crate::trouble::{Result, Trouble, must};
use crate::verdict::{Refusal, reasons, verdicts};

/// The longest that one command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);
/// The most characters of an answer that are repeated when something is wrong with it.
const MAX_QUOTED: usize = 600;
/// The exit codes that matter here.
const OK: i32 = 0;
const FAILED: i32 = 1;
const REFUSED: i32 = 4;

/// The command, in one language.
#[derive(Debug, Clone)]
pub(crate) struct Samrum {
    program: PathBuf,
    language: Language,
}

/// What one run came to.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The command without its options' values: those may hold texts.
    command: String,
    exit: Option<i32>,
    out: String,
    err: String,
}

impl Samrum {
    /// The command, played by this program.
    pub(crate) const fn new(program: PathBuf, language: Language) -> Self {
        Self { program, language }
    }

    /// The language of its sentences.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// The same command in a language.
    pub(crate) fn in_language(&self, language: Language) -> Self {
        Self {
            language,
            ..self.clone()
        }
    }

    /// Runs it with a profile, and with `input` on its standard input.
    pub(crate) async fn run(&self, profile: &Path, arguments: &[&str], input: &str) -> Result<Answer> {
        self.start(profile, &[&["--json"], arguments].concat(), input, &[])
            .await
    }

    /// What it shows to a person, if it succeeds.
    pub(crate) async fn show(&self, profile: &Path, arguments: &[&str], input: &str) -> Result<String> {
        let columns = [("COLUMNS", CASE_COLUMNS.to_string())];
        let answer = self.start(profile, arguments, input, &columns).await?;
        must(answer.exit == Some(OK), "something to be shown (exit 0)", || {
            quoted(&format!("{}{}", answer.out, answer.err))
        })?;
        Ok(answer.out.trim_end().to_owned())
    }

    async fn start(
        &self,
        profile: &Path,
        arguments: &[&str],
        input: &str,
        environment: &[(&str, String)],
    ) -> Result<Answer> {
        let mut command = Command::new(&self.program);
        command
            .arg(Part::Samrum.word())
            .arg("--profile")
            .arg(profile)
            .args(["--lang", self.language.code()])
            .args(arguments)
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(Trouble::system("starting samrum"))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A command that wants no input may have gone before it came: what it says tells the rest.
            if stdin.write_all(input.as_bytes()).await.is_ok() {
                let _ = stdin.shutdown().await;
            }
        }
        let ended = tokio::time::timeout(COMMAND_TIMEOUT, child.wait_with_output()).await;
        let output = ended
            .map_err(|_| Trouble::unexpected("samrum to answer within a minute", "nothing"))?
            .map_err(Trouble::system("waiting for samrum"))?;
        Ok(Answer {
            command: named(arguments),
            exit: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

/// The words of a command up to its options.
fn named(arguments: &[&str]) -> String {
    let words: Vec<&str> = arguments
        .iter()
        .skip_while(|argument| argument.starts_with("--"))
        .take_while(|argument| !argument.starts_with("--"))
        .copied()
        .collect();
    format!("samrum {}", words.join(" "))
}

impl Answer {
    /// Its object, if it succeeded.
    pub(crate) fn done(&self) -> Result<Value> {
        self.object(OK, "success (exit 0)", &self.out)
    }

    /// Its object, if it failed having found something (exit 1).
    pub(crate) fn failed(&self) -> Result<Value> {
        self.object(FAILED, "a finding (exit 1)", &self.out)
    }

    /// Its refusal, if the hub refused.
    pub(crate) fn refused(&self) -> Result<Refusal> {
        let object = self.object(REFUSED, "a refusal (exit 4)", &self.err)?;
        let reasons = reasons(&verdicts(&object)?);
        must(!reasons.is_empty(), "a refusal with its reasons", || {
            object.to_string()
        })?;
        Ok(Refusal {
            decision: text(&object, "/decision_id")?,
            reasons,
        })
    }

    fn object(&self, exit: i32, expected: &str, stream: &str) -> Result<Value> {
        let expected = || format!("{}: {expected}", self.command);
        if self.exit != Some(exit) {
            let exit = self
                .exit
                .map_or_else(|| "a signal".to_owned(), |exit| format!("exit {exit}"));
            let said = quoted(&format!("{}{}", self.out, self.err));
            return Err(Trouble::unexpected(expected(), format!("{exit}: {said}")));
        }
        serde_json::from_str(stream.trim()).map_err(|error| {
            Trouble::unexpected(expected(), format!("no object ({error}): {}", quoted(stream)))
        })
    }
}

fn quoted(said: &str) -> String {
    let said = said.trim();
    if said.chars().count() > MAX_QUOTED {
        format!("{}…", said.chars().take(MAX_QUOTED).collect::<String>())
    } else {
        said.to_owned()
    }
}

/// A text in an object, by JSON pointer (RFC 6901).
pub(crate) fn text(object: &Value, pointer: &str) -> Result<String> {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| Trouble::unexpected(format!("a text at {pointer}"), quoted(&object.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(exit: i32, out: &str, err: &str) -> Answer {
        Answer {
            command: named(&["send", "--about", "secret"]),
            exit: Some(exit),
            out: out.to_owned(),
            err: err.to_owned(),
        }
    }

    #[test]
    fn success_is_success_only_with_exit_zero_and_an_object() {
        let object = answer(0, "{\"a\":{\"b\":\"c\"}}\n", "").done().unwrap();
        assert_eq!(text(&object, "/a/b").unwrap(), "c");
        assert!(text(&object, "/a/d").is_err());
        assert!(answer(4, "{}", "").done().is_err());
        assert!(answer(0, "words", "").done().is_err());
    }

    #[test]
    fn a_refusal_has_a_decision_and_reasons() {
        let err = r#"{"error":"x","decision_id":"d","verdicts":[{"recipient_unit_id":"u","permitted":false,
            "ground":null,"reasons":[{"code":"CONSENT_MISSING","sentence":"s"}]}]}"#;
        let refusal = answer(4, "", err).refused().unwrap();
        assert_eq!((refusal.decision.as_str(), refusal.reasons.len()), ("d", 1));
        assert!(answer(0, "{}", "").refused().is_err());
        let without = r#"{"error":"x","decision_id":"d","verdicts":[]}"#;
        assert!(answer(4, "", without).refused().is_err());
    }

    #[test]
    fn what_is_said_of_a_command_holds_no_values_of_options() {
        let trouble = answer(3, "", "not found").done().unwrap_err().to_string();
        assert!(
            trouble.contains("samrum send") && trouble.contains("exit 3"),
            "{trouble}"
        );
        assert!(!trouble.contains("secret"), "{trouble}");
    }
}
