//! The people that documents are about. Identity numbers pass through here and are kept nowhere.

use std::fmt;

use jiff::Timestamp;
use samrum_consent::id::{AuthorityId, EntryId, IndividualId};
use samrum_consent::identity_number::IdentityNumber;
use samrum_consent::vocabulary::Category;
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

/// Somebody who may consent for an adult. Personal data: `Debug` hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepresentativeInput {
    /// Who.
    pub person: PersonInput,
    /// The first moment at which the power no longer holds, where it ends.
    pub valid_until: Option<Timestamp>,
}

/// Care under LVU: in some things the board decides as a guardian would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareOrder {
    /// The social services board.
    pub authority: AuthorityId,
    /// In what.
    pub categories: Vec<Category>,
    /// From when on.
    pub valid_from: Timestamp,
    /// The first moment at which it no longer holds.
    pub valid_until: Timestamp,
}

/// Who may sign for somebody. Replaces what was recorded before. Personal data: `Debug` hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representation {
    /// Whom it is about.
    pub person: PersonInput,
    /// Everyone with custody.
    pub guardians: Vec<PersonInput>,
    /// Who may consent for an adult.
    pub representatives: Vec<RepresentativeInput>,
    /// Care under LVU, if any.
    pub care_order: Option<CareOrder>,
    /// From where.
    pub source: CustodySource,
    /// When that source was read.
    pub checked_at: Timestamp,
}

pub(super) fn to_wire(person: PersonInput) -> wire::Person {
    wire::Person {
        identity_number: person.number.digits(),
        name: person.name,
    }
}

fn representative_to_wire(representative: RepresentativeInput) -> wire::Representative {
    wire::Representative {
        person: Some(to_wire(representative.person)),
        valid_until: representative.valid_until.map(convert::time_to_wire),
    }
}

fn care_to_wire(care: CareOrder) -> wire::CareOrder {
    wire::CareOrder {
        authority_id: care.authority.as_bytes().to_vec(),
        categories: care
            .categories
            .iter()
            .map(|category| i32::from(category.number()))
            .collect(),
        valid_from: Some(convert::time_to_wire(care.valid_from)),
        valid_until: Some(convert::time_to_wire(care.valid_until)),
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

    /// Records who may sign for somebody. Operators only.
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
            person: Some(to_wire(representation.person)),
            guardians: representation.guardians.into_iter().map(to_wire).collect(),
            source: i32::from(source),
            checked_at: Some(convert::time_to_wire(representation.checked_at)),
            representatives: representation
                .representatives
                .into_iter()
                .map(representative_to_wire)
                .collect(),
            care_order: representation.care_order.map(care_to_wire),
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
