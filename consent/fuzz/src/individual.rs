//! People out of arbitrary bytes: of any age or none, with any facts by any unit at any time.

use arbitrary::Result;
use jiff::civil::Date;
use samrum_consent::fact::{
    Assessment, CareOrder, Custody, Hindrance, Individual, Recorded, Representative, Risk, Situation,
};
use samrum_consent::id::{AuthorityId, PersonId};
use samrum_consent::vocabulary::{Category, Circumstance, CustodySource, Maturity};

use crate::input::Source;

/// Somebody.
pub(crate) fn individual(source: &mut Source<'_, '_>) -> Result<Individual> {
    let person = source.identifier(PersonId::from_bytes)?;
    Ok(Individual {
        person,
        birth: birth(source)?,
        custody: custody(source)?,
        assessments: source.list(|source| {
            let fact = Assessment {
                maturity: source.word(Maturity::ALL)?,
                matter: source.purpose()?,
                period: source.period()?,
            };
            recorded(source, fact)
        })?,
        hindrances: source.list(|source| {
            let fact = Hindrance {
                guardian: source.identifier(PersonId::from_bytes)?,
                cannot_wait: source.bytes.arbitrary()?,
                decisive: source.bytes.arbitrary()?,
                until: source.time()?,
            };
            recorded(source, fact)
        })?,
        risks: source.list(|source| {
            let fact = Risk {
                guardian: source.identifier(PersonId::from_bytes)?,
                categories: source.words(Category::ALL)?,
                review: source.time()?,
            };
            recorded(source, fact)
        })?,
        representatives: source.list(|source| {
            Ok(Representative {
                id: source.fact_id(),
                person: source.identifier(PersonId::from_bytes)?,
                source: source.word(CustodySource::ALL)?,
                checked_at: source.time()?,
                until: source.perhaps(Source::time)?,
            })
        })?,
        care_orders: source.list(|source| {
            Ok(CareOrder {
                id: source.fact_id(),
                board: source.identifier(AuthorityId::from_bytes)?,
                categories: source.words(Category::ALL)?,
                period: source.period()?,
            })
        })?,
        situations: source.list(|source| {
            let fact = Situation {
                circumstance: source.word(Circumstance::ALL)?,
                period: source.period()?,
            };
            recorded(source, fact)
        })?,
    })
}

/// A day in the years around now, any day there is, or none that is proven.
fn birth(source: &mut Source<'_, '_>) -> Result<Option<Date>> {
    let year = match source.bytes.int_in_range(0_u8..=9)? {
        0 => return Ok(None),
        1 => source.bytes.int_in_range(-9999..=9999)?,
        _ => source.bytes.int_in_range(1990..=2030)?,
    };
    let (month, day) = (
        source.bytes.int_in_range(1..=12)?,
        source.bytes.int_in_range(1..=31)?,
    );
    // Not every month has 31 days; a day that is none is no proof.
    Ok(Date::new(year, month, day).ok())
}

fn custody(source: &mut Source<'_, '_>) -> Result<Option<Custody>> {
    source.perhaps(|source| {
        Ok(Custody {
            source: source.word(CustodySource::ALL)?,
            checked_at: source.time()?,
            guardians: source.list(|source| source.identifier(PersonId::from_bytes))?,
        })
    })
}

fn recorded<T>(source: &mut Source<'_, '_>, fact: T) -> Result<Recorded<T>> {
    Ok(Recorded {
        id: source.fact_id(),
        by: source.unit_id()?,
        at: source.time()?,
        attested: source.bytes.arbitrary()?,
        fact,
    })
}
