//! Arbitrary situations: few people, units, categories and instants, so that they meet often and at their
//! limits; everything else as wild as the types allow. What they must reach is a table in `oracle`.
//!
//! A seed decides everything. What is expected of a situation lives in `oracle` and `properties`.

mod catalogue;
mod chance;
mod consent;
mod individual;
mod theme;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use samrum_consent::calendar::stockholm_date;
use samrum_consent::consent::Consent;
use samrum_consent::decide::{Recipient, Request};
use samrum_consent::fact::{Facts, Subject, Unit};
use samrum_consent::id::{IndividualId, PersonId};
use samrum_consent::vocabulary::{Category, Kind, Purpose};

pub(crate) use catalogue::{CATALOGUES, Catalogue};
pub(crate) use chance::Chance;
pub(crate) use consent::exclusions;
pub(crate) use theme::named;

use crate::world::{
    CASE_CHILD, CASE_RELATIVE, CASE_STRANGER, CHILD, DOCUMENT, RELATIVE, Situation, at, unit,
};

/// Consents about one person.
const MAX_CONSENTS: usize = 3;
/// Recipients of one document.
const MAX_RECIPIENTS: usize = 3;
/// The shortest time that a limit is missed by.
const SECOND: SignedDuration = SignedDuration::from_secs(1);
/// Categories that occur: what an admission notice may hold, and three that it may not.
const CATEGORIES: [Category; 5] = [
    Category::IdentityContact,
    Category::SchoolSituation,
    Category::HealthMental,
    Category::Medication,
    Category::PlanCoordination,
];

/// Every unit of the world, made once.
pub(crate) static UNITS: LazyLock<Vec<Unit>> = LazyLock::new(unit::all);

/// What the parts of one situation are made to fit.
pub(crate) struct Setting {
    pub(crate) now: Timestamp,
    pub(crate) today: Date,
    pub(crate) sender: Unit,
    pub(crate) recipient: Unit,
    pub(crate) kind: Kind,
    pub(crate) purpose: Purpose,
    pub(crate) categories: BTreeSet<Category>,
}

/// Any unit.
pub(crate) fn any_unit(chance: &mut Chance) -> Unit {
    chance.of(&UNITS)
}

/// When it is asked: an ordinary day, days on which law or clock changes, a leap day.
fn now(chance: &mut Chance) -> Timestamp {
    let others = [
        "2025-06-30T21:59:59Z",
        "2025-06-30T22:00:00Z",
        "2025-10-26T00:30:00Z",
        "2025-10-26T01:30:00Z",
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2028-02-28T23:00:00Z",
        "2028-02-29T23:00:00Z",
        "2036-04-15T08:00:00Z",
    ];
    at(chance.mostly("2026-04-15T08:00:00Z", 4, &others))
}

/// Any situation with one recipient.
pub(crate) fn situation(chance: &mut Chance) -> Situation {
    let catalogue = &CATALOGUES[[0, 0, 0, 0, 1, 1, 2][chance.below(7)]];
    let now = now(chance);
    let theme = theme::theme(chance, catalogue);
    let setting = Setting {
        now,
        today: stockholm_date(now),
        sender: theme.sender,
        recipient: theme.recipient,
        kind: theme.kind,
        purpose: chance.mostly(Purpose::Sip, 25, &[Purpose::Placement]),
        categories: categories(chance, theme.categories),
    };
    let (subjects, asked) = subjects(chance, &setting);
    let basis = theme::within(chance, theme.basis, &subjects);
    let roles = ["DOCTOR", "NURSE", ""];
    let reporter = chance.mostly(Some(setting.recipient.id), 4, &[None, Some(unit::school().id)]);
    Situation {
        request: Request {
            document: (!chance.once_in(5)).then_some(DOCUMENT),
            subjects: asked,
            categories: setting.categories,
            kind: setting.kind,
            purpose: setting.purpose,
            recipients: vec![Recipient {
                unit: setting.recipient.id,
                basis,
            }],
        },
        facts: Facts {
            sender: setting.sender,
            role: chance.of(&roles).to_owned(),
            reporter,
            recipients: vec![setting.recipient],
            subjects,
            provisions_on: theme::turned_on(chance, catalogue),
        },
        law: Arc::clone(&catalogue.law),
        now,
    }
}

/// One more consent about the person, with this number, that might fit the situation.
pub(crate) fn another_consent(
    chance: &mut Chance,
    situation: &Situation,
    person: PersonId,
    number: u8,
) -> Consent {
    let setting = Setting {
        now: situation.now,
        today: stockholm_date(situation.now),
        sender: situation.facts.sender.clone(),
        recipient: situation.facts.recipients[0].clone(),
        kind: situation.request.kind,
        purpose: situation.request.purpose,
        categories: situation.request.categories.clone(),
    };
    consent::consent(chance, &setting, person, number)
}

/// Any situation with up to so many recipients, each with a basis of its own; now and then one whom nothing
/// is known of.
pub(crate) fn to_several(chance: &mut Chance) -> Situation {
    let mut situation = situation(chance);
    let more = if chance.once_in(4) {
        1 + chance.below(MAX_RECIPIENTS - 1)
    } else {
        0
    };
    for _ in 0..more {
        let unit = any_unit(chance);
        situation.request.recipients.push(Recipient {
            unit: unit.id,
            basis: named(chance),
        });
        if !chance.once_in(10) {
            situation.facts.recipients.push(unit);
        }
    }
    situation
}

fn categories(chance: &mut Chance, fitting: &[Category]) -> BTreeSet<Category> {
    match chance.below(30) {
        0 => BTreeSet::new(),
        1..=3 => chance.some(&CATEGORIES),
        _ => chance.some(fitting),
    }
}

/// Who is known to the hub, and whom it is about: mostly the child, sometimes the relative too or alone, a
/// stranger, nobody.
fn subjects(chance: &mut Chance, setting: &Setting) -> (Vec<Subject>, BTreeSet<IndividualId>) {
    let asked = match chance.below(20) {
        0 => BTreeSet::from([CASE_STRANGER]),
        1 => [CASE_CHILD, CASE_STRANGER].into(),
        2 => BTreeSet::new(),
        3 => [CASE_RELATIVE].into(),
        4..=6 => [CASE_CHILD, CASE_RELATIVE].into(),
        _ => [CASE_CHILD].into(),
    };
    let mut known = Vec::new();
    for (id, person, first) in [(CASE_CHILD, CHILD, 1), (CASE_RELATIVE, RELATIVE, 11)] {
        let wanted = if asked.contains(&id) { 30 } else { 2 };
        if !chance.once_in(wanted) {
            known.push(subject(chance, setting, id, person, first));
        }
    }
    (known, asked)
}

fn subject(chance: &mut Chance, setting: &Setting, id: IndividualId, person: PersonId, first: u8) -> Subject {
    let count = [0, 1, 1, 1, 1, 1, 2, 2, 2, MAX_CONSENTS][chance.below(10)];
    Subject {
        id,
        individual: individual::individual(chance, setting, person),
        consents: (first..)
            .take(count)
            .map(|number| consent::consent(chance, setting, person, number))
            .collect(),
    }
}
