//! Whether a provision carries a document: a duty, or a permitting provision that the operator turned on.
//!
//! Domain, "Legal bases other than consent". Duties have no switch and need no case; a permitting provision
//! carries only what it names, for those it names, with a reason in words.

use std::collections::BTreeSet;

use super::{Ground, Question};
use crate::fact::{FactUsed, Recorded, Situation, Subject, newest};
use crate::guardian::is_child;
use crate::id::FactId;
use crate::law::{Condition, Provision, Role};
use crate::reason::Reason;
use crate::vocabulary::{Category, Circumstance, Family, Kind};

/// Judges on the duty that orders this kind of document.
pub(super) fn by_duty(
    question: &Question<'_>,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Ground, Vec<Reason>> {
    let kind = question.request.kind;
    if kind.family() != Family::Duty {
        return Err(vec![Reason::BasisNotForKind { kind }]);
    }
    let mut reasons = vec![Reason::ProvisionNotInForce];
    for duty in question.law.duties(kind, question.now) {
        let failing = mismatches(question, duty, facts);
        if failing.is_empty() {
            return Ok(Ground::Provision(duty.id.clone()));
        }
        reasons = failing;
    }
    Err(reasons)
}

/// Judges on a permitting provision that the sender names.
pub(super) fn by_permission(
    question: &Question<'_>,
    id: &str,
    why: &str,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Ground, Vec<Reason>> {
    let Some(provision) = question
        .law
        .provision(id)
        .filter(|found| found.role == Role::Basis)
    else {
        return Err(vec![Reason::ProvisionUnknown]);
    };
    let mut failing = conditions(question, provision, facts);
    if !provision.in_force(question.now) {
        failing.push(Reason::ProvisionNotInForce);
    }
    if why.trim().is_empty() {
        failing.push(Reason::ProvisionReasonMissing);
    }
    grounded(provision, failing)
}

/// Whether a provision that carried the sending still does. A duty always does; a permitting provision
/// while it is in force and turned on, and fits as it did then. Either carries only its own kinds.
pub(super) fn still(
    question: &Question<'_>,
    id: &str,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Ground, Vec<Reason>> {
    let kind = question.request.kind;
    let Some(provision) = question.law.provision(id) else {
        return Err(vec![Reason::BasisEnded]);
    };
    let failing = match provision.role {
        Role::Duty if kind.family() == Family::Duty && provision.kinds.contains(&kind) => Vec::new(),
        Role::Duty => vec![Reason::BasisNotForKind { kind }],
        Role::Basis if provision.in_force(question.now) => conditions(question, provision, facts),
        _ => vec![Reason::BasisEnded],
    };
    grounded(provision, failing)
}

fn grounded(provision: &Provision, failing: Vec<Reason>) -> Result<Ground, Vec<Reason>> {
    if failing.is_empty() {
        Ok(Ground::Provision(provision.id.clone()))
    } else {
        Err(failing)
    }
}

/// Permitting provisions that are in force, turned on, and reach from this sender to this recipient in such
/// a document. Whether their circumstances hold is not asked: a mention must tell nobody what is known.
pub(super) fn fitting(question: &Question<'_>) -> Vec<String> {
    let fits = |provision: &&Provision| {
        provision.role == Role::Basis
            && provision.in_force(question.now)
            && question.facts.provisions_on.contains(&provision.id)
            && carries(question.request.kind, provision)
            && parties_and_categories(question, provision).is_empty()
    };
    let provisions = question.law.provisions().iter().filter(fits);
    provisions.map(|provision| provision.id.clone()).collect()
}

/// A permitting provision carries one-off information and nothing of the SIP process.
fn carries(kind: Kind, provision: &Provision) -> bool {
    provision.kinds.contains(&kind) && kind.family() == Family::Information
}

/// Which conditions of a permitting provision fail, at sending and at release alike.
fn conditions(question: &Question<'_>, provision: &Provision, facts: &mut BTreeSet<FactUsed>) -> Vec<Reason> {
    let (kind, subjects) = (question.request.kind, &question.request.subjects);
    let mut failing = mismatches(question, provision, facts);
    if !carries(kind, provision) {
        failing.push(Reason::BasisNotForKind { kind });
    }
    if subjects.is_empty() {
        failing.push(Reason::SubjectMissing);
    }
    // What is about a second person needs that person's consent, or a provision that covers relatives.
    if subjects.len() > 1 && !provision.covers_relatives {
        failing.push(Reason::ProvisionCircumstanceMissing);
    }
    if !question.facts.provisions_on.contains(&provision.id) {
        failing.push(Reason::ProvisionOff);
    }
    failing
}

/// What of the provision's own conditions fails, besides its date.
fn mismatches(question: &Question<'_>, provision: &Provision, facts: &mut BTreeSet<FactUsed>) -> Vec<Reason> {
    let mut failing = parties_and_categories(question, provision);
    if !circumstances_hold(question, provision, facts) {
        failing.push(Reason::ProvisionCircumstanceMissing);
    }
    failing
}

/// What of its parties and categories fails.
fn parties_and_categories(question: &Question<'_>, provision: &Provision) -> Vec<Reason> {
    let sender = &question.facts.sender;
    let mut failing = Vec::new();
    if !provision.reaches_sender(sender, &question.facts.role) {
        failing.push(Reason::ProvisionSenderMismatch);
    }
    if !provision.reaches_recipient(sender, question.recipient, question.facts.reporter) {
        failing.push(Reason::ProvisionRecipientMismatch);
    } else if provision.to_board_reception_only && !question.recipient.board_reception {
        failing.push(Reason::NotBoardReception);
    }
    let carried =
        |category: &Category| provision.categories.is_empty() || provision.categories.contains(category);
    let held = question.request.may_hold().into_iter();
    let beyond = held.filter(|category| !carried(category));
    failing.extend(beyond.map(|category| Reason::CategoryNotCovered { category }));
    failing
}

fn circumstances_hold(
    question: &Question<'_>,
    provision: &Provision,
    facts: &mut BTreeSet<FactUsed>,
) -> bool {
    let wanted = &provision.circumstances;
    let mut holds = |condition: &Condition| match condition {
        Condition::Under18 => all_under_18(question, provision),
        Condition::Recorded(circumstance) => recorded(question, provision, *circumstance, facts),
    };
    (wanted.any.is_empty() || wanted.any.iter().any(&mut holds)) && wanted.all.iter().all(holds)
}

/// Whether a circumstance is recorded of those whom the document is about. An inquiry is recorded by the
/// board that receives. Whoever reports on a duty judges the rest in the report itself: a duty is never
/// blocked by what nobody has recorded. For a permitting provision the sender's own attested record counts,
/// and no other unit's: what others have recorded is not told by an answer.
fn recorded(
    question: &Question<'_>,
    provision: &Provision,
    wanted: Circumstance,
    facts: &mut BTreeSet<FactUsed>,
) -> bool {
    let inquiry = wanted == Circumstance::InquiryDecided;
    if provision.role == Role::Duty && !inquiry {
        return true;
    }
    let (sender, now) = (question.facts.sender.id, question.now);
    let answering = if inquiry { question.recipient.id } else { sender };
    let counts = |situation: &Recorded<Situation>| {
        situation.by == answering
            && situation.counts(now)
            && situation.fact.circumstance == wanted
            && situation.fact.period.holds(now)
    };
    let asked = &question.request.subjects;
    let known: Vec<&Subject> = asked
        .iter()
        .filter_map(|id| question.facts.subjects.iter().find(|subject| subject.id == *id))
        .collect();
    let found: Vec<Option<FactId>> = known
        .iter()
        .map(|subject| newest(&subject.individual.situations, counts).map(|found| found.id))
        .collect();
    facts.extend(found.iter().flatten().map(|id| FactUsed::Situation(*id)));
    let all = found.len() == asked.len() && found.iter().all(Option::is_some);
    let one = found.iter().any(Option::is_some);
    !asked.is_empty() && if provision.covers_relatives { one } else { all }
}

/// Whether the document is about someone under 18. Whoever is unknown, or of unproven age, counts as a child
/// for a duty always, for a permitting provision where it says so. Relatives beside a child need not be
/// children where they are covered.
fn all_under_18(question: &Question<'_>, provision: &Provision) -> bool {
    let unknown = provision.role == Role::Duty || provision.circumstances.unknown_age_counts_as_child;
    let child = |subject: &&Subject| {
        let proven = subject.individual.birth.is_some();
        is_child(&subject.individual, question.now) && (proven || unknown)
    };
    // Only those whom the document is about: nobody else's age says anything of them.
    let asked = &question.request.subjects;
    let known: Vec<&Subject> = asked
        .iter()
        .filter_map(|id| question.facts.subjects.iter().find(|subject| subject.id == *id))
        .collect();
    let someone_unknown = known.len() < asked.len() || asked.is_empty();
    if provision.covers_relatives {
        known.iter().any(child) || (someone_unknown && unknown)
    } else {
        known.iter().all(child) && (!someone_unknown || unknown)
    }
}
