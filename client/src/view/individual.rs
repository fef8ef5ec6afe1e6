//! Individuals, as far as the caller may know them.

use std::fmt;

use jiff::Timestamp;
use samrum_consent::id::IndividualId;
use samrum_proto::convert::{self, InvalidField, Result};
use samrum_proto::wire::individual::v1 as wire;
use serde::Serialize;

use super::{optional, optional_time, optional_word, text};

/// A person, under the id that one case knows them by. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Individual {
    /// In this case.
    #[serde(serialize_with = "text")]
    pub individual_id: IndividualId,
    /// The name.
    pub name: String,
    /// Twelve digits.
    pub identity_number: String,
    /// How many have custody; 0 when unknown.
    pub guardian_count: u32,
    /// `POPULATION_REGISTER` or `COURT_DECISION`, if anybody recorded custody.
    pub custody_source: Option<&'static str>,
    /// When that source was read.
    #[serde(serialize_with = "optional")]
    pub custody_checked_at: Option<Timestamp>,
}

impl fmt::Debug for Individual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Individual")
            .field("individual_id", &self.individual_id)
            .finish_non_exhaustive()
    }
}

impl TryFrom<wire::GetIndividualResponse> for Individual {
    type Error = InvalidField;

    fn try_from(answer: wire::GetIndividualResponse) -> Result<Self> {
        let source = wire::CustodySource::try_from(answer.custody_source).ok();
        Ok(Self {
            individual_id: convert::id("individual_id", &answer.individual_id)?,
            name: answer.name,
            identity_number: answer.identity_number,
            guardian_count: answer.guardian_count,
            custody_source: optional_word(source.map(|source| source.as_str_name()), "CUSTODY_SOURCE_"),
            custody_checked_at: optional_time("custody_checked_at", answer.custody_checked_at.as_ref())?,
        })
    }
}
