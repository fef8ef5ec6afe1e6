//! Signed statements: canonical bytes with an Ed25519 signature over the type's label and those bytes.
//!
//! The **organisation** signs which keys its units have ([`KeyStatement`], [`KeyStateChange`]); the **unit**
//! signs who acts for it ([`ActingStatement`]) and how a delivery ended ([`DeliveryAnswer`]); the **log** signs
//! its promise that an entry is durable ([`Ticket`]). One mechanism serves all: [`Signed`]. Which key is whose,
//! and whether a statement still holds, is for its reader to know.

mod acting;
mod answer;
mod key;
#[cfg(test)]
mod tests;
mod ticket;

pub use acting::{ACTING_MAX_AGE_US, ACTING_MAX_SKEW_US, ActingStatement};
pub use answer::{Answer, DeliveryAnswer};
pub use key::{KeyId, KeyState, KeyStateChange, KeyStatement};
pub use ticket::Ticket;

use crate::canonical::{Canonical, Malformed, Raw};
use crate::envelope::{Signature, SignatureInvalid, SigningKeyPair, VerifyingKey};

/// What may be signed by itself: everything whose label is made for that.
pub trait Statement: Canonical {}

/// Why a statement is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The bytes are not canonical, or a field breaks its limit.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Bytes, signature and key do not belong together.
    #[error(transparent)]
    SignatureInvalid(#[from] SignatureInvalid),
}

/// A statement whose signature was made here or has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    raw: Raw<T>,
    signature: Signature,
}

impl<T: Statement> Signed<T> {
    /// Signs a statement.
    ///
    /// # Errors
    /// [`Malformed`] when a field breaks its limit.
    pub fn sign(statement: T, key: &SigningKeyPair) -> Result<Self, Malformed> {
        let raw = Raw::new(statement)?;
        let signature = key.sign(T::LABEL, raw.bytes());
        Ok(Self { raw, signature })
    }

    /// Reads and verifies a statement that came from elsewhere.
    ///
    /// Where the statement itself says whose key to use, read it first with [`Raw::parse`] and pass its bytes on.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn verify(bytes: &[u8], signature: &[u8], key: &VerifyingKey) -> Result<Self, StatementError> {
        let signature = Signature::try_from(signature)?;
        let signed = Self {
            raw: Raw::parse(bytes)?,
            signature,
        };
        signed.verify_again(key)?;
        Ok(signed)
    }

    /// Judges the signature under another key than before.
    ///
    /// # Errors
    /// [`SignatureInvalid`].
    pub fn verify_again(&self, key: &VerifyingKey) -> Result<(), SignatureInvalid> {
        key.verify(T::LABEL, self.raw.bytes(), &self.signature)
    }

    /// What it says.
    #[must_use]
    pub const fn value(&self) -> &T {
        self.raw.value()
    }

    /// What it says, with its raw bytes.
    #[must_use]
    pub const fn raw(&self) -> &Raw<T> {
        &self.raw
    }

    /// Its canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.raw.bytes()
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> Signature {
        self.signature
    }
}
