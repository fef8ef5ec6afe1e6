//! Where the world's files are: one folder for everything, gone afterwards unless it is to be kept.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use samrum_certs::{Collection, DevelopmentAuthority, Existing, Validity};
use samrum_client::transport::way::Transport;
use tempfile::TempDir;

use super::{Household, ORGANISATIONS, Organisation, UNITS, Unit, unit_id};
use crate::process::{HubPlan, HubProcess, Part};
use crate::trouble::{Result, Trouble};

/// The operator's profile and certificate.
const OPERATOR: &str = "operator";

/// Who acts for each unit: its own user id and role.
const PROFESSIONALS: [(&str, &str, &str); 6] = [
    ("social-services", "anna.k", "SOCIAL_SECRETARY"),
    ("reception", "sara.l", "SOCIAL_SECRETARY"),
    ("pupil-health", "omar.h", "SCHOOL_COUNSELLOR"),
    ("school", "lena.p", "PRINCIPAL"),
    ("child-psychiatry", "per.n", "PSYCHOLOGIST"),
    ("private-clinic", "mia.s", "PHYSICIAN"),
];

/// Who stands beside them where two must: only for units whose records somebody attests.
const COLLEAGUES: [(&str, &str, &str); 2] = [
    ("social-services", "olle.b", "SOCIAL_SECRETARY"),
    ("child-psychiatry", "ida.w", "PSYCHOLOGIST"),
];

/// The folder of the world.
#[derive(Debug)]
pub(crate) struct Place {
    root: PathBuf,
    /// Removes the folder when dropped; none when it is kept.
    temporary: Option<TempDir>,
    /// Which way the calls of its profiles go.
    transport: Transport,
}

impl Place {
    /// A folder that is there for the story only.
    pub(crate) fn temporary() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("samrum-demo-")
            .tempdir()
            .map_err(Trouble::system("making a temporary folder"))?;
        Ok(Self {
            root: folder.path().to_owned(),
            temporary: Some(folder),
            transport: Transport::default(),
        })
    }

    /// A new or empty folder that stays.
    pub(crate) fn kept(folder: &Path) -> Result<Self> {
        make_folder(folder)?;
        let mut entries = fs::read_dir(folder).map_err(Trouble::file(folder))?;
        if entries.next().is_some() {
            return Err(Trouble::FolderInUse {
                path: folder.to_owned(),
            });
        }
        // Processes and printed commands run elsewhere.
        let root = folder.canonicalize().map_err(Trouble::file(folder))?;
        Ok(Self {
            root,
            temporary: None,
            transport: Transport::default(),
        })
    }

    /// The same, with calls that go this way.
    pub(crate) fn over(self, transport: Transport) -> Self {
        Self { transport, ..self }
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether it stays.
    pub(crate) const fn is_kept(&self) -> bool {
        self.temporary.is_none()
    }

    /// Removes the folder, unless it is to be kept.
    pub(crate) fn leave(self) -> Result<()> {
        self.temporary.map_or(Ok(()), |folder| {
            folder
                .close()
                .map_err(Trouble::system("removing the temporary folder"))
        })
    }

    /// A unit's profile.
    pub(crate) fn unit(&self, unit: &Unit) -> PathBuf {
        self.profile(unit.slug)
    }

    /// The profile of the unit's second professional.
    pub(crate) fn colleague(&self, unit: &Unit) -> PathBuf {
        self.profile(&format!("{}-colleague", unit.slug))
    }

    /// An organisation's auditor's profile.
    pub(crate) fn auditor(&self, organisation: &Organisation) -> PathBuf {
        self.profile(&format!("auditor-{}", organisation.slug))
    }

    /// The operator's profile.
    pub(crate) fn operator(&self) -> PathBuf {
        self.profile(OPERATOR)
    }

    /// A profile by name.
    pub(crate) fn profile(&self, name: &str) -> PathBuf {
        self.root.join("profiles").join(name)
    }

    /// An organisation's signing key.
    pub(crate) fn organisation_key(&self, organisation: &Organisation) -> PathBuf {
        self.root.join("keys").join(format!("{}.key", organisation.slug))
    }

    /// The hub's data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// The hub's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("hub.log")
    }

    /// A folder for copies.
    pub(crate) fn copies(&self) -> PathBuf {
        self.root.join("copy")
    }

    /// The script that runs `samrum`.
    pub(crate) fn script(&self) -> PathBuf {
        self.root.join("samrum")
    }

    /// What the hub is started with, on this data folder.
    pub(crate) fn plan(&self, program: &Path, data: &Path, log: &Path) -> HubPlan {
        HubPlan {
            program: program.to_owned(),
            certificates: self.root.join("certs"),
            data: data.to_owned(),
            people: self.root.join("people.toml"),
            log: log.to_owned(),
        }
    }

    /// Writes what must be there before the hub starts: certificates, and who may log in by a link.
    pub(crate) fn prepare(&self, household: &Household, program: &Path) -> Result<()> {
        let validity = Validity::starting(super::now().into())?;
        let authority = DevelopmentAuthority::new(validity)?;
        Collection::issue(&authority, validity)?.write(&self.root.join("certs"), Existing::Refuse)?;
        for folder in ["keys", "profiles", "copy"] {
            make_folder(&self.root.join(folder))?;
        }
        let people = household
            .guardians()
            .map(|(label, person)| format!("{label} = \"{}\"\n", person.number.digits()))
            .concat();
        write(&self.root.join("people.toml"), &people)?;
        let script = format!(
            "#!/bin/sh\nexec {} {} \"$@\"\n",
            quoted(program),
            Part::Samrum.word()
        );
        write(&self.script(), &script)?;
        fs::set_permissions(self.script(), fs::Permissions::from_mode(0o755))
            .map_err(Trouble::file(&self.script()))
    }

    /// Writes a profile for every unit, auditor and the operator, once the hub says where it is.
    pub(crate) fn write_profiles(&self, hub: &HubProcess) -> Result<()> {
        for unit in UNITS {
            let (_, user, role) = PROFESSIONALS
                .into_iter()
                .find(|(slug, ..)| *slug == unit.slug)
                .unwrap_or((unit.slug, unit.slug, "PROFESSIONAL"));
            let more = format!("unit = \"{}\"\n{}", unit_id(unit), professional(user, role));
            self.write_profile(unit.slug, unit.slug, hub, &more)?;
        }
        for organisation in ORGANISATIONS {
            let name = format!("auditor-{}", organisation.slug);
            self.write_profile(&name, &name, hub, &professional("auditor.1", "AUDITOR"))?;
        }
        self.write_profile(OPERATOR, OPERATOR, hub, "")
    }

    /// Writes a profile for every unit's second professional, who acts with the certificate and keys that the
    /// unit has by now.
    pub(crate) fn write_colleagues(&self, hub: &HubProcess) -> Result<()> {
        for (slug, user, role) in COLLEAGUES {
            let Some(unit) = UNITS.into_iter().find(|unit| unit.slug == slug) else {
                continue;
            };
            let more = format!("unit = \"{}\"\n{}", unit_id(unit), professional(user, role));
            self.write_profile(&format!("{slug}-colleague"), slug, hub, &more)?;
            let (from, to) = (self.unit(unit).join("keys"), self.colleague(unit).join("keys"));
            make_folder(&to)?;
            for entry in fs::read_dir(&from).map_err(Trouble::file(&from))? {
                let file = entry.map_err(Trouble::file(&from))?.path();
                let Some(name) = file.file_name() else { continue };
                // With its permissions: for this user alone.
                fs::copy(&file, to.join(name)).map_err(Trouble::file(&file))?;
            }
        }
        Ok(())
    }

    fn write_profile(&self, name: &str, certificate: &str, hub: &HubProcess, more: &str) -> Result<()> {
        let folder = self.profile(name);
        make_folder(&folder)?;
        let certificates = "../../certs";
        let text = format!(
            "hub = \"https://{}\"\nca = \"{certificates}/ca.pem\"\ncertificate = \"{certificates}/{certificate}.pem\"\n\
             key = \"{certificates}/{certificate}.key\"\nvkey = \"{}\"\ntransport = \"{}\"\n{more}",
            hub.grpc,
            hub.verifier_key,
            self.transport.word()
        );
        write(&folder.join("profile.toml"), &text)
    }
}

fn professional(user: &str, role: &str) -> String {
    format!("[professional]\nuser = \"{user}\"\nrole = \"{role}\"\nassurance_level = 3\n")
}

/// Makes a folder for this user alone, with those above it.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(Trouble::file(path))
}

/// Writes a file.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Trouble::file(path))
}

/// A path as one word of a shell command (POSIX).
pub(crate) fn quoted(path: &Path) -> String {
    word(&path.to_string_lossy())
}

/// A text as one word of a shell command (POSIX).
pub(crate) fn word(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-+".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_one_word_for_a_shell() {
        assert_eq!(
            quoted(Path::new("/tmp/samrum-demo-1/samrum")),
            "/tmp/samrum-demo-1/samrum"
        );
        assert_eq!(quoted(Path::new("/tmp/a b")), "'/tmp/a b'");
        assert_eq!(word(""), "''");
        assert_eq!(quoted(Path::new("/tmp/it's")), "'/tmp/it'\\''s'");
    }

    #[test]
    fn a_folder_with_something_in_it_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("new");
        assert!(Place::kept(&empty).unwrap().is_kept());
        write(&empty.join("file"), "x").unwrap();
        assert!(matches!(Place::kept(&empty), Err(Trouble::FolderInUse { .. })));
    }

    #[test]
    fn every_unit_has_its_professional() {
        for unit in UNITS {
            assert!(
                PROFESSIONALS.iter().any(|(slug, ..)| *slug == unit.slug),
                "{}",
                unit.slug
            );
        }
        for (colleague, user, _) in COLLEAGUES {
            let first = PROFESSIONALS.into_iter().find(|(slug, ..)| *slug == colleague);
            let (_, other, _) = first.unwrap();
            assert_ne!(user, other, "nobody attests their own record");
        }
    }

    #[test]
    fn a_temporary_folder_is_gone_afterwards() {
        let place = Place::temporary().unwrap();
        let root = place.root().to_owned();
        assert!(root.is_dir());
        place.leave().unwrap();
        assert!(!root.exists());
    }
}
