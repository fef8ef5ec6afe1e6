//! The life of a consent through a whole hub: asked for, signed, declined, narrowed, revoked; who sees it;
//! and what each step does to documents that wait.

use samrum_consent::vocabulary::Category;
use samrum_proto::wire::consent::v1 as wire;
use samrum_proto::wire::consent::v1::ConsentState;
use samrum_proto::wire::decision::v1::ExplainRequest;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_server::service::consent::MAX_OPEN_REQUESTS;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Story, TestHub, ago, assert_fails, assert_hidden, new_id,
    reason, refusal,
};
use tonic::{Code, Response, Status};

async fn get(party: &Party, id: &[u8]) -> Result<wire::Consent, Status> {
    let request = wire::GetConsentRequest {
        consent_id: id.to_vec(),
    };
    let answer = party.consents().get_consent(request).await;
    answer.map(|answer| answer.into_inner().consent.unwrap())
}

async fn list(party: &Party, individual: &[u8]) -> Result<Vec<Vec<u8>>, Status> {
    let request = wire::ListConsentsRequest {
        individual_id: individual.to_vec(),
        ..wire::ListConsentsRequest::default()
    };
    let answer = party.consents().list_consents(request).await?.into_inner();
    Ok(answer
        .consents
        .into_iter()
        .map(|consent| consent.consent_id)
        .collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_be_asked_before_custody_is_known() {
    let story = Story::begin_in(TestHub::start().await).await;
    let sibling = (samrum_tests::invented_number(2018, 1), "Ebbe Exempel");
    let sibling = story.register(&story.social, (&sibling.0, sibling.1)).await;
    let request = story.social.requesting(sibling.as_bytes(), story.scope());
    let refused = story
        .social
        .consents()
        .request_consent(request)
        .await
        .unwrap_err();
    let (why, decision) = refusal(&refused);
    assert_eq!(why, "CUSTODY_UNVERIFIED");
    // The refusal is a decision: its own unit can have it explained, nobody else can.
    let explain = |party: &Party| {
        let request = ExplainRequest {
            decision_id: decision.as_bytes().to_vec(),
        };
        let mut decisions = party.decisions();
        async move { decisions.explain(request).await.map(Response::into_inner) }
    };
    let explained = explain(&story.social).await.unwrap();
    assert!(!explained.verdicts[0].permitted);
    assert_fails(explain(&story.clinic).await, Code::NotFound, "NOT_FOUND");
    assert!(list(&story.social, sibling.as_bytes()).await.unwrap().is_empty());

    // Where custody is known, the same request passes.
    story.request().await;
    assert_eq!(
        list(&story.social, story.child.as_bytes()).await.unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_signs_once_and_only_those_who_were_asked() {
    let story = Story::begin().await;
    let consent = story.request().await;
    let record = async |signatory| {
        let request = story.social.recording(&consent, signatory);
        let answer = story.social.consents().record_signature(request).await;
        answer.map(|answer| answer.into_inner().consent.unwrap())
    };
    let one = record(1).await.unwrap();
    assert_eq!(one.state(), ConsentState::Requested);
    let signed: Vec<_> = one
        .signatories
        .iter()
        .map(|asked| (asked.required, asked.signed))
        .collect();
    assert_eq!(signed, [(true, true), (true, false)]);
    assert_fails(record(1).await, Code::FailedPrecondition, "STATE_CONFLICT");
    for nobody in [0, 3, u32::MAX] {
        assert_fails(record(nobody).await, Code::InvalidArgument, "FIELD_INVALID");
    }
    assert_eq!(
        get(&story.social, &consent).await.unwrap(),
        one,
        "refusals changed nothing"
    );
    assert_eq!(record(2).await.unwrap().state(), ConsentState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spoken_yes_is_heard_by_two() {
    let story = Story::begin().await;
    let consent = story.request().await;
    let mut request = story.social.recording(&consent, 1);
    let oral = |second: &str| {
        let oral = wire::Oral {
            first_witness: "anna.k".to_owned(),
            second_witness: second.to_owned(),
        };
        let evidence = Some(wire::evidence::Evidence::Oral(oral));
        Some(wire::Evidence { evidence })
    };
    for bad in [oral("anna.k"), oral(""), Some(wire::Evidence::default()), None] {
        request.evidence = bad;
        let refused = story.social.consents().record_signature(request.clone()).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    request.evidence = oral("bo.l");
    let signed = story.social.consents().record_signature(request).await.unwrap();
    let signatory = signed.into_inner().consent.unwrap().signatories.remove(0);
    assert_eq!(signatory.evidence(), wire::EvidenceKind::Oral);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_ends_it() {
    let story = Story::begin().await;
    let consent = story.request().await;
    story.sign(&consent, 1).await;
    let nobody = story.social.declining(&consent, 3);
    let refused = story.social.consents().decline_consent(nobody).await;
    assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    let request = story.social.declining(&consent, 2);
    let declined = story.social.consents().decline_consent(request).await.unwrap();
    let declined = declined.into_inner().consent.unwrap();
    assert_eq!(declined.state(), ConsentState::Declined);
    assert!(declined.ended_at.is_some());
    let late = story.social.recording(&consent, 2);
    let late = story.social.consents().record_signature(late).await;
    assert_fails(late, Code::FailedPrecondition, "STATE_CONFLICT");
    let denied = story
        .social
        .send(&Letter::note(&story.child, &[&story.psychiatry]))
        .await;
    assert_eq!(refusal(&denied.unwrap_err()).0, "CONSENT_DECLINED");
    assert_eq!(get(&story.social, &consent).await.unwrap(), declined);
}

/// Sends a note about one category; answers with its document and delivery.
async fn queued(story: &Story, category: Category) -> (Vec<u8>, Vec<u8>) {
    let to = [&story.psychiatry];
    let note = Letter {
        categories: &[category],
        ..Letter::note(&story.child, &to)
    };
    let document = new_id();
    let envelope = story.social.seal_as(document.clone(), &note).await;
    let sending = story.social.sending(&document, envelope);
    let sent = story.social.exchange().send_document(sending).await.unwrap();
    (document, sent.into_inner().deliveries.remove(0).delivery_id)
}

async fn state(story: &Story, document: &[u8]) -> DeliveryState {
    let request = samrum_proto::wire::exchange::v1::ListDeliveriesRequest {
        document_id: document.to_vec(),
    };
    let listed = story.social.exchange().list_deliveries(request).await.unwrap();
    listed.into_inner().deliveries[0].state()
}

#[tokio::test(flavor = "multi_thread")]
async fn narrowing_withholds_what_it_takes_away_and_leaves_the_rest_waiting() {
    let (story, consent) = Story::with_consent().await;
    let (school, kept) = queued(&story, Category::SchoolSituation).await;
    let (mental, taken) = queued(&story, Category::HealthMental).await;
    let request = story.social.narrowing(&consent, &[Category::HealthMental], None);
    let narrowed = story.social.consents().narrow_consent(request).await.unwrap();
    let narrowed = narrowed.into_inner().consent.unwrap();
    assert_eq!(narrowed.state(), ConsentState::Active);
    let excluded = narrowed.scope.unwrap().exclusions.unwrap().categories;
    assert_eq!(excluded, [i32::from(Category::HealthMental.number())]);

    assert_eq!(state(&story, &mental).await, DeliveryState::Withheld);
    assert_eq!(state(&story, &school).await, DeliveryState::Queued);
    let late = story.psychiatry.fetch(&taken).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WITHHELD");
    story.psychiatry.fetch(&kept).await.unwrap();
    let to = [&story.psychiatry];
    let anew = Letter {
        categories: &[Category::HealthMental],
        ..Letter::note(&story.child, &to)
    };
    assert_eq!(
        refusal(&story.social.send(&anew).await.unwrap_err()).0,
        "CATEGORY_EXCLUDED"
    );

    // It only ever shrinks.
    let longer = story.social.narrowing(&consent, &[], Some(ago(-300 * 24 * 3600)));
    let longer = story.social.consents().narrow_consent(longer).await;
    assert_fails(longer, Code::FailedPrecondition, "STATE_CONFLICT");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_revocation_nothing_can_be_done_with_it() {
    let (story, consent) = Story::with_consent().await;
    let (document, delivery) = queued(&story, Category::SchoolSituation).await;
    // A party other than the requester hears it, too, when the person says so there.
    let request = story.psychiatry.revoking(&consent);
    let revoked = story.psychiatry.consents().revoke_consent(request).await.unwrap();
    let revoked = revoked.into_inner().consent.unwrap();
    assert_eq!(revoked.state(), ConsentState::Revoked);
    assert_eq!(state(&story, &document).await, DeliveryState::Withheld);
    assert_eq!(
        refusal(&story.psychiatry.fetch(&delivery).await.unwrap_err()).0,
        "DELIVERY_WITHHELD"
    );

    let social = &story.social;
    let conflict =
        |outcome: Result<(), Status>| assert_fails(outcome, Code::FailedPrecondition, "STATE_CONFLICT");
    let again = social.revoking(&consent);
    conflict(social.consents().revoke_consent(again).await.map(drop));
    let narrower = social.narrowing(&consent, &[Category::HealthMental], None);
    conflict(social.consents().narrow_consent(narrower).await.map(drop));
    let signed = social.recording(&consent, 1);
    conflict(social.consents().record_signature(signed).await.map(drop));
    let declined = social.declining(&consent, 1);
    conflict(social.consents().decline_consent(declined).await.map(drop));
    assert_eq!(get(social, &consent).await.unwrap(), revoked);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_seen_by_its_parties_when_in_force_and_by_outsiders_never() {
    let story = Story::begin().await;
    let consent = story.request().await;
    let hidden = async |party: &Party| {
        assert_hidden(get(party, &consent).await, get(party, &new_id()).await);
        let child = story.child.as_bytes();
        assert_hidden(list(party, child).await, list(party, &new_id()).await);
    };
    for party in [
        &story.psychiatry,
        &story.pupil_health,
        &story.clinic,
        &story.reception,
    ] {
        hidden(party).await;
    }
    story.sign(&consent, 1).await;
    hidden(&story.psychiatry).await;
    story.sign(&consent, 2).await;
    for party in [&story.psychiatry, &story.pupil_health] {
        assert_eq!(
            list(party, story.child.as_bytes()).await.unwrap(),
            [consent.as_slice()]
        );
        let seen = get(party, &consent).await.unwrap();
        assert!(
            seen.signatories.iter().all(|asked| asked.name.is_empty()),
            "names are the portal's"
        );
    }
    story.revoke(&consent).await;
    assert_eq!(
        get(&story.psychiatry, &consent).await.unwrap().state(),
        ConsentState::Revoked
    );
    // Whoever was never named learns nothing at any time.
    for party in [&story.school, &story.clinic, &story.reception] {
        hidden(party).await;
    }
}

/// Sends a request twice, then with other content, and counts what happened.
macro_rules! repeats {
    ($story:ident, $method:ident, $request:expr, |$other:ident| $change:expr) => {{
        let request = $request;
        let first = $story
            .social
            .consents()
            .$method(request.clone())
            .await
            .unwrap()
            .into_inner();
        let before = Census::of(&$story.hub.data()).await;
        let again = $story
            .social
            .consents()
            .$method(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(again, first, "the same answer and ticket");
        let mut $other = request;
        $change;
        let reused = $story.social.consents().$method($other).await;
        assert_fails(reused, Code::AlreadyExists, "ID_REUSED");
        assert_eq!(
            Census::of(&$story.hub.data()).await,
            before,
            "nothing happened twice"
        );
        first.consent.unwrap().consent_id
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_repeated_gives_its_answer_again() {
    let story = Story::begin().await;
    let social = &story.social;
    let child = story.child.as_bytes();
    let consent = repeats!(
        story,
        request_consent,
        social.requesting(child, story.scope()),
        |other| { other.scope.as_mut().unwrap().kinds.pop() }
    );
    repeats!(story, record_signature, social.recording(&consent, 1), |other| {
        other.signatory = 2
    });
    story.sign(&consent, 2).await;
    let narrower = social.narrowing(&consent, &[Category::HealthMental], None);
    repeats!(story, narrow_consent, narrower, |other| other.exclusions = None);
    repeats!(story, revoke_consent, social.revoking(&consent), |other| other
        .consent_id =
        new_id());
    let second = story.request().await;
    repeats!(story, decline_consent, social.declining(&second, 2), |other| {
        other.signatory = 1
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_cannot_be_is_refused_with_its_field() {
    let story = Story::begin().await;
    let before = Census::of(&story.hub.data()).await;
    type Bend = fn(&Story, &mut wire::Scope);
    let bends: [(&str, &str, Bend); 9] = [
        ("no source", "FIELD_INVALID", |_, scope| {
            scope.source_unit_ids.clear()
        }),
        ("no category", "FIELD_INVALID", |_, scope| {
            scope.categories.clear()
        }),
        ("an unknown kind", "FIELD_INVALID", |_, scope| {
            scope.kinds.push(99)
        }),
        ("a duty's kind", "FIELD_INVALID", |_, scope| scope.kinds.push(12)),
        ("no sharing", "FIELD_INVALID", |_, scope| scope.acts = vec![2]),
        ("over before it begins", "FIELD_INVALID", |_, scope| {
            scope.valid_until = Some(ago(120))
        }),
        ("over already", "FIELD_INVALID", |_, scope| {
            scope.valid_until = Some(ago(30))
        }),
        ("without the one who asks", "FIELD_INVALID", |story, scope| {
            let others = vec![story.psychiatry.bytes(), story.pupil_health.bytes()];
            (scope.source_unit_ids, scope.recipient_unit_ids) = (others.clone(), others);
        }),
        ("a unit that is not there", "RECIPIENT_UNKNOWN", |_, scope| {
            scope.recipient_unit_ids.push(new_id());
        }),
    ];
    for (what, expected, bend) in bends {
        let mut scope = story.scope();
        bend(&story, &mut scope);
        let request = story.social.requesting(story.child.as_bytes(), scope);
        let refused = story
            .social
            .consents()
            .request_consent(request)
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::InvalidArgument, expected),
            "{what}"
        );
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    assert_eq!(GUARDIANS.len(), 2);
    story.request().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_over_and_over() {
    let story = Story::begin().await;
    let ask = async |child: &[u8]| {
        let request = story.social.requesting(child, story.scope());
        story.social.consents().request_consent(request).await
    };
    for _ in 0..MAX_OPEN_REQUESTS {
        ask(story.child.as_bytes()).await.unwrap();
    }
    let one_more = ask(story.child.as_bytes()).await;
    assert_fails(one_more, Code::InvalidArgument, "LIMIT_EXCEEDED");
    // Another case id of the same child is the same child.
    let again = story.register(&story.social, CHILD).await;
    assert_fails(
        ask(again.as_bytes()).await,
        Code::InvalidArgument,
        "LIMIT_EXCEEDED",
    );
    // What is answered makes room.
    let consents = list(&story.social, story.child.as_bytes()).await.unwrap();
    let no = story.social.declining(&consents[0], 1);
    story.social.consents().decline_consent(no).await.unwrap();
    ask(story.child.as_bytes()).await.unwrap();
}
