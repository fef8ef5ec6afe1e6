//! The statement that a guardian signs: the exact text whose SHA-256 becomes evidence.
//!
//! Deterministic: the same facts in the same language give the same bytes, whatever the order they came in.
//! Who must sign, and what the text is signed with, is not decided here. Source: design of record, Consent 4–6.

use std::collections::{BTreeMap, BTreeSet};

use samrum_consent::id::{ConsentId, UnitId};
use samrum_consent::scope::Scope;
use samrum_consent::vocabulary::{Category, Direction};

use crate::words::text;
use crate::{Language, category, day, day_through, kind, purpose};

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
    lines.extend(scope.acts().iter().map(|act| {
        let id = format!("statement-act-{}", act.code().to_ascii_lowercase());
        say(&id, &[])
    }));
    lines.push(say(
        "statement-purpose",
        &[("purpose", purpose(scope.purpose(), language))],
    ));
    lines.extend(parties(facts, language));
    let categories = |set: &BTreeSet<Category>| list(set.iter().map(|value| category(*value, language)));
    lines.push(say(
        "statement-categories",
        &[("categories", categories(scope.categories()))],
    ));
    let kinds = list(scope.kinds().iter().map(|value| kind(*value, language)));
    lines.push(say("statement-kinds", &[("kinds", kinds)]));
    let from = day(scope.period().from, language);
    let through = day_through(scope.period().until, language);
    lines.push(say("statement-period", &[("from", from), ("through", through)]));
    let excluded = scope.exclusions();
    if !excluded.categories.is_empty() {
        let categories = categories(&excluded.categories);
        lines.push(say(
            "statement-excluded-categories",
            &[("categories", categories)],
        ));
    }
    if !excluded.units.is_empty() {
        let units = names(facts, &excluded.units);
        lines.push(say("statement-excluded-units", &[("units", units)]));
    }
    if !excluded.documents.is_empty() {
        let count = excluded.documents.len().to_string();
        lines.push(say("statement-excluded-documents", &[("count", count)]));
    }
    lines.push(say("statement-revocation", &[]));
    lines.push(say("statement-read", &[]));
    lines.push(String::new());
    lines.join("\n")
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
    let name = |unit: &UnitId| facts.units.get(unit).cloned().unwrap_or_else(|| unit.to_string());
    let named: BTreeSet<String> = units.iter().map(name).collect();
    list(named.into_iter())
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
