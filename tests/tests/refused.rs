//! Bad input to sending: each a clear typed error, and nothing changed.

use samrum_consent::vocabulary::{Basis, Category, Kind};
use samrum_proto::wire::exchange::v1::SendDocumentRequest;
use samrum_tests::{Letter, Story, method, new_id, now_us, reason};
use tonic::Code;

type Bend = fn(&Story, &[u8], &mut SendDocumentRequest);

const BENT: [(&str, Code, &str, Bend); 12] = [
    (
        "a body cut short",
        Code::InvalidArgument,
        "BODY_MISMATCH",
        |_, _, request| {
            request.body.pop();
        },
    ),
    (
        "a body with a flipped bit",
        Code::InvalidArgument,
        "SIGNATURE_INVALID",
        |_, _, request| {
            request.body[7] ^= 1;
        },
    ),
    (
        "a flipped signature",
        Code::InvalidArgument,
        "SIGNATURE_INVALID",
        |_, _, request| {
            request.slips[0].signature[3] ^= 1;
        },
    ),
    (
        "a signature of another length",
        Code::InvalidArgument,
        "FIELD_INVALID",
        |_, _, request| {
            request.slips[0].signature.pop();
        },
    ),
    (
        "a slip cut short",
        Code::InvalidArgument,
        "FIELD_INVALID",
        |_, _, request| {
            request.slips[0].slip.pop();
        },
    ),
    (
        "no recipients",
        Code::InvalidArgument,
        "FIELD_INVALID",
        |_, _, request| request.slips.clear(),
    ),
    (
        "one recipient twice",
        Code::InvalidArgument,
        "FIELD_INVALID",
        |_, _, request| {
            request.slips.push(request.slips[0].clone());
        },
    ),
    (
        "a header cut short",
        Code::InvalidArgument,
        "FIELD_INVALID",
        |_, _, request| {
            request.header.pop();
        },
    ),
    (
        "nobody acts",
        Code::InvalidArgument,
        "ACTING_STATEMENT_INVALID",
        |_, _, request| {
            request.acting = None;
        },
    ),
    (
        "acting in another call",
        Code::InvalidArgument,
        "ACTING_STATEMENT_INVALID",
        |story, id, request| {
            request.acting = Some(story.social.acting(method::FETCH, id));
        },
    ),
    (
        "acting for another request",
        Code::InvalidArgument,
        "ACTING_STATEMENT_INVALID",
        |story, _, request| {
            request.acting = Some(story.social.acting(method::SEND, &new_id()));
        },
    ),
    (
        "acting six minutes ago",
        Code::InvalidArgument,
        "ACTING_STATEMENT_INVALID",
        |story, id, request| {
            let then = now_us() - 6 * 60 * 1_000_000;
            request.acting = Some(story.social.acting_at(method::SEND, id, then));
        },
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_bent_is_refused_by_its_name_and_what_is_straight_passes() {
    let (story, _) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let letter = Letter {
        kind: Kind::Note,
        categories: &[Category::SchoolSituation],
        subjects: std::slice::from_ref(&story.child),
        basis: Basis::Consent,
        text: "Anteckning",
        to: &to,
    };
    let id = new_id();
    let envelope = story.social.seal_as(id.clone(), &letter).await;
    for (what, code, why, bend) in BENT {
        let mut request = story.social.sending(&id, envelope.clone());
        bend(&story, &id, &mut request);
        let error = story.social.exchange().send_document(request).await.unwrap_err();
        assert_eq!(
            (error.code(), reason(&error).as_str()),
            (code, why),
            "{what}: {error}"
        );
    }
    // Nothing of it used the id up.
    story
        .social
        .exchange()
        .send_document(story.social.sending(&id, envelope.clone()))
        .await
        .unwrap();

    // Another unit cannot send it as its own, and a replaced key is told apart from a wrong one.
    let stolen = story.pupil_health.sending(&id, envelope);
    let error = story
        .pupil_health
        .exchange()
        .send_document(stolen)
        .await
        .unwrap_err();
    assert_eq!(reason(&error), "SENDER_MISMATCH");
    let stale = story.social.seal_as(new_id(), &letter).await;
    let newer = story.hub.party("child-psychiatry");
    newer.register_key(story.organisation("region-exempel")).await;
    let fresh_id = stale_id(&stale.header);
    let error = story
        .social
        .exchange()
        .send_document(story.social.sending(&fresh_id, stale))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), reason(&error).as_str()),
        (Code::FailedPrecondition, "KEY_STALE")
    );
}

fn stale_id(header: &[u8]) -> Vec<u8> {
    let header = samrum_proto::canonical::Raw::<samrum_proto::envelope::Header>::parse(header).unwrap();
    header.value().document.as_bytes().to_vec()
}
