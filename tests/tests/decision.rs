//! "May I share this?" through a whole hub: per recipient, with its ground or every reason, explained again
//! to the unit that asked, and telling nothing to those who are party to nothing.

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Act, Category, Kind, Purpose};
use samrum_proto::wire::consent::v1::Scope;
use samrum_proto::wire::decision::v1 as wire;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_tests::{CHILD, Census, Party, Question, Story, ago, assert_fails, assert_hidden, new_id};
use tonic::{Code, Response, Status};

const SCHOOL: &[Category] = &[Category::SchoolSituation];

fn about<'a>(child: &'a IndividualId, to: &'a [&'a Party]) -> Question<'a> {
    Question {
        subjects: std::slice::from_ref(child),
        to,
        categories: SCHOOL,
        kind: Kind::Note,
        purpose: Purpose::Sip,
    }
}

async fn ask(party: &Party, question: &Question<'_>) -> wire::CheckResponse {
    let answer = party.decisions().check(party.checking(question)).await;
    answer.unwrap().into_inner()
}

async fn explain(party: &Party, decision_id: &[u8]) -> Result<wire::ExplainResponse, Status> {
    let request = wire::ExplainRequest {
        decision_id: decision_id.to_vec(),
    };
    party.decisions().explain(request).await.map(Response::into_inner)
}

fn codes(verdict: &wire::Verdict) -> Vec<ReasonCode> {
    verdict.reasons.iter().map(wire::Reason::code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_recipient_gets_its_own_answer_and_it_can_be_explained_again() {
    let (story, consent) = Story::with_consent().await;
    let to = [&story.psychiatry, &story.pupil_health, &story.clinic];
    let answer = ask(&story.social, &about(&story.child, &to)).await;
    let permitted: Vec<bool> = answer.verdicts.iter().map(|verdict| verdict.permitted).collect();
    assert_eq!(permitted, [true, true, false]);
    let recipients: Vec<_> = answer
        .verdicts
        .iter()
        .map(|verdict| verdict.recipient_unit_id.clone())
        .collect();
    assert_eq!(recipients, to.map(Party::bytes), "in the order asked");
    for verdict in &answer.verdicts[..2] {
        let ground = verdict.ground.clone().unwrap().ground.unwrap();
        let wire::ground::Ground::Consent(ground) = ground else {
            panic!("on consent");
        };
        let rests_on: Vec<_> = ground
            .consents
            .into_iter()
            .map(|on| (on.consent_id, on.revision))
            .collect();
        assert_eq!(rests_on, [(consent.clone(), 3)], "asked for, signed, signed");
    }
    assert_eq!(codes(&answer.verdicts[2]), [ReasonCode::RecipientOutsideScope]);

    let explained = explain(&story.social, &answer.decision_id).await.unwrap();
    assert_eq!(
        (&explained.decision_id, &explained.decided_at, &explained.verdicts),
        (&answer.decision_id, &answer.decided_at, &answer.verdicts)
    );
    // Those whom it permits are no less strangers to the question.
    for other in [&story.psychiatry, &story.clinic] {
        assert_hidden(
            explain(other, &answer.decision_id).await,
            explain(other, &new_id()).await,
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_the_answer_is_the_same_whoever_the_person_is() {
    let (story, _) = Story::with_consent().await;
    let own = story.register(&story.clinic, CHILD).await;
    let unknown = IndividualId::try_from(new_id().as_slice()).unwrap();
    let mut answers = Vec::new();
    for child in [story.child, own, unknown] {
        let to = [&story.psychiatry];
        answers.push(ask(&story.clinic, &about(&child, &to)).await.verdicts);
    }
    assert_eq!(answers[0], answers[2], "known to others, and known to nobody");
    assert_eq!(answers[1], answers[2], "known to this unit without consent");
    assert_eq!(codes(&answers[0][0]), [ReasonCode::ConsentMissing]);
    let permitted = ask(&story.social, &about(&story.child, &[&story.psychiatry])).await;
    assert!(
        permitted.verdicts[0].permitted,
        "the same question from a party to it"
    );
}

/// What one bent question comes to, and that the unbent one is permitted.
async fn reasons(story: &Story, bend: impl FnOnce(&mut Question<'_>)) -> Vec<ReasonCode> {
    let to = [&story.psychiatry];
    let mut question = about(&story.child, &to);
    assert!(ask(&story.social, &question).await.verdicts[0].permitted);
    bend(&mut question);
    let answer = ask(&story.social, &question).await;
    assert!(!answer.verdicts[0].permitted && answer.verdicts[0].ground.is_none());
    codes(&answer.verdicts[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_condition_of_the_scope_denies_by_its_own_name() {
    let (story, _) = Story::with_consent().await;
    let kind = reasons(&story, |question| question.kind = Kind::Mapping).await;
    assert_eq!(kind, [ReasonCode::KindNotCovered]);
    let purpose = reasons(&story, |question| question.purpose = Purpose::Placement).await;
    assert_eq!(purpose, [ReasonCode::PurposeNotCovered]);
    let category = reasons(&story, |question| question.categories = &[Category::Medication]).await;
    assert_eq!(category, [ReasonCode::CategoryNotCovered]);
    let both = reasons(&story, |question| {
        question.categories = &[Category::Medication, Category::SchoolSituation];
        question.purpose = Purpose::FollowUp;
    });
    let both = both.await;
    assert!(both.contains(&ReasonCode::CategoryNotCovered) && both.contains(&ReasonCode::PurposeNotCovered));
    let nobody = reasons(&story, |question| question.subjects = &[]).await;
    assert_eq!(nobody, [ReasonCode::SubjectMissing]);
    let duty = reasons(&story, |question| question.kind = Kind::ConcernReport).await;
    assert_eq!(duty, [ReasonCode::ProvisionRecipientMismatch]);
}

/// A story whose only consent has this scope, signed by both.
async fn with_scope(bend: impl FnOnce(&mut Scope)) -> Story {
    let story = Story::begin().await;
    let mut scope = story.scope();
    bend(&mut scope);
    let request = story.social.requesting(story.child.as_bytes(), scope);
    let answer = story.social.consents().request_consent(request).await.unwrap();
    let consent = answer.into_inner().consent.unwrap().consent_id;
    for signatory in [1, 2] {
        story.sign(&consent, signatory).await;
    }
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn sharing_is_one_act_and_planning_another() {
    let story = with_scope(|scope| scope.acts = vec![Act::Share.number().into()]).await;
    let planned = reasons(&story, |question| question.kind = Kind::Plan).await;
    assert_eq!(planned, [ReasonCode::ActNotConsented]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_counts_from_its_first_day_to_its_last() {
    let story = with_scope(|scope| scope.valid_from = Some(ago(-3600))).await;
    let to = [&story.psychiatry];
    let early = ask(&story.social, &about(&story.child, &to)).await;
    assert_eq!(codes(&early.verdicts[0]), [ReasonCode::ConsentNotYetValid]);

    let (story, consent) = Story::with_consent().await;
    let to = [&story.psychiatry];
    assert!(ask(&story.social, &about(&story.child, &to)).await.verdicts[0].permitted);
    let ended = story.social.narrowing(&consent, &[], Some(ago(1)));
    story.social.consents().narrow_consent(ended).await.unwrap();
    let late = ask(&story.social, &about(&story.child, &to)).await;
    assert_eq!(codes(&late.verdicts[0]), [ReasonCode::ConsentExpired]);
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_counts_for_the_unit_that_took_it() {
    let (story, _) = Story::with_consent().await;
    let to = [&story.pupil_health];
    let theirs = ask(&story.psychiatry, &about(&story.child, &to)).await;
    assert_eq!(codes(&theirs.verdicts[0]), [ReasonCode::EvidenceNotAccepted]);
    assert!(ask(&story.social, &about(&story.child, &to)).await.verdicts[0].permitted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_repeated_gives_its_answer_again() {
    let (story, consent) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let mut request = story.social.checking(&about(&story.child, &to));
    let check = async |request: &wire::CheckRequest| {
        let answer = story.social.decisions().check(request.clone()).await;
        answer.map(Response::into_inner)
    };
    let first = check(&request).await.unwrap();
    story.revoke(&consent).await;
    let before = Census::of(&story.hub.data()).await;
    assert_eq!(check(&request).await.unwrap(), first, "what was answered then");
    request.purpose = Purpose::FollowUp.number().into();
    assert_fails(check(&request).await, Code::AlreadyExists, "ID_REUSED");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let anew = ask(&story.social, &about(&story.child, &to)).await;
    assert_eq!(codes(&anew.verdicts[0]), [ReasonCode::ConsentRevoked]);
}
