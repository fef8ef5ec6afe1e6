//! The guardian's pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use samrum_consent::identity_number::IdentityNumber;

use crate::service::Hub;

/// Where and for whom the pages are served.
pub(crate) struct Site {
    /// Origin under which browsers reach the pages, without a trailing slash.
    pub(crate) origin: String,
    /// Invented people who may log in by a link; only in development.
    pub(crate) development_people: Option<BTreeMap<String, IdentityNumber>>,
}

/// Every page.
pub(crate) fn router(_hub: Arc<Hub>, _site: Site) -> axum::Router {
    axum::Router::new()
}
