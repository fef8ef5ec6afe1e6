//! Invariants 3, 4 and 5 with many callers at once: what was acknowledged stays, a no bites at once, one id
//! has one effect and one delivery one end.

use std::sync::Arc;

use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::wire::exchange::v1 as wire;
use samrum_tests::{Letter, Party, Question, Story, TestHub, new_id, reason};
use tokio::task::JoinSet;
use tonic::Code;

/// Callers at once.
const CALLERS: usize = 16;
/// Units that send without pause while the no comes.
const SENDERS: usize = 4;
/// Documents that must have been sent before the no, so that there is a storm.
const STORM: usize = 100;
/// Documents that wait when the no comes.
const WAITING: usize = 12;

fn note<'a>(story: &'a Story, to: &'a [&'a Party]) -> Letter<'a> {
    Letter {
        kind: Kind::Note,
        categories: &[Category::SchoolSituation],
        subjects: std::slice::from_ref(&story.child),
        basis: Basis::Consent,
        text: "Anteckning",
        to,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_document_sent_by_many_at_once_is_sent_once() {
    let (story, _) = Story::with_consent().await;
    let document = new_id();
    let envelope = story
        .social
        .seal_as(document.clone(), &note(&story, &[&story.psychiatry]))
        .await;
    let mut sending = JoinSet::new();
    for _ in 0..CALLERS {
        let mut client = story.social.exchange();
        let request = story.social.sending(&document, envelope.clone());
        sending.spawn(async move { client.send_document(request).await.unwrap().into_inner() });
    }
    let answers = sending.join_all().await;
    let first = &answers[0];
    assert!(
        answers
            .iter()
            .all(|answer| answer.decision_id == first.decision_id)
    );
    assert!(
        answers
            .iter()
            .all(|answer| answer.deliveries == first.deliveries && answer.ticket == first.ticket)
    );

    let other = story
        .social
        .seal_as(document.clone(), &note(&story, &[&story.psychiatry]))
        .await;
    let reused = story
        .social
        .exchange()
        .send_document(story.social.sending(&document, other))
        .await
        .unwrap_err();
    assert_eq!(
        (reused.code(), reason(&reused).as_str()),
        (Code::AlreadyExists, "ID_REUSED")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_asked_by_many_at_once_is_answered_once() {
    let (story, _) = Story::with_consent().await;
    let request = story.social.checking(&Question {
        subjects: std::slice::from_ref(&story.child),
        to: &[&story.psychiatry],
        categories: &[Category::SchoolSituation],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    });
    let mut asking = JoinSet::new();
    for _ in 0..CALLERS {
        let (mut client, request) = (story.social.decisions(), request.clone());
        asking.spawn(async move { client.check(request).await.unwrap().into_inner() });
    }
    let answers = asking.join_all().await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_revoke_has_answered_nothing_is_released() {
    let (story, consent) = Story::with_consent().await;
    let mut deliveries = Vec::new();
    for _ in 0..WAITING {
        let sent = story
            .social
            .send(&note(&story, &[&story.psychiatry]))
            .await
            .unwrap();
        deliveries.push(sent.deliveries[0].delivery_id.clone());
    }
    let story = Arc::new(story);
    let mut fetching = JoinSet::new();
    for delivery in deliveries.clone() {
        let story = story.clone();
        fetching.spawn(async move { story.psychiatry.fetch(&delivery).await.is_ok() });
    }
    story.revoke(&consent).await;
    // These begin after the answer: whatever the others were allowed, these are not.
    for delivery in &deliveries {
        let late = story.psychiatry.fetch(delivery).await.unwrap_err();
        assert_eq!(late.code(), Code::PermissionDenied);
        let why = reason(&late);
        assert!(why == "DELIVERY_WITHHELD" || why == "CONSENT_REVOKED", "{why}");
    }
    fetching.join_all().await;
    let again = story
        .social
        .send(&note(&story, &[&story.psychiatry]))
        .await
        .unwrap_err();
    assert_eq!(reason(&again), "CONSENT_REVOKED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_is_taken_at_once_however_much_is_being_sent() {
    let (story, consent) = Story::with_consent().await;
    let story = Arc::new(story);
    let (told, mut sent) = tokio::sync::mpsc::unbounded_channel();
    let mut sending = JoinSet::new();
    for _ in 0..SENDERS {
        let (story, told) = (story.clone(), told.clone());
        sending.spawn(async move {
            // Until the no bites: a hub that lets the sending go before the no never ends this.
            while story
                .social
                .send(&note(&story, &[&story.psychiatry]))
                .await
                .is_ok()
            {
                told.send(()).unwrap();
            }
        });
    }
    for _ in 0..STORM {
        sent.recv().await.unwrap();
    }
    story.revoke(&consent).await;
    sending.join_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_a_kill() {
    let hub = TestHub::start_apart(env!("CARGO_BIN_EXE_hub")).await;
    let mut story = Story::begin_in(hub).await;
    let consent = story.request().await;
    for signatory in [1, 2] {
        story.sign(&consent, signatory).await;
    }
    let (read, unread) = (new_id(), new_id());
    let read_delivery = send(&story, &read, &story.psychiatry).await;
    send(&story, &unread, &story.pupil_health).await;
    story.psychiatry.fetch(&read_delivery).await.unwrap();
    story.revoke(&consent).await;

    story.hub.kill().await;
    story.hub.start_again().await;
    story.reconnect();
    for (document, state) in [
        (read, wire::DeliveryState::Released),
        (unread, wire::DeliveryState::Withheld),
    ] {
        let request = wire::ListDeliveriesRequest {
            document_id: document,
        };
        let answer = story
            .social
            .exchange()
            .list_deliveries(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(answer.deliveries[0].state, i32::from(state));
    }
    let late = story.psychiatry.fetch(&read_delivery).await.unwrap_err();
    assert_eq!(
        reason(&late),
        "CONSENT_REVOKED",
        "a restart brings no consent back"
    );
}

/// Sends a note under this id; answers with its delivery.
async fn send(story: &Story, document: &[u8], to: &Party) -> Vec<u8> {
    let envelope = story.social.seal_as(document.to_vec(), &note(story, &[to])).await;
    let request = story.social.sending(document, envelope);
    let answer = story
        .social
        .exchange()
        .send_document(request)
        .await
        .unwrap()
        .into_inner();
    answer.deliveries[0].delivery_id.clone()
}
