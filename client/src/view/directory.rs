//! Units and their keys.

use jiff::Timestamp;
use samrum_consent::id::{AuthorityId, OrganisationId, UnitId};
use samrum_consent::vocabulary::{Holder, Sector};
use samrum_proto::convert::{self, InvalidField, Result};
use samrum_proto::statement::KeyId;
use samrum_proto::wire::directory::v1 as wire;
use serde::Serialize;

use super::{text, word};

/// Where people work and what can be addressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Its id.
    #[serde(serialize_with = "text")]
    pub unit_id: UnitId,
    /// Its name.
    pub name: String,
    /// Its authority.
    #[serde(serialize_with = "text")]
    pub authority_id: AuthorityId,
    /// The authority's name.
    pub authority_name: String,
    /// Its organisation.
    #[serde(serialize_with = "text")]
    pub organisation_id: OrganisationId,
    /// The organisation's name.
    pub organisation_name: String,
    /// Its secrecy regime.
    #[serde(serialize_with = "text")]
    pub sector: Sector,
    /// Public or private.
    #[serde(serialize_with = "text")]
    pub holder: Holder,
    /// Whether concern reports go there.
    pub board_reception: bool,
    /// HSA-id, or empty.
    pub hsa_id: String,
}

impl TryFrom<&wire::Unit> for Unit {
    type Error = InvalidField;

    fn try_from(unit: &wire::Unit) -> Result<Self> {
        Ok(Self {
            unit_id: convert::id("unit.unit_id", &unit.unit_id)?,
            name: unit.name.clone(),
            authority_id: convert::id("unit.authority_id", &unit.authority_id)?,
            authority_name: unit.authority_name.clone(),
            organisation_id: convert::id("unit.organisation_id", &unit.organisation_id)?,
            organisation_name: unit.organisation_name.clone(),
            sector: convert::word("unit.sector", unit.sector, Sector::from_number)?,
            holder: convert::word("unit.holder", unit.holder, Holder::from_number)?,
            board_reception: unit.board_reception,
            hsa_id: unit.hsa_id.clone(),
        })
    }
}

/// One of a unit's keys as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitKey {
    /// Its id.
    #[serde(serialize_with = "text")]
    pub key_id: KeyId,
    /// `CURRENT`, `DECRYPT_ONLY` or `COMPROMISED`.
    pub state: &'static str,
    /// When the hub recorded it.
    #[serde(serialize_with = "text")]
    pub recorded_at: Timestamp,
}

/// A unit's keys, verified, with the organisation's key that signed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyList {
    /// Whose.
    #[serde(serialize_with = "text")]
    pub unit_id: UnitId,
    /// The organisation's Ed25519 key, in hexadecimal.
    pub organisation_public_key: String,
    /// Newest first.
    pub keys: Vec<UnitKey>,
}

impl TryFrom<&wire::UnitKey> for UnitKey {
    type Error = InvalidField;

    fn try_from(key: &wire::UnitKey) -> Result<Self> {
        let state = wire::KeyState::try_from(key.state)
            .ok()
            .map(|state| state.as_str_name());
        Ok(Self {
            key_id: KeyId::from_bytes(convert::array("keys.key_id", &key.key_id)?),
            state: word("keys.state", state, "KEY_STATE_")?,
            recorded_at: convert::time("keys.recorded_at", key.recorded_at.as_ref())?,
        })
    }
}

/// An authority of an organisation that was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// Its id.
    #[serde(serialize_with = "text")]
    pub authority_id: AuthorityId,
    /// Its name.
    pub name: String,
}
