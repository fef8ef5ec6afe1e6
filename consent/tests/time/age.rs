//! Birthdays: the twelfth, from which maturity must be assessed, and the eighteenth, from midnight in
//! Stockholm; also for provisions about children.

use std::sync::Arc;

use jiff::civil::{Date, date};
use samrum_consent::consent::Signatory;
use samrum_consent::fact::Representative;
use samrum_consent::id::FactId;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Capacity, CustodySource, Maturity};

use super::{SECOND, note_around, reasons_at};
use crate::world::{
    CASE_CHILD, CHILD, GOOD_MAN, at, child, concern_report, days, information_on_provision, note_on_consent,
    portal, signed,
};

/// Birthdays with the first second of that day in Stockholm: summer, winter, the nights when the clock is
/// moved, a leap day.
const EIGHTEENTH: [(Date, &str); 8] = [
    (date(2008, 7, 1), "2026-06-30T22:00:00Z"),
    (date(2008, 1, 15), "2026-01-14T23:00:00Z"),
    (date(2008, 3, 29), "2026-03-28T23:00:00Z"),
    (date(2008, 3, 30), "2026-03-29T22:00:00Z"),
    (date(2007, 10, 26), "2025-10-25T22:00:00Z"),
    (date(2007, 10, 27), "2025-10-26T23:00:00Z"),
    (date(2008, 1, 1), "2025-12-31T23:00:00Z"),
    (date(2008, 2, 29), "2026-02-28T23:00:00Z"),
];

#[test]
fn guardians_decide_until_the_second_before_full_age() {
    for (birth, midnight) in EIGHTEENTH {
        let midnight = at(midnight);
        let mut situation = note_around(midnight, birth);
        situation.assess(Maturity::GuardiansDecide);
        let asked_nobody = [Reason::SignatureMissing {
            signatory: 0,
            capacity: Capacity::Individual,
        }];
        assert!(
            reasons_at(&situation, midnight - SECOND).is_empty(),
            "{birth}, a second before"
        );
        assert_eq!(
            reasons_at(&situation, midnight),
            asked_nobody,
            "{birth}, at midnight"
        );
        assert_eq!(
            reasons_at(&situation, midnight + SECOND),
            asked_nobody,
            "{birth}, a second after"
        );
    }
}

#[test]
fn the_grown_up_alone_decides_from_that_second() {
    for (birth, midnight) in EIGHTEENTH {
        let midnight = at(midnight);
        let mut situation = note_around(midnight, birth);
        situation.assess(Maturity::GuardiansDecide);
        situation.consent().signatories = vec![Signatory {
            signer: CHILD.into(),
            signature: Some(signed(portal())),
        }];
        let nobody = [Reason::SignatureMissing {
            signatory: 0,
            capacity: Capacity::Guardian,
        }];
        assert_eq!(
            reasons_at(&situation, midnight - SECOND),
            nobody,
            "{birth}, a second before"
        );
        assert!(
            reasons_at(&situation, midnight).is_empty(),
            "{birth}, at midnight"
        );
        situation.child().individual.custody = None;
        assert!(
            reasons_at(&situation, midnight).is_empty(),
            "{birth}: custody says nothing any more"
        );
    }
}

#[test]
fn from_twelve_somebody_must_have_assessed() {
    let twelfth = [
        (date(2014, 7, 1), "2026-06-30T22:00:00Z"),
        (date(2014, 1, 15), "2026-01-14T23:00:00Z"),
        (date(2012, 2, 29), "2024-02-28T23:00:00Z"),
        (date(2016, 2, 29), "2028-02-28T23:00:00Z"),
    ];
    for (birth, midnight) in twelfth {
        let midnight = at(midnight);
        let mut situation = note_around(midnight, birth);
        assert!(
            reasons_at(&situation, midnight - SECOND).is_empty(),
            "{birth}, a second before"
        );
        assert_eq!(
            reasons_at(&situation, midnight),
            [Reason::MaturityUnassessed],
            "{birth}, at midnight"
        );
        situation.assess(Maturity::GuardiansDecide);
        assert!(reasons_at(&situation, midnight).is_empty(), "{birth}, assessed");
    }
}

#[test]
fn the_policy_age_is_the_operators() {
    let mut situation = note_on_consent();
    Arc::make_mut(&mut situation.law).policy.maturity_age = 10;
    assert!(situation.permitted(), "nine years old");
    Arc::make_mut(&mut situation.law).policy.maturity_age = 9;
    assert_eq!(situation.reasons(), [Reason::MaturityUnassessed]);
}

#[test]
fn nobody_gets_older_in_the_hour_that_occurs_twice() {
    let mut situation = note_around(at("2025-10-26T00:30:00Z"), date(2007, 10, 27));
    situation.assess(Maturity::GuardiansDecide);
    let day = [
        "2025-10-25T22:00:00Z",
        "2025-10-26T00:30:00Z",
        "2025-10-26T01:30:00Z",
        "2025-10-26T22:59:59Z",
    ];
    for instant in day {
        assert!(
            reasons_at(&situation, at(instant)).is_empty(),
            "seventeen at {instant}"
        );
    }
    assert_eq!(
        reasons_at(&situation, at("2025-10-26T23:00:00Z")),
        [Reason::SignatureMissing {
            signatory: 0,
            capacity: Capacity::Individual
        }],
        "and eighteen when those twenty-five hours are over"
    );
}

#[test]
fn a_good_man_counts_from_that_second_and_not_before() {
    for (birth, midnight) in EIGHTEENTH {
        let midnight = at(midnight);
        let mut situation = note_around(midnight, birth);
        situation.assess(Maturity::GuardiansDecide);
        situation.child().individual.representatives = vec![Representative {
            id: FactId::from_bytes([0x44; 16]),
            person: GOOD_MAN,
            source: CustodySource::CourtDecision,
            checked_at: midnight - days(1),
            until: None,
        }];
        situation.consent().signatories = vec![Signatory {
            signer: GOOD_MAN.into(),
            signature: Some(signed(portal())),
        }];
        let guardians = [Reason::SignatureMissing {
            signatory: 0,
            capacity: Capacity::Guardian,
        }];
        assert_eq!(
            reasons_at(&situation, midnight - SECOND),
            guardians,
            "{birth}, a second before"
        );
        assert!(
            reasons_at(&situation, midnight).is_empty(),
            "{birth}, at midnight"
        );
    }
}

#[test]
fn a_provision_about_children_ends_for_them_at_that_second() {
    for (birth, midnight) in EIGHTEENTH {
        let midnight = at(midnight);
        let mut information = information_on_provision();
        information.child().individual.birth = Some(birth);
        let mut report = concern_report();
        report.request.subjects = [CASE_CHILD].into();
        report.facts.subjects = vec![child()];
        report.child().individual.birth = Some(birth);
        for situation in [information, report] {
            let grown_up = [Reason::ProvisionCircumstanceMissing];
            assert!(
                reasons_at(&situation, midnight - SECOND).is_empty(),
                "{birth}, a second before"
            );
            assert_eq!(reasons_at(&situation, midnight), grown_up, "{birth}, at midnight");
            assert_eq!(
                reasons_at(&situation, midnight + SECOND),
                grown_up,
                "{birth}, a second after"
            );
        }
    }
}
