//! What an outbox holds wherever the process that used it was stopped.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use samrum_consent::id::{IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::envelope::{Draft, Recipient, SealingKeyPair, SigningKeyPair, seal};
use samrum_proto::statement::KeyId;

use super::*;
use crate::clock::tests::Counting;
use crate::storage::LocalDisk;
use crate::storage::tests::StoppingDisk;

const TEXT: &[u8] = b"what nobody else reads";

fn document() -> DocumentId {
    DocumentId::from_bytes([5; 16])
}

fn signing() -> SigningKeyPair {
    SigningKeyPair::from_seed(&[3; 32]).unwrap()
}

fn recipient(key: u8) -> Recipient {
    Recipient {
        unit: UnitId::from_bytes([2; 16]),
        key_id: KeyId::from_bytes([key; 32]),
        public_key: SealingKeyPair::from_private_bytes(&[key; 32])
            .unwrap()
            .public_key()
            .clone(),
        basis: Basis::Consent,
    }
}

fn sealed() -> Waiting {
    let draft = Draft {
        document: document(),
        sender: UnitId::from_bytes([1; 16]),
        kind: Kind::Note,
        categories: BTreeSet::from([Category::PlanCoordination]),
        subjects: BTreeSet::from([IndividualId::from_bytes([4; 16])]),
        purpose: Purpose::Sip,
        created_at_us: 1,
        in_reply_to: None,
    };
    let randomness = Counting::default();
    let (envelope, content_key) = seal(draft, TEXT, &[recipient(8)], &signing(), &randomness).unwrap();
    Waiting {
        document: document(),
        envelope,
        content_key,
    }
}

fn outbox() -> (tempfile::TempDir, Outbox) {
    let directory = tempfile::tempdir().unwrap();
    let outbox = Outbox {
        directory: directory.path().to_owned(),
    };
    (directory, outbox)
}

#[test]
fn what_waits_comes_back_byte_for_byte_and_unreadable() {
    let (_directory, outbox) = outbox();
    let waiting = sealed();
    let claim = outbox.claim(document()).unwrap().unwrap();
    outbox.keep(&LocalDisk, &claim, &waiting).unwrap();
    drop(claim);
    assert_eq!(outbox.waiting().unwrap(), [document()]);
    let found = outbox.find(document()).unwrap().unwrap();
    assert_eq!(found.envelope, waiting.envelope);
    assert_eq!(found.content_key.expose(), waiting.content_key.expose());
    let path = outbox.path(document());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = fs::read(&path).unwrap();
    assert!(
        !bytes.windows(TEXT.len()).any(|window| window == TEXT),
        "the text is sealed"
    );
}

#[test]
fn wherever_keeping_stops_there_is_nothing_or_everything() {
    for steps in 0.. {
        let (_directory, outbox) = outbox();
        let waiting = sealed();
        let claim = outbox.claim(document()).unwrap().unwrap();
        let kept = outbox.keep(&StoppingDisk::after(steps), &claim, &waiting);
        drop(claim);
        // The next process.
        let found = outbox.find(document()).unwrap();
        assert_eq!(outbox.waiting().unwrap().len(), usize::from(found.is_some()));
        if let Some(found) = &found {
            assert_eq!(found.envelope, waiting.envelope, "after {steps} steps");
        }
        let claim = outbox.claim(document()).unwrap().unwrap();
        outbox.keep(&LocalDisk, &claim, &waiting).unwrap();
        if kept.is_ok() {
            assert!(found.is_some(), "kept means kept");
            return;
        }
    }
}

#[test]
fn wherever_wrapping_anew_stops_there_is_the_old_slip_or_the_new() {
    for steps in 0.. {
        let (_directory, outbox) = outbox();
        let mut waiting = sealed();
        let old = waiting.envelope.clone();
        let claim = outbox.claim(document()).unwrap().unwrap();
        outbox.keep(&LocalDisk, &claim, &waiting).unwrap();
        waiting
            .envelope
            .rewrap(
                &waiting.content_key,
                &recipient(9),
                &signing(),
                &Counting::default(),
            )
            .unwrap();
        let kept = outbox.keep(&StoppingDisk::after(steps), &claim, &waiting);
        let found = outbox.find(document()).unwrap().unwrap().envelope;
        assert!(found == old || found == waiting.envelope, "after {steps} steps");
        assert_eq!(
            (&found.header, &found.body),
            (&old.header, &old.body),
            "only the slip is new"
        );
        if kept.is_ok() {
            assert_eq!(found, waiting.envelope);
            return;
        }
    }
}

#[test]
fn wherever_removing_stops_the_document_is_whole_or_its_key_is_gone() {
    for steps in 0.. {
        let (_directory, outbox) = outbox();
        let waiting = sealed();
        let claim = outbox.claim(document()).unwrap().unwrap();
        outbox.keep(&LocalDisk, &claim, &waiting).unwrap();
        let removed = outbox.remove(&StoppingDisk::after(steps), &claim, document());
        drop(claim);
        match outbox.find(document()) {
            Ok(Some(found)) => assert_eq!(found.envelope, waiting.envelope),
            Ok(None) => {
                let left = fs::read(outbox.path(document())).unwrap_or_default();
                let key = waiting.content_key.expose();
                assert!(
                    !left.windows(key.len()).any(|window| window == key),
                    "after {steps} steps"
                );
            }
            Err(other) => panic!("{other}"),
        }
        let claim = outbox.claim(document()).unwrap().unwrap();
        outbox.remove(&LocalDisk, &claim, document()).unwrap();
        if removed.is_ok() {
            assert_eq!(outbox.waiting().unwrap(), []);
            return;
        }
    }
}

#[test]
fn two_processes_do_not_send_one_document() {
    let (_directory, outbox) = outbox();
    let first = outbox.claim(document()).unwrap().unwrap();
    assert!(outbox.claim(document()).unwrap().is_none());
    drop(first);
    assert!(outbox.claim(document()).unwrap().is_some());
}

#[test]
fn damage_is_told_and_never_sent() {
    let (_directory, outbox) = outbox();
    let waiting = sealed();
    let claim = outbox.claim(document()).unwrap().unwrap();
    outbox.keep(&LocalDisk, &claim, &waiting).unwrap();
    let path = outbox.path(document());
    let whole = fs::read(&path).unwrap();
    for spoil in [0, MAGIC.len(), whole.len() / 2] {
        let mut spoilt = whole.clone();
        spoilt.truncate(spoil);
        fs::write(&path, &spoilt).unwrap();
        assert!(
            matches!(outbox.find(document()), Err(StorageError::Damaged { .. })),
            "cut at {spoil}"
        );
    }
    let mut other_key = whole.clone();
    other_key[MAGIC.len()] ^= 1;
    fs::write(&path, &other_key).unwrap();
    assert!(matches!(
        outbox.find(document()),
        Err(StorageError::Damaged { .. })
    ));
    fs::write(&path, &whole).unwrap();
    assert!(outbox.find(document()).unwrap().is_some());
}
