//! Who must sign for an individual, at the moment of decision. An empty or unknown set never suffices.
//!
//! Asked per category, because risk and care under LVU reach only the categories they name. Source: FB 6:11
//! and 6:13 (guardians decide together, one alone if the other is hindered), OSL 12:3 (the child by age and
//! maturity; considerable harm), LVU 11 §, FB 9:1 (adult at 18). Domain, Consent 1 and 2.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::calendar::{age_on, stockholm_date};
use crate::consent::Signer;
use crate::fact::{Custody, FactUsed, Individual, newest};
use crate::id::{PersonId, UnitId};
use crate::law::Policy;
use crate::reason::Reason;
use crate::vocabulary::{Capacity, Category, Maturity, Purpose};

/// Full age (FB 9:1).
pub const FULL_AGE: i16 = 18;

/// What it is about: who would share, why, and in which category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matter {
    /// The unit that would share. Assessments bind the unit that made them.
    pub sender: UnitId,
    /// Why.
    pub purpose: Purpose,
    /// What about.
    pub category: Category,
}

/// Whose yes is needed: one of several sets, each complete in itself and never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    alternatives: Vec<BTreeSet<Signer>>,
    facts: BTreeSet<FactUsed>,
}

impl Required {
    /// The sets that suffice, the one to ask first in front. At least one; none empty.
    #[must_use]
    pub fn alternatives(&self) -> &[BTreeSet<Signer>] {
        &self.alternatives
    }

    /// Everyone whose yes may count.
    #[must_use]
    pub fn signers(&self) -> BTreeSet<Signer> {
        self.alternatives.iter().flatten().copied().collect()
    }

    /// The facts that led to this.
    #[must_use]
    pub const fn facts(&self) -> &BTreeSet<FactUsed> {
        &self.facts
    }

    /// Whether one of the sets has signed.
    pub fn satisfied_by(&self, has_signed: impl Fn(Signer) -> bool) -> bool {
        self.alternatives
            .iter()
            .any(|all| all.iter().all(|signer| has_signed(*signer)))
    }
}

/// Whether the person is under 18 at this time; unproven age counts as a child.
#[must_use]
pub fn is_child(individual: &Individual, now: Timestamp) -> bool {
    individual
        .birth
        .is_none_or(|birth| age_on(birth, stockholm_date(now)) < FULL_AGE)
}

/// In which capacity somebody would sign now.
#[must_use]
pub fn capacity(individual: &Individual, signer: Signer, now: Timestamp) -> Capacity {
    match signer {
        Signer::Board(_) => Capacity::Board,
        Signer::Person(person) if person == individual.person => Capacity::Individual,
        Signer::Person(_) if is_child(individual, now) => Capacity::Guardian,
        Signer::Person(_) => Capacity::Representative,
    }
}

/// Whose yes is needed now.
///
/// # Errors
/// The [`Reason`] why nobody's yes would suffice: custody unverified or outdated, maturity unassessed or
/// not attested, nobody competent.
pub fn required(
    individual: &Individual,
    matter: Matter,
    policy: &Policy,
    now: Timestamp,
) -> Result<Required, Reason> {
    let mut facts = BTreeSet::new();
    let alternatives = alternatives(individual, matter, policy, now, &mut facts)?;
    Ok(Required { alternatives, facts })
}

/// The sets that suffice, none empty. Notes the facts that led to them, or to nobody's yes sufficing.
pub(crate) fn alternatives(
    individual: &Individual,
    matter: Matter,
    policy: &Policy,
    now: Timestamp,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Vec<BTreeSet<Signer>>, Reason> {
    if !is_child(individual, now) {
        return Ok(adult(individual, policy, now, facts));
    }
    let child = Signer::Person(individual.person);
    let deciding = match maturity(individual, matter, policy, now, facts)? {
        Maturity::Decides => return Ok(vec![BTreeSet::from([child])]),
        Maturity::TakesPart => Some(child),
        Maturity::GuardiansDecide => None,
    };
    let custodians = match board(individual, matter, now, facts) {
        Some(board) => BTreeSet::from([board]),
        None => guardians(individual, matter, policy, now, facts)?,
    };
    if custodians.is_empty() {
        return Err(Reason::NoCompetentSignatory);
    }
    Ok(vec![custodians.into_iter().chain(deciding).collect()])
}

/// Everyone who must be asked so that all of these categories can be decided.
///
/// # Errors
/// As [`required`], for the first category that nobody can decide.
pub fn asked(
    individual: &Individual,
    (sender, purpose): (UnitId, Purpose),
    categories: &BTreeSet<Category>,
    policy: &Policy,
    now: Timestamp,
) -> Result<BTreeSet<Signer>, Reason> {
    let mut all = BTreeSet::new();
    for category in categories {
        let matter = Matter {
            sender,
            purpose,
            category: *category,
        };
        all.extend(required(individual, matter, policy, now)?.signers());
    }
    if all.is_empty() {
        return Err(Reason::NoCompetentSignatory);
    }
    Ok(all)
}

/// Whether what concerns this category is kept from the guardian now, by anybody's record (OSL 12:3). What
/// protects needs no second professional.
#[must_use]
pub fn kept_from(individual: &Individual, guardian: PersonId, category: Category, now: Timestamp) -> bool {
    is_child(individual, now)
        && individual
            .risks
            .iter()
            .any(|risk| risk.at <= now && risk.fact.bars(guardian, category, now))
}

/// The same by a record that a second professional has attested: then also what the guardian had seen before.
#[must_use]
pub fn kept_as_attested(
    individual: &Individual,
    guardian: PersonId,
    category: Category,
    now: Timestamp,
) -> bool {
    is_child(individual, now)
        && individual
            .risks
            .iter()
            .any(|risk| risk.counts(now) && risk.fact.bars(guardian, category, now))
}

/// An adult decides alone, or a representative recorded with that power does.
fn adult(
    individual: &Individual,
    policy: &Policy,
    now: Timestamp,
    facts: &mut BTreeSet<FactUsed>,
) -> Vec<BTreeSet<Signer>> {
    let mut alternatives = vec![BTreeSet::from([Signer::Person(individual.person)])];
    // In the order of their records, whatever order they were loaded in: the first is the one a denial names.
    let mut representatives: Vec<_> = individual.representatives.iter().collect();
    representatives.sort_by_key(|representative| (representative.id, representative.person));
    for representative in representatives {
        let lasts = representative.until.is_none_or(|until| now < until);
        if lasts && fresh(representative.checked_at, policy, now) {
            alternatives.push(BTreeSet::from([Signer::Person(representative.person)]));
            facts.insert(FactUsed::Representative(representative.id));
        }
    }
    alternatives
}

/// Below the policy age the guardians decide unless the unit has found otherwise; from it on, it must have
/// assessed. A birthday never replaces the assessment.
fn maturity(
    individual: &Individual,
    matter: Matter,
    policy: &Policy,
    now: Timestamp,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Maturity, Reason> {
    let binding = newest(&individual.assessments, |assessment| {
        assessment.by == matter.sender
            && assessment.at <= now
            && assessment.fact.matter == matter.purpose
            && assessment.fact.period.holds(now)
    });
    if let Some(binding) = binding {
        facts.insert(FactUsed::Assessment(binding.id));
        return if binding.counts(now) {
            Ok(binding.fact.maturity)
        } else {
            Err(Reason::FactNotAttested)
        };
    }
    let below_policy_age = individual
        .birth
        .is_some_and(|birth| age_on(birth, stockholm_date(now)) < policy.maturity_age);
    if below_policy_age {
        Ok(Maturity::GuardiansDecide)
    } else {
        Err(Reason::MaturityUnassessed)
    }
}

/// The board that decides in this category under LVU, if any.
fn board(
    individual: &Individual,
    matter: Matter,
    now: Timestamp,
    facts: &mut BTreeSet<FactUsed>,
) -> Option<Signer> {
    let order = individual
        .care_orders
        .iter()
        .filter(|order| order.period.holds(now) && order.categories.contains(&matter.category))
        .max_by_key(|order| (order.period.from, order.id))?;
    facts.insert(FactUsed::CareOrder(order.id));
    Some(Signer::Board(order.board))
}

/// Every guardian with custody, but those who are hindered or a risk in this category.
fn guardians(
    individual: &Individual,
    matter: Matter,
    policy: &Policy,
    now: Timestamp,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<BTreeSet<Signer>, Reason> {
    // Outdated custody is named too: the denial rests on it.
    facts.extend(individual.custody.as_ref().map(|custody| FactUsed::Custody {
        source: custody.source,
        checked_at: custody.checked_at,
    }));
    let custody = verified(individual, policy, now)?;
    let hindered = |guardian: PersonId| {
        newest(&individual.hindrances, |record| {
            record.counts(now) && record.fact.excuses(guardian, now)
        })
        .map(|record| FactUsed::Hindrance(record.id))
    };
    let barred = |guardian: PersonId| {
        newest(&individual.risks, |record| {
            record.counts(now) && record.fact.bars(guardian, matter.category, now)
        })
        .map(|record| FactUsed::Risk(record.id))
    };
    let mut signers = BTreeSet::new();
    for guardian in &custody.guardians {
        match hindered(*guardian).or_else(|| barred(*guardian)) {
            Some(fact) => facts.insert(fact),
            None => signers.insert(Signer::Person(*guardian)),
        };
    }
    Ok(signers)
}

/// Custody as read from register or court, not in the future and not too long ago.
fn verified<'a>(individual: &'a Individual, policy: &Policy, now: Timestamp) -> Result<&'a Custody, Reason> {
    let custody = individual.custody.as_ref().ok_or(Reason::CustodyUnverified)?;
    // A source cannot have been read tomorrow; nor would such a check ever grow old.
    if custody.checked_at > now {
        return Err(Reason::CustodyUnverified);
    }
    if !fresh(custody.checked_at, policy, now) {
        return Err(Reason::CustodyOutdated {
            checked: custody.checked_at,
        });
    }
    Ok(custody)
}

fn fresh(checked_at: Timestamp, policy: &Policy, now: Timestamp) -> bool {
    checked_at <= now && now.duration_since(checked_at) <= policy.custody_max_age
}

#[cfg(test)]
mod tests;
