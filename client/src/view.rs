//! What the hub answers, read once: typed, and with the one JSON shape that `--json` shows.
//!
//! Ids and times are text in JSON, words are their plain codes, absent parts are `null`. Sentences and names that
//! an answer does not carry are filled in by the command.

mod audit;
mod consent;
mod decision;
mod directory;
mod document;
mod exchange;
mod fact;
mod individual;
mod provision;

use std::fmt::Display;

use jiff::Timestamp;
use samrum_proto::convert::{self, Problem, Result};
use serde::{Serialize, Serializer};

pub use audit::Disclosure;
pub use consent::{Consent, Exclusions, Scope, Signatory};
pub use decision::{Advice, ConsentVersion, Decision, Ground, Reason, Verdict};
pub use directory::{Authority, KeyList, Unit, UnitKey};
pub use document::{Content, NamedBasis, OpenedDocument, Reply, Summons};
pub use exchange::{Delivery, InboxItem, ReportAlarm, Sent};
pub use fact::{Fact, FactUsed, Finding, RecordedFact};
pub use individual::Individual;
pub use provision::{Provision, ProvisionText};

/// A value as its text.
pub(crate) fn text<T: Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> core::result::Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// A value as its text, or nothing.
pub(crate) fn optional<T: Display, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> core::result::Result<S::Ok, S::Error> {
    value.as_ref().map(ToString::to_string).serialize(serializer)
}

/// Values as their texts.
pub(crate) fn texts<T: Display, S: Serializer>(
    values: &[T],
    serializer: S,
) -> core::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(ToString::to_string))
}

/// The plain word of a wire enum's value: its name without the enum's prefix. Unspecified is no word.
fn word(field: &'static str, name: Option<&'static str>, prefix: &str) -> Result<&'static str> {
    optional_word(name, prefix)
        .ok_or_else(|| Problem::Other("holds a value that this version does not know").of(field))
}

/// Like [`word`], where unspecified means that there is none.
fn optional_word(name: Option<&'static str>, prefix: &str) -> Option<&'static str> {
    name.and_then(|name| name.strip_prefix(prefix))
        .filter(|word| *word != "UNSPECIFIED")
}

/// Ids of which there may be none.
fn ids<T>(field: &'static str, list: &[Vec<u8>]) -> Result<Vec<T>>
where
    T: for<'a> TryFrom<&'a [u8], Error = samrum_consent::id::InvalidId>,
{
    list.iter().map(|bytes| convert::id(field, bytes)).collect()
}

/// An id that may be absent.
fn optional_id<T>(field: &'static str, bytes: &[u8]) -> Result<Option<T>>
where
    T: for<'a> TryFrom<&'a [u8], Error = samrum_consent::id::InvalidId>,
{
    if bytes.is_empty() {
        Ok(None)
    } else {
        convert::id(field, bytes).map(Some)
    }
}

/// A time that may be absent.
fn optional_time(field: &'static str, time: Option<&prost_types::Timestamp>) -> Result<Option<Timestamp>> {
    time.map(|time| convert::time(field, Some(time))).transpose()
}

/// Words of a vocabulary of which there may be none.
fn words<T>(
    field: &'static str,
    numbers: &[i32],
    from: impl Fn(i32) -> core::result::Result<T, samrum_consent::vocabulary::UnknownWord>,
) -> Result<Vec<T>> {
    numbers
        .iter()
        .map(|number| convert::word(field, *number, &from))
        .collect()
}

/// A word that may be absent: 0 on the wire.
fn optional_number<T>(
    field: &'static str,
    number: i32,
    from: impl Fn(i32) -> core::result::Result<T, samrum_consent::vocabulary::UnknownWord>,
) -> Result<Option<T>> {
    if number == 0 {
        Ok(None)
    } else {
        convert::word(field, number, from).map(Some)
    }
}

/// A message that must be there.
fn required<'a, T>(field: &'static str, message: Option<&'a T>) -> Result<&'a T> {
    message.ok_or_else(|| Problem::Missing.of(field))
}

#[cfg(test)]
mod tests;
