//! A hub whose tables and ledger do not agree says so and does not serve; whole, it does.

use samrum_tests::{Cluster, Letter, Story, TestHub, execute};

/// A hub that has permitted, released, withheld and kept waiting.
async fn lived_in(hub: TestHub) -> Story {
    let mut story = Story::begin_in(hub).await;
    let (first, second) = (story.request().await, story.request().await);
    for signatory in [1, 2] {
        story.sign(&first, signatory).await;
    }
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let read = story.social.send(&note).await.unwrap().deliveries[0]
        .delivery_id
        .clone();
    story.social.send(&note).await.unwrap();
    story.psychiatry.fetch(&read).await.unwrap();
    story.revoke(&first).await;
    for signatory in [1, 2] {
        story.sign(&second, signatory).await;
    }
    story.social.send(&note).await.unwrap();
    story.hub.stop().await;
    story
}

/// What the hub says instead of starting.
async fn refusal(story: &mut Story) -> String {
    let refused = story.hub.try_start_again().await;
    refused.expect_err("a hub whose data do not agree")
}

const DAMAGE: [(&str, &str); 9] = [
    ("UPDATE consent SET state = 2 WHERE state = 4", "the consent"),
    ("UPDATE consent SET revision = revision + 1", "the consent"),
    ("UPDATE delivery SET state = 1 WHERE state = 5", "the delivery"),
    (
        "UPDATE entry SET details = x'7b7d' WHERE arrival = (SELECT max(arrival) FROM entry)",
        "is not what was written down",
    ),
    (
        "UPDATE entry SET leaf_hash = zeroblob(32) WHERE arrival = (SELECT max(arrival) FROM entry)",
        "is not what was written down",
    ),
    (
        "UPDATE node SET hash = zeroblob(32) WHERE level = (SELECT max(level) FROM node)",
        "its stored tree disagree",
    ),
    ("DELETE FROM body", "its sealed body"),
    (
        "DELETE FROM entry WHERE arrival = (SELECT max(arrival) FROM entry)",
        "entries have one",
    ),
    (
        "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)",
        "entries have one",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_embedded_hub_that_does_not_agree_with_itself_says_so_and_does_not_start() {
    let mut story = lived_in(TestHub::start().await).await;
    let file = story.hub.data().join("hub.db");
    let whole = std::fs::read(&file).unwrap();
    for (damage, said) in DAMAGE {
        execute(&story.hub.data(), damage).await;
        let refusal = refusal(&mut story).await;
        assert!(refusal.contains(said), "{damage}: {refusal}");
        assert!(refusal.contains("restore"), "what to do: {refusal}");
        std::fs::write(&file, &whole).unwrap();
    }
    let newer = "INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, 1, x'00', 0)";
    execute(&story.hub.data(), newer).await;
    assert!(refusal(&mut story).await.contains("a newer samrum-hub"));
    std::fs::write(&file, &whole).unwrap();

    let key = story.hub.data().join("log.key");
    let own = std::fs::read(&key).unwrap();
    std::fs::write(&key, [7; 32]).unwrap();
    assert!(refusal(&mut story).await.contains("log.key"));
    std::fs::write(&key, own).unwrap();

    // Whole again, it goes on.
    story.hub.start_again().await;
    story.reconnect();
    let to = [&story.psychiatry];
    story.social.send(&Letter::note(&story.child, &to)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_does_one_on_a_server() {
    let cluster = Cluster::start();
    for (number, (damage, said)) in [
        ("UPDATE consent SET state = 2 WHERE state = 4", "the consent"),
        ("UPDATE delivery SET state = 1 WHERE state = 5", "the delivery"),
        (
            "UPDATE entry SET details = '{}' WHERE arrival = (SELECT max(arrival) FROM entry)",
            "is not what was written down",
        ),
        ("DELETE FROM body", "its sealed body"),
        (
            "INSERT INTO _sqlx_migrations VALUES (9999, 'later', now(), true, '', 0)",
            "a newer samrum-hub",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let hub = TestHub::start_on(vec![cluster.database().await]).await;
        let mut story = lived_in(hub).await;
        story.hub.start_again().await;
        story.hub.stop().await;
        cluster.execute(&format!("hub{number}"), damage).await;
        let refusal = refusal(&mut story).await;
        assert!(refusal.contains(said), "{damage}: {refusal}");
    }
}
