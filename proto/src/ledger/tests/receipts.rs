//! Receipts and leaves: the whole chain from details to checkpoint, broken at each link.

use proptest::prelude::*;
use samrum_consent::id::EntryId;

use super::super::*;
use super::{Log, other};
use crate::canonical::Malformed;
use crate::statement::{Signed, Ticket};

const DETAILS: &[u8] = br#"{"entry":"05050505-0505-0505-0505-050505050505","event":"SEND"}"#;

struct Evidence {
    key: LogKey,
    ticket: Signed<Ticket>,
    receipt: Receipt,
}

fn ticket(key: &LogKey, change: impl Fn(&mut Ticket)) -> Signed<Ticket> {
    let salt = Salt::from_bytes([8; 32]);
    let mut ticket = Ticket {
        entry: EntryId::from_bytes([5; 16]),
        leaf_hash: Leaf::salted(&salt, DETAILS).unwrap().hash(),
        at_us: 1_767_258_000_000_000,
        log_origin: key.origin().to_owned(),
    };
    change(&mut ticket);
    Signed::sign(ticket, key.signing()).unwrap()
}

/// The third of five entries.
fn evidence() -> Evidence {
    let key = LogKey::from_seed("log.example/samrum", &[6; 32]).unwrap();
    let salt = Salt::from_bytes([8; 32]);
    let leaf = Leaf::salted(&salt, DETAILS).unwrap();
    let others = |index: u8| vec![2, index];
    let log = Log::of([
        others(0),
        others(1),
        leaf.as_bytes().to_vec(),
        others(3),
        others(4),
    ]);
    let receipt = Receipt {
        entry: EntryId::from_bytes([5; 16]),
        leaf: leaf.as_bytes().to_vec(),
        salt: Some(salt),
        details: DETAILS.to_vec(),
        index: 2,
        proof: log.inclusion(2, 5),
        checkpoint: sign_checkpoint(&key, log.head(5)).unwrap().into_bytes(),
    };
    Evidence {
        ticket: ticket(&key, |_| ()),
        key,
        receipt,
    }
}

fn judged(change: impl Fn(&mut Receipt)) -> Result<Checkpoint, ReceiptError> {
    let Evidence {
        key,
        ticket,
        mut receipt,
    } = evidence();
    change(&mut receipt);
    verify_receipt(&receipt, Some(&ticket), key.verifier())
}

#[test]
fn a_receipt_proves_its_entry_with_and_without_ticket() {
    let Evidence { key, ticket, receipt } = evidence();
    let checkpoint = verify_receipt(&receipt, Some(&ticket), key.verifier()).unwrap();
    assert_eq!(
        (checkpoint.size, checkpoint.origin.as_str()),
        (5, "log.example/samrum")
    );
    verify_receipt(&receipt, None, key.verifier()).unwrap();
}

#[test]
fn each_byte_of_details_salt_and_leaf_counts() {
    for index in 0..DETAILS.len() {
        assert_eq!(
            judged(|receipt| receipt.details[index] ^= 1),
            Err(ReceiptError::Details)
        );
    }
    for index in 0..32 {
        let mut salt = [8; 32];
        salt[index] ^= 1;
        let altered = judged(|receipt| receipt.salt = Some(Salt::from_bytes(salt)));
        assert_eq!(altered, Err(ReceiptError::Details));
    }
    for index in 0..33 {
        assert!(
            judged(|receipt| receipt.leaf[index] ^= 1).is_err(),
            "leaf byte {index}"
        );
    }
    assert_eq!(judged(|receipt| receipt.salt = None), Err(ReceiptError::Details));
}

#[test]
fn place_proof_and_checkpoint_count() {
    let proof = ReceiptError::Proof;
    assert_eq!(
        judged(|receipt| receipt.index = 3),
        Err(proof(ProofError::WrongRoot))
    );
    let outside = ProofError::OutsideTree { index: 5, size: 5 };
    assert_eq!(judged(|receipt| receipt.index = 5), Err(proof(outside)));
    assert_eq!(
        judged(|receipt| receipt.proof[0] = other(receipt.proof[0])),
        Err(proof(ProofError::WrongRoot))
    );
    let missing = judged(|receipt| receipt.proof.truncate(2));
    assert_eq!(missing, Err(proof(ProofError::WrongNumberOfHashes)));
    let cut = judged(|receipt| receipt.checkpoint.truncate(100));
    assert_eq!(cut, Err(ReceiptError::Checkpoint(CheckpointError::NotANote)));
    let stranger = LogKey::from_seed("log.example/samrum", &[9; 32]).unwrap();
    let unsigned = CheckpointError::SignatureInvalid;
    assert_eq!(
        verify_receipt(&evidence().receipt, None, stranger.verifier()),
        Err(ReceiptError::Checkpoint(unsigned))
    );
}

#[test]
fn a_ticket_of_something_else_is_refused() {
    let Evidence { key, receipt, .. } = evidence();
    let with = |ticket: &Signed<Ticket>| verify_receipt(&receipt, Some(ticket), key.verifier()).map(|_| ());
    let mismatch = |what| Err(ReceiptError::TicketMismatch { what });
    let entry = EntryId::from_bytes([4; 16]);
    assert_eq!(
        with(&ticket(&key, |ticket| ticket.entry = entry)),
        mismatch("entry")
    );
    let leaf = ticket(&key, |ticket| ticket.leaf_hash = other(ticket.leaf_hash));
    assert_eq!(with(&leaf), mismatch("leaf"));
    assert_eq!(
        with(&ticket(&key, |ticket| ticket.log_origin.push('x'))),
        mismatch("log")
    );
    let stranger = LogKey::from_seed("log.example/samrum", &[9; 32]).unwrap();
    assert!(matches!(
        with(&ticket(&stranger, |_| ())),
        Err(ReceiptError::TicketSignature(_))
    ));
}

#[test]
fn open_leaves_show_their_details_and_take_no_salt() {
    let leaf = Leaf::open(DETAILS).unwrap();
    assert_eq!(leaf.as_bytes(), [b"\x02", DETAILS].concat());
    assert!(leaf.commits_to(None, DETAILS));
    assert!(!leaf.commits_to(Some(&Salt::from_bytes([8; 32])), DETAILS));
    assert!(!leaf.commits_to(None, b"other"));
}

#[test]
fn salted_leaves_hide_their_details() {
    let (one, two) = (Salt::from_bytes([1; 32]), Salt::from_bytes([2; 32]));
    let leaf = Leaf::salted(&one, DETAILS).unwrap();
    assert_eq!(leaf.as_bytes().len(), 33);
    assert_ne!(leaf, Leaf::salted(&two, DETAILS).unwrap());
    assert!(leaf.commits_to(Some(&one), DETAILS));
    assert!(!leaf.commits_to(Some(&two), DETAILS));
    assert!(!leaf.commits_to(None, DETAILS));
    assert!(!format!("{one:?}").contains('1'));
}

#[test]
fn details_and_leaves_are_bounded() {
    let long = vec![0; MAX_DETAILS_BYTES + 1];
    let refused = Err(Malformed::TooLong {
        field: "details",
        most: MAX_DETAILS_BYTES,
    });
    assert_eq!(Leaf::open(&long), refused);
    assert_eq!(Leaf::salted(&Salt::from_bytes([1; 32]), &long), refused);
    assert_eq!(Leaf::parse(&[&[2], long.as_slice()].concat()), refused);
    assert!(Leaf::open(&long[1..]).is_ok());
    assert_eq!(Leaf::parse(&[]), Err(Malformed::Truncated { field: "leaf" }));
    assert_eq!(
        Leaf::parse(&[3]),
        Err(Malformed::UnknownNumber {
            field: "leaf",
            number: 3
        })
    );
    let short = Malformed::WrongLength {
        field: "commitment",
        expected: 32,
        found: 31,
    };
    assert_eq!(Leaf::parse(&[1; 32]), Err(short));
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x7265_6369),
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn any_bytes_are_a_leaf_a_checkpoint_or_neither(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(leaf) = Leaf::parse(&bytes) {
            prop_assert_eq!(leaf.as_bytes(), bytes.as_slice());
        }
        prop_assert!(verify_checkpoint(&bytes, evidence().key.verifier()).is_err());
    }

    #[test]
    fn any_text_is_a_verifier_key_or_not(text in "[a-z+0-9A-Z/=. ]{0,80}") {
        if let Ok(verifier) = LogVerifier::parse(&text) {
            prop_assert_eq!(verifier.to_string(), text);
        }
    }
}
