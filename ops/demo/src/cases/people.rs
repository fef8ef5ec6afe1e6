//! The children of the cases, and what has been recorded about each before anybody asks.
//!
//! All have the household's two guardians; consent is given orally before two professionals, so that nobody needs
//! a browser.

use futures_util::future::{try_join, try_join_all};
use jiff::SignedDuration;
use serde_json::Value;

use crate::process::{Answer, text};
use crate::story::Scene;
use crate::trouble::{Result, Trouble, must};
use crate::world::{
    CHILD_PSYCHIATRY, PUPIL_HEALTH, Person, SOCIAL_SERVICES, Siblings, Unit, day_in_stockholm, now,
    record_custody, register, unit_id,
};

/// When the consents begin: before one of them can have ended.
const BEGAN_AGO: SignedDuration = SignedDuration::from_hours(24 * 30);
/// For how long they are asked for.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 180);
/// When the expired one ended.
const ENDED_AGO: SignedDuration = SignedDuration::from_hours(24);
/// The two professionals who hear a yes.
const WITNESSES: [&str; 2] = ["anna.k", "sara.l"];

/// Which child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Child {
    /// Aged nine; both guardians have signed, medicines are excluded.
    Consented,
    /// Aged ten; one guardian has signed.
    HalfSigned,
    /// Aged eight; the consent has ended.
    Expired,
    /// Aged thirteen; nobody has assessed maturity.
    Thirteen,
    /// Aged seven; nobody has recorded custody.
    Unverified,
}

/// The children's ids in the cases of the units that ask about them.
pub(super) struct Children {
    by_social_services: [String; 5],
    by_child_psychiatry: String,
    by_pupil_health: String,
}

impl Children {
    /// The child's id in the case of the unit that asks.
    pub(super) fn individual(&self, child: Child, asker: &Unit) -> String {
        let [consented, half_signed, expired, thirteen, unverified] = &self.by_social_services;
        let individual = match child {
            Child::Consented if asker.id == CHILD_PSYCHIATRY.id => &self.by_child_psychiatry,
            Child::Consented if asker.id == PUPIL_HEALTH.id => &self.by_pupil_health,
            Child::Consented => consented,
            Child::HalfSigned => half_signed,
            Child::Expired => expired,
            Child::Thirteen => thirteen,
            Child::Unverified => unverified,
        };
        individual.clone()
    }
}

/// Records custody, opens the cases, asks for consents and records who said yes.
pub(super) async fn grow(scene: &Scene) -> Result<Children> {
    let siblings = Siblings::on(now().to_zoned(jiff::tz::TimeZone::UTC).date());
    let siblings = siblings.ok_or_else(|| Trouble::unexpected("identity numbers", "none"))?;
    let in_register = [&siblings.half_signed, &siblings.expired, &siblings.thirteen];
    let custody =
        in_register.map(|child| record_custody(&scene.samrum, &scene.place, child, &scene.household));
    try_join_all(custody).await?;
    let social = |person: Person| async move {
        register(&scene.samrum, &scene.place, &SOCIAL_SERVICES, &person).await
    };
    let ((half_signed, expired), (thirteen, unverified)) = try_join(
        try_join(social(siblings.half_signed), social(siblings.expired)),
        try_join(social(siblings.thirteen), social(siblings.unverified)),
    )
    .await?;
    let consented = scene.child.clone();
    let child = &scene.household.child;
    let (by_child_psychiatry, by_pupil_health) = try_join(
        register(&scene.samrum, &scene.place, &CHILD_PSYCHIATRY, child),
        register(&scene.samrum, &scene.place, &PUPIL_HEALTH, child),
    )
    .await?;
    consent(scene, &consented, &[1, 2]).await?;
    consent(scene, &half_signed, &[1]).await?;
    let ended = consent(scene, &expired, &[1, 2]).await?;
    end(scene, &ended).await?;
    Ok(Children {
        by_social_services: [consented, half_signed, expired, thirteen, unverified],
        by_child_psychiatry,
        by_pupil_health,
    })
}

/// Social services ask for consent between three units.
pub(super) async fn ask(scene: &Scene, child: &str) -> Result<Answer> {
    let circle = [&SOCIAL_SERVICES, &CHILD_PSYCHIATRY, &PUPIL_HEALTH].map(unit_id);
    let circle: Vec<&str> = circle.iter().map(String::as_str).collect();
    let from = day_in_stockholm(now().saturating_sub(BEGAN_AGO).unwrap_or_default());
    let until = day_in_stockholm(now().saturating_add(LASTS).unwrap_or_default());
    let mut arguments = vec![
        "consent",
        "request",
        "--individual",
        child,
        "--circle",
        "--source",
    ];
    arguments.extend(&circle);
    arguments.push("--recipient");
    arguments.extend(&circle);
    arguments.extend(["--category", "SCHOOL_SITUATION", "HEALTH_MENTAL", "MEDICATION"]);
    arguments.extend(["--exclude-category", "MEDICATION"]);
    arguments.extend(["--kind", "SUMMONS", "REPLY", "NOTE", "PLAN", "--purpose", "SIP"]);
    arguments.extend(["--act", "SHARE", "PLAN", "--from", &from, "--until", &until]);
    scene.unit(&SOCIAL_SERVICES, &arguments, "").await
}

/// Social services ask for consent, and record who said yes. Answers with its id.
async fn consent(scene: &Scene, child: &str, signed_by: &[u32]) -> Result<String> {
    let answer = ask(scene, child).await?.done()?;
    let consent = text(&answer, "/consent/consent_id")?;
    for number in signed_by {
        let number = number.to_string();
        let [first, second] = WITNESSES;
        let arguments = [
            "consent",
            "record-signature",
            &consent,
            "--signatory",
            &number,
            "--oral",
            first,
            second,
        ];
        scene.unit(&SOCIAL_SERVICES, &arguments, "").await?.done()?;
    }
    Ok(consent)
}

/// The guardians have agreed on an earlier end, and it has passed.
async fn end(scene: &Scene, consent: &str) -> Result<Value> {
    let ended = day_in_stockholm(now().saturating_sub(ENDED_AGO).unwrap_or_default());
    let arguments = ["consent", "narrow", consent, "--until", &ended];
    let answer = scene.unit(&SOCIAL_SERVICES, &arguments, "").await?.done()?;
    let until = text(&answer, "/consent/scope/valid_until")?;
    let until: jiff::Timestamp = until.parse().map_err(|_| Trouble::unexpected("a time", until))?;
    must(until <= now(), "a consent that has ended", || until.to_string())?;
    Ok(answer)
}
