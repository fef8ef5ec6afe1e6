//! What a provision that is on carries, between whom, and what not.

use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::wire::decision::v1 as wire;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{CHILD, GUARDIANS, Question, Story, entry_details, receipt, refusal};
use tonic::Response;

use crate::{Case, SUPPORT, assert_rests_on, codes, naming, on, turn};

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
