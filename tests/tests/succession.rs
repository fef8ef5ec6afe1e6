//! What takes another's place, through a whole hub: a consent ends the one it supersedes when it comes into force and
//! not before; what rested on the former ends with it.

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::consent::v1::ConsentState;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Question, Story, assert_fails, entry_details, invented_number,
    new_id, refusal,
};
use tonic::{Code, Status};

async fn get(party: &Party, id: &[u8]) -> consent::Consent {
    let request = consent::GetConsentRequest {
        consent_id: id.to_vec(),
    };
    let answer = party.consents().get_consent(request).await.unwrap();
    answer.into_inner().consent.unwrap()
}

/// Asks for a consent in the place of another.
async fn supersede(
    party: &Party,
    child: &IndividualId,
    scope: consent::Scope,
    former: &[u8],
) -> Result<Vec<u8>, Status> {
    let request = party.superseding(child.as_bytes(), scope, former);
    let answer = party.consents().request_consent(request).await?;
    Ok(answer.into_inner().consent.unwrap().consent_id)
}

/// Sends a note about the child to child psychiatry: document and delivery.
async fn send(story: &Story) -> (Vec<u8>, Vec<u8>) {
    let (document, to) = (new_id(), [&story.psychiatry]);
    let sealed = story
        .social
        .seal_as(document.clone(), &Letter::note(&story.child, &to))
        .await;
    let request = story.social.sending(&document, sealed);
    let sent = story.social.exchange().send_document(request).await.unwrap();
    (document, sent.into_inner().deliveries.remove(0).delivery_id)
}

async fn delivery_state(story: &Story, document: &[u8]) -> DeliveryState {
    let request = exchange::ListDeliveriesRequest {
        document_id: document.to_vec(),
    };
    let listed = story.social.exchange().list_deliveries(request).await.unwrap();
    listed.into_inner().deliveries[0].state()
}

/// On which consents social services may send a note about this, or why not.
async fn grounds(story: &Story, category: Category) -> Result<Vec<Vec<u8>>, Vec<ReasonCode>> {
    let question = Question {
        subjects: &[story.child],
        to: &[&story.psychiatry],
        categories: &[category],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    };
    let answer = story
        .social
        .decisions()
        .check(story.social.checking(&question))
        .await;
    let verdict = answer.unwrap().into_inner().verdicts.remove(0);
    match verdict.ground.and_then(|ground| ground.ground) {
        Some(decision::ground::Ground::Consent(ground)) => {
            Ok(ground.consents.into_iter().map(|one| one.consent_id).collect())
        }
        Some(other) => panic!("on consent alone: {other:?}"),
        None => Err(verdict.reasons.iter().map(decision::Reason::code).collect()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_ends_the_former_when_it_comes_into_force_and_not_before() {
    let (story, former) = Story::with_consent().await;
    let (early, early_delivery) = send(&story).await;
    let (document, delivery) = send(&story).await;
    let mut scope = story.scope();
    scope.categories = vec![Category::SchoolSituation.number().into()];
    let next = supersede(&story.social, &story.child, scope, &former)
        .await
        .unwrap();

    // Asked for, and signed by one of two: the former holds.
    for signatory in [0, 1] {
        if signatory > 0 {
            story.sign(&next, signatory).await;
        }
        assert_eq!(get(&story.social, &former).await.state(), ConsentState::Active);
        assert_eq!(get(&story.social, &next).await.state(), ConsentState::Requested);
        for category in [Category::SchoolSituation, Category::HealthMental] {
            assert_eq!(grounds(&story, category).await, Ok(vec![former.clone()]));
        }
    }
    story.psychiatry.fetch(&early_delivery).await.unwrap();

    let active = story.sign(&next, 2).await;
    assert_eq!(active.state(), ConsentState::Active);
    let ended = get(&story.psychiatry, &former).await;
    assert_eq!((ended.state(), ended.revision), (ConsentState::Superseded, 4));
    assert!(ended.ended_at.is_some());
    assert_eq!(
        grounds(&story, Category::SchoolSituation).await,
        Ok(vec![next.clone()])
    );
    assert_eq!(
        grounds(&story, Category::HealthMental).await,
        Err(vec![ReasonCode::CategoryNotCovered]),
        "what only the former opened is closed"
    );

    // The basis was fixed at sending and has ended: withheld for good, though the new consent would carry it.
    assert_eq!(delivery_state(&story, &document).await, DeliveryState::Withheld);
    let kept = story.psychiatry.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&kept).0, "DELIVERY_WITHHELD");
    assert_eq!(delivery_state(&story, &early).await, DeliveryState::Released);
    let again = story.psychiatry.fetch(&early_delivery).await.unwrap_err();
    assert_eq!(refusal(&again).0, "CONSENT_SUPERSEDED");
    let (_, anew) = send(&story).await;
    story.psychiatry.fetch(&anew).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_to_the_new_leaves_the_former_as_it_was() {
    let (story, former) = Story::with_consent().await;
    let (document, delivery) = send(&story).await;
    let next = supersede(&story.social, &story.child, story.scope(), &former)
        .await
        .unwrap();
    story.sign(&next, 1).await;
    let no = story.social.declining(&next, 2);
    story.social.consents().decline_consent(no).await.unwrap();
    assert_eq!(get(&story.social, &former).await.state(), ConsentState::Active);
    assert_eq!(grounds(&story, Category::SchoolSituation).await, Ok(vec![former]));
    assert_eq!(delivery_state(&story, &document).await, DeliveryState::Queued);
    story.psychiatry.fetch(&delivery).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_yes_may_come_in_the_portal_or_from_what_is_recorded_by_then() {
    // In the portal.
    let (story, former) = Story::with_consent().await;
    let (document, _) = send(&story).await;
    let next = supersede(&story.social, &story.child, story.scope(), &former)
        .await
        .unwrap();
    story.sign(&next, 1).await;
    assert_eq!(get(&story.social, &former).await.state(), ConsentState::Active);
    story.sign_in_portal("robin", &next).await;
    assert_eq!(
        get(&story.social, &former).await.state(),
        ConsentState::Superseded
    );
    assert_eq!(delivery_state(&story, &document).await, DeliveryState::Withheld);

    // By custody alone: the one guardian left has signed.
    let third = supersede(&story.social, &story.child, story.scope(), &next)
        .await
        .unwrap();
    story.sign(&third, 1).await;
    let (document, _) = send(&story).await;
    assert_eq!(get(&story.social, &next).await.state(), ConsentState::Active);
    story.import_custody(&GUARDIANS[..1]).await;
    let now = [get(&story.social, &next).await, get(&story.social, &third).await];
    assert_eq!(
        now.map(|consent| consent.state()),
        [ConsentState::Superseded, ConsentState::Active]
    );
    assert_eq!(delivery_state(&story, &document).await, DeliveryState::Withheld);
    assert_eq!(grounds(&story, Category::SchoolSituation).await, Ok(vec![third]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waits_is_superseded_too_and_its_place_is_taken_once() {
    let story = Story::begin().await;
    let former = story.request().await;
    let mut scopes = vec![story.scope(), story.scope()];
    scopes[1].categories.pop();
    let mut next = Vec::new();
    for scope in scopes {
        next.push(
            supersede(&story.social, &story.child, scope, &former)
                .await
                .unwrap(),
        );
    }
    for one in &next {
        for signatory in [1, 2] {
            story.sign(one, signatory).await;
        }
        let ended = get(&story.social, &former).await;
        assert_eq!((ended.state(), ended.revision), (ConsentState::Superseded, 2));
    }
    // Both are in force: they took the place of the former, not of each other.
    for one in &next {
        assert_eq!(get(&story.social, one).await.state(), ConsentState::Active);
    }
    let late = story.social.recording(&former, 1);
    let late = story.social.consents().record_signature(late).await;
    assert_fails(late, Code::FailedPrecondition, "STATE_CONFLICT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_that_was_taken_back_meanwhile_stays_taken_back() {
    let (story, former) = Story::with_consent().await;
    let next = supersede(&story.social, &story.child, story.scope(), &former)
        .await
        .unwrap();
    story.revoke(&former).await;
    for signatory in [1, 2] {
        story.sign(&next, signatory).await;
    }
    assert_eq!(get(&story.social, &former).await.state(), ConsentState::Revoked);
    assert_eq!(get(&story.social, &next).await.state(), ConsentState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_unit_s_own_consent_about_the_same_individual_can_be_superseded() {
    let (story, former) = Story::with_consent().await;
    let Story {
        social, psychiatry, ..
    } = &story;
    let own = story.register(psychiatry, CHILD).await;
    let theirs = story.consent_of(psychiatry, &own).await;
    let unseen = story.request_by(psychiatry, &own).await;
    let again = story.register(social, CHILD).await;
    let ended = story.request().await;
    story.revoke(&ended).await;
    let before = Census::of(&story.hub.data()).await;
    let (scope, unknown) = (|| story.scope(), new_id());
    let child = &story.child;
    const FIELD: (Code, &str) = (Code::InvalidArgument, "FIELD_INVALID");
    const HIDDEN: (Code, &str) = (Code::NotFound, "NOT_FOUND");
    const OVER: (Code, &str) = (Code::FailedPrecondition, "STATE_CONFLICT");
    type Case<'a> = (&'a str, &'a Party, &'a IndividualId, &'a [u8], (Code, &'a str));
    let cases: [Case<'_>; 6] = [
        (
            "another unit's, seen as a party",
            psychiatry,
            child,
            &former,
            FIELD,
        ),
        ("another unit's, in another case", social, child, &theirs, FIELD),
        ("the same child's in another case", social, &again, &former, FIELD),
        ("one that has ended", social, child, &ended, OVER),
        ("one it may not know", social, child, &unseen, HIDDEN),
        ("none at all", social, child, &unknown, HIDDEN),
    ];
    for (what, party, child, former, (code, expected)) in cases {
        println!("{what}");
        let answer = supersede(party, child, scope(), former).await;
        assert_fails(answer, code, expected);
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    samrum_tests::assert_hidden(
        supersede(social, &story.child, scope(), &unseen).await,
        supersede(social, &story.child, scope(), &unknown).await,
    );
    let sibling = (invented_number(2018, 1), "Ebbe Exempel");
    let sibling = story.register(social, (&sibling.0, sibling.1)).await;
    let answer = supersede(social, &sibling, scope(), &former).await;
    assert_fails(answer, Code::InvalidArgument, "FIELD_INVALID");
    supersede(social, &story.child, scope(), &former).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn that_it_ended_is_told_to_its_parties_without_naming_what_took_its_place() {
    let (story, former) = Story::with_consent().await;
    let mut scope = story.scope();
    let psychiatry = story.psychiatry.bytes();
    scope.source_unit_ids.retain(|unit| *unit != psychiatry);
    scope.recipient_unit_ids.retain(|unit| *unit != psychiatry);
    let request = story.social.superseding(story.child.as_bytes(), scope, &former);
    let asked = story
        .social
        .consents()
        .request_consent(request.clone())
        .await
        .unwrap();
    let asked = asked.into_inner();
    let before = Census::of(&story.hub.data()).await;
    let again = story
        .social
        .consents()
        .request_consent(request.clone())
        .await
        .unwrap();
    assert_eq!(again.into_inner(), asked, "repeated, it repeats its answer");
    let other = consent::RequestConsentRequest {
        supersedes_consent_id: Vec::new(),
        ..request
    };
    let other = story.social.consents().request_consent(other).await;
    assert_fails(other, Code::AlreadyExists, "ID_REUSED");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let data = story.hub.data();
    let said = entry_details(&data, &asked.ticket.unwrap().entry_id).await;
    assert_eq!(
        said["named"]["supersedes"],
        uuid::Uuid::from_slice(&former).unwrap().to_string()
    );

    let next = asked.consent.unwrap().consent_id;
    for signatory in [1, 2] {
        story.sign(&next, signatory).await;
    }
    // Child psychiatry is no party to the new one: it learns that the former is over, and nothing more.
    let region = story.hub.party("auditor-region-exempel");
    let rows = region.audit().search_disclosures(region.searching(CHILD.0)).await;
    let rows = rows.unwrap().into_inner().disclosures;
    let mut steps = Vec::new();
    for row in &rows {
        let details = entry_details(&data, &row.entry_id).await;
        let text = details.to_string();
        assert!(
            !text.contains(&uuid::Uuid::from_slice(&next).unwrap().to_string()),
            "{text}"
        );
        steps.extend(details["consent"]["step"].as_str().map(str::to_owned));
    }
    assert_eq!(steps.last().map(String::as_str), Some("SUPERSEDED"));
    assert_eq!(
        get(&story.psychiatry, &former).await.state(),
        ConsentState::Superseded
    );
    let hidden = consent::GetConsentRequest { consent_id: next };
    let hidden = story.psychiatry.consents().get_consent(hidden).await;
    assert_fails(hidden, Code::NotFound, "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_no_to_the_former_nothing_comes_into_force_without_a_fresh_yes() {
    for (refused, expected) in [(true, ConsentState::Requested), (false, ConsentState::Active)] {
        let (story, former) = Story::with_consent().await;
        let newer = supersede(&story.social, &story.child, story.scope(), &former)
            .await
            .unwrap();
        story.sign(&newer, 1).await;
        if refused {
            story.revoke(&former).await;
        }
        // The guardian who has signed has custody alone from now on.
        story.import_custody(&[GUARDIANS[0]]).await;
        assert_eq!(
            get(&story.social, &newer).await.state(),
            expected,
            "refused: {refused}"
        );
    }
}
