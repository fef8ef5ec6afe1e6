//! Making an envelope: header, body and one signed slip per recipient; and a new slip when a key was stale.

use core::fmt;
use std::collections::BTreeSet;

use samrum_consent::id::UnitId;
use samrum_consent::vocabulary::Basis;

use super::sealing::{WrapContext, WrapError, wrap};
use super::{
    ContentKey, ContentRoot, Draft, Header, HeaderHash, MAX_INLINE_BODY, MAX_RECIPIENTS, Randomness,
    RandomnessUnavailable, SealError, SealedContent, Sealer, SealingPublicKey, Signature, SigningKeyPair,
    Slip, Suite, content_root,
};
use crate::canonical::{Canonical, Label, Raw};
use crate::statement::KeyId;

/// To whom, under which of its keys, on which basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The unit.
    pub unit: UnitId,
    /// The id of its current key.
    pub key_id: KeyId,
    /// The current key.
    pub public_key: SealingPublicKey,
    /// The legal basis that the sender names.
    pub basis: Basis,
}

/// A slip's raw bytes and the sender's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedSlip {
    /// Canonical bytes of the [`Slip`].
    pub bytes: Vec<u8>,
    /// By the sender's unit, over header, body and this slip.
    pub signature: Signature,
}

/// An envelope ready to be sent, and to be sent again byte by byte.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedEnvelope {
    /// Canonical bytes of the [`Header`].
    pub header: Vec<u8>,
    /// The sealed body.
    pub body: Vec<u8>,
    /// One per recipient.
    pub slips: Vec<SignedSlip>,
}

impl fmt::Debug for SealedEnvelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedEnvelope")
            .field("body_bytes", &self.body.len())
            .field("slips", &self.slips.len())
            .finish_non_exhaustive()
    }
}

/// Seals a text that travels with its header, for all recipients.
///
/// The content key comes with it: whoever keeps the envelope for another attempt keeps the key beside it.
///
/// # Errors
/// [`SealError`] when there are no, too many or repeated recipients, the text is longer than
/// [`MAX_INLINE_BODY`], the draft or a basis breaks a limit, or there is no randomness.
pub fn seal(
    draft: Draft,
    plaintext: &[u8],
    recipients: &[Recipient],
    signing: &SigningKeyPair,
    randomness: &dyn Randomness,
) -> Result<(SealedEnvelope, ContentKey), SealError> {
    distinct(recipients)?;
    if plaintext.len() > MAX_INLINE_BODY {
        return Err(SealError::BodyTooLong {
            most: MAX_INLINE_BODY,
            found: plaintext.len(),
        });
    }
    let mut sealer = Sealer::start(draft, plaintext.len() as u64, randomness)?;
    let mut body = Vec::new();
    sealer.push(plaintext, &mut body)?;
    let content = sealer.finish(&mut body)?;
    let slips = recipients
        .iter()
        .map(|recipient| sign_slip(&content, recipient, signing, randomness))
        .collect::<Result<_, _>>()?;
    let (_, header) = content.header.into_parts();
    Ok((SealedEnvelope { header, body, slips }, content.content_key))
}

/// Wraps the content key for one recipient and signs the slip with header and body.
///
/// # Errors
/// [`SealError`] when the basis breaks a limit or there is no randomness.
pub fn sign_slip(
    content: &SealedContent,
    recipient: &Recipient,
    signing: &SigningKeyPair,
    randomness: &dyn Randomness,
) -> Result<SignedSlip, SealError> {
    let context = WrapContext {
        header: content.header.hash(),
        recipient: recipient.unit,
        key_id: recipient.key_id,
        suite: Suite::XWing,
    };
    let wrapped_key = wrap(&recipient.public_key, &context, &content.content_key, randomness)?;
    let slip = Raw::new(Slip {
        recipient: recipient.unit,
        key_id: recipient.key_id,
        suite: Suite::XWing,
        wrapped_key,
        basis: recipient.basis.clone(),
    })?;
    let signature = signing.sign(
        Label::SLIP_SIGNATURE,
        &signed_bytes(&content.header, content.root, &slip),
    );
    let (_, bytes) = slip.into_parts();
    Ok(SignedSlip { bytes, signature })
}

impl SealedEnvelope {
    /// Replaces the slip of a recipient whose key was stale. Header and body stay as they are.
    ///
    /// # Errors
    /// [`SealError`] when the unit is no recipient of this envelope, the content key is another document's, or
    /// as [`sign_slip`].
    pub fn rewrap(
        &mut self,
        content_key: &ContentKey,
        recipient: &Recipient,
        signing: &SigningKeyPair,
        randomness: &dyn Randomness,
    ) -> Result<(), SealError> {
        let header = Raw::<Header>::parse(self.header.as_slice())?;
        if content_key.commitment(header.value().document) != Ok(header.value().key_commitment) {
            return Err(SealError::ContentKeyMismatch);
        }
        let root = content_root(&self.body);
        let content = SealedContent {
            header,
            root,
            content_key: content_key.clone(),
        };
        for slip in &mut self.slips {
            if Slip::decode(&slip.bytes)?.recipient == recipient.unit {
                *slip = sign_slip(&content, recipient, signing, randomness)?;
                return Ok(());
            }
        }
        Err(SealError::NotARecipient { unit: recipient.unit })
    }
}

/// What a slip's signature covers behind its label: version, `H(header)`, root, sealed length, `H(slip)`.
pub(super) fn signed_bytes(header: &Raw<Header>, root: ContentRoot, slip: &Raw<Slip>) -> Vec<u8> {
    let hash: HeaderHash = header.hash();
    [
        [SIGNED_VERSION].as_slice(),
        hash.as_bytes(),
        root.as_bytes(),
        &header.value().body_length.sealed().to_be_bytes(),
        &slip.digest(),
    ]
    .concat()
}

const SIGNED_VERSION: u8 = 1;

fn distinct(recipients: &[Recipient]) -> Result<(), SealError> {
    if recipients.is_empty() {
        return Err(SealError::NoRecipients);
    }
    if recipients.len() > MAX_RECIPIENTS {
        return Err(SealError::TooManyRecipients { most: MAX_RECIPIENTS });
    }
    let mut seen = BTreeSet::new();
    match recipients.iter().find(|recipient| !seen.insert(recipient.unit)) {
        Some(twice) => Err(SealError::DuplicateRecipient { unit: twice.unit }),
        None => Ok(()),
    }
}

impl From<WrapError> for SealError {
    fn from(error: WrapError) -> Self {
        match error {
            WrapError::Randomness => Self::Randomness(RandomnessUnavailable),
            WrapError::Failed => Self::Cipher,
        }
    }
}
