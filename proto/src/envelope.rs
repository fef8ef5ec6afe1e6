//! The envelope: one clear header, one sealed body, one signed slip per recipient.
//!
//! - [`Header`]: what the hub must read to decide, and nothing more.
//! - Body: ChaCha20-Poly1305 (RFC 8439) over chunks of 64 KiB in the STREAM construction (Hoang, Reyhanitabar,
//!   Rogaway, Vizár 2015): nonce = seven zero bytes ‖ chunk counter as big-endian `u32` ‖ last-chunk flag. The
//!   key is derived by HKDF-SHA256 (RFC 5869) from the document's own content key and the header's hash, which
//!   is also every chunk's associated data. The [`ContentRoot`] is an RFC 6962 tree over the sealed chunks.
//! - Key commitment: a second HKDF output of the content key, bound to the document id, in the header. Since
//!   ChaCha20-Poly1305 opens under many keys, only this keeps two recipients from reading two texts.
//! - [`Slip`]: the content key wrapped for one recipient by HPKE base mode (RFC 9180) with X-Wing, and the basis
//!   the sender names. The sender's unit signs each slip with header and body: no recipient learns of another.
//!
//! Randomness is an argument, the raw bytes are kept and signed, nothing here decides or stores. What a body
//! says lives in `samrum.document.v1`; which key is a unit's lives in the directory and in `statement`.

mod basis;
mod body;
mod content_key;
mod error;
mod header;
mod length;
mod open;
mod randomness;
mod seal;
mod sealing;
mod signing;
mod slip;
#[cfg(test)]
mod tests;
mod verify;

pub use body::{ContentRoot, Opener, SealedContent, Sealer, content_root};
pub use content_key::{ContentKey, KeyCommitment};
pub use error::{KeyError, OpenError, SealError, VerifyError};
pub use header::{Draft, Header, HeaderHash};
pub use length::BodyLength;
pub use open::{Opened, OwnKey, open, unwrap_content_key};
pub use randomness::{Randomness, RandomnessUnavailable};
pub use seal::{Recipient, SealedEnvelope, SignedSlip, seal, sign_slip};
pub use sealing::{SealingKeyPair, SealingPublicKey, Suite};
pub use signing::{Signature, SignatureInvalid, SigningKeyPair, VerifyingKey};
pub use slip::Slip;
pub use verify::{SenderKey, VerifiedEnvelope, VerifiedSlip, verify_envelope, verify_slip};

/// The most bytes of an encoded header.
pub const MAX_HEADER_BYTES: usize = 64 * 1024;
/// The most categories that a header names.
pub const MAX_CATEGORIES: usize = 32;
/// The most individuals that a document is about.
pub const MAX_SUBJECTS: usize = 64;
/// The most recipients, hence slips, of one envelope.
pub const MAX_RECIPIENTS: usize = 64;
/// The most bytes of an encoded slip.
pub const MAX_SLIP_BYTES: usize = 8 * 1024;
/// Plaintext bytes of every chunk but the last.
pub const CHUNK_BYTES: usize = 64 * 1024;
/// What sealing adds to each chunk: the Poly1305 tag.
pub const CHUNK_TAG_BYTES: usize = 16;
/// The most plaintext bytes of a body that travels with its header.
pub const MAX_INLINE_BODY: usize = 256 * 1024;
/// The most plaintext bytes of any body: 2 GiB.
pub const MAX_BODY: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes of a sealing public key: ML-KEM-768 (1184) and X25519 (32).
pub const SEALING_PUBLIC_KEY_BYTES: usize = 1216;
/// Bytes of a sealing private key: the seed of X-Wing.
pub const SEALING_PRIVATE_KEY_BYTES: usize = 32;
/// Bytes of a wrapped content key: X-Wing ciphertext (1120), key (32), tag (16).
pub const WRAPPED_KEY_BYTES: usize = 1168;
