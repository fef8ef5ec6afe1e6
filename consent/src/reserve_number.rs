//! Reserve numbers: what a care provider gives a person whose personnummer is not known.
//!
//! Every region has a series of its own, so a reserve number means nothing without its issuer: the issuer is
//! stored with it, always, and never inferred. Domain, Identifiers.

use core::fmt;
use core::str::FromStr;

use crate::organisation_number::OrganisationNumber;

/// The longest reserve number, in characters.
pub const MAX_CHARACTERS: usize = 16;

/// Text that is not a reserve number with its issuer. Never holds the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReserveNumber {
    /// No issuer in front.
    #[error("a reserve number is written with its issuer: organisation number, slash, number")]
    Issuer,
    /// Not 6 to 16 letters and digits.
    #[error("a reserve number has 6 to {MAX_CHARACTERS} letters A-Z and digits")]
    Form,
}

/// A reserve number with its issuer.
///
/// Shape: upper-case letters and digits. Personal data: `Debug` hides it and there is no `Display`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ReserveNumber {
    issuer: OrganisationNumber,
    number: String,
}

impl ReserveNumber {
    /// Who issued it.
    #[must_use]
    pub const fn issuer(&self) -> &OrganisationNumber {
        &self.issuer
    }

    /// The number in the issuer's series.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl FromStr for ReserveNumber {
    type Err = InvalidReserveNumber;

    /// Reads `2321009900/99A9001234`.
    fn from_str(text: &str) -> Result<Self, InvalidReserveNumber> {
        let (issuer, number) = text.trim().split_once('/').ok_or(InvalidReserveNumber::Issuer)?;
        let issuer = issuer.parse().map_err(|_| InvalidReserveNumber::Issuer)?;
        let number = number.to_ascii_uppercase();
        let fits = (6..=MAX_CHARACTERS).contains(&number.len())
            && number
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if fits {
            Ok(Self { issuer, number })
        } else {
            Err(InvalidReserveNumber::Form)
        }
    }
}

impl fmt::Debug for ReserveNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReserveNumber(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_by_two_issuers_is_two_people() {
        let one: ReserveNumber = "2321009900/99a9001234".parse().unwrap();
        let other: ReserveNumber = "2120009903/99A9001234".parse().unwrap();
        assert_eq!(one.number(), other.number());
        assert_ne!(one, other);
        assert_eq!(format!("{one:?}"), "ReserveNumber(hidden)");
    }

    #[test]
    fn an_issuer_is_never_inferred() {
        for text in ["99A9001234", "/99A9001234", "2321009901/99A9001234"] {
            assert_eq!(
                text.parse::<ReserveNumber>(),
                Err(InvalidReserveNumber::Issuer),
                "{text}"
            );
        }
        for text in [
            "2321009900/12345",
            "2321009900/99A9-01234",
            "2321009900/99A90012345678901",
        ] {
            assert_eq!(
                text.parse::<ReserveNumber>(),
                Err(InvalidReserveNumber::Form),
                "{text}"
            );
        }
    }
}
