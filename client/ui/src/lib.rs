//! What people read: sentences in Swedish and English, the statement a guardian signs, and the stylesheet.
//!
//! Used by the command line, the pages and the server's `LocalizedMessage`. Sentences are Fluent files in
//! `words/`, one folder per language, one file per use. What is decided, and its codes, is `consent`'s.
//! Source: Project Fluent syntax 1.0; WCAG 2.2 for the stylesheet.

mod date;
mod language;
mod provision;
mod reason;
mod receipt;
mod statement;
mod stylesheet;
mod vocabulary;
mod words;

pub use date::{beginning, day, day_through, ending, moment, period};
pub use language::{Language, UnknownLanguage};
pub use provision::{ProvisionWords, provision};
pub use reason::{reason_sentence, remedy_sentence};
pub use receipt::{
    ReceiptFacts, ReceiptSignatory, consent_receipt, receipt_capacity, receipt_method, receipt_termination,
};
pub use statement::{STATEMENT_VERSION, StatementFacts, consent_statement};
pub use stylesheet::STYLESHEET;
pub use vocabulary::{
    act, category, consent_state, delivery_state, direction, holder, kind, purpose, sector,
};
pub use words::text;
