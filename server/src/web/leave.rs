//! Ways out, and the choice of language.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use samrum_ui::Language;

use super::Pages;
use super::form::{Button, Choice, Posted};
use super::frame::{Frame, show};
use super::problem::{Problem, without_session};
use super::session::kept;
use super::visit::{LANGUAGE_COOKIE, Visit};

/// Bytes of an address to come back to at most.
const MAX_ADDRESS_BYTES: usize = 200;

/// Ends the session, where there is one, and takes its cookie away. A store that does not answer keeps nobody
/// here: the cookie goes, and the session ends by itself.
async fn end_session(visit: &Visit, pages: &Pages, jar: CookieJar) -> CookieJar {
    if let Some(secret) = &visit.session
        && let Err(error) = pages.hub.log_out(secret.bytes()).await
    {
        tracing::error!(%error, "a session that was left could not be ended; it ends by itself");
    }
    without_session(jar, pages)
}

/// The quick way out: ends the session and shows a page that tells nothing. It asks for no token, because it
/// must never fail in the one moment it is there for; another site cannot use it to log anybody out.
pub(super) async fn leave(State(pages): State<Pages>, visit: Visit, jar: CookieJar) -> Response {
    let away = Redirect::to("/left");
    if visit.is_foreign {
        away.into_response()
    } else {
        (end_session(&visit, &pages, jar).await, away).into_response()
    }
}

#[derive(Template)]
#[template(path = "left.html")]
struct LeftPage {
    frame: Frame,
}

/// The page that tells nothing.
pub(super) async fn left(visit: Visit) -> Result<Response, Problem> {
    let frame = Frame::outside(&visit);
    show(&LeftPage { frame })
}

/// Ends the session and goes to the start page.
pub(super) async fn logout(
    State(pages): State<Pages>,
    visit: Visit,
    jar: CookieJar,
    Posted(_): Posted<Button>,
) -> Response {
    (end_session(&visit, &pages, jar).await, Redirect::to("/")).into_response()
}

/// Remembers a language and comes back.
pub(super) async fn language(
    State(pages): State<Pages>,
    jar: CookieJar,
    Posted(choice): Posted<Choice>,
) -> Result<Response, Problem> {
    let language: Language = choice.language.parse().map_err(|_| Problem::Unreadable)?;
    let cookie = Cookie::build((LANGUAGE_COOKIE, language.code()))
        .permanent()
        .build();
    let jar = jar.add(kept(cookie, pages.is_secure()));
    let here = if is_local(&choice.here) { &choice.here } else { "/" };
    Ok((jar, Redirect::to(here)).into_response())
}

/// Whether an address is a plain path of this site: no other host, no query, nothing to be escaped.
fn is_local(address: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'/' | b'-');
    address.len() <= MAX_ADDRESS_BYTES
        && address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_of_this_site_are_come_back_to() {
        for local in [
            "/",
            "/consents",
            "/consents/0192f0c1-2a3b-7c4d-8e5f-60718293a4b5/revoke",
        ] {
            assert!(is_local(local), "{local}");
        }
        let long = format!("/{}", "a".repeat(MAX_ADDRESS_BYTES));
        for other in [
            "",
            "consents",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a?b",
            &long,
        ] {
            assert!(!is_local(other), "{other}");
        }
    }
}
