//! The facts of one case as they are written: typed, nothing misspelt gets by, and nothing is decided here.
//!
//! What each field means is told, in Swedish, at the top of `consent/cases/varlden.toml`.

use core::fmt::Display;
use core::str::FromStr;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use samrum_consent::vocabulary::{
    Act, Category, Circumstance, CustodySource, Direction, Holder, Kind, Maturity, Purpose, Sector,
};
use serde::de::{Deserialize, Deserializer, Error};

/// The calendar people live by.
pub(crate) static STOCKHOLM: TimeZone = jiff::tz::get!("Europe/Stockholm");

/// A value written as text: a code of a vocabulary, a date, a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Written<T>(pub(crate) T);

impl<'de, T: FromStr> Deserialize<'de> for Written<T>
where
    T::Err: Display,
{
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let refuse = |error| D::Error::custom(format_args!("{text}: {error}"));
        text.parse().map(Self).map_err(refuse)
    }
}

/// A time as the clocks in Stockholm show it: `2026-04-15 10:00`, or a date for the midnight it begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) Timestamp);

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let shown: DateTime = text.parse()?;
        Ok(Self(shown.to_zoned(STOCKHOLM.clone())?.timestamp()))
    }
}

/// Everything a decision reads, the request included.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    pub(crate) time: Written<Moment>,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) about: Vec<String>,
    pub(crate) kind: Written<Kind>,
    pub(crate) categories: Vec<Written<Category>>,
    pub(crate) purpose: Written<Purpose>,
    pub(crate) basis: String,
    pub(crate) reason: String,
    pub(crate) document: String,
    pub(crate) role: String,
    pub(crate) turned_on: Vec<String>,
    #[serde(default)]
    pub(crate) reporter: Option<String>,
    #[serde(default)]
    pub(crate) waits_on: Vec<String>,
    #[serde(default)]
    pub(crate) repealed: BTreeMap<String, Written<Date>>,
    pub(crate) units: BTreeMap<String, Unit>,
    pub(crate) people: BTreeMap<String, Person>,
    #[serde(default)]
    pub(crate) consents: BTreeMap<String, Consent>,
}

/// One unit.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unit {
    /// Read by the rendering, and by people.
    #[serde(rename = "name")]
    _name: String,
    pub(crate) organisation: String,
    pub(crate) authority: String,
    pub(crate) sector: Written<Sector>,
    pub(crate) holder: Written<Holder>,
    #[serde(default)]
    pub(crate) reception: bool,
}

/// One person with everything recorded about them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// Read by the rendering, and by people.
    #[serde(rename = "name")]
    _name: String,
    /// Whether the hub knows the person at all.
    #[serde(default = "yes")]
    pub(crate) registered: bool,
    pub(crate) birth: Option<Written<Date>>,
    pub(crate) custody: Option<Custody>,
    #[serde(default)]
    pub(crate) assessments: BTreeMap<String, Assessment>,
    #[serde(default)]
    pub(crate) hindrances: BTreeMap<String, Hindrance>,
    #[serde(default)]
    pub(crate) risks: BTreeMap<String, Risk>,
    #[serde(default)]
    pub(crate) representatives: BTreeMap<String, Representative>,
    #[serde(default)]
    pub(crate) care_orders: BTreeMap<String, CareOrder>,
    #[serde(default)]
    pub(crate) situations: BTreeMap<String, Situation>,
}

const fn yes() -> bool {
    true
}

/// Who has custody.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Custody {
    pub(crate) source: Written<CustodySource>,
    pub(crate) checked: Written<Moment>,
    pub(crate) guardians: Vec<String>,
}

/// What a unit found of the child's maturity.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assessment {
    pub(crate) by: String,
    pub(crate) at: Written<Moment>,
    pub(crate) attested: bool,
    pub(crate) maturity: Written<Maturity>,
    pub(crate) matter: Written<Purpose>,
    pub(crate) until: Written<Moment>,
}

/// A guardian who is hindered.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hindrance {
    pub(crate) by: String,
    pub(crate) at: Written<Moment>,
    pub(crate) attested: bool,
    pub(crate) guardian: String,
    pub(crate) cannot_wait: bool,
    pub(crate) decisive: bool,
    pub(crate) until: Written<Moment>,
}

/// A guardian who is a risk.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Risk {
    pub(crate) by: String,
    pub(crate) at: Written<Moment>,
    pub(crate) attested: bool,
    pub(crate) guardian: String,
    pub(crate) categories: Vec<Written<Category>>,
    pub(crate) review: Written<Moment>,
}

/// An adult's representative.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Representative {
    pub(crate) person: String,
    pub(crate) source: Written<CustodySource>,
    pub(crate) checked: Written<Moment>,
    pub(crate) until: Option<Written<Moment>>,
}

/// Care under LVU.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CareOrder {
    pub(crate) board: String,
    pub(crate) categories: Vec<Written<Category>>,
    pub(crate) from: Written<Moment>,
    pub(crate) until: Written<Moment>,
}

/// A circumstance that a provision asks for.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Situation {
    pub(crate) by: String,
    pub(crate) at: Written<Moment>,
    pub(crate) attested: bool,
    pub(crate) circumstance: Written<Circumstance>,
    pub(crate) until: Written<Moment>,
}

/// One consent: what was asked, what was answered, how it ended.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    pub(crate) about: String,
    pub(crate) requester: String,
    pub(crate) requested: Written<Moment>,
    pub(crate) sources: Vec<String>,
    pub(crate) recipients: Vec<String>,
    pub(crate) direction: Written<Direction>,
    pub(crate) categories: Vec<Written<Category>>,
    pub(crate) kinds: Vec<Written<Kind>>,
    pub(crate) purpose: Written<Purpose>,
    pub(crate) acts: Vec<Written<Act>>,
    pub(crate) from: Written<Moment>,
    pub(crate) until: Written<Moment>,
    pub(crate) excluded_categories: Vec<Written<Category>>,
    pub(crate) excluded_units: Vec<String>,
    pub(crate) excluded_documents: Vec<String>,
    pub(crate) answers: BTreeMap<String, GivenAnswer>,
    pub(crate) answered: Written<Moment>,
    #[serde(default)]
    pub(crate) recorder: Option<String>,
    pub(crate) accepted_by: Vec<String>,
    #[serde(default)]
    pub(crate) ended: Option<Ended>,
    pub(crate) ended_at: Written<Moment>,
}

/// What one of those who were asked has answered, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum GivenAnswer {
    /// Yes, in the portal.
    Portal,
    /// Yes, on paper.
    Paper,
    /// Yes, before two professionals.
    Orally,
    /// No.
    No,
    /// Nothing yet.
    Waits,
    /// Was never asked.
    NotAsked,
}

/// How a consent ended other than by a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Ended {
    /// Taken back.
    Revoked,
    /// Another took its place.
    Superseded,
}
