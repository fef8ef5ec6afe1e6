//! How the world comes to be: with the same commands that operators and units use, run against a new hub.

use futures_util::future::{try_join, try_join_all};
use jiff::SignedDuration;
use samrum_certs::world::{AUTHORITIES, Holder, Sector};
use samrum_consent::id::{AuthorityId, OrganisationId};
use serde_json::Value;

use super::{Household, ORGANISATIONS, Organisation, Person, Place, SOCIAL_SERVICES, UNITS, Unit, unit_id};
use crate::process::{Samrum, text};
use crate::trouble::{Result, Trouble};

/// How long ago the operator read the population register.
const REGISTER_READ: SignedDuration = SignedDuration::from_mins(30);

/// Makes keys, fills the directory, imports custody, and opens social services' case; answers with the
/// child's id in that case.
pub(crate) async fn found(samrum: &Samrum, place: &Place, household: &Household) -> Result<String> {
    let founding = Founding { samrum, place };
    try_join(
        try_join_all(ORGANISATIONS.map(|organisation| founding.organisation(organisation))),
        try_join_all(UNITS.map(|unit| founding.new_key(unit))),
    )
    .await?;
    try_join_all(UNITS.map(|unit| founding.unit(unit))).await?;
    try_join(
        try_join_all(UNITS.map(|unit| founding.key_in_force(unit))),
        record_custody(samrum, place, &household.child, household),
    )
    .await?;
    register(samrum, place, &SOCIAL_SERVICES, &household.child).await
}

/// A unit opens a case id for a person; answers with that id.
pub(crate) async fn register(samrum: &Samrum, place: &Place, unit: &Unit, person: &Person) -> Result<String> {
    let input = format!("{}\n{}\n", person.number.digits(), person.name);
    let answer = samrum
        .run(&place.unit(unit), &["individual", "register"], &input)
        .await?;
    text(&answer.done()?, "/individual_id")
}

/// The operator imports from the population register that both guardians have custody of a child.
pub(crate) async fn record_custody(
    samrum: &Samrum,
    place: &Place,
    child: &Person,
    household: &Household,
) -> Result<Value> {
    let line = |person: &Person| format!("{} {}\n", person.number.digits(), person.name);
    let input = [child, &household.first, &household.second].map(line).concat();
    let read_at = super::now()
        .saturating_sub(REGISTER_READ)
        .unwrap_or_default()
        .to_string();
    let arguments = [
        "individual",
        "set-representation",
        "--source",
        "population-register",
        "--checked-at",
        &read_at,
    ];
    samrum.run(&place.operator(), &arguments, &input).await?.done()
}

struct Founding<'a> {
    samrum: &'a Samrum,
    place: &'a Place,
}

impl Founding<'_> {
    /// Makes the organisation's key, and the operator adds the organisation with its authorities.
    async fn organisation(&self, organisation: &Organisation) -> Result<Value> {
        let file = self.place.organisation_key(organisation);
        let path = file.to_str().ok_or_else(|| not_text(&file))?;
        let made = self.operator(&["key", "organisation", "--out", path]).await?;
        let public_key = text(&made, "/organisation_public_key")?;
        let id = OrganisationId::from_bytes(organisation.id).to_string();
        let authorities = AUTHORITIES
            .into_iter()
            .filter(|authority| authority.organisation == organisation)
            .map(|authority| format!("{}={}", AuthorityId::from_bytes(authority.id), authority.name));
        let authorities: Vec<String> = authorities.collect();
        let mut arguments = vec!["directory", "create-organisation", "--id", &id];
        arguments.extend(["--number", organisation.number, "--name", organisation.name]);
        arguments.extend([
            "--holder",
            holder(organisation.holder),
            "--public-key",
            &public_key,
        ]);
        arguments.push("--authority");
        arguments.extend(authorities.iter().map(String::as_str));
        self.operator(&arguments).await
    }

    /// The operator adds a unit.
    async fn unit(&self, unit: &Unit) -> Result<Value> {
        let id = unit_id(unit);
        let authority = AuthorityId::from_bytes(unit.authority.id).to_string();
        let organisation = OrganisationId::from_bytes(unit.authority.organisation.id).to_string();
        let mut arguments = vec!["directory", "create-unit", "--id", &id];
        arguments.extend(["--authority", &authority, "--organisation", &organisation]);
        arguments.extend(["--name", unit.name, "--sector", sector(unit.sector)]);
        arguments.extend(["--holder", holder(unit.holder)]);
        if unit.board_reception {
            arguments.push("--board-reception");
        }
        if let Some(hsa_id) = unit.hsa_id {
            arguments.extend(["--hsa-id", hsa_id]);
        }
        self.operator(&arguments).await
    }

    /// The unit makes its keys.
    async fn new_key(&self, unit: &Unit) -> Result<Value> {
        let profile = self.place.unit(unit);
        self.samrum.run(&profile, &["key", "generate"], "").await?.done()
    }

    /// The organisation's key signs them, and the hub puts them in force.
    async fn key_in_force(&self, unit: &Unit) -> Result<Value> {
        let file = self.place.organisation_key(unit.authority.organisation);
        let path = file.to_str().ok_or_else(|| not_text(&file))?;
        let arguments = ["key", "register", "--organisation-key", path];
        self.samrum
            .run(&self.place.unit(unit), &arguments, "")
            .await?
            .done()
    }

    async fn operator(&self, arguments: &[&str]) -> Result<Value> {
        self.samrum
            .run(&self.place.operator(), arguments, "")
            .await?
            .done()
    }
}

fn not_text(path: &std::path::Path) -> Trouble {
    Trouble::unexpected("a folder whose name is text", path.display().to_string())
}

const fn holder(holder: Holder) -> &'static str {
    match holder {
        Holder::Public => "public",
        Holder::Private => "private",
    }
}

const fn sector(sector: Sector) -> &'static str {
    match sector {
        Sector::HealthCare => "health-care",
        Sector::SocialServices => "social-services",
        Sector::School => "school",
        Sector::PupilHealthOther => "pupil-health-other",
    }
}
