//! Twins on the scope: between whom, about what, in which documents, and about whom else.

use samrum_consent::decide::Consequence::{Waits, Withheld};
use samrum_consent::id::DocumentId;
use samrum_consent::reason::Reason;
use samrum_consent::scope::Scope;
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};

use super::Twin;
use crate::world::{
    CASE_RELATIVE, CASE_STRANGER, DOCUMENT, consent_of_relative, note_on_consent, person, relative, scope,
    unit,
};

pub(super) fn twins() -> Vec<Twin> {
    let groups = [parties(), visibility(), categories(), document(), relatives()];
    groups.into_iter().flatten().collect()
}

fn parties() -> Vec<Twin> {
    let permitted = note_on_consent;
    vec![
        Twin {
            fact: "the sender may only receive",
            permitted,
            change: |it| it.send_from(unit::pupil_health()),
            denied: vec![Reason::SenderOutsideScope],
            then: Waits,
        },
        Twin {
            fact: "the recipient is not named",
            permitted,
            change: |it| it.send_to(unit::private_clinic()),
            denied: vec![Reason::RecipientOutsideScope],
            then: Waits,
        },
        Twin {
            fact: "another unit of the recipient's own authority is not named either",
            permitted,
            change: |it| it.send_to(unit::reception()),
            denied: vec![Reason::RecipientOutsideScope],
            then: Waits,
        },
        Twin {
            fact: "the recipient is ruled out",
            permitted,
            change: |it| {
                it.rescope(|scope| {
                    scope.exclusions.units.insert(unit::social_services().id);
                })
            },
            denied: vec![Reason::UnitExcluded],
            then: Withheld,
        },
        Twin {
            fact: "the sender is ruled out",
            permitted,
            change: |it| {
                it.rescope(|scope| {
                    scope.exclusions.units.insert(unit::child_psychiatry().id);
                })
            },
            denied: vec![Reason::UnitExcluded],
            then: Withheld,
        },
        Twin {
            fact: "one way is not a circle",
            permitted: || {
                let mut situation = note_on_consent();
                situation.rescope(|scope| scope.direction = Direction::Circle);
                situation.send_from(unit::pupil_health());
                situation
            },
            change: |it| it.rescope(|_| {}),
            denied: vec![Reason::SenderOutsideScope],
            then: Waits,
        },
    ]
}

fn visibility() -> Vec<Twin> {
    let permitted = note_on_consent;
    vec![
        Twin {
            fact: "who neither asked nor is named sees no consent",
            permitted,
            change: |it| it.send_from(unit::school()),
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
        Twin {
            fact: "the consent is about somebody else",
            permitted,
            change: |it| it.consent().individual = person(9),
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
    ]
}

fn categories() -> Vec<Twin> {
    let permitted = note_on_consent;
    let only = |category| vec![Reason::CategoryNotCovered { category }];
    vec![
        Twin {
            fact: "one more category, which the consent does not name",
            permitted,
            change: |it| {
                it.request.categories.insert(Category::SubstanceUse);
            },
            denied: only(Category::SubstanceUse),
            then: Waits,
        },
        Twin {
            fact: "the document names no category, so it may hold any",
            permitted: || {
                let mut situation = note_on_consent();
                situation.rescope(|scope| scope.categories = Category::ALL.iter().copied().collect());
                situation.request.categories.clear();
                situation
            },
            change: |it| {
                it.rescope(|scope| {
                    scope.categories = Category::ALL
                        .iter()
                        .copied()
                        .filter(|one| *one != Category::Medication)
                        .collect();
                })
            },
            denied: only(Category::Medication),
            then: Waits,
        },
        Twin {
            fact: "a category is ruled out",
            permitted,
            change: |it| {
                it.rescope(|scope| {
                    scope.exclusions.categories.insert(Category::HealthMental);
                })
            },
            denied: vec![Reason::CategoryExcluded {
                category: Category::HealthMental,
            }],
            then: Withheld,
        },
    ]
}

fn document() -> Vec<Twin> {
    let permitted = note_on_consent;
    vec![
        Twin {
            fact: "this document is ruled out",
            permitted: || {
                let mut situation = note_on_consent();
                situation.rescope(|scope| {
                    scope
                        .exclusions
                        .documents
                        .insert(DocumentId::from_bytes([0x32; 16]));
                });
                situation
            },
            change: |it| {
                it.rescope(|scope| {
                    scope.exclusions.documents.insert(DOCUMENT);
                })
            },
            denied: vec![Reason::DocumentExcluded],
            then: Withheld,
        },
        Twin {
            fact: "a kind that the consent does not name",
            permitted,
            change: |it| it.request.kind = Kind::PreMeeting,
            denied: vec![Reason::KindNotCovered {
                kind: Kind::PreMeeting,
            }],
            then: Waits,
        },
        Twin {
            fact: "another purpose",
            permitted,
            change: |it| it.request.purpose = Purpose::Placement,
            denied: vec![Reason::PurposeNotCovered {
                purpose: Purpose::Placement,
            }],
            then: Waits,
        },
        Twin {
            fact: "sharing was consented to, the plan was not",
            permitted: || {
                let mut situation = note_on_consent();
                situation.request.kind = Kind::Plan;
                situation
            },
            change: |it| {
                it.rescope(|scope| {
                    scope.acts.remove(&Act::Plan);
                })
            },
            denied: vec![Reason::ActNotConsented { act: Act::Plan }],
            then: Waits,
        },
        Twin {
            fact: "about nobody",
            permitted,
            change: |it| it.request.subjects.clear(),
            denied: vec![Reason::SubjectMissing],
            then: Waits,
        },
    ]
}

fn relatives() -> Vec<Twin> {
    let with_relative = || {
        let mut situation = note_on_consent();
        situation.request.subjects.insert(CASE_RELATIVE);
        let mut relative = relative();
        relative.consents.push(consent_of_relative());
        situation.facts.subjects.push(relative);
        situation
    };
    vec![
        Twin {
            fact: "the relative whom it also names has not consented",
            permitted: with_relative,
            change: |it| it.facts.subjects[1].consents.clear(),
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
        Twin {
            fact: "it names somebody whom the hub does not know",
            permitted: with_relative,
            change: |it| {
                it.request.subjects.insert(CASE_STRANGER);
            },
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
        Twin {
            fact: "the relative's consent rules a category out, the child's does not",
            permitted: with_relative,
            change: |it| {
                let mut parts = scope();
                parts.exclusions.categories.insert(Category::HealthMental);
                let scope = Scope::parse(parts).expect("a scope");
                it.facts.subjects[1].consents[0].scope = scope;
            },
            denied: vec![Reason::CategoryExcluded {
                category: Category::HealthMental,
            }],
            then: Withheld,
        },
        Twin {
            fact: "the relative's own consent is needed, not the child's",
            permitted: with_relative,
            change: |it| {
                let of_child = it.facts.subjects[0].consents.clone();
                it.facts.subjects[1].consents = of_child;
            },
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
    ]
}
