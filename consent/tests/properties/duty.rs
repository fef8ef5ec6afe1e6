//! Invariant 11: a duty is never blocked. Whatever consents say, whoever is unregistered, whatever age is
//! unproven, whatever the operator has turned off: what a duty carries it carries still.

use core::cell::Cell;

use proptest::prelude::*;
use proptest::sample::select;
use samrum_consent::consent::{End, State};
use samrum_consent::decide::{Answer, Ground, Named};
use samrum_consent::reason::Reason;
use samrum_consent::scope::Exclusions;
use samrum_consent::vocabulary::{Basis, Category, Family, Kind};

use super::arbitrary::situation;
use super::prove;
use crate::world::{DOCUMENT, Situation};

/// Something that blocks other bases.
#[derive(Debug, Clone, Copy)]
enum Obstacle {
    NoConsent,
    EveryConsentEnded(End),
    EverythingExcluded,
    NobodyRegistered,
    AgesUnproven,
    CustodyUnknown,
    MaturityUnattested,
    EverythingTurnedOff,
}

const OBSTACLES: [Obstacle; 10] = [
    Obstacle::NoConsent,
    Obstacle::EveryConsentEnded(End::Declined),
    Obstacle::EveryConsentEnded(End::Revoked),
    Obstacle::EveryConsentEnded(End::Superseded),
    Obstacle::EverythingExcluded,
    Obstacle::NobodyRegistered,
    Obstacle::AgesUnproven,
    Obstacle::CustodyUnknown,
    Obstacle::MaturityUnattested,
    Obstacle::EverythingTurnedOff,
];

fn put(obstacle: Obstacle, situation: &mut Situation) {
    let (now, sender) = (situation.now, situation.facts.sender.id);
    match obstacle {
        Obstacle::NobodyRegistered => situation.facts.subjects.clear(),
        Obstacle::EverythingTurnedOff => situation.facts.provisions_on.clear(),
        _ => {}
    }
    for subject in &mut situation.facts.subjects {
        let individual = &mut subject.individual;
        match obstacle {
            Obstacle::NoConsent => subject.consents.clear(),
            Obstacle::EveryConsentEnded(how) => {
                for consent in &mut subject.consents {
                    let was_active = true;
                    consent.state = State::Ended {
                        how,
                        at: now,
                        was_active,
                    };
                }
            }
            Obstacle::EverythingExcluded => {
                let everything = Exclusions {
                    categories: Category::ALL.iter().copied().collect(),
                    units: [sender].into(),
                    documents: [DOCUMENT].into(),
                };
                for consent in &mut subject.consents {
                    let narrowed = consent.scope.narrowed(&everything, None);
                    consent.scope = narrowed.expect("within every limit");
                }
            }
            Obstacle::AgesUnproven => individual.birth = None,
            Obstacle::CustodyUnknown => individual.custody = None,
            Obstacle::MaturityUnattested => {
                for found in &mut individual.assessments {
                    found.attested = false;
                }
            }
            Obstacle::NobodyRegistered | Obstacle::EverythingTurnedOff => {}
        }
    }
}

#[test]
fn nothing_that_blocks_another_basis_blocks_a_duty() {
    let carried = Cell::new(0);
    prove((situation(), select(OBSTACLES.to_vec())), |(before, obstacle)| {
        let Answer::Permit(Ground::Provision(id)) = before.answer() else {
            return Ok(());
        };
        if before.request.kind.family() != Family::Duty {
            return Ok(());
        }
        // An inquiry is recorded about somebody; where nobody is known there is none to inform.
        let informs = before.request.kind == Kind::InquiryInformation;
        let fixed = matches!(before.request.recipients[0].basis, Named::Fixed(_));
        if informs && !fixed && matches!(obstacle, Obstacle::NobodyRegistered) {
            return Ok(());
        }
        let mut after = before.clone();
        put(obstacle, &mut after);
        carried.set(carried.get() + 1);
        prop_assert_eq!(after.answer(), Answer::Permit(Ground::Provision(id)));
        Ok(())
    });
    assert!(carried.get() > 500, "{carried:?} duties: too few to prove it");
}

#[test]
fn the_same_obstacles_do_block_consent() {
    let blocked = Cell::new(0);
    prove((situation(), select(OBSTACLES.to_vec())), |(before, obstacle)| {
        if let Answer::Permit(Ground::Consents(_)) = before.answer() {
            let mut after = before.clone();
            put(obstacle, &mut after);
            blocked.set(blocked.get() + u32::from(!after.permitted()));
        }
        Ok(())
    });
    assert!(blocked.get() > 100, "the twin: {blocked:?} blocked");
}

#[test]
fn a_duty_is_denied_only_for_what_the_statute_itself_asks() {
    let denied = Cell::new(0);
    prove(situation(), |mut situation| {
        situation.on(Named::Now(Basis::Duty));
        for reason in situation.reasons() {
            denied.set(denied.get() + 1);
            let statutes_own = matches!(
                reason,
                Reason::BasisNotForKind { .. }
                    | Reason::ProvisionNotInForce
                    | Reason::ProvisionSenderMismatch
                    | Reason::ProvisionRecipientMismatch
                    | Reason::ProvisionCircumstanceMissing
                    | Reason::NotBoardReception
                    | Reason::CategoryNotCovered { .. }
            );
            prop_assert!(statutes_own, "a duty was blocked: {:?}", reason);
        }
        Ok(())
    });
    assert!(denied.get() > 500, "{denied:?} reasons: too few to prove it");
}
