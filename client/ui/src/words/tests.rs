//! Nothing is missing: both languages have the same ids with the same arguments, and every code its words.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use samrum_consent::vocabulary::{Act, Category, Direction, Holder, Kind, Purpose, Sector};

use super::*;
use crate::reason::slug;

/// Every id of a language with the arguments its text names.
fn ids(files: &Files) -> BTreeMap<String, BTreeSet<String>> {
    let mut ids = BTreeMap::new();
    for (file, content) in files {
        let parsed = FluentResource::try_new((*content).to_owned());
        assert!(parsed.is_ok(), "{file} can be read");
        let mut current = None;
        for line in content.lines() {
            if let Some((id, _)) = line
                .split_once(" =")
                .filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                assert!(
                    ids.insert(id.to_owned(), BTreeSet::new()).is_none(),
                    "{id} stands twice"
                );
                current = Some(id.to_owned());
            }
            let Some(id) = &current else { continue };
            for part in line.split("{ $").skip(1) {
                let name = part.split([' ', '}']).next().unwrap().to_owned();
                ids.get_mut(id).unwrap().insert(name);
            }
        }
    }
    ids
}

fn differences(one: &Files, other: &Files) -> Vec<String> {
    let (one, other) = (ids(one), ids(other));
    let all: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    all.into_iter()
        .filter(|id| one.get(*id) != other.get(*id))
        .cloned()
        .collect()
}

#[test]
fn both_languages_say_the_same_things() {
    assert_eq!(differences(&SWEDISH_FILES, &ENGLISH_FILES), Vec::<String>::new());
}

#[test]
fn a_hole_in_one_language_is_found() {
    let mut holed = ENGLISH_FILES;
    holed[0] = ("cli", "cli-yes = Yes\n");
    assert!(differences(&SWEDISH_FILES, &holed).contains(&"cli-no".to_owned()));
}

#[track_caller]
fn assert_has(id: &str) {
    for language in [Language::Swedish, Language::English] {
        assert!(
            bundle(language).has_message(id),
            "{id} is missing in {}",
            language.code()
        );
    }
}

#[test]
fn every_word_of_the_vocabularies_has_a_name() {
    macro_rules! all {
        ($($vocabulary:ident $prefix:literal),*) => {$(
            for value in $vocabulary::ALL {
                assert_has(&format!(concat!($prefix, "-{}"), slug(value.code())));
            }
        )*};
    }
    all!(Sector "sector", Holder "holder", Category "category", Kind "kind", Purpose "purpose", Act "act",
        Direction "direction");
    for month in 1..=12 {
        assert_has(&format!("month-{month}"));
    }
}

#[test]
fn every_reason_and_remedy_has_its_sentence() {
    // The codes as the protocol lists them: a new one without words breaks this test.
    let codes = include_str!("../../../../proto/samrum/decision/v1/reason.proto");
    let codes = codes
        .lines()
        .filter_map(|line| line.trim().strip_prefix("REASON_CODE_"));
    let codes: Vec<&str> = codes
        .filter_map(|rest| rest.split(" =").next())
        .filter(|code| *code != "UNSPECIFIED")
        .collect();
    assert!(codes.len() >= 50);
    for code in codes {
        assert_has(&format!("reason-{}", slug(code)));
    }
    let remedies = include_str!("../../../../consent/src/reason.rs");
    let remedies = remedies
        .split("impl Remedy {")
        .nth(1)
        .unwrap()
        .split("impl Reason {")
        .next()
        .unwrap();
    let remedies: Vec<&str> = remedies.split('"').skip(1).step_by(2).collect();
    assert!(remedies.len() >= 13);
    for remedy in remedies {
        assert_has(&format!("remedy-{}", slug(remedy)));
    }
}

#[test]
fn sentences_show_words_and_days_for_codes_and_times() {
    let say =
        |code, name: &str, value: &str, language| crate::reason_sentence(code, &[(name, value)], language);
    assert_eq!(
        say("CATEGORY_EXCLUDED", "category", "MEDICATION", Language::Swedish),
        "Samtycket undantar läkemedel."
    );
    assert_eq!(
        say(
            "CONSENT_EXPIRED",
            "until",
            "2026-03-03T23:00:00Z",
            Language::English
        ),
        "The consent was valid through 3 March 2026."
    );
    assert_eq!(
        say("SIGNATURE_MISSING", "signatory", "2", Language::Swedish),
        "Vårdnadshavare 2 har inte skrivit under."
    );
    assert_eq!(
        say("SIGNATURE_MISSING", "signatory", "0", Language::English),
        "Someone who must sign has never been asked."
    );
    assert_eq!(say("NO_SUCH_CODE", "x", "y", Language::English), "NO_SUCH_CODE");
}
