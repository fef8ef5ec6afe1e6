//! The life of a consent: every state against every transition, in one table.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Consent, End, Evidence, InvalidTransition, MAX_NARROWED_REVISION, Signatory, Signature, State};
use crate::fact::{Custody, Individual};
use crate::id::{ConsentId, PersonId, UnitId};
use crate::law::Policy;
use crate::scope::{Exclusions, InvalidScope, Period, Scope, ScopeParts};
use crate::vocabulary::{Act, Category, CustodySource, Direction, Kind, Purpose};

const REQUESTER: UnitId = UnitId::from_bytes([1; 16]);
const SOURCE: UnitId = UnitId::from_bytes([2; 16]);
const RECIPIENT: UnitId = UnitId::from_bytes([3; 16]);
const OUTSIDER: UnitId = UnitId::from_bytes([4; 16]);
const CHILD: PersonId = PersonId::from_bytes([1; 16]);
const FIRST: PersonId = PersonId::from_bytes([2; 16]);
const SECOND: PersonId = PersonId::from_bytes([3; 16]);
const STRANGER: PersonId = PersonId::from_bytes([4; 16]);
const ENDS: [End; 4] = [End::Declined, End::Revoked, End::Expired, End::Superseded];

fn day(day: i64) -> Timestamp {
    let first: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * day)
}

fn signature(at: Timestamp) -> Signature {
    Signature {
        evidence: Evidence::Paper {
            recorded_by: SOURCE,
            scan_sha256: [1; 32],
        },
        at,
    }
}

/// A child of nine whose custody was read the day before, with these guardians; without any, nobody has
/// read it.
fn child(guardians: &[PersonId]) -> Individual {
    let custody = Custody {
        source: CustodySource::PopulationRegister,
        checked_at: day(0),
        guardians: guardians.to_vec(),
    };
    let custody = (!guardians.is_empty()).then_some(custody);
    Individual::new(CHILD, Some(jiff::civil::date(2017, 3, 9)), custody)
}

fn consent(state: State, signed: [bool; 2]) -> Consent {
    let scope = ScopeParts {
        sources: [SOURCE].into(),
        recipients: [RECIPIENT].into(),
        direction: Direction::OneWay,
        categories: [Category::HealthMental].into(),
        kinds: [Kind::Note].into(),
        purpose: Purpose::Sip,
        acts: [Act::Share].into(),
        period: Period {
            from: day(0),
            until: day(100),
        },
        exclusions: Exclusions::default(),
    };
    let signatory = |(person, signed): (PersonId, bool)| Signatory {
        signer: person.into(),
        signature: signed.then(|| signature(day(1))),
    };
    Consent {
        id: ConsentId::from_bytes([1; 16]),
        individual: CHILD,
        requester: REQUESTER,
        scope: Scope::parse(scope).unwrap(),
        state,
        signatories: [FIRST, SECOND].into_iter().zip(signed).map(signatory).collect(),
        accepted_by: BTreeSet::new(),
        requested_at: day(0),
        revision: 7,
    }
}

/// Every state, with who has signed so far.
fn states() -> Vec<(&'static str, Consent)> {
    let mut states = vec![
        ("nobody has signed", consent(State::Requested, [false, false])),
        ("one has signed", consent(State::Requested, [true, false])),
        ("in force", consent(State::Active { since: day(1) }, [true, true])),
    ];
    for how in ENDS {
        for was_active in [false, true] {
            let ended = consent(
                State::Ended {
                    how,
                    at: day(2),
                    was_active,
                },
                [true, was_active],
            );
            states.push(("ended", ended));
        }
    }
    states
}

type Transition = fn(Consent) -> Result<Consent, InvalidTransition>;
type Outcome = Result<State, InvalidTransition>;

/// A transition with its outcome when nobody has signed, when one has, and when it is in force. What has
/// ended allows none.
struct Row(&'static str, Transition, [Outcome; 3]);

const ACTIVE: State = State::Active {
    since: Timestamp::UNIX_EPOCH,
};

fn over(how: End, was_active: bool) -> Outcome {
    Ok(State::Ended {
        how,
        at: day(3),
        was_active,
    })
}

fn rows() -> Vec<Row> {
    [signing(), ending()].into_iter().flatten().collect()
}

fn no_such() -> [Outcome; 3] {
    core::array::from_fn(|_| Err(InvalidTransition::NoSuchSignatory))
}

fn signing() -> Vec<Row> {
    use InvalidTransition::AlreadySigned;
    let requested = || Ok(State::Requested);
    vec![
        Row(
            "the first signs, both are needed",
            |it| {
                it.sign(
                    FIRST,
                    signature(day(3)),
                    &child(&[FIRST, SECOND]),
                    &Policy::default(),
                )
            },
            [requested(), Err(AlreadySigned), Err(AlreadySigned)],
        ),
        Row(
            "the second signs, both are needed",
            |it| {
                it.sign(
                    SECOND,
                    signature(day(3)),
                    &child(&[FIRST, SECOND]),
                    &Policy::default(),
                )
            },
            [requested(), Ok(ACTIVE), Err(AlreadySigned)],
        ),
        Row(
            "the second signs and is enough",
            |it| it.sign(SECOND, signature(day(3)), &child(&[SECOND]), &Policy::default()),
            [Ok(ACTIVE), Ok(ACTIVE), Err(AlreadySigned)],
        ),
        Row(
            "the second signs, and nobody is known to be needed",
            |it| it.sign(SECOND, signature(day(3)), &child(&[]), &Policy::default()),
            [requested(), requested(), Err(AlreadySigned)],
        ),
        Row(
            "the second signs, and somebody is needed whom nobody asked",
            |it| {
                it.sign(
                    SECOND,
                    signature(day(3)),
                    &child(&[SECOND, STRANGER]),
                    &Policy::default(),
                )
            },
            [requested(), requested(), Err(AlreadySigned)],
        ),
        Row(
            "a stranger signs",
            |it| {
                it.sign(
                    STRANGER,
                    signature(day(3)),
                    &child(&[STRANGER]),
                    &Policy::default(),
                )
            },
            no_such(),
        ),
    ]
}

fn ending() -> Vec<Row> {
    let requested = || Ok(State::Requested);
    let no_scope = || Err(InvalidTransition::Scope(InvalidScope::Period));
    vec![
        Row(
            "the second says no",
            |it| it.decline(SECOND, day(3)),
            [
                over(End::Declined, false),
                over(End::Declined, false),
                over(End::Revoked, true),
            ],
        ),
        Row("a stranger says no", |it| it.decline(STRANGER, day(3)), no_such()),
        Row(
            "it is taken back",
            |it| it.revoke(day(3)),
            [
                over(End::Revoked, false),
                over(End::Revoked, false),
                over(End::Revoked, true),
            ],
        ),
        Row(
            "it is narrowed",
            |it| it.narrow(&more(), Some(day(50))),
            [requested(), requested(), Ok(ACTIVE)],
        ),
        Row(
            "it is narrowed by nothing",
            |it| it.narrow(&Exclusions::default(), Some(day(100))),
            [(); 3].map(|()| Err(InvalidTransition::NothingLess)),
        ),
        Row(
            "it is narrowed to a later end",
            |it| it.narrow(&Exclusions::default(), Some(day(101))),
            [no_scope(), no_scope(), no_scope()],
        ),
        Row(
            "it is narrowed to nothing",
            |it| it.narrow(&Exclusions::default(), Some(day(0))),
            [no_scope(), no_scope(), no_scope()],
        ),
    ]
}

fn more() -> Exclusions {
    Exclusions {
        categories: [Category::HealthMental].into(),
        ..Exclusions::default()
    }
}

/// States are compared by kind and cause; when it became active is compared on its own.
fn settled(state: State) -> State {
    if matches!(state, State::Active { .. }) {
        ACTIVE
    } else {
        state
    }
}

#[test]
fn every_transition_from_every_state() {
    for Row(what, transition, outcomes) in rows() {
        for (place, (state, before)) in states().into_iter().enumerate() {
            let stranger = what == "a stranger says no";
            let ended = if stranger {
                InvalidTransition::NoSuchSignatory
            } else {
                InvalidTransition::Ended
            };
            let expected = outcomes.get(place).cloned().unwrap_or(Err(ended));
            let after = transition(before.clone());
            assert_eq!(
                after.clone().map(|it| settled(it.state)),
                expected,
                "{what}, {state} ({:?})",
                before.state
            );
            if let Ok(after) = after {
                assert_eq!(
                    after.revision,
                    before.revision + 1,
                    "{what}, {state}: each change counts"
                );
            }
        }
    }
}

#[test]
fn it_is_in_force_from_the_last_yes_that_was_needed() {
    let first = consent(State::Requested, [false, false]);
    let one = first
        .sign(
            SECOND,
            signature(day(3)),
            &child(&[FIRST, SECOND]),
            &Policy::default(),
        )
        .unwrap();
    assert_eq!(one.state, State::Requested);
    let both = one
        .sign(
            FIRST,
            signature(day(5)),
            &child(&[FIRST, SECOND]),
            &Policy::default(),
        )
        .unwrap();
    assert_eq!(both.state, State::Active { since: day(5) });
    assert!(both.has_signed(FIRST) && both.has_signed(SECOND) && !both.has_signed(STRANGER));
}

#[test]
fn what_is_recorded_of_custody_can_bring_it_into_force_and_nothing_else_changes() {
    let (policy, both) = (Policy::default(), child(&[FIRST, SECOND]));
    let waiting = consent(State::Requested, [true, false]);
    assert_eq!(waiting.clone().reconsidered(&both, &policy, day(5)), None);
    // Nobody known to be needed, or somebody whom nobody asked: it waits.
    for guardians in [&[][..], &[FIRST, STRANGER]] {
        assert_eq!(
            waiting.clone().reconsidered(&child(guardians), &policy, day(5)),
            None
        );
    }
    let alone = waiting.clone().reconsidered(&child(&[FIRST]), &policy, day(5));
    let expected = Consent {
        state: State::Active { since: day(5) },
        revision: waiting.revision + 1,
        ..waiting
    };
    assert_eq!(alone, Some(expected));
    for (state, other) in states().into_iter().skip(2) {
        assert_eq!(
            other.reconsidered(&child(&[FIRST]), &policy, day(5)),
            None,
            "{state}"
        );
    }
}

#[test]
fn one_more_yes_does_not_begin_it_anew() {
    let active = consent(State::Active { since: day(1) }, [true, false]);
    let signed = active
        .sign(SECOND, signature(day(5)), &child(&[FIRST]), &Policy::default())
        .unwrap();
    assert_eq!(signed.state, State::Active { since: day(1) });
    assert!(signed.has_signed(SECOND));
}

#[test]
fn transitions_change_nothing_else() {
    for (state, before) in states() {
        let Ok(after) = before.clone().revoke(day(3)) else {
            continue;
        };
        let expected = Consent {
            state: after.state,
            revision: after.revision,
            ..before
        };
        assert_eq!(after, expected, "{state}");
    }
    let before = consent(State::Active { since: day(1) }, [true, true]);
    let after = before.clone().narrow(&more(), None).unwrap();
    assert_eq!(
        after,
        Consent {
            scope: after.scope.clone(),
            revision: 8,
            ..before
        }
    );
}

/// Otherwise whoever may narrow could keep every no waiting.
#[test]
fn it_is_narrowed_a_hundred_times_at_most_and_ended_always() {
    let mut it = consent(State::Active { since: day(1) }, [true, true]);
    it.revision = MAX_NARROWED_REVISION - 1;
    let it = it.narrow(&more(), None).unwrap();
    let again = it.clone().narrow(&Exclusions::default(), Some(day(50)));
    assert_eq!(again, Err(InvalidTransition::NarrowedTooOften));
    assert!(it.revoke(day(3)).is_ok());
}

#[test]
fn those_it_names_see_it_once_it_has_been_in_force() {
    for (state, it) in states() {
        let been_active = match it.state {
            State::Requested => false,
            State::Active { .. } => true,
            State::Ended { was_active, .. } => was_active,
        };
        assert!(it.visible_to(REQUESTER), "{state}: who asked always knows");
        assert_eq!(it.visible_to(SOURCE), been_active, "{state}");
        assert_eq!(it.visible_to(RECIPIENT), been_active, "{state}");
        assert!(!it.visible_to(OUTSIDER), "{state}");
    }
}

#[test]
fn signatories_are_numbered_from_one() {
    let it = consent(State::Requested, [true, false]);
    assert_eq!(
        (it.number_of(FIRST), it.number_of(SECOND), it.number_of(STRANGER)),
        (Some(1), Some(2), None)
    );
    assert_eq!(
        it.signatory(2).map(|signatory| signatory.signer),
        Some(SECOND.into())
    );
    assert_eq!(
        (it.signatory(0), it.signatory(3), it.signatory(u32::MAX)),
        (None, None, None)
    );
}

#[test]
fn evidence_names_the_unit_that_recorded_it() {
    let portal = Evidence::Portal {
        statement_sha256: [0; 32],
        language: "sv".to_owned(),
    };
    let witness = |number: u8| format!("professional-{number}");
    let oral = Evidence::Oral {
        recorded_by: SOURCE,
        first_witness: witness(1),
        second_witness: witness(2),
    };
    assert_eq!(portal.recorded_by(), None);
    assert_eq!(oral.recorded_by(), Some(SOURCE));
    assert_eq!(signature(day(1)).evidence.recorded_by(), Some(SOURCE));
}

/// An acceptance is for what was there: a yes that a unit writes down later is looked at anew; one in the portal is
/// everybody's to see.
#[test]
fn what_was_accepted_covers_no_yes_that_a_unit_records_later() {
    let authority = crate::id::AuthorityId::from_bytes([9; 16]);
    let accepted = consent(State::Requested, [true, false])
        .accept(authority)
        .unwrap();
    let policy = Policy::default();
    let guardians = child(&[FIRST, SECOND]);
    let later = accepted
        .clone()
        .sign(SECOND, signature(day(2)), &guardians, &policy)
        .unwrap();
    assert!(later.accepted_by.is_empty());
    let portal = Signature {
        evidence: Evidence::Portal {
            statement_sha256: [1; 32],
            language: "sv".to_owned(),
        },
        at: day(2),
    };
    let seen_by_all = accepted.sign(SECOND, portal, &guardians, &policy).unwrap();
    assert!(seen_by_all.accepted_by.contains(&authority));
}
