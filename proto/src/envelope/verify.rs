//! What anybody can verify without a private key: lengths, root, and the sender's signature on every slip.
//!
//! This is the hub's whole view. Whether the sender may send is the admission's question.

use std::collections::BTreeSet;

use samrum_consent::id::UnitId;

use super::error::signature_invalid;
use super::seal::signed_bytes;
use super::{
    ContentRoot, Header, MAX_INLINE_BODY, MAX_RECIPIENTS, Signature, SignedSlip, Slip, VerifyError,
    VerifyingKey, content_root,
};
use crate::canonical::{Label, Raw};

/// Whose key judges the signatures: the sender as the certificate or a verified key statement names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderKey {
    /// The unit.
    pub unit: UnitId,
    /// Its Ed25519 key.
    pub verifying_key: VerifyingKey,
}

/// A slip that its sender signed with this header and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSlip {
    slip: Raw<Slip>,
    signature: Signature,
}

impl VerifiedSlip {
    /// The slip with its raw bytes.
    #[must_use]
    pub const fn slip(&self) -> &Raw<Slip> {
        &self.slip
    }

    /// The sender's signature.
    #[must_use]
    pub const fn signature(&self) -> Signature {
        self.signature
    }
}

/// An envelope that its sender signed as a whole. Made by [`verify_envelope`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEnvelope {
    header: Raw<Header>,
    root: ContentRoot,
    slips: Vec<VerifiedSlip>,
}

impl VerifiedEnvelope {
    /// The header with its raw bytes.
    #[must_use]
    pub const fn header(&self) -> &Raw<Header> {
        &self.header
    }

    /// The root over the sealed chunks.
    #[must_use]
    pub const fn root(&self) -> ContentRoot {
        self.root
    }

    /// One per recipient, in the order sent.
    #[must_use]
    pub fn slips(&self) -> &[VerifiedSlip] {
        &self.slips
    }
}

/// Verifies an envelope whose body travels with it, cheapest checks first.
///
/// # Errors
/// [`VerifyError`]: how many slips, what is malformed, another sender, lengths that differ, a signature that
/// does not belong.
pub fn verify_envelope(
    header: &[u8],
    body: &[u8],
    slips: &[SignedSlip],
    sender: &SenderKey,
) -> Result<VerifiedEnvelope, VerifyError> {
    if slips.is_empty() {
        return Err(VerifyError::NoRecipients);
    }
    if slips.len() > MAX_RECIPIENTS {
        return Err(VerifyError::TooManyRecipients { most: MAX_RECIPIENTS });
    }
    let header = Raw::<Header>::parse(header)?;
    let mut recipients = BTreeSet::new();
    let mut parsed = Vec::with_capacity(slips.len());
    for signed in slips {
        let slip = Raw::<Slip>::parse(signed.bytes.as_slice())?;
        let recipient = slip.value().recipient;
        if !recipients.insert(recipient) {
            return Err(VerifyError::DuplicateRecipient { unit: recipient });
        }
        parsed.push(VerifiedSlip {
            slip,
            signature: signed.signature,
        });
    }
    let root = root_of(&header, body, sender)?;
    for VerifiedSlip { slip, signature } in &parsed {
        verify_slip(&header, root, slip, signature, &sender.verifying_key)?;
    }
    Ok(VerifiedEnvelope {
        header,
        root,
        slips: parsed,
    })
}

/// Verifies that one slip was signed with this header and a body of this root.
///
/// # Errors
/// [`VerifyError::SignatureInvalid`].
pub fn verify_slip(
    header: &Raw<Header>,
    root: ContentRoot,
    slip: &Raw<Slip>,
    signature: &Signature,
    sender: &VerifyingKey,
) -> Result<(), VerifyError> {
    sender
        .verify(
            Label::SLIP_SIGNATURE,
            &signed_bytes(header, root, slip),
            signature,
        )
        .map_err(signature_invalid(slip.value().recipient))
}

/// The root of a body that belongs to the header and the sender as far as lengths and names go.
pub(super) fn root_of(
    header: &Raw<Header>,
    body: &[u8],
    sender: &SenderKey,
) -> Result<ContentRoot, VerifyError> {
    let Header {
        sender: named,
        body_length,
        ..
    } = header.value();
    if *named != sender.unit {
        return Err(VerifyError::SenderMismatch);
    }
    if body_length.plaintext() > MAX_INLINE_BODY as u64 {
        return Err(VerifyError::BodyTooLong {
            most: MAX_INLINE_BODY,
            found: body_length.plaintext(),
        });
    }
    if body_length.sealed() != body.len() as u64 {
        return Err(VerifyError::BodyMismatch {
            announced: body_length.sealed(),
            found: body.len() as u64,
        });
    }
    Ok(content_root(body))
}
