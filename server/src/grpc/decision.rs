//! `samrum.decision.v1.DecisionService`.

use samrum_consent::decide;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::convert::{Problem, basis, id, ids, optional_ids, word, words};
use samrum_proto::wire::decision::v1 as wire;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::call::acting;
use super::directory::respond;
use super::encode::{ticket, time, verdicts};
use crate::service::decision::{MAX_RECIPIENTS, MAX_SUBJECTS};
use crate::service::{Result, anew};

const CHECK: &str = "/samrum.decision.v1.DecisionService/Check";

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
            if !asked.in_reply_to.is_empty() {
                let problem = Problem::Other("cannot be judged by this hub yet; leave it out");
                return Err(problem.of("in_reply_to").into());
            }
            let question = question(&asked)?;
            let explained = anew(|| self.hub.check(unit, key, &question, &acting)).await?;
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
