//! What fails about one consent whatever the category: its state, period, parties, kind, purpose and acts.

use jiff::Timestamp;

use super::Question;
use crate::consent::{Consent, End, State};
use crate::reason::Reason;

/// Everything but categories and signatures: state, period, parties, kind, purpose, acts.
pub(super) fn frame(question: &Question<'_>, consent: &Consent) -> Vec<Reason> {
    let mut failing = Vec::new();
    failing.extend(ended(consent));
    failing.extend(period(consent, question.now));
    failing.extend(parties(question, consent));
    failing.extend(matter(question, consent));
    failing
}

/// How it ended, if it has.
pub(super) const fn ended(consent: &Consent) -> Option<Reason> {
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

/// What the person ruled out in consents that the sender may know: sender, recipient, document, categories.
pub(super) fn ruled_out(question: &Question<'_>, consent: &Consent) -> Vec<Reason> {
    if ended(consent).is_some() {
        return Vec::new();
    }
    let (request, excluded) = (question.request, consent.scope.exclusions());
    let mut reasons: Vec<Reason> = request
        .may_hold()
        .intersection(&excluded.categories)
        .map(|category| Reason::CategoryExcluded { category: *category })
        .collect();
    let units = [question.facts.sender.id, question.recipient.id];
    if units.iter().any(|unit| excluded.units.contains(unit)) {
        reasons.push(Reason::UnitExcluded);
    }
    if request
        .document
        .is_some_and(|document| excluded.documents.contains(&document))
    {
        reasons.push(Reason::DocumentExcluded);
    }
    reasons
}
