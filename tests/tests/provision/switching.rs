//! The catalogue and its switches: who has them, what each leaves behind, and what waits when one is turned off.

use std::collections::BTreeSet;
use std::time::Duration;

use samrum_consent::law::{Law, Role};
use samrum_proto::wire::decision::v1 as wire;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{Census, Letter, Story, assert_fails, entry_details, refusal};
use tonic::Code;

use crate::{Case, SUPPORT, list, on, switch, turn};

/// More deliveries than are withheld in one go.
const MANY: usize = 66;
/// Longer than the hub takes to withhold them all.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_whole_and_everything_that_permits_is_off_in_a_new_hub() {
    let story = Story::begin().await;
    let law = Law::embedded().unwrap();
    let listed = list(&story.social).await;
    for party in [&story.clinic, &story.auditor, &story.operator] {
        assert_eq!(list(party).await, listed, "{}", party.name);
    }
    let ids: Vec<_> = listed.iter().map(|one| one.provision_id.as_str()).collect();
    let all: Vec<_> = law.provisions().iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, all, "in the order of the catalogue");
    for one in &listed {
        println!("{}", one.provision_id);
        assert!(!one.on && !one.statute.is_empty() && !one.section.is_empty());
        assert!(!one.sv.is_empty() && !one.en.is_empty() && one.sv != one.en);
    }
    let known = |id: &str| listed.iter().find(|one| one.provision_id == id).unwrap();
    for (id, role, in_force) in [
        (SUPPORT, "BASIS", true),
        ("SOL2025-19-1", "DUTY", true),
        ("SOL2001-14-1", "DUTY", false),
        ("OSL-10-1", "WAIVER", true),
        ("OSL-12-3", "BARS", true),
        ("HSL-16-4", "PROCESS", true),
        ("OSL-25-1", "SECRECY", true),
    ] {
        assert_eq!(
            (known(id).role.as_str(), known(id).in_force),
            (role, in_force),
            "{id}"
        );
    }
    let permitting = law.provisions().iter().filter(|one| one.role == Role::Basis);
    assert!(permitting.count() >= 5, "there is something to be off");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_it_is_withheld_when_it_is_turned_off_and_stays_so() {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let (document, delivery) = case.inform().await.unwrap();
    assert_eq!(case.state(&document).await, DeliveryState::Queued);
    turn(&case.story, false).await;
    assert_eq!(
        case.state(&document).await,
        DeliveryState::Withheld,
        "before anybody asks for it"
    );
    let kept = case.story.social.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&kept).0, "DELIVERY_WITHHELD");
    // Turned on again it carries what is sent from then on.
    turn(&case.story, true).await;
    let kept = case.story.social.fetch(&delivery).await.unwrap_err();
    assert_eq!(refusal(&kept).0, "DELIVERY_WITHHELD");
    let (_, anew) = case.inform().await.unwrap();
    case.story.social.fetch(&anew).await.unwrap();
}

/// A case with more waiting on the provision than is withheld in one go, by document and delivery.
async fn with_many() -> (Case, Vec<(Vec<u8>, Vec<u8>)>) {
    let case = Case::begin().await;
    turn(&case.story, true).await;
    let mut waiting = Vec::new();
    for _ in 0..MANY {
        waiting.push(case.inform().await.unwrap());
    }
    turn(&case.story, false).await;
    (case, waiting)
}

#[tokio::test(flavor = "multi_thread")]
async fn however_much_waits_on_it_none_of_it_comes_back() {
    let (case, waiting) = with_many().await;
    turn(&case.story, true).await;
    for (document, _) in &waiting {
        assert_eq!(case.state(document).await, DeliveryState::Withheld);
    }
    let (_, last) = waiting.last().unwrap();
    let kept = case.story.social.fetch(last).await.unwrap_err();
    assert_eq!(refusal(&kept).0, "DELIVERY_WITHHELD");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_when_it_is_turned_off_is_withheld_by_itself() {
    let (mut case, waiting) = with_many().await;
    case.story.hub.stop().await;
    case.story.hub.start_again().await;
    case.story.reconnect();
    let request = exchange::SubscribeInboxRequest::default();
    let told = case.story.social.exchange().subscribe_inbox(request).await;
    let mut told = told.unwrap().into_inner();
    let mut withheld = BTreeSet::new();
    let all_told = async {
        while withheld.len() < MANY {
            let next = told.message().await.unwrap().unwrap();
            if let Some(exchange::subscribe_inbox_response::Event::Item(item)) = next.event
                && item.state() == DeliveryState::Withheld
            {
                withheld.insert(item.delivery_id);
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, all_told).await;
    told.expect("everything that is left is withheld");
    let all: BTreeSet<_> = waiting.into_iter().map(|(_, delivery)| delivery).collect();
    assert_eq!(withheld, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_and_what_permits_nothing_have_no_switch() {
    let case = Case::begin().await;
    let operator = &case.story.operator;
    let before = Census::of(&case.story.hub.data()).await;
    let without_switch = [
        "SOL2025-19-1",
        "SOL2025-19-6",
        "OSL-10-1",
        "OSL-12-3",
        "HSL-16-4",
        "OSL-25-1",
        "OSL-99-99",
        "osl-25-12",
        "",
    ];
    for id in without_switch {
        for on in [true, false] {
            println!("{id:?}");
            let answer = switch(operator, operator.switching(id, on)).await;
            assert_fails(answer, Code::InvalidArgument, "FIELD_INVALID");
        }
    }
    for reason in [String::new(), " ".to_owned(), "å".repeat(501)] {
        let request = wire::SetProvisionRequest {
            reason,
            ..operator.switching(SUPPORT, true)
        };
        let answer = switch(operator, request).await;
        assert_eq!(answer.unwrap_err().code(), Code::InvalidArgument);
    }
    assert_eq!(Census::of(&case.story.hub.data()).await, before);
    assert!(on(operator).await.is_empty());
    // A duty needs none.
    let to = [&case.story.reception];
    case.story.school.send(&Letter::report(&to)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_operator_turns_anything_on() {
    let case = Case::begin().await;
    let before = Census::of(&case.story.hub.data()).await;
    let region = case.story.hub.party("auditor-region-exempel");
    for party in [
        &case.story.psychiatry,
        &case.story.social,
        &case.story.auditor,
        &region,
    ] {
        let answer = switch(party, party.switching(SUPPORT, true)).await;
        assert_fails(answer, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    }
    assert_eq!(Census::of(&case.story.hub.data()).await, before);
    assert!(on(&case.story.social).await.is_empty());
    turn(&case.story, true).await;
    let off = switch(
        &case.story.psychiatry,
        case.story.psychiatry.switching(SUPPORT, false),
    )
    .await;
    assert_fails(off, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    assert_eq!(on(&case.story.social).await, [SUPPORT]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_switching_is_written_down_with_who_and_why_and_repeats_its_answer() {
    let case = Case::begin().await;
    let (operator, data) = (&case.story.operator, case.story.hub.data());
    for (turned, times) in [(true, 2), (false, 2)] {
        // Saying what is so already is written down too.
        for _ in 0..times {
            let entry = turn(&case.story, turned).await;
            let details = entry_details(&data, &entry).await;
            assert_eq!(details["event"], "PROVISION_SET");
            assert_eq!(details["by"]["operator"], "demo", "the name in the certificate");
            assert_eq!(details["named"]["provision"], SUPPORT);
            assert_eq!(details["named"]["on"], turned.to_string());
            assert_eq!(details["named"]["reason"], "Beslut av nämnden 2026-11-23");
        }
    }
    let mut request = operator.switching(SUPPORT, true);
    let first = switch(operator, request.clone()).await.unwrap();
    turn(&case.story, false).await;
    let before = Census::of(&data).await;
    assert_eq!(switch(operator, request.clone()).await.unwrap(), first);
    assert!(
        on(operator).await.is_empty(),
        "an answer repeated turns nothing on"
    );
    request.on = false;
    assert_fails(switch(operator, request).await, Code::AlreadyExists, "ID_REUSED");
    assert_eq!(Census::of(&data).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_and_what_is_off_stays_so_when_the_hub_starts_again() {
    let mut case = Case::begin().await;
    for turned in [true, false] {
        turn(&case.story, turned).await;
        case.story.hub.stop().await;
        case.story.hub.start_again().await;
        case.story.reconnect();
        let expected: &[&str] = if turned { &[SUPPORT] } else { &[] };
        assert_eq!(on(&case.story.operator).await, expected);
        let verdicts = case.support(&[&case.story.social]).await;
        assert_eq!(verdicts[0].permitted, turned);
    }
}
