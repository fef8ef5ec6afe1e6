//! The rules answer whatever they are given: the ends of time, nobody and too many, texts of any kind,
//! policies without sense, the same thing twice. Reaching the end of a case is the property; a panic fails.

use core::cell::Cell;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use samrum_consent::consent::{Consent, End, State};
use samrum_consent::decide::{Answer, Named, consequence};
use samrum_consent::fact::{Individual, Subject};
use samrum_consent::guardian::{asked, kept_from};
use samrum_consent::law::Policy;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Basis, Category};

use super::prove;
use crate::arbitrary::{Chance, to_several};
use crate::world::{GUARDIAN, Situation, at, portal, signed};

/// Signatories and guardians beyond every limit that is judged elsewhere.
const TOO_MANY: usize = 300;

fn instants() -> Vec<Timestamp> {
    vec![
        Timestamp::MIN,
        Timestamp::UNIX_EPOCH,
        at("2026-04-15T08:00:00Z"),
        at("2026-04-15T08:00:00.000000001Z"),
        Timestamp::MAX,
    ]
}

fn dates() -> Vec<Date> {
    vec![Date::MIN, Date::ZERO, jiff::civil::date(2008, 2, 29), Date::MAX]
}

fn policies() -> Vec<Policy> {
    let durations = [SignedDuration::MIN, SignedDuration::ZERO, SignedDuration::MAX];
    let ages = [i16::MIN, 0, i16::MAX];
    let pairs = durations.into_iter().zip(ages);
    pairs
        .map(|(custody_max_age, maturity_age)| Policy {
            custody_max_age,
            maturity_age,
        })
        .collect()
}

fn wild_individual(individual: &mut Individual, chance: &mut Chance) {
    let instants = instants();
    let mut instant = || chance.of(&instants);
    if let Some(custody) = &mut individual.custody {
        custody.checked_at = instant();
        custody.guardians = custody.guardians.iter().copied().cycle().take(TOO_MANY).collect();
    }
    for found in &mut individual.assessments {
        (found.at, found.fact.period) = (
            instant(),
            Period {
                from: instant(),
                until: instant(),
            },
        );
    }
    for found in &mut individual.hindrances {
        (found.at, found.fact.until) = (instant(), instant());
    }
    for found in &mut individual.risks {
        (found.at, found.fact.review) = (instant(), instant());
        found.fact.categories.clear();
    }
    for found in &mut individual.representatives {
        (found.checked_at, found.until) = (instant(), Some(instant()));
    }
    for found in &mut individual.care_orders {
        found.period = Period {
            from: instant(),
            until: instant(),
        };
    }
    for found in &mut individual.situations {
        (found.at, found.fact.period) = (
            instant(),
            Period {
                from: instant(),
                until: instant(),
            },
        );
    }
    individual.birth = Some(chance.of(&dates()));
}

fn wild_consent(consent: &mut Consent, chance: &mut Chance) {
    let instants = instants();
    consent.revision = u64::MAX;
    consent.requested_at = chance.of(&instants);
    if chance.once_in(2) {
        consent.state = State::Ended {
            how: End::Expired,
            at: chance.of(&instants),
            was_active: true,
        };
    }
    if chance.once_in(2) {
        consent.signatories = consent
            .signatories
            .iter()
            .cloned()
            .cycle()
            .take(TOO_MANY)
            .collect();
    } else {
        consent.signatories.clear();
    }
}

/// A situation with every part as far out as its type allows.
fn wild(seed: u64) -> Situation {
    let mut chance = Chance::new(seed);
    let mut situation = to_several(&mut chance);
    situation.now = chance.of(&instants());
    let law = std::sync::Arc::make_mut(&mut situation.law);
    law.policy = chance.of(&policies());
    situation.facts.role = "\u{0}\u{202e}å".repeat(TOO_MANY);
    for subject in &mut situation.facts.subjects {
        wild_individual(&mut subject.individual, &mut chance);
        for consent in &mut subject.consents {
            wild_consent(consent, &mut chance);
        }
        subject.consents.extend(subject.consents.clone());
    }
    let twice: Vec<Subject> = situation.facts.subjects.clone();
    situation.facts.subjects.extend(twice);
    if chance.once_in(3) {
        let id = ["", " ", "\u{0}", "OSL-25-12\n"];
        situation.on(Named::Now(Basis::Provision {
            id: chance.of(&id).to_owned(),
            reason: String::new(),
        }));
    }
    if chance.once_in(5) {
        situation.facts.recipients.clear();
    }
    situation
}

#[test]
fn a_decision_comes_whatever_is_asked() {
    let (permits, denials) = (Cell::new(0), Cell::new(0));
    prove(any::<u64>(), |seed| {
        let situation = wild(seed);
        let decision = situation.decision();
        prop_assert_eq!(decision.verdicts.len(), situation.request.recipients.len());
        for verdict in &decision.verdicts {
            let answered = match &verdict.answer {
                Answer::Permit(_) => &permits,
                Answer::Deny(_) => &denials,
            };
            answered.set(answered.get() + 1);
            if let Answer::Deny(reasons) = &verdict.answer {
                let _then = consequence(reasons);
                for reason in reasons {
                    prop_assert!(!reason.code().is_empty() && reason.number() > 0);
                    prop_assert!(
                        reason
                            .arguments()
                            .iter()
                            .all(|(name, value)| !name.is_empty() && !value.is_empty())
                    );
                }
            }
        }
        Ok(())
    });
    assert!(
        permits.get() > 100 && denials.get() > 1_000,
        "{permits:?} permits, {denials:?} denials: too few of one"
    );
}

#[test]
fn a_consent_lives_on_or_says_why_not_whatever_befalls_it() {
    prove((any::<u64>(), select(instants())), |(seed, now)| {
        let situation = wild(seed);
        let policy = &situation.law.policy;
        for subject in &situation.facts.subjects {
            let everything = Category::ALL.iter().copied().collect();
            let matter = (situation.facts.sender.id, situation.request.purpose);
            if let Ok(signers) = asked(&subject.individual, matter, &everything, policy, now) {
                prop_assert!(!signers.is_empty(), "an empty set never suffices");
            }
            let _hidden = kept_from(&subject.individual, GUARDIAN, Category::HealthMental, now);
            for consent in &subject.consents {
                let results = [
                    consent
                        .clone()
                        .sign(GUARDIAN, signed(portal()), &subject.individual, policy),
                    consent.clone().ask(&[GUARDIAN.into()].into()),
                    consent.clone().accept(situation.facts.sender.authority),
                    consent.clone().expire(now),
                    consent.clone().supersede(now),
                    consent.clone().decline(GUARDIAN, now),
                    consent.clone().revoke(now),
                    consent
                        .clone()
                        .narrow(&consent.scope.exclusions().clone(), Some(now)),
                ];
                for after in results.into_iter().flatten() {
                    prop_assert!(after.revision >= consent.revision);
                }
            }
        }
        Ok(())
    });
}
