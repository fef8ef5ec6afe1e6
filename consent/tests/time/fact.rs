//! The limits of every recorded fact: a nanosecond and a second before, at, and a second after.

use jiff::Timestamp;
use jiff::civil::date;
use samrum_consent::consent::{Signatory, Signer};
use samrum_consent::fact::{CareOrder, Hindrance, Recorded, Representative, Risk};
use samrum_consent::guardian::kept_from;
use samrum_consent::id::{AuthorityId, FactId};
use samrum_consent::reason::Reason;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Capacity, Category, Circumstance, CustodySource, Kind, Maturity};

use super::{NANOSECOND, SECOND, lacks, limits, note_around, reasons_at};
use crate::world::{
    CASE_CHILD, GOOD_MAN, GUARDIAN, OTHER_GUARDIAN, Situation, child, concern_report, days,
    information_on_provision, lasting, portal, recorded, signed, unit,
};

/// A fact with one limit: what a note meets before it, and from it on.
struct Row {
    what: &'static str,
    situation: fn(Timestamp) -> Situation,
    before: fn(Timestamp) -> Vec<Reason>,
    then: fn(Timestamp) -> Vec<Reason>,
}

fn nothing(_: Timestamp) -> Vec<Reason> {
    Vec::new()
}

fn unassessed(_: Timestamp) -> Vec<Reason> {
    vec![Reason::MaturityUnassessed]
}

fn second_guardian(_: Timestamp) -> Vec<Reason> {
    lacks(2, Capacity::Guardian)
}

fn guardians(_: Timestamp) -> Vec<Reason> {
    lacks(0, Capacity::Guardian)
}

fn the_grown_up(_: Timestamp) -> Vec<Reason> {
    lacks(0, Capacity::Individual)
}

fn no_circumstance(_: Timestamp) -> Vec<Reason> {
    vec![Reason::ProvisionCircumstanceMissing]
}

#[test]
fn every_recorded_fact_holds_to_the_second() {
    let groups = [
        consents(),
        custody(),
        assessments(),
        excuses(),
        boards(),
        representatives(),
        circumstances(),
    ];
    for Row {
        what,
        situation,
        before,
        then,
    } in groups.into_iter().flatten()
    {
        for limit in limits() {
            let built = situation(limit);
            for earlier in [limit - SECOND, limit - NANOSECOND] {
                assert_eq!(
                    reasons_at(&built, earlier),
                    before(limit),
                    "{what}, before, {earlier}"
                );
            }
            for later in [limit, limit + NANOSECOND, limit + SECOND] {
                assert_eq!(
                    reasons_at(&built, later),
                    then(limit),
                    "{what}, from then on, {later}"
                );
            }
        }
    }
}

/// Ends at the limit.
fn until(limit: Timestamp) -> Period {
    Period {
        from: limit - days(20),
        until: limit,
    }
}

/// Begins at the limit.
fn from(limit: Timestamp) -> Period {
    Period {
        from: limit,
        until: limit + days(20),
    }
}

fn about_nine(limit: Timestamp) -> Situation {
    note_around(limit, date(2018, 1, 1))
}

fn consents() -> Vec<Row> {
    vec![
        Row {
            what: "a consent begins",
            situation: |limit| {
                let mut it = about_nine(limit);
                it.rescope(|scope| scope.period = from(limit));
                it
            },
            before: |from| vec![Reason::ConsentNotYetValid { from }],
            then: nothing,
        },
        Row {
            what: "a consent ends",
            situation: |limit| {
                let mut it = about_nine(limit);
                it.rescope(|scope| scope.period = until(limit));
                it
            },
            before: nothing,
            then: |until| vec![Reason::ConsentExpired { until }],
        },
    ]
}

/// When custody was read, so that it is a nanosecond too old at the limit: `note_around` lets it be a year old.
fn read_too_long_before(limit: Timestamp) -> Timestamp {
    limit - days(365) - NANOSECOND
}

fn custody() -> Vec<Row> {
    vec![
        Row {
            what: "custody is read",
            situation: |limit| {
                let mut it = about_nine(limit);
                it.custody().checked_at = limit;
                it
            },
            before: |_| vec![Reason::CustodyUnverified],
            then: nothing,
        },
        Row {
            what: "custody was read too long ago",
            situation: |limit| {
                let mut it = about_nine(limit);
                it.custody().checked_at = read_too_long_before(limit);
                it
            },
            before: nothing,
            then: |limit| {
                vec![Reason::CustodyOutdated {
                    checked: read_too_long_before(limit),
                }]
            },
        },
    ]
}

/// A child of thirteen whom the sender has assessed.
fn assessed(limit: Timestamp) -> Situation {
    let mut it = note_around(limit, date(2012, 6, 1));
    it.assess(Maturity::GuardiansDecide);
    it
}

fn assessments() -> Vec<Row> {
    vec![
        Row {
            what: "an assessment begins",
            situation: |limit| {
                let mut it = assessed(limit);
                it.child().individual.assessments[0].fact.period = from(limit);
                it
            },
            before: unassessed,
            then: nothing,
        },
        Row {
            what: "an assessment ends",
            situation: |limit| {
                let mut it = assessed(limit);
                it.child().individual.assessments[0].fact.period = until(limit);
                it
            },
            before: nothing,
            then: unassessed,
        },
        Row {
            what: "an assessment is recorded",
            situation: |limit| {
                let mut it = assessed(limit);
                it.child().individual.assessments[0].at = limit;
                it
            },
            before: unassessed,
            then: nothing,
        },
    ]
}

/// The second guardian has not signed.
fn one_signed(limit: Timestamp) -> Situation {
    let mut it = about_nine(limit);
    it.consent().signatories[1].signature = None;
    it
}

fn hindered(limit: Timestamp, recorded_at: Timestamp, ends: Timestamp) -> Situation {
    let hindrance = Hindrance {
        guardian: OTHER_GUARDIAN,
        cannot_wait: true,
        decisive: false,
        until: ends,
    };
    let mut it = one_signed(limit);
    it.child().individual.hindrances = vec![Recorded {
        at: recorded_at,
        ..recorded(&unit::child_psychiatry(), hindrance)
    }];
    it
}

fn a_risk(limit: Timestamp, recorded_at: Timestamp, review: Timestamp) -> Situation {
    let risk = Risk {
        guardian: OTHER_GUARDIAN,
        categories: Category::ALL.iter().copied().collect(),
        review,
    };
    let mut it = one_signed(limit);
    it.child().individual.risks = vec![Recorded {
        at: recorded_at,
        ..recorded(&unit::child_psychiatry(), risk)
    }];
    it
}

fn excuses() -> Vec<Row> {
    vec![
        Row {
            what: "a hindrance ends",
            situation: |limit| hindered(limit, limit - days(1), limit),
            before: nothing,
            then: second_guardian,
        },
        Row {
            what: "a hindrance is recorded",
            situation: |limit| hindered(limit, limit, limit + days(1)),
            before: second_guardian,
            then: nothing,
        },
        Row {
            what: "a risk must be reviewed",
            situation: |limit| a_risk(limit, limit - days(1), limit),
            before: nothing,
            then: second_guardian,
        },
        Row {
            what: "a risk is recorded",
            situation: |limit| a_risk(limit, limit, limit + days(1)),
            before: second_guardian,
            then: nothing,
        },
    ]
}

/// The board was asked and has signed, nobody else was.
fn board_signed(limit: Timestamp, period: Period) -> Situation {
    let board: AuthorityId = unit::social_services().authority;
    let mut it = about_nine(limit);
    it.child().individual.care_orders = vec![CareOrder {
        id: FactId::from_bytes([0x45; 16]),
        board,
        categories: Category::ALL.iter().copied().collect(),
        period,
    }];
    it.consent().signatories = vec![Signatory {
        signer: Signer::Board(board),
        signature: Some(signed(portal())),
    }];
    it
}

fn boards() -> Vec<Row> {
    vec![
        Row {
            what: "care under LVU begins",
            situation: |limit| board_signed(limit, from(limit)),
            before: guardians,
            then: nothing,
        },
        Row {
            what: "care under LVU ends",
            situation: |limit| board_signed(limit, until(limit)),
            before: nothing,
            then: guardians,
        },
    ]
}

fn represented(limit: Timestamp, checked_at: Timestamp, until: Option<Timestamp>) -> Situation {
    let mut it = note_around(limit, date(1990, 1, 1));
    it.child().individual.representatives = vec![Representative {
        id: FactId::from_bytes([0x46; 16]),
        person: GOOD_MAN,
        source: CustodySource::CourtDecision,
        checked_at,
        until,
    }];
    it.consent().signatories = vec![Signatory {
        signer: GOOD_MAN.into(),
        signature: Some(signed(portal())),
    }];
    it
}

fn representatives() -> Vec<Row> {
    vec![
        Row {
            what: "a representative's power ends",
            situation: |limit| represented(limit, limit - days(1), Some(limit)),
            before: nothing,
            then: the_grown_up,
        },
        Row {
            what: "a representative's power is read",
            situation: |limit| represented(limit, limit, None),
            before: the_grown_up,
            then: nothing,
        },
        Row {
            what: "a representative's power was read too long ago",
            situation: |limit| represented(limit, read_too_long_before(limit), None),
            before: nothing,
            then: the_grown_up,
        },
    ]
}

fn misuse(period: Period) -> Situation {
    let mut it = information_on_provision();
    it.child().individual.birth = Some(date(1990, 1, 1));
    let mut found = recorded(
        &unit::child_psychiatry(),
        lasting(Circumstance::OngoingSubstanceMisuse),
    );
    found.fact.period = period;
    it.child().individual.situations = vec![found];
    it
}

fn inquiry(period: Period) -> Situation {
    let mut it = concern_report();
    it.request.kind = Kind::InquiryInformation;
    it.request.subjects = [CASE_CHILD].into();
    it.facts.subjects = vec![child()];
    it.send_to(unit::social_services());
    let mut found = recorded(&unit::social_services(), lasting(Circumstance::InquiryDecided));
    found.fact.period = period;
    it.child().individual.situations = vec![found];
    it
}

fn circumstances() -> Vec<Row> {
    vec![
        Row {
            what: "a circumstance begins",
            situation: |limit| misuse(from(limit)),
            before: no_circumstance,
            then: nothing,
        },
        Row {
            what: "a circumstance ends",
            situation: |limit| misuse(until(limit)),
            before: nothing,
            then: no_circumstance,
        },
        Row {
            what: "a circumstance is recorded",
            situation: |limit| {
                let mut it = misuse(until(limit + days(1)));
                it.child().individual.situations[0].at = limit;
                it
            },
            before: no_circumstance,
            then: nothing,
        },
        Row {
            what: "an inquiry begins",
            situation: |limit| inquiry(from(limit)),
            before: no_circumstance,
            then: nothing,
        },
        Row {
            what: "an inquiry ends",
            situation: |limit| inquiry(until(limit)),
            before: nothing,
            then: no_circumstance,
        },
    ]
}

#[test]
fn what_is_kept_from_a_guardian_is_kept_to_the_second() {
    for limit in limits() {
        let mut it = a_risk(limit, limit - days(1), limit);
        // What protects needs no second professional, whoever recorded it.
        it.child().individual.risks[0].attested = false;
        let kept = |guardian, now| {
            kept_from(
                &it.facts.subjects[0].individual,
                guardian,
                Category::HomeFamily,
                now,
            )
        };
        for (now, expected) in [
            (limit - days(1) - SECOND, false),
            (limit - days(1), true),
            (limit - NANOSECOND, true),
            (limit, false),
            (limit + SECOND, false),
        ] {
            assert_eq!(kept(OTHER_GUARDIAN, now), expected, "{now}");
            assert!(!kept(GUARDIAN, now), "nothing is kept from the other");
        }
    }
}
