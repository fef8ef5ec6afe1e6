//! Time to the second: before, at and after every limit that a decision knows, in Stockholm's calendar.
//!
//! Birthdays and statutes turn at midnight in Stockholm, 22:00 UTC in summer and 23:00 UTC in winter;
//! periods and the age of a check are counted in seconds and know no calendar.

use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use samrum_consent::consent::Signatory;
use samrum_consent::decide::{Answer, Ground, Named};
use samrum_consent::reason::Reason;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::Basis;
use samrum_consent::vocabulary::{Capacity, Maturity};

use crate::world::{
    CHILD, CONCERN, CONCERN_BEFORE, GUARDIAN, OTHER_GUARDIAN, Situation, at, concern_report, days,
    note_on_consent, portal, signed,
};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// What a note meets at this instant: nothing when it is permitted.
fn reasons_at(situation: &Situation, now: Timestamp) -> Vec<Reason> {
    let mut situation = situation.clone();
    situation.now = now;
    situation.reasons()
}

/// A note about a child born on this date, on a consent of the guardians around that instant; custody is
/// never too old.
fn note_around(instant: Timestamp, birth: Date) -> Situation {
    let mut situation = note_on_consent();
    situation.rescope(|scope| {
        scope.period = Period {
            from: instant - days(30),
            until: instant + days(30),
        };
    });
    situation.child().individual.birth = Some(birth);
    situation.custody().checked_at = instant - days(30);
    Arc::make_mut(&mut situation.law).policy.custody_max_age = days(365);
    situation
}

#[test]
fn a_consent_holds_from_its_first_second_to_the_one_before_its_end() {
    let situation = note_on_consent();
    let mut situation = Situation {
        now: at("2026-03-02T00:00:00Z"),
        ..situation
    };
    Arc::make_mut(&mut situation.law).policy.custody_max_age = days(365);
    let (from, until) = (at("2026-03-02T00:00:00Z"), at("2026-09-02T00:00:00Z"));
    situation.custody().checked_at = from - days(1);
    let none: [Reason; 0] = [];
    assert_eq!(
        reasons_at(&situation, from - SECOND),
        [Reason::ConsentNotYetValid { from }]
    );
    assert_eq!(reasons_at(&situation, from), none);
    assert_eq!(reasons_at(&situation, from + SECOND), none);
    assert_eq!(reasons_at(&situation, until - SECOND), none);
    assert_eq!(reasons_at(&situation, until), [Reason::ConsentExpired { until }]);
    assert_eq!(
        reasons_at(&situation, until + SECOND),
        [Reason::ConsentExpired { until }]
    );
}

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
fn custody_holds_as_long_as_policy_says_and_not_before_it_was_read() {
    let mut situation = note_on_consent();
    let now = situation.now;
    for (checked, expected) in [
        (now + SECOND, vec![Reason::CustodyUnverified]),
        (now, vec![]),
        (now - days(90) + SECOND, vec![]),
        (now - days(90), vec![]),
        (
            now - days(90) - SECOND,
            vec![Reason::CustodyOutdated {
                checked: now - days(90) - SECOND,
            }],
        ),
    ] {
        situation.custody().checked_at = checked;
        assert_eq!(situation.reasons(), expected, "read at {checked}");
    }
}

#[test]
fn the_age_of_a_check_knows_no_summer_time() {
    let (checked, limit) = (at("2025-08-01T10:00:00Z"), at("2025-10-30T10:00:00Z"));
    let mut situation = note_around(limit, date(2017, 3, 9));
    Arc::make_mut(&mut situation.law).policy.custody_max_age = days(90);
    situation.custody().checked_at = checked;
    assert!(
        reasons_at(&situation, limit).is_empty(),
        "noon in August, eleven o'clock in October"
    );
    assert_eq!(
        reasons_at(&situation, limit + SECOND),
        [Reason::CustodyOutdated { checked }]
    );
}

#[test]
fn the_duty_to_report_concern_changes_statute_at_midnight() {
    let situation = concern_report();
    let midnight = at("2025-06-30T22:00:00Z");
    for (now, statute) in [
        (midnight - SECOND, CONCERN_BEFORE),
        (midnight, CONCERN),
        (midnight + SECOND, CONCERN),
        (at("2025-06-30T23:59:59Z"), CONCERN),
    ] {
        let situation = Situation {
            now,
            ..situation.clone()
        };
        assert_eq!(
            situation.answer(),
            Answer::Permit(Ground::Provision(statute.to_owned())),
            "{now}"
        );
    }
}

#[test]
fn a_report_sent_under_the_old_statute_is_read_under_the_new() {
    let mut situation = concern_report();
    situation.now = at("2025-06-30T21:59:59Z");
    let Answer::Permit(ground) = situation.answer() else {
        panic!("a duty is never blocked")
    };
    situation.on(Named::Fixed(ground.clone()));
    situation.now = at("2025-07-01T06:00:00Z");
    assert_eq!(situation.answer(), Answer::Permit(ground));
    situation.on(Named::Now(Basis::Duty));
    assert_eq!(
        situation.answer(),
        Answer::Permit(Ground::Provision(CONCERN.to_owned())),
        "sent anew"
    );
}

#[test]
fn the_hour_that_occurs_twice_is_two_hours() {
    let (first, second) = (at("2025-10-26T00:30:00Z"), at("2025-10-26T01:30:00Z"));
    let until = |until: Timestamp| {
        let mut situation = note_around(first, date(2017, 3, 9));
        situation.rescope(|scope| {
            scope.period = Period {
                from: first - days(30),
                until,
            }
        });
        situation
    };
    let none: [Reason; 0] = [];
    assert_eq!(reasons_at(&until(first), first - SECOND), none);
    assert_eq!(
        reasons_at(&until(first), first),
        [Reason::ConsentExpired { until: first }]
    );
    assert_eq!(
        reasons_at(&until(first), second - SECOND),
        [Reason::ConsentExpired { until: first }]
    );
    assert_eq!(
        reasons_at(&until(second), first),
        none,
        "half past two for the first time"
    );
    assert_eq!(reasons_at(&until(second), second - SECOND), none);
    assert_eq!(
        reasons_at(&until(second), second),
        [Reason::ConsentExpired { until: second }]
    );
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
fn a_guardian_who_gets_custody_counts_from_the_next_decision_on() {
    let mut situation = note_on_consent();
    situation.custody().guardians = vec![GUARDIAN];
    assert!(situation.permitted());
    situation.custody().guardians = vec![GUARDIAN, OTHER_GUARDIAN];
    assert!(situation.permitted(), "the other had signed too");
    situation.consent().signatories[1].signature = None;
    assert_eq!(
        situation.reasons(),
        [Reason::SignatureMissing {
            signatory: 2,
            capacity: Capacity::Guardian
        }]
    );
}
