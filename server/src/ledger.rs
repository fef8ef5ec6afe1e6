//! The hub's side of the ledger: what an entry says, how it becomes a leaf, and its place in the log.
//!
//! Encoding, hashing and proofs are `samrum_proto::ledger`'s; storage is the store's.

mod details;
mod entry;
pub mod sequencer;

pub use details::{
    ActingRecord, By, ConsentStep, ConsentVersionRecord, Details, Event, Matter, ReasonRecord, Search,
    VerdictRecord,
};
pub use entry::{Concerned, EntryError, new_entry, ticket};
