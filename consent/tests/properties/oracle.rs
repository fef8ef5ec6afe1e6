//! The decision on consent once more, written for reading: slow, plain, without reasons. The engine must
//! agree with it everywhere. Written from the domain's text, not from the engine.

use core::cell::Cell;

use proptest::prelude::*;
use samrum_consent::calendar::{age_on, stockholm_date};
use samrum_consent::consent::{Consent, State};
use samrum_consent::decide::{Ground, Named};
use samrum_consent::fact::{Individual, Subject};
use samrum_consent::id::PersonId;
use samrum_consent::vocabulary::{Act, Basis, Category, Direction, Kind, Maturity};

use super::arbitrary::situation;
use super::prove;
use crate::world::{Situation, days};

#[test]
fn the_engine_agrees_with_the_oracle() {
    let permits = Cell::new(0);
    prove(situation(), |mut situation| {
        if !matches!(
            situation.request.recipients[0].basis,
            Named::Fixed(Ground::Consents(_))
        ) {
            situation.on(Named::Now(Basis::Consent));
        }
        let oracle = may_pass(&situation);
        permits.set(permits.get() + u32::from(oracle));
        prop_assert_eq!(situation.permitted(), oracle, "the oracle says {}", oracle);
        Ok(())
    });
    assert!(permits.get() > 100, "{permits:?} permits: too few to compare");
}

/// Every person it is about has consented to all of it.
fn may_pass(situation: &Situation) -> bool {
    let asked = &situation.request.subjects;
    let knows = |id| situation.facts.subjects.iter().find(|subject| subject.id == id);
    !asked.is_empty()
        && asked
            .iter()
            .all(|id| knows(*id).is_some_and(|subject| all_of_it(situation, subject)))
}

/// Every category lies in some consent that holds.
fn all_of_it(situation: &Situation, subject: &Subject) -> bool {
    let named = &situation.request.categories;
    let every: Vec<Category> = Category::ALL.to_vec();
    let categories = if named.is_empty() {
        every
    } else {
        named.iter().copied().collect()
    };
    let holding: Vec<&Consent> = subject
        .consents
        .iter()
        .filter(|consent| holds(situation, subject, consent))
        .collect();
    categories.iter().all(|category| {
        holding.iter().any(|consent| {
            consent.scope.categories().contains(category)
                && !consent.scope.exclusions().categories.contains(category)
        })
    })
}

/// The consent is about this person, is not over, is signed by all who must, and names all the rest.
fn holds(situation: &Situation, subject: &Subject, consent: &Consent) -> bool {
    let Situation {
        request, facts, now, ..
    } = situation;
    let (sender, recipient) = (facts.sender.id, request.recipients[0].unit);
    let scope = &consent.scope;
    let everyone: Vec<_> = scope.sources().union(scope.recipients()).collect();
    let flows = match scope.direction() {
        Direction::OneWay => scope.sources().contains(&sender) && scope.recipients().contains(&recipient),
        Direction::Circle => everyone.contains(&&sender) && everyone.contains(&&recipient),
    };
    let excluded = &scope.exclusions();
    let party = match &request.recipients[0].basis {
        Named::Fixed(Ground::Consents(fixed)) => fixed.iter().any(|version| version.id == consent.id),
        _ => {
            consent.requester == sender
                || (matches!(consent.state, State::Active { .. }) && everyone.contains(&&sender))
        }
    };
    party
        && consent.individual == subject.individual.person
        && !matches!(consent.state, State::Ended { .. })
        && scope.period().from <= *now
        && *now < scope.period().until
        && flows
        && !excluded.units.contains(&sender)
        && !excluded.units.contains(&recipient)
        && request
            .document
            .is_none_or(|document| !excluded.documents.contains(&document))
        && scope.kinds().contains(&request.kind)
        && scope.purpose() == request.purpose
        && (!makes_a_plan(request.kind) || scope.acts().contains(&Act::Plan))
        && everyone_signed(situation, subject, consent)
}

/// The kinds that need consent to a plan being made as well.
const fn makes_a_plan(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Mapping | Kind::Plan | Kind::FollowUp | Kind::Evaluation | Kind::Closure | Kind::CostSplit
    )
}

fn everyone_signed(situation: &Situation, subject: &Subject, consent: &Consent) -> bool {
    let sender = situation.facts.sender.id;
    let signers = signers(&subject.individual, situation);
    !signers.is_empty()
        && signers.iter().all(|person| {
            let asked = consent
                .signatories
                .iter()
                .find(|signatory| signatory.signer == (*person).into());
            let signature = asked.and_then(|signatory| signatory.signature.as_ref());
            signature.is_some_and(|signature| match signature.evidence.recorded_by() {
                None => true,
                Some(unit) => {
                    unit == sender || consent.accepted_by.contains(&situation.facts.sender.authority)
                }
            })
        })
}

/// Who must sign; nobody when nobody's yes would suffice.
fn signers(individual: &Individual, situation: &Situation) -> Vec<PersonId> {
    let now = situation.now;
    let found = individual.assessments.iter().find(|found| {
        found.by == situation.facts.sender.id && found.fact.matter == situation.request.purpose
    });
    let age = individual.birth.map(|birth| age_on(birth, stockholm_date(now)));
    if age.is_some_and(|age| age >= 18) {
        return vec![individual.person];
    }
    let guardians = match &individual.custody {
        Some(custody) if custody.checked_at <= now && now <= custody.checked_at + days(90) => {
            custody.guardians.clone()
        }
        _ => Vec::new(),
    };
    if found.is_some_and(|found| !found.attested) {
        return Vec::new();
    }
    match found.map(|found| found.fact.maturity) {
        Some(Maturity::Decides) => vec![individual.person],
        Some(Maturity::TakesPart) if guardians.is_empty() => Vec::new(),
        Some(Maturity::TakesPart) => [guardians, vec![individual.person]].concat(),
        Some(Maturity::GuardiansDecide) => guardians,
        None if age.is_some_and(|age| age < 12) => guardians,
        None => Vec::new(),
    }
}
