//! What the decision promises for any input whatever, as one function over bytes: the fuzzer's target, and the
//! same for a run on stable with seeds.
//!
//! How bytes become facts and requests is `input`'s, `individual`'s and `consent`'s; the rules' meaning is proven
//! elsewhere (the oracle, the twins). Here: no panic, no doubt, no denial without reason, no permit without
//! ground.

pub mod seeds;

mod consent;
mod individual;
mod input;

use samrum_consent::decide::{Answer, Decision, Ground, Named, Verdict, consequence, decide};
use samrum_consent::law::Role;

pub use input::Input;

/// What an input came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// A permit on consent.
    Consent,
    /// A permit on a duty or a permitting provision.
    Provision,
    /// A denial.
    Denial,
}

/// Decides on what these bytes say, and checks every promise about the form of the answer. One outcome for each
/// recipient.
///
/// # Panics
/// When a promise is broken.
pub fn judge(bytes: &[u8]) -> Vec<Outcome> {
    let input = Input::of(bytes);
    let ask = || decide(&input.request, &input.facts, &input.law, input.now);
    let decision = ask();
    assert_eq!(decision, ask(), "the same input, another answer");
    assert_eq!(
        decision,
        decide(&input.request, &turned(&input), &input.law, input.now),
        "another order"
    );
    let asked: Vec<_> = input
        .request
        .recipients
        .iter()
        .map(|recipient| recipient.unit)
        .collect();
    let answered: Vec<_> = decision
        .verdicts
        .iter()
        .map(|verdict| verdict.recipient)
        .collect();
    assert_eq!(
        asked, answered,
        "one verdict for each recipient, in the order asked"
    );
    let outcomes = outcomes(&input, &decision);
    let permits = !outcomes.is_empty() && !outcomes.contains(&Outcome::Denial);
    assert_eq!(decision.permits_all(), permits);
    assert_eq!(
        decision.first_reason().is_some(),
        outcomes.contains(&Outcome::Denial)
    );
    outcomes
}

/// The same facts, loaded in another order.
fn turned(input: &Input) -> samrum_consent::fact::Facts {
    let mut facts = input.facts.clone();
    for subject in &mut facts.subjects {
        subject.consents.reverse();
        let individual = &mut subject.individual;
        individual.assessments.reverse();
        individual.hindrances.reverse();
        individual.risks.reverse();
        individual.representatives.reverse();
        individual.care_orders.reverse();
        individual.situations.reverse();
    }
    facts
}

fn outcomes(input: &Input, decision: &Decision) -> Vec<Outcome> {
    let bases = input.request.recipients.iter().map(|recipient| &recipient.basis);
    let verdicts = decision.verdicts.iter().zip(bases);
    verdicts
        .map(|(verdict, basis)| outcome(input, verdict, basis))
        .collect()
}

fn outcome(input: &Input, verdict: &Verdict, basis: &Named) -> Outcome {
    match &verdict.answer {
        Answer::Deny(reasons) => {
            assert!(!reasons.is_empty(), "denied for no reason");
            assert!(
                reasons.is_sorted_by(|one, next| one < next),
                "sorted, none twice: {reasons:?}"
            );
            for reason in reasons {
                assert!(!reason.code().is_empty() && reason.number() > 0);
                // Every argument can be written, whatever the time it tells.
                assert!(
                    reason
                        .arguments()
                        .iter()
                        .all(|(name, value)| !name.is_empty() && !value.is_empty())
                );
            }
            // Total as the decision itself is.
            let _: samrum_consent::decide::Consequence = consequence(reasons);
            Outcome::Denial
        }
        Answer::Permit(Ground::Consents(versions)) => {
            assert!(!versions.is_empty(), "permitted on nothing");
            assert!(
                versions.is_sorted_by(|one, next| one < next),
                "sorted, none twice: {versions:?}"
            );
            let mut known = input.facts.subjects.iter().flat_map(|subject| &subject.consents);
            for version in versions {
                let exists = known
                    .clone()
                    .any(|consent| (consent.id, consent.revision) == (version.id, version.revision));
                assert!(exists, "a consent that nobody recorded");
            }
            assert!(known.next().is_some());
            assert!(
                !matches!(basis, Named::Fixed(Ground::Provision(_))),
                "another ground than was fixed"
            );
            Outcome::Consent
        }
        Answer::Permit(Ground::Provision(id)) => {
            let provision = input.law.provision(id).expect("a provision of the catalogue");
            let may_carry = matches!(provision.role, Role::Basis | Role::Duty);
            assert!(may_carry, "{id} carries no document");
            assert!(
                !matches!(basis, Named::Fixed(Ground::Consents(_))),
                "another ground than was fixed"
            );
            Outcome::Provision
        }
    }
}
