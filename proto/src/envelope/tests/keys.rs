//! Key material that must be refused, and what must never be printed.

use ring::signature::{ED25519, UnparsedPublicKey};

use super::super::*;
use super::scene::{Scene, Seeded};
use crate::canonical::Malformed;

#[test]
fn private_keys_of_another_length_or_all_zero_are_refused() {
    for length in [0, 31, 33, 64] {
        let refused = Some(KeyError::WrongLength { found: length });
        let bytes = vec![1; length];
        assert_eq!(SigningKeyPair::from_seed(&bytes).err(), refused);
        assert_eq!(SealingKeyPair::from_private_bytes(&bytes).err(), refused);
        assert_eq!(ContentKey::from_bytes(&bytes).err(), refused);
    }
    assert_eq!(SigningKeyPair::from_seed(&[0; 32]).err(), Some(KeyError::Empty));
    assert_eq!(
        SealingKeyPair::from_private_bytes(&[0; 32]).err(),
        Some(KeyError::Empty)
    );
    assert_eq!(ContentKey::from_bytes(&[0; 32]).err(), Some(KeyError::Empty));
}

#[test]
fn keys_survive_being_stored() {
    let sealing = SealingKeyPair::generate(&Seeded::new(1)).unwrap();
    let again = SealingKeyPair::from_private_bytes(sealing.expose_private_bytes().as_slice()).unwrap();
    assert_eq!(again.public_key(), sealing.public_key());
    let bytes = sealing.public_key().to_bytes();
    assert_eq!(
        SealingPublicKey::from_bytes(&bytes).as_ref(),
        Ok(sealing.public_key())
    );
    let signing = SigningKeyPair::generate(&Seeded::new(1)).unwrap();
    let again = SigningKeyPair::from_seed(signing.expose_seed()).unwrap();
    assert_eq!(again.verifying_key(), signing.verifying_key());
}

#[test]
fn sealing_public_keys_that_nobody_owns_are_refused() {
    let honest = SealingKeyPair::generate(&Seeded::new(1))
        .unwrap()
        .public_key()
        .to_bytes();
    for length in [0, 32, SEALING_PUBLIC_KEY_BYTES - 1, SEALING_PUBLIC_KEY_BYTES + 1] {
        let refused = SealingPublicKey::from_bytes(&vec![1; length]);
        let expected = SEALING_PUBLIC_KEY_BYTES;
        let field = "sealing_public_key";
        assert_eq!(
            refused,
            Err(Malformed::WrongLength {
                field,
                expected,
                found: length
            })
        );
    }
    let unusable = Err(Malformed::UnusableKey {
        field: "sealing_public_key",
    });
    assert_eq!(
        SealingPublicKey::from_bytes(&[0; SEALING_PUBLIC_KEY_BYTES]),
        unusable
    );
    let mut without_lattice = honest.clone();
    without_lattice[..SEALING_PUBLIC_KEY_BYTES - 32].fill(0);
    assert_eq!(SealingPublicKey::from_bytes(&without_lattice), unusable);
    let mut without_curve = honest.clone();
    without_curve[SEALING_PUBLIC_KEY_BYTES - 32..].fill(0);
    assert_eq!(SealingPublicKey::from_bytes(&without_curve), unusable);
    // Coefficients of ML-KEM must be below its modulus (FIPS 203 §7.2).
    let mut unreduced = honest;
    unreduced[..3].fill(0xff);
    assert_eq!(SealingPublicKey::from_bytes(&unreduced), unusable);
}

#[test]
fn unknown_suites_are_refused() {
    assert_eq!(Suite::from_number(Suite::XWing.number()), Ok(Suite::XWing));
    for number in [0, 2, u16::MAX] {
        let unknown = Malformed::UnknownNumber {
            field: "suite",
            number: u64::from(number),
        };
        assert_eq!(Suite::from_number(number), Err(unknown));
    }
}

/// A signature that holds for every message under a key of order 1, and for one message in eight under a key of
/// order 8: R is the neutral point, S is zero.
fn universal_signature() -> [u8; 64] {
    let mut signature = [0; 64];
    signature[0] = 1;
    signature
}

#[test]
fn keys_of_small_order_are_refused_because_anybody_can_sign_under_them() {
    let points = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for point in points {
        let point: [u8; 32] = hex::decode(point).unwrap().try_into().unwrap();
        let forged = (0..64_u8).any(|message| {
            UnparsedPublicKey::new(&ED25519, point)
                .verify(&[message], &universal_signature())
                .is_ok()
        });
        assert!(
            forged,
            "the library accepts forgeries under this key: that is why it is refused"
        );
        let mut mirrored = point;
        mirrored[31] |= 0x80;
        for key in [point, mirrored] {
            let refused = Err(Malformed::UnusableKey {
                field: "signing_public_key",
            });
            assert_eq!(VerifyingKey::from_bytes(key), refused);
        }
    }
    // The two encodings of y = 0 and y = 1 that are not reduced.
    for first in [0xed, 0xee] {
        let mut key = [0xff; 32];
        (key[0], key[31]) = (first, 0x7f);
        assert!(VerifyingKey::from_bytes(key).is_err());
    }
    let honest = SigningKeyPair::from_seed(&[1; 32]).unwrap().verifying_key();
    assert_eq!(VerifyingKey::from_bytes(*honest.as_bytes()), Ok(honest));
}

#[test]
fn nothing_secret_is_printed() {
    let scene = Scene::new(b"canary text");
    let opened = scene.open_as(&scene.school).unwrap();
    let content_key = ContentKey::from_bytes(&[0xab; 32]).unwrap();
    let sealing = SealingKeyPair::from_private_bytes(&[0xab; 32]).unwrap();
    let signing = SigningKeyPair::from_seed(&[0xab; 32]).unwrap();
    let printed = format!(
        "{content_key:?} {sealing:?} {signing:?} {opened:?} {:?} {:?}",
        scene.envelope,
        OwnKey {
            key_pair: &sealing,
            ..scene.school.own()
        },
    );
    for secret in ["abababab", "171, 171", "canary", "99, 97, 110"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[test]
fn a_commitment_depends_on_key_and_document() {
    use samrum_consent::id::DocumentId;
    let (one, two) = (DocumentId::from_bytes([1; 16]), DocumentId::from_bytes([2; 16]));
    let key = ContentKey::from_bytes(&[5; 32]).unwrap();
    let other = ContentKey::from_bytes(&[6; 32]).unwrap();
    assert_eq!(key.commitment(one), key.commitment(one));
    assert_ne!(key.commitment(one), key.commitment(two));
    assert_ne!(key.commitment(one), other.commitment(one));
}

#[test]
fn signatures_are_those_of_rfc_8032() {
    let published = include_str!("../../../tests/vectors/rfc8032.txt");
    for case in published.split("\n[").skip(1) {
        let value = |name| {
            let line = case.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            hex::decode(line.trim_start_matches(" =").trim()).unwrap()
        };
        let keys = SigningKeyPair::from_seed(&value("seed")).unwrap();
        assert_eq!(
            keys.verifying_key().as_bytes().as_slice(),
            value("public_key"),
            "{case}"
        );
        let (message, signature) = (value("message"), value("signature"));
        assert_eq!(
            keys.sign_bytes(&message).as_bytes().as_slice(),
            signature,
            "{case}"
        );
        assert_eq!(
            keys.verifying_key().verify_bytes(&message, &signature),
            Ok(()),
            "{case}"
        );
    }
}
