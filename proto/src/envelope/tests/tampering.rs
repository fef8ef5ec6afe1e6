//! Every byte altered, everywhere: the hub and the recipient refuse each.

use super::super::*;
use super::scene::Scene;
use crate::canonical::Raw;

/// Masks that alter the lowest bit, the highest bit, and all of them.
const MASKS: [u8; 3] = [0x01, 0x80, 0xff];

/// Alters every byte in every way and asks that both sides refuse.
fn each_byte_refused(part: fn(&mut Scene) -> &mut [u8]) {
    let mut scene = Scene::new(b"a text of some length");
    let length = part(&mut scene).len();
    for index in 0..length {
        for mask in MASKS {
            part(&mut scene)[index] ^= mask;
            assert!(
                scene.verify().is_err(),
                "hub accepts byte {index} altered by {mask:#x}"
            );
            assert!(
                scene.open_as(&scene.school).is_err(),
                "recipient accepts byte {index} by {mask:#x}"
            );
            part(&mut scene)[index] ^= mask;
        }
    }
    scene.verify().unwrap();
    scene.open_as(&scene.school).unwrap();
}

#[test]
fn each_byte_of_the_header() {
    each_byte_refused(|scene| &mut scene.envelope.header);
}

#[test]
fn each_byte_of_the_slip() {
    each_byte_refused(|scene| &mut scene.envelope.slips[0].bytes);
}

#[test]
fn each_byte_of_the_body() {
    each_byte_refused(|scene| &mut scene.envelope.body);
}

#[test]
fn each_byte_of_the_signature() {
    let scene = Scene::new(b"a text of some length");
    let slip = &scene.envelope.slips[0];
    for index in 0..64 {
        for mask in MASKS {
            let mut signature = *slip.signature.as_bytes();
            signature[index] ^= mask;
            let altered = SignedSlip {
                signature: Signature::from_bytes(signature),
                ..slip.clone()
            };
            let invalid = VerifyError::SignatureInvalid {
                recipient: scene.school.unit,
            };
            let (header, body) = (&scene.envelope.header, &scene.envelope.body);
            assert_eq!(
                verify_envelope(header, body, std::slice::from_ref(&altered), &scene.sender).unwrap_err(),
                invalid
            );
            assert_eq!(
                scene.open_with(&altered, &scene.school.own()).unwrap_err(),
                invalid.into()
            );
        }
    }
}

#[test]
fn every_shortening_and_lengthening_of_each_part() {
    let scene = Scene::new(b"text");
    let SealedEnvelope { header, body, slips } = &scene.envelope;
    let longer = |bytes: &[u8]| [bytes, &[0]].concat();
    let verify = |header: &[u8], body: &[u8], slip: &[u8]| {
        let slip = SignedSlip {
            bytes: slip.to_vec(),
            signature: slips[0].signature,
        };
        let verified = verify_envelope(header, body, std::slice::from_ref(&slip), &scene.sender);
        let opened = open(header, &slip, body, &scene.sender, &scene.school.own());
        verified.is_ok() || opened.is_ok()
    };
    assert!(verify(header, body, &slips[0].bytes), "unaltered");
    for end in 0..header.len() {
        assert!(
            !verify(&header[..end], body, &slips[0].bytes),
            "header cut to {end}"
        );
    }
    for end in 0..body.len() {
        assert!(
            !verify(header, &body[..end], &slips[0].bytes),
            "body cut to {end}"
        );
    }
    for end in 0..slips[0].bytes.len() {
        assert!(!verify(header, body, &slips[0].bytes[..end]), "slip cut to {end}");
    }
    assert!(!verify(&longer(header), body, &slips[0].bytes));
    assert!(!verify(header, &longer(body), &slips[0].bytes));
    assert!(!verify(header, body, &longer(&slips[0].bytes)));
}

#[test]
fn signatures_and_slips_do_not_mix() {
    let mut scene = Scene::new(b"text");
    let (school, clinic) = (
        scene.envelope.slips[0].signature,
        scene.envelope.slips[1].signature,
    );
    scene.envelope.slips[0].signature = clinic;
    assert_eq!(
        scene.verify().unwrap_err(),
        VerifyError::SignatureInvalid {
            recipient: scene.school.unit
        }
    );
    scene.envelope.slips[0].signature = school;
    scene.envelope.slips[1].signature = school;
    assert_eq!(
        scene.verify().unwrap_err(),
        VerifyError::SignatureInvalid {
            recipient: scene.clinic.unit
        }
    );
}

#[test]
fn a_body_cut_short_says_so() {
    let mut scene = Scene::new(b"text");
    scene.envelope.body.pop();
    let mismatch = VerifyError::BodyMismatch {
        announced: 20,
        found: 19,
    };
    assert_eq!(scene.verify().unwrap_err(), mismatch);
    assert_eq!(scene.open_as(&scene.school).unwrap_err(), mismatch.into());
}

#[test]
fn a_dishonest_sender_who_signs_altered_parts_is_found_out_when_they_are_opened() {
    let scene = Scene::new(b"a text of some length");
    let header = Raw::<Header>::parse(scene.envelope.header.as_slice()).unwrap();
    let slip = Raw::<Slip>::parse(scene.envelope.slips[0].bytes.as_slice()).unwrap();
    // A sample: unwrapping takes thousands of times longer than comparing a signature.
    for index in (0..WRAPPED_KEY_BYTES).step_by(97).chain([WRAPPED_KEY_BYTES - 1]) {
        let mut altered = slip.value().clone();
        altered.wrapped_key[index] ^= 1;
        let altered = Raw::new(altered).unwrap();
        let signed = scene.resign(&header, content_root(&scene.envelope.body), &altered);
        assert_eq!(
            scene.open_with(&signed, &scene.school.own()).unwrap_err(),
            OpenError::Unwrap,
            "{index}"
        );
    }
    let mut body = scene.envelope.body.clone();
    for index in 0..body.len() {
        body[index] ^= 1;
        let signed = scene.resign(&header, content_root(&body), &slip);
        let opened = open(header.bytes(), &signed, &body, &scene.sender, &scene.school.own());
        assert_eq!(opened.unwrap_err(), OpenError::Chunk { index: 0 }, "byte {index}");
        body[index] ^= 1;
    }
}
