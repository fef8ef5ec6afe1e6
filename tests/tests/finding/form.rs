//! What a fact must look like, how many a unit may have, and what a request repeated or used twice comes to. Refusals
//! change nothing.

use samrum_consent::vocabulary::{Category, Circumstance, Maturity, Purpose};
use samrum_proto::wire::individual::v1 as wire;
use samrum_server::service::fact::MAX_FACTS;
use samrum_tests::{CHILD, Census, GUARDIANS, Story, ago, assert_fails, new_id, person};
use tonic::{Code, Response, Status};

use crate::{
    ALL_OVER, Assessment, DAY, Found, HOUR, SECOND, assess, attest, facts, field, find, hindered, mature,
    mature_now, risk,
};

const SCHOOL: Category = Category::SchoolSituation;
/// The longest that a fact may hold.
const LONGEST: i64 = 366 * DAY;

async fn record(story: &Story, assessment: Option<Assessment>, reason: &str) -> Result<(), Status> {
    let request = wire::RecordAssessmentRequest {
        assessment,
        reason: reason.to_owned(),
        ..story
            .social
            .assessing(story.child.as_bytes(), mature_now(Maturity::Decides))
    };
    let answer = story.social.individuals().record_assessment(request).await;
    answer.map(drop)
}

#[track_caller]
fn assert_names(refused: Result<(), Status>, expected: &str, what: &str) {
    let status = assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    assert_eq!(field(&status), expected, "{what}");
}

/// Assessments that cannot be: what is wrong, and the field that is named.
fn impossible() -> Vec<(&'static str, Option<Assessment>, &'static str)> {
    let period = |from, until| Some(mature(Maturity::Decides, Purpose::Sip, (from, until)));
    let bent = |bend: fn(&mut wire::MaturityAssessment)| match mature_now(Maturity::Decides) {
        Assessment::Maturity(mut found) => {
            bend(&mut found);
            Some(Assessment::Maturity(found))
        }
        Assessment::Risk(_) => unreachable!("it is one of maturity"),
    };
    let risk_bent = |bend: fn(&mut wire::RiskAssessment)| match risk(GUARDIANS[1], &[SCHOOL]) {
        Assessment::Risk(mut found) => {
            bend(&mut found);
            Some(Assessment::Risk(found))
        }
        Assessment::Maturity(_) => unreachable!("it is one of risk"),
    };
    let until = "maturity.valid_until";
    vec![
        ("nothing", None, "assessment"),
        ("over", period(-DAY, -HOUR), until),
        ("ends before it begins", period(2 * DAY, DAY), until),
        ("ends as it begins", period(DAY, DAY), until),
        ("too long", period(DAY, DAY + LONGEST + 1), until),
        ("no end", bent(|found| found.valid_until = None), until),
        (
            "no beginning",
            bent(|found| found.valid_from = None),
            "maturity.valid_from",
        ),
        (
            "no maturity",
            bent(|found| found.maturity = 0),
            "maturity.maturity",
        ),
        ("no matter", bent(|found| found.matter = 99), "maturity.matter"),
        (
            "no category",
            risk_bent(|found| found.categories.clear()),
            "risk.categories",
        ),
        (
            "an unknown category",
            risk_bent(|found| found.categories.push(99)),
            "risk.categories",
        ),
        (
            "nobody",
            risk_bent(|found| found.guardian = None),
            "risk.guardian",
        ),
        (
            "reviewed yesterday",
            risk_bent(|found| found.review_at = Some(ago(DAY))),
            "risk.review_at",
        ),
        (
            "reviewed too late",
            risk_bent(|found| found.review_at = Some(ago(-LONGEST - HOUR))),
            "risk.review_at",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_that_cannot_be_is_refused_with_its_field() {
    let story = Story::begin().await;
    let before = Census::of(&story.hub.data()).await;
    for (what, assessment, expected) in impossible() {
        assert_names(record(&story, assessment, "Samtal").await, expected, what);
    }
    let decides = || Some(mature_now(Maturity::Decides));
    for reason in [String::new(), " ".to_owned(), "å".repeat(501)] {
        assert_names(record(&story, decides(), &reason).await, "reason", &reason);
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    // The longest, and the longest reason.
    let longest = mature(Maturity::Decides, Purpose::Sip, (DAY, DAY + LONGEST));
    record(&story, Some(longest), "Samtal").await.unwrap();
    record(&story, decides(), &"å".repeat(500)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circumstance_that_cannot_be_is_refused_with_its_field_and_without_the_number() {
    let story = Story::begin().await;
    let record = async |found: Option<Found>| {
        let request = wire::RecordCircumstanceRequest {
            circumstance: found,
            ..story
                .social
                .finding(story.child.as_bytes(), Found::Hindrance(hindered(GUARDIANS[1])))
        };
        let answer = story.social.individuals().record_circumstance(request).await;
        answer.map(drop)
    };
    let until = |valid_until| {
        Some(Found::Hindrance(wire::Hindrance {
            valid_until,
            ..hindered(GUARDIANS[1])
        }))
    };
    let protected = |circumstance, from, until| {
        Some(Found::Situation(wire::Situation {
            circumstance,
            valid_from: Some(ago(from)),
            valid_until: Some(ago(until)),
        }))
    };
    let number = i32::from(Circumstance::ProtectedPerson.number());
    let before = Census::of(&story.hub.data()).await;
    for (what, found, expected) in [
        ("nothing", None, "circumstance"),
        ("over", until(Some(ago(HOUR))), "hindrance.valid_until"),
        ("without end", until(None), "hindrance.valid_until"),
        (
            "too long",
            until(Some(ago(-LONGEST - HOUR))),
            "hindrance.valid_until",
        ),
        ("over", protected(number, 2 * HOUR, HOUR), "situation.valid_until"),
        (
            "ends before it begins",
            protected(number, -2 * DAY, -DAY),
            "situation.valid_until",
        ),
        (
            "too long",
            protected(number, 0, -LONGEST - HOUR),
            "situation.valid_until",
        ),
        ("none", protected(0, HOUR, -HOUR), "situation.circumstance"),
        ("unknown", protected(99, HOUR, -HOUR), "situation.circumstance"),
    ] {
        assert_names(record(found).await, expected, what);
    }
    let wrong = Found::Hindrance(wire::Hindrance {
        guardian: Some(person(("198509219832", "Robin Exempel"))),
        ..hindered(GUARDIANS[1])
    });
    let status = record(Some(wrong)).await.unwrap_err();
    assert_eq!(field(&status), "hindrance.guardian");
    let shown = format!("{status:?} {}", String::from_utf8_lossy(status.details()));
    assert!(
        !shown.contains("198509219832") && !shown.contains("Robin"),
        "{shown}"
    );
    assert_eq!(Census::of(&story.hub.data()).await, before);
    record(until(Some(ago(-HOUR)))).await.unwrap();
    record(protected(number, 0, HOUR - LONGEST)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_has_recorded_enough_about_somebody_lets_some_of_it_end_first() {
    let mut story = Story::begin().await;
    let child = story.child;
    let theirs = story.register(&story.psychiatry, CHILD).await;
    // However the same child is called.
    let again = story.register(&story.social, CHILD).await;
    let sorts: [fn() -> Assessment; 2] = [|| mature_now(Maturity::Decides), || risk(GUARDIANS[1], &[SCHOOL])];
    for (_, make) in (0..MAX_FACTS).zip(sorts.iter().cycle()) {
        assess(&story.social, child.as_bytes(), make()).await.unwrap();
    }
    let before = Census::of(&story.hub.data()).await;
    for case in [child, again] {
        let one_more = assess(&story.social, case.as_bytes(), sorts[0]()).await;
        assert_fails(one_more, Code::InvalidArgument, "LIMIT_EXCEEDED");
        let one_more = Found::Hindrance(hindered(GUARDIANS[1]));
        let one_more = find(&story.social, case.as_bytes(), one_more).await;
        assert_fails(one_more, Code::InvalidArgument, "LIMIT_EXCEEDED");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    assess(&story.psychiatry, theirs.as_bytes(), sorts[0]())
        .await
        .unwrap();
    let listed = facts(&story.social, child.as_bytes()).await.unwrap();
    assert_eq!(listed.len(), MAX_FACTS);
    story.change_behind_its_back(ALL_OVER).await;
    assess(&story.social, child.as_bytes(), sorts[0]()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_repeated_gives_its_answer_again_and_another_needs_another_id() {
    let story = Story::begin().await;
    let data = story.hub.data();
    let mut individuals = story.social.individuals();
    macro_rules! repeats {
        ($method:ident, $request:expr, |$other:ident| $change:expr) => {{
            let request = $request;
            let first = individuals
                .$method(request.clone())
                .await
                .map(Response::into_inner);
            let first = first.unwrap();
            let before = Census::of(&data).await;
            let again = individuals.$method(request.clone()).await;
            assert_eq!(again.unwrap().into_inner(), first);
            let mut $other = request;
            $change;
            let reused = individuals.$method($other).await;
            assert_fails(reused, Code::AlreadyExists, "ID_REUSED");
            assert_eq!(Census::of(&data).await, before, "nothing happened twice");
            first
        }};
    }
    let child = story.child.as_bytes();
    let assessing = story.social.assessing(child, mature_now(Maturity::Decides));
    let fact = repeats!(record_assessment, assessing, |other| {
        other.reason = "Ett annat samtal".to_owned()
    });
    let finding = Found::Hindrance(hindered(GUARDIANS[1]));
    let finding = story.social.finding(child, finding);
    let other_fact = repeats!(record_circumstance, finding, |other| {
        other.circumstance = Some(Found::Hindrance(hindered(GUARDIANS[0])))
    });
    let attesting = story.social.attesting(&fact.fact_id, SECOND);
    repeats!(attest_fact, attesting, |other| {
        other.fact_id = other_fact.fact_id.clone()
    });
    // The ids of two methods are two.
    let mut crossed = story.social.attesting(&other_fact.fact_id, SECOND);
    let taken = story.social.assessing(child, mature_now(Maturity::Decides));
    story
        .social
        .individuals()
        .record_assessment(taken.clone())
        .await
        .unwrap();
    crossed.request_id = taken.request_id;
    let crossed = story.social.individuals().attest_fact(crossed).await;
    assert_fails(crossed, Code::AlreadyExists, "ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_is_attested_once_by_somebody_who_says_who_they_are() {
    let story = Story::begin().await;
    let child = story.child.as_bytes();
    let fact = assess(&story.social, child, mature_now(Maturity::Decides))
        .await
        .unwrap();
    let before = Census::of(&story.hub.data()).await;
    let nobody = wire::AttestFactRequest {
        acting: None,
        ..story.social.attesting(&fact, SECOND)
    };
    let nobody = story.social.individuals().attest_fact(nobody).await;
    assert_fails(nobody, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
    // Who acts says so for this request and no other.
    let borrowed = wire::AttestFactRequest {
        request_id: new_id(),
        ..story.social.attesting(&fact, SECOND)
    };
    let borrowed = story.social.individuals().attest_fact(borrowed).await;
    assert_fails(borrowed, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
    let nobody = wire::RecordAssessmentRequest {
        acting: None,
        ..story.social.assessing(child, mature_now(Maturity::Decides))
    };
    let nobody = story.social.individuals().record_assessment(nobody).await;
    assert_fails(nobody, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
    assert_eq!(Census::of(&story.hub.data()).await, before);

    attest(&story.social, &fact, SECOND).await.unwrap();
    let before = Census::of(&story.hub.data()).await;
    for user in [SECOND, "cia.m", "anna.k"] {
        let twice = attest(&story.social, &fact, user).await;
        assert_fails(twice, Code::FailedPrecondition, "STATE_CONFLICT");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let listed = facts(&story.social, child).await.unwrap();
    let seen = &listed[0];
    assert_eq!(
        (seen.recorded_by.as_str(), seen.attested_by.as_str()),
        ("anna.k", SECOND)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_attest_at_once_one_does() {
    let story = Story::begin().await;
    let fact = assess(
        &story.social,
        story.child.as_bytes(),
        mature_now(Maturity::Decides),
    );
    let fact = fact.await.unwrap();
    let social = &story.social;
    let (one, other) = tokio::join!(attest(social, &fact, SECOND), attest(social, &fact, "cia.m"));
    let (done, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    done.unwrap();
    assert_fails(refused, Code::FailedPrecondition, "STATE_CONFLICT");
    let entries = story.entries().await;
    let attested = entries
        .iter()
        .filter(|(_, details)| details["event"] == "FACT_ATTESTED");
    assert_eq!(attested.count(), 1);
}
