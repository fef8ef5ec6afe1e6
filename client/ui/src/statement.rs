//! The statement that a guardian signs: the exact text whose SHA-256 becomes evidence.
//!
//! Deterministic: the same facts in the same language give the same bytes, whatever the order they came in.
//! Who must sign, and what the text is signed with, is not decided here. Source: design of record, Consent 4–6.

use std::collections::{BTreeMap, BTreeSet};

use samrum_consent::id::{ConsentId, UnitId};
use samrum_consent::scope::Scope;
use samrum_consent::vocabulary::{Category, Direction};

use crate::words::text;
use crate::{Language, category, kind, period, purpose};

/// Named in the text's last line. A change of wording is a new version, so that old evidence can be read.
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
/// **Shape**: UTF-8, lines ended by `\n`, the last one naming [`STATEMENT_VERSION`]; no personal identity number.
/// Names cannot add lines of their own, nor turn the direction of reading.
#[must_use]
pub fn consent_statement(facts: &StatementFacts<'_>, language: Language) -> String {
    let scope = facts.scope;
    let say = |id: &str, arguments: &[(&str, String)]| text(id, arguments, language);
    let mut lines = vec![
        say("statement-title", &[]),
        say("statement-number", &[("consent", facts.consent.to_string())]),
        say("statement-requester", &[("requester", one_line(facts.requester))]),
        say("statement-about", &[("about", one_line(facts.about))]),
    ];
    lines.extend(scope.acts().iter().map(|act| {
        let id = format!("statement-act-{}", act.code().to_ascii_lowercase());
        say(&id, &[])
    }));
    lines.push(say(
        "statement-purpose",
        &[("purpose", purpose(scope.purpose(), language))],
    ));
    lines.extend(parties(facts, language));
    let about = categories(scope.categories(), language);
    lines.push(say("statement-categories", &[("categories", about)]));
    let kinds = list(scope.kinds().iter().map(|value| kind(*value, language)));
    lines.push(say("statement-kinds", &[("kinds", kinds)]));
    let period = period(scope.period(), language);
    lines.push(say("statement-period", &[("period", period)]));
    lines.extend(exclusions(facts, language));
    lines.push(say("statement-revocation", &[]));
    lines.push(say("statement-read", &[]));
    lines.push(say("statement-duty", &[]));
    lines.push(say(
        "statement-version",
        &[("version", STATEMENT_VERSION.to_owned())],
    ));
    lines.push(String::new());
    lines.join("\n")
}

/// What must not be shared; said also when that is nothing.
fn exclusions(facts: &StatementFacts<'_>, language: Language) -> Vec<String> {
    let excluded = facts.scope.exclusions();
    let say = |id: &str, name: &str, value: String| text(id, &[(name, value)], language);
    let mut lines = Vec::new();
    if !excluded.categories.is_empty() {
        let categories = categories(&excluded.categories, language);
        lines.push(say("statement-excluded-categories", "categories", categories));
    }
    if !excluded.units.is_empty() {
        let units = names(facts, &excluded.units);
        lines.push(say("statement-excluded-units", "units", units));
    }
    if !excluded.documents.is_empty() {
        let count = excluded.documents.len().to_string();
        lines.push(say("statement-excluded-documents", "count", count));
    }
    if lines.is_empty() {
        lines.push(text("statement-excluded-nothing", &[], language));
    }
    lines
}

fn categories(set: &BTreeSet<Category>, language: Language) -> String {
    list(set.iter().map(|value| category(*value, language)))
}

/// Who may share with whom.
fn parties(facts: &StatementFacts<'_>, language: Language) -> Vec<String> {
    let scope = facts.scope;
    let say = |id: &str, units: &BTreeSet<UnitId>| text(id, &[("units", names(facts, units))], language);
    match scope.direction() {
        Direction::Circle => {
            let all = scope.sources().union(scope.recipients()).copied().collect();
            vec![say("statement-circle", &all)]
        }
        Direction::OneWay => vec![
            say("statement-sources", scope.sources()),
            say("statement-recipients", scope.recipients()),
        ],
    }
}

/// Units by name, in the order of their names; a unit without one by its id, so that none is hidden.
fn names(facts: &StatementFacts<'_>, units: &BTreeSet<UnitId>) -> String {
    let name = |unit: &UnitId| {
        let name = facts.units.get(unit).map(|name| one_line(name));
        name.unwrap_or_else(|| unit.to_string())
    };
    let named: BTreeSet<String> = units.iter().map(name).collect();
    list(named.into_iter())
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}

/// A name on one line: what would break the line, hide or turn the text around it becomes a space.
pub(crate) fn one_line(name: &str) -> String {
    let unruly = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    name.replace(unruly, " ")
}

#[cfg(test)]
mod tests;
