//! What the guardians do, each in a browser of their own: log in, read, sign, take back.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::Value;

use super::Scene;
use crate::narration::Line;
use crate::page::{Browser, Page};
use crate::process::text;
use crate::step::{Outcome, Told};
use crate::trouble::{Result, Trouble, must};
use crate::world::{Person, SOCIAL_SERVICES};

/// Where a person logs in by a link, in development only.
pub(super) fn login(label: &str) -> String {
    format!("/development/login/{label}")
}

/// When a consent was revoked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Revoked {
    /// When the page had answered; none when a person did it in a browser of theirs.
    pub(super) answered: Option<Instant>,
    /// When, by the hub's clock.
    pub(super) ended_at: Timestamp,
}

/// The first guardian signs; the second is still awaited.
pub(super) async fn first_signs(scene: &Scene, consent: &str) -> Result<Told> {
    sign(scene, 0, consent).await?;
    let (_, awaited) = consent_in(scene, consent, "REQUESTED").await?;
    must(awaited == 1, "one signature awaited", || awaited.to_string())?;
    let name = scene.household.first.name;
    Ok(Told::new(Outcome::Ok).saying(Line::Signed { name, awaited }))
}

/// The second guardian signs; the consent is in force.
pub(super) async fn second_signs(scene: &Scene, consent: &str) -> Result<Told> {
    sign(scene, 1, consent).await?;
    let (_, awaited) = consent_in(scene, consent, "ACTIVE").await?;
    must(awaited == 0, "no signature awaited", || awaited.to_string())?;
    let name = scene.household.second.name;
    Ok(Told::new(Outcome::Ok).saying(Line::Signed { name, awaited }))
}

/// The second guardian takes the consent back, unless a person has just done it in a browser.
pub(super) async fn revokes(scene: &Scene, consent: &str, in_browser: bool) -> Result<Told<Revoked>> {
    let mut answered = None;
    if !in_browser {
        let (mut browser, page) = consent_page(scene, 1, consent).await?;
        let path = format!("{}/revoke", page.path);
        page.must_link(&path)?;
        let means = browser.open(&path).await?;
        browser.submit(&means.form(&path)?).await?;
        answered = Some(Instant::now());
    }
    let (shown, _) = consent_in(scene, consent, "REVOKED").await?;
    let ended = text(&shown, "/consent/ended_at")?;
    let ended_at = ended.parse().map_err(|_| Trouble::unexpected("a time", ended))?;
    let name = scene.household.second.name;
    let told = Told::new(Outcome::Ok).saying(Line::Revoked { name, in_browser });
    Ok(told.giving(Revoked { answered, ended_at }))
}

/// A guardian reads what is asked, and signs.
async fn sign(scene: &Scene, guardian: usize, consent: &str) -> Result<()> {
    let (mut browser, page) = consent_page(scene, guardian, consent).await?;
    page.must_say(scene.household.child.name)?;
    page.must_say(SOCIAL_SERVICES.name)?;
    browser.submit(&page.form("/sign")?).await?;
    Ok(())
}

/// A guardian logs in by the link, sees what waits, and opens it.
async fn consent_page(scene: &Scene, guardian: usize, consent: &str) -> Result<(Browser, Page)> {
    let guardians: [(&str, &Person); 2] = scene.household.guardians();
    let (label, _) = guardians.get(guardian).copied().unwrap_or(guardians[0]);
    let mut browser = Browser::new(scene.hub.web, scene.language());
    let door = browser.open(&login(label)).await?;
    let list = browser.submit(&door.form(&door.path)?).await?;
    let path = format!("/consents/{consent}");
    list.must_link(&path)?;
    let page = browser.open(&path).await?;
    Ok((browser, page))
}

/// The consent, which must be in this state, as its requester sees it; and how many signatures are awaited.
async fn consent_in(scene: &Scene, consent: &str, wanted: &str) -> Result<(Value, usize)> {
    let shown = scene
        .unit(&SOCIAL_SERVICES, &["consent", "show", consent], "")
        .await?
        .done()?;
    let state = text(&shown, "/consent/state")?;
    must(
        state == wanted,
        &format!("a consent in the state {wanted}"),
        || state.clone(),
    )?;
    let signatories = shown.pointer("/consent/signatories").and_then(Value::as_array);
    let unsigned = |signatory: &&Value| signatory.get("signed") == Some(&Value::Bool(false));
    let awaited = signatories.into_iter().flatten().filter(unsigned).count();
    Ok((shown, awaited))
}
