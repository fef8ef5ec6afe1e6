//! Accepting evidence through a whole hub: what another unit recorded on paper or heard counts for an authority's
//! own information once that authority has accepted it; what the portal recorded counts for all (domain, Consent 4).

use samrum_certs::world::{EDUCATION_BOARD, HEALTH_CARE_BOARD};
use samrum_consent::vocabulary::{Category, Direction, Kind, Purpose};
use samrum_proto::wire::consent::v1 as wire;
use samrum_proto::wire::consent::v1::evidence::Evidence;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Question, Story, assert_fails, assert_hidden, new_id, receipt,
    refusal,
};
use tonic::{Code, Response, Status};

async fn accept(party: &Party, consent: &[u8]) -> Result<wire::AcceptEvidenceResponse, Status> {
    let answer = party.consents().accept_evidence(party.accepting(consent)).await;
    answer.map(Response::into_inner)
}

/// Whether a unit may send a note about the child's school to another; none, or why not.
async fn refused(story: &Story, sender: &Party, recipient: &Party) -> Option<decision::Reason> {
    let question = Question {
        subjects: &[story.child],
        to: &[recipient],
        categories: &[Category::SchoolSituation],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    };
    let answer = sender.decisions().check(sender.checking(&question)).await;
    let verdict = answer.unwrap().into_inner().verdicts.remove(0);
    assert_eq!(verdict.permitted, verdict.reasons.is_empty());
    assert!(verdict.reasons.len() <= 1, "{:?}", verdict.reasons);
    verdict.reasons.into_iter().next()
}

#[track_caller]
fn assert_not_accepted(refused: Option<decision::Reason>) {
    let reason = refused.expect("not before the authority has accepted");
    assert_eq!(
        (reason.code(), reason.remedy.as_str()),
        (ReasonCode::EvidenceNotAccepted, "ACCEPT_EVIDENCE")
    );
}

/// A consent with this scope that social services asked for.
async fn request(story: &Story, bend: impl FnOnce(&mut wire::Scope)) -> Vec<u8> {
    let mut scope = story.scope();
    bend(&mut scope);
    let asked = story.social.requesting(story.child.as_bytes(), scope);
    let answer = story.social.consents().request_consent(asked).await.unwrap();
    answer.into_inner().consent.unwrap().consent_id
}

/// The same with both guardians' yes on paper.
async fn with_scope(bend: impl FnOnce(&mut wire::Scope)) -> (Story, Vec<u8>) {
    let story = Story::begin().await;
    let consent = request(&story, bend).await;
    for signatory in [1, 2] {
        story.sign(&consent, signatory).await;
    }
    (story, consent)
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_lets_another_authority_share_once_it_has_accepted_it_and_only_that_one() {
    let (story, consent) = Story::with_consent().await;
    let Story {
        social,
        psychiatry,
        pupil_health,
        ..
    } = &story;
    assert_not_accepted(refused(&story, psychiatry, pupil_health).await);
    let to = [pupil_health];
    let early = psychiatry.send(&Letter::note(&story.child, &to)).await;
    assert_eq!(refusal(&early.unwrap_err()).0, "EVIDENCE_NOT_ACCEPTED");

    let accepted = accept(psychiatry, &consent).await.unwrap().consent.unwrap();
    assert_eq!(
        accepted.accepted_by_authority_ids,
        [HEALTH_CARE_BOARD.id.to_vec()]
    );
    assert_eq!(accepted.revision, 4, "asked for, signed, signed, accepted");
    assert_eq!(refused(&story, psychiatry, pupil_health).await, None);
    let sent = psychiatry.send(&Letter::note(&story.child, &to)).await.unwrap();
    pupil_health.fetch(&sent.deliveries[0].delivery_id).await.unwrap();

    // It was accepted for its own information: another authority accepts for itself, and who took it need not.
    assert_not_accepted(refused(&story, pupil_health, psychiatry).await);
    assert_eq!(refused(&story, social, psychiatry).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unit_accepts_for_its_whole_authority() {
    let (story, consent) = with_scope(|scope| scope.source_unit_ids.push(school_id())).await;
    assert_not_accepted(refused(&story, &story.pupil_health, &story.psychiatry).await);
    let accepted = accept(&story.school, &consent).await.unwrap().consent.unwrap();
    assert_eq!(accepted.accepted_by_authority_ids, [EDUCATION_BOARD.id.to_vec()]);
    for unit in [&story.school, &story.pupil_health] {
        assert_eq!(refused(&story, unit, &story.psychiatry).await, None);
    }
    assert_not_accepted(refused(&story, &story.psychiatry, &story.pupil_health).await);
    // The authority has said so; its other unit has nothing to add.
    let again = accept(&story.pupil_health, &consent).await;
    assert_fails(again, Code::FailedPrecondition, "STATE_CONFLICT");
}

fn school_id() -> Vec<u8> {
    samrum_certs::world::SCHOOL.id.to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_in_the_portal_counts_for_all_and_one_on_paper_beside_it_does_not() {
    let story = Story::begin().await;
    let Story {
        psychiatry,
        pupil_health,
        ..
    } = &story;
    let consent = story.request().await;
    story.sign_in_portal("kim", &consent).await;
    story.sign_in_portal("robin", &consent).await;
    for (sender, recipient) in [(psychiatry, pupil_health), (pupil_health, psychiatry)] {
        assert_eq!(refused(&story, sender, recipient).await, None);
    }
    story.revoke(&consent).await;

    let consent = story.request().await;
    story.sign_in_portal("kim", &consent).await;
    story.sign(&consent, 2).await;
    assert_not_accepted(refused(&story, psychiatry, pupil_health).await);
    accept(psychiatry, &consent).await.unwrap();
    assert_eq!(refused(&story, psychiatry, pupil_health).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_professionals_heard_is_accepted_like_paper() {
    let story = Story::begin().await;
    let consent = story.request().await;
    for signatory in [1, 2] {
        let heard = wire::Oral {
            first_witness: "anna.k".to_owned(),
            second_witness: "bertil.l".to_owned(),
        };
        let mut recording = story.social.recording(&consent, signatory);
        recording.evidence = Some(wire::Evidence {
            evidence: Some(Evidence::Oral(heard)),
        });
        story.social.consents().record_signature(recording).await.unwrap();
    }
    assert_not_accepted(refused(&story, &story.psychiatry, &story.pupil_health).await);
    accept(&story.psychiatry, &consent).await.unwrap();
    let after = refused(&story, &story.psychiatry, &story.pupil_health).await;
    assert_eq!(after, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_receives_has_nothing_to_accept() {
    let (story, consent) = with_scope(|scope| {
        let school = school_id();
        let psychiatry = samrum_certs::world::CHILD_PSYCHIATRY.id.to_vec();
        scope.direction = Direction::OneWay.number().into();
        scope.source_unit_ids.retain(|unit| *unit != psychiatry);
        scope.recipient_unit_ids = vec![psychiatry, school];
    })
    .await;
    let before = Census::of(&story.hub.data()).await;
    for receiver in [&story.psychiatry, &story.school] {
        let answer = accept(receiver, &consent).await;
        assert_fails(answer, Code::FailedPrecondition, "STATE_CONFLICT");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    // Its twin gives information.
    accept(&story.pupil_health, &consent).await.unwrap();
    assert_eq!(
        refused(&story, &story.pupil_health, &story.psychiatry).await,
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn to_whoever_is_outside_it_is_not_there_to_be_accepted() {
    let story = Story::begin().await;
    let consent = story.request().await;
    let before = Census::of(&story.hub.data()).await;
    let hidden = async |party: &Party| {
        println!("{}", party.name);
        assert_hidden(accept(party, &consent).await, accept(party, &new_id()).await);
    };
    for party in [&story.psychiatry, &story.clinic, &story.reception] {
        hidden(party).await;
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    for signatory in [1, 2] {
        story.sign(&consent, signatory).await;
    }
    let before = Census::of(&story.hub.data()).await;
    for party in [&story.school, &story.clinic, &story.reception] {
        hidden(party).await;
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    accept(&story.psychiatry, &consent).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_accepts_before_there_is_anything_to_look_at() {
    let story = Story::begin().await;
    let consent = story.request().await;
    let before = Census::of(&story.hub.data()).await;
    let early = accept(&story.social, &consent).await;
    assert_fails(early, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    // What the portal recorded needs nobody's acceptance.
    story.sign_in_portal("kim", &consent).await;
    let before = Census::of(&story.hub.data()).await;
    let portal = accept(&story.social, &consent).await;
    assert_fails(portal, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    story.sign(&consent, 2).await;
    accept(&story.social, &consent).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_accepts_once_and_nothing_that_has_ended() {
    let (story, consent) = Story::with_consent().await;
    accept(&story.psychiatry, &consent).await.unwrap();
    let before = Census::of(&story.hub.data()).await;
    let again = accept(&story.psychiatry, &consent).await;
    assert_fails(again, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);

    story.revoke(&consent).await;
    let before = Census::of(&story.hub.data()).await;
    let late = accept(&story.pupil_health, &consent).await;
    assert_fails(late, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let reason = refused(&story, &story.psychiatry, &story.pupil_health).await;
    assert_eq!(reason.unwrap().code(), ReasonCode::ConsentRevoked);
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_repeated_gives_its_answer_again() {
    let (story, consent) = Story::with_consent().await;
    let mut request = story.psychiatry.accepting(&consent);
    let send = async |request: &wire::AcceptEvidenceRequest| {
        let answer = story.psychiatry.consents().accept_evidence(request.clone()).await;
        answer.map(Response::into_inner)
    };
    let first = send(&request).await.unwrap();
    let before = Census::of(&story.hub.data()).await;
    assert_eq!(send(&request).await.unwrap(), first, "the same answer and ticket");
    request.consent_id = new_id();
    assert_fails(send(&request).await, Code::AlreadyExists, "ID_REUSED");
    assert_eq!(Census::of(&story.hub.data()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_it_was_accepted_is_written_down_for_those_whom_it_concerns() {
    let (story, consent) = Story::with_consent().await;
    let entry = accept(&story.psychiatry, &consent).await.unwrap();
    let entry = entry.ticket.unwrap().entry_id;
    let region = story.hub.party("auditor-region-exempel");
    let solsidan = story.hub.party("auditor-solsidan");
    let may = [
        &story.psychiatry,
        &story.social,
        &story.pupil_health,
        &region,
        &story.auditor,
    ];
    for party in may {
        println!("{} may", party.name);
        let proof = receipt(party, &entry).await.unwrap();
        let details: serde_json::Value = serde_json::from_slice(&proof.details).unwrap();
        assert_eq!(details["event"], "CONSENT");
        assert_eq!(details["consent"]["step"], "ACCEPTED");
        assert_eq!(details["consent"]["revision"], 4);
        assert_eq!(details["by"]["unit"], story.psychiatry.id().to_string());
        let authority = uuid::Uuid::from_bytes(HEALTH_CARE_BOARD.id).to_string();
        assert_eq!(details["named"]["authority"], authority);
        assert!(
            !proof
                .details
                .windows(CHILD.0.len())
                .any(|part| part == CHILD.0.as_bytes())
        );
    }
    for party in [&story.school, &story.clinic, &story.reception, &solsidan] {
        println!("{} may not", party.name);
        assert_hidden(receipt(party, &entry).await, receipt(party, &new_id()).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_accepted_is_the_consent_as_narrowed_since() {
    let (story, consent) = Story::with_consent().await;
    accept(&story.psychiatry, &consent).await.unwrap();
    assert_eq!(
        refused(&story, &story.psychiatry, &story.pupil_health).await,
        None
    );
    let narrower = story
        .social
        .narrowing(&consent, &[Category::SchoolSituation], None);
    story.social.consents().narrow_consent(narrower).await.unwrap();
    let reason = refused(&story, &story.psychiatry, &story.pupil_health).await;
    assert_eq!(reason.unwrap().code(), ReasonCode::CategoryExcluded);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_is_for_what_was_there_and_not_for_what_is_recorded_later() {
    let (story, consent) = Story::with_consent().await;
    let (psychiatry, pupil_health) = (&story.psychiatry, &story.pupil_health);
    accept(psychiatry, &consent).await.unwrap();
    let third = (samrum_tests::invented_number(1980, 3), "Tove Exempel");
    story
        .import_custody(&[GUARDIANS[0], GUARDIANS[1], (&third.0, third.1)])
        .await;
    let recording = pupil_health.recording(&consent, 3);
    pupil_health.consents().record_signature(recording).await.unwrap();
    assert_not_accepted(refused(&story, psychiatry, pupil_health).await);
    // Looked at anew, it shares again.
    accept(psychiatry, &consent).await.unwrap();
    assert_eq!(refused(&story, psychiatry, pupil_health).await, None);
}
