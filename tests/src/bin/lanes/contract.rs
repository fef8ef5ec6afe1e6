//! The same calls on both ways, to two hubs of their own: what is answered must be the same. The whole contract runs over
//! QUIC in `ops/test`; this is its essence, in one program.

use core::time::Duration;

use samrum_client::transport::way::Way;
use samrum_proto::statement::Answer;
use samrum_proto::wire::directory::v1 as directory;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::ledger::v1 as ledger;
use samrum_tests::lossy::{Lossy, Weather};
use samrum_tests::{Letter, Story, Stranger, TestHub, reason};
use tokio::time::sleep;
use tonic::{Request, Response, Status};

/// A call, and how it was answered.
type Line = (&'static str, String);

/// Text that is larger than any hub takes here.
const TOO_LARGE: usize = 300 * 1024;

/// A network on which an answer takes longer than a hurried caller waits.
const FAR: Weather = Weather {
    lost_per_mille: 0,
    round_trip: Duration::from_millis(400),
};
/// How often the log is asked for its newest checkpoint at most, and how long between.
const SEQUENCED_WITHIN: usize = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// What differs between the ways.
pub(crate) async fn differences(differ: bool) -> Vec<String> {
    eprintln!("the same calls on both ways");
    let tcp = answers(Story::begin_in(TestHub::start().await.over(Way::Tcp)).await).await;
    let hub = if differ {
        TestHub::start_limited("inline_body_bytes = 1024").await
    } else {
        TestHub::start().await
    };
    let quic = answers(Story::begin_in(hub.over(Way::Quic)).await).await;
    if tcp.len() != quic.len() {
        return vec![format!("{} calls over TCP, {} over QUIC", tcp.len(), quic.len())];
    }
    let pairs = tcp.into_iter().zip(quic);
    let other = pairs.filter(|(tcp, quic)| tcp != quic);
    other
        .map(|((call, tcp), (_, quic))| format!("{call}: over TCP {tcp}, over QUIC {quic}"))
        .collect()
}

fn said<T>(outcome: &Result<T, Status>) -> String {
    match outcome {
        Ok(_) => "done".to_owned(),
        Err(status) => format!("{:?} {}", status.code(), reason(status)),
    }
}

async fn answers(story: Story) -> Vec<Line> {
    let mut lines = Vec::new();
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let mut say = |call, outcome: String| lines.push((call, outcome));
    say("send without consent", said(&story.social.send(&note).await));
    let consent = story.consent_of(&story.social, &story.child).await;
    let sent = story.social.send(&note).await;
    say("send with consent", said(&sent));
    let delivery = sent.unwrap().deliveries.remove(0).delivery_id;
    let large = Letter {
        text: &"x".repeat(200 * 1024),
        ..Letter::note(&story.child, &to)
    };
    say("send much", said(&story.social.send(&large).await));
    let document = samrum_tests::new_id();
    let text = vec![b'x'; TOO_LARGE];
    let sealed = story.social.seal_whatever(&document, &note, &text, &[]).await;
    let request = story.social.sending(&document, sealed);
    say(
        "send too much",
        said(&story.social.exchange().send_document(request).await),
    );
    let reception = [&story.reception];
    let report = Letter::report(&reception);
    say("report concern", said(&story.school.send(&report).await));

    lines.extend(received(&story, &delivery).await);
    lines.extend(taken_back(&story, &consent).await);
    lines.extend(around(&story).await);
    lines
}

/// How a delivery is told of, fetched and answered.
async fn received(story: &Story, delivery: &[u8]) -> Vec<Line> {
    let mut inbox = subscribe(story).await;
    let told = inbox.message().await;
    let told = told.map(|told| format!("{}", told.is_some())).unwrap_or_default();
    let strangers = said(&story.school.fetch(delivery).await);
    let fetched = story.psychiatry.fetch(delivery).await;
    let mut lines = vec![
        ("inbox", told),
        ("fetch a stranger's", strangers),
        ("fetch", said(&fetched)),
    ];
    let header = fetched.unwrap().header;
    let answer = story.psychiatry.answer(delivery, &header, Answer::Acknowledged);
    for call in ["acknowledge", "acknowledge again"] {
        let request = story.psychiatry.acknowledging(delivery, &answer);
        let acknowledged = story.psychiatry.exchange().acknowledge_document(request).await;
        lines.push((call, said(&acknowledged)));
    }
    lines.push((
        "fetch what nobody sent",
        said(&story.psychiatry.fetch(&[7; 16]).await),
    ));
    lines
}

/// What a no does to what waits and to what comes.
async fn taken_back(story: &Story, consent: &[u8]) -> Vec<Line> {
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let waiting = story
        .social
        .send(&note)
        .await
        .unwrap()
        .deliveries
        .remove(0)
        .delivery_id;
    story.revoke(consent).await;
    vec![
        (
            "fetch what was taken back",
            said(&story.psychiatry.fetch(&waiting).await),
        ),
        (
            "send on what was taken back",
            said(&story.social.send(&note).await),
        ),
    ]
}

/// What lies around the documents: deadlines, garbage, strangers, other roles.
async fn around(story: &Story) -> Vec<Line> {
    let units = || directory::ListUnitsRequest::default();
    let bare = story.hub.without_deadlines("school");
    let mut service = directory::directory_service_client::DirectoryServiceClient::new(bare);
    // Further away than it waits, whatever the machine is doing.
    let network = Lossy::before(story.hub.address(), FAR, 0).await;
    let far = story.hub.party_at(network.address, "school");
    let mut hurried = Request::new(units());
    hurried.set_timeout(FAR.round_trip / 4);
    let garbage = "/samrum.exchange.v1.ExchangeService/SendDocument";
    let nobody = story.hub.stranger(Stranger::Nameless, "school");
    let foreign = story.hub.stranger(Stranger::Foreign, "school");
    let expired = story.hub.stranger(Stranger::Expired, "school");
    let mut lines = vec![
        ("without a deadline", said(&service.list_units(units()).await)),
        (
            "garbage",
            said::<()>(&Err(story.school.call_with_garbage(garbage, "garbage").await)),
        ),
        (
            "unknown call",
            said::<()>(&Err(story
                .school
                .call_with_garbage("/samrum.none.v1.None/None", "")
                .await)),
        ),
        ("checkpoint", said(&checkpoint(story).await)),
        (
            "an auditor's send",
            said(
                &story
                    .auditor
                    .exchange()
                    .send_document(exchange::SendDocumentRequest::default())
                    .await,
            ),
        ),
    ];
    let late: Result<Response<_>, Status> = far.directory().list_units(hurried).await;
    lines.push((
        "too late",
        late.err()
            .map(|status| format!("{:?}", status.code()))
            .unwrap_or_default(),
    ));
    for (call, party) in [("nameless", nobody), ("foreign", foreign), ("expired", expired)] {
        // Who is not let in hears it from TLS, which each way tells in words of its own.
        let refused = party.directory().list_units(units()).await;
        let word = if refused.is_err() { "refused" } else { "let in" };
        lines.push((call, word.to_owned()));
    }
    lines
}

/// The checkpoint, once the log has one of everything that was done.
async fn checkpoint(story: &Story) -> Result<(), Status> {
    for _ in 0..SEQUENCED_WITHIN {
        let request = ledger::GetCheckpointRequest::default();
        match story.school.ledger().get_checkpoint(request).await {
            Err(status) if reason(&status) == "NOT_YET_SEQUENCED" => sleep(PAUSE).await,
            outcome => return outcome.map(drop),
        }
    }
    Err(Status::deadline_exceeded("the log gives no place"))
}

async fn subscribe(story: &Story) -> tonic::Streaming<exchange::SubscribeInboxResponse> {
    let request = exchange::SubscribeInboxRequest { cursor: Vec::new() };
    let stream = story.psychiatry.exchange().subscribe_inbox(request).await;
    stream.unwrap().into_inner()
}
