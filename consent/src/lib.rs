//! The law as pure rules: who must sign, what a consent covers, what a provision carries, and why not.
//!
//! Nothing here reads a clock, a database, a network or randomness: every fact is an argument, so asking
//! and replaying use the same functions. Reason codes live here. What does not: wire formats (`proto`),
//! storage and transactions (`server`), sentences for people (`client/ui`).

pub mod calendar;
pub mod consent;
pub mod decide;
pub mod fact;
pub mod guardian;
pub mod hsa_id;
pub mod id;
pub mod identity_number;
pub mod law;
pub mod organisation_number;
pub mod reason;
pub mod reserve_number;
pub mod scope;
pub mod vocabulary;
