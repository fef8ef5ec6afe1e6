//! Facts as they are kept: what was written is what is read, sealed, bound to its row, counted as a change.

use std::sync::Arc;

use jiff::Timestamp;
use samrum_consent::fact::{Assessment, CareOrder, Hindrance, Representative, Risk, Situation, Unit};
use samrum_consent::id::{AuthorityId, EntryId, FactId, IndividualId, OrganisationId, PersonId, UnitId};
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Category, Circumstance, CustodySource, Holder, Maturity, Purpose, Sector};

use crate::store::sql::statement::query;

use crate::store::{
    Attestation, Authority, Change, Clock, FactRecord, Finding, IndividualRecord, Lane, NewEntry,
    Organisation, RegisterFacts, Store, StoreError, UnitRecord, Write, WrittenGuardian,
};
use crate::store::{SqlStore, sqlite};

const UNIT: UnitId = UnitId::from_bytes([1; 16]);
const BOARD: AuthorityId = AuthorityId::from_bytes([2; 16]);
const CHILD: PersonId = PersonId::from_bytes([3; 16]);
const GUARDIAN: PersonId = PersonId::from_bytes([4; 16]);
const CASE: IndividualId = IndividualId::from_bytes([5; 16]);
const GUARDIANS_NUMBER: &str = "198705129826";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        noon()
    }
}

fn noon() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().unwrap()
}

fn hour(hour: i64) -> Timestamp {
    noon() + jiff::SignedDuration::from_hours(hour)
}

fn entry(number: u8) -> NewEntry {
    NewEntry {
        id: EntryId::from_bytes([number; 16]),
        at: noon(),
        details: b"{}".to_vec(),
        salt: None,
        leaf: vec![2],
        leaf_hash: [3; 32],
        units: Vec::new(),
        organisations: Vec::new(),
        people: Vec::new(),
    }
}

async fn write(store: &SqlStore, number: u8, writes: Vec<Write>) {
    let change = Change {
        expects: Vec::new(),
        writes,
        entries: vec![entry(number)],
    };
    let _ = store.commit(Lane::Ordinary, change).await.unwrap();
}

/// A store with one unit, a child and a guardian.
async fn founded() -> (tempfile::TempDir, SqlStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::open(folder.path(), Arc::new(Noon)).await.unwrap();
    let organisation = OrganisationId::from_bytes([9; 16]);
    let authority = Authority {
        id: BOARD,
        organisation,
        name: "Socialnämnden".to_owned(),
    };
    let record = UnitRecord {
        unit: Unit {
            id: UNIT,
            authority: BOARD,
            organisation,
            sector: Sector::SocialServices,
            holder: Holder::Public,
            board_reception: false,
        },
        name: "Socialtjänsten".to_owned(),
        hsa_id: String::new(),
        authority_name: String::new(),
        organisation_name: String::new(),
        revision: 1,
    };
    let organisation = Organisation {
        id: organisation,
        number: "2120009903".parse().unwrap(),
        name: "Exempelby".to_owned(),
        holder: Holder::Public,
        signing_key: [1; 32],
    };
    let person = |id, number: &str| Write::Person {
        id,
        number: number.parse().unwrap(),
        name: String::new(),
    };
    let case = IndividualRecord {
        id: CASE,
        person: CHILD,
        name: "Alva Exempel".to_owned(),
        registered_by: UNIT,
    };
    let writes = vec![
        Write::Organisation(organisation, vec![authority], noon()),
        Write::Unit(record, noon()),
        person(CHILD, "201703099802"),
        person(GUARDIAN, GUARDIANS_NUMBER),
        Write::Individual(case, noon()),
    ];
    write(&store, 200, writes).await;
    (folder, store)
}

fn period() -> Period {
    Period {
        from: noon(),
        until: hour(24),
    }
}

fn findings() -> [Finding; 4] {
    [
        Finding::Assessment(Assessment {
            maturity: Maturity::TakesPart,
            matter: Purpose::Sip,
            period: period(),
        }),
        Finding::Hindrance(Hindrance {
            guardian: GUARDIAN,
            cannot_wait: true,
            decisive: false,
            until: hour(24),
        }),
        Finding::Risk(Risk {
            guardian: GUARDIAN,
            categories: [Category::AbuseViolence, Category::HealthMental].into(),
            review: hour(24),
        }),
        Finding::Situation(Situation {
            circumstance: Circumstance::OngoingSubstanceMisuse,
            period: period(),
        }),
    ]
}

fn record(number: u8, finding: Finding) -> FactRecord {
    let guardian = matches!(finding, Finding::Hindrance(_) | Finding::Risk(_)).then(|| WrittenGuardian {
        number: GUARDIANS_NUMBER.parse().unwrap(),
        name: "Kim Exempel".to_owned(),
    });
    FactRecord {
        id: FactId::from_bytes([number; 16]),
        person: CHILD,
        unit: UNIT,
        recorded_by: "anna.k".to_owned(),
        at: noon(),
        attested: None,
        finding,
        guardian,
        reason: "Hemligt skäl".to_owned(),
    }
}

fn register() -> RegisterFacts {
    RegisterFacts {
        person: CHILD,
        operator: "operator".to_owned(),
        at: noon(),
        representatives: vec![Representative {
            id: FactId::from_bytes([50; 16]),
            person: GUARDIAN,
            source: CustodySource::CourtDecision,
            checked_at: noon(),
            until: None,
        }],
        care_order: Some(CareOrder {
            id: FactId::from_bytes([51; 16]),
            board: BOARD,
            categories: [Category::SocialSupport].into(),
            period: period(),
        }),
    }
}

async fn revision(store: &SqlStore) -> u64 {
    store.person(CHILD).await.unwrap().unwrap().revision
}

#[tokio::test]
async fn what_was_written_is_what_is_read_and_each_write_is_a_change_of_the_person() {
    let (_folder, store) = founded().await;
    let mut before = revision(&store).await;
    for (number, finding) in (1..).zip(findings()) {
        let written = record(number, finding);
        write(&store, number, vec![Write::Fact(Box::new(written.clone()))]).await;
        assert_eq!(store.fact(written.id).await.unwrap(), Some(written));
        assert_eq!(revision(&store).await, before + 1);
        before += 1;
    }
    let attestation = Attestation {
        by: "bo.l".to_owned(),
        at: hour(1),
    };
    let risk = FactId::from_bytes([3; 16]);
    write(&store, 10, vec![Write::Attest(risk, CHILD, attestation.clone())]).await;
    assert_eq!(
        store.fact(risk).await.unwrap().unwrap().attested,
        Some(attestation)
    );
    assert_eq!(revision(&store).await, before + 1);
    write(&store, 11, vec![Write::RegisterFacts(register())]).await;
    assert_eq!(revision(&store).await, before + 2);

    let child = store.facts_about(CASE).await.unwrap().unwrap();
    assert_eq!(
        child.assessments.len() + child.hindrances.len() + child.situations.len(),
        3
    );
    assert!(child.risks[0].attested && !child.hindrances[0].attested);
    assert_eq!(Finding::Risk(child.risks[0].fact.clone()), findings()[2]);
    assert_eq!(child.representatives, register().representatives);
    assert_eq!(
        child.care_orders,
        register().care_order.into_iter().collect::<Vec<_>>()
    );
    assert_eq!(
        store.subject(CASE).await.unwrap().unwrap().subject.individual,
        child
    );

    // What is read from the register is replaced as a whole; what units found stays.
    let nothing = RegisterFacts {
        representatives: Vec::new(),
        care_order: None,
        ..register()
    };
    write(&store, 12, vec![Write::RegisterFacts(nothing)]).await;
    let child = store.facts_about(CASE).await.unwrap().unwrap();
    assert!(child.representatives.is_empty() && child.care_orders.is_empty());
    assert_eq!(child.risks.len(), 1);
}

#[tokio::test]
async fn a_fact_is_sealed_and_opens_in_no_other_row() {
    let (folder, store) = founded().await;
    for (number, finding) in (1..).zip(findings()) {
        write(
            &store,
            number,
            vec![Write::Fact(Box::new(record(number, finding)))],
        )
        .await;
    }
    let pool = &store.pools.writer;
    query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(pool)
        .await
        .unwrap();
    let database = std::fs::read(folder.path().join("hub.db")).unwrap();
    let holds = |text: &str| {
        database
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("anna.k"), "who answers for it is in the clear");
    for secret in [
        GUARDIANS_NUMBER,
        "Kim Exempel",
        "Hemligt",
        "ABUSE_VIOLENCE",
        "TAKES_PART",
    ] {
        assert!(!holds(secret), "{secret}");
    }
    // Another row's content, and the same about somebody else.
    for moved in [
        "UPDATE fact SET sealed = (SELECT sealed FROM fact WHERE id = x'01010101010101010101010101010101')
         WHERE id = x'02020202020202020202020202020202'",
        "UPDATE fact SET person_id = x'04040404040404040404040404040404'
         WHERE id = x'03030303030303030303030303030303'",
    ] {
        query(moved).execute(pool).await.unwrap();
    }
    for number in [2, 3] {
        let read = store.fact(FactId::from_bytes([number; 16])).await;
        assert!(matches!(read, Err(StoreError::Damaged { .. })), "{number}");
    }
    assert!(store.fact(FactId::from_bytes([1; 16])).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_over_is_listed_and_not_read_by_decisions() {
    let (_folder, store) = founded().await;
    let until = |until| {
        Finding::Situation(Situation {
            circumstance: Circumstance::CannotConsent,
            period: Period {
                from: hour(-2),
                until,
            },
        })
    };
    let tick = jiff::SignedDuration::from_micros(1);
    for (number, end) in [(1, noon()), (2, noon() + tick)] {
        write(
            &store,
            number,
            vec![Write::Fact(Box::new(record(number, until(end))))],
        )
        .await;
    }
    let child = store.facts_about(CASE).await.unwrap().unwrap();
    let read: Vec<FactId> = child.situations.iter().map(|one| one.id).collect();
    assert_eq!(read, [FactId::from_bytes([2; 16])]);

    let listed = async |after, limit| {
        let facts = store.facts_of(CHILD, UNIT, after, limit).await.unwrap();
        facts.into_iter().map(|fact| fact.id).collect::<Vec<_>>()
    };
    let (first, second) = (FactId::from_bytes([1; 16]), FactId::from_bytes([2; 16]));
    assert_eq!(listed(None, 9).await, [second, first], "newest first");
    assert_eq!(listed(None, 1).await, [second]);
    assert_eq!(listed(Some((noon(), second)), 9).await, [first]);
    let others = store.facts_of(CHILD, UnitId::from_bytes([8; 16]), None, 9).await;
    assert!(others.unwrap().is_empty(), "another unit's are its own");
}
