//! `samrum key`: an organisation's signing key, a unit's keys, and putting them in force.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::Timestamp;
use samrum_consent::id::{EntryId, UnitId};
use samrum_proto::statement::KeyId;
use serde::Serialize;

use super::misused;
use super::screen::Look;
use super::session::Session;
use super::unit;
use super::vocabulary::from_moment;
use crate::error::{Exit, Result};
use crate::keyring::{Keyring, generate_organisation_key, read_organisation_key};
use crate::view;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an organisation's signing key. Keep it offline: it says which keys its units have.
    Organisation {
        /// Where to write it; never over an existing file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Make new keys for this unit. They are in force once registered; older keys stay for older documents.
    Generate,
    /// Have the organisation's key sign this unit's newest keys, and the hub put them in force.
    Register {
        /// What `samrum key organisation` made.
        #[arg(long, value_name = "FILE")]
        organisation_key: PathBuf,
    },
    /// Declare that a key of a unit is, or may be, in other hands. It is never used again: nothing is sealed to it or
    /// signed by it, and nothing sealed to it is released. There is no way back.
    Compromised {
        /// The key's id, as samrum key list shows it.
        #[arg(value_name = "KEY")]
        key: String,
        /// What `samrum key organisation` made.
        #[arg(long, value_name = "FILE")]
        organisation_key: PathBuf,
        /// The unit that has the key, where it is another of this organisation: id, name, or beginning of a name.
        #[arg(long, value_name = "UNIT")]
        unit: Option<String>,
        /// From which day on it may be in other hands; now, where nothing is said.
        #[arg(long, value_name = "DAY", value_parser = from_moment)]
        since: Option<Timestamp>,
    },
    /// A unit's keys, verified.
    List {
        /// Id, name, or beginning of a name.
        #[arg(value_name = "UNIT")]
        unit: String,
    },
}

#[derive(Debug, Serialize)]
struct OrganisationKey<'a> {
    organisation_public_key: String,
    file: &'a Path,
}

#[derive(Debug, Serialize)]
struct Generated {
    #[serde(serialize_with = "view::text")]
    unit_id: UnitId,
    #[serde(serialize_with = "view::text")]
    key_id: KeyId,
    signing_public_key: String,
    file: PathBuf,
}

#[derive(Debug, Serialize)]
struct Registered {
    #[serde(serialize_with = "view::text")]
    unit_id: UnitId,
    #[serde(serialize_with = "view::text")]
    key_id: KeyId,
    #[serde(serialize_with = "view::optional")]
    entry_id: Option<EntryId>,
}

#[derive(Debug, Serialize)]
struct Compromised {
    #[serde(serialize_with = "view::text")]
    unit_id: UnitId,
    #[serde(serialize_with = "view::text")]
    key_id: KeyId,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
    /// Whether the unit has no key in force now.
    was_in_force: bool,
    /// Whether it had been reported before.
    already_reported: bool,
}

fn key_id(given: &str) -> Result<KeyId> {
    let bytes = hex::decode(given).ok();
    let key_id = bytes.and_then(|bytes| KeyId::try_from(bytes.as_slice()).ok());
    key_id.ok_or_else(|| misused("error-key-id", &[]))
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    match command {
        Command::Organisation { out } => organisation(session, &out)?,
        Command::Generate => generate(session)?,
        Command::Register { organisation_key } => register(session, &organisation_key).await?,
        Command::Compromised {
            key,
            organisation_key,
            unit,
            since,
        } => {
            compromised(
                session,
                (key_id(&key)?, since),
                &organisation_key,
                unit.as_deref(),
            )
            .await?
        }
        Command::List { unit } => list(session, &unit).await?,
    }
    Ok(Exit::Ok)
}

fn organisation(session: &mut Session, out: &Path) -> Result<()> {
    let around = &session.surroundings;
    let pair = generate_organisation_key(around.disk.as_ref(), out, around.randomness.as_ref())?;
    let public_key = hex::encode(pair.verifying_key().as_bytes());
    let made = OrganisationKey {
        organisation_public_key: public_key.clone(),
        file: out,
    };
    let file = out.display().to_string();
    session.screen.answer(&made, |screen| {
        screen.line(&screen.say("cli-organisation-key", &[("key", &public_key), ("file", &file)]));
    });
    Ok(())
}

fn generate(session: &mut Session) -> Result<()> {
    let profile = session.profile()?;
    let keyring = Keyring::of(&profile);
    let around = &session.surroundings;
    let now_us = around.clock.now().as_microsecond();
    let keys = keyring.generate(
        around.disk.as_ref(),
        profile.unit()?,
        now_us,
        around.randomness.as_ref(),
    )?;
    let made = Generated {
        unit_id: profile.unit()?,
        key_id: keys.key_id(),
        signing_public_key: hex::encode(keys.signing.verifying_key().as_bytes()),
        file: keyring.path(keys.key_id()),
    };
    session.screen.answer(&made, |screen| {
        screen.line(&screen.say("cli-key-generated", &[("key", &made.key_id.to_string())]));
    });
    Ok(())
}

async fn register(session: &mut Session, organisation_key: &Path) -> Result<()> {
    let client = session.client()?;
    let organisation = read_organisation_key(organisation_key)?;
    let (key_id, entry_id) = client.register_key(&organisation).await?;
    let done = Registered {
        unit_id: client.profile().unit()?,
        key_id,
        entry_id,
    };
    session.screen.answer(&done, |screen| {
        screen.line(&screen.say("cli-key-registered", &[("key", &key_id.to_string())]));
    });
    Ok(())
}

async fn compromised(
    session: &mut Session,
    (key_id, since): (KeyId, Option<Timestamp>),
    organisation_key: &Path,
    unit: Option<&str>,
) -> Result<()> {
    let client = session.client()?;
    let organisation = read_organisation_key(organisation_key)?;
    let unit_id = match unit {
        Some(name) => unit::resolve_one(&client, name).await?,
        None => client.profile().unit()?,
    };
    let reported = client
        .report_compromised_key(unit_id, key_id, since, &organisation)
        .await?;
    let done = Compromised {
        unit_id,
        key_id,
        entry_id: reported.entry,
        was_in_force: reported.was_in_force,
        already_reported: reported.already,
    };
    session.screen.answer(&done, |screen| {
        let said = if done.already_reported {
            "cli-key-compromised-before"
        } else {
            "cli-key-compromised"
        };
        screen.line(&screen.say(said, &[("key", &key_id.to_string())]));
        if done.was_in_force {
            let line = screen.say("cli-key-none-in-force", &[]);
            let line = screen.look(Look::Bad, &line);
            screen.line(&line);
        }
    });
    Ok(())
}

async fn list(session: &mut Session, name: &str) -> Result<()> {
    let client = session.client()?;
    let unit = unit::resolve_one(&client, name).await?;
    let list = client.keys(unit).await?;
    session.screen.answer(&list, |screen| {
        let organisation = screen.say("cli-signed-by", &[("key", &list.organisation_public_key)]);
        let organisation = screen.look(Look::Faint, &organisation);
        for key in &list.keys {
            let recorded = samrum_ui::moment(key.recorded_at, screen.language());
            screen.line(&format!("{}  {:<12}  {recorded}", key.key_id, key.state));
        }
        screen.line(&organisation);
    });
    Ok(())
}
