//! Limits from outside (invariant 9): exactly at the limit passes, one more is refused by its name, and what
//! was refused left nothing behind. What is no request at all leaves the hub serving.

use core::time::Duration;

use samrum_certs::world;
use samrum_consent::id::UnitId;
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::envelope::{Recipient, SealingKeyPair};
use samrum_proto::statement::KeyId;
use samrum_proto::wire::directory::v1 as directory;
use samrum_proto::wire::directory::v1::directory_service_client::DirectoryServiceClient;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::ledger::v1::GetCheckpointRequest;
use samrum_tests::{Census, Letter, Question, Story, TestHub, assert_fails, checkpoint, method, new_id};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tonic::{Code, Response};
use tonic_types::StatusExt as _;

/// Recipients of one document, and of one question.
const RECIPIENTS: usize = 64;
/// Subjects of one question.
const SUBJECTS: usize = 8;
/// Bytes of text that travel with a document.
const TEXT_BYTES: usize = 256 * 1024;
/// Bytes of one message.
const MESSAGE_BYTES: usize = 1024 * 1024;

/// Somebody whom the directory does not know, sealed to as if it did.
fn nobodies(count: usize) -> Vec<Recipient> {
    let random = ring::rand::SystemRandom::new();
    let key = SealingKeyPair::generate(&random).unwrap();
    let nobody = || Recipient {
        unit: UnitId::try_from(new_id().as_slice()).unwrap(),
        key_id: KeyId::from_bytes([9; 32]),
        public_key: key.public_key().clone(),
        basis: Basis::Consent,
    };
    (0..count).map(|_| nobody()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_recipients_as_may_be_are_looked_up_and_one_more_is_not_counted_further() {
    let (story, _) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let before = Census::of(&story.hub.data()).await;
    for (others, expected) in [
        (RECIPIENTS - 1, "RECIPIENT_UNKNOWN"),
        (RECIPIENTS, "FIELD_INVALID"),
    ] {
        let document = new_id();
        let sealed = story
            .social
            .seal_whatever(&document, &note, b"Anteckning", &nobodies(others))
            .await;
        assert_eq!(sealed.slips.len(), others + 1);
        let sending = story.social.sending(&document, sealed);
        let refused = story.social.exchange().send_document(sending).await;
        assert_fails(refused, Code::InvalidArgument, expected);
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
}

/// So many units in the directory, made by the operator.
async fn create_units(story: &Story, count: usize) -> Vec<Vec<u8>> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let unit = directory::Unit {
            unit_id: new_id(),
            authority_id: world::SOCIAL_SERVICES_BOARD.id.to_vec(),
            organisation_id: world::EXEMPELBY.id.to_vec(),
            name: "Familjecentralen".to_owned(),
            sector: directory::Sector::SocialServices.into(),
            holder: directory::Holder::Public.into(),
            ..directory::Unit::default()
        };
        ids.push(unit.unit_id.clone());
        let request = directory::CreateUnitRequest { unit: Some(unit) };
        story.operator.directory().create_unit(request).await.unwrap();
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_names_so_many_recipients_and_eight_subjects_and_no_more() {
    let (story, _) = Story::with_consent().await;
    let units = create_units(&story, RECIPIENTS + 1).await;
    let ask = async |recipients: &[Vec<u8>], strangers: usize| {
        let mut request = story.social.checking(&Question {
            subjects: &[story.child],
            to: &[],
            categories: &[Category::SchoolSituation],
            kind: Kind::Note,
            purpose: Purpose::Sip,
        });
        request.recipient_unit_ids = recipients.to_vec();
        request.individual_ids.extend((0..strangers).map(|_| new_id()));
        story
            .social
            .decisions()
            .check(request)
            .await
            .map(Response::into_inner)
    };
    let all = ask(&units[..RECIPIENTS], 0).await.unwrap();
    assert_eq!(all.verdicts.len(), RECIPIENTS);
    ask(&units[..1], SUBJECTS - 1).await.unwrap();
    let before = Census::of(&story.hub.data()).await;
    assert_fails(ask(&units, 0).await, Code::InvalidArgument, "FIELD_INVALID");
    let nine = ask(&units[..1], SUBJECTS).await;
    assert_fails(nine, Code::InvalidArgument, "FIELD_INVALID");
    assert_fails(ask(&[], 0).await, Code::InvalidArgument, "FIELD_INVALID");
    assert_eq!(Census::of(&story.hub.data()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_the_full_length_arrives_whole_and_one_byte_more_does_not() {
    let (story, _) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let key = story
        .psychiatry
        .register_key(story.organisation("region-exempel"))
        .await;
    let send = async |text: &[u8]| {
        let document = new_id();
        let sealed = story.social.seal_whatever(&document, &note, text, &[]).await;
        let sending = story.social.sending(&document, sealed);
        let sent = story.social.exchange().send_document(sending).await;
        sent.map(Response::into_inner)
    };
    let before = Census::of(&story.hub.data()).await;
    let over = send(&vec![b'a'; TEXT_BYTES + 1]).await;
    assert_fails(over, Code::InvalidArgument, "LIMIT_EXCEEDED");
    assert_eq!(Census::of(&story.hub.data()).await, before);

    let full = vec![b'a'; TEXT_BYTES];
    let sent = send(&full).await.unwrap();
    let fetched = story
        .psychiatry
        .fetch(&sent.deliveries[0].delivery_id)
        .await
        .unwrap();
    let organisation = story.organisation("exempelby").verifying_key();
    let opened = story.psychiatry.open(&fetched, key, &organisation).unwrap();
    assert_eq!(opened.plaintext.as_slice(), full);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sends_to_itself() {
    let (story, _) = Story::with_consent().await;
    let before = Census::of(&story.hub.data()).await;
    let to = [&story.psychiatry, &story.social];
    let refused = story.social.send(&Letter::note(&story.child, &to)).await;
    assert_fails(refused, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let twin = story
        .social
        .send(&Letter::note(&story.child, &[&story.psychiatry]))
        .await;
    assert_eq!(twin.unwrap().deliveries.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_slips_and_ids_that_are_none_are_refused_by_their_name() {
    let (story, _) = Story::with_consent().await;
    let document = new_id();
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let honest = story.social.seal_as(document.clone(), &note).await;
    let before = Census::of(&story.hub.data()).await;
    let header = &honest.header;
    for (what, bent) in [
        ("nothing", Vec::new()),
        ("one byte", vec![1]),
        ("another version", [&[2], &header[1..]].concat()),
        ("one byte more", [header.as_slice(), &[0]].concat()),
        ("a header of ones", vec![0xff; header.len()]),
        ("more than a header holds", vec![0xff; 64 * 1024 + 1]),
    ] {
        println!("{what}");
        let mut sending = story.social.sending(&document, honest.clone());
        sending.header = bent;
        let refused = story.social.exchange().send_document(sending).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    for bent in [Vec::new(), vec![0xff; 100], vec![0; 8 * 1024 + 1]] {
        let mut sending = story.social.sending(&document, honest.clone());
        sending.slips[0].slip = bent;
        let refused = story.social.exchange().send_document(sending).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    for length in [0, 1, 15, 17, 4096] {
        let request = wire::FetchDocumentRequest {
            delivery_id: vec![7; length],
            acting: Some(story.social.acting(method::FETCH, &new_id())),
        };
        let refused = story.social.exchange().fetch_document(request).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let sending = story.social.sending(&document, honest);
    story.social.exchange().send_document(sending).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_long_or_none_is_refused_before_anybody_reads_it() {
    let (story, _) = Story::with_consent().await;
    let document = new_id();
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let honest = story.social.seal_as(document.clone(), &note).await;
    let before = Census::of(&story.hub.data()).await;
    let mut sending = story.social.sending(&document, honest.clone());
    sending.body = vec![0; MESSAGE_BYTES];
    let refused = story.social.exchange().send_document(sending.clone()).await;
    // The transport's own words: no service has seen the call, so no reason of Samrum's is given.
    assert_fails(refused, Code::OutOfRange, "");
    // A little less is read, and refused for what it is.
    sending.body = vec![0; MESSAGE_BYTES - 64 * 1024];
    let refused = story.social.exchange().send_document(sending).await;
    assert_fails(refused, Code::InvalidArgument, "BODY_MISMATCH");

    for path in [method::SEND, method::FETCH, method::CHECK, method::REGISTER] {
        let answer = story.social.call_with_garbage(path, "\u{7f}\u{7f}\u{7f}").await;
        assert_eq!(answer.code(), Code::Internal, "{answer:?}");
    }
    let nowhere = story
        .social
        .call_with_garbage("/samrum.exchange.v1.ExchangeService/ReadEverything", "")
        .await;
    assert_eq!(nowhere.code(), Code::Unimplemented);
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let sending = story.social.sending(&document, honest);
    story.social.exchange().send_document(sending).await.unwrap();
}

/// Everything that comes back until the other end closes; an abrupt end is an end.
async fn answer_to(
    mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    said: &[u8],
) -> Vec<u8> {
    let mut answer = Vec::new();
    // The hub may hang up before everything was said.
    let _ = stream.write_all(said).await;
    let _ = stream.shutdown().await;
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_on_the_port_is_hung_up_on_and_the_hub_goes_on_serving() {
    let (story, _) = Story::with_consent().await;
    let before = Census::of(&story.hub.data()).await;
    let noise: [&[u8]; 7] = [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        &[0xff; 64 * 1024],
        &[0; 64 * 1024],
        // A TLS record that announces more than it brings.
        &[0x16, 0x03, 0x01, 0x3f, 0xff, 0x01],
    ];
    for said in noise {
        let plain = TcpStream::connect(story.hub.address()).await.unwrap();
        let answer = answer_to(plain, said).await;
        assert!(!answer.starts_with(b"HTTP/"), "no page, no gRPC, without TLS");
        let sealed = story.hub.stream("school").await;
        let answer = answer_to(sealed, said).await;
        assert!(!answer.starts_with(b"HTTP/1"), "HTTP/2 or nothing");
        // Whoever comes next is served, and whoever was there still is.
        let next = story.hub.party("school");
        checkpoint(&next).await;
        let there = story
            .school
            .ledger()
            .get_checkpoint(GetCheckpointRequest {})
            .await;
        assert!(!there.unwrap().into_inner().checkpoint.is_empty());
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
}

/// Nothing is done for somebody who may have gone: below the limit, at it, above it, and without any.
#[tokio::test]
async fn a_call_says_how_long_its_caller_waits() {
    let hub = TestHub::start().await;
    let mut client = DirectoryServiceClient::new(hub.without_deadlines("social-services"));
    let mut ask = async |deadline: Option<u64>| {
        let mut request = tonic::Request::new(directory::ListUnitsRequest::default());
        if let Some(seconds) = deadline {
            request.set_timeout(Duration::from_secs(seconds));
        }
        client.list_units(request).await.map(drop)
    };
    for within in [59, 60] {
        ask(Some(within)).await.unwrap();
    }
    for beyond in [None, Some(61), Some(3_600)] {
        let refused = ask(beyond).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{beyond:?}");
        let fields = refused.get_details_bad_request().unwrap().field_violations;
        assert_eq!(fields[0].field, "grpc-timeout", "{beyond:?}");
    }
}
