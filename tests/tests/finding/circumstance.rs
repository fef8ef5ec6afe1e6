//! A guardian who is hindered (FB 6:13), and circumstances that provisions ask for: who records which, and what each
//! opens for whom.

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Circumstance, Kind, Purpose};
use samrum_proto::wire::consent::v1::ConsentState;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::{FactKind, ReasonCode};
use samrum_proto::wire::individual::v1 as wire;
use samrum_tests::{CHILD, Census, GUARDIANS, Party, Question, Story, ago, assert_fails, refusal};
use tonic::Code;

use crate::{
    ALL_OVER, DAY, Found, SECOND, ask, attest, codes, consent, field, find, hindered, missing, request, send,
    used,
};

const SCHOOL: Category = Category::SchoolSituation;

#[tokio::test(flavor = "multi_thread")]
async fn one_guardian_suffices_while_the_other_is_hindered_and_not_for_longer() {
    let mut story = Story::begin().await;
    let asked = request(&story, &story.child, |_| ()).await.unwrap().consent_id;
    story.sign(&asked, 1).await;
    let child = story.child.as_bytes();
    let fact = find(&story.social, child, Found::Hindrance(hindered(GUARDIANS[1]))).await;
    let fact = fact.unwrap();
    let verdict = ask((&story.social, &story.psychiatry), &story.child, SCHOOL).await;
    assert_eq!(missing(&verdict), ["2"], "nobody's own word suffices");
    let still = consent(&story.social, &asked).await.unwrap();
    assert_eq!(still.state(), ConsentState::Requested);

    attest(&story.social, &fact, SECOND).await.unwrap();
    let now = consent(&story.social, &asked).await.unwrap();
    assert_eq!((now.state(), now.complete), (ConsentState::Active, true));
    let verdict = ask((&story.social, &story.psychiatry), &story.child, SCHOOL).await;
    assert_eq!(codes(&verdict), []);
    assert_eq!(used(&verdict, FactKind::Hindrance), [fact]);
    let delivery = send(&story, &story.child).await.unwrap();

    story.change_behind_its_back(ALL_OVER).await;
    let late = story.psychiatry.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING");
    let verdict = ask((&story.social, &story.psychiatry), &story.child, SCHOOL).await;
    assert_eq!(missing(&verdict), ["2"]);
    story.sign(&asked, 2).await;
    story.psychiatry.fetch(&delivery).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_is_hindered_only_in_what_cannot_wait_and_is_not_decisive() {
    let story = Story::begin().await;
    let record = async |hindrance| {
        let child = story.child.as_bytes();
        find(&story.social, child, Found::Hindrance(hindrance)).await
    };
    let hindered = || hindered(GUARDIANS[1]);
    let before = Census::of(&story.hub.data()).await;
    for (bent, expected) in [
        (
            wire::Hindrance {
                cannot_wait: false,
                ..hindered()
            },
            "hindrance.cannot_wait",
        ),
        (
            wire::Hindrance {
                decisive: true,
                ..hindered()
            },
            "hindrance.decisive",
        ),
        (
            wire::Hindrance {
                guardian: Some(samrum_tests::person(CHILD)),
                ..hindered()
            },
            "hindrance.guardian",
        ),
    ] {
        let status = assert_fails(record(bent).await, Code::InvalidArgument, "FIELD_INVALID");
        assert_eq!(field(&status), expected);
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    record(hindered()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_every_guardian_is_hindered_nobody_decides() {
    let story = Story::begin().await;
    let hinder = async |guardian| {
        let found = Found::Hindrance(hindered(guardian));
        let fact = find(&story.social, story.child.as_bytes(), found).await;
        attest(&story.social, &fact.unwrap(), SECOND).await.unwrap();
    };
    hinder(GUARDIANS[0]).await;
    let asked = request(&story, &story.child, |_| ()).await.unwrap();
    assert_eq!(asked.signatories.len(), 1);
    hinder(GUARDIANS[1]).await;
    let refused = request(&story, &story.child, |_| ()).await.unwrap_err();
    assert_eq!(refusal(&refused).0, "NO_COMPETENT_SIGNATORY");
    let verdict = ask((&story.social, &story.psychiatry), &story.child, SCHOOL).await;
    assert_eq!(codes(&verdict), [ReasonCode::NoCompetentSignatory]);
}

fn situation(circumstance: Circumstance) -> Found {
    Found::Situation(wire::Situation {
        circumstance: circumstance.number().into(),
        valid_from: Some(ago(60)),
        valid_until: Some(ago(-DAY)),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_circumstance_is_recorded_by_those_whose_task_it_is() {
    use Circumstance as C;
    let story = Story::begin().await;
    let parties = [
        &story.social,
        &story.psychiatry,
        &story.clinic,
        &story.school,
        &story.pupil_health,
    ];
    let mut cases = Vec::new();
    for party in parties {
        cases.push(story.register(party, CHILD).await);
    }
    let mut recorded = 0;
    for (circumstance, may) in [
        (
            C::CompulsoryPsychiatricCare,
            &["child-psychiatry", "private-clinic"][..],
        ),
        (C::InquiryDecided, &["social-services"]),
        (
            C::OngoingSubstanceMisuse,
            &["social-services", "child-psychiatry", "private-clinic"],
        ),
        (
            C::ProtectedPerson,
            &[
                "social-services",
                "child-psychiatry",
                "private-clinic",
                "school",
                "pupil-health",
            ],
        ),
    ] {
        for (party, case) in parties.into_iter().zip(&cases) {
            let answer = find(party, case.as_bytes(), situation(circumstance)).await;
            if may.contains(&party.name) {
                answer.unwrap();
                recorded += 1;
            } else {
                let status = assert_fails(answer, Code::InvalidArgument, "FIELD_INVALID");
                assert_eq!(field(&status), "situation.circumstance", "{}", party.name);
            }
        }
    }
    let entries = story.entries().await;
    let facts = entries
        .iter()
        .filter(|(_, details)| details["event"] == "FACT_RECORDED");
    assert_eq!(facts.count(), recorded);
}

/// What a question comes to, about these on this basis.
async fn judged(
    (sender, recipient): (&Party, &Party),
    child: &IndividualId,
    kind: Kind,
    provision: Option<&str>,
) -> decision::Verdict {
    let question = Question {
        subjects: std::slice::from_ref(child),
        to: &[recipient],
        categories: &[Category::HomeFamily],
        kind,
        purpose: Purpose::AssessmentSupport,
    };
    let basis = provision.map(|id| decision::Basis {
        basis: Some(decision::basis::Basis::Provision(decision::ProvisionBasis {
            provision_id: id.to_owned(),
            reason: "Kan inte svara själv".to_owned(),
        })),
    });
    let request = decision::CheckRequest {
        basis,
        ..sender.checking(&question)
    };
    let answer = sender.decisions().check(request).await;
    answer.unwrap().into_inner().verdicts.remove(0)
}

fn rests_on(verdict: &decision::Verdict) -> Option<String> {
    match verdict.ground.clone()?.ground? {
        decision::ground::Ground::ProvisionId(id) => Some(id),
        decision::ground::Ground::Consent(_) => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provision_that_asks_for_a_circumstance_carries_for_the_unit_that_recorded_it_with_another() {
    const CANNOT_CONSENT: &str = "OSL-25-13";
    let mut story = Story::begin().await;
    let child = story.register(&story.psychiatry, CHILD).await;
    let judge = async |story: &Story| {
        let between = (&story.psychiatry, &story.social);
        judged(between, &child, Kind::Information, Some(CANNOT_CONSENT)).await
    };
    let lacks = ReasonCode::ProvisionCircumstanceMissing;
    assert_eq!(codes(&judge(&story).await), [ReasonCode::ProvisionOff, lacks]);
    let switch = story.operator.switching(CANNOT_CONSENT, true);
    story.operator.decisions().set_provision(switch).await.unwrap();
    assert_eq!(codes(&judge(&story).await), [lacks]);
    // What another unit has recorded is not told by an answer.
    let own = story.child.as_bytes();
    let theirs = find(&story.social, own, situation(Circumstance::CannotConsent)).await;
    attest(&story.social, &theirs.unwrap(), SECOND).await.unwrap();
    assert_eq!(codes(&judge(&story).await), [lacks]);
    // Another circumstance is another.
    let misuse = situation(Circumstance::OngoingSubstanceMisuse);
    let misuse = find(&story.psychiatry, child.as_bytes(), misuse).await;
    attest(&story.psychiatry, &misuse.unwrap(), SECOND).await.unwrap();
    assert_eq!(codes(&judge(&story).await), [lacks]);
    let cannot = situation(Circumstance::CannotConsent);
    let fact = find(&story.psychiatry, child.as_bytes(), cannot).await.unwrap();
    assert_eq!(codes(&judge(&story).await), [lacks], "nobody's own word suffices");
    attest(&story.psychiatry, &fact, SECOND).await.unwrap();
    let verdict = judge(&story).await;
    assert_eq!(rests_on(&verdict).as_deref(), Some(CANNOT_CONSENT));
    assert_eq!(used(&verdict, FactKind::Situation), [fact]);
    story.change_behind_its_back(ALL_OVER).await;
    assert_eq!(codes(&judge(&story).await), [lacks]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_is_what_the_board_that_receives_has_recorded() {
    const INQUIRY: &str = "SOL2025-20-6";
    let mut story = Story::begin().await;
    let child = story.register(&story.school, CHILD).await;
    let own = story.register(&story.reception, CHILD).await;
    let judge = async |story: &Story, recipient: &str| {
        let between = (&story.school, story.unit(recipient));
        judged(between, &child, Kind::InquiryInformation, None).await
    };
    let lacks = ReasonCode::ProvisionCircumstanceMissing;
    for board in ["social-services", "reception"] {
        assert_eq!(codes(&judge(&story, board).await), [lacks]);
    }
    let decided = || situation(Circumstance::InquiryDecided);
    let fact = find(&story.social, story.child.as_bytes(), decided()).await;
    let fact = fact.unwrap();
    let alone = judge(&story, "social-services").await;
    assert_eq!(codes(&alone), [lacks], "nobody's own word suffices");
    attest(&story.social, &fact, SECOND).await.unwrap();
    let verdict = judge(&story, "social-services").await;
    assert_eq!(rests_on(&verdict).as_deref(), Some(INQUIRY));
    assert_eq!(
        used(&verdict, FactKind::Situation),
        Vec::<Vec<u8>>::new(),
        "not theirs"
    );
    assert_eq!(codes(&judge(&story, "reception").await), [lacks], "not to others");
    let fact = find(&story.reception, own.as_bytes(), decided()).await.unwrap();
    attest(&story.reception, &fact, SECOND).await.unwrap();
    assert_eq!(codes(&judge(&story, "reception").await), []);
    story.change_behind_its_back(ALL_OVER).await;
    assert_eq!(codes(&judge(&story, "social-services").await), [lacks]);
    // A duty asks for nothing else that somebody must have recorded.
    let report = judged((&story.school, &story.social), &child, Kind::LvmReport, None).await;
    assert_eq!(rests_on(&report).as_deref(), Some("LVM-6"));
}
