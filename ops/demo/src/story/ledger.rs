//! The log keeps its promises; and where somebody alters it, those who kept their tickets see it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::asking::Checked;
use super::{Scene, both};
use crate::insider;
use crate::narration::Line;
use crate::process::{HubProcess, text};
use crate::step::{Outcome, Told};
use crate::trouble::{Result, Trouble, must};
use crate::world::{CHILD_PSYCHIATRY, PRIVATE_CLINIC, SOCIAL_SERVICES, Unit, make_folder};

/// How often a log is verified until every ticket has its place.
const ATTEMPTS: usize = 20;
/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(100);
/// What of a profile makes it one that kept its promises.
const PROMISES: [&str; 2] = ["tickets", "checkpoint"];

/// Two units verify their tickets.
pub(super) async fn verified(scene: &Scene) -> Result<Told> {
    let (social_services, psychiatry) = both(
        holds(scene, &scene.place.unit(&SOCIAL_SERVICES)),
        holds(scene, &scene.place.unit(&CHILD_PSYCHIATRY)),
    )
    .await?;
    let mut told = Told::new(Outcome::Verified);
    for (unit, holds) in [
        (&SOCIAL_SERVICES, social_services),
        (&CHILD_PSYCHIATRY, psychiatry),
    ] {
        let Holds { tickets, size } = holds;
        must(tickets > 0, "tickets to verify", || "none".to_owned())?;
        told = told.saying(Line::TicketsHold { unit, tickets, size });
    }
    Ok(told)
}

/// A log that kept all its promises.
struct Holds {
    tickets: u64,
    size: u64,
}

/// Verifies until nothing is pending; anything but a log that holds is trouble.
async fn holds(scene: &Scene, profile: &Path) -> Result<Holds> {
    let mut last = Value::Null;
    for _ in 0..ATTEMPTS {
        let answer = scene
            .samrum
            .run(profile, &["ledger", "verify"], "")
            .await?
            .done()?;
        let number = |pointer: &str| answer.pointer(pointer).and_then(Value::as_u64);
        if let (Some(0), Some(tickets), Some(size)) = (
            number("/tickets/pending"),
            number("/tickets/verified"),
            number("/size"),
        ) {
            let outcome = text(&answer, "/outcome")?;
            must(outcome == "VERIFIED", "a log that holds", || answer.to_string())?;
            return Ok(Holds { tickets, size });
        }
        last = answer;
        sleep(PAUSE).await;
    }
    Err(Trouble::unexpected("every ticket in its place", last.to_string()))
}

/// The same verification against an altered copy of the hub finds the altered decision.
pub(super) async fn tampered(scene: &Scene, checked: &Checked) -> Result<Told> {
    let data = scene.place.copies().join("data");
    let log = scene.place.copies().join("hub.log");
    let plan = scene.place.plan(&scene.program, &data, &log);
    insider::copy_data(&scene.place.data(), &data).await?;
    let victim = scene.place.profile("copy-of-social-services");
    let newcomer = scene.place.profile("newcomer");

    // First: the copy itself is as good as the hub, so that what is found then is the alteration.
    let copy = HubProcess::start(&plan).await?;
    copy_profile(scene, &SOCIAL_SERVICES, &victim, &copy, &PROMISES)?;
    let untouched = holds(scene, &victim).await?;
    copy.stop().await?;

    insider::make_it_look_permitted(&data, &checked.decision, &checked.consent).await?;
    let copy = HubProcess::start(&plan).await?;
    copy_profile(scene, &SOCIAL_SERVICES, &victim, &copy, &PROMISES)?;
    copy_profile(scene, &SOCIAL_SERVICES, &newcomer, &copy, &[])?;
    let (found, deceived) = both(
        async {
            scene
                .samrum
                .run(&victim, &["ledger", "verify"], "")
                .await?
                .failed()
        },
        holds(scene, &newcomer),
    )
    .await?;
    copy.stop().await?;
    must(deceived.tickets == 0, "a newcomer without tickets", || {
        deceived.tickets.to_string()
    })?;

    let outcome = text(&found, "/outcome")?;
    must(outcome == "TAMPERED", "an altered log", || found.to_string())?;
    let findings = found
        .get("findings")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let entry = findings.iter().find(|finding| {
        finding.get("entry_id").and_then(Value::as_str) == Some(&checked.decision)
            && finding.get("finding").and_then(Value::as_str) == Some("ENTRY_ALTERED")
    });
    let entry = entry.ok_or_else(|| Trouble::unexpected("the altered decision named", found.to_string()))?;
    let mut told = Told::new(Outcome::Rejected)
        .saying(Line::CopyHolds {
            tickets: untouched.tickets,
        })
        .saying(Line::Altered {
            unit: &PRIVATE_CLINIC,
        })
        .saying(Line::NobodyWithoutTickets)
        .saying(Line::FoundOut {
            sentence: text(entry, "/sentence")?,
        });
    told.findings = findings
        .iter()
        .filter_map(|finding| finding.get("finding").and_then(Value::as_str))
        .map(str::to_owned)
        .collect();
    Ok(told)
}

/// A unit's profile with another hub's address, and of what it kept only this.
fn copy_profile(scene: &Scene, unit: &Unit, to: &Path, hub: &HubProcess, kept: &[&str]) -> Result<()> {
    let from = scene.place.unit(unit);
    make_folder(to)?;
    let file = from.join("profile.toml");
    let profile = fs::read_to_string(&file).map_err(Trouble::file(&file))?;
    let profile = profile.replace(&scene.hub.grpc.to_string(), &hub.grpc.to_string());
    let file = to.join("profile.toml");
    fs::write(&file, profile).map_err(Trouble::file(&file))?;
    for name in kept {
        copy_all(&from.join(name), &to.join(name))?;
    }
    Ok(())
}

/// Copies a file, or a folder of files.
fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ()).map_err(Trouble::file(from));
    }
    make_folder(to)?;
    for entry in fs::read_dir(from).map_err(Trouble::file(from))? {
        let path = entry.map_err(Trouble::file(from))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        fs::copy(&path, &target).map_err(Trouble::file(&path))?;
    }
    Ok(())
}
