//! Statements: what is signed is what is read, every alteration is refused, and no label stands in for another.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use samrum_consent::id::{DeliveryId, DocumentId, EntryId, UnitId};

use super::*;
use crate::canonical::{Label, MAX_TIME_US};
use crate::envelope::{HeaderHash, SealingKeyPair, Suite};
use crate::ledger::NodeHash;

const NOW_US: i64 = 1_767_258_000_000_000;

fn key() -> SigningKeyPair {
    SigningKeyPair::from_seed(&[1; 32]).unwrap()
}

fn key_statement() -> KeyStatement {
    KeyStatement {
        unit: UnitId::from_bytes([2; 16]),
        suite: Suite::XWing,
        sealing_public_key: SealingKeyPair::from_private_bytes(&[3; 32])
            .unwrap()
            .public_key()
            .clone(),
        signing_public_key: SigningKeyPair::from_seed(&[4; 32]).unwrap().verifying_key(),
        valid_from_us: NOW_US,
    }
}

/// Made once: X-Wing takes its time without optimisation.
static KEY_STATEMENT: LazyLock<KeyStatement> = LazyLock::new(key_statement);

fn acting_statement() -> ActingStatement {
    ActingStatement {
        unit: UnitId::from_bytes([2; 16]),
        user: "anna.berg".into(),
        role: "social secretary".into(),
        assurance_level: 3,
        method: "/samrum.exchange.v1.ExchangeService/SendDocument".into(),
        request: [7; 16],
        issued_at_us: NOW_US,
    }
}

fn key_state_change() -> KeyStateChange {
    let key_id = Raw::new(key_statement()).unwrap().key_id();
    KeyStateChange {
        unit: UnitId::from_bytes([2; 16]),
        key_id,
        state: KeyState::Compromised,
        at_us: NOW_US,
    }
}

fn delivery_answer(answer: Answer) -> DeliveryAnswer {
    DeliveryAnswer {
        delivery: DeliveryId::from_bytes([5; 16]),
        document: DocumentId::from_bytes([6; 16]),
        recipient: UnitId::from_bytes([2; 16]),
        answer,
        at_us: NOW_US,
        header_hash: HeaderHash::from_bytes([8; 32]),
    }
}

fn ticket() -> Ticket {
    Ticket {
        entry: EntryId::from_bytes([5; 16]),
        leaf_hash: NodeHash::from_bytes([6; 32]),
        at_us: NOW_US,
        log_origin: "log.example/samrum".into(),
    }
}

/// Signs, reads back, and alters each byte of bytes and signature.
fn stands_and_falls<T: Statement + Clone + PartialEq + core::fmt::Debug>(statement: &T) {
    let signed = Signed::sign(statement.clone(), &key()).unwrap();
    let verifying = key().verifying_key();
    let (bytes, signature) = (signed.bytes().to_vec(), *signed.signature().as_bytes());
    let read = Signed::<T>::verify(&bytes, &signature, &verifying).unwrap();
    assert_eq!((read.value(), &read), (statement, &signed));
    for index in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[index] ^= 1;
        assert!(
            Signed::<T>::verify(&altered, &signature, &verifying).is_err(),
            "{} byte {index}",
            T::NAME
        );
        assert!(Signed::<T>::verify(&bytes[..index], &signature, &verifying).is_err());
    }
    for index in 0..64 {
        let mut altered = signature;
        altered[index] ^= 1;
        let refused = Err(StatementError::SignatureInvalid(SignatureInvalid));
        assert_eq!(Signed::<T>::verify(&bytes, &altered, &verifying), refused);
    }
    let stranger = SigningKeyPair::from_seed(&[9; 32]).unwrap().verifying_key();
    assert!(Signed::<T>::verify(&bytes, &signature, &stranger).is_err());
    assert_eq!(signed.verify_again(&stranger), Err(SignatureInvalid));
    let short = Malformed::WrongLength {
        field: "signature",
        expected: 64,
        found: 63,
    };
    assert_eq!(
        Signed::<T>::verify(&bytes, &signature[..63], &verifying),
        Err(short.into())
    );
}

#[test]
fn each_statement_stands_as_signed_and_falls_when_altered() {
    stands_and_falls(&key_statement());
    stands_and_falls(&key_state_change());
    stands_and_falls(&acting_statement());
    stands_and_falls(&delivery_answer(Answer::Acknowledged));
    stands_and_falls(&delivery_answer(Answer::Rejected {
        reason: "wrong\nchild".into(),
    }));
    stands_and_falls(&ticket());
}

#[test]
fn a_signature_under_one_label_holds_under_no_other() {
    for label in Label::ALL {
        let signature = key().sign(*label, b"message");
        for other in Label::ALL {
            let verified = key().verifying_key().verify(*other, b"message", &signature);
            assert_eq!(verified.is_ok(), label == other, "{label:?} {other:?}");
        }
    }
}

#[test]
fn a_keys_id_is_the_labelled_hash_of_its_statement() {
    let signed = Signed::sign(key_statement(), &key()).unwrap();
    let input = [Label::KEY_STATEMENT.as_bytes(), signed.bytes()].concat();
    let hash = ring::digest::digest(&ring::digest::SHA256, &input);
    assert_eq!(signed.key_id().as_bytes().as_slice(), hash.as_ref());
    assert_eq!(signed.key_id(), signed.raw().key_id());
    let later = KeyStatement {
        valid_from_us: NOW_US + 1,
        ..key_statement()
    };
    assert_ne!(Raw::new(later).unwrap().key_id(), signed.key_id());
    assert_eq!(key_statement().sender_key().unit, UnitId::from_bytes([2; 16]));
}

#[test]
fn key_states_have_the_numbers_of_the_wire() {
    for (state, number) in [
        (KeyState::Current, 1),
        (KeyState::DecryptOnly, 2),
        (KeyState::Compromised, 3),
    ] {
        assert_eq!(
            (i32::from(state.number()), KeyState::from_number(number)),
            (number, Ok(state))
        );
    }
    for number in [0, 4, -1, 256] {
        assert!(KeyState::from_number(number).is_err());
    }
}

#[test]
fn fresh_is_five_minutes_back_and_one_ahead() {
    let fresh = |now_us| acting_statement().is_fresh(now_us);
    assert!(fresh(NOW_US) && fresh(NOW_US + ACTING_MAX_AGE_US) && fresh(NOW_US - ACTING_MAX_SKEW_US));
    assert!(!fresh(NOW_US + ACTING_MAX_AGE_US + 1) && !fresh(NOW_US - ACTING_MAX_SKEW_US - 1));
    assert!(!fresh(i64::MIN) && !fresh(i64::MAX));
}

#[test]
fn acting_statements_have_limits_that_name_their_field() {
    let signed = |change: fn(&mut ActingStatement)| {
        let mut statement = acting_statement();
        change(&mut statement);
        Signed::sign(statement, &key()).map(|_| ())
    };
    assert_eq!(signed(|_| ()), Ok(()));
    assert_eq!(
        signed(|statement| statement.user.clear()),
        Err(Malformed::TooShort {
            field: "user",
            least: 1
        })
    );
    assert_eq!(signed(|statement| statement.user = "å".repeat(64)), Ok(()));
    let long = Err(Malformed::TooLong {
        field: "user",
        most: 64,
    });
    assert_eq!(signed(|statement| statement.user = "å".repeat(65)), long);
    assert_eq!(
        signed(|statement| statement.role = "x".repeat(65)),
        Err(Malformed::TooLong {
            field: "role",
            most: 64
        })
    );
    let control = Err(Malformed::ControlCharacter { field: "role" });
    assert_eq!(signed(|statement| statement.role = "nurse\n".into()), control);
    let out_of_range = Err(Malformed::OutOfRange {
        field: "assurance_level",
        least: 1,
        most: 4,
    });
    assert_eq!(signed(|statement| statement.assurance_level = 0), out_of_range);
    assert_eq!(signed(|statement| statement.assurance_level = 5), out_of_range);
    let time = Err(Malformed::OutOfRange {
        field: "issued_at",
        least: 0,
        most: MAX_TIME_US,
    });
    assert_eq!(signed(|statement| statement.issued_at_us = -1), time);
    assert_eq!(signed(|statement| statement.issued_at_us = MAX_TIME_US + 1), time);
}

#[test]
fn a_rejection_has_a_reason_and_an_acknowledgement_has_none() {
    let signed = |reason: &str| {
        let answer = delivery_answer(Answer::Rejected {
            reason: reason.into(),
        });
        Signed::sign(answer, &key()).map(|_| ())
    };
    assert_eq!(
        signed(""),
        Err(Malformed::TooShort {
            field: "reason",
            least: 1
        })
    );
    assert_eq!(signed(&"ö".repeat(500)), Ok(()));
    assert_eq!(
        signed(&"ö".repeat(501)),
        Err(Malformed::TooLong {
            field: "reason",
            most: 500
        })
    );
    // An acknowledgement with a reason smuggled in is not canonical.
    let rejected = delivery_answer(Answer::Rejected { reason: "no".into() })
        .encode()
        .unwrap();
    let mut smuggled = rejected;
    let answer = 1 + 3 * 20 + 4;
    assert_eq!(smuggled[answer], 2);
    smuggled[answer] = 1;
    let refused = Err(Malformed::TooLong {
        field: "reason",
        most: 0,
    });
    assert_eq!(DeliveryAnswer::decode(&smuggled), refused);
    smuggled[answer] = 3;
    let unknown = Err(Malformed::UnknownNumber {
        field: "answer",
        number: 3,
    });
    assert_eq!(DeliveryAnswer::decode(&smuggled), unknown);
}

/// Whatever decodes has exactly these bytes as its encoding.
fn decodes_canonically<T: Canonical>(bytes: &[u8]) {
    if let Ok(value) = T::decode(bytes) {
        assert_eq!(value.encode().as_deref(), Ok(bytes));
    }
}

fn decode_as_each(bytes: &[u8]) {
    decodes_canonically::<KeyStatement>(bytes);
    decodes_canonically::<KeyStateChange>(bytes);
    decodes_canonically::<ActingStatement>(bytes);
    decodes_canonically::<DeliveryAnswer>(bytes);
    decodes_canonically::<Ticket>(bytes);
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(0x7374_6174),
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn any_bytes_decode_canonically_or_not_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        decode_as_each(&bytes);
        decode_as_each(&[&[1], bytes.as_slice()].concat());
    }

    #[test]
    fn almost_right_bytes_decode_canonically_or_not_at_all(
        place in any::<prop::sample::Index>(), byte in any::<u8>(), reason in "[ -~\n]{1,40}",
    ) {
        let encoded = [
            KEY_STATEMENT.encode(),
            key_state_change().encode(),
            acting_statement().encode(),
            delivery_answer(Answer::Rejected { reason }).encode(),
            ticket().encode(),
        ];
        for bytes in encoded {
            let mut bytes = bytes.unwrap();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            decode_as_each(&bytes);
        }
    }

    #[test]
    fn statements_round_trip(
        ids in any::<([u8; 16], [u8; 16], [u8; 16], [u8; 32])>(), at_us in 0..=MAX_TIME_US,
        user in "\\PC{1,64}", level in 1_u8..=4, reason in "[\\PC\n]{1,500}",
    ) {
        let acting = ActingStatement {
            unit: UnitId::from_bytes(ids.0), user: user.clone(), role: user, assurance_level: level,
            request: ids.1, issued_at_us: at_us, ..acting_statement()
        };
        prop_assert_eq!(ActingStatement::decode(&acting.encode().unwrap()), Ok(acting));
        let answer = DeliveryAnswer {
            delivery: DeliveryId::from_bytes(ids.0), document: DocumentId::from_bytes(ids.1),
            recipient: UnitId::from_bytes(ids.2), answer: Answer::Rejected { reason }, at_us,
            header_hash: HeaderHash::from_bytes(ids.3),
        };
        prop_assert_eq!(DeliveryAnswer::decode(&answer.encode().unwrap()), Ok(answer));
        let ticket = Ticket {
            entry: EntryId::from_bytes(ids.0), leaf_hash: NodeHash::from_bytes(ids.3), at_us, ..ticket()
        };
        prop_assert_eq!(Ticket::decode(&ticket.encode().unwrap()), Ok(ticket));
    }
}
