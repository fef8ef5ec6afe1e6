//! Tests of the envelope as a whole: who can open what, and what every alteration is answered with.

mod decoding;
mod keys;
mod scene;
mod streaming;
mod tampering;

use samrum_consent::vocabulary::Basis;

use super::*;
use crate::canonical::{Canonical, Malformed, Raw};
use crate::statement::KeyId;
use scene::{Scene, Seeded, draft, unit};

#[test]
fn every_recipient_opens_the_text_and_the_hub_verifies_without_a_key() {
    let scene = Scene::new(b"welcome to a meeting");
    for recipient in [&scene.school, &scene.clinic] {
        let opened = scene.open_as(recipient).unwrap();
        assert_eq!(opened.plaintext.as_slice(), b"welcome to a meeting");
        assert_eq!(opened.header.value().sender, scene.sender.unit);
        assert_eq!(opened.slip.value().basis, Basis::Consent);
    }
    let verified = scene.verify().unwrap();
    assert_eq!(verified.header().bytes(), scene.envelope.header);
    assert_eq!(verified.root(), content_root(&scene.envelope.body));
    let recipients: Vec<_> = verified
        .slips()
        .iter()
        .map(|slip| slip.slip().value().recipient)
        .collect();
    assert_eq!(recipients, [scene.school.unit, scene.clinic.unit]);
}

#[test]
fn the_sealed_body_does_not_hold_the_text() {
    let scene = Scene::new(b"welcome to a meeting");
    let parts = [
        &scene.envelope.header,
        &scene.envelope.body,
        &scene.envelope.slips[0].bytes,
    ];
    for part in parts {
        assert!(
            !part
                .windows(7)
                .any(|window| window == b"welcome" || window == b"meeting")
        );
    }
}

#[test]
fn another_units_slip_is_not_opened() {
    let scene = Scene::new(b"text");
    let slip = &scene.envelope.slips[1];
    let other = scene.school.own();
    assert_eq!(
        scene.open_with(slip, &other).unwrap_err(),
        OpenError::NotAddressed {
            recipient: scene.clinic.unit
        }
    );
    // Pretending to be the addressee does not help without its key.
    let pretended = OwnKey {
        unit: scene.clinic.unit,
        key_id: scene.clinic.key_id,
        ..other
    };
    assert_eq!(scene.open_with(slip, &pretended).unwrap_err(), OpenError::Unwrap);
    let old_key = OwnKey {
        key_id: KeyId::from_bytes([9; 32]),
        ..scene.clinic.own()
    };
    assert_eq!(scene.open_with(slip, &old_key).unwrap_err(), OpenError::OtherKey);
}

#[test]
fn another_senders_key_or_name_is_refused() {
    let mut scene = Scene::new(b"text");
    let other = SigningKeyPair::from_seed(&[77; 32]).unwrap();
    let honest = scene.sender;
    scene.sender.verifying_key = other.verifying_key();
    let invalid = VerifyError::SignatureInvalid {
        recipient: scene.school.unit,
    };
    assert_eq!(scene.verify().unwrap_err(), invalid);
    assert_eq!(
        scene.open_as(&scene.school).unwrap_err(),
        OpenError::Verify(invalid)
    );
    scene.sender = SenderKey {
        unit: unit(9),
        ..honest
    };
    assert_eq!(scene.verify().unwrap_err(), VerifyError::SenderMismatch);
    assert_eq!(
        scene.open_as(&scene.school).unwrap_err(),
        VerifyError::SenderMismatch.into()
    );
}

#[test]
fn two_recipients_cannot_be_given_two_keys() {
    let scene = Scene::new(b"text");
    // A dishonest sender signs properly but wraps another content key for the clinic.
    let content = SealedContent {
        header: Raw::parse(scene.envelope.header.as_slice()).unwrap(),
        root: content_root(&scene.envelope.body),
        content_key: ContentKey::from_bytes(&[5; 32]).unwrap(),
    };
    let slip = sign_slip(
        &content,
        &scene.clinic.recipient(),
        &scene.signing,
        &Seeded::new(4),
    )
    .unwrap();
    assert_eq!(
        scene.open_with(&slip, &scene.clinic.own()).unwrap_err(),
        OpenError::KeyCommitment
    );
    let parsed = Raw::<Slip>::parse(slip.bytes).unwrap();
    let unwrapped = unwrap_content_key(&content.header, &parsed, &scene.clinic.own());
    assert_eq!(unwrapped.map(|_| ()), Err(OpenError::KeyCommitment));
    assert!(Opener::start(&content.header, &content.content_key).is_err());
    assert!(Opener::start(&content.header, &scene.content_key).is_ok());
}

#[test]
fn a_wrapped_key_moved_to_another_document_does_not_open() {
    let first = Scene::new(b"first");
    let second = Scene::seeded(b"other", 50);
    // Signed by the sender itself, with the key that was wrapped under the first header.
    let header = Raw::<Header>::parse(second.envelope.header.as_slice()).unwrap();
    let slip = Raw::<Slip>::parse(first.envelope.slips[0].bytes.as_slice()).unwrap();
    let signed = second.resign(&header, content_root(&second.envelope.body), &slip);
    assert_eq!(
        second.open_with(&signed, &second.school.own()).unwrap_err(),
        OpenError::Unwrap
    );
}

#[test]
fn a_stale_key_needs_a_new_slip_and_nothing_else() {
    let mut scene = Scene::new(b"text");
    let before = scene.envelope.clone();
    let new_key = SealingKeyPair::generate(&Seeded::new(90)).unwrap();
    let rotated = Recipient {
        key_id: KeyId::from_bytes([8; 32]),
        public_key: new_key.public_key().clone(),
        ..scene.clinic.recipient()
    };
    let (key, signing) = (scene.content_key.clone(), &scene.signing);
    scene
        .envelope
        .rewrap(&key, &rotated, signing, &Seeded::new(5))
        .unwrap();
    assert_eq!(
        (&scene.envelope.header, &scene.envelope.body),
        (&before.header, &before.body)
    );
    assert_eq!(scene.envelope.slips[0], before.slips[0]);
    assert_ne!(scene.envelope.slips[1], before.slips[1]);
    scene.verify().unwrap();
    let own = OwnKey {
        unit: scene.clinic.unit,
        key_id: rotated.key_id,
        key_pair: &new_key,
    };
    assert_eq!(
        scene
            .open_with(&scene.envelope.slips[1], &own)
            .unwrap()
            .plaintext
            .as_slice(),
        b"text"
    );
    assert_eq!(
        scene
            .open_with(&scene.envelope.slips[1], &scene.clinic.own())
            .unwrap_err(),
        OpenError::OtherKey
    );
}

#[test]
fn rewrapping_refuses_strangers_and_other_documents_keys() {
    let mut scene = Scene::new(b"text");
    let stranger = Recipient {
        unit: unit(9),
        ..scene.clinic.recipient()
    };
    let (key, clinic) = (scene.content_key.clone(), scene.clinic.recipient());
    let before = scene.envelope.clone();
    assert_eq!(
        scene
            .envelope
            .rewrap(&key, &stranger, &scene.signing, &Seeded::new(5)),
        Err(SealError::NotARecipient { unit: unit(9) })
    );
    let other = ContentKey::from_bytes(&[5; 32]).unwrap();
    assert_eq!(
        scene
            .envelope
            .rewrap(&other, &clinic, &scene.signing, &Seeded::new(5)),
        Err(SealError::ContentKeyMismatch)
    );
    assert_eq!(scene.envelope, before);
}

#[test]
fn recipients_are_one_to_so_many_and_distinct() {
    let scene = Scene::new(b"text");
    let sealed = |recipients: &[Recipient], text: &[u8]| {
        seal(draft(), text, recipients, &scene.signing, &Seeded::new(6))
            .map(|_| ())
            .unwrap_err()
    };
    let school = scene.school.recipient();
    assert_eq!(sealed(&[], b""), SealError::NoRecipients);
    assert_eq!(
        sealed(&[school.clone(), school.clone()], b""),
        SealError::DuplicateRecipient {
            unit: scene.school.unit
        }
    );
    let crowd = vec![school.clone(); MAX_RECIPIENTS + 1];
    assert_eq!(
        sealed(&crowd, b""),
        SealError::TooManyRecipients { most: MAX_RECIPIENTS }
    );
    let long = vec![0; MAX_INLINE_BODY + 1];
    assert_eq!(
        sealed(&[school], &long),
        SealError::BodyTooLong {
            most: MAX_INLINE_BODY,
            found: MAX_INLINE_BODY + 1
        }
    );
}

#[test]
fn the_hub_refuses_no_slips_too_many_and_two_for_one_unit() {
    let mut scene = Scene::new(b"text");
    let slips = std::mem::take(&mut scene.envelope.slips);
    assert_eq!(scene.verify().unwrap_err(), VerifyError::NoRecipients);
    scene.envelope.slips = vec![slips[0].clone(), slips[0].clone()];
    assert_eq!(
        scene.verify().unwrap_err(),
        VerifyError::DuplicateRecipient {
            unit: scene.school.unit
        }
    );
    scene.envelope.slips = vec![slips[0].clone(); MAX_RECIPIENTS + 1];
    assert_eq!(
        scene.verify().unwrap_err(),
        VerifyError::TooManyRecipients { most: MAX_RECIPIENTS }
    );
}

#[test]
fn a_body_beyond_the_inline_limit_is_refused_by_its_header() {
    let scene = Scene::new(b"text");
    let length = BodyLength::from_plaintext(MAX_INLINE_BODY as u64 + 1).unwrap();
    let mut header = Header::decode(&scene.envelope.header).unwrap();
    header.body_length = length;
    let header = header.encode().unwrap();
    let refused = VerifyError::BodyTooLong {
        most: MAX_INLINE_BODY,
        found: MAX_INLINE_BODY as u64 + 1,
    };
    let (slips, sender) = (&scene.envelope.slips, &scene.sender);
    assert_eq!(
        verify_envelope(&header, &scene.envelope.body, slips, sender).unwrap_err(),
        refused
    );
}

#[test]
fn the_longest_inline_body_and_the_empty_one_pass() {
    for text in [vec![], vec![7; MAX_INLINE_BODY]] {
        let scene = Scene::new(&text);
        scene.verify().unwrap();
        assert_eq!(scene.open_as(&scene.school).unwrap().plaintext.as_slice(), text);
    }
}

#[test]
fn only_duties_may_be_about_nobody_registered() {
    use samrum_consent::vocabulary::Kind;
    let scene = Scene::new(b"text");
    let about_nobody = |kind| {
        let draft = Draft {
            kind,
            subjects: [].into(),
            ..draft()
        };
        seal(
            draft,
            b"text",
            &[scene.school.recipient()],
            &scene.signing,
            &Seeded::new(7),
        )
        .map(|_| ())
    };
    assert_eq!(about_nobody(Kind::ConcernReport), Ok(()));
    let missing = SealError::Malformed(Malformed::TooShort {
        field: "subjects",
        least: 1,
    });
    assert_eq!(about_nobody(Kind::Note), Err(missing));
}

#[test]
fn without_randomness_nothing_is_sealed() {
    struct Dry;
    impl Randomness for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), RandomnessUnavailable> {
            Err(RandomnessUnavailable)
        }
    }
    let scene = Scene::new(b"text");
    let sealed = seal(
        draft(),
        b"text",
        &[scene.school.recipient()],
        &scene.signing,
        &Dry,
    );
    assert_eq!(
        sealed.map(|_| ()),
        Err(SealError::Randomness(RandomnessUnavailable))
    );
    let header = Raw::parse(scene.envelope.header.as_slice()).unwrap();
    let content = SealedContent {
        header,
        root: content_root(&scene.envelope.body),
        content_key: scene.content_key.clone(),
    };
    let slip = sign_slip(&content, &scene.school.recipient(), &scene.signing, &Dry);
    assert_eq!(slip, Err(SealError::Randomness(RandomnessUnavailable)));
    assert_eq!(
        SigningKeyPair::generate(&Dry).map(|_| ()),
        Err(KeyError::Randomness(RandomnessUnavailable))
    );
    assert_eq!(
        SealingKeyPair::generate(&Dry).map(|_| ()),
        Err(KeyError::Randomness(RandomnessUnavailable))
    );
}

#[test]
fn a_slips_key_id_stands_where_stores_look_for_it() {
    let scene = Scene::new(b"text");
    let (slip, clinic) = (&scene.envelope.slips[1].bytes, scene.clinic.recipient());
    let found = &slip[Slip::KEY_ID_AT..][..clinic.key_id.as_bytes().len()];
    assert_eq!(found, clinic.key_id.as_bytes());
}

#[test]
fn sealing_the_same_text_twice_repeats_nothing() {
    let first = Scene::new(b"text");
    let second = Scene::seeded(b"text", 50);
    assert_ne!(first.envelope.body, second.envelope.body);
    assert_ne!(first.envelope.slips[0].bytes, second.envelope.slips[0].bytes);
}
