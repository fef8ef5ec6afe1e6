//! On a provision, from domain, "Legal bases other than consent": duties without a switch; permissions that
//! the operator turned on, the sender named with a reason, and that fit.

use std::collections::BTreeSet;

use samrum_consent::decide::Ground;
use samrum_consent::fact::FactUsed;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Circumstance, Kind};

use super::catalogue::{Rule, Wanted};
use super::signatory::counts;
use super::{Case, Finding};

/// What fails, and the facts that were looked at.
#[derive(Default)]
struct Wrong {
    reasons: BTreeSet<Reason>,
    facts: BTreeSet<FactUsed>,
}

impl Wrong {
    fn finding(self, rule: &Rule) -> Finding {
        let result = if self.reasons.is_empty() {
            Ok(Ground::Provision(rule.id.clone()))
        } else {
            Err(self.reasons)
        };
        Finding {
            result,
            facts: self.facts,
        }
    }
}

fn rule<'a>(case: &Case<'a>, id: &str) -> Option<&'a Rule> {
    case.rules.iter().find(|rule| rule.id == id)
}

const fn is_ordered_by_duties(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ConcernReport
            | Kind::ConcernFeedback
            | Kind::InquiryInformation
            | Kind::AdmissionNotice
            | Kind::LvmReport
    )
}

/// The duty in force today that orders this kind. No switch, no consent, no exclusion stands in its way.
pub(super) fn on_duty(case: &Case<'_>) -> Finding {
    let kind = case.request.kind;
    if !is_ordered_by_duties(kind) {
        return Finding::denied(Reason::BasisNotForKind { kind });
    }
    let ordering = |rule: &&Rule| rule.role == "duty" && rule.names_kind(kind) && rule.in_force(case.today);
    match case.rules.iter().find(ordering) {
        None => Finding::denied(Reason::ProvisionNotInForce),
        Some(duty) => {
            let mut wrong = Wrong::default();
            fits(case, duty, &mut wrong);
            wrong.finding(duty)
        }
    }
}

/// A permitting provision that the sender names now.
pub(super) fn on_permission(case: &Case<'_>, id: &str, why: &str) -> Finding {
    let Some(rule) = rule(case, id).filter(|rule| rule.role == "basis") else {
        return Finding::denied(Reason::ProvisionUnknown);
    };
    let mut wrong = Wrong::default();
    permits(case, rule, &mut wrong);
    if !rule.in_force(case.today) {
        wrong.reasons.insert(Reason::ProvisionNotInForce);
    }
    if why.trim().is_empty() {
        wrong.reasons.insert(Reason::ProvisionReasonMissing);
    }
    wrong.finding(rule)
}

/// At release: what a duty carried stays carried; a permission must still stand.
pub(super) fn as_before(case: &Case<'_>, id: &str) -> Finding {
    let kind = case.request.kind;
    let Some(rule) = rule(case, id) else {
        return Finding::denied(Reason::BasisEnded);
    };
    let mut wrong = Wrong::default();
    match rule.role.as_str() {
        "duty" => {
            if !(is_ordered_by_duties(kind) && rule.names_kind(kind)) {
                wrong.reasons.insert(Reason::BasisNotForKind { kind });
            }
        }
        "basis" if rule.in_force(case.today) => permits(case, rule, &mut wrong),
        _ => {
            wrong.reasons.insert(Reason::BasisEnded);
        }
    }
    wrong.finding(rule)
}

/// What "May I share this?" mentions beside a no on consent. Never whether a circumstance is recorded.
pub(super) fn worth_mentioning(case: &Case<'_>) -> Vec<String> {
    let mut mentioned = Vec::new();
    for rule in case.rules {
        let mut wrong = Wrong::default();
        parties(case, rule, &mut wrong);
        let stands = rule.role == "basis" && rule.in_force(case.today) && is_on(case, rule);
        if stands && carries(case, rule) && wrong.reasons.is_empty() {
            mentioned.push(rule.id.clone());
        }
    }
    mentioned
}

fn is_on(case: &Case<'_>, rule: &Rule) -> bool {
    case.facts.provisions_on.contains(&rule.id)
}

/// "A permitting provision carries only the kind `INFORMATION`."
fn carries(case: &Case<'_>, rule: &Rule) -> bool {
    case.request.kind == Kind::Information && rule.names_kind(Kind::Information)
}

/// Everything a permission needs but its date and the reason in words.
fn permits(case: &Case<'_>, rule: &Rule, wrong: &mut Wrong) {
    fits(case, rule, wrong);
    let kind = case.request.kind;
    if !carries(case, rule) {
        wrong.reasons.insert(Reason::BasisNotForKind { kind });
    }
    if case.request.subjects.is_empty() {
        wrong.reasons.insert(Reason::SubjectMissing);
    }
    // "Needs that person's consent too, unless the basis itself covers relatives."
    if case.request.subjects.len() > 1 && !rule.covers_relatives {
        wrong.reasons.insert(Reason::ProvisionCircumstanceMissing);
    }
    if !is_on(case, rule) {
        wrong.reasons.insert(Reason::ProvisionOff);
    }
}

/// "The engine finds that it fits authority, sector, holder, age and circumstances."
fn fits(case: &Case<'_>, rule: &Rule, wrong: &mut Wrong) {
    parties(case, rule, wrong);
    // One of these suffices, and the first that holds is the one that is named; all of those are needed,
    // and the first that does not hold ends it.
    let mut holds = rule.any.is_empty();
    for wanted in &rule.any {
        holds = holds || is_so(case, rule, *wanted, &mut wrong.facts);
    }
    for wanted in &rule.all {
        holds = holds && is_so(case, rule, *wanted, &mut wrong.facts);
    }
    if !holds {
        wrong.reasons.insert(Reason::ProvisionCircumstanceMissing);
    }
}

fn parties(case: &Case<'_>, rule: &Rule, wrong: &mut Wrong) {
    let (sender, recipient) = (&case.facts.sender, case.recipient);
    if !rule.reaches_from(sender, &case.facts.role) {
        wrong.reasons.insert(Reason::ProvisionSenderMismatch);
    }
    if !rule.reaches_to(sender, recipient, case.facts.reporter) {
        wrong.reasons.insert(Reason::ProvisionRecipientMismatch);
    } else if rule.reception_only && !recipient.board_reception {
        wrong.reasons.insert(Reason::NotBoardReception);
    }
    // "Name, number, address, expected discharge, nothing else."
    for category in case.categories() {
        if !rule.names_category(category) {
            wrong.reasons.insert(Reason::CategoryNotCovered { category });
        }
    }
}

fn is_so(case: &Case<'_>, rule: &Rule, wanted: Wanted, facts: &mut BTreeSet<FactUsed>) -> bool {
    match wanted {
        Wanted::Under18 => about_a_child(case, rule),
        Wanted::Recorded(circumstance) => is_recorded(case, rule, circumstance, facts),
    }
}

/// With relatives covered, one child is enough; else all must be children. "Unknown counts as a child" for
/// every duty, and for a permission whose text says so; that goes for people and for ages.
fn about_a_child(case: &Case<'_>, rule: &Rule) -> bool {
    let unknown_counts = rule.role == "duty" || rule.unknown_age_is_a_childs;
    let mut children = Vec::new();
    for id in &case.request.subjects {
        let birth = case.known(*id).and_then(|subject| subject.individual.birth);
        children.push(match (case.known(*id), birth) {
            (Some(subject), Some(_)) => case.is_child(&subject.individual),
            _ => unknown_counts,
        });
    }
    // Nobody named is somebody unknown.
    if children.is_empty() {
        children.push(unknown_counts);
    }
    if rule.covers_relatives {
        children.contains(&true)
    } else {
        !children.contains(&false)
    }
}

/// An inquiry is the receiving board's to record. Anything else the one who reports on a duty judges itself;
/// for a permission the sender must have recorded it, and a second professional attested.
fn is_recorded(
    case: &Case<'_>,
    rule: &Rule,
    circumstance: Circumstance,
    facts: &mut BTreeSet<FactUsed>,
) -> bool {
    let inquiry = circumstance == Circumstance::InquiryDecided;
    if rule.role == "duty" && !inquiry {
        return true;
    }
    let answers_for_it = if inquiry { case.recipient.id } else { case.sender() };
    let mut found = Vec::new();
    for subject in case.people() {
        let mut records = Vec::new();
        for record in &subject.individual.situations {
            let period = record.fact.period;
            let now = period.from <= case.now && case.now < period.until;
            let says = record.fact.circumstance == circumstance && now;
            if says && record.by == answers_for_it && counts(case, record) {
                records.push((record.at, record.id));
            }
        }
        if let Some((_, newest)) = records.into_iter().max() {
            found.push(newest);
        }
    }
    facts.extend(found.iter().map(|id| FactUsed::Situation(*id)));
    if rule.covers_relatives {
        !found.is_empty()
    } else {
        !found.is_empty() && found.len() == case.request.subjects.len()
    }
}
