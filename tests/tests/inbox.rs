//! The inbox stream: everything in order and nothing twice, from any cursor on; woken by what happens; telling
//! that something waits and nothing of what.

use core::time::Duration;

use prost::Message as _;
use samrum_proto::statement::Answer;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use samrum_tests::{Census, Letter, Party, Story, assert_fails, contains};
use tonic::{Code, Status, Streaming};

/// Streams that one unit may have open.
const STREAMS: usize = 64;
/// Longer than any test waits for an event that comes; the heartbeat alone takes fifteen seconds.
const SOON: Duration = Duration::from_secs(10);

/// More than any test sends.
const MOST: usize = 100;

type Inbox = Streaming<wire::SubscribeInboxResponse>;

async fn subscribe(party: &Party, cursor: &[u8]) -> Result<Inbox, Status> {
    let request = wire::SubscribeInboxRequest {
        cursor: cursor.to_vec(),
    };
    let stream = party.exchange().subscribe_inbox(request).await?;
    Ok(stream.into_inner())
}

/// An item as its reader sees it.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    cursor: Vec<u8>,
    delivery: Vec<u8>,
    state: DeliveryState,
    size: u64,
}

/// The next message; an item, or the heartbeat that ends what waits.
async fn next(inbox: &mut Inbox) -> Result<Option<Told>, Status> {
    let message = tokio::time::timeout(SOON, inbox.message()).await;
    let message = message.expect("the stream tells something at once")?;
    let message = message.expect("the stream goes on");
    assert!(!message.cursor.is_empty() || matches!(message.event, Some(Event::Heartbeat(_))));
    Ok(match message.event.unwrap() {
        Event::Alarm(_) => panic!("nothing here must be opened at once"),
        Event::Heartbeat(wire::Heartbeat {}) => None,
        Event::Item(item) => Some(Told {
            state: item.state(),
            delivery: item.delivery_id,
            size: item.body_size_bytes,
            cursor: message.cursor,
        }),
    })
}

/// Everything until the heartbeat that says that there is no more for now.
async fn until_beat(inbox: &mut Inbox) -> Vec<Told> {
    let mut told = Vec::new();
    while let Some(item) = next(inbox).await.unwrap() {
        told.push(item);
        assert!(told.len() <= MOST, "the stream goes round in circles");
    }
    told
}

/// Everything that there is from a cursor on.
async fn all(party: &Party, cursor: &[u8]) -> Vec<Told> {
    until_beat(&mut subscribe(party, cursor).await.unwrap()).await
}

async fn sent(story: &Story, to: &Party) -> Vec<u8> {
    let sent = story.social.send(&Letter::note(&story.child, &[to])).await;
    sent.unwrap().deliveries.remove(0).delivery_id
}

fn seen(told: &[Told]) -> Vec<(&[u8], DeliveryState)> {
    told.iter()
        .map(|told| (told.delivery.as_slice(), told.state))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_any_cursor_on_comes_exactly_the_rest() {
    let (story, consent) = Story::with_consent().await;
    let mut deliveries = Vec::new();
    for _ in 0..5 {
        deliveries.push(sent(&story, &story.psychiatry).await);
        // What others are sent comes in between and is not told here.
        sent(&story, &story.pupil_health).await;
    }
    story.revoke(&consent).await;
    let whole = all(&story.psychiatry, &[]).await;
    let queued = deliveries.iter().map(|id| (id.as_slice(), DeliveryState::Queued));
    assert_eq!(seen(&whole)[..5], queued.collect::<Vec<_>>(), "in the order sent");
    let mut withheld: Vec<_> = seen(&whole)[5..].to_vec();
    withheld.sort_by_key(|(delivery, _)| deliveries.iter().position(|id| id == delivery));
    let kept = deliveries
        .iter()
        .map(|id| (id.as_slice(), DeliveryState::Withheld));
    assert_eq!(withheld, kept.collect::<Vec<_>>(), "each once");
    for told in 0..whole.len() {
        let rest = all(&story.psychiatry, &whole[told].cursor).await;
        assert_eq!(rest, whole[told + 1..], "after {told}");
    }
    // And the heartbeat's own cursor goes on from there too.
    let last = &whole.last().unwrap().cursor;
    let mut stream = subscribe(&story.psychiatry, last).await.unwrap();
    let beat = stream.message().await.unwrap().unwrap();
    assert_eq!(beat.event, Some(Event::Heartbeat(wire::Heartbeat {})));
    assert_eq!(&beat.cursor, last);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_open_before_hears_of_everything_and_two_hear_the_same() {
    let (story, consent) = Story::with_consent().await;
    let (psychiatry, signed) = (&story.psychiatry, Answer::Acknowledged);
    let mut one = subscribe(psychiatry, &[]).await.unwrap();
    let mut two = subscribe(psychiatry, &[]).await.unwrap();
    let mut others = subscribe(&story.reception, &[]).await.unwrap();
    for stream in [&mut one, &mut two, &mut others] {
        assert_eq!(until_beat(stream).await, [], "nothing yet");
    }
    let (read, unread) = (sent(&story, psychiatry).await, sent(&story, psychiatry).await);
    let fetched = psychiatry.fetch(&read).await.unwrap();
    let answer = psychiatry.answer(&read, &fetched.header, signed);
    let request = psychiatry.acknowledging(&read, &answer);
    psychiatry.exchange().acknowledge_document(request).await.unwrap();
    story.revoke(&consent).await;
    let expected = [
        (read.as_slice(), DeliveryState::Queued),
        (&unread, DeliveryState::Queued),
        (&read, DeliveryState::Acknowledged),
        (&unread, DeliveryState::Withheld),
    ];
    let mut heard = Vec::new();
    for stream in [&mut one, &mut two] {
        let mut told = Vec::new();
        // Up to the last thing that happened; heartbeats may come in between.
        while told.len() < expected.len() {
            told.extend(
                next(stream)
                    .await
                    .unwrap()
                    .filter(|item| item.state != DeliveryState::Released),
            );
        }
        assert_eq!(seen(&told), expected);
        heard.push(told);
    }
    assert_eq!(heard[0], heard[1], "cursors and sizes too");
    // The first that the third stream hears is its own unit's.
    let report = story.school.send(&Letter::report(&[&story.reception])).await;
    let own = report.unwrap().deliveries.remove(0).delivery_id;
    assert_eq!(next(&mut others).await.unwrap().unwrap().delivery, own);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_tells_nothing_of_what_waits() {
    let (story, _) = Story::with_consent().await;
    let mut stream = subscribe(&story.psychiatry, &[]).await.unwrap();
    assert_eq!(until_beat(&mut stream).await, []);
    let delivery = sent(&story, &story.psychiatry).await;
    let message = tokio::time::timeout(SOON, stream.message()).await;
    let message = message.expect("woken").unwrap().unwrap();
    // Everything that is known of the document, the sealed size and the delivery's own id apart.
    let fetched = story.psychiatry.fetch(&delivery).await.unwrap();
    let header = samrum_proto::canonical::Raw::<samrum_proto::envelope::Header>::parse(fetched.header);
    let document = *header.unwrap().value().document.as_bytes();
    let bytes = message.encode_to_vec();
    for (what, secret) in [
        ("the child", story.child.as_bytes().as_slice()),
        ("the sender", &story.social.bytes()),
        ("the recipient", &story.psychiatry.bytes()),
        ("the document", &document),
        ("the decision", &fetched.decision_id),
        ("text", "Anteckning".as_bytes()),
    ] {
        assert!(!contains(&bytes, secret), "{what}");
    }
    assert!(contains(&bytes, &delivery), "the needle would be found");
    let Some(Event::Item(item)) = message.event else {
        panic!("not an item")
    };
    assert_eq!(item.body_size_bytes, fetched.body.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_is_none_is_refused_and_reading_changes_nothing() {
    let (story, _) = Story::with_consent().await;
    sent(&story, &story.psychiatry).await;
    let before = Census::of(&story.hub.data()).await;
    let honest = all(&story.psychiatry, &[]).await.remove(0).cursor;
    for bent in [
        honest[1..].to_vec(),
        [honest.as_slice(), &[0]].concat(),
        b"from the beginning, please".to_vec(),
        vec![0xff; 4096],
        // Numbers below the first position.
        vec![0xff; 8],
        [0x80, 0, 0, 0, 0, 0, 0, 0].to_vec(),
    ] {
        let mut stream = subscribe(&story.psychiatry, &bent).await.unwrap();
        let refused = next(&mut stream).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    for party in [&story.auditor, &story.operator] {
        let refused = subscribe(party, &[]).await.map(drop);
        assert_fails(refused, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_streams_and_no_more_and_one_that_ends_makes_room() {
    let (story, _) = Story::with_consent().await;
    let mut open = Vec::new();
    for _ in 0..STREAMS {
        open.push(subscribe(&story.psychiatry, &[]).await.unwrap());
    }
    let more = subscribe(&story.psychiatry, &[]).await.map(drop);
    assert_fails(more, Code::ResourceExhausted, "LIMIT_EXCEEDED");
    // Another unit is not concerned, and those that are open still hear.
    subscribe(&story.pupil_health, &[]).await.unwrap();
    let last = open.last_mut().unwrap();
    assert_eq!(until_beat(last).await, []);
    let delivery = sent(&story, &story.psychiatry).await;
    assert_eq!(next(last).await.unwrap().unwrap().delivery, delivery);

    open.pop();
    // The hub learns of it as soon as the connection tells: a few calls later at most.
    let freed = tokio::time::timeout(SOON, async {
        loop {
            match subscribe(&story.psychiatry, &[]).await {
                Ok(stream) => break stream,
                Err(status) => assert_eq!(status.code(), Code::ResourceExhausted),
            }
        }
    });
    assert_eq!(until_beat(&mut freed.await.expect("room again")).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_ends_with_the_hub_and_goes_on_from_its_cursor() {
    let (mut story, _) = Story::with_consent().await;
    let first = sent(&story, &story.psychiatry).await;
    let mut stream = subscribe(&story.psychiatry, &[]).await.unwrap();
    let told = until_beat(&mut stream).await;
    assert_eq!(seen(&told), [(first.as_slice(), DeliveryState::Queued)]);
    story.hub.stop().await;
    let ended = next(&mut stream).await;
    assert_fails(ended, Code::Unavailable, "SHUTTING_DOWN");
    story.hub.start_again().await;
    story.reconnect();
    let mut stream = subscribe(&story.psychiatry, &told[0].cursor).await.unwrap();
    assert_eq!(until_beat(&mut stream).await, [], "nothing twice");
    let second = sent(&story, &story.psychiatry).await;
    assert_eq!(next(&mut stream).await.unwrap().unwrap().delivery, second);
}
