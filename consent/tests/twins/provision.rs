//! Twins on provisions: a permitting one that the operator turned on, and the duty to report concern.

use jiff::civil::date;
use samrum_consent::decide::Consequence::{Waits, Withheld};
use samrum_consent::decide::Named;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Basis, Category, Circumstance, Kind};

use super::Twin;
use crate::world::{
    CASE_CHILD, CASE_RELATIVE, CONCERN, NECESSARY_SUPPORT, Situation, at, child, concern_report,
    information_on_provision, lasting, law_with, law_without, note_on_consent, provision, recorded, relative,
    unit,
};

pub(super) fn twins() -> Vec<Twin> {
    let groups = [
        wrong_basis(),
        provision_itself(),
        parties(),
        individual(),
        admission(),
        inquiry(),
        recorded_circumstances(),
        duty(),
    ];
    groups.into_iter().flatten().collect()
}

fn wrong_basis() -> Vec<Twin> {
    let for_kind = |kind| vec![Reason::BasisNotForKind { kind }];
    vec![
        Twin {
            fact: "a note rests on a provision",
            permitted: information_on_provision,
            change: |it| it.request.kind = Kind::Note,
            denied: for_kind(Kind::Note),
            then: Waits,
        },
        Twin {
            fact: "a note rests on a duty",
            permitted: note_on_consent,
            change: |it| it.on(Named::Now(Basis::Duty)),
            denied: for_kind(Kind::Note),
            then: Waits,
        },
        Twin {
            fact: "information rests on a duty",
            permitted: information_on_provision,
            change: |it| it.on(Named::Now(Basis::Duty)),
            denied: for_kind(Kind::Information),
            then: Waits,
        },
        Twin {
            fact: "a concern report rests on consent",
            permitted: concern_report,
            change: |it| it.on(Named::Now(Basis::Consent)),
            denied: for_kind(Kind::ConcernReport),
            then: Waits,
        },
        Twin {
            fact: "information rests on a consent that nobody gave",
            permitted: information_on_provision,
            change: |it| it.on(Named::Now(Basis::Consent)),
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
    ]
}

fn provision_itself() -> Vec<Twin> {
    let permitted = information_on_provision;
    vec![
        Twin {
            fact: "the catalogue has no such provision",
            permitted,
            change: |it| it.law = law_without(NECESSARY_SUPPORT),
            denied: vec![Reason::ProvisionUnknown],
            then: Waits,
        },
        Twin {
            fact: "a duty is named as if it were a permission",
            permitted,
            change: |it| it.on(provision(CONCERN, "a reason in words")),
            denied: vec![Reason::ProvisionUnknown],
            then: Waits,
        },
        Twin {
            fact: "the provision was repealed yesterday",
            permitted: || {
                let mut situation = information_on_provision();
                situation.law = law_with(NECESSARY_SUPPORT, "to_date = \"2026-04-15\"");
                situation
            },
            change: |it| it.law = law_with(NECESSARY_SUPPORT, "to_date = \"2026-04-14\""),
            denied: vec![Reason::ProvisionNotInForce],
            then: Waits,
        },
        Twin {
            fact: "the provision comes into force tomorrow",
            permitted,
            change: |it| it.law = law_with(NECESSARY_SUPPORT, "from_date = \"2026-04-16\""),
            denied: vec![Reason::ProvisionNotInForce],
            then: Waits,
        },
        Twin {
            fact: "the operator has not turned it on",
            permitted,
            change: |it| it.facts.provisions_on.clear(),
            denied: vec![Reason::ProvisionOff],
            then: Withheld,
        },
        Twin {
            fact: "the operator has turned on another",
            permitted,
            change: |it| it.facts.provisions_on = ["OSL-26-9".to_owned()].into(),
            denied: vec![Reason::ProvisionOff],
            then: Withheld,
        },
        Twin {
            fact: "the reason is blank",
            permitted,
            change: |it| it.on(provision(NECESSARY_SUPPORT, " \n")),
            denied: vec![Reason::ProvisionReasonMissing],
            then: Waits,
        },
    ]
}

fn parties() -> Vec<Twin> {
    let permitted = information_on_provision;
    vec![
        Twin {
            fact: "a school sends",
            permitted,
            change: |it| it.send_from(unit::school()),
            denied: vec![Reason::ProvisionSenderMismatch],
            then: Waits,
        },
        Twin {
            fact: "medical pupil health sends",
            permitted,
            change: |it| it.send_from(unit::pupil_health()),
            denied: vec![Reason::ProvisionSenderMismatch],
            then: Waits,
        },
        Twin {
            fact: "a private clinic sends: the provision is between authorities",
            permitted,
            change: |it| it.send_from(unit::private_clinic()),
            denied: vec![Reason::ProvisionSenderMismatch],
            then: Waits,
        },
        Twin {
            fact: "a school receives",
            permitted,
            change: |it| it.send_to(unit::school()),
            denied: vec![Reason::ProvisionRecipientMismatch],
            then: Waits,
        },
        Twin {
            fact: "a private clinic receives",
            permitted,
            change: |it| it.send_to(unit::private_clinic()),
            denied: vec![Reason::ProvisionRecipientMismatch],
            then: Waits,
        },
    ]
}

/// The child and a relative, on the provision that covers relatives.
fn with_relative() -> Situation {
    let mut situation = information_on_provision();
    situation.request.subjects.insert(CASE_RELATIVE);
    situation.facts.subjects.push(relative());
    situation
}

fn individual() -> Vec<Twin> {
    let permitted = information_on_provision;
    let missing = || vec![Reason::ProvisionCircumstanceMissing];
    vec![
        Twin {
            fact: "the individual is of full age",
            permitted,
            change: |it| it.child().individual.birth = Some(date(2008, 4, 15)),
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "the age is unproven, and this provision does not count that as a child",
            permitted,
            change: |it| it.child().individual.birth = None,
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "the hub does not know the individual",
            permitted,
            change: |it| it.facts.subjects.clear(),
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "about nobody",
            permitted: || {
                let mut situation = information_on_provision();
                situation.law = law_with("OSL-10-27", "");
                situation.send_from(unit::school());
                situation.facts.provisions_on = ["OSL-10-27".to_owned()].into();
                situation.on(provision("OSL-10-27", "its interest obviously prevails"));
                situation
            },
            change: |it| it.request.subjects.clear(),
            denied: vec![Reason::SubjectMissing],
            then: Waits,
        },
        Twin {
            fact: "the relative is there, the child is not",
            permitted: with_relative,
            change: |it| {
                it.request.subjects.remove(&CASE_CHILD);
            },
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "a relative is named under a provision that does not cover relatives",
            permitted: || {
                let mut situation = with_relative();
                situation.request.subjects.remove(&CASE_RELATIVE);
                situation.send_from(unit::school());
                situation.facts.provisions_on = ["OSL-10-27".to_owned()].into();
                situation.on(provision("OSL-10-27", "its interest obviously prevails"));
                situation
            },
            change: |it| {
                it.request.subjects.insert(CASE_RELATIVE);
            },
            denied: missing(),
            then: Waits,
        },
    ]
}

/// Concern about the child whom the hub knows.
fn about_known_child() -> Situation {
    let mut situation = concern_report();
    situation.request.subjects.insert(CASE_CHILD);
    situation.facts.subjects = vec![child()];
    situation
}

/// A notice of admission with what the statute lets it hold.
fn admission_notice() -> Situation {
    let mut it = concern_report();
    it.request.kind = Kind::AdmissionNotice;
    it.request.categories = [Category::IdentityContact].into();
    it.send_from(unit::child_psychiatry());
    it
}

/// What the board whose inquiry is decided and recorded must be told of the child.
fn inquiry_information() -> Situation {
    let mut it = about_known_child();
    it.request.kind = Kind::InquiryInformation;
    it.send_to(unit::social_services());
    let inquiry = recorded(&unit::social_services(), lasting(Circumstance::InquiryDecided));
    it.child().individual.situations = vec![inquiry];
    it
}

fn inquiry() -> Vec<Twin> {
    let unproven = || {
        let mut it = inquiry_information();
        it.child().individual.birth = None;
        it
    };
    let missing = || vec![Reason::ProvisionCircumstanceMissing];
    vec![
        Twin {
            fact: "the board has recorded no inquiry about the child",
            permitted: inquiry_information,
            change: |it| it.child().individual.situations.clear(),
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "another unit than the receiving one recorded the inquiry",
            permitted: inquiry_information,
            change: |it| it.child().individual.situations[0].by = unit::school().id,
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "an unproven age is a child's for a duty, a proven one of eighteen is not",
            permitted: unproven,
            change: |it| it.child().individual.birth = Some(date(2008, 4, 15)),
            denied: missing(),
            then: Waits,
        },
    ]
}

fn admission() -> Vec<Twin> {
    let beyond =
        |category: &Category| ![Category::IdentityContact, Category::PlanCoordination].contains(category);
    let everything_else = Category::ALL.iter().copied().filter(beyond);
    vec![
        Twin {
            fact: "an admission notice that names no category may hold any",
            permitted: admission_notice,
            change: |it| it.request.categories.clear(),
            denied: everything_else
                .map(|category| Reason::CategoryNotCovered { category })
                .collect(),
            then: Waits,
        },
        Twin {
            fact: "an admission notice tells of more than the statute lists",
            permitted: admission_notice,
            change: |it| {
                it.request.categories.insert(Category::HealthMental);
            },
            denied: vec![Reason::CategoryNotCovered {
                category: Category::HealthMental,
            }],
            then: Waits,
        },
    ]
}

/// Child psychiatry tells of a grown-up with misuse that it has recorded, attested.
fn about_misuse() -> Situation {
    let mut it = information_on_provision();
    it.child().individual.birth = Some(date(1990, 1, 1));
    let misuse = Circumstance::OngoingSubstanceMisuse;
    it.child().individual.situations = vec![recorded(&unit::child_psychiatry(), lasting(misuse))];
    it
}

fn recorded_circumstances() -> Vec<Twin> {
    let permitted = about_misuse;
    let missing = || vec![Reason::ProvisionCircumstanceMissing];
    vec![
        Twin {
            fact: "nobody has recorded the misuse",
            permitted,
            change: |it| it.child().individual.situations.clear(),
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "another unit recorded the misuse",
            permitted,
            change: |it| it.child().individual.situations[0].by = unit::social_services().id,
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "no colleague has attested the misuse",
            permitted,
            change: |it| it.child().individual.situations[0].attested = false,
            denied: missing(),
            then: Waits,
        },
        Twin {
            fact: "something else is recorded that the provision does not ask for",
            permitted,
            change: |it| {
                it.child().individual.situations[0].fact.circumstance = Circumstance::LssMeasures;
            },
            denied: missing(),
            then: Waits,
        },
    ]
}

fn duty() -> Vec<Twin> {
    let permitted = concern_report;
    vec![
        Twin {
            fact: "to another unit of the board",
            permitted,
            change: |it| it.send_to(unit::social_services()),
            denied: vec![Reason::NotBoardReception],
            then: Waits,
        },
        Twin {
            fact: "to a private home that calls itself a reception",
            permitted,
            change: |it| it.send_to(unit::private_home()),
            denied: vec![Reason::ProvisionRecipientMismatch],
            then: Waits,
        },
        Twin {
            fact: "to child psychiatry",
            permitted,
            change: |it| it.send_to(unit::child_psychiatry()),
            denied: vec![Reason::ProvisionRecipientMismatch],
            then: Waits,
        },
        Twin {
            fact: "about somebody known to be of full age",
            permitted: about_known_child,
            change: |it| it.child().individual.birth = Some(date(2008, 4, 15)),
            denied: vec![Reason::ProvisionCircumstanceMissing],
            then: Waits,
        },
        Twin {
            fact: "an adult, and the facts hold a child whom it is not about",
            permitted: || {
                let mut situation = about_known_child();
                situation.facts.subjects.push(relative());
                situation
            },
            change: |it| it.request.subjects = [CASE_RELATIVE].into(),
            denied: vec![Reason::ProvisionCircumstanceMissing],
            then: Waits,
        },
        Twin {
            fact: "no statute orders it any more",
            permitted,
            change: |it| it.law = law_with(CONCERN, "to_date = \"2026-04-14\""),
            denied: vec![Reason::ProvisionNotInForce],
            then: Waits,
        },
        Twin {
            fact: "the statute of today is not asked for the day before it",
            permitted: || {
                let mut situation = concern_report();
                situation.law = law_without("SOL2001-14-1");
                situation.now = at("2025-06-30T22:00:00Z");
                situation
            },
            change: |it| it.now = at("2025-06-30T21:59:59Z"),
            denied: vec![Reason::ProvisionNotInForce],
            then: Waits,
        },
    ]
}
