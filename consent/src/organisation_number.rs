//! Organisation numbers: ten digits, check digit by Luhn, third digit at least 2.
//!
//! Source: lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.

use core::fmt;
use core::str::FromStr;

use crate::identity_number::luhn_holds;

/// Text that is not an organisation number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an organisation number has ten digits, the third at least 2, the last a check digit")]
pub struct InvalidOrganisationNumber;

/// An organisation number. Shape: ten ASCII digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrganisationNumber(String);

impl OrganisationNumber {
    /// The ten digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrganisationNumber {
    type Err = InvalidOrganisationNumber;

    fn from_str(text: &str) -> Result<Self, InvalidOrganisationNumber> {
        let compact: String = text
            .trim()
            .chars()
            .filter(|character| *character != '-')
            .collect();
        let digits: Vec<u8> = compact.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
        let well_formed = digits.len() == 10 && digits.iter().all(|digit| *digit < 10);
        let legal_person = digits.get(2).is_some_and(|third| *third >= 2);
        if well_formed && legal_person && luhn_holds(digits.iter()) {
            Ok(Self(compact))
        } else {
            Err(InvalidOrganisationNumber)
        }
    }
}

impl fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_a_valid_number_and_refuses_its_neighbours() {
        let valid = (0..10)
            .map(|check| format!("212000999{check}"))
            .filter(|text| text.parse::<OrganisationNumber>().is_ok());
        assert_eq!(valid.count(), 1, "exactly one check digit fits");
        assert!(
            "1012345678".parse::<OrganisationNumber>().is_err(),
            "third digit below 2"
        );
        assert!("21200099".parse::<OrganisationNumber>().is_err());
        assert!("2120å0999".parse::<OrganisationNumber>().is_err());
    }
}
