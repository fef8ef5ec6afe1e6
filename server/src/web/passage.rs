//! Sentences in which the Swedish names of units are marked as Swedish, so that they are read aloud and
//! hyphenated as such on a page in another language.
//!
//! Source: WCAG 2.2, 3.1.2 (language of parts).

use std::fmt;

use askama::filters::{Escaper as _, Html, HtmlSafe};
use samrum_ui::{Language, text};

/// A sentence as HTML: text is escaped, names stand in a `span` of their language.
pub(super) struct Passage(Vec<Piece>);

struct Piece {
    text: String,
    is_name: bool,
}

impl Passage {
    /// The words with this id; one of the arguments is the name of a unit.
    pub(super) fn naming(
        id: &str,
        (argument, name): (&str, &str),
        others: &[(&str, String)],
        language: Language,
    ) -> Self {
        let mut arguments = others.to_vec();
        arguments.push((argument, name.to_owned()));
        Self::of(&text(id, &arguments, language), &[name], language)
    }

    /// Words that name no unit.
    pub(super) fn plain(words: &str) -> Self {
        Self(vec![Piece {
            text: words.to_owned(),
            is_name: false,
        }])
    }

    /// A text in which these names are marked wherever they stand. On a Swedish page nothing needs a mark.
    pub(super) fn of(whole: &str, names: &[&str], language: Language) -> Self {
        if language == Language::Swedish {
            return Self::plain(whole);
        }
        let mut pieces = Vec::new();
        let mut rest = whole;
        while let Some((before, name, after)) = first_name(rest, names) {
            for (text, is_name) in [(before, false), (name, true)] {
                let text = text.to_owned();
                pieces.push(Piece { text, is_name });
            }
            rest = after;
        }
        pieces.extend(Self::plain(rest).0);
        Self(pieces)
    }
}

/// The text before the first of the names, that name, and the text behind it; of two names that begin at the
/// same place the longer one.
fn first_name<'a>(text: &'a str, names: &[&str]) -> Option<(&'a str, &'a str, &'a str)> {
    let places = names.iter().filter(|name| !name.is_empty());
    let places = places.filter_map(|name| Some((text.find(name)?, name.len())));
    let (at, length) = places.min_by_key(|(at, length)| (*at, usize::MAX - length))?;
    let (before, from) = text.split_at_checked(at)?;
    let (name, after) = from.split_at_checked(length)?;
    Some((before, name, after))
}

impl fmt::Display for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            if piece.is_name {
                f.write_str("<span lang=\"sv\">")?;
                Html.write_escaped_str(&mut *f, &piece.text)?;
                f.write_str("</span>")?;
            } else {
                Html.write_escaped_str(&mut *f, &piece.text)?;
            }
        }
        Ok(())
    }
}

/// Escaped above, piece by piece.
impl HtmlSafe for Passage {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_marked_where_the_page_is_not_swedish() {
        let said = |language| Passage::of("a BUP; b BUP Exempelstad", &["BUP", "BUP Exempelstad"], language);
        assert_eq!(
            said(Language::English).to_string(),
            "a <span lang=\"sv\">BUP</span>; b <span lang=\"sv\">BUP Exempelstad</span>"
        );
        assert_eq!(said(Language::Swedish).to_string(), "a BUP; b BUP Exempelstad");
    }

    #[test]
    fn neither_words_nor_names_can_write_html() {
        for language in [Language::Swedish, Language::English] {
            let said = Passage::of("<i>x</i> & <b>BUP</b>", &["<b>BUP</b>", ""], language).to_string();
            assert!(!said.contains("<i>") && !said.contains("<b>"), "{said}");
            assert!(said.contains("&#60;b&#62;BUP&#60;/b&#62;"), "{said}");
        }
        assert_eq!(Passage::plain("å < ä").to_string(), "å &#60; ä");
    }
}
