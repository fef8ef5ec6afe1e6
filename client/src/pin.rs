//! Organisations' public keys as this profile first saw them: a changed key is refused, never taken silently.
//!
//! Trust on first use: whoever wants more compares the fingerprint with the organisation before the first
//! document. A unit's organisation is pinned too, so that nobody moves a unit under a key of their own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use samrum_consent::id::{OrganisationId, UnitId};
use samrum_proto::envelope::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::profile::Profile;
use crate::storage::{self, Access, Disk, StorageError};

/// The most bytes of the file of pins.
const MAX_PIN_BYTES: u64 = 16 * 1024 * 1024;

/// Why a unit's keys are not trusted.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The hub shows another key than before.
    #[error(
        "the hub shows another public key of organisation {organisation} than the one this profile has known; \
         nothing was sealed or opened; ask the organisation, by a way you trust, whether it changed its key to \
         {shown}, and only then remove its entry from {}", .path.display()
    )]
    KeyChanged {
        /// Whose.
        organisation: OrganisationId,
        /// The key that the hub shows now, in hexadecimal.
        shown: String,
        /// Where the pin is.
        path: PathBuf,
    },
    /// The hub shows the unit under another organisation than before.
    #[error(
        "the hub shows unit {unit} under another organisation than the one this profile has known; nothing was \
         sealed or opened; ask the unit, by a way you trust, and only then remove its entry from {}",
        .path.display()
    )]
    UnitMoved {
        /// Which.
        unit: UnitId,
        /// Where the pin is.
        path: PathBuf,
    },
}

/// What the hub says of a unit's organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The unit.
    pub unit: UnitId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// The organisation's public key.
    pub public_key: VerifyingKey,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PinForm {
    /// Public keys by organisation id, in hexadecimal.
    #[serde(default)]
    organisations: BTreeMap<String, String>,
    /// Organisation ids by unit id.
    #[serde(default)]
    units: BTreeMap<String, String>,
}

/// The organisations that a profile knows.
#[derive(Debug, Clone)]
pub struct KnownOrganisations {
    path: PathBuf,
}

impl KnownOrganisations {
    /// Those of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            path: profile.known_organisations(),
        }
    }

    /// Compares a claim with what is known, and remembers what was not.
    ///
    /// # Errors
    /// [`PinError`]; nothing is remembered of a claim that contradicts.
    pub fn judge(&self, disk: &dyn Disk, claim: &Claim) -> Result<(), PinError> {
        let _lock = storage::lock(&self.path.with_extension("lock"))?;
        let mut known = self.known()?;
        let organisation = claim.organisation.to_string();
        let unit = claim.unit.to_string();
        let shown = hex::encode(claim.public_key.as_bytes());
        if known
            .units
            .get(&unit)
            .is_some_and(|pinned| *pinned != organisation)
        {
            return Err(PinError::UnitMoved {
                unit: claim.unit,
                path: self.path.clone(),
            });
        }
        if known
            .organisations
            .get(&organisation)
            .is_some_and(|pinned| *pinned != shown)
        {
            return Err(PinError::KeyChanged {
                organisation: claim.organisation,
                shown,
                path: self.path.clone(),
            });
        }
        let new_unit = known.units.insert(unit, organisation.clone()).is_none();
        let new_organisation = known.organisations.insert(organisation, shown).is_none();
        if new_unit || new_organisation {
            let text = toml::to_string(&known).map_err(|error| StorageError::damaged(&self.path, error))?;
            storage::replace(disk, &self.path, text.as_bytes(), Access::Private)?;
        }
        Ok(())
    }

    fn known(&self) -> Result<PinForm, StorageError> {
        let Some(bytes) = storage::read_if_there(&self.path, MAX_PIN_BYTES)? else {
            return Ok(PinForm::default());
        };
        let text = std::str::from_utf8(&bytes).map_err(|error| StorageError::damaged(&self.path, error))?;
        toml::from_str(text).map_err(|error| StorageError::damaged(&self.path, error.message()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::LocalDisk;
    use samrum_proto::envelope::SigningKeyPair;

    fn claim(unit: u8, organisation: u8, key: u8) -> Claim {
        Claim {
            unit: UnitId::from_bytes([unit; 16]),
            organisation: OrganisationId::from_bytes([organisation; 16]),
            public_key: SigningKeyPair::from_seed(&[key; 32]).unwrap().verifying_key(),
        }
    }

    fn known() -> (tempfile::TempDir, KnownOrganisations) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("known-organisations.toml");
        (directory, KnownOrganisations { path })
    }

    #[test]
    fn the_first_key_is_trusted_and_stays() {
        let (_directory, known) = known();
        known.judge(&LocalDisk, &claim(1, 1, 1)).unwrap();
        known.judge(&LocalDisk, &claim(1, 1, 1)).unwrap();
        known.judge(&LocalDisk, &claim(2, 1, 1)).unwrap();
        known.judge(&LocalDisk, &claim(3, 2, 2)).unwrap();
    }

    #[test]
    fn a_changed_key_is_refused_and_explained() {
        let (_directory, known) = known();
        known.judge(&LocalDisk, &claim(1, 1, 1)).unwrap();
        let error = known.judge(&LocalDisk, &claim(1, 1, 2)).unwrap_err();
        assert!(matches!(error, PinError::KeyChanged { .. }));
        assert!(error.to_string().contains("known-organisations.toml"), "{error}");
        assert!(
            known.judge(&LocalDisk, &claim(2, 1, 2)).is_err(),
            "nor for another unit of it"
        );
        known.judge(&LocalDisk, &claim(1, 1, 1)).unwrap();
    }

    #[test]
    fn a_unit_does_not_change_organisation_silently() {
        let (_directory, known) = known();
        known.judge(&LocalDisk, &claim(1, 1, 1)).unwrap();
        assert!(matches!(
            known.judge(&LocalDisk, &claim(1, 2, 2)),
            Err(PinError::UnitMoved { .. })
        ));
        known.judge(&LocalDisk, &claim(4, 2, 2)).unwrap();
    }

    #[test]
    fn damage_is_told_and_nothing_is_trusted() {
        let (_directory, known) = known();
        std::fs::write(&known.path, "organisations = 3").unwrap();
        assert!(matches!(
            known.judge(&LocalDisk, &claim(1, 1, 1)),
            Err(PinError::Storage(StorageError::Damaged { .. }))
        ));
    }
}
