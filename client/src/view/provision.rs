//! Provisions: the catalogue as the hub holds it, and one provision in words beside what it decided.

use samrum_proto::convert::{Problem, Result};
use samrum_proto::wire::decision::v1 as wire;
use serde::Serialize;

/// A provision in words. Only the id comes from the hub; the command fills in the rest, and leaves it empty for an
/// id that this version's catalogue lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProvisionText {
    /// Its id, such as `OSL-25-12`.
    pub provision_id: String,
    /// The statute with its number, in Swedish.
    pub statute: String,
    /// Chapter and section.
    pub section: String,
    /// What it says, in a person's language.
    pub sentence: String,
}

impl ProvisionText {
    /// That provision, not in words yet.
    #[must_use]
    pub fn named(id: &str) -> Self {
        Self {
            provision_id: id.to_owned(),
            ..Self::default()
        }
    }
}

/// One provision of the hub's catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provision {
    /// Its id.
    pub provision_id: String,
    /// The statute with its number, in Swedish.
    pub statute: String,
    /// Chapter and section.
    pub section: String,
    /// `SECRECY`, `WAIVER`, `BASIS`, `DUTY`, `PROCESS` or `BARS`.
    pub role: String,
    /// What it says, in Swedish.
    pub sv: String,
    /// What it says, in English.
    pub en: String,
    /// Whether it is in force now.
    pub in_force: bool,
    /// For one that permits: whether it is turned on.
    pub on: bool,
}

impl TryFrom<&wire::Provision> for Provision {
    type Error = samrum_proto::convert::InvalidField;

    fn try_from(provision: &wire::Provision) -> Result<Self> {
        if provision.provision_id.is_empty() {
            return Err(Problem::Missing.of("provisions.provision_id"));
        }
        Ok(Self {
            provision_id: provision.provision_id.clone(),
            statute: provision.statute.clone(),
            section: provision.section.clone(),
            role: provision.role.clone(),
            sv: provision.sv.clone(),
            en: provision.en.clone(),
            in_force: provision.in_force,
            on: provision.on,
        })
    }
}
