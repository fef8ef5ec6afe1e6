//! Wire ⇄ domain: every field parsed once, every failure naming its field.
//!
//! Wire enums use the numbers of `samrum_consent::vocabulary`, so a value is its number.

mod decision;
mod scope;

use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::id::InvalidId;
use samrum_consent::scope::InvalidScope;
use samrum_consent::vocabulary::UnknownWord;

pub use decision::{basis, reason_code};
pub use scope::{exclusions, scope_from_wire, scope_to_wire};

/// A field of a message that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct InvalidField {
    /// The field's name in the protocol.
    pub field: &'static str,
    /// What is wrong, and what is allowed.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is absent or empty.
    #[error("is required")]
    Missing,
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Not in the vocabulary.
    #[error(transparent)]
    Word(#[from] UnknownWord),
    /// Not a time.
    #[error("must be a time between the years 1 and 9999")]
    Time,
    /// A scope that cannot be.
    #[error(transparent)]
    Scope(#[from] InvalidScope),
    /// Too many, or too long.
    #[error("may hold at most {limit}")]
    TooLarge {
        /// The limit, in items or characters.
        limit: usize,
    },
    /// Of another length than it must be.
    #[error("must be {expected} bytes")]
    Length {
        /// The length it must have.
        expected: usize,
    },
    /// The same value twice.
    #[error("names the same value twice")]
    Twice,
    /// Something else, said in words.
    #[error("{0}")]
    Other(&'static str),
}

impl Problem {
    /// This problem in that field.
    #[must_use]
    pub const fn of(self, field: &'static str) -> InvalidField {
        InvalidField { field, problem: self }
    }
}

/// Shorthand for this module's results.
pub type Result<T> = core::result::Result<T, InvalidField>;

/// An identifier.
///
/// # Errors
/// When it is not 16 bytes.
pub fn id<T>(field: &'static str, bytes: &[u8]) -> Result<T>
where
    T: for<'a> TryFrom<&'a [u8], Error = InvalidId>,
{
    T::try_from(bytes).map_err(|error| Problem::from(error).of(field))
}

/// A list of identifiers, in the order given, none twice, at least one and at most `limit`.
///
/// # Errors
/// When it is empty, too long, holds one twice, or one is not 16 bytes.
pub fn ids<T>(field: &'static str, list: &[Vec<u8>], limit: usize) -> Result<Vec<T>>
where
    T: for<'a> TryFrom<&'a [u8], Error = InvalidId> + Ord + Copy,
{
    if list.is_empty() {
        return Err(Problem::Missing.of(field));
    }
    optional_ids(field, list, limit)
}

/// Like [`ids`], but may be empty.
///
/// # Errors
/// When it is too long, holds one twice, or one is not 16 bytes.
pub fn optional_ids<T>(field: &'static str, list: &[Vec<u8>], limit: usize) -> Result<Vec<T>>
where
    T: for<'a> TryFrom<&'a [u8], Error = InvalidId> + Ord + Copy,
{
    if list.len() > limit {
        return Err(Problem::TooLarge { limit }.of(field));
    }
    let ids = list
        .iter()
        .map(|bytes| id(field, bytes))
        .collect::<Result<Vec<T>>>()?;
    let distinct: BTreeSet<T> = ids.iter().copied().collect();
    if distinct.len() == ids.len() {
        Ok(ids)
    } else {
        Err(Problem::Twice.of(field))
    }
}

/// A word of a vocabulary by its number.
///
/// # Errors
/// When the number is 0 (unspecified) or unknown.
pub fn word<T>(
    field: &'static str,
    number: i32,
    from: impl Fn(i32) -> core::result::Result<T, UnknownWord>,
) -> Result<T> {
    from(number).map_err(|error| Problem::from(error).of(field))
}

/// A set of words, at least one.
///
/// # Errors
/// When it is empty, or a number is unspecified or unknown.
pub fn words<T: Ord>(
    field: &'static str,
    numbers: &[i32],
    from: impl Fn(i32) -> core::result::Result<T, UnknownWord>,
) -> Result<BTreeSet<T>> {
    if numbers.is_empty() {
        return Err(Problem::Missing.of(field));
    }
    numbers.iter().map(|number| word(field, *number, &from)).collect()
}

/// A required time.
///
/// # Errors
/// When it is absent or out of range.
pub fn time(field: &'static str, time: Option<&prost_types::Timestamp>) -> Result<Timestamp> {
    let time = time.ok_or_else(|| Problem::Missing.of(field))?;
    Timestamp::new(time.seconds, time.nanos).map_err(|_| Problem::Time.of(field))
}

/// A time on the wire.
#[must_use]
pub fn time_to_wire(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}

/// Bytes of a fixed length.
///
/// # Errors
/// When they have another.
pub fn array<const N: usize>(field: &'static str, bytes: &[u8]) -> Result<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| Problem::Length { expected: N }.of(field))
}

/// Characters that show nothing and can turn, join or hide what stands beside them: what is read must be
/// what is signed. Source: Unicode 16, general category Cf; UTS 39.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00ad}'
            | '\u{061c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Text that is not blank, at most `limit` characters, without control characters.
///
/// # Errors
/// When it is blank, too long or holds control characters.
pub fn text(field: &'static str, text: &str, limit: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Missing.of(field));
    }
    if text.chars().count() > limit {
        return Err(Problem::TooLarge { limit }.of(field));
    }
    if text
        .chars()
        .any(|character| character.is_control() || is_invisible(character))
    {
        return Err(Problem::Other("must not hold control characters or invisible ones").of(field));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_is_what_is_seen() {
        assert_eq!(text("name", " Alva  Exempel ", 120).unwrap(), "Alva  Exempel");
        for hidden in [
            "\u{202e}",
            "\u{200b}",
            "\u{2066}",
            "\u{00ad}",
            "\u{feff}",
            "\n",
            "\u{e0041}",
        ] {
            let refused = text("name", &format!("Alva{hidden}Exempel"), 120).unwrap_err();
            assert!(!refused.to_string().contains("Alva"), "{refused}");
        }
    }
}
