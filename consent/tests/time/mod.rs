//! Time to the second: before, at and after every limit that a decision knows, in Stockholm's calendar.
//!
//! Birthdays and statutes turn at midnight in Stockholm, 22:00 UTC in summer and 23:00 UTC in winter;
//! periods and the age of a check are counted in seconds and know no calendar.

mod age;
mod consent;
mod fact;
mod statute;

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use samrum_consent::reason::Reason;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::Capacity;

use crate::world::{Situation, at, days, note_on_consent};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// What a note meets at this instant: nothing when it is permitted.
fn reasons_at(situation: &Situation, now: Timestamp) -> Vec<Reason> {
    let mut situation = situation.clone();
    situation.now = now;
    situation.reasons()
}

/// A note about a child born on this date, on a consent of the guardians around that instant; custody is
/// never too old.
fn note_around(instant: Timestamp, birth: Date) -> Situation {
    let mut situation = note_on_consent();
    situation.rescope(|scope| {
        scope.period = Period {
            from: instant - days(30),
            until: instant + days(30),
        };
    });
    situation.child().individual.birth = Some(birth);
    situation.custody().checked_at = instant - days(30);
    Arc::make_mut(&mut situation.law).policy.custody_max_age = days(365);
    situation
}

/// The shortest time there is.
const NANOSECOND: SignedDuration = SignedDuration::from_nanos(1);

/// Instants at which a limit may lie: an ordinary one; half past two in October, the first and the second
/// time; the hour that is left out in March; the first and the last second of 29 February.
fn limits() -> Vec<Timestamp> {
    [
        "2026-04-15T08:00:00Z",
        "2025-10-26T00:30:00Z",
        "2025-10-26T01:30:00Z",
        "2026-03-29T01:00:00Z",
        "2028-02-28T23:00:00Z",
        "2028-02-29T22:59:59Z",
    ]
    .map(at)
    .to_vec()
}

/// Whose yes is missing.
fn lacks(signatory: u32, capacity: Capacity) -> Vec<Reason> {
    vec![Reason::SignatureMissing { signatory, capacity }]
}
