//! Words of the domain's vocabularies as arguments: any case, `-` for `_`, completed by the shell.

use std::ffi::OsStr;
use std::marker::PhantomData;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use samrum_consent::vocabulary::{Act, Category, Circumstance, Holder, Kind, Maturity, Purpose, Sector};

static STOCKHOLM: TimeZone = jiff::tz::get!("Europe/Stockholm");

/// A closed vocabulary.
pub(crate) trait Vocabulary: Copy + Send + Sync + 'static {
    /// Every word.
    const WORDS: &'static [Self];

    /// The word's code.
    fn code(self) -> &'static str;
}

macro_rules! vocabularies {
    ($($name:ident)*) => {$(
        impl Vocabulary for $name {
            const WORDS: &'static [Self] = Self::ALL;

            fn code(self) -> &'static str {
                Self::code(self)
            }
        }
    )*};
}

vocabularies! { Act Category Circumstance Holder Kind Maturity Purpose Sector }

/// Parses words of one vocabulary.
pub(crate) struct Word<T>(PhantomData<T>);

impl<T> Word<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for Word<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<T: Vocabulary> TypedValueParser for Word<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        let wanted = value.to_string_lossy().to_uppercase().replace('-', "_");
        if let Some(word) = T::WORDS.iter().copied().find(|word| word.code() == wanted) {
            return Ok(word);
        }
        let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
        let name = argument.map_or_else(|| "...".to_owned(), ToString::to_string);
        error.insert(ContextKind::InvalidArg, ContextValue::String(name));
        error.insert(
            ContextKind::InvalidValue,
            ContextValue::String(value.to_string_lossy().into_owned()),
        );
        let known = T::WORDS.iter().map(|word| word.code().to_owned()).collect();
        error.insert(ContextKind::ValidValue, ContextValue::Strings(known));
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(
            T::WORDS.iter().map(|word| PossibleValue::new(word.code())),
        ))
    }
}

/// Why an argument is no time.
const NO_TIME: &str = "write a date such as 2026-03-01 or a time such as 2026-03-01T08:00:00Z";

/// The first moment: a time, or a date's first moment in Stockholm.
pub(crate) fn from_moment(text: &str) -> Result<Timestamp, String> {
    moment(text, 0)
}

/// The first moment after: a time, or the end of a date in Stockholm.
pub(crate) fn until_moment(text: &str) -> Result<Timestamp, String> {
    moment(text, 1)
}

fn moment(text: &str, days_later: i64) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let date: Date = text.parse().map_err(|_| NO_TIME.to_owned())?;
    let date = date
        .checked_add(days_later.days())
        .map_err(|_| NO_TIME.to_owned())?;
    let start = STOCKHOLM.to_zoned(date.to_datetime(jiff::civil::Time::midnight()));
    start
        .map(|zoned| zoned.timestamp())
        .map_err(|_| NO_TIME.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Result<Kind, clap::Error> {
        Word::<Kind>::new().parse_ref(&clap::Command::new("samrum"), None, OsStr::new(value))
    }

    #[test]
    fn words_are_taken_in_any_case_and_with_hyphens() {
        for value in [
            "CONCERN_REPORT",
            "concern_report",
            "concern-report",
            "Concern-Report",
        ] {
            assert_eq!(parse(value).unwrap(), Kind::ConcernReport);
        }
        let error = parse("letter").unwrap_err().render().to_string();
        assert!(error.contains("letter") && error.contains("SUMMONS"), "{error}");
    }

    #[test]
    fn dates_are_whole_days_in_stockholm() {
        assert_eq!(
            from_moment("2026-03-01").unwrap().to_string(),
            "2026-02-28T23:00:00Z"
        );
        assert_eq!(
            until_moment("2026-03-01").unwrap().to_string(),
            "2026-03-01T23:00:00Z"
        );
        assert_eq!(
            until_moment("2026-03-29").unwrap().to_string(),
            "2026-03-29T22:00:00Z",
            "summer time"
        );
        assert_eq!(
            until_moment("2026-03-01T08:00:00Z").unwrap().to_string(),
            "2026-03-01T08:00:00Z"
        );
        assert!(from_moment("1 March").is_err());
    }
}
