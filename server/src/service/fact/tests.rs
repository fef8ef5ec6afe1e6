//! Who may stand beside a fact, and until when: what a hub that cannot wait for time is not asked.

use jiff::SignedDuration;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Maturity, Purpose};

use super::*;

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// Recorded by `anna.k` an hour ago, to hold until then.
fn record(until: Timestamp) -> FactRecord {
    let an_hour_ago = now() - SignedDuration::from_hours(1);
    FactRecord {
        id: FactId::from_bytes([1; 16]),
        person: PersonId::from_bytes([2; 16]),
        unit: UnitId::from_bytes([3; 16]),
        recorded_by: "anna.k".to_owned(),
        at: an_hour_ago,
        attested: None,
        finding: Finding::Assessment(Assessment {
            maturity: Maturity::Decides,
            matter: Purpose::Sip,
            period: Period {
                from: an_hour_ago,
                until,
            },
        }),
        guardian: None,
        reason: "Samtal på mottagningen".to_owned(),
    }
}

#[test]
fn what_is_over_is_attested_no_more() {
    let tick = SignedDuration::from_nanos(1);
    assert!(judge_second(&record(now() + tick), "bo.l", now()).is_ok());
    for until in [now(), now() - tick] {
        let refused = judge_second(&record(until), "bo.l", now()).unwrap_err();
        assert!(matches!(refused, ServiceError::StateConflict(_)), "{refused}");
    }
}

#[test]
fn a_second_professional_is_another_however_the_first_is_written() {
    let record = record(now() + SignedDuration::from_hours(1));
    for same in ["anna.k", "Anna.K", "ANNA.K"] {
        let refused = judge_second(&record, same, now()).unwrap_err();
        let ServiceError::InvalidField(refused) = refused else {
            panic!("{same}: {refused}");
        };
        assert_eq!(refused.field, "acting");
    }
    for other in ["anna.kj", "bo.l", "nna.k"] {
        assert!(judge_second(&record, other, now()).is_ok(), "{other}");
    }
}

#[test]
fn a_place_in_a_list_is_read_as_it_was_written_and_nothing_else_is() {
    let record = record(now());
    let written = place(&record);
    assert_eq!(written.len(), PLACE_BYTES);
    let read = read_place(&written).unwrap();
    assert_eq!(read, (record.at, record.id));
    let longer = [written.as_slice(), &[0]].concat();
    for wrong in [&written[..23], &longer, &[]] {
        assert!(read_place(wrong).is_err());
    }
}
