//! Two hubs on one database: what one does holds on the other at once, whatever the other remembers.

use core::time::Duration;

use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use samrum_tests::{Cluster, GUARDIANS, Letter, Party, Story, TestHub, reason, receipt};
use tonic::Status;

/// Longer than any test waits for what comes; the heartbeat alone takes fifteen seconds.
const SOON: Duration = Duration::from_secs(10);

/// Social services at one hub, child psychiatry at the other.
struct Two {
    story: Story,
    other: TestHub,
    consent: Vec<u8>,
    _cluster: Cluster,
}

impl Two {
    async fn begin() -> Self {
        let cluster = Cluster::start();
        let hub = TestHub::start_on(vec![cluster.database().await]).await;
        let mut story = Story::begin_in(hub).await;
        let other = story.hub.join().await;
        other.reconnect(&mut story.psychiatry);
        let consent = agreed(&story).await;
        Self {
            story,
            other,
            consent,
            _cluster: cluster,
        }
    }

    /// Child psychiatry sends social services a note, through the other hub.
    async fn sends_back(&self) -> Result<Vec<u8>, Status> {
        let story = &self.story;
        let sent = story
            .psychiatry
            .send(&Letter::note(&story.child, &[&story.social]))
            .await?;
        Ok(sent.deliveries[0].delivery_id.clone())
    }

    /// Social services sends one the other way.
    async fn sends(&self) -> Vec<u8> {
        let story = &self.story;
        let sent = story
            .social
            .send(&Letter::note(&story.child, &[&story.psychiatry]))
            .await;
        sent.unwrap().deliveries[0].delivery_id.clone()
    }
}

/// A consent that both guardians gave in the portal: it counts for every organisation.
async fn agreed(story: &Story) -> Vec<u8> {
    let consent = story.request().await;
    for guardian in ["kim", "robin"] {
        story.sign_in_portal(guardian, &consent).await;
    }
    consent
}

fn told<T: core::fmt::Debug>(refused: Result<T, Status>) -> String {
    reason(&refused.unwrap_err())
}

/// INVARIANT 4, across hubs.
#[tokio::test(flavor = "multi_thread")]
async fn a_no_at_one_hub_ends_sending_and_fetching_at_the_other_at_once() {
    let two = Two::begin().await;
    let story = &two.story;
    // Both hubs remember the child now.
    two.sends_back().await.unwrap();
    let fetched = two.sends().await;
    let waiting = two.sends().await;
    story.psychiatry.fetch(&fetched).await.unwrap();

    story.revoke(&two.consent).await;
    assert_eq!(told(two.sends_back().await), "CONSENT_REVOKED");
    let kept = story.psychiatry.fetch(&waiting).await;
    assert_eq!(told(kept), "DELIVERY_WITHHELD");
    let again = story.psychiatry.fetch(&fetched).await;
    assert_eq!(
        told(again),
        "CONSENT_REVOKED",
        "a repeated fetch is a disclosure too"
    );

    // The twin: a new yes counts there at once.
    agreed(story).await;
    two.sends_back().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn custody_and_keys_that_change_at_one_hub_have_changed_at_the_other() {
    let mut two = Two::begin().await;
    two.sends_back().await.unwrap();

    // Sealed to the key that social services has until now.
    let sealed_before = {
        let story = &two.story;
        let (to, document) = ([&story.social], samrum_tests::new_id());
        let letter = Letter::note(&story.child, &to);
        let envelope = story.psychiatry.seal_as(document.clone(), &letter).await;
        story.psychiatry.sending(&document, envelope)
    };
    let key = two.story.organisation_key("exempelby");
    two.story.social.renew_key(&key).await;
    let stale = two.story.psychiatry.exchange().send_document(sealed_before).await;
    assert_eq!(told(stale), "KEY_STALE");
    two.sends_back().await.unwrap();

    let story = &two.story;
    story
        .import_custody(&[GUARDIANS[0], ("198011239806", "Love Exempel")])
        .await;
    assert_eq!(told(two.sends_back().await), "SIGNATURE_MISSING");
    story.import_custody(&GUARDIANS).await;
    two.sends_back().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_at_one_hub_hears_what_is_sent_at_the_other_and_both_share_one_log() {
    let two = Two::begin().await;
    let mut inbox = subscribe(&two.story.psychiatry).await;
    assert_eq!(next(&mut inbox).await, None, "nothing yet");
    let sent = two.sends().await;
    assert_eq!(next(&mut inbox).await, Some(sent));

    // Each hub's entries get their places from whichever of them has the lease.
    let story = &two.story;
    let (social, psychiatry) = (&story.social, &story.psychiatry);
    let at_the_other = psychiatry
        .send(&Letter::note(&story.child, &[social]))
        .await
        .unwrap();
    let at_the_one = social
        .send(&Letter::note(&story.child, &[psychiatry]))
        .await
        .unwrap();
    receipt(psychiatry, &at_the_other.decision_id).await.unwrap();
    receipt(social, &at_the_one.decision_id).await.unwrap();
    assert_eq!(
        story.hub.verifier().to_string(),
        two.other.verifier().to_string(),
        "one log"
    );
}

async fn subscribe(party: &Party) -> tonic::Streaming<wire::SubscribeInboxResponse> {
    let request = wire::SubscribeInboxRequest { cursor: Vec::new() };
    party
        .exchange()
        .subscribe_inbox(request)
        .await
        .unwrap()
        .into_inner()
}

/// The next item's delivery; none for the heartbeat that ends what waits.
async fn next(inbox: &mut tonic::Streaming<wire::SubscribeInboxResponse>) -> Option<Vec<u8>> {
    let message = tokio::time::timeout(SOON, inbox.message()).await;
    match message.expect("it comes soon").unwrap().unwrap().event.unwrap() {
        Event::Item(item) => Some(item.delivery_id),
        Event::Alarm(_) => panic!("nothing here must be opened at once"),
        Event::Heartbeat(_) => None,
    }
}
