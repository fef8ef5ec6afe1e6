//! Provisions through a whole hub: all that permit are off in a new hub, the operator turns each on by a decision that
//! is written down, and off again at once for what waits; they carry one-off information between those whom they
//! name, and nothing of the SIP process (domain, "Legal bases other than consent").

mod carrying;
mod switching;

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::wire::decision::v1 as wire;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{CHILD, Letter, Party, Question, Story, new_id};
use tonic::Status;

/// Necessary support from a health authority to health care or social services.
const SUPPORT: &str = "OSL-25-12";

async fn switch(party: &Party, request: wire::SetProvisionRequest) -> Result<Vec<u8>, Status> {
    let answer = party.decisions().set_provision(request).await;
    answer.map(|answer| answer.into_inner().ticket.unwrap().entry_id)
}

async fn turn(story: &Story, on: bool) -> Vec<u8> {
    switch(&story.operator, story.operator.switching(SUPPORT, on))
        .await
        .unwrap()
}

async fn list(party: &Party) -> Vec<wire::Provision> {
    let answer = party
        .decisions()
        .list_provisions(wire::ListProvisionsRequest {})
        .await;
    answer.unwrap().into_inner().provisions
}

/// What is turned on.
async fn on(party: &Party) -> Vec<String> {
    let all = list(party).await.into_iter();
    all.filter(|one| one.on).map(|one| one.provision_id).collect()
}

fn naming(provision: &str, reason: &str) -> wire::Basis {
    wire::Basis {
        basis: Some(wire::basis::Basis::Provision(wire::ProvisionBasis {
            provision_id: provision.to_owned(),
            reason: reason.to_owned(),
        })),
    }
}

/// A story in which child psychiatry has opened a case for the child, nobody has been asked for consent.
struct Case {
    story: Story,
    child: IndividualId,
}

impl Case {
    async fn begin() -> Self {
        let story = Story::begin().await;
        let child = story.register(&story.psychiatry, CHILD).await;
        Self { story, child }
    }

    /// Child psychiatry's question, on a basis that it names.
    async fn ask(&self, kind: Kind, to: &[&Party], basis: wire::Basis) -> Vec<wire::Verdict> {
        self.ask_about(&self.child, &self.story.psychiatry, kind, to, basis)
            .await
    }

    async fn ask_about(
        &self,
        child: &IndividualId,
        sender: &Party,
        kind: Kind,
        to: &[&Party],
        basis: wire::Basis,
    ) -> Vec<wire::Verdict> {
        let question = Question {
            subjects: std::slice::from_ref(child),
            to,
            categories: &[Category::HealthMental],
            kind,
            purpose: Purpose::AssessmentSupport,
        };
        let request = wire::CheckRequest {
            basis: Some(basis),
            ..sender.checking(&question)
        };
        sender
            .decisions()
            .check(request)
            .await
            .unwrap()
            .into_inner()
            .verdicts
    }

    /// Its question about information for necessary support.
    async fn support(&self, to: &[&Party]) -> Vec<wire::Verdict> {
        self.ask(
            Kind::Information,
            to,
            naming(SUPPORT, "Barnet behöver stöd hemma"),
        )
        .await
    }

    fn letter<'a>(&'a self, kind: Kind, to: &'a [&'a Party]) -> Letter<'a> {
        Letter {
            kind,
            categories: &[Category::HealthMental],
            subjects: std::slice::from_ref(&self.child),
            basis: Basis::Provision {
                id: SUPPORT.to_owned(),
                reason: "Barnet behöver stöd hemma".to_owned(),
            },
            text: "Uppgifter till socialtjänsten",
            to,
        }
    }

    /// Sends information to social services; answers with document and delivery.
    async fn inform(&self) -> Result<(Vec<u8>, Vec<u8>), Status> {
        let psychiatry = &self.story.psychiatry;
        let (document, to) = (new_id(), [&self.story.social]);
        let sealed = psychiatry
            .seal_as(document.clone(), &self.letter(Kind::Information, &to))
            .await;
        let request = psychiatry.sending(&document, sealed);
        let sent = psychiatry.exchange().send_document(request).await?.into_inner();
        Ok((document, sent.deliveries[0].delivery_id.clone()))
    }

    async fn state(&self, document: &[u8]) -> DeliveryState {
        let request = exchange::ListDeliveriesRequest {
            document_id: document.to_vec(),
        };
        let listed = self.story.psychiatry.exchange().list_deliveries(request).await;
        listed.unwrap().into_inner().deliveries[0].state()
    }
}

fn codes(verdict: &wire::Verdict) -> Vec<ReasonCode> {
    assert_ne!(verdict.permitted, verdict.ground.is_none());
    verdict.reasons.iter().map(wire::Reason::code).collect()
}

#[track_caller]
fn assert_rests_on(verdict: &wire::Verdict, provision: &str) {
    let ground = verdict.ground.clone().and_then(|ground| ground.ground);
    let expected = wire::ground::Ground::ProvisionId(provision.to_owned());
    assert_eq!((verdict.permitted, ground), (true, Some(expected)));
}
