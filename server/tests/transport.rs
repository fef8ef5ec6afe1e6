//! The hub's door, over real TLS on loopback: who is let in, as whom, and who is turned away and why.
//!
//! Certificates come from the development authority's programs, which share no code with the reading under
//! test. All clocks stand still. Nothing sleeps: a test waits for a connection, a closed socket or a log
//! line, and fails if the watchdog ends it. Every admission has its refusal beside it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail as the test does"
)]

#[path = "transport/crowd.rs"]
mod crowd;
#[path = "transport/hub.rs"]
mod hub;
#[path = "transport/identity.rs"]
mod identity;
#[path = "transport/log.rs"]
mod log;
#[path = "transport/peer.rs"]
mod peer;
#[path = "transport/quic.rs"]
mod quic;
#[path = "transport/revocation.rs"]
mod revocation;
#[path = "transport/serving.rs"]
mod serving;
#[path = "transport/setup.rs"]
mod setup;
#[path = "transport/verification.rs"]
mod verification;
