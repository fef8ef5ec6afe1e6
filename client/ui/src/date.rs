//! Dates and times as people in Sweden write them, in Stockholm's calendar.
//!
//! Instants come as arguments; what "today" is, is nobody's business here.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use samrum_consent::calendar::stockholm_date;

use crate::Language;
use crate::words::text;

static STOCKHOLM: TimeZone = jiff::tz::get!("Europe/Stockholm");

/// The day of this instant: `3 mars 2026`, `3 March 2026`.
#[must_use]
pub fn day(at: Timestamp, language: Language) -> String {
    let date = stockholm_date(at);
    let month = text(&format!("month-{}", date.month()), &[], language);
    format!("{} {month} {}", date.day(), date.year())
}

/// The last day on which something holds that ends at this instant: the day before, when it ends at midnight.
#[must_use]
pub fn day_through(end: Timestamp, language: Language) -> String {
    let last = end.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(end);
    day(last, language)
}

/// Whether a day begins at this instant.
pub(crate) fn is_midnight(at: Timestamp) -> bool {
    STOCKHOLM.to_datetime(at).time() == Time::midnight()
}

/// Day and time of this instant: `3 mars 2026 kl. 14.05`, `3 March 2026 at 14:05`.
#[must_use]
pub fn moment(at: Timestamp, language: Language) -> String {
    let time = STOCKHOLM.to_datetime(at).time();
    let (hour, minute) = (time.hour(), time.minute());
    let day = day(at, language);
    match language {
        Language::Swedish => format!("{day} kl. {hour:02}.{minute:02}"),
        Language::English => format!("{day} at {hour:02}:{minute:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_the_day_in_stockholm() {
        assert_eq!(day(at("2026-03-02T23:30:00Z"), Language::Swedish), "3 mars 2026");
        assert_eq!(day(at("2026-03-02T22:30:00Z"), Language::English), "2 March 2026");
    }

    #[test]
    fn what_ends_at_midnight_holds_through_the_day_before() {
        assert_eq!(
            day_through(at("2026-03-03T23:00:00Z"), Language::Swedish),
            "3 mars 2026"
        );
        assert_eq!(
            day_through(at("2026-03-03T23:00:01Z"), Language::Swedish),
            "4 mars 2026"
        );
    }

    #[test]
    fn a_moment_follows_summer_time() {
        assert_eq!(
            moment(at("2026-07-01T12:05:00Z"), Language::Swedish),
            "1 juli 2026 kl. 14.05"
        );
        assert_eq!(
            moment(at("2026-12-01T12:05:00Z"), Language::English),
            "1 December 2026 at 13:05"
        );
    }
}
