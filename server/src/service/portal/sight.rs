//! What somebody may see of a scope at all: never the categories that are kept from them as a risk.
//!
//! Whether they are kept is `consent`'s to judge. Source: OSL (2009:400) 12:3; domain, Consent 1 and 8.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::fact::Individual;
use samrum_consent::guardian::{kept_as_attested, kept_from};
use samrum_consent::id::PersonId;
use samrum_consent::scope::{Exclusions, Scope, ScopeParts};
use samrum_consent::vocabulary::Category;

/// The scope without what is kept from this person, neither as opened nor as excluded; nothing where all
/// that it opens is kept from them: then the consent does not exist for them.
///
/// What somebody signed they have seen: it stays in sight until a second professional stands behind the risk, so that
/// one person's word does not take from them what they can end.
pub(super) fn seen_by(
    scope: &Scope,
    individual: &Individual,
    (person, signed_at): (PersonId, Option<Timestamp>),
    now: Timestamp,
) -> Option<Scope> {
    let kept = |category: Category, at: Timestamp| kept_from(individual, person, category, at);
    let seen = |categories: &BTreeSet<Category>| -> BTreeSet<Category> {
        let had_seen = |category: Category| signed_at.is_some_and(|at| !kept(category, at));
        let for_sure = |category: Category| kept_as_attested(individual, person, category, now);
        let seen =
            |category: &Category| !kept(*category, now) || (had_seen(*category) && !for_sure(*category));
        categories.iter().copied().filter(seen).collect()
    };
    let (categories, excluded) = (seen(scope.categories()), seen(&scope.exclusions().categories));
    if categories == *scope.categories() && excluded == scope.exclusions().categories {
        return Some(scope.clone());
    }
    let narrower = Scope::parse(ScopeParts {
        sources: scope.sources().clone(),
        recipients: scope.recipients().clone(),
        direction: scope.direction(),
        categories,
        kinds: scope.kinds().clone(),
        purpose: scope.purpose(),
        acts: scope.acts().clone(),
        period: scope.period(),
        exclusions: Exclusions {
            categories: excluded,
            ..scope.exclusions().clone()
        },
    });
    // A scope of no categories is none; one that opens nothing more tells nothing but what is kept.
    narrower.ok().filter(|scope| scope.opens().next().is_some())
}

#[cfg(test)]
mod tests {
    use samrum_consent::fact::{Recorded, Risk};
    use samrum_consent::id::{FactId, UnitId};
    use samrum_consent::scope::Period;
    use samrum_consent::vocabulary::{Act, Direction, Kind, Purpose};

    use super::*;

    const SCHOOL: Category = Category::SchoolSituation;
    const VIOLENCE: Category = Category::AbuseViolence;
    const MEDICINE: Category = Category::Medication;

    fn person(number: u8) -> PersonId {
        PersonId::from_bytes([number; 16])
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn now() -> Timestamp {
        at("2026-11-23T09:00:00Z")
    }

    fn scope(categories: &[Category], excluded: &[Category]) -> Scope {
        let unit = UnitId::from_bytes([1; 16]);
        Scope::parse(ScopeParts {
            sources: [unit].into(),
            recipients: [unit].into(),
            direction: Direction::Circle,
            categories: categories.iter().copied().collect(),
            kinds: [Kind::Note].into(),
            purpose: Purpose::Sip,
            acts: [Act::Share].into(),
            period: Period {
                from: at("2026-11-22T23:00:00Z"),
                until: at("2027-02-28T23:00:00Z"),
            },
            exclusions: Exclusions {
                categories: excluded.iter().copied().collect(),
                ..Exclusions::default()
            },
        })
        .unwrap()
    }

    /// A child of nine about whom person 1 is a risk in these categories, until the turn of the year.
    fn child(categories: &[Category]) -> Individual {
        let birth = jiff::civil::date(2017, 3, 9);
        let mut child = Individual::new(person(9), Some(birth), None);
        child.risks.push(Recorded {
            id: FactId::from_bytes([5; 16]),
            by: UnitId::from_bytes([1; 16]),
            at: at("2026-11-01T00:00:00Z"),
            attested: false,
            fact: Risk {
                guardian: person(1),
                categories: categories.iter().copied().collect(),
                review: at("2026-12-31T23:00:00Z"),
            },
        });
        child
    }

    #[test]
    fn what_is_kept_from_a_guardian_is_in_no_place_and_the_other_one_sees_it() {
        let whole = scope(&[SCHOOL, VIOLENCE], &[]);
        let child = child(&[VIOLENCE]);
        let seen = seen_by(&whole, &child, (person(1), None), now()).unwrap();
        assert_eq!(seen, scope(&[SCHOOL], &[]));
        assert_eq!(seen_by(&whole, &child, (person(2), None), now()), Some(whole));
    }

    #[test]
    fn nor_among_what_must_not_be_shared() {
        let whole = scope(&[SCHOOL], &[VIOLENCE, MEDICINE]);
        let child = child(&[VIOLENCE]);
        let seen = seen_by(&whole, &child, (person(1), None), now());
        assert_eq!(seen, Some(scope(&[SCHOOL], &[MEDICINE])));
        assert_eq!(seen_by(&whole, &child, (person(2), None), now()), Some(whole));
    }

    #[test]
    fn where_all_is_kept_there_is_no_consent_and_where_nothing_is_it_stands_as_asked() {
        let (all, none) = (child(&[SCHOOL, VIOLENCE]), child(&[MEDICINE]));
        let whole = scope(&[SCHOOL, VIOLENCE], &[]);
        assert_eq!(seen_by(&whole, &all, (person(1), None), now()), None);
        assert_eq!(seen_by(&whole, &none, (person(1), None), now()), Some(whole));
        // What is left names a category, but opens none.
        let excluded = scope(&[SCHOOL, VIOLENCE], &[SCHOOL]);
        assert_eq!(
            seen_by(&excluded, &child(&[VIOLENCE]), (person(1), None), now()),
            None
        );
        // One that opens nothing, and of which nothing is kept, is seen for what it is.
        let nothing = scope(&[SCHOOL], &[SCHOOL]);
        assert_eq!(seen_by(&nothing, &none, (person(1), None), now()), Some(nothing));
    }

    #[test]
    fn from_the_review_date_on_nothing_is_kept() {
        let whole = scope(&[SCHOOL, VIOLENCE], &[]);
        let child = child(&[VIOLENCE]);
        let before = at("2026-12-31T22:59:59Z");
        assert_ne!(
            seen_by(&whole, &child, (person(1), None), before),
            Some(whole.clone())
        );
        let review = at("2026-12-31T23:00:00Z");
        assert_eq!(seen_by(&whole, &child, (person(1), None), review), Some(whole));
    }

    #[test]
    fn what_was_signed_before_stays_in_sight_and_what_was_kept_then_stays_kept() {
        let whole = scope(&[SCHOOL, VIOLENCE], &[]);
        let child = child(&[SCHOOL, VIOLENCE]);
        let seen = |signed| seen_by(&whole, &child, (person(1), Some(at(signed))), now());
        // The risk was recorded on the first of November.
        assert_eq!(seen("2026-10-31T23:59:59Z"), Some(whole.clone()));
        assert_eq!(seen("2026-11-01T00:00:00Z"), None);
        let mut attested = child.clone();
        attested.risks[0].attested = true;
        let signer = (person(1), Some(at("2026-10-31T23:59:59Z")));
        assert_eq!(
            seen_by(&whole, &attested, signer, now()),
            None,
            "two stand behind it"
        );
    }
}
