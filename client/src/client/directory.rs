//! Who can be addressed, under which keys; and setting organisations, units and keys up.

use jiff::Timestamp;
use samrum_consent::id::{AuthorityId, EntryId, OrganisationId, UnitId};
use samrum_consent::organisation_number::OrganisationNumber;
use samrum_consent::vocabulary::{Holder, Sector};
use samrum_proto::convert::Problem;
use samrum_proto::envelope::{SigningKeyPair, VerifyingKey};
use samrum_proto::statement::{KeyId, KeyState, KeyStateChange, KeyStatement, Signed};
use samrum_proto::wire::directory::v1 as wire;
use samrum_proto::wire::directory::v1::directory_service_client as service;

use super::{Client, MAX_PAGES, PAGE_SIZE, unary};
use crate::clock::mint;
use crate::error::{Error, Misbehaved, Misused, Result};
use crate::pin::Claim;
use crate::view::{Authority, KeyList, Unit, UnitKey};

/// An organisation to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganisation {
    /// Its id; minted when absent.
    pub id: Option<OrganisationId>,
    /// Its number.
    pub number: OrganisationNumber,
    /// Its name.
    pub name: String,
    /// Public or private.
    pub holder: Holder,
    /// The key that signs its units' keys.
    pub public_key: VerifyingKey,
    /// Its authorities, at least one.
    pub authorities: Vec<NewAuthority>,
}

/// An authority to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuthority {
    /// Its id; minted when absent.
    pub id: Option<AuthorityId>,
    /// Its name.
    pub name: String,
}

/// A unit to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnit {
    /// Its id; minted when absent.
    pub id: Option<UnitId>,
    /// Its authority.
    pub authority: AuthorityId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its secrecy regime.
    pub sector: Sector,
    /// Public or private.
    pub holder: Holder,
    /// Whether concern reports go there.
    pub board_reception: bool,
    /// HSA-id, if it has one.
    pub hsa_id: Option<String>,
}

/// What became of a report that a key is compromised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// Its entry in the ledger.
    pub entry: EntryId,
    /// Whether it was the key in force: the unit has none until it registers another.
    pub was_in_force: bool,
    /// Whether it was reported before.
    pub already: bool,
}

/// How the directory names the key in force.
const CURRENT: &str = "CURRENT";
/// How it names one that was reported.
const COMPROMISED: &str = "COMPROMISED";

/// A unit's keys as far as they are signed by the organisation that this profile knows.
#[derive(Debug, Clone)]
pub struct TrustedKeys {
    /// The organisation's key.
    pub organisation_key: VerifyingKey,
    /// Newest first, with what may be done with each.
    pub keys: Vec<(Signed<KeyStatement>, UnitKey)>,
}

impl TrustedKeys {
    /// The key in force.
    #[must_use]
    pub fn current(&self) -> Option<&Signed<KeyStatement>> {
        self.keys
            .iter()
            .find(|(_, key)| key.state == CURRENT)
            .map(|(statement, _)| statement)
    }

    /// Whether the directory has this key as compromised. The hub alone says so here; the organisation's signed
    /// statement stands open in the log.
    #[must_use]
    pub fn is_compromised(&self, key_id: KeyId) -> bool {
        self.keys
            .iter()
            .any(|(statement, key)| statement.key_id() == key_id && key.state == COMPROMISED)
    }

    /// Why there is no key in force.
    pub(super) fn without_current(&self, unit: UnitId) -> Error {
        if self.keys.iter().any(|(_, key)| key.state == COMPROMISED) {
            Misused::KeyNotInForce { unit }.into()
        } else {
            Misbehaved::NoCurrentKey { unit }.into()
        }
    }
}

impl Client {
    /// All units, by name.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn units(&self) -> Result<Vec<Unit>> {
        let mut units = Vec::new();
        let mut page_token = Vec::new();
        for _ in 0..MAX_PAGES {
            let message = wire::ListUnitsRequest {
                page_size: PAGE_SIZE,
                page_token,
            };
            let page = unary!(self, service::DirectoryServiceClient.list_units, message)?;
            for unit in &page.units {
                units.push(Unit::try_from(unit)?);
            }
            if page.next_page_token.is_empty() {
                return Ok(units);
            }
            page_token = page.next_page_token;
        }
        Err(Misbehaved::EndlessList { limit: MAX_PAGES }.into())
    }

    /// One unit.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn unit(&self, unit: UnitId) -> Result<Unit> {
        let message = wire::GetUnitRequest {
            unit_id: unit.as_bytes().to_vec(),
        };
        let answer = unary!(self, service::DirectoryServiceClient.get_unit, message)?;
        let found = Unit::try_from(answer.unit.as_ref().ok_or_else(|| Problem::Missing.of("unit"))?)?;
        if found.unit_id == unit {
            Ok(found)
        } else {
            Err(Misbehaved::OtherStatement { what: "the unit" }.into())
        }
    }

    /// A unit's keys, each verified with its organisation's key, and that key compared with the pinned one.
    ///
    /// # Errors
    /// [`crate::pin::PinError`] when the organisation's key changed; [`Misbehaved`] when a signature does not hold.
    pub async fn trusted_keys(&self, unit: UnitId) -> Result<TrustedKeys> {
        let organisation = self.unit(unit).await?.organisation_id;
        let message = wire::ListUnitKeysRequest {
            unit_id: unit.as_bytes().to_vec(),
        };
        let answer = unary!(self, service::DirectoryServiceClient.list_unit_keys, message)?;
        let organisation_key =
            VerifyingKey::try_from(answer.organisation_public_key.as_slice()).map_err(|error| {
                Misbehaved::Statement {
                    what: "the organisation's public key",
                    error: error.into(),
                }
            })?;
        let keys = answer
            .keys
            .iter()
            .map(|key| verified(unit, key, &organisation_key))
            .collect::<Result<_>>()?;
        let claim = Claim {
            unit,
            organisation,
            public_key: organisation_key,
        };
        self.known_organisations().judge(self.disk(), &claim)?;
        Ok(TrustedKeys {
            organisation_key,
            keys,
        })
    }

    /// A unit's keys for a list.
    ///
    /// # Errors
    /// As [`Client::trusted_keys`].
    pub async fn keys(&self, unit: UnitId) -> Result<KeyList> {
        let trusted = self.trusted_keys(unit).await?;
        Ok(KeyList {
            unit_id: unit,
            organisation_public_key: hex::encode(trusted.organisation_key.as_bytes()),
            keys: trusted.keys.into_iter().map(|(_, key)| key).collect(),
        })
    }

    /// Puts the newest key of this profile in force: signs its statement with the organisation's key and has the
    /// hub take it. After a lost answer it is enough to see that the hub has it; no entry is written then.
    ///
    /// # Errors
    /// [`Misused::OrganisationKeyDiffers`] when the key is not that of the unit's organisation.
    pub async fn register_key(&self, organisation: &SigningKeyPair) -> Result<(KeyId, Option<EntryId>)> {
        let keyring = self.keyring();
        let keys = keyring.newest()?;
        let key_id = keys.key_id();
        let listed = self.trusted_keys(self.profile.unit()?).await?;
        if listed.organisation_key != organisation.verifying_key() {
            return Err(Misused::OrganisationKeyDiffers.into());
        }
        if listed.current().is_some_and(|current| current.key_id() == key_id) {
            keyring.put_in_force(self.disk(), key_id)?;
            return Ok((key_id, None));
        }
        let (statement, _) = keys.statement.into_parts();
        let signed = Signed::sign(statement, organisation)?;
        let message = wire::RotateUnitKeyRequest {
            statement: signed.bytes().to_vec(),
            organisation_signature: signed.signature().as_bytes().to_vec(),
        };
        let answer = unary!(self, service::DirectoryServiceClient.rotate_unit_key, message)?;
        let entry = self.keep(answer.ticket.as_ref())?;
        if answer.key_id != key_id.as_bytes() {
            return Err(Misbehaved::OtherStatement { what: "the key id" }.into());
        }
        keyring.put_in_force(self.disk(), key_id)?;
        Ok((key_id, Some(entry)))
    }

    /// Declares a unit's key compromised: signs that with the organisation's key and has the hub write it down and
    /// act on it. `since` is from when on it may be in other hands. Reported again, the hub goes on withholding what
    /// still waits under it.
    ///
    /// # Errors
    /// [`Misused::OrganisationKeyDiffers`] when the key is not that of the unit's organisation,
    /// [`Misused::KeyUnknown`] when the unit never had the key.
    pub async fn report_compromised_key(
        &self,
        unit: UnitId,
        key_id: KeyId,
        since: Option<Timestamp>,
        organisation: &SigningKeyPair,
    ) -> Result<Reported> {
        let listed = self.trusted_keys(unit).await?;
        if listed.organisation_key != organisation.verifying_key() {
            return Err(Misused::OrganisationKeyDiffers.into());
        }
        let known = listed.keys.iter().find(|(_, key)| key.key_id == key_id);
        let (_, key) = known.ok_or(Misused::KeyUnknown { key_id })?;
        let was_in_force = key.state == CURRENT;
        let already = key.state == COMPROMISED;
        let change = KeyStateChange {
            unit,
            key_id,
            state: KeyState::Compromised,
            at_us: since.map_or_else(|| self.now_us(), Timestamp::as_microsecond),
        };
        let signed = Signed::sign(change, organisation)?;
        let message = wire::ReportCompromisedKeyRequest {
            statement: signed.bytes().to_vec(),
            organisation_signature: signed.signature().as_bytes().to_vec(),
        };
        let answer = unary!(
            self,
            service::DirectoryServiceClient.report_compromised_key,
            message
        )?;
        Ok(Reported {
            entry: self.keep(answer.ticket.as_ref())?,
            was_in_force,
            already,
        })
    }

    /// Adds an organisation. Operators only.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn create_organisation(
        &self,
        new: NewOrganisation,
    ) -> Result<(OrganisationId, Vec<Authority>, EntryId)> {
        let id = new
            .id
            .map_or_else(|| self.mint_id().map(OrganisationId::from), Ok)?;
        let mut authorities = Vec::new();
        for authority in new.authorities {
            let authority_id = authority
                .id
                .map_or_else(|| self.mint_id().map(AuthorityId::from), Ok)?;
            authorities.push(Authority {
                authority_id,
                name: authority.name,
            });
        }
        let message = wire::CreateOrganisationRequest {
            organisation: Some(wire::Organisation {
                organisation_id: id.as_bytes().to_vec(),
                organisation_number: new.number.digits().to_owned(),
                name: new.name,
                holder: i32::from(new.holder.number()),
                signing_public_key: new.public_key.as_bytes().to_vec(),
            }),
            authorities: authorities
                .iter()
                .map(|authority| wire::Authority {
                    authority_id: authority.authority_id.as_bytes().to_vec(),
                    organisation_id: id.as_bytes().to_vec(),
                    name: authority.name.clone(),
                })
                .collect(),
        };
        let answer = unary!(self, service::DirectoryServiceClient.create_organisation, message)?;
        Ok((id, authorities, self.keep(answer.ticket.as_ref())?))
    }

    /// Adds a unit. Operators only.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn create_unit(&self, new: NewUnit) -> Result<(UnitId, EntryId)> {
        let id = new.id.map_or_else(|| self.mint_id().map(UnitId::from), Ok)?;
        let unit = wire::Unit {
            unit_id: id.as_bytes().to_vec(),
            authority_id: new.authority.as_bytes().to_vec(),
            organisation_id: new.organisation.as_bytes().to_vec(),
            name: new.name,
            sector: i32::from(new.sector.number()),
            holder: i32::from(new.holder.number()),
            board_reception: new.board_reception,
            hsa_id: new.hsa_id.unwrap_or_default(),
            authority_name: String::new(),
            organisation_name: String::new(),
        };
        let message = wire::CreateUnitRequest { unit: Some(unit) };
        let answer = unary!(self, service::DirectoryServiceClient.create_unit, message)?;
        Ok((id, self.keep(answer.ticket.as_ref())?))
    }

    fn mint_id(&self) -> Result<uuid::Uuid> {
        Ok(mint(self.surroundings.clock.now(), self.randomness())?)
    }
}

fn verified(
    unit: UnitId,
    key: &wire::UnitKey,
    organisation: &VerifyingKey,
) -> Result<(Signed<KeyStatement>, UnitKey)> {
    const WHAT: &str = "a key statement";
    let statement = Signed::<KeyStatement>::verify(&key.statement, &key.organisation_signature, organisation)
        .map_err(|error| Misbehaved::Statement { what: WHAT, error })?;
    let listed = UnitKey::try_from(key)?;
    if statement.value().unit == unit && statement.key_id() == listed.key_id {
        Ok((statement, listed))
    } else {
        Err(Misbehaved::OtherStatement { what: WHAT }.into())
    }
}
