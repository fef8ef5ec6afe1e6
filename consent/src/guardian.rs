//! Who must sign for an individual, at the moment of decision. An empty or unknown set never suffices.
//!
//! Source: FB 6:11 and 6:13 (guardians decide together), OSL 12:3 (the child by age and maturity),
//! FB 9:1 (adult at 18). Domain, Consent 1.

use jiff::Timestamp;

use crate::calendar::{age_on, stockholm_date};
use crate::fact::{Individual, Maturity};
use crate::id::PersonId;
use crate::law::Policy;
use crate::reason::Reason;

/// Full age (FB 9:1).
pub const FULL_AGE: i16 = 18;

/// At least one person whose yes is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required(Vec<PersonId>);

impl Required {
    /// Everyone, sorted, none twice; never empty.
    #[must_use]
    pub fn people(&self) -> &[PersonId] {
        &self.0
    }

    fn of(people: impl IntoIterator<Item = PersonId>) -> Result<Self, Reason> {
        let mut people: Vec<_> = people.into_iter().collect();
        people.sort_unstable();
        people.dedup();
        if people.is_empty() {
            Err(Reason::NoCompetentSignatory)
        } else {
            Ok(Self(people))
        }
    }
}

/// Whether the person is under 18 at this time; unproven age counts as a child.
#[must_use]
pub fn is_child(individual: &Individual, now: Timestamp) -> bool {
    individual
        .birth
        .is_none_or(|birth| age_on(birth, stockholm_date(now)) < FULL_AGE)
}

/// Whose yes is needed now.
///
/// # Errors
/// The [`Reason`] why nobody's yes would suffice: custody unverified or outdated, maturity unassessed,
/// nobody competent.
pub fn required(individual: &Individual, policy: &Policy, now: Timestamp) -> Result<Required, Reason> {
    if !is_child(individual, now) {
        return Required::of([individual.person]);
    }
    let maturity = maturity(individual, policy, now)?;
    if maturity == Maturity::Decides {
        return Required::of([individual.person]);
    }
    let custody = individual.custody.as_ref().ok_or(Reason::CustodyUnverified)?;
    // A source cannot have been read tomorrow; nor would such a check ever grow old.
    if custody.checked_at > now {
        return Err(Reason::CustodyUnverified);
    }
    if now.duration_since(custody.checked_at) > policy.custody_max_age {
        return Err(Reason::CustodyOutdated {
            checked: custody.checked_at,
        });
    }
    if custody.guardians.is_empty() {
        return Err(Reason::NoCompetentSignatory);
    }
    let child = (maturity == Maturity::TakesPart).then_some(individual.person);
    Required::of(custody.guardians.iter().copied().chain(child))
}

/// Below the policy age the guardians decide unless somebody has found otherwise; from it on, somebody
/// must have assessed. A birthday never replaces the assessment.
fn maturity(individual: &Individual, policy: &Policy, now: Timestamp) -> Result<Maturity, Reason> {
    let below_policy_age = individual
        .birth
        .is_some_and(|birth| age_on(birth, stockholm_date(now)) < policy.maturity_age);
    match individual.maturity {
        Some(maturity) => Ok(maturity),
        None if below_policy_age => Ok(Maturity::GuardiansDecide),
        None => Err(Reason::MaturityUnassessed),
    }
}

#[cfg(test)]
mod tests;
