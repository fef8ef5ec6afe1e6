//! The receipt for a consent in words: who has said yes and how, and what the consent says now.
//!
//! Names no signatory: units read it too, and to them those who signed are numbers. The receipt as JSON is the
//! hub's. Source: Kantara Initiative, Consent Receipt Specification 1.1; domain, Consent 10.

use jiff::Timestamp;
use samrum_consent::consent::Evidence;
use samrum_consent::vocabulary::Capacity;

use crate::reason::slug;
use crate::statement::one_line;
use crate::words::text;
use crate::{Language, StatementFacts, consent_state, consent_statement, moment, period};

/// What the receipt says.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptFacts<'a> {
    /// Its own number.
    pub number: &'a str,
    /// The consent's revision that it is about.
    pub revision: u64,
    /// Where the consent stands, by its code such as `ACTIVE`.
    pub state: &'a str,
    /// Everyone who was asked, in the order of their numbers.
    pub signatories: &'a [ReceiptSignatory<'a>],
    /// What the consent says now.
    pub statement: StatementFacts<'a>,
}

/// One who was asked.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptSignatory<'a> {
    /// From 1.
    pub number: u32,
    /// In which capacity they sign.
    pub capacity: Capacity,
    /// How the yes was given, and when; none while it is missing.
    pub signed: Option<(&'a Evidence, Timestamp)>,
    /// SHA-256 of what was signed, in hexadecimal, where there is something.
    pub digest: Option<&'a str>,
    /// The unit that recorded it, by name; none when it was given in the portal.
    pub recorded_by: Option<&'a str>,
}

/// The receipt, ready to be kept.
///
/// **Shape**: UTF-8, lines ended by `\n`; the statement last. No personal identity number, no signatory's name.
#[must_use]
pub fn consent_receipt(facts: &ReceiptFacts<'_>, language: Language) -> String {
    let say = |id: &str, arguments: &[(&str, String)]| text(id, arguments, language);
    let mut lines = vec![
        say("receipt-title", &[]),
        say("receipt-number", &[("receipt", facts.number.to_owned())]),
        say(
            "receipt-consent",
            &[
                ("consent", facts.statement.consent.to_string()),
                ("revision", facts.revision.to_string()),
            ],
        ),
        say(
            "receipt-state",
            &[("state", consent_state(facts.state, language))],
        ),
    ];
    for signatory in facts.signatories {
        lines.extend(signed(signatory, language));
    }
    lines.push(String::new());
    lines.push(say("receipt-text-follows", &[]));
    lines.push(String::new());
    lines.push(consent_statement(&facts.statement, language));
    lines.join("\n")
}

fn signed(signatory: &ReceiptSignatory<'_>, language: Language) -> Vec<String> {
    let mut arguments = vec![
        ("number", signatory.number.to_string()),
        ("capacity", receipt_capacity(signatory.capacity, language)),
    ];
    let Some((evidence, at)) = signatory.signed else {
        return vec![text("receipt-unsigned", &arguments, language)];
    };
    arguments.push(("method", receipt_method(evidence, language)));
    arguments.push(("at", moment(at, language)));
    let mut lines = vec![match signatory.recorded_by {
        Some(unit) => {
            arguments.push(("unit", one_line(unit)));
            text("receipt-signed-recorded", &arguments, language)
        }
        None => text("receipt-signed", &arguments, language),
    }];
    let digest = signatory.digest.map(|digest| ("digest", digest.to_owned()));
    lines.extend(digest.map(|digest| text("receipt-digest", &[digest], language)));
    lines
}

/// In which capacity somebody signed.
#[must_use]
pub fn receipt_capacity(capacity: Capacity, language: Language) -> String {
    let id = format!("receipt-capacity-{}", slug(capacity.code()));
    text(&id, &[], language)
}

/// How a yes was given, as it stands in the middle of a sentence.
#[must_use]
pub fn receipt_method(evidence: &Evidence, language: Language) -> String {
    let id = match evidence {
        Evidence::Portal { .. } => "receipt-method-portal",
        Evidence::Paper { .. } => "receipt-method-paper",
        Evidence::Oral { .. } => "receipt-method-oral",
    };
    text(id, &[], language)
}

/// When and how the consent ends, in a sentence.
#[must_use]
pub fn receipt_termination(of: samrum_consent::scope::Period, language: Language) -> String {
    let period = ("period", period(of, language));
    text("receipt-termination", &[period], language)
}

#[cfg(test)]
mod tests;
