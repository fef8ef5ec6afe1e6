//! Care under LVU (11 §): the board decides in what the care requires, through its own units; the guardians in
//! everything else, and in all of it when the care is over.

use samrum_certs::world::{EDUCATION_BOARD, HEALTH_CARE_BOARD, SOCIAL_SERVICES_BOARD};
use samrum_consent::vocabulary::Category;
use samrum_proto::wire::consent::v1::{Capacity, ConsentState};
use samrum_proto::wire::decision::v1::FactKind;
use samrum_proto::wire::individual::v1 as wire;
use samrum_tests::{CHILD, Census, GUARDIANS, Story, ago, assert_fails, new_id, refusal};
use tonic::Code;

use crate::{
    ALL_OVER, DAY, HOUR, MENTAL, SCHOOL, ask, capacities, consent, field, lacking, lacks, request, send, set,
};

fn care(categories: &[Category]) -> wire::CareOrder {
    wire::CareOrder {
        authority_id: SOCIAL_SERVICES_BOARD.id.to_vec(),
        categories: categories.iter().map(|one| one.number().into()).collect(),
        valid_from: Some(ago(60)),
        valid_until: Some(ago(-30 * DAY)),
    }
}

fn ordering(story: &Story, order: Option<wire::CareOrder>) -> wire::SetRepresentationRequest {
    wire::SetRepresentationRequest {
        source: wire::CustodySource::CourtDecision.into(),
        care_order: order,
        ..story.operator.representing(CHILD, &GUARDIANS)
    }
}

/// The story with care in these categories.
async fn with_care(categories: &[Category]) -> Story {
    let story = Story::begin().await;
    set(&story, ordering(&story, Some(care(categories))))
        .await
        .unwrap();
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_signs_in_what_the_care_requires_and_the_guardians_in_the_rest() {
    let story = with_care(&[MENTAL]).await;
    let asked = request(&story, &story.child, &[SCHOOL, MENTAL]).await.unwrap();
    let all = [Capacity::Guardian, Capacity::Guardian, Capacity::Board];
    assert_eq!(capacities(&asked), all);
    assert_eq!(
        lacks(&ask(&story, &story.child, MENTAL).await),
        lacking(3, "BOARD")
    );
    let signed = story.sign(&asked.consent_id, 3).await;
    assert_eq!(
        (signed.state(), signed.complete),
        (ConsentState::Requested, false)
    );
    let verdict = ask(&story, &story.child, MENTAL).await;
    assert_eq!(lacks(&verdict), []);
    assert!(
        verdict
            .facts
            .iter()
            .any(|fact| fact.kind() == FactKind::CareOrder)
    );
    assert_eq!(lacks(&ask(&story, &story.child, SCHOOL).await).len(), 2);
    for signatory in [1, 2] {
        story.sign(&asked.consent_id, signatory).await;
    }
    let now = consent(&story.social, &asked.consent_id).await.unwrap();
    assert_eq!((now.state(), now.complete), (ConsentState::Active, true));
    send(&story, &story.child, SCHOOL).await.unwrap();
    // Without care nobody asks the board.
    let story = Story::begin().await;
    let asked = request(&story, &story.child, &[SCHOOL, MENTAL]).await.unwrap();
    assert_eq!(capacities(&asked), all[..2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_boards_answer_is_recorded_by_its_own_units_alone() {
    let story = with_care(&[MENTAL]).await;
    let theirs = story.register(&story.psychiatry, CHILD).await;
    let asked = story.request_by(&story.psychiatry, &theirs).await;
    let psychiatry = &story.psychiatry;
    let before = Census::of(&story.hub.data()).await;
    let yes = psychiatry.recording(&asked, 3);
    let yes = psychiatry.consents().record_signature(yes).await;
    assert_fails(yes, Code::FailedPrecondition, "STATE_CONFLICT");
    let no = psychiatry
        .consents()
        .decline_consent(psychiatry.declining(&asked, 3))
        .await;
    assert_fails(no, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    // A guardian's it may record.
    let yes = psychiatry.recording(&asked, 1);
    psychiatry.consents().record_signature(yes).await.unwrap();
    // The board's own unit knows what its board is asked, and answers for it; others' units know nothing.
    for stranger in [&story.pupil_health, &story.clinic] {
        let yes = stranger.recording(&asked, 3);
        let yes = stranger.consents().record_signature(yes).await;
        assert_fails(yes, Code::NotFound, "NOT_FOUND");
    }
    let seen = consent(&story.social, &asked).await.unwrap();
    assert_eq!(capacities(&seen)[2], Capacity::Board);
    let guardians = story.social.recording(&asked, 2);
    let guardians = story.social.consents().record_signature(guardians).await;
    assert_fails(guardians, Code::NotFound, "NOT_FOUND");
    story.sign(&asked, 3).await;
    // As it does where it asked itself.
    let own = request(&story, &story.child, &[MENTAL]).await.unwrap();
    assert_eq!(capacities(&own), [Capacity::Board]);
    let signed = story.sign(&own.consent_id, 1).await;
    assert_eq!(signed.state(), ConsentState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_care_is_over_the_guardians_yes_is_needed_and_asked_for_when_somebody_sends() {
    let mut story = with_care(&[MENTAL]).await;
    let asked = request(&story, &story.child, &[MENTAL]).await.unwrap().consent_id;
    story.sign(&asked, 1).await;
    let waiting = send(&story, &story.child, MENTAL).await.unwrap();
    story.change_behind_its_back(ALL_OVER).await;
    assert_eq!(
        lacks(&ask(&story, &story.child, MENTAL).await),
        lacking(0, "GUARDIAN")
    );
    let before = consent(&story.social, &asked).await.unwrap();
    assert_eq!((before.signatories.len(), before.complete), (1, false));
    let refused = send(&story, &story.child, MENTAL).await.unwrap_err();
    assert_eq!(refusal(&refused).0, "SIGNATURE_MISSING");
    let now = consent(&story.social, &asked).await.unwrap();
    assert_eq!(
        capacities(&now),
        [Capacity::Board, Capacity::Guardian, Capacity::Guardian]
    );
    assert!(now.signatories[1].required && now.signatories[2].required && !now.signatories[0].required);
    let late = story.psychiatry.fetch(&waiting).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING");
    story.sign(&asked, 2).await;
    let late = story.psychiatry.fetch(&waiting).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING");
    story.sign(&asked, 3).await;
    story.psychiatry.fetch(&waiting).await.unwrap();
    send(&story, &story.child, MENTAL).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_fetches_what_lacks_a_yes_that_nobody_asked_for_has_it_asked_for() {
    let mut story = with_care(&[MENTAL]).await;
    let asked = request(&story, &story.child, &[MENTAL]).await.unwrap().consent_id;
    story.sign(&asked, 1).await;
    let waiting = send(&story, &story.child, MENTAL).await.unwrap();
    story.change_behind_its_back(ALL_OVER).await;
    let late = story.psychiatry.fetch(&waiting).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING");
    let now = consent(&story.social, &asked).await.unwrap();
    assert_eq!(now.signatories.len(), 3);
    // Once is enough.
    story.psychiatry.fetch(&waiting).await.unwrap_err();
    let again = consent(&story.social, &asked).await.unwrap();
    assert_eq!(again.revision, now.revision);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_reading_ends_the_care_or_changes_what_it_requires() {
    let story = with_care(&[MENTAL]).await;
    let board = async || {
        let both = [SCHOOL, MENTAL].map(async |category| {
            let asked = request(&story, &story.child, &[category]).await.unwrap();
            capacities(&asked) == [Capacity::Board]
        });
        let [school, mental] = both;
        (school.await, mental.await)
    };
    assert_eq!(board().await, (false, true));
    set(&story, ordering(&story, Some(care(&[SCHOOL]))))
        .await
        .unwrap();
    assert_eq!(board().await, (true, false));
    let later = wire::CareOrder {
        valid_from: Some(ago(-DAY)),
        ..care(&[SCHOOL])
    };
    set(&story, ordering(&story, Some(later))).await.unwrap();
    assert_eq!(board().await, (false, false), "not yet");
    set(&story, ordering(&story, Some(care(&[SCHOOL, MENTAL]))))
        .await
        .unwrap();
    assert_eq!(board().await, (true, true));
    set(&story, ordering(&story, None)).await.unwrap();
    assert_eq!(board().await, (false, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn care_that_cannot_be_is_refused_with_its_field() {
    let story = with_care(&[MENTAL]).await;
    let order = |authority: &[u8]| wire::CareOrder {
        authority_id: authority.to_vec(),
        ..care(&[MENTAL])
    };
    let lasting = |from, until| wire::CareOrder {
        valid_from: Some(ago(from)),
        valid_until: Some(ago(until)),
        ..care(&[MENTAL])
    };
    let (board, until) = ("care_order.authority_id", "care_order.valid_until");
    let before = Census::of(&story.hub.data()).await;
    for (what, order, expected) in [
        ("a board that is not there", order(&new_id()), board),
        ("a board of another kind", order(&HEALTH_CARE_BOARD.id), board),
        ("another", order(&EDUCATION_BOARD.id), board),
        ("none", order(&[]), board),
        ("in nothing", care(&[]), "care_order.categories"),
        ("over", lasting(2 * HOUR, HOUR), until),
        ("over before it begins", lasting(-2 * DAY, -DAY), until),
        ("too long", lasting(0, -367 * DAY), until),
    ] {
        let refused = set(&story, ordering(&story, Some(order))).await;
        let status = assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
        assert_eq!(field(&status), expected, "{what}");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let asked = request(&story, &story.child, &[MENTAL]).await.unwrap();
    assert_eq!(capacities(&asked), [Capacity::Board], "what was read stands");
    set(&story, ordering(&story, Some(lasting(0, -365 * DAY))))
        .await
        .unwrap();
}
