//! The slip: one recipient's way into the body, and the basis on which it is sent to that recipient.

use samrum_consent::id::UnitId;
use samrum_consent::vocabulary::Basis;

use super::sealing::WrapContext;
use super::{HeaderHash, MAX_SLIP_BYTES, Suite, WRAPPED_KEY_BYTES, basis};
use crate::canonical::{Canonical, Label, Malformed, Reader, Writer};
use crate::statement::KeyId;

/// The content key wrapped for one recipient.
///
/// **Shape**: version 1; recipient (16 bytes), key id (32), suite (2), wrapped key (1,168), then the basis as
/// three fields: number (1 consent, 2 duty, 3 provision), provision id, reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Who can open the document with it.
    pub recipient: UnitId,
    /// Which of the recipient's keys it is wrapped for.
    pub key_id: KeyId,
    /// How.
    pub suite: Suite,
    /// X-Wing ciphertext (1,120 bytes), sealed content key (32), tag (16).
    pub wrapped_key: Vec<u8>,
    /// The legal basis that the sender names for this recipient.
    pub basis: Basis,
}

impl Slip {
    /// Where the 32 bytes of the key id begin in canonical bytes: behind the version, the recipient with its
    /// length, and the key id's own length. A store finds by it what is wrapped for a key, without opening a slip.
    pub const KEY_ID_AT: usize = 1 + (4 + 16) + 4;

    pub(super) const fn wrap_context(&self, header: HeaderHash) -> WrapContext {
        WrapContext {
            header,
            recipient: self.recipient,
            key_id: self.key_id,
            suite: self.suite,
        }
    }
}

impl Canonical for Slip {
    const NAME: &'static str = "slip";
    const MAX_BYTES: usize = MAX_SLIP_BYTES;
    const LABEL: Label = Label::SLIP;

    fn write(&self, writer: &mut Writer) -> Result<(), Malformed> {
        writer.array("recipient", *self.recipient.as_bytes())?;
        writer.array("key_id", *self.key_id.as_bytes())?;
        writer.array("suite", self.suite.number().to_be_bytes())?;
        writer.bytes("wrapped_key", checked(&self.wrapped_key)?)?;
        basis::write(&self.basis, writer)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            recipient: UnitId::from_bytes(reader.array("recipient")?),
            key_id: KeyId::from_bytes(reader.array("key_id")?),
            suite: Suite::from_number(u16::from_be_bytes(reader.array("suite")?))?,
            wrapped_key: checked(reader.bytes("wrapped_key")?)?.to_vec(),
            basis: basis::read(reader)?,
        })
    }
}

fn checked(wrapped_key: &[u8]) -> Result<&[u8], Malformed> {
    if wrapped_key.len() == WRAPPED_KEY_BYTES {
        Ok(wrapped_key)
    } else {
        Err(Malformed::WrongLength {
            field: "wrapped_key",
            expected: WRAPPED_KEY_BYTES,
            found: wrapped_key.len(),
        })
    }
}
