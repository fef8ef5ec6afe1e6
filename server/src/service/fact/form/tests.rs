//! Every circumstance against every sector, and every limit of time at its last allowed instant and after.

use jiff::SignedDuration;
use samrum_consent::fact::{Assessment, Situation};
use samrum_consent::id::{AuthorityId, OrganisationId, UnitId};
use samrum_consent::vocabulary::{Category, Maturity, Purpose};

use super::*;
use crate::service::individual::NamedPerson;

const TICK: SignedDuration = SignedDuration::from_nanos(1);

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn unit(sector: Sector, holder: Holder) -> Unit {
    Unit {
        id: UnitId::from_bytes([1; 16]),
        authority: AuthorityId::from_bytes([2; 16]),
        organisation: OrganisationId::from_bytes([3; 16]),
        sector,
        holder,
        board_reception: false,
    }
}

fn guardian() -> NamedPerson {
    NamedPerson {
        number: "198705129826".parse().unwrap(),
        name: "Kim Exempel".to_owned(),
    }
}

fn situation(circumstance: Circumstance) -> Found {
    Found::Situation(Situation {
        circumstance,
        period: Period {
            from: now(),
            until: now() + MAX_PERIOD,
        },
    })
}

#[test]
fn each_circumstance_is_recorded_by_those_whose_task_it_is() {
    use Circumstance as C;
    use Sector as S;
    let both: &[S] = &[S::HealthCare, S::SocialServices];
    for (circumstance, may) in [
        (C::CompulsoryPsychiatricCare, &[S::HealthCare][..]),
        (C::InquiryDecided, &[S::SocialServices]),
        (C::OngoingSubstanceMisuse, both),
        (C::CannotConsent, both),
        (C::ProtectsUnbornChild, both),
        (C::OlderOrDisabilityMeasures, both),
        (C::LssMeasures, both),
        (C::ProtectedPerson, S::ALL),
    ] {
        for sector in S::ALL {
            let judged = judge(&situation(circumstance), &unit(*sector, Holder::Public), now());
            let expected = if may.contains(sector) {
                None
            } else {
                Some("situation.circumstance")
            };
            assert_eq!(
                judged.err().map(|refused| refused.field),
                expected,
                "{circumstance} by {sector}"
            );
        }
    }
    let private = unit(S::SocialServices, Holder::Private);
    assert!(
        judge(&situation(C::InquiryDecided), &private, now()).is_err(),
        "the board's own decision"
    );
    assert!(judge(&situation(C::LssMeasures), &private, now()).is_ok());
    assert_eq!(C::ALL.len(), 8, "a new circumstance needs its row here");
}

fn fails(found: &Found) -> Option<&'static str> {
    let anyone = unit(Sector::School, Holder::Public);
    judge(found, &anyone, now()).err().map(|refused| refused.field)
}

#[test]
fn every_period_ends_in_the_future_and_lasts_twelve_months_at_most() {
    let maturity = |from, until| {
        Found::Maturity(Assessment {
            maturity: Maturity::Decides,
            matter: Purpose::Sip,
            period: Period { from, until },
        })
    };
    let risk = |_, review| Found::Risk {
        guardian: guardian(),
        categories: [Category::AbuseViolence].into(),
        review,
    };
    let hindrance = |_, until| Found::Hindrance {
        guardian: guardian(),
        cannot_wait: true,
        decisive: false,
        until,
    };
    let protected = |from, until| {
        Found::Situation(Situation {
            circumstance: Circumstance::ProtectedPerson,
            period: Period { from, until },
        })
    };
    type Maker<'a> = (&'a dyn Fn(Timestamp, Timestamp) -> Found, &'static str);
    let makers: [Maker<'_>; 4] = [
        (&maturity, "maturity.valid_until"),
        (&risk, "risk.review_at"),
        (&hindrance, "hindrance.valid_until"),
        (&protected, "situation.valid_until"),
    ];
    for (make, field) in makers {
        assert_eq!(fails(&make(now(), now() + TICK)), None, "{field}: the shortest");
        assert_eq!(
            fails(&make(now(), now() + MAX_PERIOD)),
            None,
            "{field}: the longest"
        );
        for until in [now() - TICK, now(), now() + MAX_PERIOD + TICK] {
            assert_eq!(fails(&make(now(), until)), Some(field), "{until}");
        }
    }
    let tomorrow = now() + SignedDuration::from_hours(24);
    assert_eq!(
        fails(&maturity(tomorrow, tomorrow)),
        Some("maturity.valid_until"),
        "ends as it begins"
    );
    assert_eq!(
        fails(&maturity(tomorrow, tomorrow + MAX_PERIOD)),
        None,
        "from tomorrow on"
    );
}

#[test]
fn a_guardian_is_hindered_only_in_what_cannot_wait_and_is_not_decisive() {
    let hindrance = |cannot_wait, decisive| Found::Hindrance {
        guardian: guardian(),
        cannot_wait,
        decisive,
        until: now() + MAX_PERIOD,
    };
    assert_eq!(fails(&hindrance(true, false)), None);
    assert_eq!(fails(&hindrance(false, false)), Some("hindrance.cannot_wait"));
    assert_eq!(fails(&hindrance(true, true)), Some("hindrance.decisive"));
    let nothing = Found::Risk {
        guardian: guardian(),
        categories: [].into(),
        review: now() + MAX_PERIOD,
    };
    assert_eq!(fails(&nothing), Some("risk.categories"));
}
