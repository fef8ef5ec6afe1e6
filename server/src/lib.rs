//! The Samrum hub: it admits, holds, releases and proves.
//!
//! `grpc, web → service → {consent, ledger, store}`; nothing points back. See ARCHITECTURE.md.

pub mod app;
pub mod config;
mod grpc;
mod jobs;
pub mod ledger;
pub mod service;
pub mod store;
pub mod transport;
pub mod web;
