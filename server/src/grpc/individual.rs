//! `samrum.individual.v1.IndividualService`.

use samrum_consent::identity_number::IdentityNumber;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Category, CustodySource};
use samrum_proto::convert::{Problem, id, text, time, words};
use samrum_proto::wire::individual::v1 as wire;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::call::acting;
use super::directory::respond;
use super::encode::{required, ticket, time as encode_time};
use super::fact;
use crate::service::individual::{
    CareOrderReading, CustodyReading, IndividualView, NamedPerson, RepresentativeReading,
};
use crate::service::{Page, Result, anew};

const ASSESS: &str = "/samrum.individual.v1.IndividualService/RecordAssessment";
const RECORD: &str = "/samrum.individual.v1.IndividualService/RecordCircumstance";
const ATTEST: &str = "/samrum.individual.v1.IndividualService/AttestFact";
const SET_REPRESENTATION: &str = "/samrum.individual.v1.IndividualService/SetRepresentation";
const REGISTER: &str = "/samrum.individual.v1.IndividualService/RegisterIndividual";
/// Characters of a person's name.
const MAX_NAME: usize = 120;

#[async_trait]
impl wire::individual_service_server::IndividualService for Rpc {
    async fn register_individual(
        &self,
        request: Request<wire::RegisterIndividualRequest>,
    ) -> Result<Response<wire::RegisterIndividualResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(REGISTER, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), REGISTER, *key.id.as_bytes());
            let person = person("person", required("person", asked.person.as_ref())?)?;
            let (individual, recorded) =
                anew(|| self.hub.register_individual(unit, key, &person, &acting)).await?;
            Ok(wire::RegisterIndividualResponse {
                individual_id: individual.as_bytes().to_vec(),
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn set_representation(
        &self,
        request: Request<wire::SetRepresentationRequest>,
    ) -> Result<Response<wire::SetRepresentationResponse>, Status> {
        let operator = self.operator(&request).await?;
        let answer = async {
            let asked = request.into_inner();
            let key = self.idempotency(SET_REPRESENTATION, &asked.request_id, &asked)?;
            let reading = CustodyReading {
                child: person("person", required("person", asked.person.as_ref())?)?,
                guardians: asked
                    .guardians
                    .iter()
                    .map(|guardian| person("guardians", guardian))
                    .collect::<Result<_>>()?,
                source: source(asked.source())?,
                checked_at: time("checked_at", asked.checked_at.as_ref())?,
                representatives: asked
                    .representatives
                    .iter()
                    .map(representative)
                    .collect::<Result<_>>()?,
                care_order: asked.care_order.as_ref().map(care_order).transpose()?,
            };
            let recorded = anew(|| self.hub.set_representation(&operator, key, &reading)).await?;
            Ok(wire::SetRepresentationResponse {
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn get_individual(
        &self,
        request: Request<wire::GetIndividualRequest>,
    ) -> Result<Response<wire::GetIndividualResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let individual = id("individual_id", &request.get_ref().individual_id)?;
            Ok(shown(&self.hub.individual(unit, individual).await?))
        };
        respond(answer.await)
    }

    async fn record_assessment(
        &self,
        request: Request<wire::RecordAssessmentRequest>,
    ) -> Result<Response<wire::RecordAssessmentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(ASSESS, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), ASSESS, *key.id.as_bytes());
            let individual = id("individual_id", &asked.individual_id)?;
            let new = fact::new_fact(fact::assessed(asked.assessment.as_ref())?, &asked.reason)?;
            let (fact, recorded) =
                anew(|| self.hub.record_fact(unit, key, (individual, &new), &acting)).await?;
            Ok(wire::RecordAssessmentResponse {
                fact_id: fact.as_bytes().to_vec(),
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn record_circumstance(
        &self,
        request: Request<wire::RecordCircumstanceRequest>,
    ) -> Result<Response<wire::RecordCircumstanceResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(RECORD, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), RECORD, *key.id.as_bytes());
            let individual = id("individual_id", &asked.individual_id)?;
            let new = fact::new_fact(fact::found(asked.circumstance.as_ref())?, &asked.reason)?;
            let (fact, recorded) =
                anew(|| self.hub.record_fact(unit, key, (individual, &new), &acting)).await?;
            Ok(wire::RecordCircumstanceResponse {
                fact_id: fact.as_bytes().to_vec(),
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn attest_fact(
        &self,
        request: Request<wire::AttestFactRequest>,
    ) -> Result<Response<wire::AttestFactResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(ATTEST, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), ATTEST, *key.id.as_bytes());
            let fact = id("fact_id", &asked.fact_id)?;
            let recorded = anew(|| self.hub.attest_fact(unit, key, fact, &acting)).await?;
            Ok(wire::AttestFactResponse {
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn list_facts(
        &self,
        request: Request<wire::ListFactsRequest>,
    ) -> Result<Response<wire::ListFactsResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let asked = request.into_inner();
            let page = Page {
                size: asked.page_size,
                token: asked.page_token,
            };
            let individual = id("individual_id", &asked.individual_id)?;
            let (facts, next_page_token) = self.hub.facts(unit, individual, &page).await?;
            Ok(wire::ListFactsResponse {
                facts: facts.iter().map(fact::fact).collect(),
                next_page_token,
            })
        };
        respond(answer.await)
    }
}

fn representative(message: &wire::Representative) -> Result<RepresentativeReading> {
    let until = message.valid_until.as_ref();
    Ok(RepresentativeReading {
        person: person(
            "representatives",
            required("representatives", message.person.as_ref())?,
        )?,
        until: until
            .map(|until| time("representatives", Some(until)))
            .transpose()?,
    })
}

fn care_order(message: &wire::CareOrder) -> Result<CareOrderReading> {
    Ok(CareOrderReading {
        board: id("care_order.authority_id", &message.authority_id)?,
        categories: words(
            "care_order.categories",
            &message.categories,
            Category::from_number,
        )?,
        period: Period {
            from: time("care_order.valid_from", message.valid_from.as_ref())?,
            until: time("care_order.valid_until", message.valid_until.as_ref())?,
        },
    })
}

pub(super) fn person(field: &'static str, person: &wire::Person) -> Result<NamedPerson> {
    // What is wrong is said; the number itself is never repeated.
    let number = person.identity_number.parse::<IdentityNumber>();
    let problem = "identity_number must be a valid personnummer or samordningsnummer of twelve digits";
    Ok(NamedPerson {
        number: number.map_err(|_| Problem::Other(problem).of(field))?,
        name: text(field, &person.name, MAX_NAME)?,
    })
}

fn source(source: wire::CustodySource) -> Result<CustodySource> {
    match source {
        wire::CustodySource::PopulationRegister => Ok(CustodySource::PopulationRegister),
        wire::CustodySource::CourtDecision => Ok(CustodySource::CourtDecision),
        wire::CustodySource::Unspecified => Err(Problem::Missing.of("source").into()),
    }
}

fn shown(view: &IndividualView) -> wire::GetIndividualResponse {
    let custody = view.custody.as_ref();
    let source = custody.map_or(wire::CustodySource::Unspecified, |custody| match custody.source {
        CustodySource::PopulationRegister => wire::CustodySource::PopulationRegister,
        CustodySource::CourtDecision => wire::CustodySource::CourtDecision,
    });
    let count = custody.map_or(0, |custody| custody.guardians.len());
    wire::GetIndividualResponse {
        individual_id: view.record.id.as_bytes().to_vec(),
        name: view.record.name.clone(),
        identity_number: view.number.digits(),
        guardian_count: u32::try_from(count).unwrap_or(u32::MAX),
        custody_source: source.into(),
        custody_checked_at: custody.and_then(|custody| encode_time(custody.checked_at)),
    }
}
