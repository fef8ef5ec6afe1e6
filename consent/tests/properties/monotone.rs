//! Invariant 6: narrowing, ending or removing a consent never turns a denial into a permit; adding one
//! never turns a permit into a denial. Invariant 4: after a revocation nothing passes on that consent.

use core::cell::Cell;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use samrum_consent::consent::{Consent, End, State};
use samrum_consent::decide::{Answer, Consequence, Ground, Named, consequence};
use samrum_consent::scope::Exclusions;
use samrum_consent::vocabulary::{Basis, Kind};

use super::arbitrary::{exclusions, situation, situation_and_consent};
use super::prove;
use crate::world::{CASE_CHILD, CHILD, GUARDIAN, Situation, at};

/// A change that takes something away from a consent.
#[derive(Debug, Clone)]
enum Less {
    Remove,
    End(End),
    Revoke,
    Decline,
    Narrow(Exclusions, Option<Timestamp>),
}

fn less() -> impl Strategy<Value = Less> {
    let ends = vec![End::Declined, End::Revoked, End::Expired, End::Superseded];
    let until = of(select(vec![
        at("2026-04-15T08:00:00Z"),
        at("2026-04-16T08:00:00Z"),
        at("2026-03-20T08:00:00Z"),
    ]));
    prop_oneof![
        Just(Less::Remove),
        select(ends).prop_map(Less::End),
        Just(Less::Revoke),
        Just(Less::Decline),
        (exclusions(), until).prop_map(|(more, until)| Less::Narrow(more, until)),
    ]
}

/// Changes the consent as the transition would; what cannot happen changes nothing.
fn apply(consents: &mut Vec<Consent>, place: usize, change: Less) {
    if consents.is_empty() {
        return;
    }
    let place = place % consents.len();
    let now = at("2026-04-15T07:00:00Z");
    let consent = consents[place].clone();
    let changed = match change {
        Less::Remove => {
            consents.remove(place);
            return;
        }
        Less::End(how) => {
            let was_active = matches!(consent.state, State::Active { .. });
            if matches!(consent.state, State::Ended { .. }) {
                return;
            }
            Ok(Consent {
                state: State::Ended {
                    how,
                    at: now,
                    was_active,
                },
                ..consent
            })
        }
        Less::Revoke => consent.revoke(now),
        Less::Decline => consent.decline(GUARDIAN, now),
        Less::Narrow(more, until) => consent.narrow(&more, until),
    };
    if let Ok(changed) = changed {
        consents[place] = changed;
    }
}

/// Situations that a change of consents can touch: on consent, now or fixed, in a kind that consent carries.
fn on_consent() -> impl Strategy<Value = Situation> {
    situation().prop_map(resting_on_consent)
}

fn resting_on_consent(mut situation: Situation) -> Situation {
    if situation.request.kind.acts().is_none() {
        situation.request.kind = Kind::Note;
    }
    if !matches!(
        situation.request.recipients[0].basis,
        Named::Fixed(Ground::Consents(_))
    ) {
        situation.on(Named::Now(Basis::Consent));
    }
    situation
}

#[test]
fn less_consent_never_permits_more() {
    let (turned, refused) = (Cell::new(0), Cell::new(0));
    let changes = vec((any::<bool>(), 0_usize..4, less()), 1..4);
    prove((on_consent(), changes), |(before, changes)| {
        let mut after = before.clone();
        for (first, place, change) in changes {
            let last = after.facts.subjects.len().saturating_sub(1);
            if let Some(subject) = after.facts.subjects.get_mut(if first { 0 } else { last }) {
                apply(&mut subject.consents, place, change);
            }
        }
        let (was, is) = (before.permitted(), after.permitted());
        turned.set(turned.get() + u32::from(was && !is));
        refused.set(refused.get() + u32::from(!was));
        prop_assert!(
            was || !is,
            "denied for {:?} before, permitted after",
            before.reasons()
        );
        Ok(())
    });
    assert!(
        turned.get() > 100 && refused.get() > 100,
        "turned {turned:?}, refused {refused:?}: too few to prove it"
    );
}

#[test]
fn less_law_never_permits_more_either() {
    prove(
        (situation(), any::<proptest::sample::Index>()),
        |(before, off)| {
            let mut after = before.clone();
            let on: Vec<String> = after.facts.provisions_on.iter().cloned().collect();
            if !on.is_empty() {
                after.facts.provisions_on.remove(off.get(&on));
            }
            prop_assert!(
                before.permitted() || !after.permitted(),
                "turning a provision off opened a door"
            );
            Ok(())
        },
    );
}

#[test]
fn another_consent_never_permits_less() {
    let kept = Cell::new(0);
    prove(situation_and_consent(CHILD, 9), |(before, another)| {
        let before = resting_on_consent(before);
        let mut after = before.clone();
        for subject in after
            .facts
            .subjects
            .iter_mut()
            .filter(|subject| subject.id == CASE_CHILD)
        {
            subject.consents.push(another.clone());
        }
        kept.set(kept.get() + u32::from(before.permitted()));
        prop_assert!(
            after.permitted() || !before.permitted(),
            "permitted before, now {:?}",
            after.reasons()
        );
        Ok(())
    });
    assert!(kept.get() > 100, "{kept:?} permits: too few to prove it");
}

#[test]
fn nothing_passes_on_a_consent_that_was_revoked() {
    let revoked = Cell::new(0);
    prove(
        (on_consent(), any::<proptest::sample::Index>()),
        |(mut situation, which)| {
            let Answer::Permit(Ground::Consents(ground)) = situation.answer() else {
                return Ok(());
            };
            let taken_back = which.get(&ground).id;
            situation.on(Named::Fixed(Ground::Consents(ground.clone())));
            prop_assert!(
                situation.permitted(),
                "what was permitted is released while nothing changes"
            );
            for consent in situation
                .facts
                .subjects
                .iter_mut()
                .flat_map(|subject| &mut subject.consents)
            {
                if consent.id == taken_back {
                    *consent = consent.clone().revoke(situation.now).expect("it was in force");
                }
            }
            revoked.set(revoked.get() + 1);
            match situation.answer() {
                Answer::Permit(Ground::Consents(left)) => {
                    prop_assert!(left.iter().all(|version| version.id != taken_back));
                    prop_assert!(
                        left.iter()
                            .all(|version| ground.iter().any(|fixed| fixed.id == version.id))
                    );
                }
                Answer::Permit(other) => prop_assert!(false, "released on {other:?}"),
                Answer::Deny(reasons) => {
                    prop_assert_eq!(consequence(&reasons), Consequence::Withheld, "{:?}", reasons);
                }
            }
            Ok(())
        },
    );
    assert!(
        revoked.get() > 100,
        "{revoked:?} revocations: too few to prove it"
    );
}
