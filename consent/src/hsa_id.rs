//! HSA-ids: how Swedish care names its units. `SE`, an organisation number, a hyphen and a local part.
//!
//! Source: Inera, HSA-katalogen; domain, Identifiers (at most 31 characters).

use core::fmt;
use core::str::FromStr;

use crate::organisation_number::OrganisationNumber;

/// The longest HSA-id, in characters.
pub const MAX_CHARACTERS: usize = 31;

/// Text that is not an HSA-id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an HSA-id is SE, an organisation number of ten digits, a hyphen and a local part of letters A-Z and \
     digits; at most {MAX_CHARACTERS} characters"
)]
pub struct InvalidHsaId;

/// An HSA-id. Shape: upper case, as it is written in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HsaId(String);

impl HsaId {
    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HsaId {
    type Err = InvalidHsaId;

    fn from_str(text: &str) -> Result<Self, InvalidHsaId> {
        let id = text.trim().to_ascii_uppercase();
        let (organisation, local) = id
            .strip_prefix("SE")
            .and_then(|rest| rest.split_once('-'))
            .ok_or(InvalidHsaId)?;
        let local_fits = !local.is_empty()
            && local
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let number_fits = organisation.len() == 10 && organisation.parse::<OrganisationNumber>().is_ok();
        if id.len() <= MAX_CHARACTERS && number_fits && local_fits {
            Ok(Self(id))
        } else {
            Err(InvalidHsaId)
        }
    }
}

impl fmt::Display for HsaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_catalogue_writes() {
        let id: HsaId = " se2321009900-bup1 ".parse().unwrap();
        assert_eq!(id.as_str(), "SE2321009900-BUP1");
        let longest = format!("SE2321009900-{}", "A".repeat(MAX_CHARACTERS - 13));
        assert!(longest.parse::<HsaId>().is_ok());
    }

    #[test]
    fn refuses_its_neighbours() {
        let too_long = format!("SE2321009900-{}", "A".repeat(MAX_CHARACTERS - 12));
        for text in [
            "",
            "NO2321009900-BUP1",
            "SE2321009901-BUP1",
            "SE232100990-BUP1",
            "SE2321009900-",
            "SE2321009900",
            "SE2321009900-BUP 1",
            "SE2321009900-BÅP",
            "SE2321009900-BUP-1",
            &too_long,
        ] {
            assert_eq!(text.parse::<HsaId>(), Err(InvalidHsaId), "{text}");
        }
    }
}
