//! What follows a change of who must sign: whoever was never asked is asked by the hub, and what is complete by now
//! comes into force, each as a step of its own in the ledger.

use samrum_consent::vocabulary::Category;
use samrum_proto::wire::consent::v1::{Capacity, ConsentState};
use samrum_proto::wire::individual::v1 as wire;
use samrum_proto::wire::individual::v1::record_assessment_request::Assessment;
use samrum_tests::{CHILD, Census, GUARDIANS, Story, ago, person, refusal};
use serde_json::Value;
use uuid::Uuid;

use crate::{DAY, MENTAL, SCHOOL, ask, capacities, consent, lacking, lacks, request, send, set};

/// Who gets custody later.
const THIRD: (&str, &str) = ("198001019853", "Love Exempel");
/// Everyone with custody then.
const THREE: [(&str, &str); 3] = [GUARDIANS[0], GUARDIANS[1], THIRD];

/// What the hub itself has done to a consent: the steps in their order, with what else each says.
async fn hubs_steps(story: &Story, consent: &[u8]) -> Vec<Value> {
    let id = Uuid::from_slice(consent).unwrap().to_string();
    let entries = story.entries().await.into_iter();
    let of_it = entries.filter(|(_, details)| details["consent"]["id"] == id && details["by"] == "hub");
    of_it.map(|(_, details)| details).collect()
}

/// That a guardian is a risk in these categories, recorded and attested by social services.
async fn attest_risk(story: &Story, guardian: (&str, &str), categories: &[Category]) {
    let risk = Assessment::Risk(wire::RiskAssessment {
        guardian: Some(person(guardian)),
        categories: categories.iter().map(|one| one.number().into()).collect(),
        review_at: Some(ago(-DAY)),
    });
    let request = story.social.assessing(story.child.as_bytes(), risk);
    let fact = story.social.individuals().record_assessment(request).await;
    let fact = fact.unwrap().into_inner().fact_id;
    let request = story.social.attesting(&fact, "bo.l");
    story.social.individuals().attest_fact(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_guardian_is_asked_and_with_their_yes_what_waits_is_read() {
    let (story, asked) = Story::with_consent().await;
    let delivery = send(&story, &story.child, SCHOOL).await.unwrap();
    let reading = story.operator.representing(CHILD, &THREE);
    set(&story, reading.clone()).await.unwrap();

    let now = consent(&story.social, &asked).await.unwrap();
    let third = &now.signatories[2];
    assert_eq!(now.signatories.len(), 3);
    assert_eq!(
        (third.number, third.required, third.signed, third.capacity()),
        (3, true, false, Capacity::Guardian)
    );
    assert_eq!((now.state(), now.complete), (ConsentState::Active, false));
    let steps = hubs_steps(&story, &asked).await;
    assert_eq!(steps.len(), 1);
    assert_eq!(
        (
            &steps[0]["consent"]["step"],
            &steps[0]["named"]["signatories"],
            &steps[0]["consent"]["revision"]
        ),
        (&"ASKED".into(), &"3".into(), &now.revision.into())
    );
    let missing = lacks(&ask(&story, &story.child, SCHOOL).await);
    assert_eq!(missing, lacking(3, "GUARDIAN"));
    let early = story.psychiatry.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&early).0, "DELIVERY_WAITING");

    // Nobody is asked twice.
    let before = Census::of(&story.hub.data()).await;
    set(&story, reading).await.unwrap();
    assert_eq!(Census::of(&story.hub.data()).await, before, "repeated");
    story.import_custody(&THREE).await;
    let same = consent(&story.social, &asked).await.unwrap();
    assert_eq!(same.revision, now.revision);

    story.sign(&asked, 3).await;
    story.psychiatry.fetch(&delivery).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_open_consent_asks_and_none_that_has_ended() {
    let story = Story::begin().await;
    let (first, second) = (story.request().await, story.request().await);
    let declined = story.request().await;
    let no = story.social.declining(&declined, 1);
    story.social.consents().decline_consent(no).await.unwrap();
    let theirs = story.register(&story.psychiatry, CHILD).await;
    let other = story.request_by(&story.psychiatry, &theirs).await;
    story.import_custody(&THREE).await;
    let asked = async |party, id: &[u8]| consent(party, id).await.unwrap().signatories.len();
    for id in [&first, &second] {
        assert_eq!(asked(&story.social, id).await, 3);
    }
    assert_eq!(asked(&story.psychiatry, &other).await, 3, "whoever asked for it");
    assert_eq!(asked(&story.social, &declined).await, 2);
    assert_eq!(hubs_steps(&story, &declined).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_complete_without_whoever_lost_custody_comes_into_force_by_itself() {
    let story = Story::begin().await;
    let asked = story.request().await;
    story.sign(&asked, 1).await;
    let early = send(&story, &story.child, SCHOOL).await.unwrap_err();
    assert_eq!(refusal(&early).0, "SIGNATURE_MISSING");
    // Whose yes is still missing keeps it waiting.
    story.import_custody(&[GUARDIANS[1]]).await;
    let still = consent(&story.social, &asked).await.unwrap();
    assert_eq!((still.state(), still.complete), (ConsentState::Requested, false));
    assert_eq!(hubs_steps(&story, &asked).await, Vec::<Value>::new());

    story.import_custody(&[GUARDIANS[0]]).await;
    let now = consent(&story.social, &asked).await.unwrap();
    assert_eq!((now.state(), now.complete), (ConsentState::Active, true));
    let steps = hubs_steps(&story, &asked).await;
    let steps: Vec<_> = steps.iter().map(|one| &one["consent"]["step"]).collect();
    assert_eq!(steps, ["ACTIVE"]);
    let delivery = send(&story, &story.child, SCHOOL).await.unwrap();
    story.psychiatry.fetch(&delivery).await.unwrap();
    // With nobody left nothing passes.
    story.import_custody(&[]).await;
    let nobody = send(&story, &story.child, SCHOOL).await.unwrap_err();
    assert_eq!(refusal(&nobody).0, "NO_COMPETENT_SIGNATORY");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_into_force_by_itself_takes_the_place_of_the_former() {
    let (story, former) = Story::with_consent().await;
    let (child, scope) = (story.child.as_bytes(), story.scope());
    let superseding = story.social.superseding(child, scope, &former);
    let next = story.social.consents().request_consent(superseding).await;
    let next = next.unwrap().into_inner().consent.unwrap().consent_id;
    story.sign(&next, 1).await;
    let state = async |id: &[u8]| consent(&story.social, id).await.unwrap().state();
    assert_eq!(
        (state(&former).await, state(&next).await),
        (ConsentState::Active, ConsentState::Requested)
    );
    story.import_custody(&[GUARDIANS[0]]).await;
    assert_eq!(
        (state(&former).await, state(&next).await),
        (ConsentState::Superseded, ConsentState::Active)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_who_is_a_risk_is_never_asked_in_what_is_kept_from_them() {
    let story = Story::begin().await;
    attest_risk(&story, THIRD, &[MENTAL]).await;
    let both = story.consent_of(&story.social, &story.child).await;
    let mental = request(&story, &story.child, &[MENTAL]).await.unwrap().consent_id;
    for signatory in [1, 2] {
        story.sign(&mental, signatory).await;
    }
    let delivery = send(&story, &story.child, MENTAL).await.unwrap();
    story.import_custody(&THREE).await;
    let seen = async |id: &[u8]| {
        let seen = consent(&story.social, id).await.unwrap();
        (seen.signatories.len(), seen.complete)
    };
    assert_eq!(seen(&mental).await, (2, true));
    assert_eq!(seen(&both).await, (3, false), "about school they are asked");
    let missing = lacks(&ask(&story, &story.child, SCHOOL).await);
    assert_eq!(missing, lacking(3, "GUARDIAN"));
    story.psychiatry.fetch(&delivery).await.unwrap();
    let delivery = send(&story, &story.child, MENTAL).await.unwrap();
    story.psychiatry.fetch(&delivery).await.unwrap();
    assert_eq!(seen(&mental).await, (2, true));
    assert_eq!(hubs_steps(&story, &mental).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_risk_that_is_attested_brings_into_force_what_lacks_nobody_else() {
    let story = Story::begin().await;
    let both = request(&story, &story.child, &[SCHOOL, MENTAL]).await.unwrap();
    let mental = request(&story, &story.child, &[MENTAL]).await.unwrap();
    for asked in [&both, &mental] {
        story.sign(&asked.consent_id, 1).await;
    }
    attest_risk(&story, GUARDIANS[1], &[MENTAL]).await;
    let state = async |id: &[u8]| consent(&story.social, id).await.unwrap().state();
    assert_eq!(state(&mental.consent_id).await, ConsentState::Active);
    assert_eq!(state(&both.consent_id).await, ConsentState::Requested);
    assert_eq!(capacities(&both).len(), 2);
    // That it was a risk is in no step that follows.
    for step in hubs_steps(&story, &mental.consent_id).await {
        let text = step.to_string();
        assert!(!text.contains("RISK") && !text.contains(GUARDIANS[1].0), "{text}");
    }
}
