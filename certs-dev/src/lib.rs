//! Certificates and the invented world for development, demonstration and tests.
//!
//! An authority whose certificates nobody can mistake for real ones, and the organisations, authorities and
//! units of the demo with their fixed ids. Nothing here is meant for real use, and nothing here is read by a
//! hub in production: it refuses this authority. No clock is read; keys come from the system's randomness.

mod authority;
mod file;
mod role;
mod validity;
pub mod world;

pub use authority::{
    ClientNames, DEVELOPMENT_AUTHORITY_NAME, DEVELOPMENT_AUTHORITY_ORGANISATION, DevelopmentAuthority,
    IssueError, Issued, PrivateKey,
};
pub use file::{Collection, Existing, WriteError};
pub use role::Role;
pub use validity::{InvalidValidity, Validity};
