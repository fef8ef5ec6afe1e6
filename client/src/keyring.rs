//! A unit's private keys, generation by generation, and an organisation's signing key.
//!
//! Older generations stay, so that what was sealed to them still opens. Which generation is in force is written
//! down only after the hub has taken it.

use std::path::{Path, PathBuf};

use samrum_consent::id::UnitId;
use samrum_proto::canonical::Raw;
use samrum_proto::envelope::{KeyError, Randomness, SealingKeyPair, SigningKeyPair, Suite};
use samrum_proto::statement::{KeyId, KeyStatement};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::profile::Profile;
use crate::storage::{self, Access, Disk, StorageError};

/// The most bytes of one key file.
const MAX_KEY_FILE_BYTES: u64 = 16 * 1024;
/// The most generations that are kept; with one rotation a month, 80 years.
const MAX_GENERATIONS: usize = 1_000;
/// The name of the file that says which generation is in force.
const IN_FORCE: &str = "in-force";
/// How key files end.
const ENDING: &str = "key";

/// Why there is no key to work with.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The key material is not usable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No keys were generated.
    #[error("the profile has no keys; run samrum key generate, then samrum key register")]
    NoKeys,
    /// Keys were generated, none was registered.
    #[error("no key of this profile is in force; run samrum key register --organisation-key FILE")]
    NotRegistered,
    /// The directory has another key in force than this profile.
    #[error(
        "the unit has another key in force than this profile's {key_id}; copy the keys from where the newer one was \
         made, or run samrum key generate, then samrum key register, here; then samrum send retry"
    )]
    Replaced {
        /// The profile's.
        key_id: KeyId,
    },
    /// A document was sealed to a key that is not here.
    #[error(
        "the document was sealed to key {key_id}, which this profile does not hold; open it where the key is"
    )]
    Unknown {
        /// Which.
        key_id: KeyId,
    },
    /// A key statement cannot be made of these keys.
    #[error(transparent)]
    Malformed(#[from] samrum_proto::canonical::Malformed),
}

/// One generation: both private keys and the statement that names the public ones.
#[derive(Debug)]
pub struct UnitKeys {
    /// Opens documents.
    pub sealing: SealingKeyPair,
    /// Signs slips and statements.
    pub signing: SigningKeyPair,
    /// What the organisation signs.
    pub statement: Raw<KeyStatement>,
}

impl UnitKeys {
    /// Under what directory and slips name these keys.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.statement.key_id()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyForm {
    /// The key statement's canonical bytes, in hexadecimal.
    statement: String,
    sealing_private: String,
    signing_seed: String,
}

impl Drop for KeyForm {
    fn drop(&mut self) {
        self.sealing_private.zeroize();
        self.signing_seed.zeroize();
    }
}

/// A unit's keys on disk.
#[derive(Debug, Clone)]
pub struct Keyring {
    directory: PathBuf,
}

impl Keyring {
    /// The keyring of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            directory: profile.keys(),
        }
    }

    /// Mints a generation and keeps it. It is in force once the hub has taken it.
    ///
    /// # Errors
    /// [`KeyringError`].
    pub fn generate(
        &self,
        disk: &dyn Disk,
        unit: UnitId,
        valid_from_us: i64,
        randomness: &dyn Randomness,
    ) -> Result<UnitKeys, KeyringError> {
        let sealing = SealingKeyPair::generate(randomness)?;
        let signing = SigningKeyPair::generate(randomness)?;
        let statement = Raw::new(KeyStatement {
            unit,
            suite: Suite::XWing,
            sealing_public_key: sealing.public_key().clone(),
            signing_public_key: signing.verifying_key(),
            valid_from_us,
        })?;
        let form = KeyForm {
            statement: hex::encode(statement.bytes()),
            sealing_private: hex::encode(sealing.expose_private_bytes().as_slice()),
            signing_seed: hex::encode(signing.expose_seed()),
        };
        let path = self.path(statement.key_id());
        let text =
            Zeroizing::new(toml::to_string(&form).map_err(|error| StorageError::damaged(&path, error))?);
        storage::create(disk, &path, text.as_bytes(), Access::Private)?;
        Ok(UnitKeys {
            sealing,
            signing,
            statement,
        })
    }

    /// The generation with this id.
    ///
    /// # Errors
    /// [`KeyringError::Unknown`] when it is not here.
    pub fn generation(&self, key_id: KeyId) -> Result<UnitKeys, KeyringError> {
        let path = self.path(key_id);
        if !path.exists() {
            return Err(KeyringError::Unknown { key_id });
        }
        let keys = parse(&path)?;
        if keys.key_id() == key_id {
            Ok(keys)
        } else {
            Err(StorageError::damaged(&path, "it holds another key than its name says").into())
        }
    }

    /// The generation in force.
    ///
    /// # Errors
    /// [`KeyringError::NoKeys`], [`KeyringError::NotRegistered`].
    pub fn in_force(&self) -> Result<UnitKeys, KeyringError> {
        let path = self.directory.join(IN_FORCE);
        let Some(text) = storage::read_if_there(&path, MAX_KEY_FILE_BYTES)? else {
            self.newest()?;
            return Err(KeyringError::NotRegistered);
        };
        let key_id = std::str::from_utf8(&text)
            .ok()
            .and_then(|text| hex::decode(text.trim()).ok())
            .and_then(|bytes| KeyId::try_from(bytes.as_slice()).ok())
            .ok_or_else(|| StorageError::damaged(&path, "it does not name a key"))?;
        self.generation(key_id)
    }

    /// The generation that was minted last, registered or not.
    ///
    /// # Errors
    /// [`KeyringError::NoKeys`].
    pub fn newest(&self) -> Result<UnitKeys, KeyringError> {
        let paths = storage::list(&self.directory, ENDING, MAX_GENERATIONS)?;
        let generations = paths
            .iter()
            .map(|path| parse(path))
            .collect::<Result<Vec<_>, _>>()?;
        generations
            .into_iter()
            .max_by_key(|keys| (keys.statement.value().valid_from_us, keys.key_id()))
            .ok_or(KeyringError::NoKeys)
    }

    /// Writes down that the hub has taken this generation.
    ///
    /// # Errors
    /// [`KeyringError::Storage`].
    pub fn put_in_force(&self, disk: &dyn Disk, key_id: KeyId) -> Result<(), KeyringError> {
        let path = self.directory.join(IN_FORCE);
        Ok(storage::replace(
            disk,
            &path,
            format!("{key_id}\n").as_bytes(),
            Access::Private,
        )?)
    }

    /// Where a generation is kept.
    #[must_use]
    pub fn path(&self, key_id: KeyId) -> PathBuf {
        self.directory.join(format!("{key_id}.{ENDING}"))
    }
}

fn parse(path: &Path) -> Result<UnitKeys, KeyringError> {
    let damaged = |what: &str| StorageError::damaged(path, what);
    let text = Zeroizing::new(storage::read_text(path, MAX_KEY_FILE_BYTES)?);
    // The parser's own message could quote a line that holds a key.
    let form: KeyForm = toml::from_str(&text).map_err(|_| damaged("it is not a key file"))?;
    let bytes = |text: &str| {
        hex::decode(text)
            .map(Zeroizing::new)
            .map_err(|_| damaged("a value is not hexadecimal"))
    };
    let statement = Raw::<KeyStatement>::parse(bytes(&form.statement)?.as_slice())?;
    let sealing = SealingKeyPair::from_private_bytes(&bytes(&form.sealing_private)?)?;
    let signing = SigningKeyPair::from_seed(&bytes(&form.signing_seed)?)?;
    let named = statement.value();
    if named.sealing_public_key != *sealing.public_key()
        || named.signing_public_key != signing.verifying_key()
    {
        return Err(damaged("its statement names other keys than it holds").into());
    }
    Ok(UnitKeys {
        sealing,
        signing,
        statement,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationKeyForm {
    organisation_signing_seed: String,
}

impl Drop for OrganisationKeyForm {
    fn drop(&mut self) {
        self.organisation_signing_seed.zeroize();
    }
}

/// Makes an organisation's signing key in a file of its own. Such a key belongs offline.
///
/// # Errors
/// [`KeyringError`]; a file that is there already is never replaced.
pub fn generate_organisation_key(
    disk: &dyn Disk,
    path: &Path,
    randomness: &dyn Randomness,
) -> Result<SigningKeyPair, KeyringError> {
    let pair = SigningKeyPair::generate(randomness)?;
    let form = OrganisationKeyForm {
        organisation_signing_seed: hex::encode(pair.expose_seed()),
    };
    let text = Zeroizing::new(toml::to_string(&form).map_err(|error| StorageError::damaged(path, error))?);
    storage::create(disk, path, text.as_bytes(), Access::Private)?;
    Ok(pair)
}

/// Reads what [`generate_organisation_key`] made.
///
/// # Errors
/// [`KeyringError`].
pub fn read_organisation_key(path: &Path) -> Result<SigningKeyPair, KeyringError> {
    let text = Zeroizing::new(storage::read_text(path, MAX_KEY_FILE_BYTES)?);
    let damaged = || StorageError::damaged(path, "it is not an organisation's key file");
    let form: OrganisationKeyForm = toml::from_str(&text).map_err(|_| damaged())?;
    let seed = hex::decode(&form.organisation_signing_seed)
        .map(Zeroizing::new)
        .map_err(|_| damaged())?;
    Ok(SigningKeyPair::from_seed(&seed)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tests::Counting;
    use crate::storage::LocalDisk;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn keyring() -> (tempfile::TempDir, Keyring) {
        let directory = tempfile::tempdir().unwrap();
        let keyring = Keyring {
            directory: directory.path().to_owned(),
        };
        (directory, keyring)
    }

    fn unit() -> UnitId {
        UnitId::from_bytes([1; 16])
    }

    #[test]
    fn generations_are_kept_and_one_is_in_force() {
        let (_directory, keyring) = keyring();
        let randomness = Counting::default();
        assert!(matches!(keyring.in_force(), Err(KeyringError::NoKeys)));
        let first = keyring.generate(&LocalDisk, unit(), 1, &randomness).unwrap();
        assert!(matches!(keyring.in_force(), Err(KeyringError::NotRegistered)));
        keyring.put_in_force(&LocalDisk, first.key_id()).unwrap();
        let second = keyring.generate(&LocalDisk, unit(), 2, &randomness).unwrap();
        assert_eq!(keyring.newest().unwrap().key_id(), second.key_id());
        assert_eq!(
            keyring.in_force().unwrap().key_id(),
            first.key_id(),
            "the hub has not taken the second"
        );
        keyring.put_in_force(&LocalDisk, second.key_id()).unwrap();
        assert_eq!(keyring.in_force().unwrap().key_id(), second.key_id());
        assert_eq!(
            keyring.generation(first.key_id()).unwrap().key_id(),
            first.key_id()
        );
    }

    #[test]
    fn key_files_are_private_and_their_damage_is_told_without_their_content() {
        let (_directory, keyring) = keyring();
        let keys = keyring
            .generate(&LocalDisk, unit(), 1, &Counting::default())
            .unwrap();
        let path = keyring.path(keys.key_id());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let seed = hex::encode(keys.signing.expose_seed());
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("signing_seed = ", "signing_seed ")).unwrap();
        let error = keyring.generation(keys.key_id()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(&seed), "{error}");
        let unknown = KeyId::from_bytes([9; 32]);
        assert!(
            matches!(keyring.generation(unknown), Err(KeyringError::Unknown { key_id }) if key_id == unknown)
        );
    }

    #[test]
    fn a_file_under_another_keys_name_is_refused() {
        let (_directory, keyring) = keyring();
        let randomness = Counting::default();
        let first = keyring.generate(&LocalDisk, unit(), 1, &randomness).unwrap();
        let second = keyring.generate(&LocalDisk, unit(), 2, &randomness).unwrap();
        fs::copy(keyring.path(first.key_id()), keyring.path(second.key_id())).unwrap();
        assert!(matches!(
            keyring.generation(second.key_id()),
            Err(KeyringError::Storage(StorageError::Damaged { .. }))
        ));
    }

    #[test]
    fn an_organisation_key_is_made_once_and_read_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("organisation.key");
        let made = generate_organisation_key(&LocalDisk, &path, &Counting::default()).unwrap();
        assert_eq!(
            read_organisation_key(&path).unwrap().verifying_key(),
            made.verifying_key()
        );
        let again = generate_organisation_key(&LocalDisk, &path, &Counting::default());
        assert!(matches!(again, Err(KeyringError::Storage(error)) if error.is_taken()));
    }
}
