//! `samrum.consent.v1.ConsentService`.

use samrum_consent::consent::Evidence;
use samrum_consent::id::UnitId;
use samrum_proto::convert::{Problem, array, exclusions, id, scope_from_wire, text, time};
use samrum_proto::wire::consent::v1 as wire;
use samrum_ui::Language;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::call::acting;
use super::directory::respond;
use super::encode::{consent, required, ticket};
use crate::service::consent::{ConsentRequest, Recording};
use crate::service::{Page, Result, anew, is_user_id, no_anew};

const REQUEST: &str = "/samrum.consent.v1.ConsentService/RequestConsent";
const RECORD: &str = "/samrum.consent.v1.ConsentService/RecordSignature";
const DECLINE: &str = "/samrum.consent.v1.ConsentService/DeclineConsent";
const NARROW: &str = "/samrum.consent.v1.ConsentService/NarrowConsent";
const ACCEPT: &str = "/samrum.consent.v1.ConsentService/AcceptEvidence";
const REVOKE: &str = "/samrum.consent.v1.ConsentService/RevokeConsent";
/// Characters of a witness's user id.
const MAX_USER: usize = 64;

#[async_trait]
impl wire::consent_service_server::ConsentService for Rpc {
    async fn request_consent(
        &self,
        request: Request<wire::RequestConsentRequest>,
    ) -> Result<Response<wire::RequestConsentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(REQUEST, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), REQUEST, *key.id.as_bytes());
            let former = asked.supersedes_consent_id.as_slice();
            let asking = ConsentRequest {
                individual: id("individual_id", &asked.individual_id)?,
                scope: scope_from_wire(required("scope", asked.scope.as_ref())?)?,
                supersedes: match former {
                    [] => None,
                    former => Some(id("supersedes_consent_id", former)?),
                },
            };
            let (view, recorded) =
                anew(|| self.hub.request_consent(unit, key, asking.clone(), &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::RequestConsentResponse {
                consent: Some(consent(&view)),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn record_signature(
        &self,
        request: Request<wire::RecordSignatureRequest>,
    ) -> Result<Response<wire::RecordSignatureResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(RECORD, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), RECORD, *key.id.as_bytes());
            let yes = Recording::Yes(evidence(unit, required("evidence", asked.evidence.as_ref())?)?);
            let whose = (id("consent_id", &asked.consent_id)?, asked.signatory);
            let (view, recorded) =
                anew(|| self.hub.record_answer(unit, key, whose, yes.clone(), &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::RecordSignatureResponse {
                consent: Some(consent(&view)),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn decline_consent(
        &self,
        request: Request<wire::DeclineConsentRequest>,
    ) -> Result<Response<wire::DeclineConsentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(DECLINE, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), DECLINE, *key.id.as_bytes());
            let whose = (id("consent_id", &asked.consent_id)?, asked.signatory);
            let no = Recording::No;
            let (view, recorded) =
                no_anew(|| self.hub.record_answer(unit, key, whose, no.clone(), &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::DeclineConsentResponse {
                consent: Some(consent(&view)),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn narrow_consent(
        &self,
        request: Request<wire::NarrowConsentRequest>,
    ) -> Result<Response<wire::NarrowConsentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(NARROW, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), NARROW, *key.id.as_bytes());
            let more = asked
                .exclusions
                .as_ref()
                .map(exclusions)
                .transpose()?
                .unwrap_or_default();
            let until = asked.valid_until.as_ref();
            let until = until.map(|until| time("valid_until", Some(until))).transpose()?;
            let matter = (id("consent_id", &asked.consent_id)?, more, until);
            let (view, recorded) =
                anew(|| self.hub.narrow_consent(unit, key, matter.clone(), &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::NarrowConsentResponse {
                consent: Some(consent(&view)),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn revoke_consent(
        &self,
        request: Request<wire::RevokeConsentRequest>,
    ) -> Result<Response<wire::RevokeConsentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(REVOKE, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), REVOKE, *key.id.as_bytes());
            let which = id("consent_id", &asked.consent_id)?;
            let (view, recorded) = no_anew(|| self.hub.revoke_consent(unit, key, which, &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::RevokeConsentResponse {
                consent: Some(consent(&view)),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn accept_evidence(
        &self,
        request: Request<wire::AcceptEvidenceRequest>,
    ) -> Result<Response<wire::AcceptEvidenceResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(ACCEPT, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), ACCEPT, *key.id.as_bytes());
            let which = id("consent_id", &asked.consent_id)?;
            let (view, recorded) = anew(|| self.hub.accept_evidence(unit, key, which, &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::AcceptEvidenceResponse {
                consent: Some(consent(&view)),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn get_consent_receipt(
        &self,
        request: Request<wire::GetConsentReceiptRequest>,
    ) -> Result<Response<wire::GetConsentReceiptResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let asked = request.get_ref();
            let language = language(&asked.language)?;
            let which = id("consent_id", &asked.consent_id)?;
            let receipt = self.hub.consent_receipt(unit, which, language).await?;
            Ok(wire::GetConsentReceiptResponse {
                json: receipt.json,
                text: receipt.text,
            })
        };
        respond(answer.await)
    }

    async fn get_consent(
        &self,
        request: Request<wire::GetConsentRequest>,
    ) -> Result<Response<wire::GetConsentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let view = self
                .hub
                .consent(unit, id("consent_id", &request.get_ref().consent_id)?)
                .await?;
            Ok(wire::GetConsentResponse {
                consent: Some(consent(&view)),
            })
        };
        respond(answer.await)
    }

    async fn list_consents(
        &self,
        request: Request<wire::ListConsentsRequest>,
    ) -> Result<Response<wire::ListConsentsResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let asked = request.into_inner();
            let page = Page {
                size: asked.page_size,
                token: asked.page_token,
            };
            let individual = id("individual_id", &asked.individual_id)?;
            let (views, next_page_token) = self.hub.consents(unit, individual, &page).await?;
            let consents = views.iter().map(consent).collect();
            Ok(wire::ListConsentsResponse {
                consents,
                next_page_token,
            })
        };
        respond(answer.await)
    }
}

/// Exactly one of the languages that have words; Swedish unless another is named.
fn language(code: &str) -> Result<Language> {
    let known = Language::ALL.iter().copied();
    match code {
        "" => Ok(Language::default()),
        code => known
            .into_iter()
            .find(|language| language.code() == code)
            .ok_or_else(|| Problem::Other("must be sv or en").of("language").into()),
    }
}

fn evidence(recorded_by: UnitId, message: &wire::Evidence) -> Result<Evidence> {
    match required("evidence", message.evidence.as_ref())? {
        wire::evidence::Evidence::Paper(paper) => Ok(Evidence::Paper {
            recorded_by,
            scan_sha256: array("evidence.paper.scan_sha256", &paper.scan_sha256)?,
        }),
        wire::evidence::Evidence::Oral(oral) => {
            let first_witness = witness("evidence.oral.first_witness", &oral.first_witness)?;
            let second_witness = witness("evidence.oral.second_witness", &oral.second_witness)?;
            // One person written in two ways is still one person.
            if first_witness.eq_ignore_ascii_case(&second_witness) {
                let problem = Problem::Other("must be another professional than the first");
                return Err(problem.of("evidence.oral.second_witness").into());
            }
            Ok(Evidence::Oral {
                recorded_by,
                first_witness,
                second_witness,
            })
        }
    }
}

fn witness(field: &'static str, user: &str) -> Result<String> {
    let user = text(field, user, MAX_USER)?;
    if is_user_id(&user) {
        Ok(user)
    } else {
        let problem = "must be a user id of visible ASCII characters without spaces";
        Err(Problem::Other(problem).of(field).into())
    }
}
