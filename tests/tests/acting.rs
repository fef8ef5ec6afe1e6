//! Who acts: a statement that is fresh, the unit's own, signed by its current key and made for this very call
//! passes; any other is refused by its name, in every kind of call, and nothing is changed or written down.

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::statement::{ActingStatement, Answer};
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::directory::v1::ActingStatement as Acting;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::individual::v1 as individual;
use samrum_tests::{CHILD, Census, Letter, Question, Story, assert_fails, method, new_id, now_us};
use tonic::{Code, Status};

const SECOND_US: i64 = 1_000_000;
/// How old a statement may be.
const OLDEST_US: i64 = 5 * 60 * SECOND_US;
/// How far ahead of the hub's a unit's clock may be.
const AHEAD_US: i64 = 60 * SECOND_US;

/// A call of social services' in which somebody acts.
enum Call {
    Check(decision::CheckRequest),
    Register(individual::RegisterIndividualRequest),
    Send(exchange::SendDocumentRequest, Vec<u8>),
    Fetch(exchange::FetchDocumentRequest),
    Acknowledge(exchange::AcknowledgeDocumentRequest),
    Reject(exchange::RejectDocumentRequest),
    Request(consent::RequestConsentRequest),
    Record(consent::RecordSignatureRequest),
    Narrow(consent::NarrowConsentRequest),
    Revoke(consent::RevokeConsentRequest),
}

impl Call {
    /// The path, and the id that a statement names.
    fn bound_to(&self) -> (&'static str, Vec<u8>) {
        match self {
            Self::Check(request) => (method::CHECK, request.request_id.clone()),
            Self::Register(request) => (method::REGISTER, request.request_id.clone()),
            Self::Send(_, document) => (method::SEND, document.clone()),
            Self::Fetch(request) => (method::FETCH, request.delivery_id.clone()),
            Self::Acknowledge(request) => (method::ACKNOWLEDGE, request.delivery_id.clone()),
            Self::Reject(request) => (method::REJECT, request.delivery_id.clone()),
            Self::Request(request) => (method::REQUEST, request.request_id.clone()),
            Self::Record(request) => (method::RECORD, request.request_id.clone()),
            Self::Narrow(request) => (method::NARROW, request.request_id.clone()),
            Self::Revoke(request) => (method::REVOKE, request.request_id.clone()),
        }
    }

    /// Calls with this statement.
    async fn with(&self, story: &Story, acting: Option<Acting>) -> Result<(), Status> {
        macro_rules! call {
            ($client:ident.$rpc:ident, $request:expr) => {{
                let mut request = $request.clone();
                request.acting = acting;
                story.social.$client().$rpc(request).await.map(drop)
            }};
        }
        match self {
            Self::Check(request) => call!(decisions.check, request),
            Self::Register(request) => call!(individuals.register_individual, request),
            Self::Send(request, _) => call!(exchange.send_document, request),
            Self::Fetch(request) => call!(exchange.fetch_document, request),
            Self::Acknowledge(request) => call!(exchange.acknowledge_document, request),
            Self::Reject(request) => call!(exchange.reject_document, request),
            Self::Request(request) => call!(consents.request_consent, request),
            Self::Record(request) => call!(consents.record_signature, request),
            Self::Narrow(request) => call!(consents.narrow_consent, request),
            Self::Revoke(request) => call!(consents.revoke_consent, request),
        }
    }
}

/// A note to social services that it has fetched: its delivery and header.
async fn fetched(story: &Story, child: &IndividualId) -> (Vec<u8>, Vec<u8>) {
    let delivery = waiting(story, child).await;
    let header = story.social.fetch(&delivery).await.unwrap().header;
    (delivery, header)
}

/// A note to social services that waits, about the child in child psychiatry's case.
async fn waiting(story: &Story, child: &IndividualId) -> Vec<u8> {
    let to = [&story.social];
    let sent = story.psychiatry.send(&Letter::note(child, &to)).await;
    sent.unwrap().deliveries.remove(0).delivery_id
}

/// One of every kind of call; each would pass as it stands, in this order.
async fn calls(story: &Story, consent: &[u8]) -> Vec<Call> {
    let social = &story.social;
    let to = [&story.psychiatry];
    let question = Question {
        subjects: &[story.child],
        to: &to,
        categories: &[Category::SchoolSituation],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    };
    let document = new_id();
    let sealed = social
        .seal_as(document.clone(), &Letter::note(&story.child, &to))
        .await;
    let theirs = story.register(&story.psychiatry, CHILD).await;
    story.consent_of(&story.psychiatry, &theirs).await;
    let unsigned = story.request().await;
    let (confirmed, header) = fetched(story, &theirs).await;
    let answer = social.answer(&confirmed, &header, Answer::Acknowledged);
    let acknowledge = social.acknowledging(&confirmed, &answer);
    let (refused, header) = fetched(story, &theirs).await;
    let reason = "Hör till en annan enhet".to_owned();
    let answer = social.answer(&refused, &header, Answer::Rejected { reason });
    vec![
        Call::Check(social.checking(&question)),
        Call::Register(social.registering(("201804109807", "Mio Exempel"))),
        Call::Send(social.sending(&document, sealed), document),
        Call::Fetch(social.fetching(&waiting(story, &theirs).await)),
        Call::Acknowledge(acknowledge),
        Call::Reject(social.rejecting(&refused, &answer)),
        Call::Request(social.requesting(story.child.as_bytes(), story.scope())),
        Call::Record(social.recording(&unsigned, 1)),
        Call::Narrow(social.narrowing(consent, &[Category::HealthMental], None)),
        Call::Revoke(social.revoking(consent)),
    ]
}

type Bend = fn(&Story, &'static str, &[u8]) -> Option<Acting>;

const BENT: [(&str, Bend); 11] = [
    ("nobody acts", |_, _, _| None),
    ("from the future", |story, method, id| {
        // What the call takes on its way is no more than the second.
        let at = now_us() + AHEAD_US + 5 * SECOND_US;
        Some(story.social.acting_at(method, id, at))
    }),
    ("too old", |story, method, id| {
        Some(story.social.acting_at(method, id, now_us() - OLDEST_US - 1))
    }),
    ("signed by another unit's key", |story, method, id| {
        Some(story.psychiatry.state(story.social.stating(method, id)))
    }),
    ("another unit's own", |story, method, id| {
        Some(story.psychiatry.acting(method, id))
    }),
    ("naming another unit", |story, method, id| {
        let unit = story.psychiatry.id();
        let stated = story.social.stating(method, id);
        Some(story.social.state(ActingStatement { unit, ..stated }))
    }),
    ("for another method", |story, method, id| {
        let other = if method == method::CHECK {
            method::SEND
        } else {
            method::CHECK
        };
        Some(story.social.acting(other, id))
    }),
    ("for another request", |story, method, _| {
        Some(story.social.acting(method, &new_id()))
    }),
    ("altered after it was signed", |story, method, id| {
        let mut acting = story.social.acting(method, id);
        *acting.statement.last_mut().unwrap() ^= 1;
        Some(acting)
    }),
    ("cut short", |story, method, id| {
        let mut acting = story.social.acting(method, id);
        acting.statement.pop();
        Some(acting)
    }),
    ("unsigned", |story, method, id| {
        let signature = Vec::new();
        Some(Acting {
            signature,
            ..story.social.acting(method, id)
        })
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn only_the_units_own_fresh_statement_for_this_very_call_counts() {
    let (story, consent) = Story::with_consent().await;
    let calls = calls(&story, &consent).await;
    let before = Census::of(&story.hub.data()).await;
    for call in &calls {
        let (method, id) = call.bound_to();
        for (what, bend) in BENT {
            println!("{method}: {what}");
            let refused = call.with(&story, bend(&story, method, &id)).await;
            assert_fails(refused, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
        }
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    for call in &calls {
        let (method, id) = call.bound_to();
        println!("{method}: honest");
        call.with(&story, Some(story.social.acting(method, &id)))
            .await
            .unwrap();
    }
    assert_eq!(
        Census::of(&story.hub.data()).await.entries,
        before.entries + i64::try_from(calls.len() + 1).unwrap(),
        "one entry for each, and one for the note that the last kept back"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_may_differ_by_so_much_and_statements_be_so_old() {
    let (story, consent) = Story::with_consent().await;
    for (call, off) in calls(&story, &consent).await.iter().zip(
        [AHEAD_US - SECOND_US, -OLDEST_US + 30 * SECOND_US]
            .into_iter()
            .cycle(),
    ) {
        let (method, id) = call.bound_to();
        let acting = story.social.acting_at(method, &id, now_us() + off);
        println!("{method}: {off}");
        call.with(&story, Some(acting)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_replaced_signs_for_nobody() {
    let (mut story, consent) = Story::with_consent().await;
    let calls = calls(&story, &consent).await;
    let old: Vec<Acting> = calls
        .iter()
        .map(|call| {
            let (method, id) = call.bound_to();
            story.social.acting(method, &id)
        })
        .collect();
    let municipality = story.organisations.iter().find(|(slug, _)| *slug == "exempelby");
    story.social.renew_key(&municipality.unwrap().1).await;
    let before = Census::of(&story.hub.data()).await;
    for (call, old) in calls.iter().zip(old) {
        // What else was signed by the old key is refused for that.
        if matches!(call, Call::Send(..) | Call::Acknowledge(_) | Call::Reject(_)) {
            continue;
        }
        let refused = call.with(&story, Some(old)).await;
        assert_fails(refused, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
        assert_eq!(Census::of(&story.hub.data()).await, before);
    }
    let (method, id) = calls[0].bound_to();
    calls[0]
        .with(&story, Some(story.social.acting(method, &id)))
        .await
        .unwrap();
}
