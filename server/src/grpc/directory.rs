//! `samrum.directory.v1.DirectoryService`.

use samrum_consent::fact::Unit;
use samrum_consent::hsa_id::HsaId;
use samrum_consent::vocabulary::{Holder, Sector};
use samrum_proto::convert::{Problem, array, id, text, word};
use samrum_proto::wire::directory::v1 as wire;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::call::name;
use super::encode::{required, ticket, unit, unit_key};
use super::status::status;
use crate::service::directory::MAX_AUTHORITIES;
use crate::service::{Page, Result, ServiceError, anew};
use crate::store::{Authority, Organisation, UnitRecord};

/// Characters of a name.
const MAX_NAME: usize = 120;

#[async_trait]
impl wire::directory_service_server::DirectoryService for Rpc {
    async fn get_unit(
        &self,
        request: Request<wire::GetUnitRequest>,
    ) -> Result<Response<wire::GetUnitResponse>, Status> {
        self.caller(&request).await?;
        let answer = async {
            let record = self.hub.unit(id("unit_id", &request.get_ref().unit_id)?).await?;
            Ok(wire::GetUnitResponse {
                unit: Some(unit(&record)),
            })
        };
        respond(answer.await)
    }

    async fn list_units(
        &self,
        request: Request<wire::ListUnitsRequest>,
    ) -> Result<Response<wire::ListUnitsResponse>, Status> {
        let caller = name(self.caller(&request).await?);
        let asked = request.into_inner();
        let page = Page {
            size: asked.page_size,
            token: asked.page_token,
        };
        let answer = self
            .hub
            .units(&caller, &page)
            .await
            .map(|(units, next_page_token)| wire::ListUnitsResponse {
                units: units.iter().map(unit).collect(),
                next_page_token,
            });
        respond(answer)
    }

    async fn create_organisation(
        &self,
        request: Request<wire::CreateOrganisationRequest>,
    ) -> Result<Response<wire::CreateOrganisationResponse>, Status> {
        let operator = self.operator(&request).await?;
        let answer = async {
            let (organisation, authorities) = organisation(request.get_ref())?;
            let create = || {
                let (organisation, authorities) = (organisation.clone(), authorities.clone());
                self.hub.create_organisation(&operator, organisation, authorities)
            };
            let recorded = anew(create).await?;
            Ok(wire::CreateOrganisationResponse {
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn create_unit(
        &self,
        request: Request<wire::CreateUnitRequest>,
    ) -> Result<Response<wire::CreateUnitResponse>, Status> {
        let operator = self.operator(&request).await?;
        let answer = async {
            let record = unit_record(required("unit", request.get_ref().unit.as_ref())?)?;
            let recorded = anew(|| self.hub.create_unit(&operator, record.clone())).await?;
            Ok(wire::CreateUnitResponse {
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn rotate_unit_key(
        &self,
        request: Request<wire::RotateUnitKeyRequest>,
    ) -> Result<Response<wire::RotateUnitKeyResponse>, Status> {
        let unit = self.unit(&request).await?;
        let asked = request.get_ref();
        let rotate = || {
            self.hub
                .rotate_unit_key(unit, &asked.statement, &asked.organisation_signature)
        };
        respond(
            anew(rotate)
                .await
                .map(|(key_id, recorded)| wire::RotateUnitKeyResponse {
                    key_id: key_id.to_vec(),
                    ticket: Some(ticket(&recorded.ticket)),
                }),
        )
    }

    async fn report_compromised_key(
        &self,
        request: Request<wire::ReportCompromisedKeyRequest>,
    ) -> Result<Response<wire::ReportCompromisedKeyResponse>, Status> {
        let unit = self.unit(&request).await?;
        let asked = request.get_ref();
        let report = || {
            self.hub
                .report_compromised_key(unit, &asked.statement, &asked.organisation_signature)
        };
        respond(
            anew(report)
                .await
                .map(|recorded| wire::ReportCompromisedKeyResponse {
                    ticket: Some(ticket(&recorded.ticket)),
                }),
        )
    }

    async fn list_unit_keys(
        &self,
        request: Request<wire::ListUnitKeysRequest>,
    ) -> Result<Response<wire::ListUnitKeysResponse>, Status> {
        self.caller(&request).await?;
        let answer = async {
            let (keys, organisation) = self
                .hub
                .unit_keys(id("unit_id", &request.get_ref().unit_id)?)
                .await?;
            Ok(wire::ListUnitKeysResponse {
                keys: keys.iter().map(unit_key).collect(),
                organisation_public_key: organisation.to_vec(),
            })
        };
        respond(answer.await)
    }
}

/// The answer, or the status of what went wrong.
pub(super) fn respond<T>(answer: Result<T>) -> Result<Response<T>, Status> {
    answer.map(Response::new).map_err(|error| status(&error))
}

fn organisation(asked: &wire::CreateOrganisationRequest) -> Result<(Organisation, Vec<Authority>)> {
    let organisation = required("organisation", asked.organisation.as_ref())?;
    let number = organisation.organisation_number.parse();
    let organisation = Organisation {
        id: id("organisation.organisation_id", &organisation.organisation_id)?,
        number: number.map_err(|_| {
            let problem = "has ten digits, the third at least 2, the last a check digit";
            Problem::Other(problem).of("organisation.organisation_number")
        })?,
        name: text("organisation.name", &organisation.name, MAX_NAME)?,
        holder: word("organisation.holder", organisation.holder, Holder::from_number)?,
        signing_key: array(
            "organisation.signing_public_key",
            &organisation.signing_public_key,
        )?,
    };
    if asked.authorities.is_empty() {
        return Err(Problem::Missing.of("authorities").into());
    }
    if asked.authorities.len() > MAX_AUTHORITIES {
        return Err(ServiceError::LimitExceeded {
            field: "authorities",
            limit: MAX_AUTHORITIES,
        });
    }
    let authorities = asked.authorities.iter().map(|authority| {
        Ok(Authority {
            id: id("authorities.authority_id", &authority.authority_id)?,
            organisation: organisation.id,
            name: text("authorities.name", &authority.name, MAX_NAME)?,
        })
    });
    let authorities = authorities.collect::<Result<_>>()?;
    Ok((organisation, authorities))
}

fn unit_record(unit: &wire::Unit) -> Result<UnitRecord> {
    let hsa_id = match unit.hsa_id.as_str() {
        "" => String::new(),
        given => {
            let id = given.parse::<HsaId>();
            let problem =
                "must be SE, an organisation number, a hyphen and at most 18 letters A-Z and digits";
            id.map_err(|_| Problem::Other(problem).of("unit.hsa_id"))?
                .to_string()
        }
    };
    Ok(UnitRecord {
        unit: Unit {
            id: id("unit.unit_id", &unit.unit_id)?,
            authority: id("unit.authority_id", &unit.authority_id)?,
            organisation: id("unit.organisation_id", &unit.organisation_id)?,
            sector: word("unit.sector", unit.sector, Sector::from_number)?,
            holder: word("unit.holder", unit.holder, Holder::from_number)?,
            board_reception: unit.board_reception,
        },
        name: text("unit.name", &unit.name, MAX_NAME)?,
        hsa_id,
        authority_name: String::new(),
        organisation_name: String::new(),
        revision: 1,
    })
}
