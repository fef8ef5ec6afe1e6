//! The content key of one document, what is derived from it, and the header's commitment to it.

use core::fmt;

use ring::aead::{CHACHA20_POLY1305, LessSafeKey, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use samrum_consent::id::DocumentId;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{HeaderHash, KeyError, Randomness, SealError};
use crate::canonical::Label;

/// The key of one document: 32 bytes, minted for it alone, wrapped in every slip.
///
/// The sender keeps it with the sealed envelope until every recipient has its slip, so that a stale key needs a
/// new slip and not a new document. Zeroized when dropped.
#[derive(Clone)]
pub struct ContentKey(Zeroizing<[u8; 32]>);

impl ContentKey {
    pub(super) fn mint(randomness: &dyn Randomness) -> Result<Self, SealError> {
        let mut bytes = Zeroizing::new([0; 32]);
        randomness.fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// The key kept in an outbox.
    ///
    /// # Errors
    /// [`KeyError`] when it has another length than 32 bytes or is all zero.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        super::sealing::secret_bytes(bytes).map(Self)
    }

    /// The 32 bytes, to be kept where only the sender reads.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// What the header of this document says about this key.
    ///
    /// # Errors
    /// [`KeyError::Rejected`] when the derivation fails, which its fixed lengths rule out.
    pub fn commitment(&self, document: DocumentId) -> Result<KeyCommitment, KeyError> {
        let info = [Label::KEY_COMMITMENT.as_bytes(), document.as_bytes().as_slice()];
        let mut tag = [0; 32];
        self.extract()
            .expand(&info, TagLength)
            .and_then(|okm| okm.fill(&mut tag))
            .map_err(|_| KeyError::Rejected)?;
        Ok(KeyCommitment(tag))
    }

    /// The key that seals the body under this header and no other.
    pub(super) fn body_key(&self, header: HeaderHash) -> Result<LessSafeKey, KeyError> {
        let info = [Label::BODY_KEY.as_bytes(), header.as_bytes().as_slice()];
        let prk = self.extract();
        let okm = prk
            .expand(&info, &CHACHA20_POLY1305)
            .map_err(|_| KeyError::Rejected)?;
        Ok(LessSafeKey::new(UnboundKey::from(okm)))
    }

    fn extract(&self) -> Prk {
        Salt::new(HKDF_SHA256, Label::CONTENT_KEY.as_bytes()).extract(self.0.as_slice())
    }
}

struct TagLength;

impl KeyType for TagLength {
    fn len(&self) -> usize {
        32
    }
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(…)")
    }
}

/// What a header says about its content key without revealing it. Equality takes constant time.
///
/// **Shape**: 32 bytes, HKDF-SHA256 with salt `samrum/content-key/v1`, the content key as input and info
/// `samrum/key-commitment/v1` ‖ document id. Finding two keys with one commitment means a collision of SHA-256.
#[derive(Clone, Copy)]
pub struct KeyCommitment([u8; 32]);

impl KeyCommitment {
    /// The commitment made of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for KeyCommitment {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for KeyCommitment {}

impl fmt::Debug for KeyCommitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
