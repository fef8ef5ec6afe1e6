//! What the parser found wrong with the arguments, in the language of the answers.
//!
//! The parser's findings, our words: it speaks English only. What it finds too seldom for words of ours stays as it is.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use samrum_ui::{Language, text};

/// The whole message: what is wrong, what is possible, how it is used.
pub(crate) fn words(error: &clap::Error, language: Language) -> String {
    let Some(mut said) = finding(error, language) else {
        let rendered = error.render().to_string();
        return rendered
            .strip_prefix("error: ")
            .unwrap_or(&rendered)
            .trim_end()
            .to_owned();
    };
    if let Some(possible) =
        value(error, ContextKind::ValidValue).or_else(|| value(error, ContextKind::ValidSubcommand))
    {
        said.push_str(&format!(
            "\n  {}",
            text("error-usage-possible", &[("possible", possible)], language)
        ));
    }
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    if let Some(suggested) = suggested.into_iter().find_map(|kind| value(error, kind)) {
        let line = text("error-usage-suggested", &[("suggested", suggested)], language);
        said.push_str(&format!("\n  {line}"));
    }
    if let Some(usage) = value(error, ContextKind::Usage) {
        let usage = usage.trim().trim_start_matches("Usage:").trim().to_owned();
        let line = text("error-usage-usage", &[("usage", usage)], language);
        said.push_str(&format!("\n\n{line}"));
    }
    said.push_str(&format!("\n{}", text("error-usage-help", &[], language)));
    said
}

/// What is wrong, in one sentence.
fn finding(error: &clap::Error, language: Language) -> Option<String> {
    let option = || value(error, ContextKind::InvalidArg);
    let given = || value(error, ContextKind::InvalidValue);
    let say = |id, arguments: &[(&str, String)]| Some(text(id, arguments, language));
    match error.kind() {
        ErrorKind::InvalidValue => match given()? {
            given if given.is_empty() => say("error-usage-no-value", &[("option", option()?)]),
            given => say("error-usage-value", &[("given", given), ("option", option()?)]),
        },
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error)?.to_string();
            say(
                "error-usage-value-why",
                &[("given", given()?), ("option", option()?), ("why", why)],
            )
        }
        ErrorKind::UnknownArgument => say("error-usage-unknown", &[("option", option()?)]),
        ErrorKind::InvalidSubcommand => say(
            "error-usage-command",
            &[("command", value(error, ContextKind::InvalidSubcommand)?)],
        ),
        ErrorKind::MissingRequiredArgument => say("error-usage-missing", &[("options", option()?)]),
        ErrorKind::ArgumentConflict => {
            let other = value(error, ContextKind::PriorArg)?;
            say("error-usage-conflict", &[("option", option()?), ("other", other)])
        }
        ErrorKind::TooFewValues | ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            say("error-usage-count", &[("option", option()?)])
        }
        _ => None,
    }
}

fn value(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(list) if list.is_empty() => None,
        ContextValue::Strings(list) => Some(list.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The language that the arguments name, as far as that can be read before they are understood.
pub(crate) fn language(arguments: &[std::ffi::OsString]) -> Option<Language> {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        let named = match argument.strip_prefix("--lang") {
            Some("") => arguments.next().map(std::borrow::Cow::into_owned),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(language) = named.and_then(|named| named.parse().ok()) {
            return Some(language);
        }
    }
    None
}
