//! Provisions through a whole hub: all that permit are off in a new hub, the operator turns each on by a decision that
//! is written down, and off again at once for what waits; they carry one-off information between those whom they
//! name, and nothing of the SIP process (domain, "Legal bases other than consent").

use std::collections::BTreeSet;
use std::time::Duration;

use samrum_consent::id::IndividualId;
use samrum_consent::law::{Law, Role};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::wire::decision::v1 as wire;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Question, Story, assert_fails, entry_details, new_id, receipt,
    refusal,
};
use tonic::{Code, Response, Status};

/// Necessary support from a health authority to health care or social services.
const SUPPORT: &str = "OSL-25-12";
/// More deliveries than are withheld in one go.
const MANY: usize = 66;
/// Longer than the hub takes to withhold them all.
const PATIENCE: Duration = Duration::from_secs(20);

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

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_whole_and_everything_that_permits_is_off_in_a_new_hub() {
    let story = Story::begin().await;
    let law = Law::embedded().unwrap();
    let listed = list(&story.social).await;
    for party in [&story.clinic, &story.auditor, &story.operator] {
        assert_eq!(list(party).await, listed, "{}", party.name);
    }
    let ids: Vec<_> = listed.iter().map(|one| one.provision_id.as_str()).collect();
    let all: Vec<_> = law.provisions().iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, all, "in the order of the catalogue");
    for one in &listed {
        println!("{}", one.provision_id);
        assert!(!one.on && !one.statute.is_empty() && !one.section.is_empty());
        assert!(!one.sv.is_empty() && !one.en.is_empty() && one.sv != one.en);
    }
    let known = |id: &str| listed.iter().find(|one| one.provision_id == id).unwrap();
    for (id, role, in_force) in [
        (SUPPORT, "BASIS", true),
        ("SOL2025-19-1", "DUTY", true),
        ("SOL2001-14-1", "DUTY", false),
        ("OSL-10-1", "WAIVER", true),
        ("OSL-12-3", "BARS", true),
        ("HSL-16-4", "PROCESS", true),
        ("OSL-25-1", "SECRECY", true),
    ] {
        assert_eq!(
            (known(id).role.as_str(), known(id).in_force),
            (role, in_force),
            "{id}"
        );
    }
    let permitting = law.provisions().iter().filter(|one| one.role == Role::Basis);
    assert!(permitting.count() >= 5, "there is something to be off");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_turned_on_carries_information_between_authorities_until_it_is_off() {
    let case = Case::begin().await;
    let Story {
        social, reception, ..
    } = &case.story;
    let to = [social, reception];
    for verdict in case.support(&to).await {
        assert_eq!(codes(&verdict), [ReasonCode::ProvisionOff]);
    }
    let early = case.inform().await.unwrap_err();
    assert_eq!(refusal(&early).0, "PROVISION_OFF");

    turn(&case.story, true).await;
    assert_eq!(on(social).await, [SUPPORT]);
    for verdict in case.support(&to).await {
        assert_rests_on(&verdict, SUPPORT);
    }
    let (_, delivery) = case.inform().await.unwrap();
    let fetched = social.fetch(&delivery).await.unwrap();
    assert_eq!(fetched.sender_unit_id, case.story.psychiatry.bytes());

    turn(&case.story, false).await;
    assert!(on(social).await.is_empty());
    for verdict in case.support(&to).await {
        assert_eq!(codes(&verdict), [ReasonCode::ProvisionOff]);
    }
    let late = case.inform().await.unwrap_err();
    assert_eq!(refusal(&late).0, "PROVISION_OFF");
    // What was read is read; its key is not given out once more.
    let again = social.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&again).0, "PROVISION_OFF");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_reaches_neither_schools_nor_private_providers_nor_from_them() {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let Story {
        social,
        school,
        pupil_health,
        clinic,
        ..
    } = &case.story;
    let verdicts = case.support(&[social, school, pupil_health, clinic]).await;
    assert_rests_on(&verdicts[0], SUPPORT);
    for verdict in &verdicts[1..] {
        assert_eq!(codes(verdict), [ReasonCode::ProvisionRecipientMismatch]);
    }
    for sender in [social, school, clinic] {
        let child = case.story.register(sender, CHILD).await;
        let to = [&case.story.psychiatry];
        let basis = naming(SUPPORT, "Barnet behöver stöd");
        let asked = case
            .ask_about(&child, sender, Kind::Information, &to, basis)
            .await;
        assert_eq!(
            codes(&asked[0]),
            [ReasonCode::ProvisionSenderMismatch],
            "{}",
            sender.name
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_document_of_the_sip_process_passes_on_a_provision() {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let to = [&case.story.social];
    let sip = [
        Kind::Summons,
        Kind::Reply,
        Kind::PreMeeting,
        Kind::Note,
        Kind::Mapping,
        Kind::Plan,
        Kind::FollowUp,
        Kind::Evaluation,
        Kind::Closure,
        Kind::CostSplit,
    ];
    for kind in sip {
        let asked = case.ask(kind, &to, naming(SUPPORT, "Barnet behöver stöd")).await;
        assert_eq!(codes(&asked[0]), [ReasonCode::BasisNotForKind], "{kind}");
        let sent = case.story.psychiatry.send(&case.letter(kind, &to)).await;
        assert_eq!(refusal(&sent.unwrap_err()).0, "BASIS_NOT_FOR_KIND", "{kind}");
    }
    case.inform().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_condition_of_it_denies_by_its_own_name() {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let to = [&case.story.social];
    let ask = async |basis| codes(&case.ask(Kind::Information, &to, basis).await[0]);
    assert!(ask(naming(SUPPORT, "Barnet behöver stöd")).await.is_empty());
    assert_eq!(
        ask(naming(SUPPORT, " ")).await,
        [ReasonCode::ProvisionReasonMissing]
    );
    // Another one is off still; a duty or a process is none that could be named.
    assert_eq!(
        ask(naming("OSL-25-13", "Barnet kan inte svara")).await,
        [ReasonCode::ProvisionOff, ReasonCode::ProvisionCircumstanceMissing]
    );
    for id in ["SOL2025-19-1", "HSL-16-4", "OSL-99-99"] {
        assert_eq!(
            ask(naming(id, "Barnet behöver stöd")).await,
            [ReasonCode::ProvisionUnknown],
            "{id}"
        );
    }
    // The support is for those under 18.
    let adult = case.story.register(&case.story.psychiatry, GUARDIANS[0]).await;
    let basis = naming(SUPPORT, "Föräldern behöver stöd");
    let asked = case
        .ask_about(&adult, &case.story.psychiatry, Kind::Information, &to, basis)
        .await;
    assert_eq!(codes(&asked[0]), [ReasonCode::ProvisionCircumstanceMissing]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_mentioned_where_consent_is_missing_and_never_picked() {
    let case = Case::begin().await;
    let to = [&case.story.social, &case.story.school];
    let consent = wire::Basis {
        basis: Some(wire::basis::Basis::Consent(wire::ConsentBasis {})),
    };
    let mentioned = async || {
        let verdicts = case.ask(Kind::Information, &to, consent.clone()).await;
        assert!(
            verdicts
                .iter()
                .all(|verdict| codes(verdict) == [ReasonCode::ConsentMissing])
        );
        let all = verdicts
            .into_iter()
            .map(|verdict| verdict.alternative_provision_ids);
        all.collect::<Vec<_>>()
    };
    assert_eq!(mentioned().await, [vec![], Vec::<String>::new()]);
    turn(&case.story, true).await;
    assert_eq!(mentioned().await, [vec![SUPPORT.to_owned()], vec![]]);
    turn(&case.story, false).await;
    assert_eq!(mentioned().await, [vec![], Vec::<String>::new()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_it_is_withheld_when_it_is_turned_off_and_stays_so() {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let (document, delivery) = case.inform().await.unwrap();
    assert_eq!(case.state(&document).await, DeliveryState::Queued);
    turn(&case.story, false).await;
    assert_eq!(
        case.state(&document).await,
        DeliveryState::Withheld,
        "before anybody asks for it"
    );
    let kept = case.story.social.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&kept).0, "DELIVERY_WITHHELD");
    // Turned on again it carries what is sent from then on.
    turn(&case.story, true).await;
    let kept = case.story.social.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&kept).0, "DELIVERY_WITHHELD");
    let (_, anew) = case.inform().await.unwrap();
    case.story.social.fetch(&anew).await.unwrap();
}

/// A case with more waiting on the provision than is withheld in one go, by document and delivery.
async fn with_many() -> (Case, Vec<(Vec<u8>, Vec<u8>)>) {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let mut waiting = Vec::new();
    for _ in 0..MANY {
        waiting.push(case.inform().await.unwrap());
    }
    turn(&case.story, false).await;
    (case, waiting)
}

#[tokio::test(flavor = "multi_thread")]
async fn however_much_waits_on_it_none_of_it_comes_back() {
    let (case, waiting) = with_many().await;
    turn(&case.story, true).await;
    for (document, _) in &waiting {
        assert_eq!(case.state(document).await, DeliveryState::Withheld);
    }
    let (_, last) = waiting.last().unwrap();
    let kept = case.story.social.fetch(last).await.unwrap_err();
    assert_eq!(refusal(&kept).0, "DELIVERY_WITHHELD");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_when_it_is_turned_off_is_withheld_by_itself() {
    let (mut case, waiting) = with_many().await;
    case.story.hub.stop().await;
    case.story.hub.start_again().await;
    case.story.reconnect();
    let request = exchange::SubscribeInboxRequest::default();
    let told = case.story.social.exchange().subscribe_inbox(request).await;
    let mut told = told.unwrap().into_inner();
    let mut withheld = BTreeSet::new();
    let all_told = async {
        while withheld.len() < MANY {
            let next = told.message().await.unwrap().unwrap();
            if let Some(exchange::subscribe_inbox_response::Event::Item(item)) = next.event
                && item.state() == DeliveryState::Withheld
            {
                withheld.insert(item.delivery_id);
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, all_told).await;
    told.expect("everything that is left is withheld");
    let all: BTreeSet<_> = waiting.into_iter().map(|(_, delivery)| delivery).collect();
    assert_eq!(withheld, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_and_what_permits_nothing_have_no_switch() {
    let case = Case::begin().await;
    let operator = &case.story.operator;
    let before = Census::of(&case.story.hub.data()).await;
    let without_switch = [
        "SOL2025-19-1",
        "SOL2025-19-6",
        "OSL-10-1",
        "OSL-12-3",
        "HSL-16-4",
        "OSL-25-1",
        "OSL-99-99",
        "osl-25-12",
        "",
    ];
    for id in without_switch {
        for on in [true, false] {
            println!("{id:?}");
            let answer = switch(operator, operator.switching(id, on)).await;
            assert_fails(answer, Code::InvalidArgument, "FIELD_INVALID");
        }
    }
    for reason in [String::new(), " ".to_owned(), "å".repeat(501)] {
        let request = wire::SetProvisionRequest {
            reason,
            ..operator.switching(SUPPORT, true)
        };
        let answer = switch(operator, request).await;
        assert_eq!(answer.unwrap_err().code(), Code::InvalidArgument);
    }
    assert_eq!(Census::of(&case.story.hub.data()).await, before);
    assert!(on(operator).await.is_empty());
    // A duty needs none.
    let to = [&case.story.reception];
    case.story.school.send(&Letter::report(&to)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_operator_turns_anything_on() {
    let case = Case::begin().await;
    let before = Census::of(&case.story.hub.data()).await;
    let region = case.story.hub.party("auditor-region-exempel");
    for party in [
        &case.story.psychiatry,
        &case.story.social,
        &case.story.auditor,
        &region,
    ] {
        let answer = switch(party, party.switching(SUPPORT, true)).await;
        assert_fails(answer, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    }
    assert_eq!(Census::of(&case.story.hub.data()).await, before);
    assert!(on(&case.story.social).await.is_empty());
    turn(&case.story, true).await;
    let off = switch(
        &case.story.psychiatry,
        case.story.psychiatry.switching(SUPPORT, false),
    )
    .await;
    assert_fails(off, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    assert_eq!(on(&case.story.social).await, [SUPPORT]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switching_is_written_down_with_who_and_why_and_repeats_its_answer() {
    let case = Case::begin().await;
    let (operator, data) = (&case.story.operator, case.story.hub.data());
    for (turned, times) in [(true, 2), (false, 2)] {
        // Saying what is so already is written down too.
        for _ in 0..times {
            let entry = turn(&case.story, turned).await;
            let details = entry_details(&data, &entry).await;
            assert_eq!(details["event"], "PROVISION_SET");
            assert_eq!(details["by"]["operator"], "demo", "the name in the certificate");
            assert_eq!(details["named"]["provision"], SUPPORT);
            assert_eq!(details["named"]["on"], turned.to_string());
            assert_eq!(details["named"]["reason"], "Beslut av nämnden 2026-11-23");
        }
    }
    let mut request = operator.switching(SUPPORT, true);
    let first = switch(operator, request.clone()).await.unwrap();
    turn(&case.story, false).await;
    let before = Census::of(&data).await;
    assert_eq!(switch(operator, request.clone()).await.unwrap(), first);
    assert!(
        on(operator).await.is_empty(),
        "an answer repeated turns nothing on"
    );
    request.on = false;
    assert_fails(switch(operator, request).await, Code::AlreadyExists, "ID_REUSED");
    assert_eq!(Census::of(&data).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entry_of_a_disclosure_names_the_provision_and_the_reason_given() {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let (document, delivery) = case.inform().await.unwrap();
    let fetched = case.story.social.fetch(&delivery).await.unwrap();
    let proof = receipt(&case.story.social, &fetched.decision_id).await.unwrap();
    let details: serde_json::Value = serde_json::from_slice(&proof.details).unwrap();
    assert_eq!(details["verdicts"][0]["provision"], SUPPORT, "{details}");
    let entry = case.story.psychiatry.checking(&Question {
        subjects: &[case.child],
        to: &[&case.story.social],
        categories: &[Category::HealthMental],
        kind: Kind::Information,
        purpose: Purpose::Sip,
    });
    let request = wire::CheckRequest {
        basis: Some(naming(SUPPORT, "Barnet behöver stöd hemma")),
        ..entry
    };
    let asked = case
        .story
        .psychiatry
        .decisions()
        .check(request)
        .await
        .map(Response::into_inner);
    let details = entry_details(&case.story.hub.data(), &asked.unwrap().decision_id).await;
    let reasons = &details["matter"]["stated_reasons"];
    assert_eq!(
        reasons[case.story.social.id().to_string()],
        "Barnet behöver stöd hemma"
    );
    assert_eq!(case.state(&document).await, DeliveryState::Released);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_and_what_is_off_stays_so_when_the_hub_starts_again() {
    let mut case = Case::begin().await;
    for turned in [true, false] {
        turn(&case.story, turned).await;
        case.story.hub.stop().await;
        case.story.hub.start_again().await;
        case.story.reconnect();
        let expected: &[&str] = if turned { &[SUPPORT] } else { &[] };
        assert_eq!(on(&case.story.operator).await, expected);
        let verdicts = case.support(&[&case.story.social]).await;
        assert_eq!(verdicts[0].permitted, turned);
    }
}
