//! Marks that a file must not carry: work left undone without an issue, tests ignored without a reason, and
//! the keyword by which the compiler's guarantees are given up.

use crate::source::{Source, Violation};
use crate::token::{self, Kind, Token};

/// Words for work left undone. Put together from halves: this file must keep its own rule.
const UNDONE: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
];

/// Lines that leave work undone and name no issue, as `#12` does.
#[must_use]
pub(crate) fn unfinished(source: &Source) -> Vec<Violation> {
    let undone = |line: &&str| UNDONE.iter().any(|word| contains_word(line, word)) && !names_issue(line);
    let refuse =
        |place: usize| source.violation(place + 1, "left undone: finish it, or name its issue as #12");
    source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| undone(line))
        .map(|(place, _)| refuse(place))
        .collect()
}

fn contains_word(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        let after = line[place + word.len()..].chars().next();
        !before.is_some_and(part_of_name) && (word.ends_with('!') || !after.is_some_and(part_of_name))
    })
}

fn names_issue(line: &str) -> bool {
    line.match_indices('#')
        .any(|(place, _)| line[place + 1..].starts_with(|c: char| c.is_ascii_digit()))
}

/// Tests that are ignored and do not say why: `#[ignore = "why"]` does.
#[must_use]
pub(crate) fn ignored(source: &Source) -> Vec<Violation> {
    let tokens = match token::read(source) {
        Ok(tokens) => tokens,
        Err(violation) => return vec![violation],
    };
    (1..tokens.len())
        .filter(|place| in_attribute(&tokens, *place) && tokens[*place].name() == Some("ignore"))
        .filter(|place| !gives_reason(&tokens[place + 1..]))
        .map(|place| {
            source.violation(
                tokens[place].line,
                "ignored: say why, as in `#[ignore = \"why\"]`",
            )
        })
        .collect()
}

/// Whether a name stands where an attribute's does: `#[name`, or after a comma in `#[cfg_attr(…, name)]`.
fn in_attribute(tokens: &[Token], place: usize) -> bool {
    let opens = |token: &Token| token.is_mark('[');
    let opening = place.checked_sub(2).map(|before| &tokens[before..place]);
    let directly = matches!(opening, Some([hash, bracket]) if hash.is_mark('#') && opens(bracket));
    directly || (tokens[place - 1].is_mark(',') && in_conditional_attribute(&tokens[..place]))
}

fn in_conditional_attribute(before: &[Token]) -> bool {
    let start = before.iter().rposition(|token| token.name() == Some("cfg_attr"));
    start.is_some_and(|start| !before[start..].iter().any(|token| token.is_mark(']')))
}

fn gives_reason(after: &[Token]) -> bool {
    match after {
        [equals, reason, ..] if equals.is_mark('=') => {
            matches!(&reason.kind, Kind::Text(words) if !words.trim().is_empty())
        }
        _ => false,
    }
}

/// Uses of the keyword that gives up the compiler's guarantees.
#[must_use]
pub(crate) fn not_safe(source: &Source) -> Vec<Violation> {
    match token::read(source) {
        Err(violation) => vec![violation],
        Ok(tokens) => tokens
            .iter()
            .filter(|token| token.name() == Some("unsafe"))
            .map(|token| source.violation(token.line, "`unsafe` has no place here"))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(text: &str) -> Source {
        Source::planted("a.rs", text)
    }

    #[test]
    fn work_with_an_issue_and_other_words_are_fine() {
        let [word, ..] = UNDONE;
        assert!(unfinished(&planted(&format!("// {word}(#12): measure this"))).is_empty());
        assert!(unfinished(&planted(&format!("const A{word}S: u8 = 1; // {word}_S"))).is_empty());
        assert!(unfinished(&planted("// to do so, mend that; a todo list")).is_empty());
    }

    #[test]
    fn work_without_an_issue_is_seen() {
        for word in UNDONE {
            let text = format!("//! Text.\n// {word}: measure this #soon\n");
            let found: Vec<_> = unfinished(&planted(&text))
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(
                found,
                ["a.rs:2: left undone: finish it, or name its issue as #12"],
                "{word}"
            );
            assert_eq!(
                unfinished(&planted(&format!("fn f() {{ {word}() }}"))).len(),
                1,
                "{word}"
            );
        }
    }

    #[test]
    fn a_test_ignored_for_a_reason_is_fine() {
        assert!(ignored(&planted("#[test]\n#[ignore = \"takes an hour\"]\nfn f() {}")).is_empty());
        assert!(ignored(&planted("#[cfg_attr(miri, ignore = \"no clock\")]\nfn f() {}")).is_empty());
        assert!(
            ignored(&planted(
                "// #[ignore]\nfn f(a: &[u8], ignore: bool) { g(a, ignore); }"
            ))
            .is_empty()
        );
        assert!(ignored(&planted("#[cfg_attr(miri, x)]\nfn f() { g(a, ignore); }")).is_empty());
    }

    #[test]
    fn a_test_ignored_without_a_reason_is_seen() {
        for text in [
            "#[test]\n#[ignore]\nfn f() {}",
            "#[test]\n#[ignore = \" \"]\nfn f() {}",
            "#[cfg_attr(miri, ignore)]\nfn f() {}",
            "mod m { #[ignore] fn f() {} }",
        ] {
            assert_eq!(ignored(&planted(text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_word_alone_is_fine() {
        assert!(
            not_safe(&planted(
                "//! No unsafe.\n#![forbid(unsafe_code)]\nconst A: &str = \"unsafe\";"
            ))
            .is_empty()
        );
    }

    #[test]
    fn each_use_of_the_keyword_is_seen() {
        for text in [
            "fn f() { unsafe { g() } }",
            "unsafe fn f() {}",
            "unsafe impl A for B {}",
            "macro_rules! m { () => { unsafe { g() } } }",
            "#[unsafe(no_mangle)] fn f() {}",
        ] {
            assert_eq!(not_safe(&planted(text)).len(), 1, "{text}");
        }
    }
}
