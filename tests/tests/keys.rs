//! Keys in other hands, through a whole hub: what is sealed to them is not released, nothing is signed by them any
//! more, and everybody is told what to do. Beside each refusal stands what is not concerned and goes on.

use samrum_consent::vocabulary::Category;
use samrum_proto::envelope::VerifyingKey;
use samrum_proto::ledger::Leaf;
use samrum_proto::statement::{Answer, KeyId, KeyState, KeyStateChange, Signed};
use samrum_proto::wire::decision::v1::{ExplainRequest, ReasonCode};
use samrum_proto::wire::directory::v1 as wire;
use samrum_proto::wire::exchange::v1::{Delivery, DeliveryState, ListDeliveriesRequest};
use samrum_tests::{
    CHILD, Census, Letter, Party, Story, assert_fails, new_id, now_us, reason, receipt, refusal,
};
use tonic::{Code, Response, Status};
use tonic_types::StatusExt as _;

/// The clock skew that a report may have, in microseconds.
const SKEW_US: i64 = 60 * 1_000_000;

async fn key_of(party: &Party, reader: &Party) -> KeyId {
    let newest = party.keys_as_seen_by(reader).await.remove(0);
    KeyId::from_bytes(newest.key_id.try_into().unwrap())
}

async fn report(by: &Party, request: wire::ReportCompromisedKeyRequest) -> Result<Vec<u8>, Status> {
    let answer = by.directory().report_compromised_key(request).await;
    answer.map(|answer| answer.into_inner().ticket.unwrap().entry_id)
}

/// Reports a unit's newest key, as its region or municipality; answers with the entry.
async fn compromise(story: &Story, party: &Party, organisation: &str) -> Vec<u8> {
    let key = key_of(party, &story.operator).await;
    report(party, party.reporting(key, story.organisation(organisation)))
        .await
        .unwrap()
}

/// Sends a note to child psychiatry; answers with document and delivery.
async fn send(story: &Story) -> (Vec<u8>, Vec<u8>) {
    let document = new_id();
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let sealed = story.social.seal_as(document.clone(), &note).await;
    let sending = story.social.sending(&document, sealed);
    let sent = story.social.exchange().send_document(sending).await.unwrap();
    (document, sent.into_inner().deliveries.remove(0).delivery_id)
}

async fn delivery(story: &Story, document: &[u8]) -> Delivery {
    let request = ListDeliveriesRequest {
        document_id: document.to_vec(),
    };
    let listed = story.social.exchange().list_deliveries(request).await.unwrap();
    listed.into_inner().deliveries.remove(0)
}

fn states(keys: &[wire::UnitKey]) -> Vec<wire::KeyState> {
    keys.iter().map(wire::UnitKey::state).collect()
}

/// The unit that an error says has no such key in force.
fn unit_named(status: &Status) -> String {
    let info = status.get_details_error_info().unwrap();
    info.metadata.get("unit_id").cloned().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_under_a_compromised_key_is_withheld_and_its_sender_told_to_send_anew() {
    let (mut story, _) = Story::with_consent().await;
    let region = story.organisation_key("region-exempel");
    // One sealed to the key before: replaced, and nobody else's.
    let (_, sealed_to_former) = send(&story).await;
    let former = key_of(&story.psychiatry, &story.social).await;
    let (stolen, former_sealing) = story.psychiatry.renew_key(&region).await;
    let (document, sealed_to_stolen) = send(&story).await;

    report(&story.psychiatry, story.psychiatry.reporting(stolen, &region))
        .await
        .unwrap();
    // At once, before anybody fetches it.
    let told = delivery(&story, &document).await;
    assert_eq!(told.state(), DeliveryState::Withheld);
    let explaining = ExplainRequest {
        decision_id: told.entry_id.clone(),
    };
    let explained = story
        .social
        .decisions()
        .explain(explaining.clone())
        .await
        .unwrap();
    let reasons = explained.into_inner().verdicts.remove(0).reasons;
    assert_eq!(reasons[0].code(), ReasonCode::KeyCompromised);
    assert_eq!(reasons[0].remedy, "SEND_ANEW");
    let others = story.school.decisions().explain(explaining).await;
    assert_fails(others, Code::NotFound, "NOT_FOUND");

    // The unit has no key in force and acts for nobody until it registers another.
    let nobody = story.psychiatry.fetch(&sealed_to_former).await;
    assert_fails(nobody, Code::FailedPrecondition, "KEY_NOT_IN_FORCE");
    story.psychiatry.renew_key(&region).await;
    let seen = story.psychiatry.keys_as_seen_by(&story.social).await;
    let expected = [
        wire::KeyState::Current,
        wire::KeyState::Compromised,
        wire::KeyState::DecryptOnly,
    ];
    assert_eq!(states(&seen), expected);

    let refused = story.psychiatry.fetch(&sealed_to_stolen).await.unwrap_err();
    assert_eq!(refusal(&refused).0, "KEY_COMPROMISED");
    assert_eq!(delivery(&story, &document).await.state(), DeliveryState::Withheld);

    // Its twin under the key before is released, and what is sent anew is too.
    let fetched = story.psychiatry.fetch(&sealed_to_former).await.unwrap();
    let current = std::mem::replace(&mut story.psychiatry.sealing, former_sealing);
    let social: VerifyingKey = story.organisation("exempelby").verifying_key();
    story.psychiatry.open(&fetched, former, &social).unwrap();
    story.psychiatry.sealing = current;
    let (_, anew) = send(&story).await;
    let fetched = story.psychiatry.fetch(&anew).await.unwrap();
    let newest = key_of(&story.psychiatry, &story.social).await;
    story.psychiatry.open(&fetched, newest, &social).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_released_before_is_not_released_again() {
    let (mut story, _) = Story::with_consent().await;
    let region = story.organisation_key("region-exempel");
    let (document, released) = send(&story).await;
    story.psychiatry.fetch(&released).await.unwrap();
    story.psychiatry.fetch(&released).await.unwrap();
    compromise(&story, &story.psychiatry, "region-exempel").await;
    story.psychiatry.renew_key(&region).await;
    let refused = story.psychiatry.fetch(&released).await.unwrap_err();
    assert_eq!(refusal(&refused).0, "KEY_COMPROMISED");
    // It has had it: that is not undone, and it may still say so.
    assert_eq!(delivery(&story, &document).await.state(), DeliveryState::Released);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sealed_to_a_compromised_key_or_signed_by_it() {
    let (mut story, _) = Story::with_consent().await;
    let region = story.organisation_key("region-exempel");
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let before = new_id();
    let sealed_before = story.social.seal_as(before.clone(), &note).await;
    compromise(&story, &story.psychiatry, "region-exempel").await;

    let census = Census::of(&story.hub.data()).await;
    let sending = story.social.sending(&before, sealed_before.clone());
    let refused = story.social.exchange().send_document(sending).await;
    let refused = assert_fails(refused, Code::FailedPrecondition, "KEY_NOT_IN_FORCE");
    assert_eq!(unit_named(&refused), story.psychiatry.id().to_string());
    let from_them = story.psychiatry.seal(&Letter::report(&[&story.reception])).await;
    let id = new_id();
    let by_it = story.psychiatry.sending(&id, from_them);
    let by_it = story.psychiatry.exchange().send_document(by_it).await;
    let by_it = assert_fails(by_it, Code::FailedPrecondition, "KEY_NOT_IN_FORCE");
    assert_eq!(unit_named(&by_it), story.psychiatry.id().to_string());
    let registering = story.psychiatry.registering(CHILD);
    let acting = story
        .psychiatry
        .individuals()
        .register_individual(registering)
        .await;
    assert_fails(acting, Code::FailedPrecondition, "KEY_NOT_IN_FORCE");
    assert_eq!(Census::of(&story.hub.data()).await, census);

    // With a new key both go on: the sender is told that the one it sealed to is stale.
    story.psychiatry.renew_key(&region).await;
    let stale = story.social.sending(&before, sealed_before);
    let stale = story.social.exchange().send_document(stale).await;
    assert_fails(stale, Code::FailedPrecondition, "KEY_STALE");
    send(&story).await;
    story
        .psychiatry
        .send(&Letter::report(&[&story.reception]))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn slips_signed_by_a_former_key_are_to_be_signed_anew() {
    let (mut story, _) = Story::with_consent().await;
    let municipality = story.organisation_key("exempelby");
    let to = [&story.psychiatry];
    for compromised in [false, true] {
        let note = Letter::note(&story.child, &to);
        let document = new_id();
        let sealed = story.social.seal_as(document.clone(), &note).await;
        let signed_by = key_of(&story.social, &story.social).await;
        story.social.renew_key(&municipality).await;
        if compromised {
            let request = story.social.reporting(signed_by, &municipality);
            report(&story.social, request).await.unwrap();
        }
        let refused = story
            .social
            .exchange()
            .send_document(story.social.sending(&document, sealed))
            .await;
        let refused = assert_fails(refused, Code::FailedPrecondition, "KEY_STALE");
        assert_eq!(unit_named(&refused), story.social.id().to_string());
        // Nothing was stored under that id.
        let anew = story.social.seal_as(document.clone(), &note).await;
        let sending = story.social.sending(&document, anew);
        story.social.exchange().send_document(sending).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_not_signed_by_a_compromised_key() {
    let (mut story, _) = Story::with_consent().await;
    let region = story.organisation_key("region-exempel");
    let (document, id) = send(&story).await;
    let header = story.psychiatry.fetch(&id).await.unwrap().header;
    let answer = story.psychiatry.answer(&id, &header, Answer::Acknowledged);
    compromise(&story, &story.psychiatry, "region-exempel").await;
    let confirm = async |party: &Party, answer| {
        let request = party.acknowledging(&id, answer);
        party.exchange().acknowledge_document(request).await.map(drop)
    };
    let refused = confirm(&story.psychiatry, &answer).await;
    assert_fails(refused, Code::FailedPrecondition, "KEY_NOT_IN_FORCE");
    assert_eq!(delivery(&story, &document).await.state(), DeliveryState::Released);
    story.psychiatry.renew_key(&region).await;
    let by_the_old = confirm(&story.psychiatry, &answer).await;
    assert_fails(by_the_old, Code::InvalidArgument, "SIGNATURE_INVALID");
    let answer = story.psychiatry.answer(&id, &header, Answer::Acknowledged);
    confirm(&story.psychiatry, &answer).await.unwrap();
    assert_eq!(
        delivery(&story, &document).await.state(),
        DeliveryState::Acknowledged
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_is_taken_from_a_unit_without_a_key_and_a_yes_is_not() {
    let (story, consent) = Story::with_consent().await;
    let asked = story.request().await;
    let (document, _) = send(&story).await;
    compromise(&story, &story.social, "exempelby").await;

    let yes = story.social.recording(&asked, 1);
    let refused = story.social.consents().record_signature(yes).await;
    assert_fails(refused, Code::FailedPrecondition, "KEY_NOT_IN_FORCE");
    // What narrows a consent that is asked for may be all that its coming into force waits for: a yes as well.
    let narrowing = |consent: &[u8]| {
        story
            .social
            .narrowing(consent, &[Category::SchoolSituation], None)
    };
    let refused = story.social.consents().narrow_consent(narrowing(&asked)).await;
    assert_fails(refused, Code::FailedPrecondition, "KEY_NOT_IN_FORCE");
    story
        .social
        .consents()
        .narrow_consent(narrowing(&consent))
        .await
        .unwrap();
    let no = story.social.declining(&asked, 1);
    story.social.consents().decline_consent(no).await.unwrap();
    story.revoke(&consent).await;

    let entries = story.entries().await;
    let steps = |step: &str| -> Vec<&serde_json::Value> {
        let of_step = entries
            .iter()
            .filter(|(_, entry)| entry["consent"]["step"] == step);
        of_step.map(|(_, entry)| entry).collect()
    };
    for step in ["DECLINED", "REVOKED"] {
        let [entry] = steps(step)[..] else {
            panic!("one {step}")
        };
        assert_eq!(entry["by"]["unit"], story.social.id().to_string(), "{step}");
        assert!(
            entry.get("acting").is_none(),
            "nobody is named by a key that is not in force"
        );
    }
    assert_eq!(delivery(&story, &document).await.state(), DeliveryState::Withheld);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_organisation_reports_a_units_key_and_only_as_compromised() {
    let story = Story::begin().await;
    let (school, municipality) = (&story.school, story.organisation("exempelby"));
    let region = story.organisation("region-exempel");
    let key = key_of(school, school).await;
    let census = Census::of(&story.hub.data()).await;
    let compromised = |at_us| school.changing(key, KeyState::Compromised, at_us, municipality);
    let as_state = |state| school.changing(key, state, now_us(), municipality);
    let psychiatrys = key_of(&story.psychiatry, school).await;
    let psychiatrys = story.psychiatry.reporting(psychiatrys, municipality);
    let never_was = school.reporting(KeyId::from_bytes([9; 32]), municipality);
    let tomorrow = now_us() + 24 * 60 * SKEW_US;
    let unsigned = "SIGNATURE_INVALID";
    for (by, request, why) in [
        (school, school.reporting(key, &school.signing), unsigned),
        (school, school.reporting(key, region), unsigned),
        (&story.psychiatry, compromised(now_us()), unsigned),
        (school, wire::ReportCompromisedKeyRequest::default(), unsigned),
        (school, psychiatrys, "SENDER_MISMATCH"),
        (school, story.social.reporting(key, municipality), "NOT_FOUND"),
        (school, never_was, "NOT_FOUND"),
        (school, as_state(KeyState::DecryptOnly), "FIELD_INVALID"),
        (school, as_state(KeyState::Current), "FIELD_INVALID"),
        (school, compromised(tomorrow), "FIELD_INVALID"),
    ] {
        let code = match why {
            "NOT_FOUND" => Code::NotFound,
            _ => Code::InvalidArgument,
        };
        assert_fails(report(by, request).await, code, why);
    }
    assert_eq!(Census::of(&story.hub.data()).await, census);
    assert_eq!(
        states(&school.keys_as_seen_by(school).await),
        [wire::KeyState::Current]
    );

    // A sister unit carries it where the unit itself has lost its certificate too; a clock may be a little ahead.
    report(&story.social, compromised(now_us() + SKEW_US / 2))
        .await
        .unwrap();
    assert_eq!(
        states(&school.keys_as_seen_by(school).await),
        [wire::KeyState::Compromised]
    );
    // The sister's own key is not concerned.
    story.register(&story.social, CHILD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_stands_open_in_the_log_and_may_be_repeated() {
    let story = Story::begin().await;
    let municipality = story.organisation("exempelby");
    let key = key_of(&story.school, &story.school).await;
    let request = story.school.reporting(key, municipality);
    let first = report(&story.school, request.clone()).await.unwrap();
    let again = report(&story.school, request.clone()).await.unwrap();
    assert_ne!(first, again, "each call has its own entry");
    let seen = story.school.keys_as_seen_by(&story.social).await;
    assert_eq!(states(&seen), [wire::KeyState::Compromised]);

    let proof = receipt(&story.school, &first).await.unwrap();
    assert!(proof.salt.is_none(), "everybody can monitor keys");
    assert_eq!(proof.leaf, Leaf::open(&proof.details).unwrap().as_bytes());
    let details: serde_json::Value = serde_json::from_slice(&proof.details).unwrap();
    assert_eq!(details["event"], "UNIT_KEY_COMPROMISED");
    assert_eq!(details["named"]["was"], "CURRENT");
    let bytes = |name: &str| hex::decode(details["named"][name].as_str().unwrap()).unwrap();
    let signed = Signed::<KeyStateChange>::verify(
        &bytes("statement"),
        &bytes("signature"),
        &municipality.verifying_key(),
    )
    .unwrap();
    assert_eq!(
        (signed.value().unit, signed.value().key_id),
        (story.school.id(), key)
    );
    let repeated = receipt(&story.school, &again).await.unwrap();
    let details: serde_json::Value = serde_json::from_slice(&repeated.details).unwrap();
    assert_eq!(details["event"], "DIRECTORY_REPEATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compromised_key_does_not_come_back_nor_does_one_before_it() {
    let mut story = Story::begin().await;
    let municipality = story.organisation_key("exempelby");
    let rotate = async |by: &Party, request| {
        let answer = by.directory().rotate_unit_key(request).await;
        answer.map(Response::into_inner)
    };
    // Signed before, and never registered: whoever has the unit's folder may have it too.
    let spare = story.hub.party("school").rotating(&municipality);
    let first = story.school.keys_as_seen_by(&story.school).await.remove(0);
    let first = wire::RotateUnitKeyRequest {
        statement: first.statement,
        organisation_signature: first.organisation_signature,
    };
    let (stolen, _) = story.school.renew_key(&municipality).await;
    let stolen_again = story.school.keys_as_seen_by(&story.school).await.remove(0);
    let stolen_again = wire::RotateUnitKeyRequest {
        statement: stolen_again.statement,
        organisation_signature: stolen_again.organisation_signature,
    };
    report(&story.school, story.school.reporting(stolen, &municipality))
        .await
        .unwrap();
    for old in [stolen_again, first, spare] {
        let refused = rotate(&story.school, old).await;
        assert_fails(refused, Code::FailedPrecondition, "STATE_CONFLICT");
    }
    story.school.renew_key(&municipality).await;
    let unknown = story.school.send(&Letter::report(&[&story.reception])).await;
    assert_eq!(unknown.as_ref().map_err(reason).map(drop), Ok(()));
}
