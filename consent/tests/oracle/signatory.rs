//! Who must sign, from domain, Consent 1 and 2: read from top to bottom, one sentence of the text a step.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samrum_consent::consent::Signer;
use samrum_consent::fact::{Custody, FactUsed, Individual, Recorded};
use samrum_consent::id::PersonId;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Capacity, Category, Maturity};

use super::{Case, calendar};

/// Whose yes is needed for a category. "Every decision names the facts it used."
pub(super) struct Needed {
    /// All of one of these groups, or why nobody's yes would do.
    pub(super) groups: Result<Vec<BTreeSet<Signer>>, Reason>,
    /// What says so.
    pub(super) facts: BTreeSet<FactUsed>,
}

/// Whose yes is needed for this category.
pub(super) fn needed(case: &Case<'_>, individual: &Individual, category: Category) -> Needed {
    let mut facts = BTreeSet::new();
    let groups = if case.is_child(individual) {
        minor(case, individual, category, &mut facts)
    } else {
        Ok(grown_up(case, individual, &mut facts))
    };
    Needed { groups, facts }
}

fn minor(
    case: &Case<'_>,
    individual: &Individual,
    category: Category,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Vec<BTreeSet<Signer>>, Reason> {
    let own = Signer::Person(individual.person);
    // "Child whose maturity a professional has assessed for this matter." It binds the unit that made it.
    let mut child_takes_part = false;
    match assessment(case, individual) {
        Some(found) => {
            facts.insert(FactUsed::Assessment(found.id));
            // "Where the recording unit is the one that would be allowed to send, a second attests."
            if !found.attested {
                return Err(Reason::FactNotAttested);
            }
            match found.fact.maturity {
                Maturity::Decides => return Ok(vec![[own].into()]),
                Maturity::TakesPart => child_takes_part = true,
                Maturity::GuardiansDecide => {}
            }
        }
        // "From the policy ages a missing assessment denies." An unproven age may be one of them.
        None => match individual.birth {
            Some(birth) if !calendar::has_reached(birth, case.policy.maturity_age, case.today) => {}
            _ => return Err(Reason::MaturityUnassessed),
        },
    }
    let mut all = BTreeSet::new();
    // "The board under LVU 11 § as far as the care requires; guardians remain otherwise."
    if let Some((board, order)) = board(case, individual, category) {
        facts.insert(order);
        all.insert(board);
    } else {
        if let Some(recorded) = &individual.custody {
            facts.insert(FactUsed::Custody {
                source: recorded.source,
                checked_at: recorded.checked_at,
            });
        }
        let custody = custody(case, individual)?;
        for guardian in &custody.guardians {
            match excused(case, individual, *guardian, category) {
                Some(fact) => facts.insert(fact),
                None => all.insert(Signer::Person(*guardian)),
            };
        }
    }
    // "An empty or unknown set never suffices", whatever the child says.
    if all.is_empty() {
        return Err(Reason::NoCompetentSignatory);
    }
    if child_takes_part {
        all.insert(own);
    }
    Ok(vec![all])
}

/// "Adult: the individual, or a representative recorded with that power."
fn grown_up(
    case: &Case<'_>,
    individual: &Individual,
    facts: &mut BTreeSet<FactUsed>,
) -> Vec<BTreeSet<Signer>> {
    let mut groups = vec![BTreeSet::from([Signer::Person(individual.person)])];
    let by_record: BTreeMap<_, _> = individual
        .representatives
        .iter()
        .map(|one| ((one.id, one.person), one))
        .collect();
    for one in by_record.values() {
        let over = one.until.is_some_and(|until| until <= case.now);
        if !over && is_fresh(case, one.checked_at) {
            groups.push([Signer::Person(one.person)].into());
            facts.insert(FactUsed::Representative(one.id));
        }
    }
    groups
}

/// Read by now, and no longer ago than policy says.
fn is_fresh(case: &Case<'_>, checked: Timestamp) -> bool {
    checked <= case.now && case.now <= checked + case.policy.custody_max_age
}

/// The sender's newest assessment for this matter that holds today.
fn assessment<'a>(
    case: &Case<'_>,
    individual: &'a Individual,
) -> Option<&'a Recorded<samrum_consent::fact::Assessment>> {
    let mut own: Vec<_> = individual
        .assessments
        .iter()
        .filter(|found| found.by == case.sender())
        .filter(|found| found.fact.matter == case.request.purpose)
        .filter(|found| found.at <= case.now)
        .filter(|found| found.fact.period.from <= case.now && case.now < found.fact.period.until)
        .collect();
    own.sort_by_key(|found| (found.at, found.id));
    own.pop()
}

fn board(case: &Case<'_>, individual: &Individual, category: Category) -> Option<(Signer, FactUsed)> {
    let mut orders: Vec<_> = individual
        .care_orders
        .iter()
        .filter(|order| order.period.from <= case.now && case.now < order.period.until)
        .filter(|order| order.categories.contains(&category))
        .collect();
    orders.sort_by_key(|order| (order.period.from, order.id));
    let newest = orders.pop()?;
    Some((Signer::Board(newest.board), FactUsed::CareOrder(newest.id)))
}

/// "Custody comes from the population register or a court decision, with date of check and greatest age."
fn custody<'a>(case: &Case<'_>, individual: &'a Individual) -> Result<&'a Custody, Reason> {
    match &individual.custody {
        None => Err(Reason::CustodyUnverified),
        Some(custody) if custody.checked_at > case.now => Err(Reason::CustodyUnverified),
        Some(custody) if !is_fresh(case, custody.checked_at) => Err(Reason::CustodyOutdated {
            checked: custody.checked_at,
        }),
        Some(custody) => Ok(custody),
    }
}

/// Why this guardian need not sign: hindered, or a risk in this category; by the newest record that counts.
fn excused(
    case: &Case<'_>,
    individual: &Individual,
    guardian: PersonId,
    category: Category,
) -> Option<FactUsed> {
    let mut hindered = Vec::new();
    for record in &individual.hindrances {
        let cannot = record.fact.cannot_wait && !record.fact.decisive && case.now < record.fact.until;
        if record.fact.guardian == guardian && cannot && counts(case, record) {
            hindered.push((record.at, record.id));
        }
    }
    let mut risks = Vec::new();
    for record in &individual.risks {
        let here = record.fact.categories.contains(&category) && case.now < record.fact.review;
        if record.fact.guardian == guardian && here && counts(case, record) {
            risks.push((record.at, record.id));
        }
    }
    match (hindered.into_iter().max(), risks.into_iter().max()) {
        (Some((_, id)), _) => Some(FactUsed::Hindrance(id)),
        (None, Some((_, id))) => Some(FactUsed::Risk(id)),
        (None, None) => None,
    }
}

/// Recorded by now, and attested, whoever recorded it.
pub(super) fn counts<T>(case: &Case<'_>, record: &Recorded<T>) -> bool {
    record.at <= case.now && record.attested
}

/// In which capacity they would sign.
pub(super) fn capacity(case: &Case<'_>, individual: &Individual, signer: Signer) -> Capacity {
    match signer {
        Signer::Board(_) => Capacity::Board,
        Signer::Person(person) if person == individual.person => Capacity::Individual,
        Signer::Person(_) if case.is_child(individual) => Capacity::Guardian,
        Signer::Person(_) => Capacity::Representative,
    }
}
