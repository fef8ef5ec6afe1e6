//! Twins on who must sign: hindrance, risk, care under LVU, maturity by whom and for what.

use std::collections::BTreeSet;

use samrum_consent::consent::{Signatory, Signer};
use samrum_consent::decide::Consequence::Waits;
use samrum_consent::fact::{CareOrder, FactUsed, Hindrance, Risk};
use samrum_consent::id::{AuthorityId, FactId};
use samrum_consent::reason::Reason;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Capacity, Category, Maturity, Purpose};

use super::Twin;
use crate::world::{CHILD, OTHER_GUARDIAN, Situation, at, note_on_consent, portal, recorded, signed, unit};

pub(super) fn twins() -> Vec<Twin> {
    let groups = [hindrances(), risks(), boards(), assessments()];
    groups.into_iter().flatten().collect()
}

fn lacks(signatory: u32, capacity: Capacity) -> Vec<Reason> {
    vec![Reason::SignatureMissing { signatory, capacity }]
}

/// The second guardian has not signed.
fn one_signed() -> Situation {
    let mut it = note_on_consent();
    it.consent().signatories[1].signature = None;
    it
}

/// The second guardian cannot answer, and the matter cannot wait.
fn hindered() -> Situation {
    let mut it = one_signed();
    let hindrance = Hindrance {
        guardian: OTHER_GUARDIAN,
        cannot_wait: true,
        decisive: false,
        until: at("2026-05-01T08:00:00Z"),
    };
    it.child().individual.hindrances = vec![recorded(&unit::child_psychiatry(), hindrance)];
    it
}

fn hindrances() -> Vec<Twin> {
    let permitted = hindered;
    let second = || lacks(2, Capacity::Guardian);
    vec![
        Twin {
            fact: "the matter is of decisive importance for the child's future",
            permitted,
            change: |it| it.child().individual.hindrances[0].fact.decisive = true,
            denied: second(),
            then: Waits,
        },
        Twin {
            fact: "the matter can wait",
            permitted,
            change: |it| it.child().individual.hindrances[0].fact.cannot_wait = false,
            denied: second(),
            then: Waits,
        },
        Twin {
            fact: "no colleague has attested the hindrance that lets the unit send",
            permitted,
            change: |it| it.child().individual.hindrances[0].attested = false,
            denied: second(),
            then: Waits,
        },
        Twin {
            fact: "no colleague has attested the hindrance that another unit recorded",
            permitted: || {
                let mut it = hindered();
                it.child().individual.hindrances[0].by = unit::social_services().id;
                it
            },
            change: |it| it.child().individual.hindrances[0].attested = false,
            denied: second(),
            then: Waits,
        },
        Twin {
            fact: "the only guardian is hindered: an empty set never suffices",
            permitted: || {
                let mut it = hindered();
                it.assess(Maturity::TakesPart);
                it.consent().signatories.push(child_signed());
                it
            },
            change: |it| it.custody().guardians = vec![OTHER_GUARDIAN],
            denied: vec![Reason::NoCompetentSignatory],
            then: Waits,
        },
    ]
}

/// The second guardian is a risk in everything that the note is about.
fn a_risk() -> Situation {
    let mut it = one_signed();
    let risk = Risk {
        guardian: OTHER_GUARDIAN,
        categories: [Category::HealthMental, Category::SchoolSituation].into(),
        review: at("2026-05-01T08:00:00Z"),
    };
    it.child().individual.risks = vec![recorded(&unit::child_psychiatry(), risk)];
    it
}

fn risks() -> Vec<Twin> {
    let permitted = a_risk;
    let second = || lacks(2, Capacity::Guardian);
    vec![
        Twin {
            fact: "the risk is in one category, and the note is about two",
            permitted,
            change: |it| {
                it.child().individual.risks[0]
                    .fact
                    .categories
                    .remove(&Category::SchoolSituation);
            },
            denied: second(),
            then: Waits,
        },
        Twin {
            fact: "no colleague has attested the risk that lets the unit send",
            permitted,
            change: |it| it.child().individual.risks[0].attested = false,
            denied: second(),
            then: Waits,
        },
    ]
}

fn board() -> AuthorityId {
    unit::social_services().authority
}

/// The board decides in everything that the note is about, and has signed alone. Nobody knows who has custody.
fn in_care() -> Situation {
    let mut it = note_on_consent();
    it.child().individual.custody = None;
    it.child().individual.care_orders = vec![CareOrder {
        id: FactId::from_bytes([0x47; 16]),
        board: board(),
        categories: [Category::HealthMental, Category::SchoolSituation].into(),
        period: Period {
            from: at("2026-01-01T08:00:00Z"),
            until: at("2026-12-01T08:00:00Z"),
        },
    }];
    it.consent().signatories = vec![Signatory {
        signer: Signer::Board(board()),
        signature: Some(signed(portal())),
    }];
    it
}

fn boards() -> Vec<Twin> {
    let permitted = in_care;
    vec![
        Twin {
            fact: "the board that decides has not signed",
            permitted,
            change: |it| it.consent().signatories[0].signature = None,
            denied: lacks(1, Capacity::Board),
            then: Waits,
        },
        Twin {
            fact: "the care does not require that the board decides about school: guardians remain",
            permitted,
            change: |it| {
                it.child().individual.care_orders[0]
                    .categories
                    .remove(&Category::SchoolSituation);
            },
            denied: vec![Reason::CustodyUnverified],
            then: Waits,
        },
        Twin {
            fact: "the child takes part beside the board",
            permitted: || {
                let mut it = in_care();
                it.assess(Maturity::TakesPart);
                it.consent().signatories.push(child_signed());
                it
            },
            change: |it| it.consent().signatories[1].signature = None,
            denied: lacks(2, Capacity::Individual),
            then: Waits,
        },
    ]
}

fn child_signed() -> Signatory {
    Signatory {
        signer: CHILD.into(),
        signature: Some(signed(portal())),
    }
}

/// The child decides, as the sender has found, and has signed alone.
fn decides() -> Situation {
    let mut it = note_on_consent();
    it.assess(Maturity::Decides);
    it.consent().signatories = vec![child_signed()];
    it
}

fn assessments() -> Vec<Twin> {
    let guardians = || lacks(0, Capacity::Guardian);
    vec![
        Twin {
            fact: "another unit assessed the child",
            permitted: decides,
            change: |it| it.child().individual.assessments[0].by = unit::social_services().id,
            denied: guardians(),
            then: Waits,
        },
        Twin {
            fact: "the child was assessed for another matter",
            permitted: decides,
            change: |it| it.child().individual.assessments[0].fact.matter = Purpose::Placement,
            denied: guardians(),
            then: Waits,
        },
        Twin {
            fact: "no colleague has attested that the child decides",
            permitted: decides,
            change: |it| it.child().individual.assessments[0].attested = false,
            denied: vec![Reason::FactNotAttested],
            then: Waits,
        },
    ]
}

/// What the one verdict names.
fn facts(situation: &Situation) -> BTreeSet<FactUsed> {
    situation.decision().verdicts.remove(0).facts
}

#[test]
fn a_denial_too_names_the_records_that_it_rests_on() {
    let mut it = decides();
    let found = FactUsed::Assessment(it.child().individual.assessments[0].id);
    assert_eq!(facts(&it), [found].into(), "permitted");
    it.child().individual.assessments[0].attested = false;
    assert_eq!(it.reasons(), [Reason::FactNotAttested]);
    assert_eq!(
        facts(&it),
        [found].into(),
        "which record needs a second professional"
    );

    let mut it = hindered();
    let hindrance = FactUsed::Hindrance(it.child().individual.hindrances[0].id);
    let custody = |it: &mut Situation| FactUsed::Custody {
        source: it.custody().source,
        checked_at: it.custody().checked_at,
    };
    let read = custody(&mut it);
    assert_eq!(facts(&it), [read, hindrance].into(), "permitted");
    it.custody().guardians = vec![OTHER_GUARDIAN];
    assert_eq!(it.reasons(), [Reason::NoCompetentSignatory]);
    assert_eq!(facts(&it), [read, hindrance].into(), "why nobody is left");

    let mut it = note_on_consent();
    it.custody().checked_at = at("2025-01-01T08:00:00Z");
    let read = custody(&mut it);
    assert!(!it.permitted());
    assert_eq!(facts(&it), [read].into(), "what is outdated");
    it.child().individual.custody = None;
    assert_eq!(facts(&it), BTreeSet::new(), "nothing is recorded");
}
