//! The statement says everything the scope holds, and the same facts give the same bytes.

use std::collections::BTreeSet;

use samrum_consent::scope::{Exclusions, Period, ScopeParts};
use samrum_consent::vocabulary::{Act, Kind, Purpose};

use super::*;

fn unit(number: u8) -> UnitId {
    UnitId::from_bytes([number; 16])
}

fn scope(direction: Direction, excluded: BTreeSet<Category>) -> Scope {
    Scope::parse(ScopeParts {
        sources: [unit(1)].into(),
        recipients: [unit(2)].into(),
        direction,
        categories: [Category::SchoolSituation, Category::HealthMental].into(),
        kinds: [Kind::Summons, Kind::Note].into(),
        purpose: Purpose::Sip,
        acts: [Act::Share, Act::Plan].into(),
        period: Period {
            from: "2026-11-22T23:00:00Z".parse().unwrap(),
            until: "2027-02-28T23:00:00Z".parse().unwrap(),
        },
        exclusions: Exclusions {
            categories: excluded,
            ..Exclusions::default()
        },
    })
    .unwrap()
}

fn statement(scope: &Scope, language: Language) -> String {
    let units = [
        (unit(1), "Socialtjänsten".to_owned()),
        (unit(2), "BUP Exempelstad".to_owned()),
    ];
    let facts = StatementFacts {
        consent: ConsentId::from_bytes([9; 16]),
        requester: "Socialtjänsten",
        about: "Alva Exempel",
        scope,
        units: &units.into(),
    };
    consent_statement(&facts, language)
}

#[test]
fn it_says_what_is_asked_in_whole_sentences() {
    let swedish = statement(
        &scope(Direction::Circle, [Category::Medication].into()),
        Language::Swedish,
    );
    let expected = "consent-statement-v1
Samtycke
Samtyckets nummer: 09090909-0909-0909-0909-090909090909
Den som frågar: Socialtjänsten
Det gäller: Alva Exempel
Jag samtycker till att uppgifter delas så som står här.
Jag samtycker till att en samordnad individuell plan görs.
Ändamål: samordnad individuell plan (SIP)
De här verksamheterna får dela uppgifter med varandra: BUP Exempelstad; Socialtjänsten
Uppgifterna får handla om: hur det går i skolan; psykisk hälsa
De får finnas i: kallelse; anteckning
Samtycket gäller från 23 november 2026 till och med 28 februari 2027.
Det här får inte delas: läkemedel
Jag kan ändra mig när jag vill, utan att säga varför. Då lämnas inget mer ut med stöd av samtycket.
Det som redan har lästs kan inte göras oläst.
";
    assert_eq!(swedish, expected);
}

#[test]
fn one_way_names_givers_and_readers_apart() {
    let english = statement(&scope(Direction::OneWay, BTreeSet::new()), Language::English);
    assert!(english.contains("These units may give information: Socialtjänsten\n"));
    assert!(english.contains("These units may read it: BUP Exempelstad\n"));
    assert!(!english.contains("must not be shared"), "nothing is excluded");
}

#[test]
fn the_same_facts_give_the_same_bytes_and_others_do_not() {
    let (plain, narrower) = (
        scope(Direction::Circle, BTreeSet::new()),
        scope(Direction::Circle, [Category::Medication].into()),
    );
    for language in [Language::Swedish, Language::English] {
        assert_eq!(statement(&plain, language), statement(&plain, language));
        assert_ne!(statement(&plain, language), statement(&narrower, language));
    }
}
