//! Every reason has a permit twin: two situations that differ in a single fact, one permitted, the other
//! denied for exactly these reasons. What no decision produces is listed with where it is given instead.

mod consent;
mod provision;
mod release;
mod scope;
mod signatory;

use std::collections::BTreeSet;

use samrum_consent::decide::{Answer, Consequence, Decision, Verdict, consequence};
use samrum_consent::reason::Reason;

use crate::world::{Situation, note_on_consent, unit};

/// Reasons that `decide` never produces, and who gives them.
pub(crate) const GIVEN_ELSEWHERE: &[(&str, &str)] = &[
    (
        "DELIVERY_WITHHELD",
        "the inbox answers so for a delivery that a denial at release has ended",
    ),
    (
        "DELIVERY_WAITING",
        "a recipient is told so of a document it never had, whatever is missing",
    ),
    (
        "KEY_COMPROMISED",
        "a release is refused so when the key that the document is sealed to was reported compromised",
    ),
    (
        "DELIVERY_EXPIRED",
        "the inbox answers so for a delivery whose time ran out",
    ),
    (
        "DELIVERY_WAITING",
        "the inbox answers so for a delivery that waits for what only the sender may know",
    ),
];

/// Two situations that differ in a single fact.
pub(crate) struct Twin {
    /// The fact that differs, in words.
    fact: &'static str,
    /// The permitted one.
    permitted: fn() -> Situation,
    /// Changes the fact.
    change: fn(&mut Situation),
    /// Exactly why the other is denied.
    denied: Vec<Reason>,
    /// What that denial means for a document that waits.
    then: Consequence,
}

impl Twin {
    fn denied(&self) -> Situation {
        let mut situation = (self.permitted)();
        (self.change)(&mut situation);
        situation
    }
}

fn twins() -> Vec<Twin> {
    consent::twins()
        .into_iter()
        .chain(provision::twins())
        .chain(release::twins())
        .chain(scope::twins())
        .chain(signatory::twins())
        .collect()
}

#[test]
fn every_denial_has_its_permit_twin() {
    let mut wrong = Vec::new();
    for twin in twins() {
        let permitted = (twin.permitted)().answer();
        if let Answer::Deny(reasons) = permitted {
            wrong.push(format!("{}: even without it {reasons:?}", twin.fact));
        }
        let answer = twin.denied().answer();
        if answer != Answer::Deny(twin.denied.clone()) {
            wrong.push(format!("{}: {answer:?} instead of {:?}", twin.fact, twin.denied));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_denial_says_what_becomes_of_a_waiting_document() {
    for twin in twins() {
        assert_eq!(consequence(&twin.denied().reasons()), twin.then, "{}", twin.fact);
    }
}

#[test]
fn what_ends_a_document_is_not_undone_by_what_else_is_missing() {
    for ending in twins().iter().filter(|twin| twin.then == Consequence::Withheld) {
        for other in twins() {
            let both = [other.denied, ending.denied.clone()].concat();
            assert_eq!(
                consequence(&both),
                Consequence::Withheld,
                "{} and {}",
                ending.fact,
                other.fact
            );
        }
    }
}

#[test]
fn every_reason_is_produced_here_or_given_elsewhere() {
    let produced: BTreeSet<&str> = twins()
        .iter()
        .flat_map(|twin| twin.denied.iter().map(Reason::code).collect::<Vec<_>>())
        .collect();
    let elsewhere: BTreeSet<&str> = GIVEN_ELSEWHERE.iter().map(|(code, _)| *code).collect();
    for (code, why) in GIVEN_ELSEWHERE {
        assert!(
            !produced.contains(code),
            "{code} is produced by a decision; do not list it as: {why}"
        );
    }
    let known = known_codes();
    let covered: BTreeSet<&str> = produced.union(&elsewhere).copied().collect();
    let uncovered: Vec<_> = known.difference(&covered).collect();
    assert!(
        uncovered.is_empty(),
        "give these reasons a twin or a place in GIVEN_ELSEWHERE: {uncovered:?}"
    );
    assert_eq!(covered, known, "a code listed here is no reason any more");
}

/// Every code in the one table of reasons, which the compiler keeps complete.
pub(crate) fn known_codes() -> BTreeSet<&'static str> {
    let source = include_str!("../../src/reason.rs");
    let table = source.split_once("const fn facets").expect("the one table").1;
    let rows = table.lines().filter(|line| line.contains("=> (\""));
    let codes: Vec<_> = rows.filter_map(|row| row.split('"').nth(1)).collect();
    let known: BTreeSet<_> = codes.iter().copied().collect();
    assert_eq!(known.len(), codes.len(), "no code occurs twice");
    assert!(
        known.contains("CONSENT_MISSING"),
        "the table has another form: mend this test"
    );
    known
}

#[test]
fn every_recipient_gets_its_own_answer_in_the_order_asked() {
    let mut situation = note_on_consent();
    let clinic = unit::private_clinic();
    let mut second = situation.request.recipients[0].clone();
    second.unit = clinic.id;
    situation.request.recipients.insert(0, second);
    situation.facts.recipients.push(clinic.clone());
    let decision = situation.decision();
    let of = |verdict: &Verdict| (verdict.recipient, matches!(verdict.answer, Answer::Permit(_)));
    let answers: Vec<_> = decision.verdicts.iter().map(of).collect();
    assert_eq!(answers, [(clinic.id, false), (unit::social_services().id, true)]);
    assert!(!decision.permits_all());
    assert_eq!(decision.first_reason(), Some(&Reason::RecipientOutsideScope));
    situation.request.recipients.remove(0);
    assert!(situation.decision().permits_all(), "its twin, without the clinic");
}

#[test]
fn nobody_asked_is_no_permit() {
    let mut situation = note_on_consent();
    situation.request.recipients.clear();
    assert_eq!(situation.decision(), Decision { verdicts: Vec::new() });
    assert!(!situation.decision().permits_all());
}

#[test]
fn a_recipient_without_facts_is_outside_every_scope() {
    let mut situation = note_on_consent();
    situation.facts.recipients.clear();
    assert_eq!(situation.reasons(), [Reason::RecipientOutsideScope]);
}
