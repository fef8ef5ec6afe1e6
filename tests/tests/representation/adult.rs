//! An adult decides alone, or somebody with a power that is recorded does; while it lasts, and as the newest reading
//! says.

use samrum_consent::id::IndividualId;
use samrum_proto::wire::consent::v1::{Capacity, ConsentState};
use samrum_proto::wire::decision::v1::FactKind;
use samrum_proto::wire::individual::v1 as wire;
use samrum_tests::{Census, Story, ago, assert_fails, invented_number, person, refusal};
use tonic::Code;

use crate::{
    ALL_OVER, HOUR, SCHOOL, ask, capacities, consent, field, lacking, lacks, number, request, send, set,
};

/// An invented adult.
const ADULT: (&str, &str) = ("197001019806", "Sam Exempel");
/// Who may consent for them.
const AGENT: (&str, &str) = ("198001019853", "Love Exempel");
/// Who may later.
const LATER: (&str, &str) = ("197901019823", "Charlie Exempel");

fn agent(named: (&str, &str), ends_in: Option<i64>) -> wire::Representative {
    wire::Representative {
        person: Some(person(named)),
        valid_until: ends_in.map(|seconds| ago(-seconds)),
    }
}

fn representing(story: &Story, agents: &[wire::Representative]) -> wire::SetRepresentationRequest {
    wire::SetRepresentationRequest {
        representatives: agents.to_vec(),
        ..story.operator.representing(ADULT, &[])
    }
}

/// The story with an adult whom social services know.
async fn with_adult(agents: fn() -> Vec<wire::Representative>) -> (Story, IndividualId) {
    let story = Story::begin().await;
    let adult = story.register(&story.social, ADULT).await;
    let agents = agents();
    if !agents.is_empty() {
        set(&story, representing(&story, &agents)).await.unwrap();
    }
    (story, adult)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adult_without_anybody_decides_alone() {
    let (story, adult) = with_adult(Vec::new).await;
    let asked = request(&story, &adult, &[SCHOOL]).await.unwrap();
    assert_eq!(capacities(&asked), [Capacity::Individual]);
    let missing = lacks(&ask(&story, &adult, SCHOOL).await);
    assert_eq!(missing, lacking(1, "INDIVIDUAL"));
    let signed = story.sign(&asked.consent_id, 1).await;
    assert_eq!(signed.state(), ConsentState::Active);
    send(&story, &adult, SCHOOL).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_yes_of_one_with_the_power_suffices_while_it_lasts() {
    let (mut story, adult) = with_adult(|| vec![agent(AGENT, Some(HOUR))]).await;
    let asked = request(&story, &adult, &[SCHOOL]).await.unwrap();
    let (own, theirs) = (
        number(&asked, Capacity::Individual),
        number(&asked, Capacity::Representative),
    );
    assert_eq!(asked.signatories.len(), 2);
    assert_eq!(lacks(&ask(&story, &adult, SCHOOL).await).len(), 1, "either's");
    let signed = story.sign(&asked.consent_id, theirs).await;
    assert_eq!((signed.state(), signed.complete), (ConsentState::Active, true));
    let verdict = ask(&story, &adult, SCHOOL).await;
    assert_eq!(lacks(&verdict), []);
    assert!(
        verdict
            .facts
            .iter()
            .any(|fact| fact.kind() == FactKind::Representative)
    );
    let delivery = send(&story, &adult, SCHOOL).await.unwrap();

    story.change_behind_its_back(ALL_OVER).await;
    let missing = lacks(&ask(&story, &adult, SCHOOL).await);
    assert_eq!(missing, lacking(own, "INDIVIDUAL"));
    let late = story.psychiatry.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING");
    let now = consent(&story.social, &asked.consent_id).await.unwrap();
    let required = |number: u32| now.signatories[number as usize - 1].required;
    assert_eq!(
        (now.complete, required(own), required(theirs)),
        (false, true, false)
    );
    story.sign(&asked.consent_id, own).await;
    story.psychiatry.fetch(&delivery).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_reading_takes_the_place_of_what_was_read_before() {
    let (story, adult) = with_adult(|| vec![agent(AGENT, None)]).await;
    let asked = request(&story, &adult, &[SCHOOL]).await.unwrap();
    let first = number(&asked, Capacity::Representative);
    story.sign(&asked.consent_id, first).await;
    let delivery = send(&story, &adult, SCHOOL).await.unwrap();
    set(&story, representing(&story, &[agent(LATER, None)]))
        .await
        .unwrap();
    let now = consent(&story.social, &asked.consent_id).await.unwrap();
    assert_eq!(now.signatories.len(), 3, "the new one is asked");
    let required: Vec<_> = now.signatories.iter().map(|one| one.required).collect();
    assert!(required[2] && !required[first as usize - 1]);
    let late = story.psychiatry.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&late).0, "DELIVERY_WAITING");
    story.sign(&asked.consent_id, 3).await;
    story.psychiatry.fetch(&delivery).await.unwrap();
    // Whoever is in no reading has no say.
    set(&story, representing(&story, &[])).await.unwrap();
    let alone = request(&story, &adult, &[SCHOOL]).await.unwrap();
    assert_eq!(capacities(&alone), [Capacity::Individual]);
    let missing = lacks(&ask(&story, &adult, SCHOOL).await);
    assert_eq!(missing, lacking(1, "INDIVIDUAL"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_of_a_child_has_no_say() {
    let story = Story::begin().await;
    let reading = wire::SetRepresentationRequest {
        representatives: vec![agent(AGENT, None)],
        ..story
            .operator
            .representing(samrum_tests::CHILD, &samrum_tests::GUARDIANS)
    };
    set(&story, reading).await.unwrap();
    let asked = request(&story, &story.child, &[SCHOOL]).await.unwrap();
    assert_eq!(capacities(&asked), [Capacity::Guardian, Capacity::Guardian]);
}

#[tokio::test(flavor = "multi_thread")]
async fn representatives_that_cannot_be_are_refused_and_what_was_read_stands() {
    let (story, adult) = with_adult(|| vec![agent(AGENT, None)]).await;
    let nine: Vec<String> = (0..9).map(|nth| invented_number(1981, nth)).collect();
    let nine = nine.iter().map(|number| agent((number, "Kim Exempel"), None));
    let nine: Vec<_> = nine.collect();
    let of = |agents: &[wire::Representative]| representing(&story, agents);
    let before = Census::of(&story.hub.data()).await;
    for (what, request, reason, expected) in [
        ("nine", of(&nine), "LIMIT_EXCEEDED", "representatives"),
        (
            "twice",
            of(&[agent(AGENT, None), agent(AGENT, Some(HOUR))]),
            "FIELD_INVALID",
            "representatives",
        ),
        (
            "their own",
            of(&[agent(ADULT, None)]),
            "FIELD_INVALID",
            "representatives",
        ),
        (
            "over",
            of(&[agent(LATER, None), agent(AGENT, Some(-HOUR))]),
            "FIELD_INVALID",
            "representatives",
        ),
        (
            "nobody",
            of(&[wire::Representative::default()]),
            "FIELD_INVALID",
            "representatives",
        ),
        (
            "read tomorrow",
            wire::SetRepresentationRequest {
                checked_at: Some(ago(-HOUR)),
                ..of(&[agent(AGENT, None)])
            },
            "FIELD_INVALID",
            "checked_at",
        ),
    ] {
        let status = assert_fails(set(&story, request).await, Code::InvalidArgument, reason);
        assert_eq!(field(&status), expected, "{what}");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let asked = request(&story, &adult, &[SCHOOL]).await.unwrap();
    assert_eq!(asked.signatories.len(), 2);
    set(&story, of(&nine[..8])).await.unwrap();
    let now = consent(&story.social, &asked.consent_id).await.unwrap();
    assert_eq!(now.signatories.len(), 2, "one consent asks nine at most");
    let all = request(&story, &adult, &[SCHOOL]).await.unwrap();
    assert_eq!(all.signatories.len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_repeated_gives_its_answer_again_and_names_nobody_in_the_ledger() {
    let (story, _) = with_adult(Vec::new).await;
    let reading = representing(&story, &[agent(AGENT, Some(HOUR)), agent(LATER, None)]);
    let entry = set(&story, reading.clone()).await.unwrap();
    let before = Census::of(&story.hub.data()).await;
    assert_eq!(set(&story, reading.clone()).await.unwrap(), entry);
    let other = wire::SetRepresentationRequest {
        representatives: vec![agent(LATER, None)],
        ..reading
    };
    assert_fails(set(&story, other).await, Code::AlreadyExists, "ID_REUSED");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    for (id, details) in story.entries().await {
        let text = details.to_string();
        for (number, name) in [ADULT, AGENT, LATER] {
            assert!(!text.contains(number) && !text.contains(name), "{text}");
        }
        if id == entry {
            let named = details["named"]["representatives"].as_str().unwrap();
            assert_eq!(named.split(' ').count(), 2, "which records, not who");
        }
    }
    for party in [&story.social, &story.auditor] {
        let reading = representing(&story, &[]);
        let answer = party.individuals().set_representation(reading).await;
        assert_fails(answer, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    }
}
