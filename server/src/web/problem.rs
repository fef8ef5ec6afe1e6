//! What can go wrong for a visitor, each with a page in their language that says what to do.
//!
//! Sorted by whose doing it is. What is not theirs and what does not exist are one and the same answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;

use super::Pages;
use super::frame::{Frame, show};
use super::session::{SESSION_COOKIE, kept};
use super::visit::Visit;
use crate::service::ServiceError;

/// Why a page is not what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// No such page, or not for this visitor.
    NotFound,
    /// The page does not take this method.
    WrongMethod,
    /// No session, or one that has ended.
    LoggedOut,
    /// The form did not come from our own page in this session.
    Forged,
    /// The form cannot be read.
    Unreadable,
    /// The form is larger than any of ours.
    TooLarge,
    /// What was asked for changed after the page was shown.
    Changed,
    /// The consent has ended.
    Ended,
    /// This person's answer is not asked for any more.
    NotAsked,
    /// The database does not answer.
    Unavailable,
    /// It took longer than a page may.
    TookTooLong,
    /// Our bug.
    Broken,
}

impl Problem {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::LoggedOut | Self::Forged => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Changed | Self::Ended | Self::NotAsked => StatusCode::CONFLICT,
            Self::Unavailable | Self::TookTooLong => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The ids of its heading and its text.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound | Self::WrongMethod => {
                ("page-problem-not-found-title", "page-problem-not-found-text")
            }
            Self::LoggedOut => ("page-problem-logged-out-title", "page-problem-logged-out-text"),
            Self::Forged => ("page-problem-forged-title", "page-problem-forged-text"),
            Self::Unreadable => ("page-problem-unreadable-title", "page-problem-unreadable-text"),
            Self::TooLarge => ("page-problem-too-large-title", "page-problem-too-large-text"),
            Self::Changed => ("page-problem-changed-title", "page-problem-changed-text"),
            Self::Ended => ("page-problem-ended-title", "page-problem-ended-text"),
            Self::NotAsked => ("page-problem-not-asked-title", "page-problem-not-asked-text"),
            Self::Unavailable | Self::TookTooLong => {
                ("page-problem-unavailable-title", "page-problem-unavailable-text")
            }
            Self::Broken => ("page-problem-broken-title", "page-problem-broken-text"),
        }
    }

    /// Whether it is certain that what was sent has changed nothing.
    const fn is_refusal(self) -> bool {
        !matches!(self, Self::Unavailable | Self::TookTooLong | Self::Broken)
    }

    /// Where to go from here, and the name of the link's words.
    fn way_on(self, frame: &Frame) -> (String, &'static str) {
        match self {
            Self::Changed | Self::Ended | Self::NotAsked | Self::Forged if frame.is_signed_in => {
                (frame.here.clone(), "page-problem-read-again")
            }
            _ if frame.is_signed_in => ("/consents".to_owned(), "page-problem-to-consents"),
            _ => ("/".to_owned(), "page-problem-to-start"),
        }
    }
}

impl IntoResponse for Problem {
    /// A mark that `visit::present` turns into the page.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Every failure of the service, as the visitor may know it. Exhaustive: a new one must be placed here.
impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        use samrum_consent::consent::InvalidTransition;
        match error {
            ServiceError::NotFound => Self::NotFound,
            ServiceError::LostRace => Self::Changed,
            ServiceError::Transition(InvalidTransition::Ended) => Self::Ended,
            ServiceError::Transition(InvalidTransition::AlreadySigned) => Self::Changed,
            ServiceError::Transition(
                InvalidTransition::NoSuchSignatory
                | InvalidTransition::TooMany
                | InvalidTransition::NotYet
                | InvalidTransition::NothingLess
                | InvalidTransition::NarrowedTooOften,
            )
            | ServiceError::StateConflict(_) => Self::NotAsked,
            ServiceError::Unavailable(error) => {
                tracing::error!(%error, "a page found the database unavailable");
                Self::Unavailable
            }
            ServiceError::Busy => Self::Unavailable,
            error @ (ServiceError::Transition(InvalidTransition::Scope(_))
            | ServiceError::Refused { .. }
            | ServiceError::InvalidField(_)
            | ServiceError::RoleNotAllowed { .. }
            | ServiceError::ActingInvalid { .. }
            | ServiceError::IdReused
            | ServiceError::KeyStale { .. }
            | ServiceError::KeyNotInForce { .. }
            | ServiceError::KeyUnknown { .. }
            | ServiceError::SignatureInvalid { .. }
            | ServiceError::SenderMismatch
            | ServiceError::BodyMismatch
            | ServiceError::Envelope(_)
            | ServiceError::LimitExceeded { .. }
            | ServiceError::TooManyStreams { .. }
            | ServiceError::TooManySends { .. }
            | ServiceError::RecipientUnknown { .. }
            | ServiceError::NotYetSequenced
            | ServiceError::Damaged { .. }
            | ServiceError::Internal(_)) => {
                tracing::error!(%error, "a page could not be made");
                Self::Broken
            }
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    words: (&'static str, &'static str),
    is_refused_answer: bool,
    link: String,
    link_words: &'static str,
}

/// The page that tells of it.
pub(super) fn problem_page(problem: Problem, visit: &Visit, pages: &Pages) -> Response {
    let is_out = problem == Problem::LoggedOut;
    let frame = if is_out {
        Frame::outside(visit)
    } else {
        Frame::of(visit)
    };
    let (link, link_words) = problem.way_on(&frame);
    let page = ProblemPage {
        frame,
        words: problem.words(),
        is_refused_answer: visit.is_answer && problem.is_refusal(),
        link,
        link_words,
    };
    // Where even this page cannot be written the bare status must do.
    let page = show(&page).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    let mut response = (problem.status(), page).into_response();
    if is_out && visit.session.is_some() {
        let gone = without_session(CookieJar::new(), pages);
        response = (gone, response).into_response();
    }
    response
}

/// The jar that takes the session's cookie away.
pub(super) fn without_session(jar: CookieJar, pages: &Pages) -> CookieJar {
    let mut gone = kept(Cookie::new(SESSION_COOKIE, ""), pages.is_secure());
    gone.make_removal();
    jar.add(gone)
}
