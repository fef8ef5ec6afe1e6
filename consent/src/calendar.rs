//! The calendar people live by: Europe/Stockholm, with the time zone embedded in the program.
//!
//! Instants are [`Timestamp`]s everywhere; only rules that the law counts in days turn them into dates.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

static STOCKHOLM: TimeZone = jiff::tz::get!("Europe/Stockholm");

/// The date in Stockholm at this instant.
#[must_use]
pub fn stockholm_date(at: Timestamp) -> Date {
    STOCKHOLM.to_datetime(at).date()
}

/// Whole years of age on a date, counted as Swedish law counts them: one is a year older from midnight on
/// the birthday; someone born on 29 February, in other years, on 1 March.
#[must_use]
pub fn age_on(birth: Date, date: Date) -> i16 {
    let years = date.year() - birth.year();
    let birthday_reached = (date.month(), date.day()) >= (birth.month(), birth.day());
    if birthday_reached { years } else { years - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn eighteen_from_midnight_in_stockholm() {
        let birth = date(2008, 7, 1);
        let second_before: Timestamp = "2026-06-30T21:59:59Z".parse().unwrap();
        let midnight: Timestamp = "2026-06-30T22:00:00Z".parse().unwrap();
        assert_eq!(age_on(birth, stockholm_date(second_before)), 17);
        assert_eq!(age_on(birth, stockholm_date(midnight)), 18);
    }

    #[test]
    fn leap_day_children_are_older_on_the_first_of_march() {
        let birth = date(2008, 2, 29);
        assert_eq!(age_on(birth, date(2026, 2, 28)), 17);
        assert_eq!(age_on(birth, date(2026, 3, 1)), 18);
    }
}
