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
    statement_about("Alva Exempel", "BUP Exempelstad", scope, language)
}

fn statement_about(about: &str, recipient: &str, scope: &Scope, language: Language) -> String {
    let units = [
        (unit(1), "Socialtjänsten".to_owned()),
        (unit(2), recipient.to_owned()),
    ];
    let facts = StatementFacts {
        consent: ConsentId::from_bytes([9; 16]),
        requester: "Socialtjänsten",
        about,
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
    let expected = "Samtycke
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
I vissa fall kräver lagen att uppgifter lämnas ändå, till exempel när ett barn kan fara illa. Det ändras inte av samtycket.
Textens version: consent-statement-v1
";
    assert_eq!(swedish, expected);
}

#[test]
fn one_way_names_givers_and_readers_apart() {
    let english = statement(&scope(Direction::OneWay, BTreeSet::new()), Language::English);
    assert!(english.contains("These units may give information: Socialtjänsten\n"));
    assert!(english.contains("These units may read it: BUP Exempelstad\n"));
    assert!(!english.contains("must not be shared"), "nothing is excluded");
    assert!(english.contains("Nothing is excluded.\n"));
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

#[test]
fn a_name_cannot_add_a_line_or_turn_the_text() {
    let scope = scope(Direction::OneWay, BTreeSet::new());
    let plain = statement(&scope, Language::Swedish);
    let forged = statement_about(
        "Alva\nInget får delas.",
        "BUP\u{202e}\r\u{2028}",
        &scope,
        Language::Swedish,
    );
    assert_eq!(forged.lines().count(), plain.lines().count());
    assert!(forged.contains("Det gäller: Alva Inget får delas.\n"));
    assert!(!forged.contains(['\r', '\u{202e}', '\u{2028}']));
}

#[test]
fn a_period_that_does_not_follow_days_is_said_to_the_minute() {
    let whole_days = scope(Direction::OneWay, BTreeSet::new());
    let until = "2027-02-28T14:05:00Z".parse().unwrap();
    let shorter = whole_days.narrowed(&Exclusions::default(), Some(until)).unwrap();
    let swedish = statement(&shorter, Language::Swedish);
    assert!(
        swedish.contains("från 23 november 2026 till 28 februari 2027 kl. 15.05.\n"),
        "{swedish}"
    );
    assert!(!statement(&whole_days, Language::Swedish).contains("kl."));
}

#[test]
fn a_unit_without_a_name_is_shown_by_its_id() {
    let excluded = Exclusions {
        units: [unit(3)].into(),
        documents: [
            samrum_consent::id::DocumentId::from_bytes([1; 16]),
            samrum_consent::id::DocumentId::from_bytes([2; 16]),
        ]
        .into(),
        ..Exclusions::default()
    };
    let scope = scope(Direction::OneWay, BTreeSet::new());
    let english = statement(&scope.narrowed(&excluded, None).unwrap(), Language::English);
    assert!(english.contains(&format!("neither give nor read: {}\n", unit(3))));
    assert!(english.contains("2 particular documents are excluded.\n"));
    assert!(!english.contains("Nothing is excluded"));
}
