//! The period of a consent and the age of a check of custody: counted in seconds, whatever the clock shows.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use samrum_consent::reason::Reason;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::Capacity;

use super::{SECOND, note_around, reasons_at};
use crate::world::{GUARDIAN, OTHER_GUARDIAN, Situation, at, days, note_on_consent};

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
