//! What one request says of its visitor: language, session, and whether another site sent it here.
//!
//! Also the outermost step of every page: the time limit, and problems turned into pages in that language.
//! Sources: RFC 9110 §12.5.4 (Accept-Language); Fetch §3.2 (Origin) and Fetch Metadata (Sec-Fetch-Site).

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use samrum_consent::id::PersonId;
use samrum_ui::Language;

use super::problem::{Problem, problem_page};
use super::session::{SESSION_COOKIE, SessionSecret};
use super::{Pages, REQUEST_TIMEOUT};
use crate::service::ServiceError;

/// The cookie that remembers a chosen language.
pub(super) const LANGUAGE_COOKIE: &str = "samrum-language";
/// How the addresses end that answers are sent to.
const ANSWERS: [&str; 3] = ["/sign", "/decline", "/revoke"];
/// Wishes read from `Accept-Language` at most.
const MAX_WISHES: usize = 16;

/// One request's visitor.
#[derive(Clone)]
pub(super) struct Visit {
    /// The language to answer in.
    pub(super) language: Language,
    /// The page to come back to: this one, or for a form's answer the page that the form stood on.
    pub(super) here: String,
    /// Whether the request is an answer to a consent: then a refusal says that it is not recorded.
    pub(super) is_answer: bool,
    /// What opens the session, where the browser has it. That it is valid is not known yet.
    pub(super) session: Option<Arc<SessionSecret>>,
    /// Whether the browser says that another site made this request.
    pub(super) is_foreign: bool,
}

impl Visit {
    fn of(request: &Request, pages: &Pages) -> Self {
        let cookies = CookieJar::from_headers(request.headers());
        let session = cookies
            .get(SESSION_COOKIE)
            .and_then(|cookie| SessionSecret::parse(cookie.value()));
        let chosen = cookies
            .get(LANGUAGE_COOKIE)
            .and_then(|cookie| cookie.value().parse().ok());
        Self {
            language: chosen.unwrap_or_else(|| wished(request.headers())),
            here: form_page(request.method(), request.uri().path()).to_owned(),
            is_answer: is_answer(request.method(), request.uri().path()),
            session: session.map(Arc::new),
            is_foreign: is_foreign(request.headers(), &pages.site.origin),
        }
    }
}

fn is_answer(method: &Method, path: &str) -> bool {
    *method == Method::POST && ANSWERS.iter().any(|ending| path.ends_with(ending))
}

/// The page that a request's form stood on.
fn form_page<'a>(method: &Method, path: &'a str) -> &'a str {
    if matches!(*method, Method::GET | Method::HEAD) {
        return path;
    }
    let page = ANSWERS.iter().find_map(|ending| path.strip_suffix(ending));
    page.unwrap_or("/")
}

/// The first language we have among those wished for, by weight; Swedish where none is.
fn wished(headers: &HeaderMap) -> Language {
    let Some(wishes) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return Language::default();
    };
    let mut best: Option<(f32, Language)> = None;
    for wish in wishes.split(',').take(MAX_WISHES) {
        let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
        // White space may stand around the semicolon, none around the sign; the name's case does not matter.
        let weight = weight.trim();
        let weight = weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="));
        let (Ok(language), Some(Ok(weight))) = (tag.trim().parse(), weight.map(str::parse::<f32>)) else {
            continue;
        };
        if weight > best.map_or(0.0, |(weight, _)| weight) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language).unwrap_or_default()
}

/// Whether the browser says that another site made this request. Under our own referrer policy browsers send
/// `Origin: null` with our own forms too; then `Sec-Fetch-Site` tells, and the form's token in any case.
fn is_foreign(headers: &HeaderMap, ours: &str) -> bool {
    let from_other_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none");
    let from_other_origin = headers
        .get(ORIGIN)
        .is_some_and(|origin| origin != ours && origin != "null");
    from_other_site || from_other_origin
}

/// Runs a page within its time and shows what went wrong as a page.
pub(super) async fn present(State(pages): State<Pages>, mut request: Request, next: Next) -> Response {
    let visit = Visit::of(&request, &pages);
    request.extensions_mut().insert(visit.clone());
    let mut response = match tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::TookTooLong.into_response(),
    };
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem_page(problem, &visit, &pages),
        None => response,
    }
}

impl FromRequestParts<Pages> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _pages: &Pages) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or(Problem::Broken)
    }
}

/// A visitor whose session is valid.
pub(super) struct SignedIn {
    /// The request's visitor.
    pub(super) visit: Visit,
    /// Who.
    pub(super) person: PersonId,
}

impl FromRequestParts<Pages> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, pages).await?;
        let secret = visit.session.as_deref().ok_or(Problem::LoggedOut)?;
        match pages.hub.person_of_session(secret.bytes()).await {
            Ok(person) => Ok(Self {
                person: person.id,
                visit,
            }),
            Err(ServiceError::NotFound) => Err(Problem::LoggedOut),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
