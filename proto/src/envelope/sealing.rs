//! X-Wing keys, and wrapping a content key for one recipient with HPKE (RFC 9180 §5.1.1, base mode).
//!
//! X-Wing is draft-connolly-cfrg-xwing-kem-10 as KEM 0x647a of draft-ietf-hpke-pq-03: not yet an RFC, hence the
//! suite number beside every wrapped key. Authenticated mode is not offered for it. Ed25519 lives in `signing`.

use core::convert::Infallible;
use core::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng,
};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::{Zeroize, Zeroizing};

use super::{
    ContentKey, HeaderHash, KeyError, Randomness, RandomnessUnavailable, SEALING_PRIVATE_KEY_BYTES,
    SEALING_PUBLIC_KEY_BYTES, WRAPPED_KEY_BYTES,
};
use crate::canonical::{Label, Malformed};
use crate::statement::KeyId;
use samrum_consent::id::UnitId;

/// Which algorithms a key and a slip use. One number names them all; unknown numbers are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// X-Wing (draft 10), HKDF-SHA256, ChaCha20-Poly1305; Ed25519 beside it.
    XWing,
}

impl Suite {
    /// The number in canonical bytes.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::XWing => 1,
        }
    }

    /// The suite with this number.
    ///
    /// # Errors
    /// [`Malformed::UnknownNumber`] for any that this program does not know: there is no fallback.
    pub const fn from_number(number: u16) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::XWing),
            _ => Err(Malformed::UnknownNumber {
                field: "suite",
                number: number as u64,
            }),
        }
    }
}

/// What a content key is sealed to: an X-Wing public key, parsed once.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingPublicKey(<XWing as Kem>::PublicKey);

const FIELD: &str = "sealing_public_key";

impl SealingPublicKey {
    /// The key in these 1,216 bytes.
    ///
    /// # Errors
    /// [`Malformed`] when the length is another, or either half is no usable key (all zero, not reduced).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let (lattice, curve) = bytes
            .split_last_chunk::<32>()
            .filter(|_| bytes.len() == SEALING_PUBLIC_KEY_BYTES)
            .ok_or(Malformed::WrongLength {
                field: FIELD,
                expected: SEALING_PUBLIC_KEY_BYTES,
                found: bytes.len(),
            })?;
        // The library parses all-zero keys; a secret shared with one is known to everybody.
        if is_zero(lattice) || is_zero(curve) {
            return Err(Malformed::UnusableKey { field: FIELD });
        }
        <XWing as Kem>::PublicKey::from_bytes(bytes)
            .map(Self)
            .map_err(|_| Malformed::UnusableKey { field: FIELD })
    }

    /// The 1,216 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }
}

impl fmt::Debug for SealingPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingPublicKey(")?;
        self.0
            .to_bytes()
            .iter()
            .take(8)
            .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…)")
    }
}

/// What unwraps: an X-Wing key pair, parsed and expanded once, zeroized when dropped.
pub struct SealingKeyPair {
    private: <XWing as Kem>::PrivateKey,
    public: SealingPublicKey,
}

impl SealingKeyPair {
    /// Mints a key pair.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] when there is none.
    pub fn generate(randomness: &dyn Randomness) -> Result<Self, KeyError> {
        let mut private = Zeroizing::new([0; SEALING_PRIVATE_KEY_BYTES]);
        randomness.fill(private.as_mut_slice())?;
        Self::from_private_bytes(private.as_slice())
    }

    /// The key pair of a stored private key of 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`] when it has another length or is all zero.
    pub fn from_private_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = secret_bytes(bytes)?;
        let private =
            <XWing as Kem>::PrivateKey::from_bytes(bytes.as_slice()).map_err(|_| KeyError::Rejected)?;
        let public = SealingPublicKey(XWing::sk_to_pk(&private));
        Ok(Self { private, public })
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &SealingPublicKey {
        &self.public
    }

    /// The private key, to be stored where only its owner reads.
    #[must_use]
    pub fn expose_private_bytes(&self) -> Zeroizing<[u8; SEALING_PRIVATE_KEY_BYTES]> {
        let mut bytes = Zeroizing::new([0; SEALING_PRIVATE_KEY_BYTES]);
        self.private.write_exact(bytes.as_mut_slice());
        bytes
    }
}

impl fmt::Debug for SealingKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKeyPair")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// For whom a content key is wrapped, and with which document it belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct WrapContext {
    pub(super) header: HeaderHash,
    pub(super) recipient: UnitId,
    pub(super) key_id: KeyId,
    pub(super) suite: Suite,
}

impl WrapContext {
    fn info(&self) -> Vec<u8> {
        [Label::WRAP.as_bytes(), self.header.as_bytes()].concat()
    }

    fn associated_data(&self) -> Vec<u8> {
        [
            Label::WRAP_RECIPIENT.as_bytes(),
            self.recipient.as_bytes(),
            self.key_id.as_bytes(),
            &self.suite.number().to_be_bytes(),
        ]
        .concat()
    }
}

/// Wraps a content key: X-Wing ciphertext, then the sealed key and its tag.
pub(super) fn wrap(
    public: &SealingPublicKey,
    context: &WrapContext,
    content_key: &ContentKey,
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, WrapError> {
    let mut drawn = Drawn::draw(randomness)?;
    let (encapsulated, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public.0,
        &context.info(),
        content_key.expose(),
        &context.associated_data(),
        &mut drawn,
    )
    .map_err(|_| WrapError::Failed)?;
    if drawn.exhausted {
        return Err(WrapError::Failed);
    }
    let mut wrapped = encapsulated.to_bytes().to_vec();
    wrapped.extend_from_slice(&sealed);
    Ok(wrapped)
}

/// Why a content key was not wrapped.
#[derive(Debug, Clone, Copy)]
pub(super) enum WrapError {
    Randomness,
    Failed,
}

impl From<RandomnessUnavailable> for WrapError {
    fn from(_: RandomnessUnavailable) -> Self {
        Self::Randomness
    }
}

/// Unwraps a content key; `None` when it was not wrapped for this key pair in this context.
pub(super) fn unwrap(own: &SealingKeyPair, context: &WrapContext, wrapped: &[u8]) -> Option<ContentKey> {
    if wrapped.len() != WRAPPED_KEY_BYTES {
        return None;
    }
    let (encapsulated, sealed) = wrapped.split_at_checked(<XWing as Kem>::EncappedKey::size())?;
    let encapsulated = <XWing as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    let key = single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &own.private,
        &encapsulated,
        &context.info(),
        sealed,
        &context.associated_data(),
    )
    .ok()
    .map(Zeroizing::new)?;
    ContentKey::from_bytes(&key).ok()
}

/// Exactly the 64 bytes that one X-Wing encapsulation consumes, drawn beforehand: the library's own interface
/// to randomness cannot fail, ours can.
struct Drawn {
    bytes: [u8; ENCAPSULATION_BYTES],
    used: usize,
    exhausted: bool,
}

const ENCAPSULATION_BYTES: usize = 64;

impl Drawn {
    fn draw(randomness: &dyn Randomness) -> Result<Self, RandomnessUnavailable> {
        let mut drawn = Self {
            bytes: [0; ENCAPSULATION_BYTES],
            used: 0,
            exhausted: false,
        };
        randomness.fill(&mut drawn.bytes)?;
        Ok(drawn)
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        let end = self.used.saturating_add(buffer.len());
        match self.bytes.get(self.used..end) {
            Some(bytes) => {
                buffer.copy_from_slice(bytes);
                self.used = end;
            }
            // The caller sees `exhausted` and throws the result away.
            None => self.exhausted = true,
        }
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

/// 32 bytes of key material that are neither missing nor all zero.
pub(super) fn secret_bytes(bytes: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let bytes: [u8; 32] = bytes
        .try_into()
        .map_err(|_| KeyError::WrongLength { found: bytes.len() })?;
    let bytes = Zeroizing::new(bytes);
    if is_zero(bytes.as_slice()) {
        Err(KeyError::Empty)
    } else {
        Ok(bytes)
    }
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().fold(0, |all, byte| all | byte) == 0
}
