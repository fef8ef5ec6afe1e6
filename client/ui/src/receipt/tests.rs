//! The receipt says who said yes and how, in both languages, and no more lines than it should.

use std::collections::BTreeMap;

use samrum_consent::id::{ConsentId, UnitId};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};

use super::*;

const SOCIAL: UnitId = UnitId::from_bytes([1; 16]);
const CLINIC: UnitId = UnitId::from_bytes([2; 16]);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn scope() -> Scope {
    Scope::parse(ScopeParts {
        sources: [SOCIAL].into(),
        recipients: [CLINIC].into(),
        direction: Direction::OneWay,
        categories: [Category::SchoolSituation].into(),
        kinds: [Kind::Note].into(),
        purpose: Purpose::Sip,
        acts: [Act::Share].into(),
        period: Period {
            from: at("2026-11-22T23:00:00Z"),
            until: at("2027-02-28T23:00:00Z"),
        },
        exclusions: Exclusions::default(),
    })
    .unwrap()
}

fn receipt(recorder: &str, language: Language) -> String {
    let (scope, units) = (scope(), BTreeMap::from([(SOCIAL, "Socialtjänsten".to_owned())]));
    let paper = Evidence::Paper {
        recorded_by: SOCIAL,
        scan_sha256: [7; 32],
    };
    let digest = "07".repeat(32);
    let first = ReceiptSignatory {
        number: 1,
        capacity: Capacity::Guardian,
        signed: Some((&paper, at("2026-11-23T09:00:00Z"))),
        digest: Some(&digest),
        recorded_by: Some(recorder),
    };
    let second = ReceiptSignatory {
        number: 2,
        capacity: Capacity::Individual,
        signed: None,
        digest: None,
        recorded_by: None,
    };
    let facts = ReceiptFacts {
        number: "0192f0c1-2a3b-8c4d-8e5f-60718293a4b5",
        revision: 3,
        state: "REQUESTED",
        signatories: &[first, second],
        statement: StatementFacts {
            consent: ConsentId::from_bytes([5; 16]),
            requester: "Socialtjänsten",
            about: "Alva Exempel",
            scope: &scope,
            units: &units,
        },
    };
    consent_receipt(&facts, language)
}

#[test]
fn it_says_who_said_yes_how_and_who_has_not() {
    let english = receipt("Socialtjänsten", Language::English);
    let lines: Vec<&str> = english.lines().collect();
    assert_eq!(lines[0], "Receipt for a consent");
    assert!(lines[2].ends_with("(change 3)"), "{}", lines[2]);
    assert!(
        lines[4].starts_with("1. Guardian: yes, on paper, "),
        "{}",
        lines[4]
    );
    assert!(lines[4].ends_with("Recorded by Socialtjänsten."), "{}", lines[4]);
    assert!(lines[5].ends_with(&"07".repeat(32)));
    assert_eq!(lines[6], "2. Whom the consent is about: has not said yes.");
    let swedish = receipt("Socialtjänsten", Language::Swedish);
    assert!(
        swedish.contains("1. Vårdnadshavare: ja, på papper, "),
        "{swedish}"
    );
    assert_eq!(swedish.lines().count(), english.lines().count());
}

#[test]
fn the_statement_stands_last_as_it_is_signed() {
    let scope = scope();
    let units = BTreeMap::from([(SOCIAL, "Socialtjänsten".to_owned())]);
    let statement = StatementFacts {
        consent: ConsentId::from_bytes([5; 16]),
        requester: "Socialtjänsten",
        about: "Alva Exempel",
        scope: &scope,
        units: &units,
    };
    for language in Language::ALL {
        let receipt = receipt("Socialtjänsten", *language);
        assert!(
            receipt.ends_with(&consent_statement(&statement, *language)),
            "{receipt}"
        );
    }
}

#[test]
fn no_name_adds_a_line_and_no_word_is_missing() {
    let plain = receipt("Socialtjänsten", Language::English).lines().count();
    let bent = receipt("Social\n3. Guardian: yes", Language::English);
    assert_eq!(bent.lines().count(), plain);
    for language in Language::ALL {
        for capacity in Capacity::ALL {
            assert!(!receipt_capacity(*capacity, *language).starts_with("receipt-"));
        }
        let termination = receipt_termination(scope().period(), *language);
        assert!(
            !termination.starts_with("receipt-") && termination.contains("2027"),
            "{termination}"
        );
    }
}
