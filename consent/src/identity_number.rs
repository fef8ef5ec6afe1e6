//! Swedish identity numbers for people: personnummer and samordningsnummer, twelve digits.
//!
//! Source: SKV 704 and SKV 707; check digit by Luhn (ISO/IEC 7812-1) over the last ten digits. Reserve
//! numbers are not accepted here: they mean nothing without their issuer.

use core::fmt;
use core::str::FromStr;

use jiff::civil::Date;

/// Text that is not a personnummer or samordningsnummer. Never holds the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentityNumber {
    /// Other than twelve digits, with at most one hyphen before the last four.
    #[error("an identity number has twelve digits: year, month, day and four more")]
    Form,
    /// The first eight digits are no date.
    #[error("the first eight digits of an identity number must be a date")]
    Date,
    /// The three digits before the check digit are zero.
    #[error("the four last digits of an identity number never begin with 000")]
    Serial,
    /// The check digit does not match.
    #[error("the last digit of the identity number does not match the others; was it typed wrong?")]
    CheckDigit,
}

/// A personnummer or samordningsnummer.
///
/// Shape: twelve ASCII digits. Personal data: `Debug` hides it and there is no `Display`; use
/// [`Self::digits`] where it must really be shown or hashed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityNumber {
    digits: [u8; 12],
    birth: Date,
}

/// A samordningsnummer adds this to the day.
const COORDINATION_DAY_OFFSET: i8 = 60;

impl IdentityNumber {
    /// The twelve digits.
    #[must_use]
    pub fn digits(&self) -> String {
        self.digits.iter().map(|digit| char::from(digit + b'0')).collect()
    }

    /// The date of birth that the number states.
    #[must_use]
    pub const fn birth(&self) -> Date {
        self.birth
    }
}

impl FromStr for IdentityNumber {
    type Err = InvalidIdentityNumber;

    fn from_str(text: &str) -> Result<Self, InvalidIdentityNumber> {
        let compact = match text.trim().split_once('-') {
            Some((date, rest)) if date.len() == 8 => format!("{date}{rest}"),
            _ => text.trim().to_owned(),
        };
        let digits: [u8; 12] = compact
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidIdentityNumber::Form)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidIdentityNumber::Form);
        }
        let digits = digits.map(|digit| digit - b'0');
        let birth = birth(digits).ok_or(InvalidIdentityNumber::Date)?;
        // Serial numbers begin at 001.
        if digits.iter().skip(8).take(3).all(|digit| *digit == 0) {
            return Err(InvalidIdentityNumber::Serial);
        }
        if !luhn_holds(digits.iter().skip(2)) {
            return Err(InvalidIdentityNumber::CheckDigit);
        }
        Ok(Self { digits, birth })
    }
}

fn birth([a, b, c, d, m1, m2, d1, d2, ..]: [u8; 12]) -> Option<Date> {
    let year = [a, b, c, d]
        .iter()
        .fold(0_i16, |year, digit| year * 10 + i16::from(*digit));
    let month = i8::try_from(m1 * 10 + m2).ok()?;
    let day = i8::try_from(d1 * 10 + d2).ok()?;
    let day = if day > COORDINATION_DAY_OFFSET {
        day - COORDINATION_DAY_OFFSET
    } else {
        day
    };
    Date::new(year, month, day).ok()
}

/// Whether the digits, the last being the check digit, satisfy Luhn's formula.
pub(crate) fn luhn_holds<'a>(digits: impl DoubleEndedIterator<Item = &'a u8>) -> bool {
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            let weighted = if place % 2 == 1 { digit * 2 } else { digit };
            weighted / 10 + weighted % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityNumber(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reads_published_test_numbers() {
        let number: IdentityNumber = "20170309-9802".parse().unwrap_or_else(|_| panic!("valid"));
        assert_eq!(number.birth(), date(2017, 3, 9));
        assert_eq!(number.digits(), "201703099802");
    }

    #[test]
    fn a_coordination_number_adds_sixty_to_the_day() {
        let base = "19700163239";
        let check = (0..10).find(|check| format!("{base}{check}").parse::<IdentityNumber>().is_ok());
        let number: IdentityNumber = format!("{base}{}", check.unwrap()).parse().unwrap();
        assert_eq!(number.birth(), date(1970, 1, 3));
    }

    #[test]
    fn no_serial_number_is_zero() {
        let numbers = (0..10).map(|check| format!("20170309000{check}").parse::<IdentityNumber>());
        assert!(
            numbers
                .into_iter()
                .all(|read| read == Err(InvalidIdentityNumber::Serial))
        );
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let valid = "201703099802";
        for place in 8..12 {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = valid.chars().collect();
                if wrong[place] == digit {
                    continue;
                }
                wrong[place] = digit;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(
                    wrong.parse::<IdentityNumber>(),
                    Err(InvalidIdentityNumber::CheckDigit)
                );
            }
        }
    }

    #[test]
    fn says_what_is_wrong_without_repeating_it() {
        assert_eq!(
            "1703099802".parse::<IdentityNumber>(),
            Err(InvalidIdentityNumber::Form)
        );
        assert_eq!(
            "201713099802".parse::<IdentityNumber>(),
            Err(InvalidIdentityNumber::Date)
        );
        let number: IdentityNumber = "201703099802".parse().unwrap();
        assert!(!format!("{number:?}").contains("2017"));
    }
}
