//! Limits of what is under way at once: while the database's one place to write is taken, so that nothing gets an end,
//! the limit passes and one more is refused by its name, with when to come again.

use core::time::Duration;

use samrum_proto::wire::exchange::v1 as wire;
use samrum_tests::{Letter, Occupied, Party, Story, TestHub, assert_fails, new_id, reason};
use tokio::task::JoinSet;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt as _;

/// Sends that one unit may have under way, in the hubs of these tests.
const SENDS: usize = 3;
const LIMITS: &str = "sends_per_unit = 3\nstore_busy_timeout_ms = 60000";
/// How long anything may take before the test is declared stuck.
const WATCHDOG: Duration = Duration::from_secs(30);

type Sent = Result<wire::SendDocumentResponse, Status>;

async fn story(limits: &'static str) -> Story {
    let story = Story::begin_in(TestHub::start_limited(limits).await).await;
    story.consent_of(&story.social, &story.child).await;
    story
}

async fn sealed(party: &Party, letter: &Letter<'_>, count: usize) -> Vec<wire::SendDocumentRequest> {
    let mut sealed = Vec::new();
    for _ in 0..count {
        let document = new_id();
        let envelope = party.seal_as(document.clone(), letter).await;
        sealed.push(party.sending(&document, envelope));
    }
    sealed
}

/// Begins to send all of these.
fn begin(sends: &mut JoinSet<Sent>, party: &Party, requests: Vec<wire::SendDocumentRequest>) {
    for request in requests {
        let mut exchange = party.exchange();
        sends.spawn(async move { exchange.send_document(request).await.map(Response::into_inner) });
    }
}

/// The next send that is answered.
async fn next(sends: &mut JoinSet<Sent>) -> Sent {
    let next = tokio::time::timeout(WATCHDOG, sends.join_next()).await;
    next.expect("the test is stuck").unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_has_so_many_sends_under_way_and_no_more_but_a_duty_needs_no_place() {
    let story = story(LIMITS).await;
    let to = [&story.psychiatry];
    let notes = sealed(&story.social, &Letter::note(&story.child, &to), SENDS + 1).await;
    let again = sealed(&story.social, &Letter::note(&story.child, &to), 1).await;
    let reports = sealed(&story.school, &Letter::report(&[&story.reception]), SENDS + 1).await;
    let own = sealed(&story.social, &Letter::report(&[&story.reception]), 1).await;

    let occupied = Occupied::take(&story.hub.data()).await;
    let (mut sends, mut duties) = (JoinSet::new(), JoinSet::new());
    begin(&mut sends, &story.social, notes);
    let refused = assert_fails(next(&mut sends).await, Code::ResourceExhausted, "TOO_MANY_SENDS");
    let delay = refused.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(delay.is_some(), "with when to come again");
    // Every place of social services' is taken. Its own duty needs none.
    begin(&mut duties, &story.social, own);
    // INVARIANT 11: what a duty demands is turned away by no quota.
    begin(&mut duties, &story.school, reports);
    occupied.give_back().await;

    for _ in 0..SENDS {
        next(&mut sends).await.unwrap();
    }
    for _ in 0..SENDS + 2 {
        next(&mut duties).await.unwrap();
    }
    assert!(sends.is_empty() && duties.is_empty());
    // Places are free again with the answers.
    begin(&mut sends, &story.social, again);
    next(&mut sends).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_waits_for_its_database_as_long_as_it_is_told_to() {
    let hasty = story("store_busy_timeout_ms = 100").await;
    let to = [&hasty.psychiatry];
    let requests = sealed(&hasty.social, &Letter::note(&hasty.child, &to), 2).await;
    let mut requests = requests.into_iter();
    let occupied = Occupied::take(&hasty.hub.data()).await;
    let mut sends = JoinSet::new();
    begin(&mut sends, &hasty.social, requests.next().into_iter().collect());
    // It gives up although the place is never given back, and says when to come again.
    let refused = next(&mut sends).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::Unavailable, "STORE_UNAVAILABLE")
    );
    assert!(refused.get_details_retry_info().is_some());

    // One that is told to wait longer is still waiting when the hasty one has given up, and is served then.
    let patient = story(LIMITS).await;
    let to = [&patient.psychiatry];
    let request = sealed(&patient.social, &Letter::note(&patient.child, &to), 1).await;
    let taken = Occupied::take(&patient.hub.data()).await;
    let mut waits = JoinSet::new();
    begin(&mut waits, &patient.social, request);
    begin(&mut sends, &hasty.social, requests.next().into_iter().collect());
    next(&mut sends).await.unwrap_err();
    assert!(waits.try_join_next().is_none(), "it waits");
    taken.give_back().await;
    next(&mut waits).await.unwrap();
    occupied.give_back().await;
    hasty
        .social
        .send(&Letter::note(&hasty.child, &[&hasty.psychiatry]))
        .await
        .unwrap();
}
