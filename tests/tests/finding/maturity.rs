//! Who must sign for a child of thirteen: as two professionals of the sending unit have found, for the matter and the
//! time that they name.

use samrum_consent::vocabulary::{Category, Maturity, Purpose};
use samrum_proto::wire::consent::v1::{Capacity, ConsentState};
use samrum_proto::wire::decision::v1::{FactKind, ReasonCode};
use samrum_tests::{
    CHILD, Census, GUARDIANS, Party, Story, YOUTH, assert_fails, assert_hidden, new_id, receipt, refusal,
};
use tonic::Code;

use crate::{
    ALL_OVER, DAY, HOUR, SECOND, ask, assess, assess_by_two, attest, codes, consent, facts, field, mature,
    mature_now, missing, request, send, used, with_youth,
};

const SCHOOL: Category = Category::SchoolSituation;

#[tokio::test(flavor = "multi_thread")]
async fn a_child_of_thirteen_signs_with_its_guardians_once_two_have_found_so() {
    let (story, youth) = with_youth().await;
    let social = &story.social;
    let refused = async || refusal(&request(&story, &youth, |_| ()).await.unwrap_err()).0;
    assert_eq!(refused().await, "MATURITY_UNASSESSED");
    let fact = assess(social, youth.as_bytes(), mature_now(Maturity::TakesPart))
        .await
        .unwrap();
    assert_eq!(refused().await, "FACT_NOT_ATTESTED");

    // One person written in another way is still one person.
    let before = Census::of(&story.hub.data()).await;
    for user in ["anna.k", "ANNA.K"] {
        let status = attest(social, &fact, user).await;
        let status = assert_fails(status, Code::InvalidArgument, "FIELD_INVALID");
        assert_eq!(field(&status), "acting", "{user:?}");
    }
    for user in [" anna.k", "anna.k ", "anna.k\u{200b}", "\u{430}nna.k"] {
        let refused = attest(social, &fact, user).await;
        assert_fails(refused, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    assert_eq!(refused().await, "FACT_NOT_ATTESTED");

    attest(social, &fact, SECOND).await.unwrap();
    let consent = request(&story, &youth, |_| ()).await.unwrap();
    let asked: Vec<_> = consent.signatories.iter().map(|one| one.capacity()).collect();
    assert_eq!(
        asked,
        [Capacity::Guardian, Capacity::Guardian, Capacity::Individual]
    );
    assert!(consent.signatories.iter().all(|one| one.required));
    for (signatory, still) in [(1, "2 3"), (2, "3")] {
        story.sign(&consent.consent_id, signatory).await;
        let verdict = ask((social, &story.psychiatry), &youth, SCHOOL).await;
        assert_eq!(missing(&verdict).join(" "), still);
    }
    let signed = story.sign(&consent.consent_id, 3).await;
    assert_eq!(signed.state(), ConsentState::Active);
    let verdict = ask((social, &story.psychiatry), &youth, SCHOOL).await;
    assert!(verdict.permitted);
    assert_eq!(used(&verdict, FactKind::Assessment), [fact]);
    send(&story, &youth).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_who_decides_is_asked_alone_and_whoever_does_not_is_not_asked() {
    let (story, youth) = with_youth().await;
    let capacities = async || {
        let consent = request(&story, &youth, |_| ()).await.unwrap();
        let all = consent.signatories.iter().map(|one| one.capacity());
        (all.collect::<Vec<_>>(), consent.consent_id)
    };
    assess_by_two(&story.social, &youth, mature_now(Maturity::Decides)).await;
    let (asked, consent) = capacities().await;
    assert_eq!(asked, [Capacity::Individual]);
    assert_eq!(
        codes(&ask((&story.social, &story.psychiatry), &youth, SCHOOL).await),
        [ReasonCode::SignatureMissing]
    );
    assert_eq!(story.sign(&consent, 1).await.state(), ConsentState::Active);
    send(&story, &youth).await.unwrap();

    // The newest finding counts: what the child has signed alone needs the guardians' yes now.
    let newer = assess_by_two(&story.social, &youth, mature_now(Maturity::GuardiansDecide)).await;
    let verdict = ask((&story.social, &story.psychiatry), &youth, SCHOOL).await;
    assert_eq!(codes(&verdict), [ReasonCode::SignatureMissing; 2]);
    assert_eq!(used(&verdict, FactKind::Assessment), [newer]);
    let (asked, _) = capacities().await;
    assert_eq!(asked, [Capacity::Guardian, Capacity::Guardian]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_binds_the_unit_that_made_it_and_no_other() {
    let (story, youth) = with_youth().await;
    let Story {
        social,
        psychiatry,
        pupil_health,
        ..
    } = &story;
    assess_by_two(social, &youth, mature_now(Maturity::Decides)).await;
    let consent = request(&story, &youth, |_| ()).await.unwrap().consent_id;
    story.sign(&consent, 1).await;
    let theirs = async || ask((psychiatry, pupil_health), &youth, SCHOOL).await;
    let ours = async || codes(&ask((social, pupil_health), &youth, SCHOOL).await);
    assert_eq!(codes(&theirs().await), [ReasonCode::MaturityUnassessed]);
    assert_eq!(ours().await, []);
    // In their own matter they find otherwise; the finding of the one is not the other's.
    assess_by_two(psychiatry, &youth, mature_now(Maturity::TakesPart)).await;
    let verdict = theirs().await;
    assert_eq!(missing(&verdict), ["0"], "the guardians, never asked");
    assert!(codes(&verdict).contains(&ReasonCode::EvidenceNotAccepted));
    assert_eq!(ours().await, []);
    assess_by_two(psychiatry, &youth, mature_now(Maturity::Decides)).await;
    assert_eq!(codes(&theirs().await), [ReasonCode::EvidenceNotAccepted]);
    assert_eq!(ours().await, []);
}

/// Domain, Consent 6. Child psychiatry has found otherwise than social services: there the guardians' yes still carries.
#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_takes_back_a_yes_that_another_unit_still_rests_on() {
    let (story, youth) = with_youth().await;
    assess_by_two(&story.social, &youth, mature_now(Maturity::GuardiansDecide)).await;
    let asked = async || request(&story, &youth, |_| ()).await.unwrap().consent_id;
    let (kims, robins) = (asked().await, asked().await);
    for consent in [&kims, &robins] {
        for signatory in [1, 2] {
            story.sign(consent, signatory).await;
        }
    }
    assess_by_two(&story.social, &youth, mature_now(Maturity::Decides)).await;
    let theirs = story.social.declining(&robins, 2);
    // Nobody's sending rests on the guardians now: the child decides alone, and they do not end it.
    let refused = story.social.consents().decline_consent(theirs).await;
    assert_fails(refused, Code::FailedPrecondition, "STATE_CONFLICT");
    let psychiatrys = story.register(&story.psychiatry, YOUTH).await;
    assess_by_two(
        &story.psychiatry,
        &psychiatrys,
        mature_now(Maturity::GuardiansDecide),
    )
    .await;
    let mut kim = samrum_tests::Browser::new(story.hub.pages());
    kim.log_in("kim").await;
    kim.take_back(&kims).await;
    let ended = consent(&story.social, &kims).await.unwrap();
    assert_eq!(ended.state(), ConsentState::Revoked);

    // Who has no custody any more has nothing to say.
    let only_kim = story.operator.representing(YOUTH, &GUARDIANS[..1]);
    story.represent(only_kim).await;
    let no = story.social.declining(&robins, 2);
    let refused = story.social.consents().decline_consent(no).await;
    assert_fails(refused, Code::FailedPrecondition, "STATE_CONFLICT");
    let stands = consent(&story.social, &robins).await.unwrap();
    assert_eq!(stands.state(), ConsentState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_is_of_one_matter_and_counts_from_its_first_day() {
    let (story, youth) = with_youth().await;
    let refused = async |purpose: Purpose| {
        let asked = request(&story, &youth, |scope| scope.purpose = purpose.number().into()).await;
        asked.err().map(|status| refusal(&status).0)
    };
    let unassessed = Some("MATURITY_UNASSESSED".to_owned());
    let later = mature(Maturity::Decides, Purpose::Sip, (HOUR, 30 * DAY));
    assess_by_two(&story.social, &youth, later).await;
    assert_eq!(refused(Purpose::Sip).await, unassessed, "not yet");
    assess_by_two(&story.social, &youth, mature_now(Maturity::Decides)).await;
    assert_eq!(refused(Purpose::Sip).await, None);
    assert_eq!(
        refused(Purpose::FollowUp).await,
        unassessed,
        "another matter is another question"
    );
    let follow_up = mature(Maturity::Decides, Purpose::FollowUp, (-60, DAY));
    assess_by_two(&story.social, &youth, follow_up).await;
    assert_eq!(refused(Purpose::FollowUp).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_its_time_is_over_what_waits_keeps_waiting_for_the_next_assessment() {
    let (mut story, youth) = with_youth().await;
    assess_by_two(&story.social, &youth, mature_now(Maturity::Decides)).await;
    let consent = request(&story, &youth, |_| ()).await.unwrap().consent_id;
    story.sign(&consent, 1).await;
    let delivery = send(&story, &youth).await.unwrap();
    story.change_behind_its_back(ALL_OVER).await;
    let late = story.psychiatry.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING");
    let anew = send(&story, &youth).await.unwrap_err();
    assert_eq!(refusal(&anew).0, "MATURITY_UNASSESSED");
    // What is over is over, and stays on record.
    assert_eq!(facts(&story.social, youth.as_bytes()).await.unwrap().len(), 1);
    let alone = assess(&story.social, youth.as_bytes(), mature_now(Maturity::Decides)).await;
    let late = story.psychiatry.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING", "nobody's own word suffices");
    attest(&story.social, &alone.unwrap(), SECOND).await.unwrap();
    story.psychiatry.fetch(&delivery).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_unit_neither_attests_nor_sees_nor_records_of_whom_it_may_not_know() {
    let (story, youth) = with_youth().await;
    let social = &story.social;
    let finding = || mature_now(Maturity::Decides);
    let fact = assess(social, youth.as_bytes(), finding()).await.unwrap();
    // Each has opened a case for the child; the reception belongs to the same board.
    let mut own_cases = Vec::new();
    let others: [&Party; 3] = [&story.reception, &story.psychiatry, &story.clinic];
    for other in others {
        own_cases.push(story.register(other, YOUTH).await);
    }
    let before = Census::of(&story.hub.data()).await;
    for (other, own) in others.into_iter().zip(&own_cases) {
        let unknown = attest(other, &new_id(), SECOND).await;
        assert_hidden(attest(other, &fact, SECOND).await, unknown);
        assert_eq!(facts(other, own.as_bytes()).await.unwrap(), []);
        assert_hidden(
            facts(other, youth.as_bytes()).await,
            facts(other, &new_id()).await,
        );
        assert_hidden(
            assess(other, youth.as_bytes(), finding()).await,
            assess(other, &new_id(), finding()).await,
        );
        assert_hidden(
            receipt(other, &fact).await.map(|_| ()),
            receipt(other, &new_id()).await.map(|_| ()),
        );
    }
    assert_hidden(
        attest(social, own_cases[0].as_bytes(), SECOND).await,
        attest(social, &new_id(), SECOND).await,
    );
    assert_eq!(Census::of(&story.hub.data()).await, before);
    // Its own unit does all of that.
    attest(social, &fact, SECOND).await.unwrap();
    assert_eq!(facts(social, youth.as_bytes()).await.unwrap()[0].fact_id, fact);
    receipt(social, &fact).await.unwrap();
    // What they record is their own, whomever it is about.
    let theirs = assess(&story.psychiatry, own_cases[1].as_bytes(), finding()).await;
    let theirs = theirs.unwrap();
    assert_hidden(
        attest(social, &theirs, SECOND).await,
        attest(social, &new_id(), SECOND).await,
    );
    attest(&story.psychiatry, &theirs, SECOND).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_of_nine_needs_no_assessment_and_may_be_found_to_decide() {
    let story = Story::begin().await;
    let asked = async || {
        let consent = request(&story, &story.child, |_| ()).await.unwrap();
        let all = consent.signatories.iter().map(|one| one.capacity());
        all.collect::<Vec<_>>()
    };
    let guardians = [Capacity::Guardian, Capacity::Guardian];
    assert_eq!(asked().await, guardians);
    // Another unit's case of the same child changes nothing for this one.
    let theirs = story.register(&story.psychiatry, CHILD).await;
    assess_by_two(&story.psychiatry, &theirs, mature_now(Maturity::Decides)).await;
    assert_eq!(asked().await, guardians);
    assess_by_two(&story.social, &story.child, mature_now(Maturity::Decides)).await;
    assert_eq!(asked().await, [Capacity::Individual]);
}
