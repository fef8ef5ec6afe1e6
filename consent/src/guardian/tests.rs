//! Who must sign, as a table: age, maturity and custody against the set that is needed or why none is.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};

use super::{Matter, Required, is_child};
use crate::consent::Signer;
use crate::fact::{Assessment, Custody, Individual, Recorded, Representative};
use crate::id::{FactId, PersonId, UnitId};
use crate::law::Policy;
use crate::reason::Reason;
use crate::scope::Period;
use crate::vocabulary::{Category, CustodySource, Maturity, Purpose};

const CHILD: PersonId = PersonId::from_bytes([5; 16]);
const MOTHER: PersonId = PersonId::from_bytes([9; 16]);
const FATHER: PersonId = PersonId::from_bytes([2; 16]);

const NINE: Option<Date> = Some(date(2017, 3, 9));
const THIRTEEN: Option<Date> = Some(date(2013, 1, 1));
const TWENTY: Option<Date> = Some(date(2006, 1, 1));

fn now() -> Timestamp {
    "2026-04-15T08:00:00Z".parse().unwrap()
}

fn individual(birth: Option<Date>, maturity: Option<Maturity>, guardians: Option<&[PersonId]>) -> Individual {
    let custody = guardians.map(|guardians| Custody {
        source: CustodySource::PopulationRegister,
        checked_at: now() - SignedDuration::from_hours(24),
        guardians: guardians.to_vec(),
    });
    Individual {
        assessments: maturity.map(assessed).into_iter().collect(),
        ..Individual::new(CHILD, birth, custody)
    }
}

fn assessed(maturity: Maturity) -> Recorded<Assessment> {
    Recorded {
        id: FactId::from_bytes([1; 16]),
        by: MATTER.sender,
        at: now(),
        attested: true,
        fact: Assessment {
            maturity,
            matter: MATTER.purpose,
            period: Period {
                from: now(),
                until: now() + SignedDuration::from_hours(1),
            },
        },
    }
}

const MATTER: Matter = Matter {
    sender: UnitId::from_bytes([7; 16]),
    purpose: Purpose::Sip,
    category: Category::SchoolSituation,
};

fn required(individual: &Individual) -> Result<Vec<PersonId>, Reason> {
    let people = |required: Required| {
        assert_eq!(required.alternatives().len(), 1);
        let person = |signer| match signer {
            Signer::Person(person) => person,
            Signer::Board(_) => panic!("no board is asked here"),
        };
        required.signers().into_iter().map(person).collect()
    };
    super::required(individual, MATTER, &Policy::default(), now()).map(people)
}

#[test]
fn whose_yes_is_needed() {
    use Maturity::{Decides, GuardiansDecide, TakesPart};
    let both: Option<&[PersonId]> = Some(&[MOTHER, FATHER]);
    let nobody: Option<&[PersonId]> = Some(&[]);
    let table: [(_, _, _, Result<&[PersonId], Reason>); 20] = [
        (NINE, None, both, Ok(&[FATHER, MOTHER])),
        (NINE, None, Some(&[MOTHER]), Ok(&[MOTHER])),
        (NINE, None, Some(&[MOTHER, MOTHER]), Ok(&[MOTHER])),
        (NINE, None, nobody, Err(Reason::NoCompetentSignatory)),
        (NINE, None, None, Err(Reason::CustodyUnverified)),
        (NINE, Some(GuardiansDecide), both, Ok(&[FATHER, MOTHER])),
        (NINE, Some(TakesPart), both, Ok(&[FATHER, CHILD, MOTHER])),
        (NINE, Some(TakesPart), nobody, Err(Reason::NoCompetentSignatory)),
        (NINE, Some(TakesPart), None, Err(Reason::CustodyUnverified)),
        (NINE, Some(Decides), None, Ok(&[CHILD])),
        (THIRTEEN, None, both, Err(Reason::MaturityUnassessed)),
        (THIRTEEN, None, None, Err(Reason::MaturityUnassessed)),
        (THIRTEEN, Some(GuardiansDecide), both, Ok(&[FATHER, MOTHER])),
        (THIRTEEN, Some(Decides), both, Ok(&[CHILD])),
        (None, None, both, Err(Reason::MaturityUnassessed)),
        (None, Some(GuardiansDecide), both, Ok(&[FATHER, MOTHER])),
        (None, Some(Decides), nobody, Ok(&[CHILD])),
        (TWENTY, None, None, Ok(&[CHILD])),
        (TWENTY, Some(GuardiansDecide), both, Ok(&[CHILD])),
        (TWENTY, Some(TakesPart), nobody, Ok(&[CHILD])),
    ];
    for (birth, maturity, guardians, expected) in table {
        let individual = individual(birth, maturity, guardians);
        assert_eq!(
            required(&individual),
            expected.map(<[PersonId]>::to_vec),
            "born {birth:?}, {maturity:?}, custody {guardians:?}"
        );
    }
}

#[test]
fn custody_must_have_been_read_lately_and_by_now() {
    let mut individual = individual(NINE, None, Some(&[MOTHER]));
    let max = Policy::default().custody_max_age;
    let second = SignedDuration::from_secs(1);
    let mut at = |checked_at| {
        individual.custody.as_mut().unwrap().checked_at = checked_at;
        required(&individual)
    };
    assert_eq!(at(now() - max), Ok(vec![MOTHER]));
    let checked = now() - max - second;
    assert_eq!(at(checked), Err(Reason::CustodyOutdated { checked }));
    assert_eq!(at(now()), Ok(vec![MOTHER]));
    assert_eq!(at(now() + second), Err(Reason::CustodyUnverified));
}

#[test]
fn an_unproven_age_is_a_childs() {
    assert!(is_child(&individual(None, None, None), now()));
    assert!(is_child(&individual(THIRTEEN, None, None), now()));
    assert!(!is_child(&individual(TWENTY, None, None), now()));
    assert!(
        is_child(&individual(Some(date(2030, 1, 1)), None, None), now()),
        "not yet born"
    );
}

#[test]
fn representatives_are_asked_in_the_order_of_their_records() {
    let representative = |number: u8| Representative {
        id: FactId::from_bytes([number; 16]),
        person: PersonId::from_bytes([number; 16]),
        source: CustodySource::CourtDecision,
        checked_at: now(),
        until: None,
    };
    let sets = |order: [u8; 2]| {
        let adult = Individual {
            representatives: order.map(representative).to_vec(),
            ..individual(TWENTY, None, None)
        };
        let required = super::required(&adult, MATTER, &Policy::default(), now()).unwrap();
        required.alternatives().to_vec()
    };
    let alone = |number: u8| [Signer::Person(PersonId::from_bytes([number; 16]))].into();
    assert_eq!(
        sets([21, 22]),
        [[Signer::Person(CHILD)].into(), alone(21), alone(22)]
    );
    assert_eq!(sets([22, 21]), sets([21, 22]));
}
