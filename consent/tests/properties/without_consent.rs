//! What passes without consent: SIP documents never; invariant 11, a duty always.

use core::cell::Cell;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;
use samrum_consent::calendar::{age_on, stockholm_date};
use samrum_consent::decide::{Answer, Ground, Named};
use samrum_consent::fact::Unit;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Basis, Family, Holder, Kind, Sector};

use super::arbitrary::{any_unit, basis, situation};
use super::prove;
use crate::world::{CONCERN, Situation, at, note_on_consent, unit};

fn sip_kinds() -> Vec<Kind> {
    Kind::ALL
        .iter()
        .copied()
        .filter(|kind| matches!(kind.family(), Family::Sip { .. }))
        .collect()
}

#[test]
fn a_sip_document_never_rests_on_a_provision() {
    let permits = Cell::new(0);
    let cases = (situation(), select(sip_kinds()), basis(), any_unit(), any_unit());
    prove(cases, |(mut situation, kind, basis, sender, recipient)| {
        situation.request.kind = kind;
        situation.on(basis);
        for unit in [None, Some((sender, recipient))] {
            if let Some((sender, recipient)) = unit {
                situation.send_from(sender);
                situation.send_to(recipient);
            }
            if let Answer::Permit(ground) = situation.answer() {
                permits.set(permits.get() + 1);
                prop_assert!(
                    matches!(&ground, Ground::Consents(some) if !some.is_empty()),
                    "{:?}",
                    ground
                );
            }
        }
        Ok(())
    });
    assert!(permits.get() > 30, "{permits:?} permits: too few to prove it");
}

#[test]
fn no_provision_of_the_catalogue_names_a_sip_kind() {
    let law = note_on_consent().law;
    for provision in law.provisions() {
        let named: Vec<_> = sip_kinds()
            .into_iter()
            .filter(|kind| provision.kinds.contains(kind))
            .collect();
        assert!(named.is_empty(), "{} would carry {named:?}", provision.id);
    }
}

/// A concern report in the middle of whatever is recorded: any consents, exclusions, people and ages.
fn concern() -> impl Strategy<Value = Situation> {
    let instants: Vec<Timestamp> = [
        "2025-06-30T22:00:00Z",
        "2026-04-15T08:00:00Z",
        "2031-12-31T23:59:59Z",
    ]
    .map(at)
    .to_vec();
    (situation(), any_unit(), select(instants)).prop_map(|(mut situation, sender, now)| {
        situation.request.kind = Kind::ConcernReport;
        situation.now = now;
        situation.law = note_on_consent().law;
        situation.send_from(sender);
        situation.on(Named::Now(Basis::Duty));
        situation
    })
}

/// Whether everyone it is about is known to be of full age; nobody is not everyone.
fn all_known_adults(situation: &Situation) -> bool {
    let asked = &situation.request.subjects;
    let today = stockholm_date(situation.now);
    let adult = |id| {
        let known = situation.facts.subjects.iter().find(|subject| subject.id == id);
        known
            .and_then(|subject| subject.individual.birth)
            .is_some_and(|birth| age_on(birth, today) >= 18)
    };
    !asked.is_empty() && asked.iter().all(|id| adult(*id))
}

#[test]
fn a_duty_is_never_blocked() {
    let (carried, adults) = (Cell::new(0), Cell::new(0));
    prove(concern(), |mut situation| {
        situation.send_to(unit::reception());
        if all_known_adults(&situation) {
            adults.set(adults.get() + 1);
            prop_assert_eq!(situation.reasons(), [Reason::ProvisionCircumstanceMissing]);
        } else {
            carried.set(carried.get() + 1);
            prop_assert_eq!(
                situation.answer(),
                Answer::Permit(Ground::Provision(CONCERN.to_owned()))
            );
        }
        Ok(())
    });
    assert!(
        carried.get() > 500,
        "{carried:?} reports carried: too few to prove it"
    );
    assert!(
        adults.get() > 20,
        "{adults:?} about adults: its denial twin must occur"
    );
}

#[test]
fn a_concern_report_reaches_a_public_reception_and_nobody_else() {
    let elsewhere = any_unit().prop_filter("not the reception", |unit| *unit != unit::reception());
    let private = (select(Sector::ALL.to_vec()), any::<bool>()).prop_map(|(sector, board_reception)| Unit {
        sector,
        board_reception,
        holder: Holder::Private,
        ..unit::reception()
    });
    prove(
        (concern(), prop_oneof![elsewhere, private]),
        |(mut situation, recipient)| {
            situation.send_to(recipient);
            let reasons = situation.reasons();
            let said = reasons.contains(&Reason::NotBoardReception)
                || reasons.contains(&Reason::ProvisionRecipientMismatch);
            prop_assert!(said, "{:?}", situation.answer());
            Ok(())
        },
    );
}

#[test]
fn a_report_once_sent_is_released_whatever_happens() {
    prove((concern(), any_unit()), |(mut situation, recipient)| {
        situation.send_to(recipient);
        situation.on(Named::Fixed(Ground::Provision(CONCERN.to_owned())));
        prop_assert!(situation.permitted(), "{:?}", situation.reasons());
        Ok(())
    });
}
