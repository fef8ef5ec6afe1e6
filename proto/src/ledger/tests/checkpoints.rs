//! Checkpoints and verifier keys: published ones are read, altered ones refused.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::super::checkpoint::*;
use super::super::*;
use crate::envelope::SigningKeyPair;

const ORIGIN: &str = "log.example/samrum";

fn key() -> LogKey {
    LogKey::from_seed(ORIGIN, &[6; 32]).unwrap()
}

fn head() -> TreeHead {
    TreeHead {
        size: 42,
        root: leaf_hash(b"root"),
    }
}

/// A note with any text, properly signed by the log.
fn signed(text: &str) -> Vec<u8> {
    let key = key();
    let line = signed_note::Signature::new(
        ORIGIN.into(),
        signed_note::Verifier::key_id(key.verifier()),
        key.signing().sign_bytes(text.as_bytes()).as_bytes().to_vec(),
    );
    signed_note::Note::new(text.as_bytes(), &[line.unwrap()])
        .unwrap()
        .to_bytes()
}

#[test]
fn a_checkpoint_is_read_as_it_was_signed() {
    let note = sign_checkpoint(&key(), head()).unwrap();
    let checkpoint = verify_checkpoint(note.as_bytes(), key().verifier()).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.head()), (ORIGIN, head()));
    let root = BASE64_STANDARD.encode(head().root.as_bytes());
    assert!(
        note.starts_with(&format!("{ORIGIN}\n42\n{root}\n\n— {ORIGIN} ")),
        "{note}"
    );
}

#[test]
fn each_byte_of_a_checkpoint_counts() {
    let note = sign_checkpoint(&key(), head()).unwrap().into_bytes();
    for index in 0..note.len() {
        for mask in [0x01, 0x02, 0x20, 0x80] {
            let mut altered = note.clone();
            altered[index] ^= mask;
            assert!(
                verify_checkpoint(&altered, key().verifier()).is_err(),
                "byte {index} by {mask:#x}"
            );
        }
        assert!(
            verify_checkpoint(&note[..index], key().verifier()).is_err(),
            "cut to {index}"
        );
    }
}

#[test]
fn another_key_or_another_origin_is_refused() {
    let note = sign_checkpoint(&key(), head()).unwrap();
    let other_key = LogKey::from_seed(ORIGIN, &[7; 32]).unwrap();
    let unsigned = Err(CheckpointError::SignatureInvalid);
    assert_eq!(verify_checkpoint(note.as_bytes(), other_key.verifier()), unsigned);
    let other_origin = LogKey::from_seed("other.example/log", &[6; 32]).unwrap();
    assert_eq!(
        verify_checkpoint(note.as_bytes(), other_origin.verifier()),
        unsigned
    );
    // Signed by this log, about another.
    let root = BASE64_STANDARD.encode(head().root.as_bytes());
    let foreign = signed(&format!("other.example/log\n42\n{root}\n"));
    assert_eq!(
        verify_checkpoint(&foreign, key().verifier()),
        Err(CheckpointError::OtherOrigin)
    );
}

#[test]
fn a_cosignature_of_an_unknown_witness_is_passed_over() {
    let note = sign_checkpoint(&key(), head()).unwrap();
    let witness = "— witness.example AAAAAAAAAA==\n";
    let cosigned = format!("{note}{witness}");
    assert_eq!(
        verify_checkpoint(cosigned.as_bytes(), key().verifier())
            .unwrap()
            .head(),
        head()
    );
    let without_log = format!("{}\n\n{witness}", note.split_once("\n\n").unwrap().0);
    let unsigned = Err(CheckpointError::SignatureInvalid);
    assert_eq!(
        verify_checkpoint(without_log.as_bytes(), key().verifier()),
        unsigned
    );
}

#[test]
fn signed_texts_that_are_no_checkpoints_name_the_line() {
    let root = BASE64_STANDARD.encode(head().root.as_bytes());
    let verified = |text: &str| verify_checkpoint(&signed(text), key().verifier());
    let refused = |line| Err(CheckpointError::NotACheckpoint { line });
    for size in ["", "042", "+42", "-1", "4 2", "0x2a", "18446744073709551616"] {
        assert_eq!(
            verified(&format!("{ORIGIN}\n{size}\n{root}\n")),
            refused("size"),
            "{size}"
        );
    }
    for root in ["", "AAAA", "not base64", &root[1..]] {
        assert_eq!(
            verified(&format!("{ORIGIN}\n42\n{root}\n")),
            refused("root"),
            "{root}"
        );
    }
    assert_eq!(verified(&format!("{ORIGIN}\n42\n")), refused("root"));
    assert_eq!(verified(&format!("{ORIGIN}\n")), refused("size"));
    assert_eq!(
        verified(&format!("{ORIGIN}\n42\n{root}\n\n")),
        refused("an extension line")
    );
    assert_eq!(
        verified(&format!("{ORIGIN}\n42\n{root}\nextension\n"))
            .unwrap()
            .head(),
        head()
    );
    assert_eq!(verified(&format!("{ORIGIN}\n0\n{root}\n")).unwrap().size, 0);
}

#[test]
fn oversized_notes_are_not_even_parsed() {
    let root = BASE64_STANDARD.encode(head().root.as_bytes());
    let long = signed(&format!(
        "{ORIGIN}\n42\n{root}\n{}\n",
        "x".repeat(MAX_CHECKPOINT_BYTES)
    ));
    assert_eq!(
        verify_checkpoint(&long, key().verifier()),
        Err(CheckpointError::NotANote)
    );
}

#[test]
fn origins_that_cannot_name_a_key_are_refused() {
    for origin in ["", "two words", "a+b", "line\nfeed", "\u{7f}", &"x".repeat(129)] {
        assert_eq!(
            LogKey::from_seed(origin, &[6; 32]).err(),
            Some(CheckpointError::Origin),
            "{origin:?}"
        );
    }
    assert!(LogKey::from_seed(&"x".repeat(128), &[6; 32]).is_ok());
}

#[test]
fn verifier_keys_round_trip_and_published_ones_are_read() {
    let own = key().verifier().to_string();
    assert_eq!(LogVerifier::parse(&own).as_ref(), Ok(key().verifier()));
    // Of the signed-note documentation of golang.org/x/mod, and of the Go checksum database.
    for published in [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ] {
        assert_eq!(LogVerifier::parse(published).unwrap().to_string(), published);
    }
    for index in 0..own.len() {
        let mut altered = own.clone().into_bytes();
        altered[index] ^= 1;
        let altered = String::from_utf8(altered).unwrap();
        assert!(LogVerifier::parse(&altered).is_err(), "{altered}");
    }
    let hash = &own[ORIGIN.len()..ORIGIN.len() + 9];
    let upper = own.replace(hash, &hash.to_uppercase());
    assert_ne!(upper, own);
    assert!(LogVerifier::parse(&upper).is_err(), "one text per key");
}

#[test]
fn a_published_note_verifies_and_its_origin_is_not_the_keys_name() {
    let note = "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— sum.golang.org \
                Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    let log = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    let log = LogVerifier::parse(log).unwrap();
    // The signature holds; this log of 2019 does not name itself as tlog-checkpoint asks since.
    assert_eq!(
        verify_checkpoint(note.as_bytes(), &log),
        Err(CheckpointError::OtherOrigin)
    );
    let altered = note.replace("20852163", "20852164");
    assert_eq!(
        verify_checkpoint(altered.as_bytes(), &log),
        Err(CheckpointError::SignatureInvalid)
    );
}

#[test]
fn a_logs_key_prints_no_secret() {
    let printed = format!(
        "{:?}",
        LogKey::new(ORIGIN, SigningKeyPair::from_seed(&[0xab; 32]).unwrap())
    );
    assert!(printed.contains(ORIGIN) && !printed.contains("abababab") && !printed.contains("171, 171"));
}
