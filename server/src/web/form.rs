//! Forms that came from our own pages: in size, from this origin, with the session's token.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Pages;
use super::problem::Problem;
use super::visit::Visit;

/// A form's fields, among them its token.
pub(super) trait Fields: DeserializeOwned {
    /// The token, or empty.
    fn token(&self) -> &str;
}

/// A form that our own page sent, in the session that the page was shown in. Before login there is no session
/// to guard: then the origin alone is judged.
pub(super) struct Posted<T>(pub(super) T);

impl<T: Fields> FromRequest<Pages> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, pages).await?;
        if visit.is_foreign {
            return Err(Problem::Forged);
        }
        let request = Request::from_parts(parts, body);
        let Form(fields) = Form::<T>::from_request(request, pages)
            .await
            .map_err(|rejection| unreadable(&rejection))?;
        match visit.session {
            Some(session) if !session.accepts(fields.token()) => Err(Problem::Forged),
            _ => Ok(Self(fields)),
        }
    }
}

fn unreadable(rejection: &FormRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::TooLarge
    } else {
        Problem::Unreadable
    }
}

/// A form whose button says it all.
#[derive(Deserialize)]
pub(super) struct Button {
    #[serde(default)]
    token: String,
}

impl Fields for Button {
    fn token(&self) -> &str {
        &self.token
    }
}

/// A yes to the statement as it was shown.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    token: String,
    /// The language of the statement shown.
    pub(super) language: String,
    /// SHA-256 of the statement shown, in hexadecimal. Never evidence: it is compared with what is shown now.
    pub(super) statement: String,
}

impl Fields for Answer {
    fn token(&self) -> &str {
        &self.token
    }
}

/// A choice of language.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    token: String,
    /// Its code.
    pub(super) language: String,
    /// The page to come back to.
    #[serde(default)]
    pub(super) here: String,
}

impl Fields for Choice {
    fn token(&self) -> &str {
        &self.token
    }
}
