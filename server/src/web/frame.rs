//! What surrounds every page: language, navigation, and the token of its forms.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use samrum_ui::{Language, text};

use super::problem::Problem;
use super::visit::Visit;

/// The surroundings of a page, for the templates.
pub(super) struct Frame {
    /// The page's language.
    pub(super) language: Language,
    /// The token of its forms; empty without a session.
    pub(super) token: String,
    /// The page to come back to.
    pub(super) here: String,
    /// Whether a session is open.
    pub(super) is_signed_in: bool,
}

impl Frame {
    /// The surroundings for this visitor.
    pub(super) fn of(visit: &Visit) -> Self {
        Self {
            language: visit.language,
            token: visit
                .session
                .as_ref()
                .map(|session| session.form_token())
                .unwrap_or_default(),
            here: visit.here.clone(),
            is_signed_in: visit.session.is_some(),
        }
    }

    /// The same without a session.
    pub(super) fn outside(visit: &Visit) -> Self {
        Self {
            token: String::new(),
            is_signed_in: false,
            ..Self::of(visit)
        }
    }

    /// A sentence of the pages.
    pub(super) fn say(&self, id: &str) -> String {
        text(id, &[], self.language)
    }

    /// A sentence with one argument.
    pub(super) fn say_with(&self, id: &str, name: &str, value: impl ToString) -> String {
        text(id, &[(name, value.to_string())], self.language)
    }

    /// The other languages.
    pub(super) fn other_languages(&self) -> impl Iterator<Item = &'static Language> {
        let current = self.language;
        Language::ALL.iter().filter(move |language| **language != current)
    }
}

/// Renders a page.
///
/// # Errors
/// [`Problem::Broken`] when the template fails, which is our bug.
pub(super) fn show(page: &impl Template) -> Result<Response, Problem> {
    match page.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            Err(Problem::Broken)
        }
    }
}
