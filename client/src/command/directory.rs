//! `samrum directory`: who can be addressed; and, for operators, creating organisations and units.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use samrum_consent::id::{AuthorityId, EntryId, OrganisationId, UnitId};
use samrum_consent::vocabulary::{Holder, Sector};
use samrum_proto::envelope::VerifyingKey;
use samrum_ui::{holder, sector};
use serde::{Deserialize, Serialize};

use super::screen::{Look, Screen};
use super::session::Session;
use super::vocabulary::Word;
use super::{misused, unit};
use crate::client::{NewAuthority, NewOrganisation, NewUnit};
use crate::error::{Exit, Result};
use crate::storage;
use crate::view::{self, Authority, Unit};

/// The most bytes of a file that describes an organisation.
const MAX_FILE_BYTES: u64 = 256 * 1024;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Every unit.
    List,
    /// One unit.
    Show {
        /// Id, name, or beginning of a name.
        #[arg(value_name = "UNIT")]
        unit: String,
    },
    /// Add an organisation with its authorities. Operators only.
    CreateOrganisation(OrganisationArguments),
    /// Add a unit to an authority. Operators only.
    CreateUnit(UnitArguments),
}

#[derive(Debug, Args)]
pub(crate) struct OrganisationArguments {
    /// A file that says it all, instead of the other options.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["id", "number", "name", "holder", "public_key", "authority"])]
    file: Option<PathBuf>,
    /// Its id; minted when left out.
    #[arg(long)]
    id: Option<OrganisationId>,
    /// Its organisation number.
    #[arg(long, required_unless_present = "file")]
    number: Option<String>,
    /// Its name.
    #[arg(long, required_unless_present = "file")]
    name: Option<String>,
    /// Public or private.
    #[arg(long, required_unless_present = "file", value_parser = Word::<Holder>::new())]
    holder: Option<Holder>,
    /// The public key that `samrum key organisation` showed.
    #[arg(long, value_name = "HEX", required_unless_present = "file")]
    public_key: Option<String>,
    /// An authority: a name, or its id, an equals sign and a name.
    #[arg(long, value_name = "[ID=]NAME", num_args = 1.., required_unless_present = "file")]
    authority: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UnitArguments {
    /// Its id; minted when left out.
    #[arg(long)]
    id: Option<UnitId>,
    /// Its authority.
    #[arg(long, value_name = "ID")]
    authority: AuthorityId,
    /// Its organisation.
    #[arg(long, value_name = "ID")]
    organisation: OrganisationId,
    /// Its name.
    #[arg(long)]
    name: String,
    /// Its secrecy regime.
    #[arg(long, value_parser = Word::<Sector>::new())]
    sector: Sector,
    /// Public or private.
    #[arg(long, value_parser = Word::<Holder>::new())]
    holder: Holder,
    /// Concern reports go here.
    #[arg(long)]
    board_reception: bool,
    /// HSA-id.
    #[arg(long, value_name = "HSA-ID")]
    hsa_id: Option<String>,
}

/// What `--file` holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationForm {
    organisation_id: Option<String>,
    number: String,
    name: String,
    holder: String,
    public_key: String,
    authority: Vec<AuthorityForm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityForm {
    authority_id: Option<String>,
    name: String,
}

#[derive(Debug, Serialize)]
struct Units<'a> {
    units: &'a [Unit],
}

#[derive(Debug, Serialize)]
struct CreatedOrganisation {
    #[serde(serialize_with = "view::text")]
    organisation_id: OrganisationId,
    authorities: Vec<Authority>,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

#[derive(Debug, Serialize)]
struct CreatedUnit {
    #[serde(serialize_with = "view::text")]
    unit_id: UnitId,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    let client = session.client()?;
    match command {
        Command::List => {
            let units = client.units().await?;
            session.screen.answer(&Units { units: &units }, |screen| {
                for unit in &units {
                    show(unit, screen);
                }
            });
        }
        Command::Show { unit } => {
            let unit = client.unit(unit::resolve_one(&client, &unit).await?).await?;
            session.screen.answer(&unit, |screen| show(&unit, screen));
        }
        Command::CreateOrganisation(arguments) => {
            let new = match &arguments.file {
                Some(file) => from_file(file)?,
                None => from_arguments(arguments)?,
            };
            let (organisation_id, authorities, entry_id) = client.create_organisation(new).await?;
            let created = CreatedOrganisation {
                organisation_id,
                authorities,
                entry_id,
            };
            session.screen.answer(&created, |screen| {
                screen.line(&screen.say(
                    "cli-organisation-created",
                    &[("id", &organisation_id.to_string())],
                ));
                for authority in &created.authorities {
                    screen.line(&format!("  {}  {}", authority.authority_id, authority.name));
                }
            });
        }
        Command::CreateUnit(arguments) => {
            let (unit_id, entry_id) = client.create_unit(new_unit(arguments)).await?;
            session
                .screen
                .answer(&CreatedUnit { unit_id, entry_id }, |screen| {
                    screen.line(&screen.say("cli-unit-created", &[("id", &unit_id.to_string())]));
                });
        }
    }
    Ok(Exit::Ok)
}

fn show(unit: &Unit, screen: &mut Screen) {
    let language = screen.language();
    let name = screen.look(Look::Strong, &unit.name);
    let regime = format!(
        "{}, {}",
        sector(unit.sector, language),
        holder(unit.holder, language)
    );
    screen.line(&format!(
        "{name}  {}, {}",
        unit.authority_name, unit.organisation_name
    ));
    let mut line = format!("  {}  {regime}", unit.unit_id);
    if unit.board_reception {
        line.push_str(&format!(", {}", screen.say("cli-board-reception", &[])));
    }
    let line = screen.look(Look::Faint, &line);
    screen.line(&line);
}

fn from_file(file: &Path) -> Result<NewOrganisation> {
    let text = storage::read_text(file, MAX_FILE_BYTES)?;
    let form: OrganisationForm = toml::from_str(&text).map_err(|error| {
        misused(
            "error-file-form",
            &[
                ("file", &file.display().to_string()),
                ("problem", error.message()),
            ],
        )
    })?;
    let holder = form
        .holder
        .to_uppercase()
        .parse()
        .map_err(|error| wrong("holder", &error))?;
    let authority = |authority: AuthorityForm| {
        Ok(NewAuthority {
            id: id("authority_id", authority.authority_id.as_deref())?,
            name: authority.name,
        })
    };
    Ok(NewOrganisation {
        id: id("organisation_id", form.organisation_id.as_deref())?,
        number: form.number.parse().map_err(|error| wrong("number", &error))?,
        name: form.name,
        holder,
        public_key: public_key(&form.public_key)?,
        authorities: form.authority.into_iter().map(authority).collect::<Result<_>>()?,
    })
}

fn from_arguments(arguments: OrganisationArguments) -> Result<NewOrganisation> {
    let missing = |name: &'static str| move || misused("error-option-missing", &[("option", name)]);
    let authority = |argument: &String| match argument.split_once('=') {
        Some((id, name)) => {
            let id = id.parse().map_err(|error| wrong("--authority", &error))?;
            Ok(NewAuthority {
                id: Some(id),
                name: name.to_owned(),
            })
        }
        None => Ok(NewAuthority {
            id: None,
            name: argument.clone(),
        }),
    };
    let number = arguments.number.ok_or_else(missing("--number"))?;
    Ok(NewOrganisation {
        id: arguments.id,
        number: number.parse().map_err(|error| wrong("--number", &error))?,
        name: arguments.name.ok_or_else(missing("--name"))?,
        holder: arguments.holder.ok_or_else(missing("--holder"))?,
        public_key: public_key(&arguments.public_key.ok_or_else(missing("--public-key"))?)?,
        authorities: arguments.authority.iter().map(authority).collect::<Result<_>>()?,
    })
}

fn new_unit(arguments: UnitArguments) -> NewUnit {
    NewUnit {
        id: arguments.id,
        authority: arguments.authority,
        organisation: arguments.organisation,
        name: arguments.name,
        sector: arguments.sector,
        holder: arguments.holder,
        board_reception: arguments.board_reception,
        hsa_id: arguments.hsa_id,
    }
}

fn id<T: std::str::FromStr<Err = samrum_consent::id::InvalidId>>(
    key: &'static str,
    text: Option<&str>,
) -> Result<Option<T>> {
    text.map(|text| text.parse().map_err(|error| wrong(key, &error)))
        .transpose()
}

/// A value that its field does not allow.
fn wrong(field: &'static str, problem: &impl ToString) -> crate::error::Error {
    misused(
        "error-field",
        &[("field", field), ("problem", &problem.to_string())],
    )
}

fn public_key(text: &str) -> Result<VerifyingKey> {
    let bytes = hex::decode(text.trim()).ok();
    bytes
        .and_then(|bytes| VerifyingKey::try_from(bytes.as_slice()).ok())
        .ok_or_else(|| misused("error-public-key", &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    fn file(text: &str) -> Result<NewOrganisation> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("organisation.toml");
        std::fs::write(&path, text).unwrap();
        from_file(&path)
    }

    fn form(number: &str, key: &str) -> String {
        format!(
            "number = \"{number}\"\nname = \"Exempelby kommun\"\nholder = \"public\"\npublic_key = \"{key}\"\n\
             [[authority]]\nname = \"Socialnämnden\"\n"
        )
    }

    #[test]
    fn an_organisation_is_read_from_a_file() {
        let new = file(&form("212000-9903", KEY)).unwrap();
        assert_eq!(new.number.digits(), "2120009903");
        assert_eq!(new.holder, Holder::Public);
        assert_eq!(new.id, None, "minted when left out");
        assert_eq!(
            new.authorities,
            [NewAuthority {
                id: None,
                name: "Socialnämnden".to_owned()
            }]
        );
    }

    #[test]
    fn what_is_wrong_with_a_file_is_named() {
        for (text, named) in [
            (form("2120009904", KEY), "number"),
            (form("2120009903", "00"), "public key"),
            (form("2120009903", KEY).replace("public\"", "state\""), "holder"),
            (
                form("2120009903", KEY).replace("name = \"Ex", "nam = \"Ex"),
                "nam",
            ),
        ] {
            let error = file(&text).unwrap_err();
            assert_eq!(error.exit(), Exit::Usage);
            assert!(error.to_string().contains(named), "{named}: {error}");
        }
    }
}
