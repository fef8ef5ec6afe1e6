//! The product's own client when keys change under it: what waits in its outbox is sealed and signed anew under the
//! same id, and only after the hub has said that it must; nothing is lost, and people are told what to do.

use std::collections::BTreeSet;

use samrum_client::client::{Outgoing, RetryOutcome};
use samrum_client::error::{Error, Local, Misused};
use samrum_client::keyring::KeyringError;
use samrum_client::outbox::Waiting;
use samrum_client::storage::LocalDisk;
use samrum_client::view::{Content, OpenedDocument};
use samrum_consent::id::{ConsentId, DeliveryId, DocumentId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::document;
use samrum_proto::envelope::{Draft, Recipient, SealedEnvelope, SigningKeyPair, seal};
use samrum_proto::statement::KeyId;
use samrum_proto::wire::document::v1::{Document, Text, document::Content as Wire};
use samrum_tests::{Desk, Story, new_id, now_us};

const TEXT: &str = "Anteckning efter mötet";

/// Social services and child psychiatry at their desks, with a consent between them.
struct Desks {
    story: Story,
    municipality: SigningKeyPair,
    region: SigningKeyPair,
    social: Desk,
    psychiatry: Desk,
}

impl Desks {
    async fn prepare() -> Self {
        let (story, _) = Story::with_consent().await;
        let municipality = story.organisation_key("exempelby");
        let region = story.organisation_key("region-exempel");
        let social = Desk::of(&story.hub, "social-services");
        let psychiatry = Desk::of(&story.hub, "child-psychiatry");
        social.renew_keys(&municipality).await;
        psychiatry.renew_keys(&region).await;
        Self {
            story,
            municipality,
            region,
            social,
            psychiatry,
        }
    }

    fn note(&self) -> Outgoing {
        Outgoing {
            kind: Kind::Note,
            individuals: BTreeSet::from([self.story.child]),
            categories: BTreeSet::from([Category::SchoolSituation]),
            purpose: Purpose::Sip,
            recipients: vec![self.story.psychiatry.id()],
            basis: Basis::Consent,
            in_reply_to: None,
            document: text(),
        }
    }

    /// A note that social services sealed, and that the hub has not been asked about yet.
    async fn wait(&self) -> (DocumentId, SealedEnvelope) {
        let client = &self.social.client;
        let note = self.note();
        let unit = self.story.psychiatry.id();
        let trusted = client.trusted_keys(unit).await.unwrap();
        let current = trusted.current().unwrap();
        let recipient = Recipient {
            unit,
            key_id: current.key_id(),
            public_key: current.value().sealing_public_key.clone(),
            basis: note.basis,
        };
        let document = DocumentId::try_from(new_id().as_slice()).unwrap();
        let draft = Draft {
            document,
            sender: client.profile().unit().unwrap(),
            kind: note.kind,
            categories: note.categories,
            subjects: note.individuals,
            purpose: note.purpose,
            created_at_us: now_us(),
            in_reply_to: None,
        };
        let plaintext = document::encode(Kind::Note, &note.document).unwrap();
        let signing = client.keyring().in_force().unwrap().signing;
        let random = ring::rand::SystemRandom::new();
        let (envelope, content_key) = seal(draft, &plaintext, &[recipient], &signing, &random).unwrap();
        let waiting = Waiting {
            document,
            envelope: envelope.clone(),
            content_key,
        };
        keep(&self.social, &waiting);
        (document, envelope)
    }

    async fn retry(&self) -> RetryOutcome {
        let mut outcomes = self.social.client.retry().await.unwrap();
        assert_eq!(outcomes.len(), 1);
        outcomes.remove(0)
    }

    async fn open(&self, delivery: DeliveryId) -> OpenedDocument {
        let opened = self.psychiatry.client.open(delivery).await.unwrap();
        let document = opened.document.clone().unwrap();
        assert!(matches!(&document.content, Content::Text(text) if text == TEXT));
        document
    }
}

fn keep(desk: &Desk, waiting: &Waiting) {
    let outbox = desk.client.outbox();
    let claim = outbox.claim(waiting.document).unwrap().unwrap();
    outbox.keep(&LocalDisk, &claim, waiting).unwrap();
}

fn text() -> Document {
    let text = Text {
        text: TEXT.to_owned(),
    };
    Document {
        title: String::new(),
        content: Some(Wire::Text(text)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_keys_says_a_no_where_its_unit_has_none_in_force_and_only_there() {
    let (story, consent) = Story::with_consent().await;
    let consent = ConsentId::try_from(consent.as_slice()).unwrap();
    let desk = Desk::of(&story.hub, "social-services");
    // Whoever has a key is named by it: here the keys lie elsewhere.
    let refused = desk.client.revoke_consent(consent).await.unwrap_err();
    let Error::Answered(answered) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        answered.reason.as_deref(),
        Some("ACTING_STATEMENT_INVALID"),
        "{refused:?}"
    );

    let newest = story.social.keys_as_seen_by(&story.operator).await.remove(0);
    let key = KeyId::from_bytes(newest.key_id.try_into().unwrap());
    let report = story.social.reporting(key, story.organisation("exempelby"));
    story
        .social
        .directory()
        .report_compromised_key(report)
        .await
        .unwrap();
    let (revoked, _) = desk.client.revoke_consent(consent).await.unwrap();
    assert_eq!(revoked.state, "REVOKED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipients_newer_key_is_sealed_to_under_the_same_id() {
    let desks = Desks::prepare().await;
    let (document, _) = desks.wait().await;
    desks.psychiatry.renew_keys(&desks.region).await;
    let outcome = desks.retry().await;
    let sent = outcome.outcome.unwrap();
    assert_eq!((sent.document_id, outcome.waits), (document, false));
    assert_eq!(sent.wrapped_anew, [desks.story.psychiatry.id()]);
    assert!(!sent.signed_anew);
    desks.open(sent.deliveries[0].delivery_id).await;

    // Where no key changed, the bytes go as they are.
    desks.wait().await;
    let sent = desks.retry().await.outcome.unwrap();
    assert!(sent.wrapped_anew.is_empty() && !sent.signed_anew);
    desks.open(sent.deliveries[0].delivery_id).await;
    assert!(desks.social.client.outbox().waiting().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_its_own_that_was_replaced_costs_no_document() {
    let desks = Desks::prepare().await;
    desks.wait().await;
    desks.social.renew_keys(&desks.municipality).await;
    let sent = desks.retry().await.outcome.unwrap();
    assert!(sent.signed_anew && sent.wrapped_anew.is_empty());
    assert!(
        !desks
            .open(sent.deliveries[0].delivery_id)
            .await
            .sender_key_compromised
    );

    // Both ends at once.
    desks.wait().await;
    desks.social.renew_keys(&desks.municipality).await;
    desks.psychiatry.renew_keys(&desks.region).await;
    let sent = desks.retry().await.outcome.unwrap();
    assert!(sent.signed_anew);
    assert_eq!(sent.wrapped_anew, [desks.story.psychiatry.id()]);
    desks.open(sent.deliveries[0].delivery_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_whose_keys_were_replaced_elsewhere_is_told_what_to_do() {
    let desks = Desks::prepare().await;
    let (document, envelope) = desks.wait().await;
    desks.social.elsewhere().renew_keys(&desks.municipality).await;
    let outcome = desks.retry().await;
    let error = outcome.outcome.unwrap_err();
    assert!(
        matches!(
            &error,
            Error::Local(Local::Keyring(KeyringError::Replaced { .. }))
        ),
        "{error}"
    );
    assert!(outcome.waits, "nothing is lost");
    let kept = desks.social.client.outbox().find(document).unwrap().unwrap();
    assert_eq!(kept.envelope, envelope, "and nothing is changed");

    desks.social.renew_keys(&desks.municipality).await;
    let sent = desks.retry().await.outcome.unwrap();
    desks.open(sent.deliveries[0].delivery_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_with_the_same_bytes_whatever_happened_to_keys() {
    let desks = Desks::prepare().await;
    let (document, _) = desks.wait().await;
    let waiting = desks.social.client.outbox().find(document).unwrap().unwrap();
    let first = desks.retry().await.outcome.unwrap();
    // The answer was lost: the document still waits, and both ends have other keys by now.
    keep(&desks.social, &waiting);
    desks.social.renew_keys(&desks.municipality).await;
    desks.psychiatry.renew_keys(&desks.region).await;
    let again = desks.retry().await.outcome.unwrap();
    assert_eq!(again, first, "the stored answer, and nothing sealed anew");
    desks.open(again.deliveries[0].delivery_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_without_a_key_keeps_the_document_waiting_until_it_has_one() {
    let desks = Desks::prepare().await;
    desks.wait().await;
    let psychiatry = desks.psychiatry.client.profile().unit().unwrap();
    let stolen = desks.psychiatry.client.keyring().in_force().unwrap().key_id();
    let reported = desks
        .psychiatry
        .client
        .report_compromised_key(psychiatry, stolen, None, &desks.region)
        .await
        .unwrap();
    assert!(reported.was_in_force && !reported.already);

    let outcome = desks.retry().await;
    assert!(outcome.outcome.unwrap_err().has_reason("KEY_NOT_IN_FORCE") && outcome.waits);
    let refused = desks.social.client.send(desks.note()).await.unwrap_err();
    assert!(
        matches!(&refused, Error::Misused(Misused::KeyNotInForce { unit }) if *unit == psychiatry),
        "{refused}"
    );
    assert_eq!(
        desks.social.client.outbox().waiting().unwrap().len(),
        1,
        "nothing new waits"
    );

    desks.psychiatry.renew_keys(&desks.region).await;
    let sent = desks.retry().await.outcome.unwrap();
    assert_eq!(sent.wrapped_anew, [psychiatry]);
    desks.open(sent.deliveries[0].delivery_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_that_the_senders_key_was_reported_since() {
    let desks = Desks::prepare().await;
    let (client, unit) = (&desks.social.client, desks.story.social.id());
    let sent = client.send(desks.note()).await.unwrap();
    let delivery = sent.deliveries[0].delivery_id;
    assert!(!desks.open(delivery).await.sender_key_compromised);

    let signed_by = client.keyring().in_force().unwrap().key_id();
    for already in [false, true] {
        let reported = client
            .report_compromised_key(unit, signed_by, None, &desks.municipality)
            .await
            .unwrap();
        assert_eq!((reported.already, reported.was_in_force), (already, !already));
    }
    // It was taken while the key was in force: released and shown, with a warning.
    assert!(desks.open(delivery).await.sender_key_compromised);
    desks.social.renew_keys(&desks.municipality).await;
    let sent = client.send(desks.note()).await.unwrap();
    assert!(
        !desks
            .open(sent.deliveries[0].delivery_id)
            .await
            .sender_key_compromised
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_needs_the_organisations_key_and_a_key_of_the_unit() {
    let desks = Desks::prepare().await;
    let (client, unit) = (&desks.social.client, desks.story.social.id());
    let own = client.keyring().in_force().unwrap().key_id();
    let report = |key_id, organisation| client.report_compromised_key(unit, key_id, None, organisation);
    let foreign = report(own, &desks.region).await.unwrap_err();
    assert!(matches!(foreign, Error::Misused(Misused::OrganisationKeyDiffers)));
    let unknown = KeyId::from_bytes([9; 32]);
    let never = report(unknown, &desks.municipality).await.unwrap_err();
    assert!(matches!(never, Error::Misused(Misused::KeyUnknown { key_id }) if key_id == unknown));
    let keys = client.keys(unit).await.unwrap().keys;
    assert!(keys.iter().all(|key| key.state != "COMPROMISED"));
    // Nothing was asked of the hub: the key still sends.
    client.send(desks.note()).await.unwrap();
}
