//! A database server whose place another has taken, started again: no hub goes back to it, or what has ended since would
//! be as it was.

use samrum_tests::{Cluster, Letter, Story, TestHub, refusal};

/// The story on a primary with its standby, listed in this order; and both.
async fn on_two_servers() -> (Story, Vec<u8>, Cluster, Cluster) {
    let first = Cluster::start();
    let database = first.database().await;
    let second = first.standby();
    first.confirm_with_standby().await;
    let hub = TestHub::start_on(vec![database, second.address("hub0")]).await;
    let story = Story::begin_in(hub).await;
    let consent = story.consent_of(&story.social, &story.child).await;
    (story, consent, first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_primary_that_is_started_again_is_not_gone_back_to() {
    let (mut story, consent, first, second) = on_two_servers().await;
    let to = [&story.psychiatry];
    story.social.send(&Letter::note(&story.child, &to)).await.unwrap();

    first.kill_hard();
    second.promote();
    let third = second.standby();
    second.confirm_with_standby().await;
    story.hub.stop().await;
    story.hub.start_again().await;
    story.reconnect();
    story.revoke(&consent).await;

    // It still says that it is primary, it is listed first, and to it the consent is in force.
    first.start_again();
    story.hub.stop().await;
    story.hub.start_again().await;
    story.reconnect();
    let to = [&story.psychiatry];
    let denied = story.social.send(&Letter::note(&story.child, &to)).await;
    assert_eq!(refusal(&denied.unwrap_err()).0, "CONSENT_REVOKED");

    // Nor when there is no other.
    story.hub.stop().await;
    second.kill_hard();
    third.kill_hard();
    let refused = story.hub.try_start_again().await.unwrap_err();
    assert!(refused.contains("a former one"), "{refused}");
    assert!(refused.contains("database.timeline"), "and what to do: {refused}");
}
