//! Those who were asked, as the page names them: the reader by "you", others by number, never by name.
//!
//! Others' answers are told by the day: nobody needs to see at which minute somebody else sat there.

use std::collections::BTreeMap;

use samrum_consent::consent::{self, Evidence, Signer};
use samrum_consent::id::UnitId;
use samrum_ui::{Language, day, moment, text};

use super::passage::Passage;
use super::standing::{Standing, told_by_themselves, told_by_unit};
use crate::service::portal::Asked;

/// One of those who were asked.
pub(super) struct Signatory {
    /// Who: the reader, or a number.
    pub(super) name: String,
    /// What they answered, when, and how it is known.
    pub(super) answer: Passage,
}

/// Who was asked and still counts: who is required now, and the reader. To somebody whose answer is not asked
/// for any more the others' answers are not told.
pub(super) fn signatories(
    asked: &Asked,
    units: &BTreeMap<UnitId, String>,
    language: Language,
) -> Vec<Signatory> {
    let required = &asked.view.required;
    let you = Signer::Person(asked.person);
    let counts =
        |who: Signer| who == you || (asked.may_end() && (required.is_empty() || required.contains(&who)));
    let numbered = asked.consent().signatories.iter().zip(1_usize..);
    numbered
        .filter(|(signatory, _)| counts(signatory.signer))
        .map(|(signatory, number)| {
            let is_you = signatory.signer == you;
            let words = if is_you {
                "page-consent-signatory-you"
            } else {
                "page-consent-signatory"
            };
            let own = is_you.then(|| own_end(asked, language)).flatten();
            Signatory {
                name: text(words, &[("number", number.to_string())], language),
                answer: own.unwrap_or_else(|| answer(signatory, is_you, units, language)),
            }
        })
        .collect()
}

/// The reader's own no, where it ended the consent.
fn own_end(asked: &Asked, language: Language) -> Option<Passage> {
    let at = ("at", moment(asked.ended_by_you.as_ref()?.at, language));
    if let Some(unit) = told_by_unit(asked) {
        let words = "page-consent-declined-recorded";
        return Some(Passage::naming(words, ("unit", unit), &[at], language));
    }
    told_by_themselves(asked)?;
    let words = match Standing::of(asked) {
        Standing::YouRevoked => "page-consent-took-back-at",
        Standing::YouDeclined => "page-consent-declined-at",
        _ => return None,
    };
    Some(Passage::plain(&text(words, &[at], language)))
}

fn answer(
    signatory: &consent::Signatory,
    is_you: bool,
    units: &BTreeMap<UnitId, String>,
    language: Language,
) -> Passage {
    let Some(signature) = &signatory.signature else {
        return Passage::plain(&text("page-consent-not-signed", &[], language));
    };
    let at = if is_you {
        moment(signature.at, language)
    } else {
        day(signature.at, language)
    };
    let (words, recorded_by) = match &signature.evidence {
        Evidence::Portal { .. } => {
            return Passage::plain(&text("page-consent-signed-at", &[("at", at)], language));
        }
        Evidence::Paper { recorded_by, .. } => ("page-consent-signed-on-paper", recorded_by),
        Evidence::Oral { recorded_by, .. } => ("page-consent-signed-orally", recorded_by),
    };
    let unit = units.get(recorded_by).map(String::as_str).unwrap_or_default();
    Passage::naming(words, ("unit", unit), &[("at", at)], language)
}
