//! Twins on consent: its life, its signatures, and who must sign.

use std::collections::BTreeSet;

use jiff::civil::date;
use samrum_consent::consent::{End, Evidence, Signatory, State};
use samrum_consent::decide::Consequence::{Waits, Withheld};
use samrum_consent::fact::Representative;
use samrum_consent::id::FactId;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Capacity, CustodySource, Maturity};

use super::Twin;
use crate::world::{
    GOOD_MAN, GUARDIAN, NEW_GUARDIAN, Situation, at, note_on_consent, oral, paper, person, portal, signed,
    unit,
};

pub(super) fn twins() -> Vec<Twin> {
    let groups = [life(), signatures(), evidence(), signatories(), representatives()];
    groups.into_iter().flatten().collect()
}

/// The consent has ended as it says, after having been in force.
fn ended(situation: &mut Situation, how: End) {
    let at = at("2026-04-01T08:00:00Z");
    situation.consent().state = State::Ended {
        how,
        at,
        was_active: true,
    };
}

fn life() -> Vec<Twin> {
    let permitted = note_on_consent;
    vec![
        Twin {
            fact: "there is no consent",
            permitted,
            change: |it| it.child().consents.clear(),
            denied: vec![Reason::ConsentMissing],
            then: Waits,
        },
        Twin {
            fact: "somebody said no",
            permitted,
            change: |it| ended(it, End::Declined),
            denied: vec![Reason::ConsentDeclined],
            then: Withheld,
        },
        Twin {
            fact: "it was revoked",
            permitted,
            change: |it| ended(it, End::Revoked),
            denied: vec![Reason::ConsentRevoked],
            then: Withheld,
        },
        Twin {
            fact: "it was recorded as expired",
            permitted,
            change: |it| ended(it, End::Expired),
            denied: vec![Reason::ConsentExpired {
                until: at("2026-04-01T08:00:00Z"),
            }],
            then: Withheld,
        },
        Twin {
            fact: "another took its place",
            permitted,
            change: |it| ended(it, End::Superseded),
            denied: vec![Reason::ConsentSuperseded],
            then: Withheld,
        },
        Twin {
            fact: "its period is over",
            permitted,
            change: |it| it.rescope(|scope| scope.period.until = at("2026-04-15T08:00:00Z")),
            denied: vec![Reason::ConsentExpired {
                until: at("2026-04-15T08:00:00Z"),
            }],
            then: Withheld,
        },
        Twin {
            fact: "its period has not begun",
            permitted,
            change: |it| it.rescope(|scope| scope.period.from = at("2026-04-15T08:00:01Z")),
            denied: vec![Reason::ConsentNotYetValid {
                from: at("2026-04-15T08:00:01Z"),
            }],
            then: Waits,
        },
    ]
}

/// Whose yes is missing.
fn lacks(signatory: u32, capacity: Capacity) -> Vec<Reason> {
    vec![Reason::SignatureMissing { signatory, capacity }]
}

fn signatures() -> Vec<Twin> {
    let permitted = note_on_consent;
    vec![
        Twin {
            fact: "the second guardian has not signed",
            permitted,
            change: |it| it.consent().signatories[1].signature = None,
            denied: lacks(2, Capacity::Guardian),
            then: Waits,
        },
        Twin {
            fact: "nobody has signed",
            permitted,
            change: |it| {
                it.consent()
                    .signatories
                    .iter_mut()
                    .for_each(|one| one.signature = None)
            },
            denied: vec![
                Reason::SignatureMissing {
                    signatory: 1,
                    capacity: Capacity::Guardian,
                },
                Reason::SignatureMissing {
                    signatory: 2,
                    capacity: Capacity::Guardian,
                },
            ],
            then: Waits,
        },
        Twin {
            fact: "somebody whom it never asked has custody too",
            permitted,
            change: |it| it.custody().guardians.push(NEW_GUARDIAN),
            denied: lacks(0, Capacity::Guardian),
            then: Waits,
        },
        Twin {
            fact: "the child takes part and was never asked",
            permitted,
            change: |it| it.assess(Maturity::TakesPart),
            denied: lacks(0, Capacity::Individual),
            then: Waits,
        },
        Twin {
            fact: "the child decides and was never asked",
            permitted,
            change: |it| it.assess(Maturity::Decides),
            denied: lacks(0, Capacity::Individual),
            then: Waits,
        },
    ]
}

fn evidence() -> Vec<Twin> {
    vec![
        Twin {
            fact: "no colleague has attested what the sender found",
            permitted: || {
                let mut situation = note_on_consent();
                situation.assess(Maturity::GuardiansDecide);
                situation
            },
            change: |it| it.child().individual.assessments[0].attested = false,
            denied: vec![Reason::FactNotAttested],
            then: Waits,
        },
        Twin {
            fact: "another unit recorded the paper",
            permitted: || signed_on(&paper(&unit::child_psychiatry())),
            change: |it| it.consent().signatories[0].signature = Some(signed(paper(&unit::counsellor()))),
            denied: vec![Reason::EvidenceNotAccepted],
            then: Waits,
        },
        Twin {
            fact: "the sender's authority has not accepted what another unit heard",
            permitted: || {
                let mut situation = signed_on(&oral(&unit::counsellor()));
                situation.consent().accepted_by = BTreeSet::from([unit::child_psychiatry().authority]);
                situation
            },
            change: |it| it.consent().accepted_by = BTreeSet::from([unit::social_services().authority]),
            denied: vec![Reason::EvidenceNotAccepted],
            then: Waits,
        },
    ]
}

/// The usual note, the first guardian having signed so.
fn signed_on(evidence: &Evidence) -> Situation {
    let mut situation = note_on_consent();
    situation.consent().signatories[0].signature = Some(signed(evidence.clone()));
    situation
}

fn signatories() -> Vec<Twin> {
    let permitted = note_on_consent;
    vec![
        Twin {
            fact: "nobody has recorded custody",
            permitted,
            change: |it| it.child().individual.custody = None,
            denied: vec![Reason::CustodyUnverified],
            then: Waits,
        },
        Twin {
            fact: "custody was read too long ago",
            permitted,
            change: |it| it.custody().checked_at = at("2026-01-15T07:59:59Z"),
            denied: vec![Reason::CustodyOutdated {
                checked: at("2026-01-15T07:59:59Z"),
            }],
            then: Waits,
        },
        Twin {
            fact: "custody claims to have been read in the future",
            permitted,
            change: |it| it.custody().checked_at = at("2026-04-15T08:00:01Z"),
            denied: vec![Reason::CustodyUnverified],
            then: Waits,
        },
        Twin {
            fact: "the register names no guardian",
            permitted,
            change: |it| it.custody().guardians.clear(),
            denied: vec![Reason::NoCompetentSignatory],
            then: Waits,
        },
        Twin {
            fact: "the child is twelve and nobody has assessed maturity",
            permitted,
            change: |it| it.child().individual.birth = Some(date(2014, 4, 15)),
            denied: vec![Reason::MaturityUnassessed],
            then: Waits,
        },
        Twin {
            fact: "the child's age is unproven and nobody has assessed maturity",
            permitted,
            change: |it| it.child().individual.birth = None,
            denied: vec![Reason::MaturityUnassessed],
            then: Waits,
        },
        Twin {
            fact: "the child is of full age and was never asked",
            permitted,
            change: |it| it.child().individual.birth = Some(date(2008, 4, 15)),
            denied: lacks(0, Capacity::Individual),
            then: Waits,
        },
        Twin {
            fact: "the only guardian is another than the one who signed",
            permitted: || {
                let mut situation = note_on_consent();
                situation.custody().guardians = vec![GUARDIAN];
                situation
            },
            change: |it| it.custody().guardians = vec![person(9)],
            denied: lacks(0, Capacity::Guardian),
            then: Waits,
        },
    ]
}

/// Of a grown-up whose good man, by a court's decision, has signed.
fn by_good_man() -> Situation {
    let mut it = note_on_consent();
    let individual = &mut it.child().individual;
    individual.birth = Some(date(1990, 1, 1));
    individual.representatives = vec![Representative {
        id: FactId::from_bytes([0x43; 16]),
        person: GOOD_MAN,
        source: CustodySource::CourtDecision,
        checked_at: at("2026-03-01T08:00:00Z"),
        until: None,
    }];
    it.consent().signatories = vec![Signatory {
        signer: GOOD_MAN.into(),
        signature: Some(signed(portal())),
    }];
    it
}

fn representatives() -> Vec<Twin> {
    vec![
        Twin {
            fact: "the good man whom the consent asked has not signed",
            permitted: by_good_man,
            change: |it| it.consent().signatories[0].signature = None,
            denied: lacks(1, Capacity::Representative),
            then: Waits,
        },
        Twin {
            fact: "nobody has recorded that he may",
            permitted: by_good_man,
            change: |it| it.child().individual.representatives.clear(),
            denied: lacks(0, Capacity::Individual),
            then: Waits,
        },
        Twin {
            fact: "a child has no good man",
            permitted: by_good_man,
            change: |it| it.child().individual.birth = Some(date(2017, 3, 9)),
            denied: lacks(0, Capacity::Guardian),
            then: Waits,
        },
    ]
}
