//! What runs at a unit: its keys, sealing and opening, sending, the inbox, and checking the hub's promises.
//!
//! A library for records systems, and the `samrum` command on top of it ([`command`]). Rules live in `consent`,
//! formats in `proto`, sentences in `ui`. Private keys never leave this crate's machine.

pub mod call;
pub mod client;
pub mod clock;
pub mod command;
pub mod error;
pub mod keyring;
pub mod outbox;
pub mod pin;
pub mod profile;
pub mod storage;
pub mod ticket;
pub mod transport;
pub mod view;

pub use client::{Client, Surroundings};
pub use error::{Error, Exit, Result};
pub use profile::Profile;
