//! What may be wrong with one consent, from domain, Consent 3–6: whatever the category, and whose yes is
//! missing; and what a person ruled out, as a warning under another basis.

use std::collections::BTreeSet;

use samrum_consent::consent::{Consent, End, State};
use samrum_consent::fact::Subject;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Act, Direction, Kind};

use super::Case;
use super::consent::party_to;
use super::signatory::{self, Needed};

/// "Two acts are separate": these need consent to a plan being made as well.
const fn makes_a_plan(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Mapping | Kind::Plan | Kind::FollowUp | Kind::Evaluation | Kind::Closure | Kind::CostSplit
    )
}

/// What fails whatever the category.
pub(super) fn frame(case: &Case<'_>, consent: &Consent) -> BTreeSet<Reason> {
    let (request, scope, now) = (case.request, &consent.scope, case.now);
    let (sender, recipient) = (case.sender(), case.recipient.id);
    let mut wrong = BTreeSet::new();
    if let State::Ended { how, at, .. } = consent.state {
        wrong.insert(match how {
            End::Declined => Reason::ConsentDeclined,
            End::Revoked => Reason::ConsentRevoked,
            End::Expired => Reason::ConsentExpired { until: at },
            End::Superseded => Reason::ConsentSuperseded,
        });
    }
    let (from, until) = (scope.period().from, scope.period().until);
    if now < from {
        wrong.insert(Reason::ConsentNotYetValid { from });
    }
    if until <= now {
        wrong.insert(Reason::ConsentExpired { until });
    }
    let (mut senders, mut recipients) = (scope.sources().clone(), scope.recipients().clone());
    // "One-way, or a circle in which all share with all."
    if scope.direction() == Direction::Circle {
        senders.extend(scope.recipients());
        recipients.extend(scope.sources());
    }
    if !senders.contains(&sender) {
        wrong.insert(Reason::SenderOutsideScope);
    }
    if !recipients.contains(&recipient) {
        wrong.insert(Reason::RecipientOutsideScope);
    }
    let excluded = scope.exclusions();
    if excluded.units.contains(&sender) || excluded.units.contains(&recipient) {
        wrong.insert(Reason::UnitExcluded);
    }
    if request
        .document
        .is_some_and(|document| excluded.documents.contains(&document))
    {
        wrong.insert(Reason::DocumentExcluded);
    }
    if !scope.kinds().contains(&request.kind) {
        wrong.insert(Reason::KindNotCovered { kind: request.kind });
    }
    if scope.purpose() != request.purpose {
        wrong.insert(Reason::PurposeNotCovered {
            purpose: request.purpose,
        });
    }
    if !scope.acts().contains(&Act::Share) {
        wrong.insert(Reason::ActNotConsented { act: Act::Share });
    }
    if makes_a_plan(request.kind) && !scope.acts().contains(&Act::Plan) {
        wrong.insert(Reason::ActNotConsented { act: Act::Plan });
    }
    wrong
}

/// Whose yes is missing, or does not count for the sender, in the group that lacks fewest; of several such
/// the one that the consent has asked.
pub(super) fn missing_yes(
    case: &Case<'_>,
    subject: &Subject,
    consent: &Consent,
    needed: &Needed,
) -> Vec<Reason> {
    let acceptable = match &needed.groups {
        Err(nobody) => return vec![nobody.clone()],
        // Nobody is asked to sign what is over.
        Ok(_) if matches!(consent.state, State::Ended { .. }) => return Vec::new(),
        Ok(groups) => groups,
    };
    let mut groups = Vec::new();
    for group in acceptable {
        let mut lacking = Vec::new();
        let mut never_asked = 0;
        for signer in group {
            let place = consent
                .signatories
                .iter()
                .position(|asked| asked.signer == *signer);
            let signature = place.and_then(|place| consent.signatories[place].signature.as_ref());
            never_asked += usize::from(place.is_none());
            match signature {
                None => lacking.push(Reason::SignatureMissing {
                    signatory: place.map_or(0, |place| u32::try_from(place + 1).expect("few are asked")),
                    capacity: signatory::capacity(case, &subject.individual, *signer),
                }),
                Some(signature) => {
                    // "Opens the others' only when each has accepted the evidence; through the portal for all."
                    let accepted = consent.accepted_by.contains(&case.facts.sender.authority);
                    let counts = match signature.evidence.recorded_by() {
                        None => true,
                        Some(unit) => unit == case.sender() || accepted,
                    };
                    if !counts {
                        lacking.push(Reason::EvidenceNotAccepted);
                    }
                }
            }
        }
        groups.push((lacking.len(), never_asked, lacking));
    }
    groups.sort_by_key(|(count, never_asked, _)| (*count, *never_asked));
    groups.swap_remove(0).2
}

/// "Under another basis an exclusion is shown as a warning": those of consents that the sender may know and
/// that are not over.
pub(super) fn ruled_out(case: &Case<'_>) -> BTreeSet<Reason> {
    let mut warnings = BTreeSet::new();
    for subject in case.people() {
        for consent in party_to(case, subject, None) {
            if matches!(consent.state, State::Ended { .. }) {
                continue;
            }
            let excluded = consent.scope.exclusions();
            for category in case.categories() {
                if excluded.categories.contains(&category) {
                    warnings.insert(Reason::CategoryExcluded { category });
                }
            }
            if [case.sender(), case.recipient.id]
                .iter()
                .any(|unit| excluded.units.contains(unit))
            {
                warnings.insert(Reason::UnitExcluded);
            }
            if case
                .request
                .document
                .is_some_and(|document| excluded.documents.contains(&document))
            {
                warnings.insert(Reason::DocumentExcluded);
            }
        }
    }
    warnings
}
