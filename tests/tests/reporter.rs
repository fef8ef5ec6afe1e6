//! Feedback about a concern report through a whole hub: to that report's reporter alone, from who has received it
//! (SoL 19:6). An id that is made up and one of somebody else's report are denied alike.

use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_tests::{CHILD, Letter, Party, Question, Story, assert_fails, new_id, receipt, refusal};
use tonic::{Code, Response, Status};

/// The duty to tell a reporter.
const FEEDBACK: &str = "SOL2025-19-6";

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

#[tokio::test(flavor = "multi_thread")]
async fn feedback_is_about_whom_the_report_was_about() {
    let story = Story::begin().await;
    let (reception, school) = (&story.reception, &story.school);
    let theirs = story.register(school, CHILD).await;
    let ours = story.register(reception, CHILD).await;
    let sibling = story.register(reception, samrum_tests::GUARDIANS[0]).await;
    let about = |subject| {
        let request = decision::CheckRequest {
            in_reply_to: Vec::new(),
            ..reception.checking(&Question {
                subjects: &[subject],
                to: &[school],
                categories: &[Category::HomeFamily],
                kind: Kind::ConcernFeedback,
                purpose: Purpose::Sip,
            })
        };
        async move |report: &[u8]| {
            let request = decision::CheckRequest {
                in_reply_to: report.to_vec(),
                ..request
            };
            let answer = reception.decisions().check(request).await.unwrap();
            is_told(&answer.into_inner().verdicts[0])
        }
    };
    let to = [reception];
    for (subjects, told) in [(vec![theirs], true), (Vec::new(), false)] {
        let report = new_id();
        let letter = Letter {
            subjects: &subjects,
            ..Letter::report(&to)
        };
        let delivery = deliver(school, &report, &letter).await;
        reception.fetch(&delivery).await.unwrap();
        assert_eq!(
            about(ours)(&report).await,
            told,
            "the child under another id of the same person"
        );
        assert!(!about(sibling)(&report).await, "somebody else");
    }
}
