//! How a delivery ends: confirmed or refused by its recipient, signed, once and for good (invariant 5).

use samrum_proto::canonical::Raw;
use samrum_proto::envelope::{Header, HeaderHash, SigningKeyPair};
use samrum_proto::statement::{Answer, DeliveryAnswer, Signed};
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_tests::{Census, Letter, Story, assert_fails, assert_hidden, new_id, reason, receipt};
use tokio::task::JoinSet;
use tonic::{Code, Response, Status};

/// Deliveries that are confirmed and refused at the same moment.
const ROUNDS: usize = 20;
/// Callers that confirm, and callers that refuse.
const CALLERS: usize = 4;

/// A note to child psychiatry.
struct Note {
    document: Vec<u8>,
    delivery: Vec<u8>,
    header: Vec<u8>,
}

async fn sent(story: &Story) -> Note {
    let document = new_id();
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let sealed = story.social.seal_as(document.clone(), &note).await;
    let header = sealed.header.clone();
    let sending = story.social.sending(&document, sealed);
    let sent = story.social.exchange().send_document(sending).await.unwrap();
    let delivery = sent.into_inner().deliveries.remove(0).delivery_id;
    Note {
        document,
        delivery,
        header,
    }
}

async fn fetched(story: &Story) -> Note {
    let note = sent(story).await;
    story.psychiatry.fetch(&note.delivery).await.unwrap();
    note
}

async fn state(story: &Story, note: &Note) -> DeliveryState {
    let request = wire::ListDeliveriesRequest {
        document_id: note.document.clone(),
    };
    let listed = story.social.exchange().list_deliveries(request).await.unwrap();
    listed.into_inner().deliveries[0].state()
}

fn no() -> Answer {
    Answer::Rejected {
        reason: "Hör till en annan enhet".to_owned(),
    }
}

/// What came of an answer: its state and its entry.
type Settled = Result<(DeliveryState, Vec<u8>), Status>;

fn acknowledging(story: &Story, note: &Note) -> wire::AcknowledgeDocumentRequest {
    let answer = story
        .psychiatry
        .answer(&note.delivery, &note.header, Answer::Acknowledged);
    story.psychiatry.acknowledging(&note.delivery, &answer)
}

fn rejecting(story: &Story, note: &Note) -> wire::RejectDocumentRequest {
    let answer = story.psychiatry.answer(&note.delivery, &note.header, no());
    story.psychiatry.rejecting(&note.delivery, &answer)
}

async fn acknowledge(story: &Story, request: wire::AcknowledgeDocumentRequest) -> Settled {
    let answer = story.psychiatry.exchange().acknowledge_document(request).await;
    answer.map(Response::into_inner).map(|answer| {
        let state = answer.state();
        (state, answer.ticket.unwrap().entry_id)
    })
}

async fn reject(story: &Story, request: wire::RejectDocumentRequest) -> Settled {
    let answer = story.psychiatry.exchange().reject_document(request).await;
    answer.map(Response::into_inner).map(|answer| {
        let state = answer.state();
        (state, answer.ticket.unwrap().entry_id)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmed_and_refused_at_once_ends_one_way_for_everybody() {
    let (story, _) = Story::with_consent().await;
    let story = std::sync::Arc::new(story);
    for round in 0..ROUNDS {
        let note = std::sync::Arc::new(fetched(&story).await);
        let before = Census::of(&story.hub.data()).await.entries;
        let mut answering = JoinSet::new();
        for caller in 0..2 * CALLERS {
            let (story, note) = (story.clone(), note.clone());
            // Sometimes those who refuse come first.
            let yes = (caller + round) % 2 == 0;
            answering.spawn(async move {
                let settled = if yes {
                    acknowledge(&story, acknowledging(&story, &note)).await
                } else {
                    reject(&story, rejecting(&story, &note)).await
                };
                (yes, settled)
            });
        }
        let answers = answering.join_all().await;
        let end = state(&story, &note).await;
        let (entry, confirmed) = match end {
            DeliveryState::Acknowledged => (acknowledge(&story, acknowledging(&story, &note)).await, true),
            DeliveryState::Rejected => (reject(&story, rejecting(&story, &note)).await, false),
            other => panic!("not an end: {other:?}"),
        };
        for (yes, settled) in answers {
            if yes == confirmed {
                assert_eq!(settled.unwrap(), entry.clone().unwrap(), "one end, one entry");
            } else {
                assert_fails(settled, Code::FailedPrecondition, "STATE_CONFLICT");
            }
        }
        assert_eq!(entry.unwrap().0, end);
        assert_eq!(Census::of(&story.hub.data()).await.entries, before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_an_end_and_repeating_it_repeats_the_answer() {
    let (story, consent) = Story::with_consent().await;
    let (confirmed, refused) = (fetched(&story).await, fetched(&story).await);
    let signed = acknowledging(&story, &confirmed);
    let first = acknowledge(&story, signed.clone()).await.unwrap();
    let first_no = reject(&story, rejecting(&story, &refused)).await.unwrap();
    assert_eq!(
        (first.0, first_no.0),
        (DeliveryState::Acknowledged, DeliveryState::Rejected)
    );

    let before = Census::of(&story.hub.data()).await;
    assert_eq!(acknowledge(&story, signed.clone()).await.unwrap(), first);
    assert_eq!(
        reject(&story, rejecting(&story, &refused)).await.unwrap(),
        first_no
    );
    let turned = reject(&story, rejecting(&story, &confirmed)).await;
    assert_fails(turned, Code::FailedPrecondition, "STATE_CONFLICT");
    let turned = acknowledge(&story, acknowledging(&story, &refused)).await;
    assert_fails(turned, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);

    // Neither reading it again nor the end of the consent changes how it ended.
    story.psychiatry.fetch(&confirmed.delivery).await.unwrap();
    story.revoke(&consent).await;
    assert_eq!(state(&story, &confirmed).await, DeliveryState::Acknowledged);
    assert_eq!(state(&story, &refused).await, DeliveryState::Rejected);
    assert_eq!(acknowledge(&story, signed.clone()).await.unwrap(), first);

    // The sender has it in writing, with the recipient's signature.
    let proof = receipt(&story.social, &first.1).await.unwrap();
    let details: serde_json::Value = serde_json::from_slice(&proof.details).unwrap();
    assert_eq!(details["named"]["signature"], hex::encode(&signed.signature));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_handed_out_cannot_be_answered() {
    let (story, consent) = Story::with_consent().await;
    let (waiting, withheld) = (sent(&story).await, sent(&story).await);
    let before = Census::of(&story.hub.data()).await;
    let early = acknowledge(&story, acknowledging(&story, &waiting)).await;
    assert_fails(early, Code::FailedPrecondition, "STATE_CONFLICT");
    let early = reject(&story, rejecting(&story, &waiting)).await;
    assert_fails(early, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);

    story.psychiatry.fetch(&waiting.delivery).await.unwrap();
    acknowledge(&story, acknowledging(&story, &waiting))
        .await
        .unwrap();
    story.revoke(&consent).await;
    assert_eq!(state(&story, &withheld).await, DeliveryState::Withheld);
    let before = Census::of(&story.hub.data()).await;
    let late = acknowledge(&story, acknowledging(&story, &withheld)).await;
    assert_fails(late, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_delivery_looks_like_none() {
    let (story, _) = Story::with_consent().await;
    let note = fetched(&story).await;
    let before = Census::of(&story.hub.data()).await;
    for party in [&story.pupil_health, &story.social, &story.clinic] {
        let acknowledge = async |delivery: &[u8]| {
            let answer = party.answer(delivery, &note.header, Answer::Acknowledged);
            let request = party.acknowledging(delivery, &answer);
            party.exchange().acknowledge_document(request).await
        };
        let reject = async |delivery: &[u8]| {
            let answer = party.answer(delivery, &note.header, no());
            let request = party.rejecting(delivery, &answer);
            party.exchange().reject_document(request).await
        };
        println!("{}", party.name);
        assert_hidden(acknowledge(&note.delivery).await, acknowledge(&new_id()).await);
        assert_hidden(reject(&note.delivery).await, reject(&new_id()).await);
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    acknowledge(&story, acknowledging(&story, &note)).await.unwrap();
}

/// What is signed: by which key, saying what.
type Bend = fn(&Story, &Note, DeliveryAnswer) -> Signed<DeliveryAnswer>;

fn sign(answer: DeliveryAnswer, key: &SigningKeyPair) -> Signed<DeliveryAnswer> {
    Signed::sign(answer, key).unwrap()
}

const BENT: [(&str, Bend); 6] = [
    ("by the sender's key", |story, _, answer| {
        sign(answer, &story.social.signing)
    }),
    ("by its organisation's key", |story, _, answer| {
        sign(answer, story.organisation("region-exempel"))
    }),
    ("about another delivery", |story, other, answer| {
        let delivery = other.delivery.as_slice().try_into().unwrap();
        sign(DeliveryAnswer { delivery, ..answer }, &story.psychiatry.signing)
    }),
    ("about another document", |story, other, answer| {
        let document = other.document.as_slice().try_into().unwrap();
        sign(DeliveryAnswer { document, ..answer }, &story.psychiatry.signing)
    }),
    ("about another header", |story, other, answer| {
        let header_hash: HeaderHash = Raw::<Header>::parse(other.header.as_slice()).unwrap().hash();
        let answer = DeliveryAnswer {
            header_hash,
            ..answer
        };
        sign(answer, &story.psychiatry.signing)
    }),
    ("in another unit's name", |story, _, answer| {
        let recipient = story.pupil_health.id();
        sign(DeliveryAnswer { recipient, ..answer }, &story.psychiatry.signing)
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn only_the_recipients_own_answer_about_this_very_document_counts() {
    let (story, _) = Story::with_consent().await;
    let (note, other) = (fetched(&story).await, fetched(&story).await);
    let before = Census::of(&story.hub.data()).await;
    for (what, bend) in BENT {
        println!("{what}");
        for said in [Answer::Acknowledged, no()] {
            let honest = story
                .psychiatry
                .answer(&note.delivery, &note.header, said.clone());
            let bent = bend(&story, &other, honest.value().clone());
            let settled = if said == Answer::Acknowledged {
                acknowledge(&story, story.psychiatry.acknowledging(&note.delivery, &bent)).await
            } else {
                reject(&story, story.psychiatry.rejecting(&note.delivery, &bent)).await
            };
            assert_fails(settled, Code::InvalidArgument, "SIGNATURE_INVALID");
        }
    }
    let mut request = acknowledging(&story, &note);
    *request.answer.last_mut().unwrap() ^= 1;
    let settled = acknowledge(&story, request).await;
    assert_fails(settled, Code::InvalidArgument, "SIGNATURE_INVALID");
    // A signed no is not taken for a yes, nor a yes for a no.
    let no = story.psychiatry.answer(&note.delivery, &note.header, no());
    let settled = acknowledge(&story, story.psychiatry.acknowledging(&note.delivery, &no)).await;
    assert_eq!(reason(&settled.unwrap_err()), "STATE_CONFLICT");
    let yes = story
        .psychiatry
        .answer(&note.delivery, &note.header, Answer::Acknowledged);
    let settled = reject(&story, story.psychiatry.rejecting(&note.delivery, &yes)).await;
    assert_eq!(reason(&settled.unwrap_err()), "STATE_CONFLICT");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    acknowledge(&story, acknowledging(&story, &note)).await.unwrap();
    reject(&story, rejecting(&story, &other)).await.unwrap();
}
