//! Asking before anything is shared: refused without consent and with half of it, requested, checked.

use jiff::SignedDuration;
use serde_json::Value;

use super::{Scene, sent};
use crate::narration::Line;
use crate::process::text;
use crate::step::{Asked, Decided, Outcome, Told};
use crate::trouble::{Result, must};
use crate::verdict::{ConsentVersion, Ground, Refusal, reasons, verdicts};
use crate::world::{
    CHILD_PSYCHIATRY, PRIVATE_CLINIC, PUPIL_HEALTH, SOCIAL_SERVICES, day_in_stockholm, now, unit_by_id,
    unit_id,
};

/// How long the consent is asked for.
const CONSENT_LASTS: SignedDuration = SignedDuration::from_hours(24 * 180);
/// What the summons and the note are about.
pub(super) const CATEGORIES: [&str; 2] = ["SCHOOL_SITUATION", "HEALTH_MENTAL"];
/// The number that the second guardian has within the consent.
const SECOND: &str = "2";

/// The check, for whoever wants to alter it afterwards.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// The decision.
    pub(super) decision: String,
    /// What its yes rests on.
    pub(super) consent: ConsentVersion,
}

/// A summons is refused: there is no consent at all.
pub(super) async fn without_consent(scene: &Scene) -> Result<Told> {
    let refusal = super::summons::send(scene).await?.refused()?;
    refusal.must_say("CONSENT_MISSING")?;
    Ok(refused(refusal))
}

/// A summons is refused: the second guardian has not signed.
pub(super) async fn with_one_signature(scene: &Scene) -> Result<Told> {
    let refusal = super::summons::send(scene).await?.refused()?;
    refusal.must_say("SIGNATURE_MISSING")?;
    let missing: Vec<_> = refusal
        .reasons
        .iter()
        .filter_map(|reason| reason.arguments.get("signatory"))
        .collect();
    must(missing == [SECOND], "signatory 2 named as missing, alone", || {
        format!("{missing:?}")
    })?;
    let name = scene.household.second.name.to_owned();
    let mut told = refused(refusal);
    told.lines.insert(0, Line::Missing { name });
    Ok(told)
}

fn refused(refusal: Refusal) -> Told {
    let mut told = Told::new(Outcome::Deny).decided(sent(refusal.decision, false, &SOCIAL_SERVICES));
    for reason in &refusal.reasons {
        told = told.saying(Line::Because(reason.clone()));
    }
    told.because(refusal.reasons)
}

/// Social services ask for consent: all three share with all three.
pub(super) async fn consent_requested(scene: &Scene) -> Result<Told<String>> {
    let circle = [&SOCIAL_SERVICES, &CHILD_PSYCHIATRY, &PUPIL_HEALTH].map(unit_id);
    let circle: Vec<&str> = circle.iter().map(String::as_str).collect();
    let last_day = now().saturating_add(CONSENT_LASTS).unwrap_or_default();
    let until = day_in_stockholm(last_day);
    let mut arguments = vec!["consent", "request", "--individual", &scene.child, "--circle"];
    arguments.push("--source");
    arguments.extend(&circle);
    arguments.push("--recipient");
    arguments.extend(&circle);
    arguments.push("--category");
    arguments.extend(CATEGORIES);
    arguments.extend(["--kind", "SUMMONS", "REPLY", "NOTE", "PLAN", "--purpose", "SIP"]);
    arguments.extend(["--act", "SHARE", "PLAN", "--until", &until]);
    let answer = scene.unit(&SOCIAL_SERVICES, &arguments, "").await?.done()?;
    let state = text(&answer, "/consent/state")?;
    must(state == "REQUESTED", "a consent that was asked for", || {
        state.clone()
    })?;
    let asked = answer.pointer("/consent/signatories").and_then(Value::as_array);
    let asked = asked.map_or(0, Vec::len);
    must(asked == 2, "two signatories", || asked.to_string())?;
    let consent = text(&answer, "/consent/consent_id")?;
    Ok(Told::new(Outcome::Ok)
        .saying(Line::Asked {
            until: samrum_ui::day(last_day, scene.language()),
        })
        .giving(consent))
}

/// "May I share this?" with three units: yes, yes, no.
pub(super) async fn check(scene: &Scene) -> Result<Told<Checked>> {
    let wanted = [
        (&CHILD_PSYCHIATRY, true),
        (&PUPIL_HEALTH, true),
        (&PRIVATE_CLINIC, false),
    ];
    let ids = wanted.map(|(unit, _)| unit_id(unit));
    let mut arguments = vec!["check", "--about", &scene.child, "--to"];
    arguments.extend(ids.iter().map(String::as_str));
    arguments.push("--category");
    arguments.extend(CATEGORIES);
    arguments.extend(["--kind", "SUMMONS", "--purpose", "SIP"]);
    let answer = scene.unit(&SOCIAL_SERVICES, &arguments, "").await?.done()?;
    let verdicts = verdicts(&answer)?;
    let came: Vec<_> = verdicts
        .iter()
        .map(|verdict| (unit_by_id(&verdict.recipient_unit_id), verdict.permitted))
        .collect();
    let expected = wanted.map(|(unit, permitted)| (Some(unit), permitted));
    must(came == expected, "yes for two, no for the private clinic", || {
        answer.to_string()
    })?;
    let why = reasons(&verdicts);
    let codes: Vec<&str> = why.iter().map(|reason| reason.code.as_str()).collect();
    must(
        codes == ["RECIPIENT_OUTSIDE_SCOPE"],
        "that the clinic is outside the scope",
        || codes.join(", "),
    )?;
    let consent = verdicts.iter().find_map(|verdict| match &verdict.ground {
        Some(Ground::Consents(consents)) => consents.first().cloned(),
        _ => None,
    });
    let consent = consent
        .ok_or_else(|| crate::trouble::Trouble::unexpected("a consent as ground", answer.to_string()))?;
    let decision = text(&answer, "/decision_id")?;
    let mut told = Told::new(Outcome::Ok).because(why).decided(Decided {
        id: decision.clone(),
        asked: Asked::Check,
        permitted: false,
        by: &SOCIAL_SERVICES,
        sender: None,
    });
    for ((unit, permitted), verdict) in wanted.into_iter().zip(verdicts) {
        let reasons = verdict.reasons;
        told = told.saying(Line::Answered {
            unit,
            permitted,
            reasons,
        });
    }
    Ok(told.giving(Checked { decision, consent }))
}
