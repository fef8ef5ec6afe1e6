//! Sealing and opening bodies chunk by chunk in constant memory: the STREAM construction, and the content root.
//!
//! Wrapping the content key is `sealing`'s; judging signatures is `verify`'s.

use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use zeroize::{Zeroize, Zeroizing};

use super::{
    BodyLength, CHUNK_BYTES, CHUNK_TAG_BYTES, ContentKey, Draft, Header, HeaderHash, OpenError, Randomness,
    SealError, VerifyError,
};
use crate::canonical::{Label, Raw, digests};
use crate::ledger::{Frontier, leaf_hash};

digests! {
    /// Root of the RFC 6962 tree (§2.1, SHA-256) whose leaves are a body's sealed chunks in order.
    ContentRoot = "content_root";
}

const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + CHUNK_TAG_BYTES;

/// A sealed body's key, root and header: what slips are made from.
#[derive(Debug, Clone)]
pub struct SealedContent {
    /// The header, encoded once.
    pub header: Raw<Header>,
    /// The root over the sealed chunks.
    pub root: ContentRoot,
    /// To be kept until every recipient has its slip.
    pub content_key: ContentKey,
}

/// One direction of one body: key, associated data, position and tree.
struct Stream {
    key: LessSafeKey,
    associated_data: Vec<u8>,
    chunk: u32,
    frontier: Frontier,
}

impl Stream {
    fn new(key: LessSafeKey, header: HeaderHash) -> Self {
        let associated_data = [Label::CHUNK.as_bytes(), header.as_bytes()].concat();
        Self {
            key,
            associated_data,
            chunk: 0,
            frontier: Frontier::default(),
        }
    }

    /// The nonce of the next chunk; `None` past the last that a counter of 32 bits can name.
    fn nonce(&mut self, last: bool) -> Option<Nonce> {
        let mut nonce = [0; NONCE_LEN];
        let (_, tail) = nonce.split_last_chunk_mut::<5>()?;
        let [first, second, third, fourth] = self.chunk.to_be_bytes();
        *tail = [first, second, third, fourth, u8::from(last)];
        self.chunk = self.chunk.checked_add(1)?;
        Some(Nonce::assume_unique_for_key(nonce))
    }

    fn seal(&mut self, plaintext: &[u8], last: bool, sealed: &mut Vec<u8>) -> Option<()> {
        let nonce = self.nonce(last)?;
        let start = sealed.len();
        sealed.extend_from_slice(plaintext);
        let chunk = sealed.get_mut(start..)?;
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::from(&self.associated_data), chunk)
            .ok()?;
        sealed.extend_from_slice(tag.as_ref());
        self.frontier.append(leaf_hash(sealed.get(start..)?));
        Some(())
    }

    fn open(&mut self, sealed: &mut [u8], last: bool, plaintext: &mut Vec<u8>) -> Option<()> {
        let nonce = self.nonce(last)?;
        self.frontier.append(leaf_hash(sealed));
        let opened = self
            .key
            .open_in_place(nonce, Aad::from(&self.associated_data), sealed)
            .ok()?;
        plaintext.extend_from_slice(opened);
        Some(())
    }

    fn root(&self) -> ContentRoot {
        ContentRoot::from_bytes(*self.frontier.root().as_bytes())
    }
}

/// Room for one chunk, never reallocated, so that no copy of the text is left behind.
fn buffer(length: u64, chunk: usize) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(
        usize::try_from(length).map_or(chunk, |length| length.min(chunk)),
    ))
}

/// Seals one text under one fresh content key. Memory: one chunk.
pub struct Sealer {
    header: Raw<Header>,
    content_key: ContentKey,
    stream: Stream,
    buffer: Zeroizing<Vec<u8>>,
    left: u64,
}

impl Sealer {
    /// Mints the content key and fixes the header; the length of the text must be known beforehand.
    ///
    /// # Errors
    /// [`SealError`] when the draft breaks a limit, the text is too long, or there is no randomness.
    pub fn start(draft: Draft, plaintext_bytes: u64, randomness: &dyn Randomness) -> Result<Self, SealError> {
        let length = BodyLength::from_plaintext(plaintext_bytes)?;
        let content_key = ContentKey::mint(randomness)?;
        let commitment = content_key
            .commitment(draft.document)
            .map_err(|_| SealError::Cipher)?;
        let header = Raw::new(Header::from_draft(draft, length, commitment))?;
        let body_key = content_key
            .body_key(header.hash())
            .map_err(|_| SealError::Cipher)?;
        let stream = Stream::new(body_key, header.hash());
        let buffer = buffer(plaintext_bytes, CHUNK_BYTES);
        Ok(Self {
            header,
            content_key,
            stream,
            buffer,
            left: plaintext_bytes,
        })
    }

    /// The header as it will be sent.
    #[must_use]
    pub const fn header(&self) -> &Raw<Header> {
        &self.header
    }

    /// Takes the next piece of text, of any length, and appends the chunks that it completes to `sealed`.
    ///
    /// # Errors
    /// [`SealError::LengthNotKept`] when it is more than announced; the sealer is then of no use.
    pub fn push(&mut self, mut plaintext: &[u8], sealed: &mut Vec<u8>) -> Result<(), SealError> {
        let announced = self.header.value().body_length.plaintext();
        let length = plaintext.len() as u64;
        self.left = self
            .left
            .checked_sub(length)
            .ok_or_else(|| SealError::LengthNotKept {
                announced,
                found: (announced - self.left).saturating_add(length),
            })?;
        // A full buffer is sealed only when more follows: the last chunk carries its flag.
        while !plaintext.is_empty() {
            if self.buffer.len() == CHUNK_BYTES {
                self.stream
                    .seal(&self.buffer, false, sealed)
                    .ok_or(SealError::Cipher)?;
                self.buffer.zeroize();
            }
            let taken = plaintext.len().min(CHUNK_BYTES - self.buffer.len());
            let (piece, rest) = plaintext.split_at(taken);
            self.buffer.extend_from_slice(piece);
            plaintext = rest;
        }
        Ok(())
    }

    /// Seals the last chunk and ends the body.
    ///
    /// # Errors
    /// [`SealError::LengthNotKept`] when less text came than announced.
    pub fn finish(mut self, sealed: &mut Vec<u8>) -> Result<SealedContent, SealError> {
        if self.left > 0 {
            let announced = self.header.value().body_length.plaintext();
            return Err(SealError::LengthNotKept {
                announced,
                found: announced - self.left,
            });
        }
        self.stream
            .seal(&self.buffer, true, sealed)
            .ok_or(SealError::Cipher)?;
        Ok(SealedContent {
            root: self.stream.root(),
            header: self.header,
            content_key: self.content_key,
        })
    }
}

/// Opens one sealed body. Memory: one chunk.
///
/// Each piece of text that it gives has passed its own authentication, but only [`Opener::finish`] knows that
/// the body is whole, and only [`super::verify_slip`] with the root it returns that the sender signed it. A
/// caller that shows or stores text before both have passed must be able to take it back.
pub struct Opener {
    stream: Stream,
    buffer: Zeroizing<Vec<u8>>,
    length: BodyLength,
    left: u64,
}

impl Opener {
    /// Checks the key against the header's commitment before anything else.
    ///
    /// # Errors
    /// [`OpenError::KeyCommitment`] when the header commits to another key.
    pub fn start(header: &Raw<Header>, content_key: &ContentKey) -> Result<Self, OpenError> {
        let Header {
            document,
            key_commitment,
            body_length,
            ..
        } = header.value();
        let commitment = content_key
            .commitment(*document)
            .map_err(|_| OpenError::KeyCommitment)?;
        if commitment != *key_commitment {
            return Err(OpenError::KeyCommitment);
        }
        let body_key = content_key
            .body_key(header.hash())
            .map_err(|_| OpenError::KeyCommitment)?;
        Ok(Self {
            stream: Stream::new(body_key, header.hash()),
            buffer: buffer(body_length.sealed(), SEALED_CHUNK_BYTES),
            length: *body_length,
            left: body_length.sealed(),
        })
    }

    /// Takes the next piece of the sealed body, of any length, and appends the text it completes.
    ///
    /// # Errors
    /// [`OpenError::Chunk`] when a chunk does not open, [`VerifyError::BodyMismatch`] when more comes than
    /// the header announces; the opener is then of no use.
    pub fn push(&mut self, mut sealed: &[u8], plaintext: &mut Vec<u8>) -> Result<(), OpenError> {
        let announced = self.length.sealed();
        let length = sealed.len() as u64;
        self.left = self
            .left
            .checked_sub(length)
            .ok_or_else(|| VerifyError::BodyMismatch {
                announced,
                found: (announced - self.left).saturating_add(length),
            })?;
        while !sealed.is_empty() {
            if self.buffer.len() == SEALED_CHUNK_BYTES {
                self.open_buffer(false, plaintext)?;
            }
            let taken = sealed.len().min(SEALED_CHUNK_BYTES - self.buffer.len());
            let (piece, rest) = sealed.split_at(taken);
            self.buffer.extend_from_slice(piece);
            sealed = rest;
        }
        Ok(())
    }

    /// Opens the last chunk and gives the root to be judged with the slip's signature.
    ///
    /// # Errors
    /// [`VerifyError::BodyMismatch`] when the body ended early, [`OpenError::Chunk`] when it does not open.
    pub fn finish(mut self, plaintext: &mut Vec<u8>) -> Result<ContentRoot, OpenError> {
        if self.left > 0 {
            let announced = self.length.sealed();
            return Err(VerifyError::BodyMismatch {
                announced,
                found: announced - self.left,
            }
            .into());
        }
        self.open_buffer(true, plaintext)?;
        Ok(self.stream.root())
    }

    fn open_buffer(&mut self, last: bool, plaintext: &mut Vec<u8>) -> Result<(), OpenError> {
        let index = u64::from(self.stream.chunk);
        self.stream
            .open(&mut self.buffer, last, plaintext)
            .ok_or(OpenError::Chunk { index })?;
        // What is in the buffer now is text.
        self.buffer.zeroize();
        Ok(())
    }
}

/// The root over a whole sealed body, without any key.
#[must_use]
pub fn content_root(sealed: &[u8]) -> ContentRoot {
    let mut frontier = Frontier::default();
    for chunk in sealed.chunks(SEALED_CHUNK_BYTES) {
        frontier.append(leaf_hash(chunk));
    }
    ContentRoot::from_bytes(*frontier.root().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Stream {
        let key = ContentKey::from_bytes(&[3; 32]).unwrap();
        let header = HeaderHash::from_bytes([4; 32]);
        Stream::new(key.body_key(header).unwrap(), header)
    }

    #[test]
    fn a_chunk_is_last_or_not_and_cannot_be_the_other() {
        for sealed_last in [false, true] {
            for opened_last in [false, true] {
                let mut sealed = Vec::new();
                stream().seal(b"text", sealed_last, &mut sealed).unwrap();
                let opened = stream().open(&mut sealed, opened_last, &mut Vec::new());
                assert_eq!(opened.is_some(), sealed_last == opened_last);
            }
        }
    }

    #[test]
    fn a_chunk_belongs_to_its_header() {
        let mut sealed = Vec::new();
        stream().seal(b"text", true, &mut sealed).unwrap();
        let mut other = stream();
        other.associated_data.push(0);
        assert!(other.open(&mut sealed.clone(), true, &mut Vec::new()).is_none());
        assert!(stream().open(&mut sealed, true, &mut Vec::new()).is_some());
    }

    #[test]
    fn the_counter_ends_and_never_wraps() {
        let mut stream = stream();
        stream.chunk = u32::MAX;
        assert!(stream.seal(b"text", true, &mut Vec::new()).is_none());
        assert_eq!(stream.chunk, u32::MAX);
    }
}
