//! Header and slip: one encoding per value, and decoding that takes any bytes without panicking.

use proptest::collection::btree_set;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use samrum_consent::id::{DocumentId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};

use super::super::*;
use super::scene::Scene;
use crate::canonical::{Canonical, MAX_TIME_US, Malformed, Raw};
use crate::statement::KeyId;

/// The same cases on every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(0x5341_4d52),
        failure_persistence: None,
        ..Default::default()
    }
}

fn header() -> impl Strategy<Value = Header> {
    let ids = any::<([u8; 16], [u8; 16], Option<[u8; 16]>)>();
    let words = (
        select(Kind::ALL),
        select(Purpose::ALL),
        btree_set(select(Category::ALL), 1..=12),
    );
    let subjects = btree_set(
        any::<[u8; 16]>().prop_map(IndividualId::from_bytes),
        1..=MAX_SUBJECTS,
    );
    let numbers = (0..=MAX_TIME_US, 0..=MAX_BODY, any::<[u8; 32]>());
    (ids, words, subjects, numbers).prop_map(|(ids, (kind, purpose, categories), subjects, numbers)| Header {
        document: DocumentId::from_bytes(ids.0),
        sender: UnitId::from_bytes(ids.1),
        kind,
        categories,
        subjects,
        purpose,
        created_at_us: numbers.0,
        in_reply_to: ids.2.map(DocumentId::from_bytes),
        body_length: BodyLength::from_plaintext(numbers.1).unwrap(),
        key_commitment: KeyCommitment::from_bytes(numbers.2),
    })
}

fn basis() -> impl Strategy<Value = Basis> {
    prop_oneof![
        Just(Basis::Consent),
        Just(Basis::Duty),
        ("[A-Z0-9-]{1,64}", "[a-zåäö .\n]{0,500}").prop_map(|(id, reason)| Basis::Provision { id, reason }),
    ]
}

fn slip() -> impl Strategy<Value = Slip> {
    let wrapped_key = proptest::collection::vec(any::<u8>(), WRAPPED_KEY_BYTES);
    (any::<([u8; 16], [u8; 32])>(), wrapped_key, basis()).prop_map(|(ids, wrapped_key, basis)| Slip {
        recipient: UnitId::from_bytes(ids.0),
        key_id: KeyId::from_bytes(ids.1),
        suite: Suite::XWing,
        wrapped_key,
        basis,
    })
}

/// Whatever decodes has exactly these bytes as its encoding.
fn decodes_canonically<T: Canonical>(bytes: &[u8]) {
    if let Ok(value) = T::decode(bytes) {
        assert_eq!(value.encode().as_deref(), Ok(bytes));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn headers_round_trip(header in header()) {
        prop_assert_eq!(Header::decode(&header.encode().unwrap()), Ok(header));
    }

    #[test]
    fn slips_round_trip(slip in slip()) {
        prop_assert_eq!(Slip::decode(&slip.encode().unwrap()), Ok(slip));
    }

    #[test]
    fn any_bytes_decode_canonically_or_not_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        decodes_canonically::<Header>(&bytes);
        decodes_canonically::<Slip>(&bytes);
        let opened = [&[1], bytes.as_slice()].concat();
        decodes_canonically::<Header>(&opened);
        decodes_canonically::<Slip>(&opened);
    }

    #[test]
    fn almost_right_bytes_decode_canonically_or_not_at_all(
        header in header(), slip in slip(), place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let altered = |mut bytes: Vec<u8>| { let place = place.index(bytes.len()); bytes[place] = byte; bytes };
        decodes_canonically::<Header>(&altered(header.encode().unwrap()));
        decodes_canonically::<Slip>(&altered(slip.encode().unwrap()));
    }
}

/// A valid header's bytes, and where each field's content begins.
fn example() -> Vec<u8> {
    Scene::new(b"text").envelope.header
}

#[test]
fn what_is_wrong_is_named() {
    let good = example();
    let altered = |index: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[index] = byte;
        Header::decode(&bytes).unwrap_err()
    };
    let unknown_version = Malformed::UnknownVersion {
        name: "header",
        expected: 1,
        found: 2,
    };
    assert_eq!(altered(0, 2), unknown_version);
    assert_eq!(
        altered(45, 0),
        Malformed::UnknownNumber {
            field: "kind",
            number: 0
        }
    );
    assert_eq!(
        Header::decode(&[]).unwrap_err(),
        Malformed::Truncated { field: "header" }
    );
    assert_eq!(
        Header::decode(&good[..20]).unwrap_err(),
        Malformed::Truncated { field: "document" }
    );
    let trailing = [good.as_slice(), &[0]].concat();
    assert_eq!(
        Header::decode(&trailing).unwrap_err(),
        Malformed::TrailingBytes {
            name: "header",
            count: 1
        }
    );
    let long = vec![1; MAX_HEADER_BYTES + 1];
    assert_eq!(
        Header::decode(&long).unwrap_err(),
        Malformed::TooLong {
            field: "header",
            most: MAX_HEADER_BYTES
        }
    );
}

#[test]
fn categories_out_of_order_repeated_unknown_or_none_are_refused() {
    let good = example();
    // Version, then document and sender with 20 bytes each, kind with 5, length and count of categories.
    let list = 1 + 20 + 20 + 5;
    assert_eq!(
        good[list..list + 8],
        [0, 0, 0, 14, 0, 0, 0, 2],
        "the list holds two categories"
    );
    let (first, second) = (list + 12, list + 17);
    let with = |changes: &[(usize, u8)]| {
        let mut bytes = good.clone();
        for (index, byte) in changes {
            bytes[*index] = *byte;
        }
        Header::decode(&bytes).unwrap_err()
    };
    let unordered = Malformed::NotAscending { field: "categories" };
    assert_eq!(with(&[(first, good[second]), (second, good[first])]), unordered);
    assert_eq!(with(&[(second, good[first])]), unordered);
    assert_eq!(
        with(&[(second, 200)]),
        Malformed::UnknownNumber {
            field: "categories",
            number: 200
        }
    );
    assert_eq!(
        with(&[(list + 7, 3)]),
        Malformed::Truncated { field: "categories" }
    );
    assert_eq!(
        with(&[(list + 7, 1)]),
        Malformed::TrailingBytes {
            name: "categories",
            count: 5
        }
    );
    assert_eq!(
        with(&[(list + 4, 255)]),
        Malformed::TooLong {
            field: "categories",
            most: MAX_CATEGORIES
        }
    );
    let mut header = Header::decode(&good).unwrap();
    header.categories.clear();
    assert_eq!(
        header.encode(),
        Err(Malformed::TooShort {
            field: "categories",
            least: 1
        })
    );
}

#[test]
fn a_basis_without_provision_carries_no_words() {
    let scene = Scene::new(b"text");
    let slip = Raw::<Slip>::parse(scene.envelope.slips[0].bytes.as_slice()).unwrap();
    let provision = Basis::Provision {
        id: "OSL-25-12".into(),
        reason: "support".into(),
    };
    let mut bytes = Raw::new(Slip {
        basis: provision,
        ..slip.value().clone()
    })
    .unwrap()
    .bytes()
    .to_vec();
    let number = bytes.len() - (4 + 7) - (4 + 9) - 1;
    assert_eq!(bytes[number], 3);
    bytes[number] = 1;
    assert_eq!(
        Slip::decode(&bytes).unwrap_err(),
        Malformed::TooLong {
            field: "basis.provision_id",
            most: 0
        }
    );
    let nameless = Basis::Provision {
        id: String::new(),
        reason: "support".into(),
    };
    let nameless = Slip {
        basis: nameless,
        ..slip.value().clone()
    };
    assert_eq!(
        nameless.encode(),
        Err(Malformed::TooShort {
            field: "basis.provision_id",
            least: 1
        })
    );
    let forged = Basis::Provision {
        id: "OSL\n25".into(),
        reason: String::new(),
    };
    let forged = Slip {
        basis: forged,
        ..slip.value().clone()
    };
    assert_eq!(
        forged.encode(),
        Err(Malformed::ControlCharacter {
            field: "basis.provision_id"
        })
    );
}
