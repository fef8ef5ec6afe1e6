//! Ed25519 (RFC 8032) keys and signatures of units, organisations and logs.
//!
//! What is signed is decided by the callers, always behind a label. X-Wing keys live in `sealing`.

use core::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::{KeyError, Randomness};
use crate::canonical::{Label, Malformed};

/// The y coordinates, sign bit cleared, of every encoding of a point of small order, as
/// big-endian words of the encoding. Under such a key anybody
/// can produce signatures, so that nobody could be held to one.
const SMALL_ORDER: [[u64; 4]; 7] = [
    [
        0x0000_0000_0000_0000,
        0x0000_0000_0000_0000,
        0x0000_0000_0000_0000,
        0x0000_0000_0000_0000,
    ],
    [
        0x0100_0000_0000_0000,
        0x0000_0000_0000_0000,
        0x0000_0000_0000_0000,
        0x0000_0000_0000_0000,
    ],
    [
        0x26e8_958f_c2b2_27b0,
        0x45c3_f489_f2ef_98f0,
        0xd5df_ac05_d3c6_3339,
        0xb138_0288_6d53_fc05,
    ],
    [
        0xc717_6a70_3d4d_d84f,
        0xba3c_0b76_0d10_670f,
        0x2a20_53fa_2c39_ccc6,
        0x4ec7_fd77_92ac_037a,
    ],
    [
        0xecff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ff7f,
    ],
    [
        0xedff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ff7f,
    ],
    [
        0xeeff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ff7f,
    ],
];

/// The signature does not belong to these bytes and this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not belong to these bytes and this key")]
pub struct SignatureInvalid;

/// An Ed25519 signature, 64 bytes, not yet judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// The signature made of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Signature {
    type Error = Malformed;

    fn try_from(bytes: &[u8]) -> Result<Self, Malformed> {
        bytes.try_into().map(Self).map_err(|_| Malformed::WrongLength {
            field: "signature",
            expected: 64,
            found: bytes.len(),
        })
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// An Ed25519 public key, 32 bytes, of a point that is not of small order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerifyingKey([u8; 32]);

impl VerifyingKey {
    /// The key made of these bytes.
    ///
    /// # Errors
    /// [`Malformed::UnusableKey`] for an encoding of a point of small order.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, Malformed> {
        let mut magnitude = bytes;
        if let Some(last) = magnitude.last_mut() {
            *last &= 0x7f;
        }
        let (words, _) = magnitude.as_chunks();
        if SMALL_ORDER
            .iter()
            .any(|point| words.iter().map(|word| u64::from_be_bytes(*word)).eq(*point))
        {
            return Err(Malformed::UnusableKey { field: FIELD });
        }
        Ok(Self(bytes))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Judges a signature over a label and the bytes behind it.
    ///
    /// # Errors
    /// [`SignatureInvalid`] when it belongs to other bytes or another key, or the key is no point.
    pub fn verify(
        &self,
        label: Label,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureInvalid> {
        self.verify_bytes(&[label.as_bytes(), message].concat(), signature.as_bytes())
    }

    /// Judges a signature over bytes whose format separates itself: a signed note.
    pub(crate) fn verify_bytes(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(message, signature)
            .map_err(|_| SignatureInvalid)
    }
}

const FIELD: &str = "signing_public_key";

impl TryFrom<&[u8]> for VerifyingKey {
    type Error = Malformed;

    fn try_from(bytes: &[u8]) -> Result<Self, Malformed> {
        let bytes = bytes.try_into().map_err(|_| Malformed::WrongLength {
            field: FIELD,
            expected: 32,
            found: bytes.len(),
        })?;
        Self::from_bytes(bytes)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// An Ed25519 key pair, parsed once. The seed is zeroized when dropped; the copy inside `ring` is not.
pub struct SigningKeyPair {
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
    verifying: VerifyingKey,
}

impl SigningKeyPair {
    /// Mints a key pair.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] when there is none.
    pub fn generate(randomness: &dyn Randomness) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        randomness.fill(seed.as_mut_slice())?;
        Self::from_seed(seed.as_slice())
    }

    /// The key pair of a stored seed of 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`] when it has another length or is all zero.
    pub fn from_seed(seed: &[u8]) -> Result<Self, KeyError> {
        let seed = super::sealing::secret_bytes(seed)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_| KeyError::Rejected)?;
        let verifying = VerifyingKey::try_from(pair.public_key().as_ref()).map_err(|_| KeyError::Rejected)?;
        Ok(Self {
            seed,
            pair,
            verifying,
        })
    }

    /// The public half.
    #[must_use]
    pub const fn verifying_key(&self) -> VerifyingKey {
        self.verifying
    }

    /// The seed, to be stored where only its owner reads.
    #[must_use]
    pub fn expose_seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Signs a label and the bytes behind it.
    #[must_use]
    pub fn sign(&self, label: Label, message: &[u8]) -> Signature {
        self.sign_bytes(&[label.as_bytes(), message].concat())
    }

    /// Signs bytes whose format separates itself: a signed note.
    pub(crate) fn sign_bytes(&self, message: &[u8]) -> Signature {
        let mut bytes = [0; 64];
        bytes.copy_from_slice(self.pair.sign(message).as_ref());
        Signature(bytes)
    }
}

impl fmt::Debug for SigningKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeyPair")
            .field("verifying", &self.verifying)
            .finish_non_exhaustive()
    }
}
