//! What a consent opens: from whom, to whom, about what, in which documents, why, how long, and what not.
//!
//! Domain, Consent 4. A scope is parsed once ([`Scope::parse`]) and then only ever narrows.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::id::{DocumentId, UnitId};
use crate::vocabulary::{Act, Category, Direction, Kind, Purpose};

/// Units a scope may name on either side.
pub const MAX_UNITS: usize = 50;
/// Documents that may be excluded by name.
pub const MAX_EXCLUDED_DOCUMENTS: usize = 200;
/// The longest period of a consent: twelve months, counted as 366 days.
pub const MAX_PERIOD: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A scope that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScope {
    /// A set that must not be empty is.
    #[error("{field} must name at least one")]
    Empty {
        /// The field in the protocol's word.
        field: &'static str,
    },
    /// A set is larger than its limit.
    #[error("{field} may name at most {limit}")]
    TooMany {
        /// The field in the protocol's word.
        field: &'static str,
        /// The limit.
        limit: usize,
    },
    /// It ends before it begins, or lasts longer than twelve months.
    #[error("valid_until must be after valid_from, and at most 366 days after it")]
    Period,
    /// A kind that no consent can carry.
    #[error("documents of kind {kind} rest on a duty; no consent can carry them")]
    KindOfDuty {
        /// Which.
        kind: Kind,
    },
    /// `SHARE` is missing: a plan without sharing reaches nobody.
    #[error("acts must hold SHARE")]
    ShareMissing,
}

/// What the consent that carries them must not cover. They limit no other basis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exclusions {
    /// Categories.
    pub categories: BTreeSet<Category>,
    /// Units, as sender or recipient.
    pub units: BTreeSet<UnitId>,
    /// Single documents.
    pub documents: BTreeSet<DocumentId>,
}

/// The half-open period `[from, until)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first moment at which it holds.
    pub from: Timestamp,
    /// The first moment at which it no longer holds.
    pub until: Timestamp,
}

impl Period {
    /// Whether it holds at this moment.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// What a consent opens. Public to read, made only by [`Scope::parse`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    sources: BTreeSet<UnitId>,
    recipients: BTreeSet<UnitId>,
    direction: Direction,
    categories: BTreeSet<Category>,
    kinds: BTreeSet<Kind>,
    purpose: Purpose,
    acts: BTreeSet<Act>,
    period: Period,
    exclusions: Exclusions,
}

/// The parts of a scope before they are judged.
#[derive(Debug, Clone)]
pub struct ScopeParts {
    /// Units whose information is opened.
    pub sources: BTreeSet<UnitId>,
    /// Units that may read it.
    pub recipients: BTreeSet<UnitId>,
    /// One way, or all with all.
    pub direction: Direction,
    /// What about.
    pub categories: BTreeSet<Category>,
    /// In which documents.
    pub kinds: BTreeSet<Kind>,
    /// Why.
    pub purpose: Purpose,
    /// Which acts.
    pub acts: BTreeSet<Act>,
    /// How long.
    pub period: Period,
    /// What not.
    pub exclusions: Exclusions,
}

impl Scope {
    /// Judges the parts.
    ///
    /// # Errors
    /// [`InvalidScope`] for the first part that cannot be.
    pub fn parse(parts: ScopeParts) -> Result<Self, InvalidScope> {
        sized("source_unit_ids", parts.sources.len(), MAX_UNITS)?;
        sized("recipient_unit_ids", parts.recipients.len(), MAX_UNITS)?;
        sized("categories", parts.categories.len(), Category::ALL.len())?;
        sized("kinds", parts.kinds.len(), Kind::ALL.len())?;
        at_most("exclusions.unit_ids", parts.exclusions.units.len(), MAX_UNITS)?;
        at_most(
            "exclusions.document_ids",
            parts.exclusions.documents.len(),
            MAX_EXCLUDED_DOCUMENTS,
        )?;
        if let Some(kind) = parts.kinds.iter().copied().find(|kind| kind.acts().is_none()) {
            return Err(InvalidScope::KindOfDuty { kind });
        }
        if !parts.acts.contains(&Act::Share) {
            return Err(InvalidScope::ShareMissing);
        }
        let length = parts.period.until.duration_since(parts.period.from);
        if length <= SignedDuration::ZERO || length > MAX_PERIOD {
            return Err(InvalidScope::Period);
        }
        let ScopeParts {
            sources,
            recipients,
            direction,
            categories,
            kinds,
            purpose,
            acts,
            period,
            exclusions,
        } = parts;
        Ok(Self {
            sources,
            recipients,
            direction,
            categories,
            kinds,
            purpose,
            acts,
            period,
            exclusions,
        })
    }

    /// Units whose information is opened.
    #[must_use]
    pub const fn sources(&self) -> &BTreeSet<UnitId> {
        &self.sources
    }

    /// Units that may read it.
    #[must_use]
    pub const fn recipients(&self) -> &BTreeSet<UnitId> {
        &self.recipients
    }

    /// One way, or all with all.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// What about.
    #[must_use]
    pub const fn categories(&self) -> &BTreeSet<Category> {
        &self.categories
    }

    /// The categories that it names and does not exclude.
    pub fn opens(&self) -> impl Iterator<Item = Category> {
        let excluded = &self.exclusions.categories;
        self.categories
            .iter()
            .copied()
            .filter(move |category| !excluded.contains(category))
    }

    /// In which documents.
    #[must_use]
    pub const fn kinds(&self) -> &BTreeSet<Kind> {
        &self.kinds
    }

    /// Why.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Which acts.
    #[must_use]
    pub const fn acts(&self) -> &BTreeSet<Act> {
        &self.acts
    }

    /// How long.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// What not.
    #[must_use]
    pub const fn exclusions(&self) -> &Exclusions {
        &self.exclusions
    }

    /// Whether the unit is named on either side.
    #[must_use]
    pub fn names(&self, unit: UnitId) -> bool {
        self.sources.contains(&unit) || self.recipients.contains(&unit)
    }

    /// Whether the unit may share under this scope.
    #[must_use]
    pub fn lets_send(&self, unit: UnitId) -> bool {
        match self.direction {
            Direction::OneWay => self.sources.contains(&unit),
            Direction::Circle => self.names(unit),
        }
    }

    /// Whether the unit may receive under this scope.
    #[must_use]
    pub fn lets_receive(&self, unit: UnitId) -> bool {
        match self.direction {
            Direction::OneWay => self.recipients.contains(&unit),
            Direction::Circle => self.names(unit),
        }
    }

    /// The same scope with more excluded and, where given, an earlier end. It can only shrink.
    ///
    /// # Errors
    /// [`InvalidScope`] when a limit is passed or the new end is later than the old or before the beginning.
    pub fn narrowed(&self, more: &Exclusions, until: Option<Timestamp>) -> Result<Self, InvalidScope> {
        let until = until.unwrap_or(self.period.until);
        if until > self.period.until || until <= self.period.from {
            return Err(InvalidScope::Period);
        }
        let mut narrowed = self.clone();
        narrowed.period.until = until;
        narrowed.exclusions.categories.extend(&more.categories);
        narrowed.exclusions.units.extend(&more.units);
        narrowed.exclusions.documents.extend(&more.documents);
        at_most("exclusions.unit_ids", narrowed.exclusions.units.len(), MAX_UNITS)?;
        at_most(
            "exclusions.document_ids",
            narrowed.exclusions.documents.len(),
            MAX_EXCLUDED_DOCUMENTS,
        )?;
        Ok(narrowed)
    }
}

fn sized(field: &'static str, length: usize, limit: usize) -> Result<(), InvalidScope> {
    if length == 0 {
        return Err(InvalidScope::Empty { field });
    }
    at_most(field, length, limit)
}

fn at_most(field: &'static str, length: usize, limit: usize) -> Result<(), InvalidScope> {
    if length > limit {
        Err(InvalidScope::TooMany { field, limit })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
