//! A consent's scope on the wire and in the store.

use std::collections::BTreeSet;

use samrum_consent::id::UnitId;
use samrum_consent::scope::{Exclusions, MAX_EXCLUDED_DOCUMENTS, MAX_UNITS, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};

use super::{Problem, Result, ids, optional_ids, time, time_to_wire, word, words};
use crate::wire::consent::v1 as wire;

/// A scope as a unit asks for it.
///
/// # Errors
/// The first field that cannot be read, or what makes the whole no scope.
pub fn scope_from_wire(message: &wire::Scope) -> Result<Scope> {
    let parts = ScopeParts {
        sources: units("scope.source_unit_ids", &message.source_unit_ids)?,
        recipients: units("scope.recipient_unit_ids", &message.recipient_unit_ids)?,
        direction: word("scope.direction", message.direction, Direction::from_number)?,
        categories: words("scope.categories", &message.categories, Category::from_number)?,
        kinds: words("scope.kinds", &message.kinds, Kind::from_number)?,
        purpose: word("scope.purpose", message.purpose, Purpose::from_number)?,
        acts: words("scope.acts", &message.acts, Act::from_number)?,
        period: Period {
            from: time("scope.valid_from", message.valid_from.as_ref())?,
            until: time("scope.valid_until", message.valid_until.as_ref())?,
        },
        exclusions: message
            .exclusions
            .as_ref()
            .map(exclusions)
            .transpose()?
            .unwrap_or_default(),
    };
    Scope::parse(parts).map_err(|error| Problem::from(error).of("scope"))
}

/// What must not be covered.
///
/// # Errors
/// The first field that cannot be read.
pub fn exclusions(message: &wire::Exclusions) -> Result<Exclusions> {
    let categories = message.categories.iter();
    let documents = optional_ids(
        "exclusions.document_ids",
        &message.document_ids,
        MAX_EXCLUDED_DOCUMENTS,
    )?;
    Ok(Exclusions {
        categories: categories
            .map(|number| word("exclusions.categories", *number, Category::from_number))
            .collect::<Result<_>>()?,
        units: optional_ids("exclusions.unit_ids", &message.unit_ids, MAX_UNITS)?
            .into_iter()
            .collect(),
        documents: documents.into_iter().collect(),
    })
}

/// A scope for the wire and the store.
#[must_use]
pub fn scope_to_wire(scope: &Scope) -> wire::Scope {
    let excluded = scope.exclusions();
    wire::Scope {
        source_unit_ids: bytes(scope.sources()),
        recipient_unit_ids: bytes(scope.recipients()),
        direction: i32::from(scope.direction().number()),
        categories: scope
            .categories()
            .iter()
            .map(|category| i32::from(category.number()))
            .collect(),
        kinds: scope
            .kinds()
            .iter()
            .map(|kind| i32::from(kind.number()))
            .collect(),
        purpose: i32::from(scope.purpose().number()),
        acts: scope.acts().iter().map(|act| i32::from(act.number())).collect(),
        valid_from: Some(time_to_wire(scope.period().from)),
        valid_until: Some(time_to_wire(scope.period().until)),
        exclusions: Some(wire::Exclusions {
            categories: excluded
                .categories
                .iter()
                .map(|category| i32::from(category.number()))
                .collect(),
            unit_ids: bytes(&excluded.units),
            document_ids: excluded
                .documents
                .iter()
                .map(|id| id.as_bytes().to_vec())
                .collect(),
        }),
    }
}

fn units(field: &'static str, list: &[Vec<u8>]) -> Result<BTreeSet<UnitId>> {
    Ok(ids(field, list, MAX_UNITS)?.into_iter().collect())
}

fn bytes(units: &BTreeSet<UnitId>) -> Vec<Vec<u8>> {
    units.iter().map(|unit| unit.as_bytes().to_vec()).collect()
}
