//! The guardian's pages, in process: a real hub and store, browsers without a network, a clock that stands.
//!
//! Every answer of every test is judged: headers, form, language, and that no identity number is told. Every
//! permission has its denial beside it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail as the test does"
)]

#[path = "web/answering.rs"]
mod answering;
#[path = "web/browser.rs"]
mod browser;
#[path = "web/development.rs"]
mod development;
#[path = "web/form.rs"]
mod form;
#[path = "web/leaving.rs"]
mod leaving;
#[path = "web/pages.rs"]
mod pages;
#[path = "web/reading.rs"]
mod reading;
#[path = "web/refusing.rs"]
mod refusing;
#[path = "web/standing.rs"]
mod standing;
#[path = "web/world.rs"]
mod world;
