//! The period in which a certificate is valid, checked once.
//!
//! Source: RFC 5280 §4.1.2.5.

use std::time::{Duration, SystemTime};

/// The length of a development certificate's life, in days. Short: what is left lying about soon ends.
const DEVELOPMENT_DAYS: u64 = 90;

/// How far before the given time a certificate begins, for clocks that lag.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// 10000-01-01T00:00:00Z in seconds since 1970: four digits are all the format has for a year.
const END_OF_TIME_SECONDS: u64 = 253_402_300_800;

/// The first and last moment in which a certificate is valid.
///
/// **Units**: whole seconds; the fraction is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    not_before: SystemTime,
    not_after: SystemTime,
}

/// Two times that are not a period of validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValidity {
    /// The end lies before the beginning.
    #[error("the certificate would end before it begins: give the earlier time first")]
    EndsBeforeItBegins,
    /// A time that certificates cannot express.
    #[error("a certificate's times lie between the years 1970 and 9999")]
    OutOfRange,
}

impl Validity {
    /// Valid from `not_before` to `not_after`, both included.
    ///
    /// # Errors
    /// [`InvalidValidity`] when the end lies before the beginning, or a year outside 1970 to 9999.
    pub fn between(not_before: SystemTime, not_after: SystemTime) -> Result<Self, InvalidValidity> {
        let validity = Self {
            not_before: expressible(not_before)?,
            not_after: expressible(not_after)?,
        };
        if validity.not_after < validity.not_before {
            return Err(InvalidValidity::EndsBeforeItBegins);
        }
        Ok(validity)
    }

    /// The usual period of a development certificate: 90 days, begun a minute before `now`.
    ///
    /// # Errors
    /// [`InvalidValidity::OutOfRange`] when `now` is outside the years 1970 to 9999.
    pub fn starting(now: SystemTime) -> Result<Self, InvalidValidity> {
        let out_of_range = InvalidValidity::OutOfRange;
        let not_before = now.checked_sub(CLOCK_SKEW).ok_or(out_of_range)?;
        let length = Duration::from_secs(DEVELOPMENT_DAYS * DAY.as_secs());
        Self::between(not_before, not_before.checked_add(length).ok_or(out_of_range)?)
    }

    /// One day that ended a day before `now`: for a certificate that has expired.
    ///
    /// # Errors
    /// [`InvalidValidity::OutOfRange`] when `now` is outside the years 1970 to 9999.
    pub fn ended(now: SystemTime) -> Result<Self, InvalidValidity> {
        let out_of_range = InvalidValidity::OutOfRange;
        let not_after = now.checked_sub(DAY).ok_or(out_of_range)?;
        Self::between(not_after.checked_sub(DAY).ok_or(out_of_range)?, not_after)
    }

    /// The first second in which the certificate is valid.
    #[must_use]
    pub const fn not_before(&self) -> SystemTime {
        self.not_before
    }

    /// The last second in which the certificate is valid.
    #[must_use]
    pub const fn not_after(&self) -> SystemTime {
        self.not_after
    }
}

fn expressible(time: SystemTime) -> Result<SystemTime, InvalidValidity> {
    let since_epoch = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_err(|_| InvalidValidity::OutOfRange)?
        .as_secs();
    if since_epoch < END_OF_TIME_SECONDS {
        Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(since_epoch))
    } else {
        Err(InvalidValidity::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_period_runs_forward_and_an_instant_is_one() {
        assert!(Validity::between(at(5), at(5)).is_ok());
        assert_eq!(
            Validity::between(at(5), at(4)),
            Err(InvalidValidity::EndsBeforeItBegins)
        );
    }

    #[test]
    fn fractions_are_cut_off() {
        let validity = Validity::between(at(5) + Duration::from_millis(900), at(9)).unwrap();
        assert_eq!(validity.not_before(), at(5));
    }

    #[test]
    fn the_years_are_1970_to_9999() {
        let last = at(END_OF_TIME_SECONDS - 1);
        assert!(Validity::between(at(0), last).is_ok());
        assert_eq!(
            Validity::between(at(0), at(END_OF_TIME_SECONDS)),
            Err(InvalidValidity::OutOfRange)
        );
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(Validity::between(before, at(0)), Err(InvalidValidity::OutOfRange));
        assert_eq!(Validity::starting(last), Err(InvalidValidity::OutOfRange));
        assert_eq!(Validity::ended(at(0)), Err(InvalidValidity::OutOfRange));
    }

    #[test]
    fn the_usual_period_holds_now_and_the_ended_one_does_not() {
        let now = at(1_800_000_000);
        let usual = Validity::starting(now).unwrap();
        assert!(usual.not_before() < now && now + 80 * DAY < usual.not_after());
        assert!(usual.not_after() < now + 91 * DAY);
        assert!(Validity::ended(now).unwrap().not_after() < now);
    }
}
