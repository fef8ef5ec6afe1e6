//! What goes wrong on this side, in the language of the answers: profile, files, keys, connection, what was typed.
//!
//! What contradicts the protocol is told in English only: whoever gets to see it sends it on.

use samrum_ui::{Language, text};

use crate::error::{Error, Local, Misused, Unreachable};
use crate::keyring::KeyringError;
use crate::profile::ProfileError;
use crate::storage::StorageError;
use crate::transport::failure::Refusal;

/// An id with its arguments.
type Said = (&'static str, Vec<(&'static str, String)>);

/// The error in that language; nothing where it has no words of its own.
pub(super) fn said(error: &Error, language: Language) -> Option<String> {
    let (id, arguments) = match error {
        Error::Misused(Misused::Input(words)) => return Some(words.say(language)),
        Error::Misused(misused) => misuse(misused)?,
        Error::Unreachable(unreachable) => unanswered(unreachable),
        Error::Connection(refusal) => refused(refusal),
        Error::Local(Local::Profile(ProfileError::Storage(error))) => {
            let problem = say(storage(error), language);
            ("error-profile-unreadable", vec![("problem", problem)])
        }
        Error::Local(local) => machine(local)?,
        Error::Answered(_) | Error::Misbehaved(_) => return None,
    };
    Some(say((id, arguments), language))
}

fn say((id, arguments): Said, language: Language) -> String {
    text(id, &arguments, language)
}

fn misuse(misused: &Misused) -> Option<Said> {
    Some(match misused {
        Misused::UnitUnknown { name } => ("error-unit-unknown", vec![("name", name.clone())]),
        Misused::UnitAmbiguous { name, candidates } => (
            "error-unit-ambiguous",
            vec![("name", name.clone()), ("candidates", candidates.join(", "))],
        ),
        Misused::OrganisationKeyDiffers => ("error-organisation-key", Vec::new()),
        Misused::KeyUnknown { key_id } => ("error-key-unknown", vec![("key", key_id.to_string())]),
        Misused::KeyNotInForce { unit } => ("error-key-not-in-force", vec![("unit", unit.to_string())]),
        Misused::Document(_) | Misused::Seal(_) | Misused::Malformed(_) | Misused::Input(_) => return None,
    })
}

fn unanswered(unreachable: &Unreachable) -> Said {
    match unreachable {
        Unreachable::Connection { what } => ("error-unreachable", vec![("what", what.clone())]),
        Unreachable::TimedOut { seconds } => ("error-timed-out", vec![("seconds", seconds.to_string())]),
    }
}

fn refused(refusal: &Refusal) -> Said {
    match refusal {
        Refusal::CertificateMissing => ("error-certificate-missing", Vec::new()),
        Refusal::CertificateForeign => ("error-certificate-foreign", Vec::new()),
        Refusal::CertificateExpired => ("error-certificate-expired", Vec::new()),
        Refusal::CertificateRevoked => ("error-certificate-revoked", Vec::new()),
        Refusal::CertificateUnusable { alert } => {
            ("error-certificate-unusable", vec![("alert", alert.clone())])
        }
        Refusal::HubNotTrusted { what } => ("error-hub-not-trusted", vec![("what", what.clone())]),
        Refusal::NotAHub { what } => ("error-not-a-hub", vec![("what", what.clone())]),
    }
}

fn machine(local: &Local) -> Option<Said> {
    Some(match local {
        Local::Profile(error) => profile(error),
        Local::Storage(error) | Local::Keyring(KeyringError::Storage(error)) => storage(error),
        Local::Keyring(KeyringError::NoKeys) => ("error-no-keys", Vec::new()),
        Local::Keyring(KeyringError::NotRegistered) => ("error-keys-not-registered", Vec::new()),
        Local::Keyring(KeyringError::Replaced { key_id }) => {
            ("error-key-replaced", vec![("key", key_id.to_string())])
        }
        Local::Keyring(KeyringError::Unknown { key_id }) => {
            ("error-key-elsewhere", vec![("key", key_id.to_string())])
        }
        Local::Tls(error) => (
            "error-tls-file",
            vec![
                ("file", error.path.display().to_string()),
                ("role", error.role.to_owned()),
                ("what", error.what.clone()),
            ],
        ),
        Local::Busy { document } => ("error-busy", vec![("document", document.to_string())]),
        Local::Keyring(_) | Local::Pin(_) | Local::Randomness(_) => return None,
    })
}

fn profile(error: &ProfileError) -> Said {
    match error {
        ProfileError::Unnamed => ("error-profile-unnamed", Vec::new()),
        ProfileError::Storage(error) => storage(error),
        ProfileError::Form { path, what } => (
            "error-profile-form",
            vec![("file", path.display().to_string()), ("what", what.clone())],
        ),
        ProfileError::Value { path, key, what } => (
            "error-profile-value",
            vec![
                ("file", path.display().to_string()),
                ("key", (*key).to_owned()),
                ("what", what.clone()),
            ],
        ),
        ProfileError::UnitNeeded => ("error-profile-unit", Vec::new()),
        ProfileError::ProfessionalNeeded => ("error-profile-professional", Vec::new()),
    }
}

fn storage(error: &StorageError) -> Said {
    match error {
        StorageError::Io { action, path, source } => (
            "error-storage",
            vec![
                ("action", (*action).to_owned()),
                ("file", path.display().to_string()),
                ("what", source.to_string()),
            ],
        ),
        StorageError::TooLong { path, most } => (
            "error-storage-too-long",
            vec![("file", path.display().to_string()), ("most", most.to_string())],
        ),
        StorageError::Damaged { path, what } => (
            "error-storage-damaged",
            vec![("file", path.display().to_string()), ("what", what.clone())],
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;

    use samrum_consent::id::{DocumentId, UnitId};
    use samrum_proto::statement::KeyId;

    use super::*;
    use crate::transport::TlsFileError;

    fn samples() -> Vec<Error> {
        let path = || PathBuf::from("/profiles/bup/profile.toml");
        let what = || "is wrong".to_owned();
        let io = |action| StorageError::Io {
            action,
            path: path(),
            source: io::Error::other("refused"),
        };
        let mut errors: Vec<Error> = vec![
            ProfileError::Unnamed.into(),
            ProfileError::Storage(io("read")).into(),
            ProfileError::Form {
                path: path(),
                what: what(),
            }
            .into(),
            ProfileError::Value {
                path: path(),
                key: "hub",
                what: what(),
            }
            .into(),
            ProfileError::UnitNeeded.into(),
            ProfileError::ProfessionalNeeded.into(),
            StorageError::TooLong {
                path: path(),
                most: 5,
            }
            .into(),
            StorageError::Damaged {
                path: path(),
                what: what(),
            }
            .into(),
            KeyringError::NoKeys.into(),
            KeyringError::NotRegistered.into(),
            TlsFileError {
                path: path(),
                role: "certificate",
                what: what(),
            }
            .into(),
            Error::Local(Local::Busy {
                document: DocumentId::from_bytes([1; 16]),
            }),
            Error::Misused(Misused::UnitUnknown {
                name: "bup".to_owned(),
            }),
            Error::Misused(Misused::UnitAmbiguous {
                name: "bup".to_owned(),
                candidates: vec!["BUP A".to_owned(), "BUP B".to_owned()],
            }),
            Error::Misused(Misused::OrganisationKeyDiffers),
        ];
        let actions = [
            "read",
            "write",
            "create",
            "replace",
            "remove",
            "open",
            "list",
            "lock",
            "blank",
            "synchronise",
        ];
        errors.extend(connections());
        errors.extend(keys());
        errors.extend(actions.map(|action| io(action).into()));
        errors
    }

    fn keys() -> Vec<Error> {
        let (key_id, unit) = (KeyId::from_bytes([1; 32]), UnitId::from_bytes([1; 16]));
        vec![
            Error::Misused(Misused::KeyUnknown { key_id }),
            Error::Misused(Misused::KeyNotInForce { unit }),
            KeyringError::Replaced { key_id }.into(),
        ]
    }

    fn connections() -> Vec<Error> {
        let what = || "is wrong".to_owned();
        vec![
            Error::Unreachable(Unreachable::Connection { what: what() }),
            Error::Unreachable(Unreachable::TimedOut { seconds: 10 }),
            Refusal::CertificateMissing.into(),
            Refusal::CertificateForeign.into(),
            Refusal::CertificateExpired.into(),
            Refusal::CertificateRevoked.into(),
            Refusal::CertificateUnusable { alert: what() }.into(),
            Refusal::HubNotTrusted { what: what() }.into(),
            Refusal::NotAHub { what: what() }.into(),
        ]
    }

    #[test]
    fn english_is_the_errors_own_and_swedish_is_swedish() {
        for error in samples() {
            let english = said(&error, Language::English).unwrap();
            assert_eq!(english, error.to_string());
            let swedish = said(&error, Language::Swedish).unwrap();
            assert!(swedish != english && !swedish.starts_with("error"), "{swedish}");
            assert!(
                !swedish.contains(" the ") && !swedish.contains("cannot"),
                "{swedish}"
            );
        }
    }
}
