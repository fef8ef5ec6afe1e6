//! The invented world on this machine: who is in it, where its files are, and how it comes to be.
//!
//! Organisations and units are those of the development certificates; the people are made up here, with
//! numbers that nobody can have.

mod founding;
mod people;
mod place;

pub(crate) use founding::{found, record_custody, register};
pub(crate) use people::{Household, Person, Siblings};
pub(crate) use place::{Place, make_folder, quoted, word};
pub(crate) use samrum_certs::world::{
    CHILD_PSYCHIATRY, EXEMPELBY, ORGANISATIONS, Organisation, PRIVATE_CLINIC, PUPIL_HEALTH, RECEPTION,
    REGION_EXEMPEL, SCHOOL, SOCIAL_SERVICES, SOLSIDAN, UNITS, Unit,
};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use samrum_consent::id::UnitId;

/// The time on this machine, read in this one place.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the program's edge: the story takes the time from here"
    )]
    Timestamp::now()
}

/// The day in Stockholm, as commands take it.
pub(crate) fn day_in_stockholm(at: Timestamp) -> String {
    static STOCKHOLM: TimeZone = jiff::tz::get!("Europe/Stockholm");
    at.to_zoned(STOCKHOLM.clone()).strftime("%Y-%m-%d").to_string()
}

/// A unit's id as text.
pub(crate) fn unit_id(unit: &Unit) -> String {
    UnitId::from_bytes(unit.id).to_string()
}

/// The unit with this id in text.
pub(crate) fn unit_by_id(id: &str) -> Option<&'static Unit> {
    UNITS.into_iter().find(|unit| unit_id(unit) == id)
}
