//! `samrum.decision.v1.DecisionService`.

use samrum_consent::decide;
use samrum_consent::law::Role;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::convert::{basis, id, ids, optional_ids, text, word, words};
use samrum_proto::wire::decision::v1 as wire;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::call::acting;
use super::directory::respond;
use super::encode::{ticket, time, verdicts};
use crate::service::decision::{MAX_RECIPIENTS, MAX_SUBJECTS};
use crate::service::provision::{ProvisionStanding, Switch};
use crate::service::{Result, anew};

const CHECK: &str = "/samrum.decision.v1.DecisionService/Check";
const SET_PROVISION: &str = "/samrum.decision.v1.DecisionService/SetProvision";
/// Characters of a provision's id.
const MAX_PROVISION_ID: usize = 40;
/// Characters of an operator's reason.
const MAX_REASON: usize = 500;

#[async_trait]
impl wire::decision_service_server::DecisionService for Rpc {
    async fn check(
        &self,
        request: Request<wire::CheckRequest>,
    ) -> Result<Response<wire::CheckResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let statement = asked.acting.take();
            let key = self.idempotency(CHECK, &asked.request_id, &asked)?;
            let acting = acting(statement.as_ref(), CHECK, *key.id.as_bytes());
            let in_reply_to = match asked.in_reply_to.as_slice() {
                [] => None,
                answered => Some(id("in_reply_to", answered)?),
            };
            let question = question(&asked)?;
            let question = (&question, in_reply_to);
            let explained = anew(|| self.hub.check_reply(unit, key, question, &acting)).await?;
            Ok(wire::CheckResponse {
                decision_id: explained.recorded.entry.as_bytes().to_vec(),
                decided_at: time(explained.details.at),
                verdicts: verdicts(&explained.details.verdicts)?,
                ticket: Some(ticket(&explained.recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn explain(
        &self,
        request: Request<wire::ExplainRequest>,
    ) -> Result<Response<wire::ExplainResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let decision = id("decision_id", &request.get_ref().decision_id)?;
            let explained = self.hub.explain(unit, decision).await?;
            Ok(wire::ExplainResponse {
                decision_id: explained.recorded.entry.as_bytes().to_vec(),
                decided_at: time(explained.details.at),
                verdicts: verdicts(&explained.details.verdicts)?,
                ticket: Some(ticket(&explained.recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn list_provisions(
        &self,
        request: Request<wire::ListProvisionsRequest>,
    ) -> Result<Response<wire::ListProvisionsResponse>, Status> {
        // The law and what the hub lets through is no secret to whoever is connected.
        self.caller(&request).await?;
        let standings = self.hub.provisions().await;
        respond(standings.map(|standings| wire::ListProvisionsResponse {
            provisions: standings.into_iter().map(provision).collect(),
        }))
    }

    async fn set_provision(
        &self,
        request: Request<wire::SetProvisionRequest>,
    ) -> Result<Response<wire::SetProvisionResponse>, Status> {
        let operator = self.operator(&request).await?;
        let answer = async {
            let asked = request.into_inner();
            let key = self.idempotency(SET_PROVISION, &asked.request_id, &asked)?;
            let switch = Switch {
                provision: text("provision_id", &asked.provision_id, MAX_PROVISION_ID)?,
                on: asked.on,
                reason: text("reason", &asked.reason, MAX_REASON)?,
            };
            let recorded = anew(|| self.hub.set_provision(&operator, key, &switch)).await?;
            Ok(wire::SetProvisionResponse {
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }
}

/// The name of a role as the catalogue's readers know it.
const fn role(role: Role) -> &'static str {
    match role {
        Role::Secrecy => "SECRECY",
        Role::Waiver => "WAIVER",
        Role::Basis => "BASIS",
        Role::Duty => "DUTY",
        Role::Process => "PROCESS",
        Role::Bars => "BARS",
    }
}

fn provision(standing: ProvisionStanding) -> wire::Provision {
    let provision = standing.provision;
    wire::Provision {
        provision_id: provision.id,
        statute: provision.statute,
        section: provision.section,
        role: role(provision.role).to_owned(),
        sv: provision.sv,
        en: provision.en,
        in_force: standing.in_force,
        on: standing.on,
    }
}

fn question(asked: &wire::CheckRequest) -> Result<decide::Request> {
    let kind = word("kind", asked.kind, Kind::from_number)?;
    let basis = basis(asked.basis.as_ref(), kind)?;
    let recipients = ids("recipient_unit_ids", &asked.recipient_unit_ids, MAX_RECIPIENTS)?;
    let subjects = optional_ids("individual_ids", &asked.individual_ids, MAX_SUBJECTS)?;
    Ok(decide::Request {
        document: None,
        subjects: subjects.into_iter().collect(),
        categories: words("categories", &asked.categories, Category::from_number)?,
        kind,
        purpose: word("purpose", asked.purpose, Purpose::from_number)?,
        recipients: recipients
            .into_iter()
            .map(|unit| decide::Recipient {
                unit,
                basis: decide::Named::Now(basis.clone()),
            })
            .collect(),
    })
}
