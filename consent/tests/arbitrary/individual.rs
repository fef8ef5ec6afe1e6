//! Arbitrary people: every age at its limits, every fact by whichever unit, in and out of its time.

use jiff::Timestamp;
use jiff::civil::Date;
use samrum_consent::fact::{
    Assessment, CareOrder, Custody, Hindrance, Individual, Recorded, Representative, Risk, Situation,
};
use samrum_consent::id::{AuthorityId, FactId, PersonId, UnitId};
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Circumstance, CustodySource, Maturity, Purpose};

use super::{CATEGORIES, Chance, SECOND, Setting, any_unit};
use crate::world::{AGENT, CHILD, GOOD_MAN, GUARDIAN, NEW_GUARDIAN, OTHER_GUARDIAN, RELATIVE, days, unit};

/// Somebody of whom anything may be recorded.
pub(super) fn individual(chance: &mut Chance, setting: &Setting, person: PersonId) -> Individual {
    let usual = if person == RELATIVE { 40 } else { 9 };
    let birth = birth(chance, setting.today, usual);
    let assessments = match birth {
        Some(birth) if setting.today.year() - birth.year() < 12 => chance.few(),
        _ => [1, 1, 1, 1, 2, 0][chance.below(6)],
    };
    let [hindrances, risks, representatives, orders] = core::array::from_fn(|_| chance.few());
    let situations = chance.below(4);
    Individual {
        assessments: repeat(assessments, |_| {
            let found = assessment(chance, setting);
            recorded(chance, setting, 7, found)
        }),
        hindrances: repeat(hindrances, |_| {
            let found = hindrance(chance, setting);
            recorded(chance, setting, 3, found)
        }),
        risks: repeat(risks, |_| {
            let found = risk(chance, setting);
            recorded(chance, setting, 3, found)
        }),
        representatives: repeat(representatives, |_| representative(chance, setting)),
        care_orders: repeat(orders, |_| care_order(chance, setting)),
        situations: repeat(situations, |_| situation(chance, setting)),
        ..Individual::new(person, birth, custody(chance, setting))
    }
}

fn repeat<T>(count: usize, one: impl FnMut(usize) -> T) -> Vec<T> {
    (0..count).map(one).collect()
}

fn fact_id(chance: &mut Chance) -> FactId {
    FactId::from_bytes(chance.bytes())
}

/// Mostly of the usual age; else as old as one limit of age today, a day before or after; or unproven.
fn birth(chance: &mut Chance, today: Date, usual: i16) -> Option<Date> {
    if !chance.once_in(3) {
        return Some(years_before(today, usual));
    }
    if chance.once_in(8) {
        return None;
    }
    let years = chance.of(&[12, 13, 15, 18, 40]);
    let birthday = years_before(today, years);
    let near = [
        birthday,
        birthday.tomorrow().expect("not the last day there is"),
        birthday.yesterday().expect("not the first day there is"),
    ];
    Some(chance.of(&near))
}

fn years_before(today: Date, years: i16) -> Date {
    let year = today.year() - years;
    Date::new(year, today.month(), today.day()).unwrap_or_else(|_| jiff::civil::date(year, 3, 1))
}

/// Mostly some days ago; else a second before now, now, a second after.
fn recently(chance: &mut Chance, now: Timestamp) -> Timestamp {
    chance.mostly(now - days(10), 12, &[now - SECOND, now, now + SECOND])
}

/// Mostly in some days; else a second before now, now, a second after.
fn soon(chance: &mut Chance, now: Timestamp) -> Timestamp {
    chance.mostly(now + days(30), 6, &[now - SECOND, now, now + SECOND])
}

fn period(chance: &mut Chance, now: Timestamp) -> Period {
    Period {
        from: chance.mostly(now - days(30), 12, &[now - SECOND, now, now + SECOND]),
        until: chance.mostly(now + days(30), 12, &[now - SECOND, now, now + SECOND]),
    }
}

/// Mostly by the sender, so many times in ten, and attested.
fn recorded<T>(chance: &mut Chance, setting: &Setting, by_sender: usize, fact: T) -> Recorded<T> {
    let by: UnitId = if chance.below(10) < by_sender {
        setting.sender.id
    } else {
        any_unit(chance).id
    };
    Recorded {
        id: fact_id(chance),
        by,
        at: recently(chance, setting.now),
        attested: !chance.once_in(5),
        fact,
    }
}

fn custody(chance: &mut Chance, setting: &Setting) -> Option<Custody> {
    if chance.once_in(30) {
        return None;
    }
    let now = setting.now;
    let limits = [days(40), days(90)];
    let limit = chance.of(&limits);
    let near = [
        now,
        now + SECOND,
        now - SECOND,
        now - limit,
        now - limit + SECOND,
        now - limit - SECOND,
    ];
    let others = [
        vec![],
        vec![GUARDIAN],
        vec![OTHER_GUARDIAN, GUARDIAN, OTHER_GUARDIAN],
        vec![GUARDIAN, OTHER_GUARDIAN, NEW_GUARDIAN],
        vec![CHILD],
    ];
    Some(Custody {
        source: chance.of(CustodySource::ALL),
        checked_at: chance.mostly(now - days(20), 8, &near),
        guardians: chance.mostly(vec![GUARDIAN, OTHER_GUARDIAN], 6, &others),
    })
}

fn assessment(chance: &mut Chance, setting: &Setting) -> Assessment {
    Assessment {
        maturity: chance.of(Maturity::ALL),
        matter: chance.mostly(setting.purpose, 12, Purpose::ALL),
        period: period(chance, setting.now),
    }
}

fn guardian(chance: &mut Chance) -> PersonId {
    chance.of(&[GUARDIAN, OTHER_GUARDIAN, OTHER_GUARDIAN, NEW_GUARDIAN])
}

fn hindrance(chance: &mut Chance, setting: &Setting) -> Hindrance {
    Hindrance {
        guardian: guardian(chance),
        cannot_wait: !chance.once_in(5),
        decisive: chance.once_in(5),
        until: soon(chance, setting.now),
    }
}

fn risk(chance: &mut Chance, setting: &Setting) -> Risk {
    Risk {
        guardian: guardian(chance),
        categories: chance.some(&CATEGORIES),
        review: soon(chance, setting.now),
    }
}

fn representative(chance: &mut Chance, setting: &Setting) -> Representative {
    let now = setting.now;
    let until = soon(chance, now);
    let near = [
        now - days(90),
        now - days(90) - SECOND,
        now - days(40) - SECOND,
        now + SECOND,
    ];
    Representative {
        id: fact_id(chance),
        person: chance.of(&[GOOD_MAN, AGENT, GUARDIAN]),
        source: chance.of(CustodySource::ALL),
        checked_at: chance.mostly(now - days(20), 6, &near),
        until: chance.once_in(2).then_some(until),
    }
}

fn care_order(chance: &mut Chance, setting: &Setting) -> CareOrder {
    let boards: [AuthorityId; 3] = [
        unit::social_services().authority,
        unit::social_services().authority,
        unit::other_board().authority,
    ];
    CareOrder {
        id: fact_id(chance),
        board: chance.of(&boards),
        categories: chance.some(&CATEGORIES),
        period: period(chance, setting.now),
    }
}

/// Mostly what a provision asks for: an inquiry by the recipient, anything else by the sender.
fn situation(chance: &mut Chance, setting: &Setting) -> Recorded<Situation> {
    let circumstance = if chance.once_in(3) {
        Circumstance::InquiryDecided
    } else {
        chance.of(Circumstance::ALL)
    };
    let fact = Situation {
        circumstance,
        period: period(chance, setting.now),
    };
    let mut record = recorded(chance, setting, 8, fact);
    if circumstance == Circumstance::InquiryDecided && !chance.once_in(4) {
        record.by = setting.recipient.id;
    }
    record
}
