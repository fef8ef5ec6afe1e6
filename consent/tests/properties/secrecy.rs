//! Invariant 7: who is party to nothing learns nothing, and what a unit may not know never changes its
//! answer. Without anyone competent nobody passes.

use core::cell::Cell;

use jiff::civil::date;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use samrum_consent::consent::{Consent, End, State};
use samrum_consent::decide::{Answer, Named};
use samrum_consent::fact::Unit;
use samrum_consent::id::UnitId;
use samrum_consent::reason::Reason;
use samrum_consent::scope::{Scope, ScopeParts};
use samrum_consent::vocabulary::{Basis, Circumstance, Kind, Maturity};

use super::arbitrary::{any_unit, situation};
use super::prove;
use crate::world::{CASE_CHILD, Situation, assessed, at, scope, unit};

/// A unit that no consent ever named while in force, and that asked for none.
fn outsider(like: Unit) -> Unit {
    Unit {
        id: UnitId::from_bytes([0x7f; 16]),
        ..like
    }
}

/// The situation seen from outside, on consent.
fn from_outside(mut situation: Situation, like: Unit) -> Situation {
    situation.send_from(outsider(like));
    situation.on(Named::Now(Basis::Consent));
    if situation.request.kind.acts().is_none() {
        situation.request.kind = Kind::Note;
    }
    if situation.request.subjects.is_empty() {
        situation.request.subjects = [CASE_CHILD].into();
    }
    situation
}

#[test]
fn who_is_party_to_nothing_sees_that_there_is_no_consent() {
    prove((situation(), any_unit()), |(situation, like)| {
        let situation = from_outside(situation, like);
        prop_assert_eq!(situation.answer(), Answer::Deny(vec![Reason::ConsentMissing]));
        Ok(())
    });
}

#[test]
fn a_request_that_names_a_unit_stays_invisible_to_it_until_it_is_in_force() {
    let never = vec![
        State::Requested,
        State::Ended {
            how: End::Declined,
            at: at("2026-04-01T08:00:00Z"),
            was_active: false,
        },
        State::Ended {
            how: End::Revoked,
            at: at("2026-04-01T08:00:00Z"),
            was_active: false,
        },
    ];
    let shown = Cell::new(0);
    prove(
        (situation(), any_unit(), select(never)),
        |(situation, like, state)| {
            let mut situation = from_outside(situation, like);
            let named = outsider(unit::school()).id;
            for consent in situation
                .facts
                .subjects
                .iter_mut()
                .flat_map(|subject| &mut subject.consents)
            {
                let parts = ScopeParts {
                    sources: [named].into(),
                    recipients: [named].into(),
                    ..scope()
                };
                consent.scope = Scope::parse(parts).expect("a scope");
                consent.state = state;
            }
            prop_assert_eq!(situation.answer(), Answer::Deny(vec![Reason::ConsentMissing]));
            for consent in situation
                .facts
                .subjects
                .iter_mut()
                .flat_map(|subject| &mut subject.consents)
            {
                consent.state = State::Active {
                    since: at("2026-04-01T08:00:00Z"),
                };
            }
            shown.set(shown.get() + u32::from(situation.reasons() != [Reason::ConsentMissing]));
            Ok(())
        },
    );
    assert!(
        shown.get() > 100,
        "its twin: in force, the same unit sees it ({shown:?})"
    );
}

#[test]
fn to_an_outsider_the_known_and_the_unknown_are_one() {
    prove((situation(), any_unit()), |(situation, like)| {
        let known = from_outside(situation, like);
        let mut unknown = known.clone();
        unknown.facts.subjects.clear();
        prop_assert_eq!(known.decision(), unknown.decision());
        Ok(())
    });
}

#[test]
fn nobody_competent_is_nobody_who_permits() {
    let births = of(select(vec![
        date(2017, 3, 9),
        date(2014, 4, 15),
        date(2008, 4, 16),
    ]));
    let maturity = of(select(vec![Maturity::TakesPart, Maturity::GuardiansDecide]));
    let reached = Cell::new(0);
    prove(
        (situation(), births, maturity, any::<bool>()),
        |(mut situation, birth, maturity, known)| {
            situation.on(Named::Now(Basis::Consent));
            situation.request.subjects.insert(CASE_CHILD);
            situation.now = at("2026-04-15T08:00:00Z");
            let before = situation.permitted();
            let sender = situation.facts.sender.clone();
            for subject in situation
                .facts
                .subjects
                .iter_mut()
                .filter(|subject| subject.id == CASE_CHILD)
            {
                subject.individual.birth = birth;
                subject.individual.assessments = maturity
                    .map(|found| assessed(&sender, found))
                    .into_iter()
                    .collect();
                subject.individual.care_orders.clear();
                if let Some(custody) = subject.individual.custody.as_mut().filter(|_| known) {
                    custody.guardians.clear();
                } else {
                    subject.individual.custody = None;
                }
            }
            reached.set(reached.get() + u32::from(before));
            prop_assert!(!situation.permitted(), "permitted on nobody's yes");
            Ok(())
        },
    );
    assert!(
        reached.get() > 100,
        "{reached:?} were permitted before: too few to prove it"
    );
}

/// A consent that the unit neither asked for nor was named in while it was in force.
fn is_unknown_to(consent: &Consent, unit: UnitId) -> bool {
    let in_force = matches!(
        consent.state,
        State::Active { .. } | State::Ended { was_active: true, .. }
    );
    let named = consent.scope.sources().contains(&unit) || consent.scope.recipients().contains(&unit);
    consent.requester != unit && !(in_force && named)
}

/// Takes away everything that the sender may not know and that is not the recipient's to tell: consents it is
/// not party to, others' assessments and circumstances, people whom it did not ask about.
fn without_secrets(situation: &Situation) -> Situation {
    let (sender, recipient) = (situation.facts.sender.id, situation.facts.recipients[0].id);
    let asked = situation.request.subjects.clone();
    let mut less = situation.clone();
    less.facts.subjects.retain(|subject| asked.contains(&subject.id));
    for subject in &mut less.facts.subjects {
        let person = subject.individual.person;
        subject
            .consents
            .retain(|consent| consent.individual == person && !is_unknown_to(consent, sender));
        subject.individual.assessments.retain(|found| found.by == sender);
        subject.individual.situations.retain(|found| {
            let inquiry = found.fact.circumstance == Circumstance::InquiryDecided;
            found.by == if inquiry { recipient } else { sender }
        });
    }
    less
}

#[test]
fn what_the_sender_may_not_know_never_changes_its_answer() {
    let taken = Cell::new(0);
    prove(situation(), |mut situation| {
        // At release the hub judges what the sending rested on, whoever knows of it now.
        if matches!(situation.request.recipients[0].basis, Named::Fixed(_)) {
            situation.on(Named::Now(Basis::Consent));
        }
        let less = without_secrets(&situation);
        taken.set(taken.get() + u32::from(less.facts != situation.facts));
        prop_assert_eq!(situation.decision(), less.decision());
        Ok(())
    });
    assert!(
        taken.get() > 1_000,
        "secrets in {taken:?} situations: too few to prove it"
    );
}

#[test]
fn what_the_sender_may_know_does_change_its_answer() {
    let changed = Cell::new(0);
    prove(situation(), |situation| {
        let mut less = situation.clone();
        for subject in &mut less.facts.subjects {
            subject.consents.clear();
            subject.individual.situations.clear();
        }
        changed.set(changed.get() + u32::from(situation.decision() != less.decision()));
        Ok(())
    });
    assert!(
        changed.get() > 1_000,
        "the twin: only {changed:?} answers changed"
    );
}
