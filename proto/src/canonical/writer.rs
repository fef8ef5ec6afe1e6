//! Writing canonical bytes, under the same limits that reading applies.

use super::{Limits, MAX_TIME_US, Malformed};

/// Writes fields in order.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Begins with the version byte.
    #[must_use]
    pub fn new(version: u8) -> Self {
        Self { bytes: vec![version] }
    }

    /// The canonical bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// A field of any length.
    ///
    /// # Errors
    /// [`Malformed::TooLong`] beyond what a `u32` can count.
    pub fn bytes(&mut self, field: &'static str, value: &[u8]) -> Result<(), Malformed> {
        self.count(field, value.len())?;
        self.bytes.extend_from_slice(value);
        Ok(())
    }

    /// A field of fixed width: an id, a hash, an integer's big-endian bytes.
    ///
    /// # Errors
    /// As [`Writer::bytes`].
    pub fn array<const N: usize>(&mut self, field: &'static str, value: [u8; N]) -> Result<(), Malformed> {
        self.bytes(field, &value)
    }

    /// A field of fixed width, empty when absent.
    ///
    /// # Errors
    /// As [`Writer::bytes`].
    pub fn optional<const N: usize>(
        &mut self,
        field: &'static str,
        value: Option<[u8; N]>,
    ) -> Result<(), Malformed> {
        match value {
            Some(value) => self.bytes(field, &value),
            None => self.bytes(field, &[]),
        }
    }

    /// A time in microseconds since the epoch.
    ///
    /// # Errors
    /// [`Malformed::OutOfRange`] before the epoch or after [`MAX_TIME_US`].
    pub fn time(&mut self, field: &'static str, time_us: i64) -> Result<(), Malformed> {
        self.array(field, time_in_range(field, time_us)?.to_be_bytes())
    }

    /// A text of several lines, limits in characters.
    ///
    /// # Errors
    /// [`Malformed`] when too short, too long, or holding control characters other than line feeds.
    pub fn text(&mut self, field: &'static str, limits: Limits, text: &str) -> Result<(), Malformed> {
        text_within(field, limits, text, |character| character == '\n')?;
        self.bytes(field, text.as_bytes())
    }

    /// A text of one line, limits in characters.
    ///
    /// # Errors
    /// [`Malformed`] when too short, too long, or holding control characters.
    pub fn line(&mut self, field: &'static str, limits: Limits, text: &str) -> Result<(), Malformed> {
        text_within(field, limits, text, |_| false)?;
        self.bytes(field, text.as_bytes())
    }

    /// A set of elements of fixed width, which must come strictly ascending.
    ///
    /// # Errors
    /// [`Malformed`] when too few, too many, out of order or repeated.
    pub fn set<const N: usize>(
        &mut self,
        field: &'static str,
        limits: Limits,
        elements: &[[u8; N]],
    ) -> Result<(), Malformed> {
        count_within(field, limits, elements.len())?;
        ascending(field, elements)?;
        let mut list = Self { bytes: Vec::new() };
        list.count(field, elements.len())?;
        for element in elements {
            list.bytes(field, element)?;
        }
        self.bytes(field, &list.bytes)
    }

    fn count(&mut self, field: &'static str, count: usize) -> Result<(), Malformed> {
        let count = u32::try_from(count).map_err(|_| Malformed::TooLong {
            field,
            most: u32::MAX as usize,
        })?;
        self.bytes.extend_from_slice(&count.to_be_bytes());
        Ok(())
    }
}

pub(super) fn time_in_range(field: &'static str, time_us: i64) -> Result<i64, Malformed> {
    if (0..=MAX_TIME_US).contains(&time_us) {
        Ok(time_us)
    } else {
        Err(Malformed::OutOfRange {
            field,
            least: 0,
            most: MAX_TIME_US,
        })
    }
}

pub(super) fn count_within(field: &'static str, limits: Limits, count: usize) -> Result<(), Malformed> {
    if count < limits.least {
        return Err(Malformed::TooShort {
            field,
            least: limits.least,
        });
    }
    if count > limits.most {
        return Err(Malformed::TooLong {
            field,
            most: limits.most,
        });
    }
    Ok(())
}

pub(super) fn text_within(
    field: &'static str,
    limits: Limits,
    text: &str,
    permitted: impl Fn(char) -> bool,
) -> Result<(), Malformed> {
    // Counting stops one past the limit: a long text costs no more than a permitted one.
    count_within(
        field,
        limits,
        text.chars().take(limits.most.saturating_add(1)).count(),
    )?;
    if text
        .chars()
        .any(|character| character.is_control() && !permitted(character))
    {
        return Err(Malformed::ControlCharacter { field });
    }
    Ok(())
}

pub(super) fn ascending<const N: usize>(field: &'static str, elements: &[[u8; N]]) -> Result<(), Malformed> {
    if elements.is_sorted_by(|one, next| one < next) {
        Ok(())
    } else {
        Err(Malformed::NotAscending { field })
    }
}
