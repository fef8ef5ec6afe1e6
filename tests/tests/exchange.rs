//! The way of a document through a whole hub: permitted, denied, withheld; each permit with its denial.

use samrum_consent::vocabulary::{Basis, Category, Kind};
use samrum_proto::envelope::SealedEnvelope;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{Letter, Story, assert_fails, new_id, reason, receipt, refusal};
use tonic::Code;

fn note<'a>(story: &'a Story, to: &'a [&'a samrum_tests::Party]) -> Letter<'a> {
    Letter {
        kind: Kind::Note,
        categories: &[Category::SchoolSituation],
        subjects: std::slice::from_ref(&story.child),
        basis: Basis::Consent,
        text: "Anteckning efter mötet",
        to,
    }
}

fn report<'a>(to: &'a [&'a samrum_tests::Party]) -> Letter<'a> {
    Letter {
        kind: Kind::ConcernReport,
        categories: &[Category::HomeFamily],
        subjects: &[],
        basis: Basis::Duty,
        text: "Oro för barnet",
        to,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_passes_with_consent_and_stops_without() {
    let story = Story::begin().await;
    let denied = story
        .social
        .send(&note(&story, &[&story.psychiatry]))
        .await
        .unwrap_err();
    assert_eq!(refusal(&denied).0, "CONSENT_MISSING");

    let consent = story.request().await;
    story.sign(&consent, 1).await;
    let denied = story
        .social
        .send(&note(&story, &[&story.psychiatry]))
        .await
        .unwrap_err();
    assert_eq!(refusal(&denied).0, "SIGNATURE_MISSING");

    story.sign(&consent, 2).await;
    let sent = story
        .social
        .send(&note(&story, &[&story.psychiatry]))
        .await
        .unwrap();
    assert_eq!(sent.deliveries[0].state, i32::from(DeliveryState::Queued));
    let fetched = story
        .psychiatry
        .fetch(&sent.deliveries[0].delivery_id)
        .await
        .unwrap();
    assert_eq!(fetched.sender_unit_id, story.social.bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_recipient_outside_the_scope_stops_the_whole_document() {
    let (story, _) = Story::with_consent().await;
    let both = [&story.psychiatry, &story.clinic];
    let denied = story.social.send(&note(&story, &both)).await.unwrap_err();
    assert_eq!(refusal(&denied).0, "RECIPIENT_OUTSIDE_SCOPE");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_when_consent_ends_is_withheld_for_good() {
    let (story, consent) = Story::with_consent().await;
    let sent = story
        .social
        .send(&note(&story, &[&story.psychiatry]))
        .await
        .unwrap();
    story.revoke(&consent).await;
    let late = story
        .psychiatry
        .fetch(&sent.deliveries[0].delivery_id)
        .await
        .unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WITHHELD");
    let again = story
        .social
        .send(&note(&story, &[&story.psychiatry]))
        .await
        .unwrap_err();
    assert_eq!(refusal(&again).0, "CONSENT_REVOKED");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_had_a_document_learns_nothing_of_what_it_is_about() {
    let (story, consent) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let letter = note(&story, &to);
    let sent = story.social.send(&letter).await.unwrap();
    let had = story.social.send(&letter).await.unwrap();
    let (kept, opened) = (&sent.deliveries[0].delivery_id, &had.deliveries[0].delivery_id);
    story.psychiatry.fetch(opened).await.unwrap();
    story.revoke(&consent).await;
    let told = async |delivery: &[u8]| {
        let denied = story.psychiatry.fetch(delivery).await.unwrap_err();
        let (code, decision) = refusal(&denied);
        let receipt = receipt(&story.psychiatry, decision.as_bytes()).await.unwrap();
        (code, String::from_utf8(receipt.details).unwrap())
    };
    let (code, details) = told(kept).await;
    assert_eq!(code, "DELIVERY_WITHHELD");
    for secret in [
        "SCHOOL_SITUATION",
        "NOTE",
        "CONSENT_REVOKED",
        &story.child.to_string(),
    ] {
        assert!(!details.contains(secret), "{secret} in {details}");
    }
    assert!(!details.contains(&story.social.id().to_string()), "who sent it");
    // Its twin: what it had it may be told about in full.
    let (code, details) = told(opened).await;
    assert_eq!(code, "CONSENT_REVOKED");
    assert!(details.contains("SCHOOL_SITUATION"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_its_recipients_alone() {
    let (story, _) = Story::with_consent().await;
    let sent = story
        .social
        .send(&note(&story, &[&story.psychiatry]))
        .await
        .unwrap();
    let other = story
        .pupil_health
        .fetch(&sent.deliveries[0].delivery_id)
        .await
        .unwrap_err();
    let unknown = story
        .pupil_health
        .fetch(&samrum_tests::new_id())
        .await
        .unwrap_err();
    assert_eq!(
        (other.code(), reason(&other)),
        (Code::NotFound, "NOT_FOUND".to_owned())
    );
    assert_eq!(
        (unknown.code(), unknown.message()),
        (other.code(), other.message())
    );
    assert_eq!(
        unknown.details(),
        other.details(),
        "unknown and forbidden look the same"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_concern_report_needs_nobodys_consent_but_the_right_reader() {
    let (story, consent) = Story::with_consent().await;
    story.revoke(&consent).await;
    let sent = story.school.send(&report(&[&story.reception])).await.unwrap();
    story
        .reception
        .fetch(&sent.deliveries[0].delivery_id)
        .await
        .unwrap();
    let denied = story.school.send(&report(&[&story.social])).await.unwrap_err();
    assert_eq!(refusal(&denied).0, "NOT_BOARD_RECEPTION");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_get_the_same_answer_after_the_senders_key_was_replaced() {
    let (mut story, _) = Story::with_consent().await;
    let document = new_id();
    let unsent = new_id();
    let envelope = story
        .social
        .seal_as(document.clone(), &note(&story, &[&story.psychiatry]))
        .await;
    let late = story
        .social
        .seal_as(unsent.clone(), &note(&story, &[&story.psychiatry]))
        .await;
    let send = async |story: &Story, document: &[u8], envelope: &SealedEnvelope| {
        let request = story.social.sending(document, envelope.clone());
        story.social.exchange().send_document(request).await
    };
    let first = send(&story, &document, &envelope).await.unwrap().into_inner();
    let mut organisations = story.organisations.iter();
    let (_, municipality) = organisations.find(|(name, _)| *name == "exempelby").unwrap();
    story.social.renew_key(municipality).await;
    let again = send(&story, &document, &envelope).await.unwrap().into_inner();
    assert_eq!(
        (&again.decision_id, &again.ticket),
        (&first.decision_id, &first.ticket)
    );
    // What was not sent before the key was replaced is to be signed anew.
    let late = send(&story, &unsent, &late).await;
    assert_fails(late, Code::FailedPrecondition, "KEY_STALE");
}
