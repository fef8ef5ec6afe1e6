//! What the situations reached: a row for every reason, basis, duty, permission and fact that there is, and
//! how many situations fell into it. An empty row proves nothing and fails.

use core::fmt;
use std::collections::BTreeMap;

use samrum_consent::decide::{Answer, Consequence, Ground, Named, Verdict};
use samrum_consent::fact::FactUsed;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Basis, Capacity, CustodySource};

use super::becomes;
use super::catalogue::Rule;
use crate::twins::{GIVEN_ELSEWHERE, known_codes};
use crate::world::Situation;

const FACTS: [&str; 7] = [
    "CUSTODY",
    "ASSESSMENT",
    "HINDRANCE",
    "RISK",
    "REPRESENTATIVE",
    "CARE_ORDER",
    "SITUATION",
];
const BASES: [&str; 6] = [
    "consent",
    "duty",
    "permission",
    "fixed consents",
    "fixed duty",
    "fixed permission",
];
const SHAPES: [&str; 5] = [
    "several consents carry one document",
    "several people's consents carry one document",
    "a document that names no category is permitted",
    "several recipients, not all with the same answer",
    "a recipient of whom nothing is known",
];

/// How often each row was reached.
#[derive(Clone)]
pub(super) struct Table(BTreeMap<&'static str, BTreeMap<String, u64>>);

impl Table {
    /// Every row that there is, empty.
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut table = Self(BTreeMap::new());
        let codes = known_codes();
        let elsewhere = |code: &str| GIVEN_ELSEWHERE.iter().any(|(given, _)| *given == code);
        for code in codes.into_iter().filter(|code| !elsewhere(code)) {
            table.row("reason", code);
            table.row("reason, alone", code);
        }
        for capacity in Capacity::ALL {
            table.row("signature missing of", capacity.code());
        }
        for basis in BASES {
            table.row("permitted on", basis);
            table.row("denied on", basis);
        }
        for rule in rules {
            match rule.role.as_str() {
                "duty" => table.row("duty carries", &rule.id),
                "basis" => {
                    table.row("permission carries", &rule.id);
                    table.row("permission mentioned", &rule.id);
                }
                _ => {}
            }
        }
        for fact in FACTS {
            table.row("permitted by", fact);
            table.row("denied by", fact);
        }
        for source in CustodySource::ALL {
            table.row("custody from", source.code());
        }
        for warning in ["CATEGORY_EXCLUDED", "UNIT_EXCLUDED", "DOCUMENT_EXCLUDED"] {
            table.row("warned of", warning);
        }
        for consequence in ["waits", "withheld"] {
            table.row("at release it", consequence);
        }
        for shape in SHAPES {
            table.row("shape", shape);
        }
        table
    }

    fn row(&mut self, group: &'static str, name: &str) {
        self.0.entry(group).or_default().insert(name.to_owned(), 0);
    }

    fn count(&mut self, group: &'static str, name: &str) {
        let row = self.0.get_mut(group).and_then(|rows| rows.get_mut(name));
        *row.unwrap_or_else(|| panic!("the table has no row {group} {name}")) += 1;
    }

    /// Counts one situation with its answers.
    pub(super) fn note(&mut self, situation: &Situation, verdicts: &[Verdict], rules: &[Rule]) {
        for (recipient, verdict) in situation.request.recipients.iter().zip(verdicts) {
            let known = situation
                .facts
                .recipients
                .iter()
                .any(|unit| unit.id == recipient.unit);
            if known {
                self.note_verdict(&recipient.basis, verdict, rules);
            } else {
                self.count("shape", "a recipient of whom nothing is known");
            }
            if let Answer::Permit(Ground::Consents(versions)) = &verdict.answer {
                self.note_consents(situation, versions.len());
            }
        }
        let permits = |verdict: &Verdict| matches!(verdict.answer, Answer::Permit(_));
        if verdicts.iter().any(permits) && !verdicts.iter().all(permits) {
            self.count("shape", "several recipients, not all with the same answer");
        }
    }

    fn note_consents(&mut self, situation: &Situation, versions: usize) {
        let people = situation.request.subjects.len();
        if versions > people {
            self.count("shape", "several consents carry one document");
        }
        if people > 1 {
            self.count("shape", "several people's consents carry one document");
        }
        if situation.request.categories.is_empty() {
            self.count("shape", "a document that names no category is permitted");
        }
    }

    fn note_verdict(&mut self, named: &Named, verdict: &Verdict, rules: &[Rule]) {
        let basis = match named {
            Named::Now(Basis::Consent) => "consent",
            Named::Now(Basis::Duty) => "duty",
            Named::Now(Basis::Provision { .. }) => "permission",
            Named::Fixed(Ground::Consents(_)) => "fixed consents",
            Named::Fixed(Ground::Provision(id)) if role(rules, id) == "duty" => "fixed duty",
            Named::Fixed(Ground::Provision(_)) => "fixed permission",
        };
        let (answered, by) = match &verdict.answer {
            Answer::Permit(_) => ("permitted on", "permitted by"),
            Answer::Deny(_) => ("denied on", "denied by"),
        };
        self.count(answered, basis);
        for fact in &verdict.facts {
            self.count(by, fact.code());
            if let FactUsed::Custody { source, .. } = fact {
                self.count("custody from", source.code());
            }
        }
        for warning in &verdict.warnings {
            self.count("warned of", warning.code());
        }
        for id in &verdict.alternatives {
            self.count("permission mentioned", id);
        }
        match &verdict.answer {
            Answer::Permit(Ground::Provision(id)) if role(rules, id) == "duty" => {
                self.count("duty carries", id)
            }
            Answer::Permit(Ground::Provision(id)) => self.count("permission carries", id),
            Answer::Permit(Ground::Consents(_)) => {}
            Answer::Deny(reasons) => self.note_denial(named, reasons),
        }
    }

    fn note_denial(&mut self, named: &Named, reasons: &[Reason]) {
        for reason in reasons {
            self.count("reason", reason.code());
            if let Reason::SignatureMissing { capacity, .. } = reason {
                self.count("signature missing of", capacity.code());
            }
        }
        if let [only] = reasons {
            self.count("reason, alone", only.code());
        }
        if matches!(named, Named::Fixed(_)) {
            let then = match becomes(reasons) {
                Consequence::Waits => "waits",
                Consequence::Withheld => "withheld",
            };
            self.count("at release it", then);
        }
    }

    /// Adds what another has counted.
    pub(super) fn add(&mut self, other: &Self) {
        for (group, rows) in &other.0 {
            for (name, count) in rows {
                *self.0.entry(group).or_default().entry(name.clone()).or_default() += count;
            }
        }
    }

    /// The rows that nothing fell into.
    pub(super) fn empty(&self) -> Vec<String> {
        let rows = self.0.iter();
        let named =
            rows.flat_map(|(group, rows)| rows.iter().map(move |(name, count)| (group, name, *count)));
        named
            .filter(|(.., count)| *count == 0)
            .map(|(group, name, _)| format!("{group} {name}"))
            .collect()
    }
}

fn role<'a>(rules: &'a [Rule], id: &str) -> &'a str {
    let rule = rules.iter().find(|rule| rule.id == id);
    rule.map_or("", |rule| &rule.role)
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (group, rows) in &self.0 {
            writeln!(f, "{group}")?;
            for (name, count) in rows {
                writeln!(f, "  {name:<50} {count:>10}")?;
            }
        }
        Ok(())
    }
}
