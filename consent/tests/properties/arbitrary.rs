//! Arbitrary situations: few people, units, categories and instants, so that they meet often; everything
//! else as wild as the types allow. That they reach every reason is proven in `reach`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::collection::{btree_set, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use samrum_consent::consent::{Consent, End, Evidence, Signatory, Signature, State};
use samrum_consent::decide::{ConsentVersion, Ground, Named, Recipient, Request};
use samrum_consent::fact::{Custody, Facts, Individual, Recorded, Subject, Unit};
use samrum_consent::id::{IndividualId, PersonId, UnitId};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Basis, Category, CustodySource, Direction, Kind, Maturity, Purpose};

use crate::world::{
    CASE_CHILD, CASE_RELATIVE, CASE_STRANGER, CHILD, CONCERN, DOCUMENT, GUARDIAN, NECESSARY_SUPPORT,
    NEW_GUARDIAN, OTHER_GUARDIAN, RELATIVE, Situation, assessed, at, consent_id, days, law_with,
    note_on_consent, oral, paper, portal, provision, unit,
};

/// Consents about one person.
const MAX_CONSENTS: usize = 3;
/// Categories that occur.
const CATEGORIES: [Category; 3] = [
    Category::HealthMental,
    Category::SchoolSituation,
    Category::Medication,
];
/// Kinds that a scope names.
const KINDS: [Kind; 4] = [Kind::Note, Kind::Plan, Kind::Information, Kind::PreMeeting];

/// The middle of every period that holds.
fn today() -> Timestamp {
    at("2026-04-15T08:00:00Z")
}

/// Any unit of the world.
pub(crate) fn any_unit() -> impl Strategy<Value = Unit> {
    select(unit::all())
}

/// Mostly the first, sometimes any.
fn mostly<T: Clone + core::fmt::Debug>(usual: T, any: impl Strategy<Value = T>) -> impl Strategy<Value = T> {
    prop_oneof![14 => Just(usual), 1 => any]
}

fn some_of<T: Clone + Ord + core::fmt::Debug + 'static>(from: &[T]) -> impl Strategy<Value = BTreeSet<T>> {
    let least = 1;
    subsequence(from.to_vec(), least..=from.len()).prop_map(|some| some.into_iter().collect())
}

fn units() -> impl Strategy<Value = BTreeSet<UnitId>> {
    let ids: Vec<_> = unit::all().into_iter().map(|unit| unit.id).collect();
    btree_set(select(ids), 1..4)
}

/// Exclusions, mostly none.
pub(crate) fn exclusions() -> impl Strategy<Value = Exclusions> {
    let some = (
        subsequence(CATEGORIES.to_vec(), 0..=2),
        btree_set(any_unit().prop_map(|unit| unit.id), 0..2),
        btree_set(Just(DOCUMENT), 0..2),
    );
    let some = some.prop_map(|(categories, units, documents)| Exclusions {
        categories: categories.into_iter().collect(),
        units,
        documents,
    });
    prop_oneof![5 => Just(Exclusions::default()), 1 => some]
}

fn period() -> impl Strategy<Value = Period> {
    let from = select(vec![today() - days(30), today(), today() + days(1)]);
    (from, select(vec![1, 29, 30, 31, 300])).prop_map(|(from, length)| Period {
        from,
        until: from + days(length),
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    let usual_sources = BTreeSet::from([unit::child_psychiatry().id]);
    let usual_recipients = BTreeSet::from([unit::social_services().id, unit::pupil_health().id]);
    let usual_period = Period {
        from: today() - days(30),
        until: today() + days(100),
    };
    let parts = (
        mostly(usual_sources, units()),
        mostly(usual_recipients, units()),
        mostly(Direction::OneWay, Just(Direction::Circle)),
        mostly(
            CATEGORIES.into(),
            prop_oneof![
                some_of(&CATEGORIES),
                Just(Category::ALL.iter().copied().collect())
            ],
        ),
        mostly(KINDS.into(), some_of(&KINDS)),
        mostly(Purpose::Sip, Just(Purpose::Placement)),
        mostly([Act::Share, Act::Plan].into(), Just([Act::Share].into())),
        mostly(usual_period, period()),
        exclusions(),
    );
    parts.prop_map(
        |(sources, recipients, direction, categories, kinds, purpose, acts, period, exclusions)| {
            let parts = ScopeParts {
                sources,
                recipients,
                direction,
                categories,
                kinds,
                purpose,
                acts,
                period,
                exclusions,
            };
            Scope::parse(parts).expect("the parts are within every limit")
        },
    )
}

fn state() -> impl Strategy<Value = State> {
    let since = today() - days(29);
    let how = select(vec![End::Declined, End::Revoked, End::Expired, End::Superseded]);
    let ended = (how, any::<bool>()).prop_map(move |(how, was_active)| State::Ended {
        how,
        at: since,
        was_active,
    });
    prop_oneof![10 => Just(State::Active { since }), 1 => Just(State::Requested), 1 => ended]
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let recorded = any_unit().prop_flat_map(|unit| select(vec![paper(&unit), oral(&unit)]));
    mostly(portal(), recorded)
}

fn signatories(asked: Vec<PersonId>) -> impl Strategy<Value = Vec<Signatory>> {
    let count = asked.len();
    vec(weighted(0.96, evidence()), count).prop_map(move |given| {
        let sign = |evidence| Signature {
            evidence,
            at: today() - days(29),
        };
        let pairs = asked.iter().zip(given);
        pairs
            .map(|(person, evidence)| Signatory {
                signer: (*person).into(),
                signature: evidence.map(sign),
            })
            .collect()
    })
}

/// Any consent about the person, with this number.
pub(crate) fn consent_about(person: PersonId, number: u8) -> impl Strategy<Value = Consent> {
    let asked = if person == RELATIVE {
        Just(vec![RELATIVE]).boxed()
    } else {
        let usual = vec![GUARDIAN, OTHER_GUARDIAN];
        let others = vec![vec![CHILD], vec![GUARDIAN], vec![OTHER_GUARDIAN, GUARDIAN, CHILD]];
        prop_oneof![8 => Just(usual), 1 => select(others)].boxed()
    };
    let psychiatry = unit::child_psychiatry().id;
    let parts = (
        mostly(psychiatry, any_unit().prop_map(|unit| unit.id)),
        scope(),
        state(),
        asked.prop_flat_map(signatories),
        btree_set(
            prop_oneof![
                Just(unit::child_psychiatry().authority),
                any_unit().prop_map(|unit| unit.authority)
            ],
            0..2,
        ),
        0_i64..2,
        1_u64..5,
        mostly(person, Just(NEW_GUARDIAN)),
    );
    parts.prop_map(
        move |(requester, scope, state, signatories, accepted_by, days_ago, revision, individual)| Consent {
            id: consent_id(number),
            individual,
            requester,
            scope,
            state,
            signatories,
            accepted_by,
            requested_at: today() - days(days_ago),
            revision,
        },
    )
}

fn consents_about(person: PersonId, first: u8) -> impl Strategy<Value = Vec<Consent>> {
    (0..=MAX_CONSENTS).prop_flat_map(move |count| {
        (first..)
            .take(count)
            .map(|number| consent_about(person, number).boxed())
            .collect::<Vec<_>>()
    })
}

/// A date of birth below and above every limit, or none.
fn birth(usual: Date) -> impl Strategy<Value = Option<Date>> {
    let others = [
        date(2017, 3, 9),
        date(2014, 4, 15),
        date(2008, 4, 16),
        date(2008, 4, 15),
        date(1990, 1, 1),
    ];
    mostly(Some(usual), weighted(0.8, select(others.to_vec())))
}

fn custody() -> impl Strategy<Value = Option<Custody>> {
    let usual = vec![GUARDIAN, OTHER_GUARDIAN];
    let others = vec![
        vec![],
        vec![GUARDIAN],
        vec![GUARDIAN, OTHER_GUARDIAN, NEW_GUARDIAN],
        vec![CHILD],
    ];
    let checked = mostly(
        today() - days(40),
        select(vec![today() - days(90), today() - days(91), today() + days(1)]),
    );
    let source = select(vec![
        CustodySource::PopulationRegister,
        CustodySource::CourtDecision,
    ]);
    let recorded =
        (source, checked, mostly(usual, select(others))).prop_map(|(source, checked_at, guardians)| {
            Custody {
                source,
                checked_at,
                guardians,
            }
        });
    weighted(0.96, recorded)
}

fn maturity() -> impl Strategy<Value = Option<Maturity>> {
    weighted(
        0.12,
        select(vec![
            Maturity::Decides,
            Maturity::TakesPart,
            Maturity::GuardiansDecide,
        ]),
    )
}

fn subject(id: IndividualId, person: PersonId, usual: Date, first: u8) -> impl Strategy<Value = Subject> {
    let attested = prop::bool::weighted(0.9);
    let parts = (
        birth(usual),
        custody(),
        maturity(),
        attested,
        consents_about(person, first),
    );
    parts.prop_map(move |(birth, custody, maturity, attested, consents)| Subject {
        id,
        individual: Individual {
            assessments: maturity
                .map(|maturity| Recorded {
                    attested,
                    ..assessed(&unit::child_psychiatry(), maturity)
                })
                .into_iter()
                .collect(),
            ..Individual::new(person, birth, custody)
        },
        consents,
    })
}

/// Who is known to the hub: mostly the child, sometimes the relative too or alone, sometimes nobody.
fn subjects() -> impl Strategy<Value = Vec<Subject>> {
    let child = subject(CASE_CHILD, CHILD, date(2017, 3, 9), 1);
    let relative = subject(CASE_RELATIVE, RELATIVE, date(1985, 6, 1), 11);
    (weighted(0.95, child), weighted(0.5, relative))
        .prop_map(|(child, relative)| child.into_iter().chain(relative).collect())
}

/// Any basis, named now or fixed earlier.
pub(crate) fn basis() -> impl Strategy<Value = Named> {
    let provisions = [
        NECESSARY_SUPPORT,
        NECESSARY_SUPPORT,
        "OSL-26-9",
        "OSL-10-27",
        "OSL-25-11",
        "OSL-25-1",
        CONCERN,
        "OSL-99-1",
    ];
    let named = (
        select(provisions.to_vec()),
        select(vec!["what the support needs", " "]),
    );
    let version = (1_u8..15).prop_map(|number| ConsentVersion {
        id: consent_id(number),
        revision: 1,
    });
    let everything = (1..15)
        .map(|number| ConsentVersion {
            id: consent_id(number),
            revision: 1,
        })
        .collect();
    prop_oneof![
        8 => Just(Named::Now(Basis::Consent)),
        2 => Just(Named::Now(Basis::Duty)),
        4 => named.prop_map(|(id, reason)| provision(id, reason)),
        2 => Just(Named::Fixed(Ground::Consents(everything))),
        1 => vec(version, 0..3).prop_map(|versions| Named::Fixed(Ground::Consents(versions))),
        2 => select(provisions.to_vec()).prop_map(|id| Named::Fixed(Ground::Provision(id.to_owned()))),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let about = select(vec![
        BTreeSet::from([CASE_CHILD, CASE_RELATIVE]),
        [CASE_RELATIVE].into(),
        [CASE_STRANGER].into(),
        [CASE_CHILD, CASE_STRANGER].into(),
        BTreeSet::new(),
    ]);
    let kind = prop_oneof![
        6 => Just(Kind::Note),
        2 => Just(Kind::Plan),
        4 => Just(Kind::Information),
        2 => Just(Kind::ConcernReport),
        2 => select(Kind::ALL.to_vec()),
    ];
    let parts = (
        weighted(0.8, Just(DOCUMENT)),
        mostly([CASE_CHILD].into(), about),
        mostly(
            [Category::HealthMental].into(),
            prop_oneof![9 => some_of(&CATEGORIES), 1 => Just(BTreeSet::new())],
        ),
        kind,
        mostly(Purpose::Sip, Just(Purpose::Placement)),
    );
    parts.prop_map(|(document, subjects, categories, kind, purpose)| Request {
        document,
        subjects,
        categories,
        kind,
        purpose,
        recipients: vec![Recipient {
            unit: unit::social_services().id,
            basis: Named::Now(Basis::Consent),
        }],
    })
}

/// Mostly a basis is named for what it can carry.
fn fitting_kind(basis: &Named, kind: Kind) -> Kind {
    match basis {
        Named::Now(Basis::Duty) => Kind::ConcernReport,
        Named::Now(Basis::Provision { .. }) | Named::Fixed(Ground::Provision(_)) => Kind::Information,
        Named::Now(Basis::Consent) | Named::Fixed(Ground::Consents(_)) => kind,
    }
}

/// Any situation with one recipient.
pub(crate) fn situation() -> impl Strategy<Value = Situation> {
    let repealed = law_with(NECESSARY_SUPPORT, "to_date = \"2026-04-14\"");
    let law = mostly(note_on_consent().law, Just(repealed));
    let on = subsequence(
        vec![
            NECESSARY_SUPPORT,
            "OSL-26-9",
            "OSL-10-27",
            "OSL-25-11",
            "OSL-25-1",
        ],
        0..=5,
    );
    let now = mostly(
        today(),
        select(vec![
            today() + days(3_650),
            today() - days(300),
            at("2025-06-30T21:59:59Z"),
        ]),
    );
    let parts = (
        request(),
        mostly(unit::child_psychiatry(), any_unit()),
        mostly(unit::social_services(), any_unit()),
        basis(),
        subjects(),
        on,
        now,
        law,
        weighted(0.85, Just(())),
    );
    parts.prop_map(
        move |(mut request, sender, recipient, basis, subjects, on, now, law, fitting)| {
            if fitting.is_some() {
                request.kind = fitting_kind(&basis, request.kind);
            }
            let provisions_on = on.into_iter().map(str::to_owned).collect();
            let facts = Facts {
                role: String::new(),
                reporter: None,
                sender,
                recipients: Vec::new(),
                subjects,
                provisions_on,
            };
            let mut situation = Situation {
                request,
                facts,
                law,
                now,
            };
            situation.send_to(recipient);
            situation.on(basis);
            situation
        },
    )
}
