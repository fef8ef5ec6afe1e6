//! The harness of the tests that need a whole hub: real TLS on loopback, real certificates, a real store.
//!
//! [`TestHub`] is a hub in this process or its own; [`Party`] is a unit, auditor or operator that talks to it
//! through the generated clients; [`Desk`] a unit that uses the product's own client; [`Story`] brings a child, two
//! guardians and a consent to where a test begins. [`load`] is what the programs share that measure how fast all that
//! goes.

mod asking;
mod browser;
mod census;
mod chance;
mod channel;
mod desk;
mod hub;
mod letter;
pub mod load;
pub mod lossy;
pub mod method;
mod oversize;
mod party;
mod postgres;
mod program;
mod receipt;
pub mod simulation;
mod status;
mod story;
mod world;

pub use asking::Question;
pub use browser::Browser;
pub use census::{Census, Occupied, contains, entry_details, entry_people, execute, stored_bytes, unplaced};
pub use chance::Chance;
pub use channel::Calls;
pub use desk::Desk;
pub use hub::{Stranger, TestHub};
pub use letter::Letter;
pub use party::{Party, new_id, now, now_us, signing_key};
pub use postgres::Cluster;
pub use program::judged_by;
pub use receipt::{checkpoint, receipt};
pub use status::{Seen, assert_fails, assert_hidden, reason, refusal};
pub use story::{CHILD, GUARDIANS, Story, YOUTH, ago, invented_number, invented_number_born, person};
