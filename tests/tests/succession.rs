//! What takes another's place, and what answers what, through a whole hub: a consent ends the one it supersedes when
//! it comes into force and not before; feedback about a concern report goes to that report's reporter alone.

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::consent::v1::ConsentState;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Question, Story, assert_fails, entry_details, invented_number,
    new_id, receipt, refusal,
};
use tonic::{Code, Response, Status};

/// The duty to tell a reporter.
const FEEDBACK: &str = "SOL2025-19-6";

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

fn feedback<'a>(to: &'a [&'a Party]) -> Letter<'a> {
    Letter {
        kind: Kind::ConcernFeedback,
        categories: &[Category::HomeFamily],
        subjects: &[],
        basis: Basis::Duty,
        text: "En utredning har inletts",
        to,
    }
}

/// Sends a letter under this id; answers with its delivery.
async fn deliver(sender: &Party, document: &[u8], letter: &Letter<'_>) -> Vec<u8> {
    let sealed = sender.seal_as(document.to_vec(), letter).await;
    let request = sender.sending(document, sealed);
    let sent = sender.exchange().send_document(request).await.unwrap();
    sent.into_inner().deliveries.remove(0).delivery_id
}

/// Whether feedback that says it answers this may be given to them; no id: it answers nothing.
async fn may_tell(sender: &Party, to: &[&Party], answered: &[u8]) -> Vec<decision::Verdict> {
    let question = Question {
        subjects: &[],
        to,
        categories: &[Category::HomeFamily],
        kind: Kind::ConcernFeedback,
        purpose: Purpose::Sip,
    };
    let request = decision::CheckRequest {
        in_reply_to: answered.to_vec(),
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

/// Whether the recipient of the only verdict may be told: on the duty, or for that one reason not.
#[track_caller]
fn is_told(verdict: &decision::Verdict) -> bool {
    let ground = verdict.ground.clone().and_then(|ground| ground.ground);
    if verdict.permitted {
        let duty = decision::ground::Ground::ProvisionId(FEEDBACK.to_owned());
        assert_eq!(ground, Some(duty));
    } else {
        let codes: Vec<_> = verdict.reasons.iter().map(decision::Reason::code).collect();
        assert_eq!(codes, [ReasonCode::ProvisionRecipientMismatch]);
    }
    verdict.permitted
}

/// Sends feedback that says it answers this.
async fn tell(sender: &Party, to: &[&Party], answered: &[u8]) -> Result<Vec<u8>, Status> {
    let document = new_id();
    let sealed = sender.seal_reply(&document, answered, &feedback(to)).await;
    let request = sender.sending(&document, sealed);
    let sent = sender.exchange().send_document(request).await;
    sent.map(Response::into_inner)
        .map(|mut sent| sent.deliveries.remove(0).delivery_id)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reported_is_told_and_nobody_else() {
    let story = Story::begin().await;
    let Story {
        reception,
        school,
        pupil_health,
        clinic,
        ..
    } = &story;
    let report = new_id();
    let delivery = deliver(school, &report, &Letter::report(&[reception])).await;
    assert!(
        !is_told(&may_tell(reception, &[school], &report).await[0]),
        "not read yet: nothing to answer"
    );
    reception.fetch(&delivery).await.unwrap();

    let verdicts = may_tell(reception, &[school, pupil_health, clinic], &report).await;
    let told: Vec<_> = verdicts.iter().map(is_told).collect();
    assert_eq!(told, [true, false, false]);
    let answer = tell(reception, &[school], &report).await.unwrap();
    let fetched = school.fetch(&answer).await.unwrap();
    let details = receipt(school, &fetched.decision_id).await.unwrap().details;
    let details: serde_json::Value = serde_json::from_slice(&details).unwrap();
    let named = uuid::Uuid::from_slice(&report).unwrap().to_string();
    assert_eq!(details["matter"]["in_reply_to"], named);
    let other = tell(reception, &[pupil_health], &report).await.unwrap_err();
    assert_eq!(refusal(&other).0, "PROVISION_RECIPIENT_MISMATCH");
    let both = tell(reception, &[school, clinic], &report).await.unwrap_err();
    assert_eq!(refusal(&both).0, "PROVISION_RECIPIENT_MISMATCH", "all or nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_made_up_and_one_of_somebody_else_s_report_are_denied_alike() {
    let story = Story::begin().await;
    let Story {
        reception,
        social,
        school,
        clinic,
        ..
    } = &story;
    let report = new_id();
    let delivery = deliver(school, &report, &Letter::report(&[reception])).await;
    reception.fetch(&delivery).await.unwrap();
    // Another unit of the same board has not received it: to it the id is like any other.
    let known = may_tell(social, &[school], &report).await;
    let made_up = may_tell(social, &[school], &new_id()).await;
    assert_eq!(known, made_up);
    assert!(!is_told(&known[0]));
    for answered in [report.clone(), new_id()] {
        let denied = tell(social, &[school], &answered).await.unwrap_err();
        assert_eq!(refusal(&denied).0, "PROVISION_RECIPIENT_MISMATCH");
    }
    // Nor has the receiving unit got one from the clinic, whichever id it names.
    let named = may_tell(reception, &[clinic], &report).await;
    let unnamed = may_tell(reception, &[clinic], &[]).await;
    assert_eq!(named, may_tell(reception, &[clinic], &new_id()).await);
    assert_eq!(named, unnamed);
    assert!(
        !is_told(&may_tell(reception, &[school], &[]).await[0]),
        "feedback answers something"
    );
    let unasked = reception.send(&feedback(&[school])).await.unwrap_err();
    assert_eq!(refusal(&unasked).0, "PROVISION_RECIPIENT_MISMATCH");
    // What is no id at all is refused as such.
    let question = Question {
        subjects: &[],
        to: &[school],
        categories: &[Category::HomeFamily],
        kind: Kind::ConcernFeedback,
        purpose: Purpose::Sip,
    };
    let garbled = decision::CheckRequest {
        in_reply_to: vec![1, 2, 3],
        ..reception.checking(&question)
    };
    let garbled = reception.decisions().check(garbled).await;
    assert_fails(garbled, Code::InvalidArgument, "FIELD_INVALID");
    assert!(is_told(&may_tell(reception, &[school], &report).await[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_no_report_has_no_reporter() {
    let story = Story::begin().await;
    let Story {
        reception, school, ..
    } = &story;
    let child = story.register(school, CHILD).await;
    let circle = vec![school.bytes(), reception.bytes()];
    let mut scope = story.scope();
    (scope.source_unit_ids, scope.recipient_unit_ids) = (circle.clone(), circle);
    let asked = school.requesting(child.as_bytes(), scope);
    let asked = school
        .consents()
        .request_consent(asked)
        .await
        .unwrap()
        .into_inner();
    let consent = asked.consent.unwrap().consent_id;
    for signatory in [1, 2] {
        let yes = school.recording(&consent, signatory);
        school.consents().record_signature(yes).await.unwrap();
    }
    let note = new_id();
    let delivery = deliver(school, &note, &Letter::note(&child, &[reception])).await;
    reception.fetch(&delivery).await.unwrap();
    assert!(!is_told(&may_tell(reception, &[school], &note).await[0]));
    let denied = tell(reception, &[school], &note).await.unwrap_err();
    assert_eq!(refusal(&denied).0, "PROVISION_RECIPIENT_MISMATCH");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_reports_under_one_id_have_two_reporters() {
    let story = Story::begin().await;
    let Story {
        reception,
        school,
        clinic,
        pupil_health,
        ..
    } = &story;
    let report = new_id();
    for sender in [school, clinic] {
        let delivery = deliver(sender, &report, &Letter::report(&[reception])).await;
        reception.fetch(&delivery).await.unwrap();
    }
    for (to, expected) in [(school, true), (clinic, true), (pupil_health, false)] {
        assert_eq!(
            is_told(&may_tell(reception, &[to], &report).await[0]),
            expected,
            "{}",
            to.name
        );
    }
    let answer = tell(reception, &[clinic], &report).await.unwrap();
    clinic.fetch(&answer).await.unwrap();
}
