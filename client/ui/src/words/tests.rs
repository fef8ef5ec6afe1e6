//! Nothing is missing: both languages have the same ids with the same arguments, and every code its words.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use samrum_consent::vocabulary::{
    Act, Capacity, Category, Circumstance, Direction, Holder, Kind, Maturity, Purpose, Sector,
};

use super::*;
use crate::reason::slug;

/// Every id of a language with the arguments its text names.
fn ids(files: &[(&'static str, &'static str)]) -> BTreeMap<String, BTreeSet<String>> {
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
            if line.starts_with('#') {
                continue;
            }
            let Some(id) = &current else { continue };
            for part in line.split('$').skip(1) {
                let name = part.split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c));
                ids.get_mut(id).unwrap().insert(name.take(1).collect());
            }
        }
    }
    ids
}

fn differences(one: &[(&'static str, &'static str)], other: &[(&'static str, &'static str)]) -> Vec<String> {
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

#[test]
fn an_argument_that_one_language_lacks_is_found() {
    let (swedish, english) = (("cli", "a = { $one }\n"), ("cli", "a = { $two }\n"));
    assert_eq!(differences(&[swedish], &[swedish]), Vec::<String>::new());
    assert_eq!(differences(&[swedish], &[english]), ["a"]);
}

#[test]
fn nothing_invisible_stands_in_any_text() {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\t');
    for (file, content) in SWEDISH_FILES.iter().chain(&ENGLISH_FILES) {
        assert!(!content.contains(invisible), "{file}");
    }
    let shown = text(
        "statement-about",
        &[("about", "Alva".to_owned())],
        Language::English,
    );
    assert_eq!(shown, "It is about: Alva", "no isolation marks around arguments");
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
    all!(Capacity "cli-capacity", Circumstance "cli-circumstance", Maturity "cli-maturity");
    all!(Sector "sector", Holder "holder", Category "category", Kind "kind", Purpose "purpose", Act "act",
        Direction "direction");
    for month in 1..=12 {
        assert_has(&format!("month-{month}"));
    }
}

/// The values of an enum in a file of the protocol, without their prefix.
fn wire_values<'a>(file: &'a str, prefix: &str) -> Vec<&'a str> {
    let lines = file.lines().filter_map(|line| line.trim().strip_prefix(prefix));
    let names = lines.filter_map(|rest| rest.split(" =").next());
    names.filter(|name| *name != "UNSPECIFIED").collect()
}

#[test]
fn every_state_has_a_name() {
    let consent = include_str!("../../../../proto/samrum/consent/v1/consent_service.proto");
    let states = wire_values(consent, "CONSENT_STATE_");
    assert!(states.contains(&"ACTIVE") && states.len() >= 6);
    for state in states {
        assert_has(&format!("consent-state-{}", slug(state)));
    }
    let audit = include_str!("../../../../proto/samrum/audit/v1/audit_service.proto");
    let events = wire_values(audit, "EVENT_KIND_");
    assert!(events.contains(&"PROVISION_SET") && events.len() >= 16);
    for event in events {
        assert_has(&format!("cli-event-{}", slug(event)));
    }
    let exchange = include_str!("../../../../proto/samrum/exchange/v1/exchange_service.proto");
    let states = wire_values(exchange, "DELIVERY_STATE_");
    assert!(states.contains(&"WITHHELD") && states.len() >= 6);
    for state in states {
        assert_has(&format!("delivery-state-{}", slug(state)));
    }
    assert_eq!(
        crate::delivery_state("LOST", Language::English),
        "LOST",
        "unknown stays"
    );
}

#[test]
fn every_reason_and_remedy_has_its_sentence() {
    // The codes as the protocol lists them: a new one without words breaks this test.
    let codes = include_str!("../../../../proto/samrum/decision/v1/reason.proto");
    let codes = wire_values(codes, "REASON_CODE_");
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
        "Samtycket undantar uppgifter om läkemedel."
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
        say(
            "CONSENT_EXPIRED",
            "until",
            "2026-03-03T11:00:07Z",
            Language::Swedish
        ),
        "Samtycket gällde till 3 mars 2026 kl. 12.00.",
        "what ended in the middle of a day did not hold through it"
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

/// Every `"cli-…"` and `"error-…"` in the sources of the command, whoever says it.
fn said_by_the_command(folder: &std::path::Path, ids: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            said_by_the_command(&path, ids);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            for family in ["\"cli-", "\"error-"] {
                for (at, _) in source.match_indices(family) {
                    let id = source[at + 1..].split('"').next().unwrap_or_default();
                    if !id.contains('{') {
                        ids.insert(id.to_owned());
                    }
                }
            }
        }
    }
}

#[test]
fn everything_the_command_says_exists_and_nothing_else_does() {
    let mut said = BTreeSet::new();
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    said_by_the_command(&sources, &mut said);
    assert!(said.len() > 50);
    for id in &said {
        assert_has(id);
    }
    // Said by a name that is put together: one for each word of a vocabulary.
    let composed = [
        "cli-event-",
        "cli-answer-",
        "cli-finding-",
        "cli-capacity-",
        "cli-maturity-",
        "cli-circumstance-",
        "reason-",
    ];
    for (file, content) in SWEDISH_FILES
        .iter()
        .filter(|(file, _)| ["cli", "error"].contains(file))
    {
        for id in ids(&[(*file, *content)]).into_keys() {
            let known = said.contains(&id) || composed.iter().any(|prefix| id.starts_with(prefix));
            assert!(known, "nobody says {id}");
        }
    }
}
