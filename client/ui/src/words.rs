//! Sentences by id: Fluent files embedded in the program, one bundle per language.
//!
//! A missing id or argument is a mistake of ours that the tests find; in use the answer is then the id, never
//! a failure. No isolation marks are written: the texts are signed, logged and printed as they are.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::Language;

/// The files of one language: name for the tests, content.
type Files = [(&'static str, &'static str); 8];

macro_rules! files {
    ($language:literal) => {
        [
            ("cli", include_str!(concat!("../words/", $language, "/cli.ftl"))),
            (
                "error",
                include_str!(concat!("../words/", $language, "/error.ftl")),
            ),
            ("page", include_str!(concat!("../words/", $language, "/page.ftl"))),
            (
                "reason",
                include_str!(concat!("../words/", $language, "/reason.ftl")),
            ),
            (
                "receipt",
                include_str!(concat!("../words/", $language, "/receipt.ftl")),
            ),
            (
                "remedy",
                include_str!(concat!("../words/", $language, "/remedy.ftl")),
            ),
            (
                "statement",
                include_str!(concat!("../words/", $language, "/statement.ftl")),
            ),
            (
                "vocabulary",
                include_str!(concat!("../words/", $language, "/vocabulary.ftl")),
            ),
        ]
    };
}

static SWEDISH_FILES: Files = files!("sv");
static ENGLISH_FILES: Files = files!("en");

static SWEDISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Language::Swedish));
static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Language::English));

/// The sentence with this id.
///
/// **Shape**: plain text, without markup; arguments appear as given. A whole number of at most four digits
/// chooses plural forms. An id or argument that is missing gives the id.
#[must_use]
pub fn text(id: &str, arguments: &[(&str, String)], language: Language) -> String {
    lookup_text(id, arguments, language).unwrap_or_else(|| id.to_owned())
}

/// The same, or nothing when the id or one of its arguments is missing.
pub(crate) fn lookup_text(id: &str, arguments: &[(&str, String)], language: Language) -> Option<String> {
    let bundle = match language {
        Language::Swedish => &SWEDISH,
        Language::English => &ENGLISH,
    };
    let pattern = bundle.get_message(id)?.value()?;
    let mut values = FluentArgs::with_capacity(arguments.len());
    for (name, value) in arguments {
        values.set(*name, argument(value));
    }
    let mut errors = Vec::new();
    let sentence = bundle.format_pattern(pattern, Some(&values), &mut errors);
    errors.is_empty().then(|| sentence.into_owned())
}

/// A small whole number is one for plural forms; all else is text.
fn argument(value: &str) -> FluentValue<'_> {
    match value.parse::<u16>() {
        Ok(number) if number < 10_000 && number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

fn files(language: Language) -> &'static Files {
    match language {
        Language::Swedish => &SWEDISH_FILES,
        Language::English => &ENGLISH_FILES,
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    for (_, file) in files(language) {
        // What could be read is used, the first of two equal ids stays; that all can be read is tested.
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource(resource).unwrap_or_default();
    }
    bundle
}

#[cfg(test)]
mod tests;
