//! The harness of the tests that need a whole hub: real TLS on loopback, real certificates, a real store.
//!
//! [`TestHub`] is a hub in this process; [`Party`] is a unit, auditor or operator that talks to it through
//! the generated clients; [`Story`] brings a child, two guardians and a consent to where a test begins.

mod channel;
mod hub;
mod party;
mod story;

pub use channel::{Presented, channel};
pub use hub::TestHub;
pub use party::{Letter, Party, method, new_id, now_us, reason, refusal};
pub use story::{CHILD, GUARDIANS, Story, ago, person};
