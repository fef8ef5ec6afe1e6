//! The guardian's pages: plain HTML that works without scripts. What is asked, yes, no, and taking it back.
//!
//! Here live routes, forms, cookies and headers. Who may see and do what is the service's; the words and the
//! stylesheet are `samrum_ui`'s. Sources: WCAG 2.2; RFC 6265bis (cookies); CSP Level 3; RFC 6454 (origin).

mod answer;
mod consents;
mod describe;
mod development;
mod form;
mod frame;
mod header;
mod leave;
mod passage;
mod problem;
mod receipt;
mod session;
mod signatory;
mod standing;
mod visit;

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use samrum_consent::identity_number::IdentityNumber;

use crate::service::Hub;
use problem::Problem;

/// Bytes of a form's body at most.
pub const MAX_FORM_BYTES: usize = 4 * 1024;
/// The longest a page may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Where and for whom the pages are served.
pub struct Site {
    /// Origin under which browsers reach the pages, without a trailing slash.
    pub origin: String,
    /// Invented people who may log in by a link; only in development.
    pub development_people: Option<BTreeMap<String, IdentityNumber>>,
}

/// What every page reaches.
#[derive(Clone)]
struct Pages {
    hub: Arc<Hub>,
    site: Arc<Site>,
}

/// Every page.
pub fn router(hub: Arc<Hub>, site: Site) -> Router {
    let pages = Pages {
        hub,
        site: Arc::new(site),
    };
    let mut router = Router::new()
        .route("/", get(consents::home))
        .route("/consents", get(consents::list))
        .route("/consents/{id}", get(consents::one))
        .route("/consents/{id}/sign", post(answer::sign))
        .route("/consents/{id}/decline", post(answer::decline))
        .route("/consents/{id}/receipt", get(receipt::receipt))
        .route(
            "/consents/{id}/revoke",
            get(answer::implications).post(answer::revoke),
        )
        .route("/language", post(leave::language))
        .route("/leave", post(leave::leave))
        .route("/left", get(leave::left))
        .route("/logout", post(leave::logout))
        .route("/style.css", get(header::stylesheet));
    if pages.site.development_people.is_some() {
        router = router.route(
            "/development/login/{label}",
            get(development::show_form).post(development::log_in),
        );
    }
    router
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::WrongMethod)
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(from_fn_with_state(pages.clone(), visit::present))
        .layer(from_fn(header::protect))
        .with_state(pages)
}

impl Pages {
    /// Whether browsers reach the pages by TLS, so that cookies may be for TLS only.
    fn is_secure(&self) -> bool {
        !self.site.origin.starts_with("http://")
    }
}
