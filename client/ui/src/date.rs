//! Dates and times as people in Sweden write them, in Stockholm's calendar.
//!
//! Instants come as arguments; what "today" is, is nobody's business here.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use samrum_consent::calendar::stockholm_date;
use samrum_consent::scope::Period;

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

/// When something begins: its day, where it begins with one, otherwise to the minute.
#[must_use]
pub fn beginning(from: Timestamp, language: Language) -> String {
    if is_midnight(from) {
        day(from, language)
    } else {
        moment(from, language)
    }
}

/// From when to when, each end judged by itself: `från 23 november 2026 kl. 08.52 till och med 1 mars 2027`.
#[must_use]
pub fn period(period: Period, language: Language) -> String {
    let from = text(
        "period-from",
        &[("from", beginning(period.from, language))],
        language,
    );
    format!("{from} {}", ending(period.until, language))
}

/// Until when: through the last day, where it ends with one, otherwise to the minute.
#[must_use]
pub fn ending(until: Timestamp, language: Language) -> String {
    if is_midnight(until) {
        let through = day_through(until, language);
        text("period-through", &[("through", through)], language)
    } else {
        text("period-until", &[("until", moment(until, language))], language)
    }
}

/// Whether a day begins at this instant.
fn is_midnight(at: Timestamp) -> bool {
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
    fn each_end_of_a_period_is_said_by_itself() {
        let said = |from: &str, until: &str, language| {
            let (from, until) = (at(from), at(until));
            period(Period { from, until }, language)
        };
        let (midnight, morning) = ("2026-11-22T23:00:00Z", "2026-11-23T07:52:00Z");
        let (last, noon) = ("2027-03-01T23:00:00Z", "2027-03-01T11:00:00Z");
        let swedish = Language::Swedish;
        assert_eq!(
            said(morning, last, swedish),
            "från 23 november 2026 kl. 08.52 till och med 1 mars 2027"
        );
        assert_eq!(
            said(midnight, noon, swedish),
            "från 23 november 2026 till 1 mars 2027 kl. 12.00"
        );
        assert_eq!(
            said(midnight, last, Language::English),
            "from 23 November 2026 through 1 March 2027"
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
