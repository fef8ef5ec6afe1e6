//! Whether a provision carries a document: a duty, or a permitting provision that the operator turned on.
//!
//! Domain, "Legal bases other than consent". Duties have no switch and need no case; a permitting provision
//! carries only what it names, for those it names, with a reason in words.

use super::{Ground, Question};
use crate::fact::Subject;
use crate::guardian::is_child;
use crate::law::{Provision, Role};
use crate::reason::Reason;
use crate::vocabulary::{Category, Family};

/// The only circumstance that the recorded facts can show today; every other one is missing.
const UNDER_18: &str = "under-18";

/// Judges on the duty that orders this kind of document.
pub(super) fn by_duty(question: &Question<'_>) -> Result<Ground, Vec<Reason>> {
    let kind = question.request.kind;
    if kind.family() != Family::Duty {
        return Err(vec![Reason::BasisNotForKind { kind }]);
    }
    let mut reasons = vec![Reason::ProvisionNotInForce];
    for duty in question.law.duties(kind, question.now) {
        let failing = mismatches(question, duty);
        if failing.is_empty() {
            return Ok(Ground::Provision(duty.id.clone()));
        }
        reasons = failing;
    }
    Err(reasons)
}

/// Judges on a permitting provision that the sender names.
pub(super) fn by_permission(question: &Question<'_>, id: &str, why: &str) -> Result<Ground, Vec<Reason>> {
    let Some(provision) = question
        .law
        .provision(id)
        .filter(|found| found.role == Role::Basis)
    else {
        return Err(vec![Reason::ProvisionUnknown]);
    };
    let mut failing = conditions(question, provision);
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
pub(super) fn still(question: &Question<'_>, id: &str) -> Result<Ground, Vec<Reason>> {
    let kind = question.request.kind;
    let Some(provision) = question.law.provision(id) else {
        return Err(vec![Reason::BasisEnded]);
    };
    let failing = match provision.role {
        Role::Duty if kind.family() == Family::Duty && provision.kinds.contains(&kind) => Vec::new(),
        Role::Duty => vec![Reason::BasisNotForKind { kind }],
        Role::Basis if provision.in_force(question.now) => conditions(question, provision),
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

/// Which conditions of a permitting provision fail, at sending and at release alike.
fn conditions(question: &Question<'_>, provision: &Provision) -> Vec<Reason> {
    let (kind, subjects) = (question.request.kind, &question.request.subjects);
    let mut failing = mismatches(question, provision);
    if !provision.kinds.contains(&kind) || kind.family() != Family::Information {
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
fn mismatches(question: &Question<'_>, provision: &Provision) -> Vec<Reason> {
    let sender = &question.facts.sender;
    let mut failing = Vec::new();
    if !provision.reaches_sender(sender) {
        failing.push(Reason::ProvisionSenderMismatch);
    }
    if !provision.reaches_recipient(sender, question.recipient) {
        failing.push(Reason::ProvisionRecipientMismatch);
    } else if provision.to_board_reception_only && !question.recipient.board_reception {
        failing.push(Reason::NotBoardReception);
    }
    if !circumstances_hold(question, provision) {
        failing.push(Reason::ProvisionCircumstanceMissing);
    }
    let carried =
        |category: &&Category| provision.categories.is_empty() || provision.categories.contains(category);
    let beyond = question
        .request
        .categories
        .iter()
        .filter(|category| !carried(category));
    failing.extend(beyond.map(|category| Reason::CategoryNotCovered { category: *category }));
    failing
}

fn circumstances_hold(question: &Question<'_>, provision: &Provision) -> bool {
    let wanted = &provision.circumstances;
    let holds = |name: &String| name == UNDER_18 && all_under_18(question, provision);
    (wanted.any.is_empty() || wanted.any.iter().any(holds)) && wanted.all.iter().all(holds)
}

/// Whether the document is about someone under 18. A subject whom the hub does not know counts as a child
/// where the provision says so. Relatives beside a child need not be children where they are covered.
fn all_under_18(question: &Question<'_>, provision: &Provision) -> bool {
    let unknown = provision.circumstances.unknown_age_counts_as_child;
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
