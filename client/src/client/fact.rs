//! What professionals find of a person and answer for: recorded, attested by a colleague, looked up.
//!
//! Guardians are named by identity number and name, which pass through here and are kept nowhere.

use jiff::Timestamp;
use samrum_consent::id::{EntryId, FactId, IndividualId};
use samrum_consent::vocabulary::{Category, Circumstance, Maturity, Purpose};
use samrum_proto::convert;
use samrum_proto::wire::individual::v1 as wire;
use samrum_proto::wire::individual::v1::individual_service_client as service;

use super::individual::to_wire;
use super::{Client, MAX_PAGES, PAGE_SIZE, PersonInput, unary};
use crate::error::{Misbehaved, Result};
use crate::view::{Fact, RecordedFact};

/// What was found of the child, or of a guardian. Personal data: `Debug` hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundOfPerson {
    /// The child's maturity in a matter.
    Maturity {
        /// What was found.
        maturity: Maturity,
        /// In which matter.
        matter: Purpose,
        /// From when on.
        valid_from: Timestamp,
        /// The first moment at which it no longer holds.
        valid_until: Timestamp,
    },
    /// The child would suffer considerable harm if this guardian knew (OSL 12:3).
    Risk {
        /// Who.
        guardian: PersonInput,
        /// In what.
        categories: Vec<Category>,
        /// When it must be reviewed.
        review_at: Timestamp,
    },
}

/// What is the case. Personal data: `Debug` hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundCircumstance {
    /// A guardian cannot answer in time (FB 6:13).
    Hindrance {
        /// Who.
        guardian: PersonInput,
        /// That the matter cannot wait for them.
        cannot_wait: bool,
        /// That it is of decisive importance for the child's future.
        decisive: bool,
        /// The first moment at which they are needed again.
        valid_until: Timestamp,
    },
    /// A circumstance that a provision asks for.
    Situation {
        /// Which.
        circumstance: Circumstance,
        /// From when on.
        valid_from: Timestamp,
        /// The first moment at which it no longer holds.
        valid_until: Timestamp,
    },
}

fn method(name: &str) -> String {
    format!("/samrum.individual.v1.IndividualService/{name}")
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a field of the message: absent and present differ there"
)]
fn time(at: Timestamp) -> Option<prost_types::Timestamp> {
    Some(convert::time_to_wire(at))
}

impl From<FoundOfPerson> for wire::record_assessment_request::Assessment {
    fn from(found: FoundOfPerson) -> Self {
        match found {
            FoundOfPerson::Maturity {
                maturity,
                matter,
                valid_from,
                valid_until,
            } => Self::Maturity(wire::MaturityAssessment {
                maturity: maturity.number().into(),
                matter: matter.number().into(),
                valid_from: time(valid_from),
                valid_until: time(valid_until),
            }),
            FoundOfPerson::Risk {
                guardian,
                categories,
                review_at,
            } => Self::Risk(wire::RiskAssessment {
                guardian: Some(to_wire(guardian)),
                categories: categories
                    .iter()
                    .map(|category| category.number().into())
                    .collect(),
                review_at: time(review_at),
            }),
        }
    }
}

impl From<FoundCircumstance> for wire::record_circumstance_request::Circumstance {
    fn from(found: FoundCircumstance) -> Self {
        match found {
            FoundCircumstance::Hindrance {
                guardian,
                cannot_wait,
                decisive,
                valid_until,
            } => Self::Hindrance(wire::Hindrance {
                guardian: Some(to_wire(guardian)),
                cannot_wait,
                decisive,
                valid_until: time(valid_until),
            }),
            FoundCircumstance::Situation {
                circumstance,
                valid_from,
                valid_until,
            } => Self::Situation(wire::Situation {
                circumstance: circumstance.number().into(),
                valid_from: time(valid_from),
                valid_until: time(valid_until),
            }),
        }
    }
}

impl Client {
    /// Records what was found of the child or of a guardian, and why.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn record_assessment(
        &self,
        individual: IndividualId,
        found: FoundOfPerson,
        reason: String,
    ) -> Result<RecordedFact> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::RecordAssessmentRequest {
            request_id: request.to_vec(),
            individual_id: individual.as_bytes().to_vec(),
            reason,
            acting: Some(self.acting(&method("RecordAssessment"), request)?),
            assessment: Some(found.into()),
        };
        let answer = unary!(self, service::IndividualServiceClient.record_assessment, message)?;
        Ok(RecordedFact {
            entry_id: self.keep(answer.ticket.as_ref())?,
            fact_id: convert::id("fact_id", &answer.fact_id)?,
        })
    }

    /// Records what is the case, and why.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn record_circumstance(
        &self,
        individual: IndividualId,
        found: FoundCircumstance,
        reason: String,
    ) -> Result<RecordedFact> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::RecordCircumstanceRequest {
            request_id: request.to_vec(),
            individual_id: individual.as_bytes().to_vec(),
            reason,
            acting: Some(self.acting(&method("RecordCircumstance"), request)?),
            circumstance: Some(found.into()),
        };
        let answer = unary!(
            self,
            service::IndividualServiceClient.record_circumstance,
            message
        )?;
        Ok(RecordedFact {
            entry_id: self.keep(answer.ticket.as_ref())?,
            fact_id: convert::id("fact_id", &answer.fact_id)?,
        })
    }

    /// Stands beside what a colleague of the same unit recorded.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn attest_fact(&self, fact: FactId) -> Result<EntryId> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::AttestFactRequest {
            request_id: request.to_vec(),
            fact_id: fact.as_bytes().to_vec(),
            acting: Some(self.acting(&method("AttestFact"), request)?),
        };
        let answer = unary!(self, service::IndividualServiceClient.attest_fact, message)?;
        self.keep(answer.ticket.as_ref())
    }

    /// What this unit has recorded about one individual, newest first.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn facts(&self, individual: IndividualId) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        let mut page_token = Vec::new();
        for _ in 0..MAX_PAGES {
            let message = wire::ListFactsRequest {
                individual_id: individual.as_bytes().to_vec(),
                page_size: PAGE_SIZE,
                page_token,
            };
            let page = unary!(self, service::IndividualServiceClient.list_facts, message)?;
            for fact in page.facts {
                facts.push(Fact::try_from(fact)?);
            }
            if page.next_page_token.is_empty() {
                return Ok(facts);
            }
            page_token = page.next_page_token;
        }
        Err(Misbehaved::EndlessList { limit: MAX_PAGES }.into())
    }
}
