//! The children of the cases, and what has been recorded about each before anybody asks.
//!
//! All have the household's two guardians; consent is given orally before two professionals, so that nobody needs
//! a browser.

use std::time::Duration;

use futures_util::future::{try_join, try_join_all};
use jiff::{SignedDuration, Timestamp};

use crate::process::{Answer, text};
use crate::story::Scene;
use crate::trouble::{Result, Trouble, must};
use crate::world::{
    CHILD_PSYCHIATRY, PUPIL_HEALTH, Person, SOCIAL_SERVICES, Siblings, Unit, day_in_stockholm, now,
    record_custody, register, unit_id,
};

/// For how long consents are asked for, and assessments hold.
pub(crate) const LASTS: SignedDuration = SignedDuration::from_hours(24 * 180);
/// How much is left of the one that ends, once everyone has signed it.
const IS_LEFT: SignedDuration = SignedDuration::from_secs(1);
/// What child psychiatry found of the child that is thirteen, and why.
const ASSESSED: &str = "TAKES_PART\nUnderstands what is shared, with whom and what for.\n";
/// The two professionals who hear a yes.
const WITNESSES: [&str; 2] = ["anna.k", "sara.l"];

/// Which child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Child {
    /// Aged nine; both guardians have signed, medicines are excluded.
    Consented,
    /// Aged ten; one guardian has signed.
    HalfSigned,
    /// Aged eight; the consent has ended.
    Expired,
    /// Aged thirteen; child psychiatry has assessed maturity, social services have not.
    Thirteen,
    /// Aged seven; nobody has recorded custody.
    Unverified,
}

/// The children's ids in the cases of the units that ask about them.
pub(crate) struct Children {
    by_social_services: [String; 5],
    by_child_psychiatry: String,
    by_pupil_health: String,
    /// The consent that everyone has signed.
    pub(crate) consent: String,
    /// When the consent that ends does so.
    ends: Timestamp,
}

impl Children {
    /// The child's id in the case of the unit that asks.
    pub(crate) fn individual(&self, child: Child, asker: &Unit) -> String {
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

    /// Waits until the consent that ends has done so, by the clock that the hub reads too.
    pub(super) async fn ended(&self) {
        while let Ok(left) = Duration::try_from(self.ends.duration_since(now()))
            && !left.is_zero()
        {
            tokio::time::sleep(left).await;
        }
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
        try_join(social(siblings.thirteen.clone()), social(siblings.unverified)),
    )
    .await?;
    let consented = scene.child.clone();
    let child = &scene.household.child;
    let (by_child_psychiatry, by_pupil_health) = try_join(
        register(&scene.samrum, &scene.place, &CHILD_PSYCHIATRY, child),
        register(&scene.samrum, &scene.place, &PUPIL_HEALTH, child),
    )
    .await?;
    let by = &SOCIAL_SERVICES;
    let ((signed, _), (ending, ())) = try_join(
        try_join(
            consent(scene, by, &consented, &[1, 2]),
            consent(scene, by, &half_signed, &[1]),
        ),
        try_join(
            consent(scene, by, &expired, &[1, 2]),
            assessed_elsewhere(scene, &siblings.thirteen),
        ),
    )
    .await?;
    Ok(Children {
        by_social_services: [consented, half_signed, expired, thirteen, unverified],
        by_child_psychiatry,
        by_pupil_health,
        consent: signed,
        ends: end(scene, &ending).await?,
    })
}

/// Child psychiatry assesses, a colleague attests, child and guardians sign there, and social services accept
/// their yes: all that is missing is what social services themselves must find.
async fn assessed_elsewhere(scene: &Scene, person: &Person) -> Result<()> {
    let by = &CHILD_PSYCHIATRY;
    let child = register(&scene.samrum, &scene.place, by, person).await?;
    let until = day_in_stockholm(now().saturating_add(LASTS).unwrap_or_default());
    let arguments = [
        "individual",
        "assess",
        &child,
        "--matter",
        "SIP",
        "--until",
        &until,
    ];
    let answer = scene.unit(by, &arguments, ASSESSED).await?.done()?;
    let fact = text(&answer, "/fact_id")?;
    let attest = ["individual", "attest", &fact];
    let colleague = scene.place.colleague(by);
    scene.samrum.run(&colleague, &attest, "").await?.done()?;
    let consent = consent(scene, by, &child, &[1, 2, 3]).await?;
    let accept = ["consent", "accept", &consent];
    scene
        .unit(&SOCIAL_SERVICES, &accept, "")
        .await?
        .done()
        .map(|_| ())
}

/// A unit asks for consent between three units.
pub(super) async fn ask(scene: &Scene, by: &Unit, child: &str) -> Result<Answer> {
    let circle = [&SOCIAL_SERVICES, &CHILD_PSYCHIATRY, &PUPIL_HEALTH].map(unit_id);
    let circle: Vec<&str> = circle.iter().map(String::as_str).collect();
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
    arguments.extend(["--act", "SHARE", "PLAN", "--until", &until]);
    scene.unit(by, &arguments, "").await
}

/// A unit asks for consent, and records who said yes. Answers with its id.
async fn consent(scene: &Scene, by: &Unit, child: &str, signed_by: &[u32]) -> Result<String> {
    let answer = ask(scene, by, child).await?.done()?;
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
        scene.unit(by, &arguments, "").await?.done()?;
    }
    Ok(consent)
}

/// The guardians agree that it ends in a moment. Answers when it does.
async fn end(scene: &Scene, consent: &str) -> Result<Timestamp> {
    let end = now().saturating_add(IS_LEFT).unwrap_or_default();
    let until = end.to_string();
    let arguments = ["consent", "narrow", consent, "--until", &until];
    let answer = scene.unit(&SOCIAL_SERVICES, &arguments, "").await?.done()?;
    let ends = text(&answer, "/consent/scope/valid_until")?;
    let ends: Timestamp = ends.parse().map_err(|_| Trouble::unexpected("a time", ends))?;
    must(ends <= end, "a consent that ends in a moment", || {
        ends.to_string()
    })?;
    Ok(ends)
}
