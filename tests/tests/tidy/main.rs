//! The house rules that compilers and lints do not know: which way imports point, what belongs in which room,
//! and the form of every file.
//!
//! Each rule is a pure function over a file or over the workspace's dependencies, with a planted violation
//! beside it. Here they meet the real tree.

mod edge;
mod form;
mod marker;
mod package;
mod room;
mod source;
mod token;

use std::path::{Path, PathBuf};

use crate::source::{Source, Violation};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Applies a rule to every file; fails with everything that breaks it.
fn hold(rule: impl Fn(&Source) -> Vec<Violation>) {
    let sources = source::collect(&workspace());
    // A walk that finds nothing would let everything pass.
    for known in [
        "certs-dev/src/lib.rs",
        "consent/src/lib.rs",
        "server/src/lib.rs",
        "tests/tests/tidy/main.rs",
    ] {
        assert!(
            sources.iter().any(|source| source.path == known),
            "{known} was not read"
        );
    }
    report(
        sources
            .iter()
            .flat_map(rule)
            .map(|violation| violation.to_string()),
    );
}

fn report(violations: impl IntoIterator<Item = String>) {
    let violations: Vec<String> = violations.into_iter().collect();
    assert!(
        violations.is_empty(),
        "{} to mend:\n  {}",
        violations.len(),
        violations.join("\n  ")
    );
}

#[test]
fn crates_depend_in_the_direction_of_the_arrows() {
    let packages = package::read(&workspace().join("Cargo.toml"));
    assert!(
        packages.iter().any(|package| package.name == "samrum-server"),
        "the workspace was not read"
    );
    report(package::turned_arrows(&packages));
}

#[test]
fn rooms_of_the_hub_import_in_the_direction_of_the_arrows() {
    hold(room::turned_arrows);
}

#[test]
fn edges_of_the_hub_reach_the_store_through_the_service_only() {
    hold(room::skipped_service);
}

#[test]
fn sql_is_written_in_the_store_only() {
    hold(edge::misplaced_sql);
}

#[test]
fn each_edge_of_the_hub_keeps_its_words() {
    hold(edge::misplaced_words);
}

#[test]
fn every_file_says_what_lives_in_it() {
    hold(form::opening);
}

#[test]
fn no_file_is_too_long() {
    hold(form::length);
}

#[test]
fn modules_are_named_for_what_they_hold() {
    hold(form::module_name);
}

#[test]
fn nothing_is_left_unfinished_without_an_issue() {
    hold(marker::unfinished);
}

#[test]
fn no_test_is_ignored_without_a_reason() {
    hold(marker::ignored);
}

#[test]
fn unsafe_is_nowhere() {
    hold(marker::not_safe);
}
