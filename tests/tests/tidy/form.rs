//! The form of a file: its opening, its length, and the names of its modules.

use crate::source::{Source, Violation};
use crate::token;

/// The most lines of a file. Far below that, at 500, is the time to split it.
const MAX_LINES: usize = 800;

/// Names that say nothing of what a module holds, and so come to hold anything.
const EMPTY_NAMES: [&str; 9] = [
    "common",
    "helper",
    "helpers",
    "misc",
    "shared",
    "types",
    "util",
    "utilities",
    "utils",
];

/// Files that do not open with `//!` and some words.
#[must_use]
pub(crate) fn opening(source: &Source) -> Vec<Violation> {
    let first = source.text.lines().next().unwrap_or_default();
    let opens = first
        .strip_prefix("//!")
        .is_some_and(|words| !words.trim().is_empty());
    if opens {
        return Vec::new();
    }
    vec![source.violation(
        1,
        "must open with `//!`: what lives here, what does not, which standard",
    )]
}

/// Files that are too long.
#[must_use]
pub(crate) fn length(source: &Source) -> Vec<Violation> {
    let lines = source.text.lines().count();
    if lines <= MAX_LINES {
        return Vec::new();
    }
    vec![source.violation(
        MAX_LINES + 1,
        format!("{lines} lines, {MAX_LINES} at most: split it by what it holds"),
    )]
}

/// Modules, whether files, folders or inline, with a name that says nothing.
#[must_use]
pub(crate) fn module_name(source: &Source) -> Vec<Violation> {
    let says_nothing = |name: &str| EMPTY_NAMES.contains(&name);
    let refuse = |line: usize, name: &str| {
        source.violation(line, format!("`{name}` says nothing: name what it holds"))
    };

    let path = source.path.strip_suffix(".rs").unwrap_or(&source.path);
    let in_path = path
        .split('/')
        .filter(|name| says_nothing(name))
        .map(|name| refuse(1, name));
    let tokens = match token::read(source) {
        Ok(tokens) => tokens,
        Err(violation) => return vec![violation],
    };
    let inline = tokens.windows(2).filter_map(|pair| match pair {
        [keyword, token] if keyword.name() == Some("mod") => token
            .name()
            .filter(|name| says_nothing(name))
            .map(|name| refuse(token.line, name)),
        _ => None,
    });
    in_path.chain(inline).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(text: &str) -> Source {
        Source::planted("a.rs", text)
    }

    #[test]
    fn a_file_opens_with_its_purpose() {
        assert!(opening(&planted("//! What lives here.\n")).is_empty());
        for text in [
            "",
            "use a;\n//! Late.\n",
            "//!\n//! Late.\n",
            "// Not it.\n",
            "/// Not it.\n",
            "\n//! Late.\n",
        ] {
            assert_eq!(opening(&planted(text)).len(), 1, "{text:?}");
        }
    }

    #[test]
    fn a_file_has_at_most_so_many_lines() {
        assert!(length(&planted(&"\n".repeat(MAX_LINES))).is_empty());
        assert_eq!(length(&planted(&"\n".repeat(MAX_LINES + 1))).len(), 1);
    }

    #[test]
    fn names_that_say_something_are_fine() {
        assert!(
            module_name(&Source::planted(
                "a/typesetting.rs",
                "mod common_law; use x::types;"
            ))
            .is_empty()
        );
    }

    #[test]
    fn names_that_say_nothing_are_seen_in_files_folders_and_modules() {
        assert_eq!(module_name(&Source::planted("a/src/utils.rs", "")).len(), 1);
        assert_eq!(module_name(&Source::planted("a/src/common/b.rs", "")).len(), 1);
        assert_eq!(
            module_name(&planted("fn f() {}\npub mod helpers { fn g() {} }")).len(),
            1
        );
        assert_eq!(module_name(&planted("mod misc;")).len(), 1);
    }
}
