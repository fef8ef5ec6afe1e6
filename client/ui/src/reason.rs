//! Reasons and remedies in sentences, keyed by their stable codes.
//!
//! Codes and arguments come from `consent` (decisions) and `proto` (protocol). A sentence says no more than its
//! arguments do.

use crate::words::lookup_text;
use crate::{Language, act, beginning, category, day, ending, kind, purpose};

/// The sentence of a reason, of a decision or of the protocol.
///
/// **Shape**: `arguments` as [`samrum_consent::reason::Reason::arguments`] gives them or as they came over the
/// wire; values that cannot be read appear as they are. A code without sentence, or one whose argument is
/// missing, gives the code.
#[must_use]
pub fn reason_sentence<A, B>(code: &str, arguments: &[(A, B)], language: Language) -> String
where
    A: AsRef<str>,
    B: AsRef<str>,
{
    let mut shown: Vec<(&str, String)> = arguments
        .iter()
        .map(|(name, value)| (name.as_ref(), shown(name.as_ref(), value.as_ref(), language)))
        .collect();
    // Decisions written down before capacities were told name guardians only.
    if !shown.iter().any(|(name, _)| *name == "capacity") {
        shown.push(("capacity", "GUARDIAN".to_owned()));
    }
    sentence("reason", code, &shown, language)
}

/// The sentence of a remedy: what somebody can do.
///
/// **Shape**: a code without sentence gives the code.
#[must_use]
pub fn remedy_sentence(code: &str, language: Language) -> String {
    sentence("remedy", code, &[], language)
}

fn sentence(family: &str, code: &str, arguments: &[(&str, String)], language: Language) -> String {
    let id = format!("{family}-{}", slug(code));
    lookup_text(&id, arguments, language).unwrap_or_else(|| code.to_owned())
}

/// The part of a Fluent id that stands for a code: `MEDICATION` → `medication`.
pub(crate) fn slug(code: &str) -> String {
    code.to_ascii_lowercase().replace('_', "-")
}

/// An argument as people write it: words for codes, days for times (to the minute, where no day begins).
fn shown(name: &str, value: &str, language: Language) -> String {
    let word = match name {
        "category" => value.parse().ok().map(|value| category(value, language)),
        "kind" => value.parse().ok().map(|value| kind(value, language)),
        "purpose" => value.parse().ok().map(|value| purpose(value, language)),
        "act" => value.parse().ok().map(|value| act(value, language)),
        "from" => value.parse().ok().map(|at| beginning(at, language)),
        "checked" => value.parse().ok().map(|at| day(at, language)),
        "until" => value.parse().ok().map(|at| ending(at, language)),
        _ => None,
    };
    word.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests;
