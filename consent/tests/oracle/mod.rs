//! The decision once more, written for reading: slow, plain, from the domain's text and not from the engine.
//! It reads the catalogue as text and the calendar by hand. Where the two disagree, the text decides.
//!
//! It gives the whole answer: permit with its ground or every reason, the facts used, warnings, what else is
//! mentioned. `compare` sets it against the engine; `table` counts what the situations reached.

mod calendar;
mod catalogue;
mod compare;
mod condition;
mod consent;
mod provision;
mod signatory;
mod table;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use samrum_consent::decide::{Answer, Consequence, Decision, Ground, Named, Recipient, Request, Verdict};
use samrum_consent::fact::{FactUsed, Facts, Individual, Subject, Unit};
use samrum_consent::id::{IndividualId, UnitId};
use samrum_consent::law::Policy;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Basis, Category};

use crate::world::Situation;
use catalogue::Rule;

/// One recipient's case, laid out on the table.
struct Case<'a> {
    request: &'a Request,
    facts: &'a Facts,
    rules: &'a [Rule],
    policy: &'a Policy,
    now: Timestamp,
    /// The date in Stockholm.
    today: Date,
    recipient: &'a Unit,
}

/// What came of it: the ground, or every reason; and the facts that it was read from.
struct Finding {
    result: Result<Ground, BTreeSet<Reason>>,
    facts: BTreeSet<FactUsed>,
}

impl Finding {
    fn denied(reason: Reason) -> Self {
        Self {
            result: Err([reason].into()),
            facts: BTreeSet::new(),
        }
    }
}

impl<'a> Case<'a> {
    fn sender(&self) -> UnitId {
        self.facts.sender.id
    }

    /// The person behind an id, when the hub knows them.
    fn known(&self, id: IndividualId) -> Option<&'a Subject> {
        self.facts.subjects.iter().find(|subject| subject.id == id)
    }

    /// Those it is about whom the hub knows.
    fn people(&self) -> Vec<&'a Subject> {
        let asked = self.request.subjects.iter();
        asked.filter_map(|id| self.known(*id)).collect()
    }

    /// What the document may be about: a document that names no category may hold any.
    fn categories(&self) -> BTreeSet<Category> {
        if self.request.categories.is_empty() {
            BTreeSet::from_iter(Category::ALL.iter().copied())
        } else {
            self.request.categories.clone()
        }
    }

    /// Under 18 on this day in Stockholm; whose age is unproven counts as a child.
    fn is_child(&self, individual: &Individual) -> bool {
        match individual.birth {
            Some(birth) => !calendar::has_reached(birth, 18, self.today),
            None => true,
        }
    }
}

/// The whole answer.
fn decision(situation: &Situation, rules: &[Rule]) -> Decision {
    let today = calendar::date_in_stockholm(situation.now);
    let verdict = |asked: &Recipient| {
        let unit = situation
            .facts
            .recipients
            .iter()
            .find(|unit| unit.id == asked.unit);
        let Some(unit) = unit else {
            return Verdict::denied(asked.unit, Reason::RecipientOutsideScope);
        };
        let case = Case {
            request: &situation.request,
            facts: &situation.facts,
            rules,
            policy: &situation.law.policy,
            now: situation.now,
            today,
            recipient: unit,
        };
        judge(&case, &asked.basis)
    };
    Decision {
        verdicts: situation.request.recipients.iter().map(verdict).collect(),
    }
}

/// The basis that was named, and no other.
fn judge(case: &Case<'_>, basis: &Named) -> Verdict {
    let finding = match basis {
        Named::Now(Basis::Consent) => consent::on_consent(case, None),
        Named::Now(Basis::Duty) => provision::on_duty(case),
        Named::Now(Basis::Provision { id, reason }) => provision::on_permission(case, id, reason),
        Named::Fixed(Ground::Consents(fixed)) => consent::on_consent(case, Some(fixed)),
        Named::Fixed(Ground::Provision(id)) => provision::as_before(case, id),
    };
    let mut warnings = BTreeSet::new();
    let mut alternatives = Vec::new();
    match (&finding.result, basis) {
        (Ok(Ground::Provision(_)), _) => warnings = condition::ruled_out(case),
        (Err(_), Named::Now(Basis::Consent)) => alternatives = provision::worth_mentioning(case),
        _ => {}
    }
    let answer = match finding.result {
        Ok(ground) => Answer::Permit(ground),
        Err(reasons) => Answer::Deny(reasons.into_iter().collect()),
    };
    Verdict {
        recipient: case.recipient.id,
        answer,
        facts: finding.facts,
        warnings,
        alternatives,
    }
}

/// Domain, Consent 7: what becomes of a document that waits. Revoked, declined, expired, superseded or
/// narrowed ends it, and so does a provision that no longer carries it; anything else may still come.
fn becomes(reasons: &[Reason]) -> Consequence {
    const ENDING: [&str; 9] = [
        "CONSENT_REVOKED",
        "CONSENT_DECLINED",
        "CONSENT_EXPIRED",
        "CONSENT_SUPERSEDED",
        "CATEGORY_EXCLUDED",
        "UNIT_EXCLUDED",
        "DOCUMENT_EXCLUDED",
        "BASIS_ENDED",
        "PROVISION_OFF",
    ];
    if reasons.iter().any(|reason| ENDING.contains(&reason.code())) {
        Consequence::Withheld
    } else {
        Consequence::Waits
    }
}
