//! Bodies as they come in pieces: any cut gives the same bytes, and no chunk can be moved.

use super::super::*;
use super::scene::{Scene, Seeded, draft};
use crate::canonical::Raw;

fn text(length: usize) -> Vec<u8> {
    (0..251_u8).cycle().take(length).collect()
}

fn sealed_in_pieces(text: &[u8], piece: usize) -> (SealedContent, Vec<u8>) {
    let mut sealer = Sealer::start(draft(), text.len() as u64, &Seeded::new(1)).unwrap();
    let mut sealed = Vec::new();
    for part in text.chunks(piece) {
        sealer.push(part, &mut sealed).unwrap();
    }
    let content = sealer.finish(&mut sealed).unwrap();
    (content, sealed)
}

fn opened_in_pieces(content: &SealedContent, sealed: &[u8], piece: usize) -> Result<Vec<u8>, OpenError> {
    let mut opener = Opener::start(&content.header, &content.content_key)?;
    let mut text = Vec::new();
    for part in sealed.chunks(piece) {
        opener.push(part, &mut text)?;
    }
    let root = opener.finish(&mut text)?;
    assert_eq!(
        root,
        content_root(sealed),
        "the opener's root is that of what it was given"
    );
    Ok(text)
}

#[test]
fn any_pieces_give_the_same_body_and_text() {
    for length in [
        0,
        1,
        CHUNK_BYTES - 1,
        CHUNK_BYTES,
        CHUNK_BYTES + 1,
        2 * CHUNK_BYTES,
        150_000,
    ] {
        let text = text(length);
        let (content, sealed) = sealed_in_pieces(&text, CHUNK_BYTES);
        assert_eq!(content.header.value().body_length.sealed(), sealed.len() as u64);
        assert_eq!(content.root, content_root(&sealed));
        for piece in [1021, CHUNK_BYTES + 1, usize::MAX] {
            let (again, same) = sealed_in_pieces(&text, piece);
            assert_eq!(
                (again.root, &same),
                (content.root, &sealed),
                "{length} in pieces of {piece}"
            );
            assert_eq!(opened_in_pieces(&content, &sealed, piece).unwrap(), text);
        }
    }
}

#[test]
fn chunks_reordered_repeated_replaced_or_missing_do_not_open() {
    let (content, sealed) = sealed_in_pieces(&text(3 * CHUNK_BYTES), CHUNK_BYTES);
    let chunks: Vec<_> = sealed.chunks(CHUNK_BYTES + CHUNK_TAG_BYTES).collect();
    let opened = |order: &[usize]| {
        let body: Vec<u8> = order
            .iter()
            .flat_map(|index| chunks[*index].iter().copied())
            .collect();
        opened_in_pieces(&content, &body, 50_000).map(|_| ())
    };
    assert_eq!(opened(&[0, 1, 2]), Ok(()));
    assert_eq!(opened(&[1, 0, 2]), Err(OpenError::Chunk { index: 0 }));
    assert_eq!(opened(&[0, 2, 1]), Err(OpenError::Chunk { index: 1 }));
    assert_eq!(opened(&[0, 1, 1]), Err(OpenError::Chunk { index: 2 }));
    assert_eq!(opened(&[0, 0, 2]), Err(OpenError::Chunk { index: 1 }));
    let announced = sealed.len() as u64;
    let chunk = chunks[0].len() as u64;
    let missing = VerifyError::BodyMismatch {
        announced,
        found: announced - chunk,
    };
    assert_eq!(opened(&[0, 1]), Err(missing.into()));
    assert!(matches!(
        opened(&[0, 1, 2, 2]),
        Err(OpenError::Verify(VerifyError::BodyMismatch { found, .. })) if found > announced
    ));
}

#[test]
fn a_sealer_holds_the_sender_to_the_announced_length() {
    let mut sealer = Sealer::start(draft(), 10, &Seeded::new(1)).unwrap();
    sealer.push(b"12345", &mut Vec::new()).unwrap();
    assert_eq!(
        sealer.push(b"678901", &mut Vec::new()),
        Err(SealError::LengthNotKept {
            announced: 10,
            found: 11
        })
    );
    let mut sealer = Sealer::start(draft(), 10, &Seeded::new(1)).unwrap();
    sealer.push(b"12345", &mut Vec::new()).unwrap();
    assert_eq!(
        sealer.finish(&mut Vec::new()).map(|_| ()),
        Err(SealError::LengthNotKept {
            announced: 10,
            found: 5
        })
    );
    assert!(Sealer::start(draft(), MAX_BODY + 1, &Seeded::new(1)).is_err());
}

#[test]
fn a_streamed_body_is_proved_by_its_slip() {
    let scene = Scene::new(b"unused");
    let (content, sealed) = sealed_in_pieces(&text(150_000), 4096);
    let signed = sign_slip(
        &content,
        &scene.school.recipient(),
        &scene.signing,
        &Seeded::new(2),
    )
    .unwrap();
    let slip = Raw::<Slip>::parse(signed.bytes).unwrap();
    let key = unwrap_content_key(&content.header, &slip, &scene.school.own()).unwrap();
    let mut opener = Opener::start(&content.header, &key).unwrap();
    let mut opened = Vec::new();
    opener.push(&sealed, &mut opened).unwrap();
    let root = opener.finish(&mut opened).unwrap();
    let sender = &scene.sender.verifying_key;
    verify_slip(&content.header, root, &slip, &signed.signature, sender).unwrap();
    let other = content_root(&sealed[1..]);
    assert!(verify_slip(&content.header, other, &slip, &signed.signature, sender).is_err());
    assert_eq!(opened, text(150_000));
}
