//! On what a situation mainly rests, with the parties, kind and categories that this fits: without a theme
//! nearly everything would be denied for the first thing that is wrong.

use std::collections::BTreeSet;

use samrum_consent::decide::{ConsentVersion, Ground, Named};
use samrum_consent::fact::{Subject, Unit};
use samrum_consent::law::Role;
use samrum_consent::vocabulary::{Basis, Category, Kind};

use super::{CATEGORIES, Catalogue, Chance, any_unit};
use crate::world::{consent_id, provision, unit};

/// The usual parties of a provision.
struct Row(&'static str, Kind, fn() -> Unit, fn() -> Unit);

const DUTIES: [Row; 8] = [
    Row("SOL2025-19-1", Kind::ConcernReport, unit::school, unit::reception),
    Row("SOL2001-14-1", Kind::ConcernReport, unit::school, unit::reception),
    Row(
        "SOL2025-19-6",
        Kind::ConcernFeedback,
        unit::reception,
        unit::school,
    ),
    Row(
        "SOL2025-20-6",
        Kind::InquiryInformation,
        unit::school,
        unit::social_services,
    ),
    Row(
        "SOL2001-14-1c",
        Kind::InquiryInformation,
        unit::school,
        unit::social_services,
    ),
    Row(
        "LVM-6",
        Kind::LvmReport,
        unit::child_psychiatry,
        unit::social_services,
    ),
    Row(
        "LVM-6",
        Kind::LvmReport,
        unit::other_authority,
        unit::social_services,
    ),
    Row(
        "SVU-2-1",
        Kind::AdmissionNotice,
        unit::child_psychiatry,
        unit::social_services,
    ),
];

const PERMISSIONS: [Row; 12] = [
    Row(
        "OSL-25-12",
        Kind::Information,
        unit::child_psychiatry,
        unit::social_services,
    ),
    Row(
        "OSL-26-9",
        Kind::Information,
        unit::social_services,
        unit::child_psychiatry,
    ),
    Row(
        "OSL-25-13",
        Kind::Information,
        unit::child_psychiatry,
        unit::private_clinic,
    ),
    Row(
        "OSL-25-13a",
        Kind::Information,
        unit::pupil_health,
        unit::counsellor,
    ),
    Row(
        "OSL-10-27",
        Kind::Information,
        unit::school,
        unit::social_services,
    ),
    Row("OSL-25-11", Kind::Information, unit::child_psychiatry, unit::ward),
    Row(
        "OSL-26-9c",
        Kind::Information,
        unit::social_services,
        unit::reception,
    ),
    Row(
        "LOCAL-CHILD",
        Kind::Information,
        unit::school,
        unit::child_psychiatry,
    ),
    Row(
        "LOCAL-PROVEN-CHILD",
        Kind::Information,
        unit::school,
        unit::child_psychiatry,
    ),
    Row(
        "LOCAL-RECEPTION",
        Kind::Information,
        unit::private_clinic,
        unit::reception,
    ),
    Row(
        "LOCAL-BOTH",
        Kind::Information,
        unit::child_psychiatry,
        unit::school,
    ),
    Row(
        "OSL-99-1",
        Kind::Information,
        unit::school,
        unit::child_psychiatry,
    ),
];

/// What belongs together.
pub(super) struct Theme {
    pub(super) basis: Named,
    pub(super) kind: Kind,
    pub(super) sender: Unit,
    pub(super) recipient: Unit,
    pub(super) categories: &'static [Category],
}

/// Mostly a basis with what it can carry between whom; now and then one part of it is any.
pub(super) fn theme(chance: &mut Chance, catalogue: &Catalogue) -> Theme {
    let mut theme = match chance.below(20) {
        0..=7 => on_consent(chance, Named::Now(Basis::Consent)),
        8..=10 => on_consent(chance, Named::Fixed(Ground::Consents(Vec::new()))),
        11..=14 => on_row(chance_row(chance, &DUTIES, catalogue), |_| {
            Named::Now(Basis::Duty)
        }),
        15 => on_row(chance_row(chance, &DUTIES, catalogue), fixed),
        16..=18 => {
            let reason = chance.mostly("what the support needs", 20, &[" ", ""]);
            on_row(chance_row(chance, &PERMISSIONS, catalogue), |id| {
                provision(id, reason)
            })
        }
        _ => on_row(chance_row(chance, &PERMISSIONS, catalogue), fixed),
    };
    if chance.once_in(20) {
        theme.kind = chance.of(Kind::ALL);
    }
    if chance.once_in(15) {
        theme.sender = any_unit(chance);
    }
    if chance.once_in(15) {
        theme.recipient = any_unit(chance);
    }
    if chance.once_in(25) {
        theme.basis = named(chance);
    }
    theme
}

fn fixed(id: &str) -> Named {
    Named::Fixed(Ground::Provision(id.to_owned()))
}

/// Mostly a row whose provision the catalogue holds.
fn chance_row(chance: &mut Chance, rows: &'static [Row], catalogue: &Catalogue) -> &'static Row {
    let first = chance.below(rows.len());
    let from_first = rows.iter().cycle().skip(first).take(rows.len());
    let known = from_first
        .clone()
        .find(|row| catalogue.law.provision(row.0).is_some());
    if chance.once_in(20) {
        &rows[first]
    } else {
        known.expect("the catalogue holds some of them")
    }
}

fn on_row(row: &Row, basis: impl FnOnce(&str) -> Named) -> Theme {
    let Row(id, kind, sender, recipient) = row;
    let categories: &[Category] = if *kind == Kind::AdmissionNotice {
        &[Category::IdentityContact, Category::PlanCoordination]
    } else {
        &[Category::SchoolSituation, Category::HealthMental]
    };
    Theme {
        basis: basis(id),
        kind: *kind,
        sender: sender(),
        recipient: recipient(),
        categories,
    }
}

fn on_consent(chance: &mut Chance, basis: Named) -> Theme {
    Theme {
        basis,
        kind: chance.of(&[
            Kind::Note,
            Kind::Note,
            Kind::Plan,
            Kind::Information,
            Kind::PreMeeting,
        ]),
        sender: unit::child_psychiatry(),
        recipient: unit::social_services(),
        categories: &CATEGORIES,
    }
}

/// Fixed consents are those that are recorded: all of them, or some, or one more.
pub(super) fn within(chance: &mut Chance, basis: Named, subjects: &[Subject]) -> Named {
    let Named::Fixed(Ground::Consents(_)) = basis else {
        return basis;
    };
    let recorded = subjects.iter().flat_map(|subject| &subject.consents);
    let mut versions: Vec<_> = recorded
        .map(|consent| ConsentVersion {
            id: consent.id,
            revision: consent.revision,
        })
        .collect();
    if chance.once_in(4) {
        versions.retain(|_| !chance.once_in(3));
    }
    Named::Fixed(Ground::Consents(versions))
}

/// Any basis, named now or fixed earlier.
pub(crate) fn named(chance: &mut Chance) -> Named {
    let rows: Vec<_> = DUTIES.iter().chain(&PERMISSIONS).collect();
    let id = rows[chance.below(rows.len())].0;
    let id = chance.mostly(id, 20, &["OSL-25-1", "OSL-10-1"]);
    match chance.below(8) {
        0..=2 => Named::Now(Basis::Consent),
        3 => Named::Now(Basis::Duty),
        4 => provision(id, chance.of(&["what the support needs", " "])),
        5 => fixed(id),
        _ => {
            let version = |number| ConsentVersion {
                id: consent_id(number),
                revision: 1,
            };
            let numbers = chance.some(&[1, 2, 3, 11, 12, 13]);
            Named::Fixed(Ground::Consents(numbers.into_iter().map(version).collect()))
        }
    }
}

/// What the operator has turned on: mostly everything that can be, and now and then what cannot.
pub(super) fn turned_on(chance: &mut Chance, catalogue: &Catalogue) -> BTreeSet<String> {
    let least = if chance.once_in(4) { 2 } else { 12 };
    let provisions = catalogue.law.provisions().iter();
    let can_be = provisions.filter(|provision| provision.role == Role::Basis);
    let mut on: BTreeSet<String> = can_be
        .filter(|_| !chance.once_in(least))
        .map(|provision| provision.id.clone())
        .collect();
    if chance.once_in(20) {
        on.extend(["OSL-25-1", "SOL2025-19-1"].map(str::to_owned));
    }
    on
}
