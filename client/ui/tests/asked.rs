//! Every text that the command line and the pages ask for by name exists, in both languages.
//!
//! Reads their sources: a misspelt id would otherwise be shown to a guardian as it stands.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: a source that cannot be read fails the test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use samrum_ui::{Language, text};

/// Where texts are asked for, from this crate's folder.
const PLACES: [&str; 3] = ["../src/command", "../../server/templates", "../../server/src/web"];
/// The calls that ask, up to the id.
const CALLS: [&str; 3] = ["say(", "say_with(", "text("];

/// The ids that a source asks for in so many words.
fn asked(source: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for call in CALLS {
        for (at, _) in source.match_indices(call) {
            let rest = source[at + call.len()..].trim_start();
            let Some(id) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            if id.contains('-')
                && id
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            {
                ids.insert(id.to_owned());
            }
        }
    }
    ids
}

fn asked_under(folder: &Path, ids: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            asked_under(&path, ids);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "html")
        {
            ids.extend(asked(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Whether a language has a text, whatever its arguments.
fn has(id: &str, language: Language) -> bool {
    let files = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("words")
        .join(language.code());
    let line = format!("\n{id} =");
    fs::read_dir(files).unwrap().any(|file| {
        let content = fs::read_to_string(file.unwrap().path()).unwrap();
        format!("\n{content}").contains(&line)
    })
}

#[test]
fn every_text_that_is_asked_for_exists() {
    for place in PLACES {
        let mut ids = BTreeSet::new();
        asked_under(&Path::new(env!("CARGO_MANIFEST_DIR")).join(place), &mut ids);
        assert!(ids.len() >= 2, "{place} asks for texts");
        for language in Language::ALL.iter().copied() {
            let missing: Vec<_> = ids.iter().filter(|id| !has(id, language)).collect();
            assert_eq!(missing, Vec::<&String>::new(), "{place} in {language}");
        }
    }
}

#[test]
fn an_id_that_nobody_wrote_is_found_missing() {
    let ids = asked("{{ frame.say(\"page-no-such\") }} screen.say(\n  \"cli-yes\", &[])");
    assert_eq!(
        ids.iter().map(String::as_str).collect::<Vec<_>>(),
        ["cli-yes", "page-no-such"]
    );
    assert!(has("cli-yes", Language::English) && !has("page-no-such", Language::English));
    assert_eq!(text("page-no-such", &[], Language::English), "page-no-such");
}
