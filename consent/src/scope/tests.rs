//! What a scope may be, limit by limit with its twin; and that it only ever shrinks.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::collection::btree_set;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::{
    Exclusions, InvalidScope, MAX_EXCLUDED_DOCUMENTS, MAX_PERIOD, MAX_UNITS, Period, Scope, ScopeParts,
};
use crate::id::{DocumentId, UnitId};
use crate::vocabulary::{Act, Category, Direction, Kind, Purpose};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn from() -> Timestamp {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

fn unit(number: u8) -> UnitId {
    UnitId::from_bytes([number; 16])
}

fn units(count: usize) -> BTreeSet<UnitId> {
    (0_u8..).take(count).map(unit).collect()
}

fn documents(count: usize) -> BTreeSet<DocumentId> {
    (0_u8..=u8::MAX)
        .take(count)
        .map(|number| DocumentId::from_bytes([number; 16]))
        .collect()
}

fn parts() -> ScopeParts {
    ScopeParts {
        sources: units(1),
        recipients: units(2),
        direction: Direction::OneWay,
        categories: [Category::HealthMental, Category::Medication].into(),
        kinds: [Kind::Note, Kind::Plan].into(),
        purpose: Purpose::Sip,
        acts: [Act::Share, Act::Plan].into(),
        period: Period {
            from: from(),
            until: from() + MAX_PERIOD,
        },
        exclusions: Exclusions::default(),
    }
}

/// A change of the parts that makes another scope.
type Change = fn(&mut ScopeParts);

/// What fits, what just does not, and what is said of it.
fn limits() -> Vec<(Change, Change, InvalidScope)> {
    let empty = |field| InvalidScope::Empty { field };
    let many = |field, limit| InvalidScope::TooMany { field, limit };
    vec![
        (
            |it| it.sources = units(1),
            |it| it.sources = units(0),
            empty("source_unit_ids"),
        ),
        (
            |it| it.sources = units(MAX_UNITS),
            |it| it.sources = units(MAX_UNITS + 1),
            many("source_unit_ids", MAX_UNITS),
        ),
        (
            |it| it.recipients = units(1),
            |it| it.recipients = units(0),
            empty("recipient_unit_ids"),
        ),
        (
            |it| it.recipients = units(MAX_UNITS),
            |it| it.recipients = units(MAX_UNITS + 1),
            many("recipient_unit_ids", MAX_UNITS),
        ),
        (
            |it| it.categories = Category::ALL.iter().copied().collect(),
            |it| it.categories.clear(),
            empty("categories"),
        ),
        (
            |it| it.kinds = [Kind::Information].into(),
            |it| it.kinds.clear(),
            empty("kinds"),
        ),
        (
            |it| it.exclusions.units = units(MAX_UNITS),
            |it| it.exclusions.units = units(MAX_UNITS + 1),
            many("exclusions.unit_ids", MAX_UNITS),
        ),
        (
            |it| it.exclusions.documents = documents(MAX_EXCLUDED_DOCUMENTS),
            |it| it.exclusions.documents = documents(MAX_EXCLUDED_DOCUMENTS + 1),
            many("exclusions.document_ids", MAX_EXCLUDED_DOCUMENTS),
        ),
        (
            |it| it.acts = [Act::Share].into(),
            |it| it.acts = [Act::Plan].into(),
            InvalidScope::ShareMissing,
        ),
        (
            |it| it.acts = [Act::Share].into(),
            |it| it.acts.clear(),
            InvalidScope::ShareMissing,
        ),
        (
            |it| it.period.until = from() + SECOND,
            |it| it.period.until = from(),
            InvalidScope::Period,
        ),
        (
            |it| it.period.until = from() + MAX_PERIOD,
            |it| it.period.until = from() + MAX_PERIOD + SECOND,
            InvalidScope::Period,
        ),
    ]
}

#[test]
fn every_limit_has_its_twin() {
    for (fits, fails, expected) in limits() {
        let judged = |change: Change| {
            let mut parts = parts();
            change(&mut parts);
            Scope::parse(parts)
        };
        assert!(judged(fits).is_ok(), "the twin of {expected:?}");
        assert_eq!(judged(fails), Err(expected));
    }
}

#[test]
fn no_consent_carries_what_a_duty_orders() {
    for kind in Kind::ALL.iter().copied() {
        let mut parts = parts();
        parts.kinds.insert(kind);
        let expected = if kind.acts().is_some() {
            Ok(())
        } else {
            Err(InvalidScope::KindOfDuty { kind })
        };
        assert_eq!(Scope::parse(parts).map(|_| ()), expected, "{kind}");
    }
}

#[test]
fn one_way_is_one_way_and_a_circle_is_all_with_all() {
    let judge = |direction| {
        let parts = ScopeParts {
            sources: [unit(1)].into(),
            recipients: [unit(2)].into(),
            direction,
            ..parts()
        };
        let scope = Scope::parse(parts).unwrap();
        [1, 2, 3].map(|number| (scope.lets_send(unit(number)), scope.lets_receive(unit(number))))
    };
    assert_eq!(
        judge(Direction::OneWay),
        [(true, false), (false, true), (false, false)]
    );
    assert_eq!(
        judge(Direction::Circle),
        [(true, true), (true, true), (false, false)]
    );
}

#[test]
fn narrowing_ends_no_later_and_not_before_it_began() {
    let scope = Scope::parse(parts()).unwrap();
    let until = |until| {
        scope
            .narrowed(&Exclusions::default(), Some(until))
            .map(|it| it.period().until)
    };
    let end = scope.period().until;
    assert_eq!(until(end), Ok(end));
    assert_eq!(until(end + SECOND), Err(InvalidScope::Period));
    assert_eq!(until(from() + SECOND), Ok(from() + SECOND));
    assert_eq!(until(from()), Err(InvalidScope::Period));
    assert_eq!(
        scope.narrowed(&Exclusions::default(), None),
        Ok(scope.clone()),
        "nothing more is nothing less"
    );
}

#[test]
fn narrowing_passes_no_limit() {
    let full = ScopeParts {
        exclusions: Exclusions {
            units: units(MAX_UNITS),
            ..Exclusions::default()
        },
        ..parts()
    };
    let full = Scope::parse(full).unwrap();
    let again = Exclusions {
        units: units(1),
        ..Exclusions::default()
    };
    assert_eq!(full.narrowed(&again, None), Ok(full.clone()), "excluded already");
    let one_more = Exclusions {
        units: [unit(200)].into(),
        ..Exclusions::default()
    };
    let limit = InvalidScope::TooMany {
        field: "exclusions.unit_ids",
        limit: MAX_UNITS,
    };
    assert_eq!(full.narrowed(&one_more, None), Err(limit));
}

fn exclusions() -> impl Strategy<Value = Exclusions> {
    let categories = subsequence(Category::ALL.to_vec(), 0..=3);
    let documents = btree_set(
        (0_u8..4).prop_map(|number| DocumentId::from_bytes([number; 16])),
        0..3,
    );
    (categories, btree_set((0_u8..4).prop_map(unit), 0..3), documents).prop_map(
        |(categories, units, documents)| Exclusions {
            categories: categories.into_iter().collect(),
            units,
            documents,
        },
    )
}

/// Everything of the one lies in the other.
fn within(small: &Scope, large: &Scope) -> bool {
    let (fewer, more) = (small.exclusions(), large.exclusions());
    small.sources() == large.sources()
        && small.recipients() == large.recipients()
        && small.direction() == large.direction()
        && small.categories() == large.categories()
        && small.kinds() == large.kinds()
        && small.purpose() == large.purpose()
        && small.acts() == large.acts()
        && small.period().from == large.period().from
        && small.period().until <= large.period().until
        && more.categories.is_subset(&fewer.categories)
        && more.units.is_subset(&fewer.units)
        && more.documents.is_subset(&fewer.documents)
}

#[test]
fn narrowing_only_shrinks() {
    let until = of(select(vec![
        from() + SECOND,
        from() + MAX_PERIOD,
        from() + SignedDuration::from_hours(48),
    ]));
    let config = Config {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        cases: 500,
        ..Config::default()
    };
    let property = |(first, then, until): (Exclusions, Exclusions, Option<Timestamp>)| {
        let scope = Scope::parse(parts()).unwrap();
        let once = scope.narrowed(&first, until).unwrap();
        let twice = once.narrowed(&then, None).unwrap();
        prop_assert!(within(&once, &scope), "{:?}", once);
        prop_assert!(within(&twice, &once), "{:?}", twice);
        prop_assert!(
            first.units.is_subset(&once.exclusions().units),
            "what was asked for is excluded"
        );
        prop_assert!(until.is_none_or(|until| once.period().until == until));
        prop_assert_eq!(
            once.narrowed(&first, until),
            Ok(once.clone()),
            "asked twice, done once"
        );
        prop_assert_eq!(
            scope.narrowed(&then, until).unwrap().narrowed(&first, None),
            Ok(twice),
            "in any order"
        );
        Ok(())
    };
    if let Err(failure) = TestRunner::new(config).run(&(exclusions(), exclusions(), until), property) {
        panic!("{failure}");
    }
}
