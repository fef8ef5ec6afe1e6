//! Twins at release: the document rests on what it was sent on, and on nothing that came later.

use samrum_consent::consent::{End, State};
use samrum_consent::decide::Consequence::{Waits, Withheld};
use samrum_consent::decide::{Answer, ConsentVersion, Ground, Named, consequence};
use samrum_consent::reason::Reason;
use samrum_consent::scope::Scope;
use samrum_consent::vocabulary::{Capacity, Category, Kind};

use super::Twin;
use crate::world::{
    CONCERN, CONCERN_BEFORE, NECESSARY_SUPPORT, Situation, at, concern_report, consent, consent_id,
    information_on_provision, law_with, law_without, note_at_release, note_on_consent, scope, unit,
};

pub(super) fn twins() -> Vec<Twin> {
    on_consents().into_iter().chain(on_provisions()).collect()
}

fn on_consents() -> Vec<Twin> {
    vec![
        Twin {
            fact: "another consent, newer and as wide, does not carry what the revoked one carried",
            permitted: || {
                let mut situation = note_at_release();
                situation.child().consents.push(another());
                situation
            },
            change: |it| revoke(it, 0),
            denied: vec![Reason::ConsentRevoked],
            then: Withheld,
        },
        Twin {
            fact: "of two consents that carry it together, the one for one category is revoked",
            permitted: on_two_consents,
            change: |it| revoke(it, 0),
            denied: vec![Reason::ConsentRevoked],
            then: Withheld,
        },
        Twin {
            fact: "of two consents that carry it together, one lacks a signature",
            permitted: on_two_consents,
            change: |it| it.consent().signatories[1].signature = None,
            denied: vec![Reason::SignatureMissing {
                signatory: 2,
                capacity: Capacity::Guardian,
            }],
            then: Waits,
        },
        Twin {
            fact: "of two consents one lacks a signature, and the other is revoked",
            permitted: on_two_consents,
            change: |it| {
                it.consent().signatories[1].signature = None;
                revoke(it, 1);
            },
            denied: vec![
                Reason::SignatureMissing {
                    signatory: 2,
                    capacity: Capacity::Guardian,
                },
                Reason::ConsentRevoked,
            ],
            then: Withheld,
        },
        Twin {
            fact: "it rests on no consent at all",
            permitted: note_at_release,
            change: |it| it.on(Named::Fixed(Ground::Consents(Vec::new()))),
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
    ]
}

fn on_provisions() -> Vec<Twin> {
    vec![
        Twin {
            fact: "the operator turned the provision off while it waited",
            permitted: information_at_release,
            change: |it| it.facts.provisions_on.clear(),
            denied: vec![Reason::ProvisionOff],
            then: Withheld,
        },
        Twin {
            fact: "the provision left the catalogue while it waited",
            permitted: information_at_release,
            change: |it| it.law = law_without(NECESSARY_SUPPORT),
            denied: vec![Reason::BasisEnded],
            then: Withheld,
        },
        Twin {
            fact: "the provision was repealed while it waited",
            permitted: information_at_release,
            change: |it| it.law = law_with(NECESSARY_SUPPORT, "to_date = \"2026-04-14\""),
            denied: vec![Reason::BasisEnded],
            then: Withheld,
        },
        Twin {
            fact: "the child came of age while it waited",
            permitted: information_at_release,
            change: |it| it.now = at("2035-03-08T23:00:00Z"),
            denied: vec![Reason::ProvisionCircumstanceMissing],
            then: Waits,
        },
        Twin {
            fact: "a note cannot rest on a permitting provision, whatever was stored",
            permitted: information_at_release,
            change: |it| it.request.kind = Kind::Note,
            denied: vec![Reason::BasisNotForKind { kind: Kind::Note }],
            then: Waits,
        },
        Twin {
            fact: "a note cannot rest on a duty, whatever was stored",
            permitted: || concern_at_release(CONCERN),
            change: |it| it.request.kind = Kind::Note,
            denied: vec![Reason::BasisNotForKind { kind: Kind::Note }],
            then: Waits,
        },
        Twin {
            fact: "a rule on secrecy is no ground, even were it turned on",
            permitted: || {
                let mut situation = information_at_release();
                situation.facts.provisions_on.insert("OSL-25-1".to_owned());
                situation
            },
            change: |it| it.on(Named::Fixed(Ground::Provision("OSL-25-1".to_owned()))),
            denied: vec![Reason::BasisEnded],
            then: Withheld,
        },
    ]
}

/// The consent number `place` of the child was revoked after having been in force.
fn revoke(situation: &mut Situation, place: usize) {
    let at = at("2026-04-01T08:00:00Z");
    situation.child().consents[place].state = State::Ended {
        how: End::Revoked,
        at,
        was_active: true,
    };
}

/// A second consent of the same guardians.
fn another() -> samrum_consent::consent::Consent {
    samrum_consent::consent::Consent {
        id: consent_id(9),
        requested_at: at("2026-04-02T08:00:00Z"),
        ..consent()
    }
}

/// Two consents for one category each; the document needs both.
fn on_two_consents() -> Situation {
    let mut situation = note_at_release();
    situation.child().consents.push(another());
    for (consent, category) in situation
        .child()
        .consents
        .iter_mut()
        .zip([Category::HealthMental, Category::SchoolSituation])
    {
        let mut parts = scope();
        parts.categories = [category].into();
        consent.scope = Scope::parse(parts).expect("a scope");
    }
    let version = |number| ConsentVersion {
        id: consent_id(number),
        revision: 3,
    };
    situation.on(Named::Fixed(Ground::Consents(vec![version(1), version(9)])));
    situation
}

fn information_at_release() -> Situation {
    let mut situation = information_on_provision();
    situation.on(Named::Fixed(Ground::Provision(NECESSARY_SUPPORT.to_owned())));
    situation
}

fn concern_at_release(statute: &str) -> Situation {
    let mut situation = concern_report();
    situation.on(Named::Fixed(Ground::Provision(statute.to_owned())));
    situation
}

#[test]
fn what_was_permitted_is_released_on_the_ground_that_the_permit_named() {
    for mut situation in [note_on_consent(), information_on_provision(), concern_report()] {
        let Answer::Permit(ground) = situation.answer() else {
            panic!("permitted")
        };
        situation.on(Named::Fixed(ground.clone()));
        assert_eq!(situation.answer(), Answer::Permit(ground));
    }
}

#[test]
fn a_permit_names_the_consent_as_it_stands_now() {
    let mut situation = note_at_release();
    situation.consent().revision = 8;
    let now = ConsentVersion {
        id: consent_id(1),
        revision: 8,
    };
    assert_eq!(situation.answer(), Answer::Permit(Ground::Consents(vec![now])));
}

#[test]
fn nothing_takes_back_a_report_that_a_duty_carried() {
    let mut repealed = concern_at_release(CONCERN_BEFORE);
    repealed.now = at("2026-04-15T08:00:00Z");
    assert!(repealed.permitted(), "sent under the statute of its day");
    let mut reorganised = concern_at_release(CONCERN);
    reorganised.send_to(unit::social_services());
    assert!(
        reorganised.permitted(),
        "the unit was the reception when it was sent"
    );
}

#[test]
fn nothing_missing_makes_a_document_wait_for_ever() {
    assert_eq!(consequence(&[]), Waits, "no reason is no end");
}
