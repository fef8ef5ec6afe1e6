//! The hub's side of the ledger: what an entry says, how it becomes a leaf, and its place in the log.
//!
//! Encoding, hashing and proofs are `samrum_proto::ledger`'s; storage is the store's.

pub mod check;
mod details;
mod entry;
pub mod sequencer;
mod verdict;

pub use details::{ActingRecord, By, ConsentStep, Details, Event, Matter, Search};
pub use entry::{Concerned, EntryError, new_entry, ticket};
pub use verdict::{ConsentVersionRecord, FactUsedRecord, ReasonRecord, VerdictRecord};
