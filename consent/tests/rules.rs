//! The rules proven from outside, as a lawyer and an attacker would want: one small world, every reason with
//! its permit twin, properties over arbitrary situations, and time to the second.
//!
//! What one type promises by itself (scope, consent, guardian) is proven beside that type.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what helps a test fails as a test does"
)]

mod arbitrary;
mod oracle;
mod properties;
mod time;
mod twins;
mod world;
