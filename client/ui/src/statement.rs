//! The statement that a guardian signs: the exact text whose SHA-256 becomes evidence.
//!
//! Deterministic: the same facts in the same language give the same bytes, whatever the order they came in.
//! Who must sign, and what the text is signed with, is not decided here. Source: design of record, Consent 4–6.

use std::collections::BTreeMap;

use samrum_consent::id::{ConsentId, UnitId};
use samrum_consent::scope::Scope;

use crate::Language;
use crate::words::text;

/// The first line of the text. A change of wording is a new version, so that old evidence can be read.
pub const STATEMENT_VERSION: &str = "consent-statement-v1";

/// What the statement says.
#[derive(Debug, Clone, Copy)]
pub struct StatementFacts<'a> {
    /// The consent that is asked for.
    pub consent: ConsentId,
    /// Who asks: the unit's name, as [`StatementFacts::units`] would give it.
    pub requester: &'a str,
    /// Whom it is about, by name.
    pub about: &'a str,
    /// What is opened.
    pub scope: &'a Scope,
    /// The names of all units in the scope, with authority and organisation where they have them.
    pub units: &'a BTreeMap<UnitId, String>,
}

/// The statement, ready to be shown, hashed and signed.
///
/// **Shape**: UTF-8, lines ended by `\n`, the first line [`STATEMENT_VERSION`]; no personal identity number.
#[must_use]
pub fn consent_statement(facts: &StatementFacts<'_>, language: Language) -> String {
    let scope = facts.scope;
    let say = |id: &str, arguments: &[(&str, String)]| text(id, arguments, language);
    let mut lines = vec![
        STATEMENT_VERSION.to_owned(),
        say("statement-title", &[]),
        say("statement-number", &[("consent", facts.consent.to_string())]),
        say(
            "statement-requester",
            &[("requester", facts.requester.to_owned())],
        ),
        say("statement-about", &[("about", facts.about.to_owned())]),
    ];
    lines.extend(scope.acts().iter().map(|value| {
        say(
            &format!("statement-act-{}", value.code().to_ascii_lowercase()),
            &[],
        )
    }));
    lines.join("\n")
}
