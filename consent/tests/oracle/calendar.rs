//! Stockholm's calendar by hand: central European time, and summer time from the last Sunday of March to
//! the last Sunday of October, both at 01:00 UTC (Directive 2000/84/EC, articles 2 and 3).

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date, time};
use jiff::tz::Offset;

/// The date in Stockholm. Holds from 2002 on, when the directive began.
pub(super) fn date_in_stockholm(at: Timestamp) -> Date {
    let year = Offset::UTC.to_datetime(at).year();
    let summer = changes(year, 3)..changes(year, 10);
    let hours = if summer.contains(&at) { 2 } else { 1 };
    Offset::constant(hours).to_datetime(at).date()
}

/// When the clock is moved in a month of 31 days.
fn changes(year: i16, month: i8) -> Timestamp {
    let mut day = date(year, month, 31);
    while day.weekday() != Weekday::Sunday {
        day = day.yesterday().expect("a Sunday lies in the last week");
    }
    let moved = day.to_datetime(time(1, 0, 0, 0));
    Offset::UTC.to_timestamp(moved).expect("a time of our days")
}

/// Whether somebody has had that birthday. Who was born on 29 February has it on 1 March in other years.
pub(super) fn has_reached(birth: Date, years: i16, today: Date) -> bool {
    let year = birth.year() + years;
    let birthday = Date::new(year, birth.month(), birth.day()).unwrap_or_else(|_| date(year, 3, 1));
    today >= birthday
}

#[test]
fn the_calendar_by_hand_is_that_of_the_time_zone() {
    let second = jiff::SignedDuration::from_secs(1);
    let mut hour: Timestamp = "2023-12-31T21:59:59Z".parse().expect("an instant");
    let end: Timestamp = "2029-01-01T02:00:00Z".parse().expect("an instant");
    while hour < end {
        for at in [hour, hour + second] {
            assert_eq!(
                date_in_stockholm(at),
                samrum_consent::calendar::stockholm_date(at),
                "{at}"
            );
        }
        hour += jiff::SignedDuration::from_hours(1);
    }
}
