//! What both ends of Samrum must agree on to the byte: messages, envelope, ledger, signed statements.
//!
//! No IO and no decisions. Rules live in `consent`; storage and transport in `server` and `client`.

pub mod canonical;
pub mod convert;
pub mod document;
pub mod envelope;
pub mod ledger;
pub mod statement;
pub mod wire;
