//! A duty passes whatever became of the consent.

use super::{Scene, delivery_to, sent};
use crate::narration::Line;
use crate::process::text;
use crate::step::{Outcome, Told};
use crate::trouble::{Result, Trouble, must};
use crate::verdict::{Ground, verdicts};
use crate::world::{PUPIL_HEALTH, RECEPTION, register, unit_id};

/// The duty to report concern about a child to the social services board.
const PROVISION: &str = "SOL2025-19-1";

/// Pupil health reports its concern; the board's reception reads it.
pub(super) async fn concern_report(scene: &Scene) -> Result<Told> {
    let papers = scene.papers();
    let child = register(&scene.samrum, &scene.place, &PUPIL_HEALTH, &scene.household.child).await?;
    let reception = unit_id(&RECEPTION);
    let mut arguments = vec![
        "send",
        "--kind",
        "concern-report",
        "--about",
        &child,
        "--to",
        &reception,
    ];
    arguments.extend(["--category", "HOME_FAMILY", "--purpose", "ASSESSMENT_SUPPORT"]);
    let answer = scene
        .unit(&PUPIL_HEALTH, &arguments, papers.report)
        .await?
        .done()?;
    let decision = text(&answer, "/decision_id")?;
    let delivery = text(delivery_to(&answer, &RECEPTION)?, "/delivery_id")?;
    let (explained, (document, opened)) = super::both(
        scene.unit(&PUPIL_HEALTH, &["check", "explain", &decision], ""),
        scene.open(&RECEPTION, &delivery, &PUPIL_HEALTH),
    )
    .await?;
    let explained = explained.done()?;
    let ground = verdicts(&explained)?
        .into_iter()
        .find_map(|verdict| verdict.ground);
    let Some(Ground::ProvisionId(provision)) = ground else {
        return Err(Trouble::unexpected(
            "a provision as ground",
            explained.to_string(),
        ));
    };
    must(provision == PROVISION, PROVISION, || provision.clone())?;
    let read = text(&document, "/text")?;
    must(read == papers.report, "the report as it was written", || {
        "another text".to_owned()
    })?;
    let mut told = Told::new(Outcome::Permit)
        .decided(sent(decision, true, &PUPIL_HEALTH))
        .decided(opened)
        .saying(Line::RestsOn {
            provision: provision.clone(),
        })
        .saying(Line::ReportRead { unit: &RECEPTION });
    told.provision = Some(provision);
    Ok(told)
}
