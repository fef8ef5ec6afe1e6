//! Opening an envelope at its recipient: everything is verified before a byte of text is shown.

use core::fmt;

use samrum_consent::id::UnitId;
use zeroize::Zeroizing;

use super::sealing::unwrap;
use super::verify::root_of;
use super::{
    ContentKey, Header, OpenError, Opener, SealingKeyPair, SenderKey, SignedSlip, Slip, Suite, VerifyError,
    verify_slip,
};
use crate::canonical::Raw;
use crate::statement::KeyId;

/// One of the opening unit's own keys.
#[derive(Debug, Clone, Copy)]
pub struct OwnKey<'a> {
    /// The unit.
    pub unit: UnitId,
    /// The key's id in the directory.
    pub key_id: KeyId,
    /// The key itself.
    pub key_pair: &'a SealingKeyPair,
}

/// A document that is what its sender signed, in the clear.
pub struct Opened {
    /// The header.
    pub header: Raw<Header>,
    /// The recipient's own slip.
    pub slip: Raw<Slip>,
    /// The text; zeroized when dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Opens a document whose body travels with it.
///
/// In this order: both encodings, addressee and key, sender and length, root and signature, wrapped key, key
/// commitment, every chunk. Nothing is returned of what fails.
///
/// # Errors
/// [`OpenError`], one variant per step.
pub fn open(
    header: &[u8],
    slip: &SignedSlip,
    body: &[u8],
    sender: &SenderKey,
    own: &OwnKey<'_>,
) -> Result<Opened, OpenError> {
    let header = Raw::<Header>::parse(header)?;
    let parsed = Raw::<Slip>::parse(slip.bytes.as_slice())?;
    addressed(parsed.value(), own)?;
    let root = root_of(&header, body, sender)?;
    verify_slip(&header, root, &parsed, &slip.signature, &sender.verifying_key)?;
    let content_key = unwrap_content_key(&header, &parsed, own)?;
    let mut opener = Opener::start(&header, &content_key)?;
    let mut plaintext = Zeroizing::new(Vec::with_capacity(body.len()));
    opener.push(body, &mut plaintext)?;
    if opener.finish(&mut plaintext)? != root {
        let recipient = parsed.value().recipient;
        return Err(VerifyError::SignatureInvalid { recipient }.into());
    }
    Ok(Opened {
        header,
        slip: parsed,
        plaintext,
    })
}

/// Unwraps the content key from a slip and checks it against the header's commitment.
///
/// For bodies that are opened as they arrive; the signature is the caller's to verify, see [`Opener`].
///
/// # Errors
/// [`OpenError`]: another addressee, another key, a key that does not open or is not the committed one.
pub fn unwrap_content_key(
    header: &Raw<Header>,
    slip: &Raw<Slip>,
    own: &OwnKey<'_>,
) -> Result<ContentKey, OpenError> {
    addressed(slip.value(), own)?;
    // One arm per suite: a new one does not compile until it is unwrapped here.
    let content_key = match slip.value().suite {
        Suite::XWing => unwrap(
            own.key_pair,
            &slip.value().wrap_context(header.hash()),
            &slip.value().wrapped_key,
        ),
    }
    .ok_or(OpenError::Unwrap)?;
    let committed = header.value().key_commitment;
    if content_key.commitment(header.value().document) != Ok(committed) {
        return Err(OpenError::KeyCommitment);
    }
    Ok(content_key)
}

fn addressed(slip: &Slip, own: &OwnKey<'_>) -> Result<(), OpenError> {
    if slip.recipient != own.unit {
        return Err(OpenError::NotAddressed {
            recipient: slip.recipient,
        });
    }
    if slip.key_id != own.key_id {
        return Err(OpenError::OtherKey);
    }
    Ok(())
}
