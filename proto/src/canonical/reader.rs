//! Reading canonical bytes: total, never panics, allocates no more than the input's size.

use super::writer::{ascending, count_within, text_within, time_in_range};
use super::{Limits, Malformed};

/// Reads fields in order.
#[derive(Debug)]
pub struct Reader<'a> {
    name: &'static str,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Begins with the version byte.
    ///
    /// # Errors
    /// [`Malformed`] when it is missing or another than expected.
    pub fn new(name: &'static str, version: u8, bytes: &'a [u8]) -> Result<Self, Malformed> {
        match bytes.split_first() {
            None => Err(Malformed::Truncated { field: name }),
            Some((found, rest)) if *found == version => Ok(Self { name, rest }),
            Some((found, _)) => Err(Malformed::UnknownVersion {
                name,
                expected: version,
                found: *found,
            }),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Malformed::TrailingBytes`] when something is left.
    pub fn finish(self) -> Result<(), Malformed> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Malformed::TrailingBytes {
                name: self.name,
                count: self.rest.len(),
            })
        }
    }

    /// A field of any length.
    ///
    /// # Errors
    /// [`Malformed::Truncated`] when the bytes end before it does.
    pub fn bytes(&mut self, field: &'static str) -> Result<&'a [u8], Malformed> {
        let length = self.count(field)?;
        let (value, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(Malformed::Truncated { field })?;
        self.rest = rest;
        Ok(value)
    }

    /// A field of fixed width.
    ///
    /// # Errors
    /// [`Malformed`] when it is cut short or has another width.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Malformed> {
        fixed(field, self.bytes(field)?)
    }

    /// A field of fixed width, empty when absent.
    ///
    /// # Errors
    /// As [`Reader::array`].
    pub fn optional<const N: usize>(&mut self, field: &'static str) -> Result<Option<[u8; N]>, Malformed> {
        match self.bytes(field)? {
            [] => Ok(None),
            value => fixed(field, value).map(Some),
        }
    }

    /// One byte, read through the field's vocabulary.
    ///
    /// # Errors
    /// [`Malformed::UnknownNumber`] when the vocabulary does not hold it.
    pub fn number<T, E>(
        &mut self,
        field: &'static str,
        from_number: impl Fn(i32) -> Result<T, E>,
    ) -> Result<T, Malformed> {
        let [number] = self.array(field)?;
        from_number(i32::from(number)).map_err(|_| Malformed::UnknownNumber {
            field,
            number: u64::from(number),
        })
    }

    /// A time in microseconds since the epoch.
    ///
    /// # Errors
    /// [`Malformed::OutOfRange`] before the epoch or after [`super::MAX_TIME_US`].
    pub fn time(&mut self, field: &'static str) -> Result<i64, Malformed> {
        time_in_range(field, i64::from_be_bytes(self.array(field)?))
    }

    /// A text of several lines, limits in characters.
    ///
    /// # Errors
    /// [`Malformed`] when not UTF-8, too short, too long, or holding control characters other than line feeds.
    pub fn text(&mut self, field: &'static str, limits: Limits) -> Result<String, Malformed> {
        self.characters(field, limits, |character| character == '\n')
    }

    /// A text of one line, limits in characters.
    ///
    /// # Errors
    /// [`Malformed`] when not UTF-8, too short, too long, or holding control characters.
    pub fn line(&mut self, field: &'static str, limits: Limits) -> Result<String, Malformed> {
        self.characters(field, limits, |_| false)
    }

    /// A set of elements of fixed width, strictly ascending.
    ///
    /// # Errors
    /// [`Malformed`] when too few, too many, out of order, repeated, or of another width.
    pub fn set<const N: usize>(
        &mut self,
        field: &'static str,
        limits: Limits,
    ) -> Result<Vec<[u8; N]>, Malformed> {
        let mut list = Reader {
            name: field,
            rest: self.bytes(field)?,
        };
        let count = list.count(field)?;
        count_within(field, limits, count)?;
        let elements = (0..count)
            .map(|_| list.array(field))
            .collect::<Result<Vec<_>, _>>()?;
        list.finish()?;
        ascending(field, &elements)?;
        Ok(elements)
    }

    fn characters(
        &mut self,
        field: &'static str,
        limits: Limits,
        permitted: impl Fn(char) -> bool,
    ) -> Result<String, Malformed> {
        let text = core::str::from_utf8(self.bytes(field)?).map_err(|_| Malformed::NotUtf8 { field })?;
        text_within(field, limits, text, permitted)?;
        Ok(text.to_owned())
    }

    fn count(&mut self, field: &'static str) -> Result<usize, Malformed> {
        let (count, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(Malformed::Truncated { field })?;
        self.rest = rest;
        // On a machine with 16-bit addresses the count may not fit: then the bytes cannot be there either.
        usize::try_from(u32::from_be_bytes(*count)).map_err(|_| Malformed::Truncated { field })
    }
}

fn fixed<const N: usize>(field: &'static str, value: &[u8]) -> Result<[u8; N], Malformed> {
    value.try_into().map_err(|_| Malformed::WrongLength {
        field,
        expected: N,
        found: value.len(),
    })
}
