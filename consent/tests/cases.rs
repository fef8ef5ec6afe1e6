//! Worked cases in plain Swedish that a lawyer reviews: `consent/cases/*.toml`, rendered as `consent/CASES.md`.
//!
//! They come as pairs that differ in a single fact and flip the answer. Here they meet the engine, and it is
//! counted that every reason and every provision that decides is shown. Nothing here repeats a rule.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what helps a test fails as a test does, and coverage is printed"
)]

#[path = "cases/build.rs"]
mod build;
#[path = "cases/coverage.rs"]
mod coverage;
#[path = "cases/difference.rs"]
mod difference;
#[path = "cases/rendering.rs"]
mod rendering;
#[path = "cases/sheet.rs"]
mod sheet;
#[path = "cases/table.rs"]
mod table;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::table::Book;

/// How the rendered document is renewed.
const RENEW: &str = "cargo nextest run -p samrum-consent --test cases --run-ignored only";

fn rendered() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("CASES.md")
}

/// Fails with everything that is wrong, not with the first.
fn report(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} wrong:\n  {}",
        wrong.len(),
        wrong.join("\n  ")
    );
}

#[test]
fn every_case_is_answered_as_written() {
    let book = Book::read();
    let mut wrong = Vec::new();
    for pair in book.pairs() {
        let cases = [
            ("a", book.first(pair), &pair.answer),
            ("b", book.second(pair), &pair.otherwise),
        ];
        for (letter, case, expected) in cases {
            if case.answer != *expected {
                let id = &pair.id;
                wrong.push(format!(
                    "{id}.{letter}\n    written {expected:?}\n    decided {:?}",
                    case.answer
                ));
            }
        }
    }
    report(&wrong);
}

#[test]
fn the_two_cases_of_a_pair_differ_in_exactly_one_fact_and_in_the_answer() {
    let book = Book::read();
    let mut wrong = Vec::new();
    for pair in book.pairs() {
        let (first, second) = (book.first(pair), book.second(pair));
        let differing = difference::differences(&first.facts, &second.facts);
        if differing.len() != 1 {
            wrong.push(format!("{} differs in {differing:?}", pair.id));
        }
        if first.permitted == second.permitted {
            wrong.push(format!("{} does not flip", pair.id));
        }
    }
    report(&wrong);
}

#[test]
fn every_pair_stands_under_a_provision_that_decided_it() {
    let book = Book::read();
    let mut wrong = Vec::new();
    for pair in book.pairs() {
        let mut decided = book.first(pair).provisions;
        decided.extend(book.second(pair).provisions);
        if book.law.provision(&pair.provision).is_none() {
            wrong.push(format!("{}: the catalogue lacks {}", pair.id, pair.provision));
        } else if !decided.contains(&pair.provision) {
            wrong.push(format!(
                "{}: {} decided nothing, but {decided:?}",
                pair.id, pair.provision
            ));
        }
    }
    report(&wrong);
}

#[test]
fn every_reason_and_every_provision_that_decides_is_shown() {
    let book = Book::read();
    let (reasons, provisions) = (coverage::by_reason(&book), coverage::by_provision(&book));
    println!("{} pairs", book.pairs().count());
    let mut empty = coverage::print(&reasons);
    empty.extend(coverage::print(&provisions));
    assert!(empty.is_empty(), "no pair shows {empty:?}");
}

#[test]
fn every_name_and_every_text_is_written_once() {
    let book = Book::read();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for pair in book.pairs() {
        for text in [&pair.id, &pair.heading] {
            if !seen.insert(text) {
                wrong.push(format!("{text} occurs twice"));
            }
        }
        for text in [&pair.situation, &pair.question, &pair.difference, &pair.because] {
            if !text.ends_with(['.', '?']) {
                wrong.push(format!("{}: not a sentence: {text}", pair.id));
            }
        }
    }
    let said: BTreeSet<&str> = book.shared.reason.keys().map(String::as_str).collect();
    let decided: BTreeSet<&str> = coverage::REASONS.iter().copied().collect();
    for code in said.symmetric_difference(&decided) {
        wrong.push(format!(
            "{code}: a sentence without a reason, or the other way round"
        ));
    }
    report(&wrong);
}

#[test]
fn the_rendered_document_is_up_to_date() {
    let kept = std::fs::read_to_string(rendered()).unwrap_or_default();
    let made = rendering::document(&Book::read());
    let differing = made.lines().zip(kept.lines()).find(|(made, kept)| made != kept);
    let same = made == kept;
    assert!(
        same,
        "consent/CASES.md is stale; renew it: {RENEW}\n  the first difference: {differing:?}"
    );
}

#[test]
#[ignore = "writes consent/CASES.md anew"]
fn renew_the_rendered_document() {
    let made = rendering::document(&Book::read());
    std::fs::write(rendered(), made).expect("consent/CASES.md is written");
}
