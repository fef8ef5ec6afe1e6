//! The form of every answer: the same each time, whatever the order of the facts; reasons sorted, none
//! twice, never none; grounds that exist.

use proptest::prelude::*;
use samrum_consent::decide::{Answer, Ground};
use samrum_consent::id::IndividualId;

use super::arbitrary::situation;
use super::prove;
use crate::world::{CASE_STRANGER, relative};

#[test]
fn the_same_facts_give_the_same_answer_in_whatever_order() {
    prove(
        (situation(), any::<proptest::sample::Index>()),
        |(situation, turn)| {
            let mut turned = situation.clone();
            turned.facts.subjects.reverse();
            turned.facts.recipients.push(crate::world::unit::counsellor());
            turned.facts.recipients.rotate_left(1);
            for subject in &mut turned.facts.subjects {
                subject.consents.reverse();
                if !subject.consents.is_empty() {
                    let by = turn.index(subject.consents.len());
                    subject.consents.rotate_left(by);
                }
                let individual = &mut subject.individual;
                if let Some(custody) = &mut individual.custody {
                    custody.guardians.reverse();
                }
                individual.assessments.reverse();
                individual.hindrances.reverse();
                individual.risks.reverse();
                individual.representatives.reverse();
                individual.care_orders.reverse();
                individual.situations.reverse();
            }
            prop_assert_eq!(situation.decision(), situation.decision());
            prop_assert_eq!(situation.decision(), turned.decision());
            Ok(())
        },
    );
}

#[test]
fn people_whom_it_is_not_about_change_nothing() {
    prove(situation(), |situation| {
        let mut crowded = situation.clone();
        let mut stranger = relative();
        stranger.id = IndividualId::from_bytes([0x55; 16]);
        crowded.facts.subjects.insert(0, stranger);
        prop_assert_ne!(CASE_STRANGER, crowded.facts.subjects[0].id);
        prop_assert_eq!(situation.decision(), crowded.decision());
        Ok(())
    });
}

#[test]
fn a_denial_has_reasons_sorted_and_none_twice() {
    prove(situation(), |situation| {
        if let Answer::Deny(reasons) = situation.answer() {
            prop_assert!(!reasons.is_empty(), "denied for no reason");
            prop_assert!(reasons.is_sorted_by(|one, next| one < next), "{:?}", reasons);
        }
        Ok(())
    });
}

#[test]
fn a_permit_names_a_ground_that_exists() {
    prove(situation(), |situation| {
        match situation.answer() {
            Answer::Permit(Ground::Consents(versions)) => {
                prop_assert!(!versions.is_empty(), "permitted on nothing");
                prop_assert!(versions.is_sorted_by(|one, next| one < next), "{:?}", versions);
                let recorded: Vec<_> = situation
                    .facts
                    .subjects
                    .iter()
                    .flat_map(|subject| &subject.consents)
                    .map(|consent| (consent.id, consent.revision))
                    .collect();
                let exist = versions
                    .iter()
                    .all(|version| recorded.contains(&(version.id, version.revision)));
                prop_assert!(exist, "{:?} of {:?}", versions, recorded);
            }
            Answer::Permit(Ground::Provision(id)) => prop_assert!(situation.law.provision(&id).is_some()),
            Answer::Deny(_) => {}
        }
        Ok(())
    });
}
