//! Which keys a unit has, as its organisation signs it.

use samrum_consent::id::UnitId;

use super::{Signed, Statement};
use crate::canonical::{Canonical, Label, Malformed, Raw, Reader, Writer, digests};
use crate::envelope::{SealingPublicKey, SenderKey, Suite, VerifyingKey};

digests! {
    /// A key's id: SHA-256 of its key statement's canonical bytes behind `samrum/key-statement/v1`.
    KeyId = "key_id";
}

/// A unit's public keys. Signed by the organisation.
///
/// **Shape**: version 1; unit (16 bytes), suite (2), sealing public key (1,216), signing public key (32),
/// valid from (8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatement {
    /// Whose keys.
    pub unit: UnitId,
    /// For which algorithms.
    pub suite: Suite,
    /// What documents are sealed to.
    pub sealing_public_key: SealingPublicKey,
    /// What slips and statements are verified with.
    pub signing_public_key: VerifyingKey,
    /// From when on, in microseconds since the epoch.
    pub valid_from_us: i64,
}

impl KeyStatement {
    /// The unit with its signing key, for judging what it signed.
    #[must_use]
    pub const fn sender_key(&self) -> SenderKey {
        SenderKey {
            unit: self.unit,
            verifying_key: self.signing_public_key,
        }
    }
}

impl Canonical for KeyStatement {
    const NAME: &'static str = "key statement";
    const MAX_BYTES: usize = 2 * 1024;
    const LABEL: Label = Label::KEY_STATEMENT;

    fn write(&self, writer: &mut Writer) -> Result<(), Malformed> {
        writer.array("unit", *self.unit.as_bytes())?;
        writer.array("suite", self.suite.number().to_be_bytes())?;
        writer.bytes("sealing_public_key", &self.sealing_public_key.to_bytes())?;
        writer.array("signing_public_key", *self.signing_public_key.as_bytes())?;
        writer.time("valid_from", self.valid_from_us)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            unit: UnitId::from_bytes(reader.array("unit")?),
            suite: Suite::from_number(u16::from_be_bytes(reader.array("suite")?))?,
            sealing_public_key: SealingPublicKey::from_bytes(reader.bytes("sealing_public_key")?)?,
            signing_public_key: VerifyingKey::from_bytes(reader.array("signing_public_key")?)?,
            valid_from_us: reader.time("valid_from")?,
        })
    }
}

impl Statement for KeyStatement {}

impl Raw<KeyStatement> {
    /// The id under which directory and slips name these keys.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        KeyId::from_bytes(self.digest())
    }
}

impl Signed<KeyStatement> {
    /// The id under which directory and slips name these keys.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.raw().key_id()
    }
}

/// What may be done with a unit's key. Numbers are those of `samrum.directory.v1.KeyState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// Documents are sealed to it.
    Current,
    /// Replaced; the unit can still open what was sealed to it.
    DecryptOnly,
    /// Believed to be in other hands; nothing new is sealed to it or signed by it.
    Compromised,
}

impl KeyState {
    /// The number in canonical bytes.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Current => 1,
            Self::DecryptOnly => 2,
            Self::Compromised => 3,
        }
    }

    /// The state with this number.
    ///
    /// # Errors
    /// [`Malformed::UnknownNumber`] when there is none.
    pub fn from_number(number: i32) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::Current),
            2 => Ok(Self::DecryptOnly),
            3 => Ok(Self::Compromised),
            _ => Err(Malformed::UnknownNumber {
                field: "state",
                number: u64::from(number.unsigned_abs()),
            }),
        }
    }
}

/// A unit's key changes its state. Signed by the organisation.
///
/// **Shape**: version 1; unit (16 bytes), key id (32), state (1), time (8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyStateChange {
    /// Whose key.
    pub unit: UnitId,
    /// Which.
    pub key_id: KeyId,
    /// What it becomes.
    pub state: KeyState,
    /// When, in microseconds since the epoch.
    pub at_us: i64,
}

impl Canonical for KeyStateChange {
    const NAME: &'static str = "key state change";
    const MAX_BYTES: usize = 128;
    const LABEL: Label = Label::KEY_STATE_CHANGE;

    fn write(&self, writer: &mut Writer) -> Result<(), Malformed> {
        writer.array("unit", *self.unit.as_bytes())?;
        writer.array("key_id", *self.key_id.as_bytes())?;
        writer.array("state", [self.state.number()])?;
        writer.time("at", self.at_us)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            unit: UnitId::from_bytes(reader.array("unit")?),
            key_id: KeyId::from_bytes(reader.array("key_id")?),
            state: reader.number("state", KeyState::from_number)?,
            at_us: reader.time("at")?,
        })
    }
}

impl Statement for KeyStateChange {}
