//! A file as a flat row of tokens with their lines, and the paths named in it.
//!
//! Tokens rather than text, so that comments and strings deceive no rule; tokens rather than a syntax tree,
//! so that the insides of macros are seen like everything else. Documentation is left out.

use std::fmt;

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

use crate::source::{Source, Violation};

/// What a token is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Name(String),
    /// A punctuation character, or a bracket (`none` groups are dropped).
    Mark(char),
    /// A string, as written between its quotes.
    Text(String),
    /// A number, character or byte.
    Other,
}

/// A token and where it stands.
#[derive(Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Counted from 1.
    pub(crate) line: usize,
    /// How many inline modules it stands in.
    pub(crate) depth: usize,
}

impl Token {
    /// Whether this is that punctuation.
    #[must_use]
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    /// The name, if it is one.
    #[must_use]
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }
}

/// A path as named in a file, for instance `crate::store::Store`; one for each leaf of a use-tree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NamedPath {
    /// Its names from the first on. A glob is `*`.
    pub(crate) segments: Vec<String>,
    /// Where it begins.
    pub(crate) line: usize,
    /// How many inline modules it stands in.
    pub(crate) depth: usize,
}

impl fmt::Display for NamedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.segments.join("::"))
    }
}

/// The tokens of a file.
///
/// # Errors
/// A violation when the file is not Rust.
pub(crate) fn read(source: &Source) -> Result<Vec<Token>, Violation> {
    let stream: TokenStream = source
        .text
        .parse()
        .map_err(|_| source.violation(1, "cannot be read as Rust"))?;
    let mut tokens = Vec::new();
    flatten(stream, 0, &mut tokens);
    Ok(tokens)
}

fn flatten(stream: TokenStream, depth: usize, tokens: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    for (place, tree) in trees.iter().enumerate() {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Ident(name) => {
                tokens.push(Token {
                    kind: Kind::Name(name.to_string()),
                    line,
                    depth,
                });
            }
            TokenTree::Punct(mark) => tokens.push(Token {
                kind: Kind::Mark(mark.as_char()),
                line,
                depth,
            }),
            TokenTree::Literal(literal) => tokens.push(Token {
                kind: text(literal),
                line,
                depth,
            }),
            TokenTree::Group(group) if is_documentation(group) => {}
            TokenTree::Group(group) => {
                let inner = depth + usize::from(opens_module(&trees[..place], group));
                let (open, close) = brackets(group.delimiter());
                let end = group.span_close().start().line;
                tokens.extend(open.map(|mark| Token {
                    kind: Kind::Mark(mark),
                    line,
                    depth,
                }));
                flatten(group.stream(), inner, tokens);
                tokens.extend(close.map(|mark| Token {
                    kind: Kind::Mark(mark),
                    line: end,
                    depth,
                }));
            }
        }
    }
}

/// `[doc = "…"]`: what comments for documentation become.
fn is_documentation(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}

/// Whether the group is the body of `mod name { … }`.
fn opens_module(before: &[TokenTree], group: &Group) -> bool {
    group.delimiter() == Delimiter::Brace
        && matches!(before, [.., TokenTree::Ident(keyword), TokenTree::Ident(_)] if keyword == "mod")
}

fn brackets(delimiter: Delimiter) -> (Option<char>, Option<char>) {
    match delimiter {
        Delimiter::Parenthesis => (Some('('), Some(')')),
        Delimiter::Brace => (Some('{'), Some('}')),
        Delimiter::Bracket => (Some('['), Some(']')),
        Delimiter::None => (None, None),
    }
}

fn text(literal: &Literal) -> Kind {
    let written = literal.to_string();
    match (written.find('"'), written.rfind('"')) {
        (Some(open), Some(close)) if open < close => Kind::Text(written[open + 1..close].to_owned()),
        _ => Kind::Other,
    }
}

/// Every path with at least two names, and everything imported.
#[must_use]
pub(crate) fn paths(tokens: &[Token]) -> Vec<NamedPath> {
    let mut paths = Vec::new();
    let mut place = 0;
    while let Some(token) = tokens.get(place) {
        let next = place + 1;
        place = match token.name() {
            Some("use") => tree(
                tokens,
                next + 2 * usize::from(is_separator(tokens, next)),
                &[],
                &mut paths,
            ),
            Some(_) if is_separator(tokens, next) => tree(tokens, place, &[], &mut paths),
            _ => next,
        };
    }
    paths
}

fn is_separator(tokens: &[Token], place: usize) -> bool {
    matches!(tokens.get(place..place + 2), Some([first, second]) if first.is_mark(':') && second.is_mark(':'))
}

/// Reads one path or use-tree from its first name on; gives the place behind it.
fn tree(tokens: &[Token], start: usize, before: &[String], paths: &mut Vec<NamedPath>) -> usize {
    let mut segments = before.to_vec();
    let mut place = start;
    while let Some(token) = tokens.get(place) {
        match &token.kind {
            Kind::Name(name) => segments.push(name.clone()),
            Kind::Mark('*') => segments.push("*".to_owned()),
            Kind::Mark('{') => return branches(tokens, place, &segments, paths),
            _ => break,
        }
        place += 1;
        if !is_separator(tokens, place) {
            break;
        }
        place += 2;
    }
    if let Some(Token { line, depth, .. }) = tokens.get(start).filter(|_| place > start) {
        paths.push(NamedPath {
            segments,
            line: *line,
            depth: *depth,
        });
    }
    place
}

/// Reads `{a::b, c}` from its bracket on; gives the place behind it.
fn branches(tokens: &[Token], start: usize, before: &[String], paths: &mut Vec<NamedPath>) -> usize {
    let mut place = start + 1;
    while let Some(token) = tokens.get(place) {
        if token.is_mark('}') {
            return place + 1;
        }
        let begins = token.name().is_some() || token.is_mark('*') || token.is_mark('{');
        place = if begins {
            tree(tokens, place, before, paths)
        } else {
            place + 1
        };
        // A new name: `as name`.
        if tokens.get(place).and_then(Token::name) == Some("as") {
            place += 2;
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths_of(text: &str) -> Vec<String> {
        let tokens = read(&Source::planted("a.rs", text)).unwrap();
        paths(&tokens)
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect()
    }

    #[test]
    fn paths_are_seen_in_imports_expressions_types_and_macros() {
        assert_eq!(paths_of("use crate::a::B;"), ["crate::a::B"]);
        assert_eq!(paths_of("fn f(x: &a::B) { c::d(); }"), ["a::B", "c::d"]);
        assert_eq!(
            paths_of("fn f() { info!(x, \"{}\", crate::a::B); }"),
            ["crate::a::B"]
        );
        assert_eq!(paths_of("fn f() { <a::B as c::D>::e(); }"), ["a::B", "c::D"]);
        assert_eq!(paths_of("use ::a::B; use c;"), ["a::B", "c"]);
        assert_eq!(paths_of("impl a::B for super::C {}"), ["a::B", "super::C"]);
    }

    #[test]
    fn each_leaf_of_an_import_is_a_path() {
        let tree = "use a::{b, c::{D, E as F}, *}; use g as h;";
        assert_eq!(paths_of(tree), ["a::b", "a::c::D", "a::c::E", "a::*", "g"]);
        assert_eq!(
            paths_of("use {a::B, c::D}; use super::{super::e, self};"),
            ["a::B", "c::D", "super::super::e", "super::self"]
        );
    }

    #[test]
    fn a_captured_lifetime_is_no_import() {
        assert_eq!(
            paths_of("fn f<'a>() -> impl a::B + use<'a> { c::d() }"),
            ["a::B", "c::d"]
        );
    }

    #[test]
    fn comments_documentation_and_strings_hold_no_paths() {
        assert!(paths_of("//! a::b\n// a::b\n/* a::b */ /// a::b\nconst A: &str = \"a::b\";").is_empty());
    }

    #[test]
    fn lines_and_inline_modules_are_counted() {
        let tokens = read(&Source::planted(
            "a.rs",
            "fn f() {}\nmod m {\n    use super::B;\n}\n",
        ))
        .unwrap();
        let path = paths(&tokens).pop().unwrap();
        assert_eq!((path.line, path.depth), (3, 1));
    }

    #[test]
    fn strings_of_every_kind_are_read() {
        let tokens = read(&Source::planted(
            "a.rs",
            "f(\"a\", r#\"b \"c\"\"#, b\"d\", 'e', 1);",
        ))
        .unwrap();
        let texts = tokens.iter().filter_map(|token| match &token.kind {
            Kind::Text(text) => Some(text.as_str()),
            _ => None,
        });
        assert_eq!(texts.collect::<Vec<_>>(), ["a", "b \"c\"", "d"]);
    }

    #[test]
    fn what_is_not_rust_is_refused() {
        let error = read(&Source::planted("a.rs", "fn f( {")).unwrap_err();
        assert_eq!(error.to_string(), "a.rs:1: cannot be read as Rust");
    }
}
