//! The people that documents are about. Identity numbers pass through here and are kept nowhere.

use std::fmt;

use jiff::Timestamp;
use samrum_consent::id::{EntryId, IndividualId};
use samrum_consent::identity_number::IdentityNumber;
use samrum_proto::convert;
use samrum_proto::wire::individual::v1 as wire;
use samrum_proto::wire::individual::v1::individual_service_client as service;

use super::{Client, unary};
use crate::error::Result;
use crate::view::Individual;

/// A person by identity number. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonInput {
    /// Twelve digits.
    pub number: IdentityNumber,
    /// Given name and family name.
    pub name: String,
}

impl fmt::Debug for PersonInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonInput(hidden)")
    }
}

/// Where a statement about custody comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustodySource {
    /// The population register.
    PopulationRegister,
    /// A court's decision.
    CourtDecision,
}

/// Who has custody of a child. Personal data: `Debug` hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representation {
    /// The child.
    pub child: PersonInput,
    /// Everyone with custody.
    pub guardians: Vec<PersonInput>,
    /// From where.
    pub source: CustodySource,
    /// When that source was read.
    pub checked_at: Timestamp,
}

fn to_wire(person: PersonInput) -> wire::Person {
    wire::Person {
        identity_number: person.number.digits(),
        name: person.name,
    }
}

impl Client {
    /// Opens a case id for a person.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn register_individual(&self, person: PersonInput) -> Result<(IndividualId, EntryId)> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::RegisterIndividualRequest {
            request_id: request.to_vec(),
            person: Some(to_wire(person)),
            acting: Some(self.acting(
                "/samrum.individual.v1.IndividualService/RegisterIndividual",
                request,
            )?),
        };
        let answer = unary!(
            self,
            service::IndividualServiceClient.register_individual,
            message
        )?;
        let entry = self.keep(answer.ticket.as_ref())?;
        Ok((convert::id("individual_id", &answer.individual_id)?, entry))
    }

    /// Records who has custody. Operators only.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn set_representation(&self, representation: Representation) -> Result<EntryId> {
        let source = match representation.source {
            CustodySource::PopulationRegister => wire::CustodySource::PopulationRegister,
            CustodySource::CourtDecision => wire::CustodySource::CourtDecision,
        };
        let message = wire::SetRepresentationRequest {
            request_id: self.mint_request()?.as_bytes().to_vec(),
            person: Some(to_wire(representation.child)),
            guardians: representation.guardians.into_iter().map(to_wire).collect(),
            source: i32::from(source),
            checked_at: Some(convert::time_to_wire(representation.checked_at)),
            representatives: Vec::new(),
            care_order: None,
        };
        let answer = unary!(self, service::IndividualServiceClient.set_representation, message)?;
        self.keep(answer.ticket.as_ref())
    }

    /// What the caller may know of a person.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn individual(&self, individual: IndividualId) -> Result<Individual> {
        let message = wire::GetIndividualRequest {
            individual_id: individual.as_bytes().to_vec(),
        };
        let answer = unary!(self, service::IndividualServiceClient.get_individual, message)?;
        Ok(Individual::try_from(answer)?)
    }
}
