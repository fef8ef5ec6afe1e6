//! Situations that both engines can express: one child of nine with two guardians, up to four consents, one
//! recipient, consent as the basis. What only our rules know (maturity, care orders, provisions) stays out.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use samrum_consent::consent::{Consent, End, Evidence, Signatory, Signature, Signer, State};
use samrum_consent::decide::{Named, Recipient, Request};
use samrum_consent::fact::{Custody, Facts, Individual, Subject, Unit};
use samrum_consent::id::{
    AuthorityId, ConsentId, DocumentId, IndividualId, OrganisationId, PersonId, UnitId,
};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{
    Act, Basis, Category, CustodySource, Direction, Holder, Kind, Purpose, Sector,
};

use crate::chance::Chance;

/// The child, in the hub and in the case.
pub(crate) const CHILD: PersonId = PersonId::from_bytes([1; 16]);
const CASE: IndividualId = IndividualId::from_bytes([2; 16]);
const GUARDIANS: [PersonId; 2] = [PersonId::from_bytes([3; 16]), PersonId::from_bytes([4; 16])];
const BORN: Date = date(2017, 3, 9);
const DOCUMENTS: [DocumentId; 2] = [DocumentId::from_bytes([5; 16]), DocumentId::from_bytes([6; 16])];

/// Categories that questions are about.
const CATEGORIES: [Category; 4] = [
    Category::HealthMental,
    Category::SchoolSituation,
    Category::HomeFamily,
    Category::Medication,
];
/// Kinds that a consent can carry, with one act and with two.
const KINDS: [Kind; 4] = [Kind::Note, Kind::Summons, Kind::Plan, Kind::Information];

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Everything one decision reads, besides the law.
#[derive(Debug, Clone)]
pub(crate) struct Situation {
    pub(crate) request: Request,
    pub(crate) facts: Facts,
    pub(crate) now: Timestamp,
}

impl Situation {
    /// The child with its consents.
    pub(crate) fn child(&self) -> &Subject {
        &self.facts.subjects[0]
    }

    /// The same, as somebody would judge it who overlooks what was ruled out.
    pub(crate) fn overlooking_exclusions(mut self) -> Self {
        self.request.document = None;
        for consent in &mut self.facts.subjects[0].consents {
            let scope = &consent.scope;
            consent.scope = Scope::parse(ScopeParts {
                exclusions: Exclusions::default(),
                ..parts(scope)
            })
            .expect("a scope stays one without exclusions");
        }
        self
    }

    /// One out of many, always the same for a seed.
    pub(crate) fn arbitrary(seed: u64) -> Self {
        let chance = &mut Chance::new(seed);
        let now = noon();
        let sender = chance.mostly(unit(0), 6, &units());
        let others: Vec<Unit> = units().into_iter().filter(|unit| unit.id != sender.id).collect();
        let recipient = chance.mostly(others[0].clone(), 4, &others);
        let mut situation = Self {
            request: Request {
                document: chance.mostly(None, 2, &DOCUMENTS.map(Some)),
                subjects: BTreeSet::from([CASE]),
                categories: if chance.once_in(20) {
                    BTreeSet::new()
                } else {
                    chance.some(&CATEGORIES, 3)
                },
                kind: chance.mostly(Kind::Note, 2, &KINDS),
                purpose: chance.mostly(Purpose::Sip, 10, Purpose::ALL),
                recipients: vec![on_consent(recipient.id)],
            },
            facts: facts(sender, recipient, custody(chance, now)),
            now,
        };
        let count = chance.of(&[0, 1, 1, 2, 2, 3, 4]);
        let consents = (1..=count).map(|number| consent(chance, &situation, number));
        situation.facts.subjects[0].consents = consents.collect();
        situation
    }

    /// What is asked every day: two categories in a note; three consents, of which the newest is about
    /// something else and the oldest has run out. Permitted.
    pub(crate) fn usual() -> Self {
        let now = noon();
        let (sender, recipient) = (unit(0), unit(1));
        let usual = ScopeParts {
            sources: [0, 1, 2].map(|number| unit(number).id).into(),
            recipients: [0, 1, 2].map(|number| unit(number).id).into(),
            direction: Direction::Circle,
            categories: CATEGORIES.into(),
            kinds: KINDS.into(),
            purpose: Purpose::Sip,
            acts: [Act::Share, Act::Plan].into(),
            period: Period {
                from: now - DAY * 30,
                until: now + DAY * 90,
            },
            exclusions: Exclusions {
                categories: [Category::Medication].into(),
                ..Exclusions::default()
            },
        };
        let elsewhere = ScopeParts {
            purpose: Purpose::Placement,
            ..usual.clone()
        };
        let over = ScopeParts {
            period: Period {
                from: now - DAY * 200,
                until: now - DAY * 31,
            },
            ..usual.clone()
        };
        let signed = |number: u8, parts| Consent {
            requested_at: now - DAY * i32::from(number),
            ..signed_by_both(number, Scope::parse(parts).expect("a scope"), now)
        };
        let mut situation = Self {
            request: Request {
                document: Some(DOCUMENTS[0]),
                subjects: BTreeSet::from([CASE]),
                categories: [Category::HealthMental, Category::SchoolSituation].into(),
                kind: Kind::Note,
                purpose: Purpose::Sip,
                recipients: vec![on_consent(recipient.id)],
            },
            facts: facts(sender, recipient, Some(checked(now - DAY * 10))),
            now,
        };
        situation.facts.subjects[0].consents = vec![signed(1, elsewhere), signed(2, usual), signed(3, over)];
        situation
    }

    /// The same, when everything that can be wrong with a consent is wrong with every one of them.
    pub(crate) fn hopeless() -> Self {
        let mut situation = Self::usual();
        let (sender, recipient) = (unit(3), unit(4));
        situation.facts.recipients = vec![recipient.clone()];
        situation.request.recipients = vec![on_consent(recipient.id)];
        situation.request.kind = Kind::Evaluation;
        situation.request.purpose = Purpose::DischargePlanning;
        situation.request.categories = BTreeSet::new();
        for consent in &mut situation.facts.subjects[0].consents {
            consent.requester = sender.id;
            for signatory in &mut consent.signatories {
                signatory.signature = None;
            }
            let parts = ScopeParts {
                acts: [Act::Share].into(),
                period: Period {
                    from: situation.now - DAY * 60,
                    until: situation.now - DAY,
                },
                exclusions: Exclusions {
                    categories: [Category::Medication].into(),
                    units: [recipient.id].into(),
                    documents: [DOCUMENTS[0]].into(),
                },
                ..parts(&consent.scope)
            };
            consent.scope = Scope::parse(parts).expect("a scope");
        }
        situation.facts.sender = sender;
        situation
    }
}

/// The parts of a scope, to make another of.
fn parts(scope: &Scope) -> ScopeParts {
    ScopeParts {
        sources: scope.sources().clone(),
        recipients: scope.recipients().clone(),
        direction: scope.direction(),
        categories: scope.categories().clone(),
        kinds: scope.kinds().clone(),
        purpose: scope.purpose(),
        acts: scope.acts().clone(),
        period: scope.period(),
        exclusions: scope.exclusions().clone(),
    }
}

fn noon() -> Timestamp {
    "2026-04-15T10:00:00Z".parse().expect("an instant")
}

/// Unit by number; 0 and 1 are of one authority, the others of one each.
fn unit(number: u8) -> Unit {
    let authority = number.max(1);
    Unit {
        id: UnitId::from_bytes([0x10 + number; 16]),
        authority: AuthorityId::from_bytes([0x20 + authority; 16]),
        organisation: OrganisationId::from_bytes([0x30 + authority; 16]),
        sector: Sector::SocialServices,
        holder: Holder::Public,
        board_reception: false,
    }
}

fn units() -> Vec<Unit> {
    (0..5).map(unit).collect()
}

fn on_consent(unit: UnitId) -> Recipient {
    Recipient {
        unit,
        basis: Named::Now(Basis::Consent),
    }
}

fn facts(sender: Unit, recipient: Unit, custody: Option<Custody>) -> Facts {
    Facts {
        sender,
        role: String::new(),
        reporter: None,
        recipients: vec![recipient],
        subjects: vec![Subject {
            id: CASE,
            individual: Individual::new(CHILD, Some(BORN), custody),
            consents: Vec::new(),
        }],
        provisions_on: BTreeSet::new(),
    }
}

fn checked(at: Timestamp) -> Custody {
    Custody {
        source: CustodySource::PopulationRegister,
        checked_at: at,
        guardians: GUARDIANS.into(),
    }
}

/// Mostly read from the register lately; else never, too long ago, to the second, or in the future.
fn custody(chance: &mut Chance, now: Timestamp) -> Option<Custody> {
    let oldest = DAY * 90;
    let second = SignedDuration::from_secs(1);
    let others = [
        None,
        Some(now - oldest),
        Some(now - oldest - second),
        Some(now),
        Some(now + second),
    ];
    chance.mostly(Some(now - DAY * 10), 10, &others).map(checked)
}

fn consent(chance: &mut Chance, situation: &Situation, number: u8) -> Consent {
    let now = situation.now;
    let (sender, recipient) = (&situation.facts.sender, &situation.facts.recipients[0]);
    let scope = ScopeParts {
        sources: named(chance, sender),
        recipients: named(chance, recipient),
        direction: chance.mostly(Direction::OneWay, 3, &[Direction::Circle]),
        categories: if chance.once_in(6) {
            Category::ALL.iter().copied().collect()
        } else {
            chance.some(&CATEGORIES, 2)
        },
        kinds: if chance.once_in(6) {
            chance.some(&KINDS, 2)
        } else {
            KINDS.into()
        },
        purpose: chance.mostly(situation.request.purpose, 10, Purpose::ALL),
        acts: chance.mostly([Act::Share, Act::Plan].into(), 5, &[[Act::Share].into()]),
        period: Period {
            from: chance.mostly(now - DAY * 30, 12, &[now - HOUR, now, now + HOUR]),
            until: chance.mostly(now + DAY * 60, 12, &[now + HOUR * 2, now + HOUR * 3]),
        },
        exclusions: exclusions(chance),
    };
    let scope = if chance.once_in(15) {
        // Until this very moment, and so no longer.
        ScopeParts {
            period: Period {
                from: now - DAY * 30,
                until: now,
            },
            ..scope
        }
    } else {
        scope
    };
    let mut consent = signed_by_both(number, Scope::parse(scope).expect("within every limit"), now);
    consent.requester = chance.mostly(sender.id, 3, &[recipient.id, unit(2).id]);
    consent.state = state(chance, now);
    consent.requested_at = now - DAY * chance.of(&[30, 31, 32]);
    consent.individual = chance.mostly(CHILD, 30, &GUARDIANS);
    for signatory in &mut consent.signatories {
        signatory.signature = (!chance.once_in(10)).then(|| Signature {
            evidence: evidence(chance),
            at: now - DAY * 29,
        });
    }
    if chance.once_in(2) {
        consent.accepted_by.insert(chance.of(&units()).authority);
    }
    if chance.once_in(20) {
        consent.signatories.pop();
    }
    consent
}

/// Mostly with the unit itself, else without.
fn named(chance: &mut Chance, usual: &Unit) -> BTreeSet<UnitId> {
    let ids: Vec<UnitId> = units().iter().map(|unit| unit.id).collect();
    let mut named = chance.some(&ids, 3);
    if !chance.once_in(6) {
        named.insert(usual.id);
    }
    named
}

fn exclusions(chance: &mut Chance) -> Exclusions {
    let mut exclusions = Exclusions::default();
    if chance.once_in(4) {
        exclusions.categories = chance.some(&CATEGORIES, 4);
    }
    if chance.once_in(10) {
        exclusions.units.insert(chance.of(&units()).id);
    }
    if chance.once_in(10) {
        exclusions.documents.insert(chance.of(&DOCUMENTS));
    }
    exclusions
}

fn state(chance: &mut Chance, now: Timestamp) -> State {
    let at = now - DAY * 28;
    let how = chance.of(&[End::Declined, End::Revoked, End::Expired, End::Superseded]);
    let was_active = chance.once_in(2);
    let others = [State::Requested, State::Ended { how, at, was_active }];
    chance.mostly(State::Active { since: at }, 5, &others)
}

fn evidence(chance: &mut Chance) -> Evidence {
    let recorded_by = chance.mostly(unit(0).id, 2, &[unit(1).id, unit(2).id]);
    match chance.below(6) {
        0 => Evidence::Paper {
            recorded_by,
            scan_sha256: [7; 32],
        },
        1 => Evidence::Oral {
            recorded_by,
            first_witness: "professional-1".to_owned(),
            second_witness: "professional-2".to_owned(),
        },
        _ => portal(),
    }
}

fn portal() -> Evidence {
    Evidence::Portal {
        statement_sha256: [8; 32],
        language: "sv".to_owned(),
    }
}

/// In force, asked for by unit 0, signed by both guardians in the portal.
fn signed_by_both(number: u8, scope: Scope, now: Timestamp) -> Consent {
    let at = now - DAY * 29;
    let signatory = |person| Signatory {
        signer: Signer::Person(person),
        signature: Some(Signature {
            evidence: portal(),
            at,
        }),
    };
    Consent {
        id: ConsentId::from_bytes([0x40 + number; 16]),
        individual: CHILD,
        requester: unit(0).id,
        scope,
        state: State::Active { since: at },
        signatories: GUARDIANS.map(signatory).into(),
        accepted_by: BTreeSet::new(),
        requested_at: now - DAY * 30,
        revision: 3,
    }
}
