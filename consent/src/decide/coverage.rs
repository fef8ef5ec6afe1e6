//! Whether consents cover a document for one recipient: every subject, and for each subject every category.
//!
//! Several consents may cover one document together; an exclusion limits only the consent that carries it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{ConsentVersion, Ground, Question};
use crate::consent::{Consent, End, State};
use crate::fact::Subject;
use crate::guardian::{Required, required};
use crate::reason::Reason;
use crate::vocabulary::Category;

/// Judges on consent. With `fixed`, only those consents count: the ones the sending rested on.
pub(super) fn by_consents(
    question: &Question<'_>,
    fixed: Option<&[ConsentVersion]>,
) -> Result<Ground, Vec<Reason>> {
    let request = question.request;
    if request.kind.acts().is_none() {
        return Err(vec![Reason::BasisNotForKind { kind: request.kind }]);
    }
    if request.subjects.is_empty() {
        return Err(vec![Reason::SubjectMissing]);
    }
    let mut used = BTreeSet::new();
    let mut reasons = Vec::new();
    for id in &request.subjects {
        let subject = question.facts.subjects.iter().find(|subject| subject.id == *id);
        match subject.map_or(Err(vec![Reason::ConsentMissing]), |subject| {
            cover(question, subject, fixed)
        }) {
            Ok(consents) => used.extend(consents),
            Err(failing) => reasons.extend(failing),
        }
    }
    if reasons.is_empty() {
        Ok(Ground::Consents(used.into_iter().collect()))
    } else {
        Err(reasons)
    }
}

/// The consents that cover one subject, or why none do.
fn cover(
    question: &Question<'_>,
    subject: &Subject,
    fixed: Option<&[ConsentVersion]>,
) -> Result<Vec<ConsentVersion>, Vec<Reason>> {
    let party = |consent: &Consent| match fixed {
        Some(fixed) => fixed.iter().any(|version| version.id == consent.id),
        None => consent.visible_to(question.facts.sender.id),
    };
    // Whoever loads the facts may mix people up; a yes about somebody else never counts.
    let counts = |consent: &&Consent| consent.individual == subject.individual.person && party(consent);
    let mut consents: Vec<&Consent> = subject.consents.iter().filter(counts).collect();
    // The newest first, so that the answer names what people remember.
    consents.sort_by_key(|consent| (core::cmp::Reverse(consent.requested_at), consent.id));
    if consents.is_empty() {
        return Err(vec![Reason::ConsentMissing]);
    }
    let signatories = required(&subject.individual, &question.law.policy, question.now);
    let frames: Vec<_> = consents
        .iter()
        .map(|consent| (*consent, frame(question, consent, signatories.as_ref())))
        .collect();
    let usable: Vec<&Consent> = frames
        .iter()
        .filter(|(_, failing)| failing.is_empty())
        .map(|(consent, _)| *consent)
        .collect();
    match fixed {
        Some(_) => by_category(question, &usable).map_err(|_| lost(question, &frames)),
        None if usable.is_empty() => Err(nearest(question, &frames)),
        None => by_category(question, &usable),
    }
}

/// The categories that must be covered. A document that names none may hold any.
fn wanted(question: &Question<'_>) -> Vec<Category> {
    let named = &question.request.categories;
    if named.is_empty() {
        Category::ALL.to_vec()
    } else {
        named.iter().copied().collect()
    }
}

fn by_category(question: &Question<'_>, usable: &[&Consent]) -> Result<Vec<ConsentVersion>, Vec<Reason>> {
    let mut used = Vec::new();
    let mut reasons = Vec::new();
    for category in wanted(question) {
        match usable.iter().find(|consent| covers(consent, category)) {
            Some(consent) => used.push(ConsentVersion {
                id: consent.id,
                revision: consent.revision,
            }),
            None => reasons.push(uncovered(usable, category)),
        }
    }
    if reasons.is_empty() {
        Ok(used)
    } else {
        Err(reasons)
    }
}

fn covers(consent: &Consent, category: Category) -> bool {
    consent.scope.categories().contains(&category)
        && !consent.scope.exclusions().categories.contains(&category)
}

fn uncovered(consents: &[&Consent], category: Category) -> Reason {
    let excluded = consents
        .iter()
        .any(|consent| consent.scope.exclusions().categories.contains(&category));
    if excluded {
        Reason::CategoryExcluded { category }
    } else {
        Reason::CategoryNotCovered { category }
    }
}

/// Every failing condition of the consent that comes nearest.
fn nearest(question: &Question<'_>, frames: &[(&Consent, Vec<Reason>)]) -> Vec<Reason> {
    let whole = frames.iter().map(|(consent, failing)| {
        let uncovered = wanted(question)
            .into_iter()
            .filter(|category| !covers(consent, *category));
        let mut all = failing.clone();
        all.extend(uncovered.map(|category| self::uncovered(&[*consent], category)));
        all
    });
    whole.min_by_key(Vec::len).unwrap_or_default()
}

/// What became of the consents that a sending rested on: for every category that nothing carries any more,
/// all that fails in each consent naming it. One that was revoked is never hidden behind one that waits.
fn lost(question: &Question<'_>, frames: &[(&Consent, Vec<Reason>)]) -> Vec<Reason> {
    let carries = |(consent, failing): &(&Consent, Vec<Reason>), category| {
        failing.is_empty() && covers(consent, category)
    };
    let mut reasons = Vec::new();
    for category in wanted(question) {
        if frames.iter().any(|frame| carries(frame, category)) {
            continue;
        }
        let naming = frames
            .iter()
            .filter(|(consent, _)| consent.scope.categories().contains(&category));
        let before = reasons.len();
        for (consent, failing) in naming {
            reasons.extend(failing.iter().cloned());
            if !covers(consent, category) {
                reasons.push(Reason::CategoryExcluded { category });
            }
        }
        if reasons.len() == before {
            reasons.push(Reason::CategoryNotCovered { category });
        }
    }
    reasons
}

/// Everything but the categories: state, signatures, period, parties, kind, purpose, acts.
fn frame(question: &Question<'_>, consent: &Consent, signatories: Result<&Required, &Reason>) -> Vec<Reason> {
    let mut failing = Vec::new();
    match signatories {
        Ok(required) => failing.extend(standing(consent, required, question)),
        Err(reason) => {
            failing.push(reason.clone());
            failing.extend(ended(consent));
        }
    }
    failing.extend(period(consent, question.now));
    failing.extend(parties(question, consent));
    failing.extend(matter(question, consent));
    failing
}

/// Whether it is in force, by the signatures that are needed now.
fn standing(consent: &Consent, required: &Required, question: &Question<'_>) -> Vec<Reason> {
    if let Some(reason) = ended(consent) {
        return vec![reason];
    }
    let sender = question.facts.sender.id;
    let mut failing = Vec::new();
    for person in required.people() {
        let number = consent.number_of(*person).unwrap_or(0);
        let signature = consent
            .signatory(number)
            .and_then(|signatory| signatory.signature.as_ref());
        match signature.map(|signature| signature.evidence.recorded_by()) {
            None => failing.push(Reason::SignatureMissing { signatory: number }),
            Some(None) => {}
            Some(Some(recorder)) if recorder == sender || consent.accepted_by.contains(&sender) => {}
            Some(Some(_)) => failing.push(Reason::EvidenceNotAccepted),
        }
    }
    failing
}

const fn ended(consent: &Consent) -> Option<Reason> {
    match consent.state {
        State::Requested | State::Active { .. } => None,
        State::Ended {
            how: End::Declined, ..
        } => Some(Reason::ConsentDeclined),
        State::Ended {
            how: End::Revoked, ..
        } => Some(Reason::ConsentRevoked),
        State::Ended {
            how: End::Expired,
            at,
            ..
        } => Some(Reason::ConsentExpired { until: at }),
        State::Ended {
            how: End::Superseded, ..
        } => Some(Reason::ConsentSuperseded),
    }
}

fn period(consent: &Consent, now: Timestamp) -> Option<Reason> {
    let period = consent.scope.period();
    if now < period.from {
        return Some(Reason::ConsentNotYetValid { from: period.from });
    }
    (now >= period.until).then_some(Reason::ConsentExpired { until: period.until })
}

fn parties(question: &Question<'_>, consent: &Consent) -> Vec<Reason> {
    let (sender, recipient) = (question.facts.sender.id, question.recipient.id);
    let excluded = &consent.scope.exclusions().units;
    let conditions = [
        (consent.scope.lets_send(sender), Reason::SenderOutsideScope),
        (
            consent.scope.lets_receive(recipient),
            Reason::RecipientOutsideScope,
        ),
        (
            !excluded.contains(&sender) && !excluded.contains(&recipient),
            Reason::UnitExcluded,
        ),
    ];
    failing(conditions)
}

fn matter(question: &Question<'_>, consent: &Consent) -> Vec<Reason> {
    let (request, scope) = (question.request, &consent.scope);
    let document_excluded = request
        .document
        .is_some_and(|document| scope.exclusions().documents.contains(&document));
    let mut reasons = failing([
        (!document_excluded, Reason::DocumentExcluded),
        (
            scope.kinds().contains(&request.kind),
            Reason::KindNotCovered { kind: request.kind },
        ),
        (
            scope.purpose() == request.purpose,
            Reason::PurposeNotCovered {
                purpose: request.purpose,
            },
        ),
    ]);
    let acts = request.kind.acts().unwrap_or_default().iter().copied();
    reasons.extend(
        acts.filter(|act| !scope.acts().contains(act))
            .map(|act| Reason::ActNotConsented { act }),
    );
    reasons
}

fn failing<const N: usize>(conditions: [(bool, Reason); N]) -> Vec<Reason> {
    conditions
        .into_iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, reason)| reason)
        .collect()
}
