//! The days of a statute: from midnight on its first day to midnight after its last, in Stockholm.

use samrum_consent::decide::{Answer, Ground, Named};
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::Basis;

use super::{NANOSECOND, SECOND, reasons_at};
use crate::world::{
    CONCERN, CONCERN_BEFORE, NECESSARY_SUPPORT, Situation, at, concern_report, information_on_provision,
    law_with,
};

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

/// A day with its first second and the one after its last: winter, summer, the days of 23 and 25 hours, a
/// leap day and its neighbours, New Year.
const DAYS: [(&str, &str, &str); 8] = [
    ("2026-01-15", "2026-01-14T23:00:00Z", "2026-01-15T23:00:00Z"),
    ("2026-07-01", "2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z"),
    ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
    ("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
    ("2028-02-28", "2028-02-27T23:00:00Z", "2028-02-28T23:00:00Z"),
    ("2028-02-29", "2028-02-28T23:00:00Z", "2028-02-29T23:00:00Z"),
    ("2028-03-01", "2028-02-29T23:00:00Z", "2028-03-01T23:00:00Z"),
    ("2027-01-01", "2026-12-31T23:00:00Z", "2027-01-01T23:00:00Z"),
];

#[test]
fn a_provision_holds_from_the_first_second_of_its_first_day() {
    for (day, first, _) in DAYS {
        let mut situation = information_on_provision();
        situation.law = law_with(NECESSARY_SUPPORT, &format!("from_date = \"{day}\""));
        let first = at(first);
        for before in [first - SECOND, first - NANOSECOND] {
            assert_eq!(
                reasons_at(&situation, before),
                [Reason::ProvisionNotInForce],
                "{day}, {before}"
            );
        }
        for from in [first, first + SECOND] {
            assert!(reasons_at(&situation, from).is_empty(), "{day}, {from}");
        }
    }
}

#[test]
fn a_provision_holds_to_the_last_second_of_its_last_day() {
    for (day, _, over) in DAYS {
        let mut situation = information_on_provision();
        situation.law = law_with(NECESSARY_SUPPORT, &format!("to_date = \"{day}\""));
        let over = at(over);
        for before in [over - SECOND, over - NANOSECOND] {
            assert!(reasons_at(&situation, before).is_empty(), "{day}, {before}");
        }
        for from in [over, over + SECOND] {
            assert_eq!(
                reasons_at(&situation, from),
                [Reason::ProvisionNotInForce],
                "{day}, {from}"
            );
        }
        situation.on(Named::Fixed(Ground::Provision(NECESSARY_SUPPORT.to_owned())));
        assert!(
            reasons_at(&situation, over - SECOND).is_empty(),
            "{day}, at release"
        );
        assert_eq!(
            reasons_at(&situation, over),
            [Reason::BasisEnded],
            "{day}, at release"
        );
    }
}
