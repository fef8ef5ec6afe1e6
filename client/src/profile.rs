//! A profile: one unit's (or auditor's, or operator's) way to one hub, as a directory.
//!
//! `profile.toml` is written by people or by whoever sets a unit up; everything beside it by this crate. Private
//! keys are the `keyring`'s, pinned keys the `pin`'s, waiting documents the `outbox`'s.

use std::path::{Path, PathBuf};

use samrum_consent::id::UnitId;
use samrum_proto::ledger::LogVerifier;
use serde::Deserialize;

use crate::storage::{self, StorageError};
use crate::transport::way::Transport;
use crate::transport::{HubAddress, TlsFiles};

/// The file that makes a directory a profile.
pub const PROFILE_FILE: &str = "profile.toml";
/// The most bytes of that file.
pub const MAX_PROFILE_BYTES: u64 = 64 * 1024;
/// The most characters of a user id and of a role, as acting statements hold them.
pub const MAX_WORD_CHARACTERS: usize = 64;

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// No directory was named.
    #[error("no profile was named; pass --profile DIR or set SAMRUM_PROFILE")]
    Unnamed,
    /// The directory has no `profile.toml`, or it cannot be read.
    #[error("the profile cannot be read: {0}")]
    Storage(#[from] StorageError),
    /// Not TOML, or a key is missing, misspelt or of the wrong type.
    #[error("{} is not a profile: {what}", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        what: String,
    },
    /// A value that its key does not allow.
    #[error("{}: {key} {what}", .path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// Which key.
        key: &'static str,
        /// What is wrong and what is allowed.
        what: String,
    },
    /// The call is made for a unit, and the profile names none.
    #[error("this is done for a unit, and the profile names none; use the profile of a unit")]
    UnitNeeded,
    /// The call acts for a person, and the profile names no professional.
    #[error(
        "this is done by a professional; add [professional] with user, role and assurance_level to the profile"
    )]
    ProfessionalNeeded,
}

/// Who acts, as the organisation states it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Professional {
    /// The unit's own user id.
    pub user: String,
    /// The role inside the unit.
    pub role: String,
    /// Level of assurance of the professional's login, 1 to 4.
    pub assurance_level: u8,
}

/// One way to one hub.
#[derive(Debug, Clone)]
pub struct Profile {
    directory: PathBuf,
    hub: HubAddress,
    tls: TlsFiles,
    unit: Option<UnitId>,
    professional: Option<Professional>,
    log: LogVerifier,
    transport: Transport,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileForm {
    hub: String,
    ca: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    vkey: String,
    transport: Option<String>,
    unit: Option<String>,
    professional: Option<Professional>,
}

impl Profile {
    /// Reads the profile of a directory and makes the directories that it lacks.
    ///
    /// # Errors
    /// [`ProfileError`], naming the file and the key.
    pub fn load(directory: &Path) -> Result<Self, ProfileError> {
        let path = directory.join(PROFILE_FILE);
        let text = storage::read_text(&path, MAX_PROFILE_BYTES)?;
        let form: ProfileForm = toml::from_str(&text).map_err(|error| ProfileError::Form {
            path: path.clone(),
            what: error.message().to_owned(),
        })?;
        let value = |key, what: String| ProfileError::Value {
            path: path.clone(),
            key,
            what,
        };
        let profile = Self {
            hub: HubAddress::parse(&form.hub).map_err(|error| value("hub", error.to_string()))?,
            tls: TlsFiles {
                authorities: directory.join(form.ca),
                certificate: directory.join(form.certificate),
                key: directory.join(form.key),
            },
            unit: form
                .unit
                .map(|unit| unit.parse())
                .transpose()
                .map_err(|error: samrum_consent::id::InvalidId| value("unit", error.to_string()))?,
            professional: form
                .professional
                .map(judged)
                .transpose()
                .map_err(|what| value("professional", what.to_owned()))?,
            transport: form
                .transport
                .map_or(Ok(Transport::default()), |transport| transport.parse())
                .map_err(|error: crate::transport::way::InvalidTransport| {
                    value("transport", error.to_string())
                })?,
            log: LogVerifier::parse(&form.vkey).map_err(|error| value("vkey", error.to_string()))?,
            directory: directory.to_owned(),
        };
        for place in [profile.keys(), profile.outbox(), profile.tickets()] {
            storage::private_directory(&place)?;
        }
        Ok(profile)
    }

    /// Where the hub is.
    #[must_use]
    pub const fn hub(&self) -> &HubAddress {
        &self.hub
    }

    /// Certificates and key of the connection.
    #[must_use]
    pub const fn tls(&self) -> &TlsFiles {
        &self.tls
    }

    /// Which way calls go unless somebody says otherwise.
    #[must_use]
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// The log's pinned key.
    #[must_use]
    pub const fn log(&self) -> &LogVerifier {
        &self.log
    }

    /// The unit.
    ///
    /// # Errors
    /// [`ProfileError::UnitNeeded`] in a profile of an operator or auditor.
    pub fn unit(&self) -> Result<UnitId, ProfileError> {
        self.unit.ok_or(ProfileError::UnitNeeded)
    }

    /// The professional.
    ///
    /// # Errors
    /// [`ProfileError::ProfessionalNeeded`].
    pub fn professional(&self) -> Result<&Professional, ProfileError> {
        self.professional.as_ref().ok_or(ProfileError::ProfessionalNeeded)
    }

    /// The unit's private keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.directory.join("keys")
    }

    /// Sealed documents that the hub has not answered for.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.directory.join("outbox")
    }

    /// The hub's promises.
    #[must_use]
    pub fn tickets(&self) -> PathBuf {
        self.directory.join("tickets")
    }

    /// Public keys of organisations, as first seen.
    #[must_use]
    pub fn known_organisations(&self) -> PathBuf {
        self.directory.join("known-organisations.toml")
    }

    /// The last checkpoint that was verified.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.directory.join("checkpoint")
    }

    /// Until when QUIC is not worth trying, because it did not get through.
    #[must_use]
    pub fn quic_again(&self) -> PathBuf {
        self.directory.join("quic-again-at")
    }

    /// How far the inbox was followed.
    #[must_use]
    pub fn inbox_cursor(&self) -> PathBuf {
        self.directory.join("inbox-cursor")
    }
}

fn judged(professional: Professional) -> Result<Professional, &'static str> {
    let fits = |word: &str| (1..=MAX_WORD_CHARACTERS).contains(&word.trim().chars().count());
    if !fits(&professional.user) || !fits(&professional.role) {
        return Err("must have a user and a role of 1 to 64 characters each");
    }
    if !(1..=4).contains(&professional.assurance_level) {
        return Err("must have an assurance_level between 1 and 4");
    }
    Ok(professional)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use samrum_proto::envelope::SigningKeyPair;
    use std::fs;

    pub(crate) const UNIT: &str = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

    /// A verifier key of a log that exists for tests.
    pub(crate) fn verifier_key() -> String {
        let pair = SigningKeyPair::from_seed(&[7; 32]).unwrap();
        LogVerifier::new("log.example", pair.verifying_key())
            .unwrap()
            .to_string()
    }

    pub(crate) fn written(extra: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let vkey = verifier_key();
        let text = format!(
            "hub = \"https://hub.example:7443\"\nca = \"ca.pem\"\ncertificate = \"unit.pem\"\nkey = \"unit.key\"\n\
             vkey = \"{vkey}\"\n{extra}"
        );
        fs::write(directory.path().join(PROFILE_FILE), text).unwrap();
        directory
    }

    #[test]
    fn a_unit_profile_is_read_and_its_paths_are_relative_to_it() {
        let professional = "[professional]\nuser = \"anna\"\nrole = \"COORDINATOR\"\nassurance_level = 3\n";
        let directory = written(&format!("unit = \"{UNIT}\"\n{professional}"));
        let profile = Profile::load(directory.path()).unwrap();
        assert_eq!(profile.unit().unwrap().to_string(), UNIT);
        assert_eq!(profile.professional().unwrap().user, "anna");
        assert_eq!(profile.tls().key, directory.path().join("unit.key"));
        assert!(profile.outbox().is_dir());
    }

    #[test]
    fn an_operator_has_neither_unit_nor_professional_and_is_told_so() {
        let directory = written("");
        let profile = Profile::load(directory.path()).unwrap();
        assert!(matches!(profile.unit(), Err(ProfileError::UnitNeeded)));
        assert!(matches!(
            profile.professional(),
            Err(ProfileError::ProfessionalNeeded)
        ));
    }

    #[test]
    fn every_unusable_value_names_its_key() {
        let professional = "[professional]\nuser = \"anna\"\nrole = \"X\"\nassurance_level = 5\n";
        for (extra, named) in [
            ("unit = \"school\"\n", "unit"),
            ("hubb = \"x\"\n", "hubb"),
            (professional, "assurance_level"),
        ] {
            let directory = written(extra);
            let error = Profile::load(directory.path()).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        let nowhere = Profile::load(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(nowhere.to_string().contains("profile.toml"), "{nowhere}");
    }
}
