//! Answering: yes, no, and taking it back, each with a dated receipt.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use samrum_consent::id::ConsentId;
use samrum_ui::{Language, moment};

use super::Pages;
use super::consents::{IdInPath, consent_id};
use super::describe::{Shown, Standing};
use super::form::{self, Posted};
use super::frame::{Frame, show};
use super::problem::Problem;
use super::visit::{SignedIn, Visit};
use crate::service::portal::Answered;

/// What was answered.
#[derive(Clone, Copy)]
enum Step {
    Signed,
    Declined,
    Revoked,
}

impl Step {
    /// The ids of its heading and its text.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Signed => ("page-receipt-signed-title", "page-receipt-signed-text"),
            Self::Declined => ("page-receipt-declined-title", "page-receipt-declined-text"),
            Self::Revoked => ("page-receipt-revoked-title", "page-receipt-revoked-text"),
        }
    }
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    id: ConsentId,
    words: (&'static str, &'static str),
    is_ended: bool,
    at: String,
    entry: String,
}

fn receipt(visit: &Visit, id: ConsentId, step: Step, answered: &Answered) -> Result<Response, Problem> {
    show(&ReceiptPage {
        frame: Frame::of(visit),
        id,
        words: step.words(),
        is_ended: !matches!(step, Step::Signed),
        at: moment(answered.at, visit.language),
        entry: answered.recorded.entry.to_string(),
    })
}

/// Yes, to exactly the statement that was shown.
pub(super) async fn sign(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
    path: IdInPath,
    Posted(answer): Posted<form::Answer>,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let language: Language = answer.language.parse().map_err(|_| Problem::Unreadable)?;
    let asked = pages.hub.asked_one(person, id).await?;
    let shown = Shown::of(&pages.hub, &asked, person, language).await?;
    if asked.view.record.consent.has_signed(person) {
        // A button pressed twice: the first yes counts, and its page says so.
        return Ok(Redirect::to(&format!("/consents/{id}")).into_response());
    }
    if shown.revision == answer.revision && !shown.standing.is_open() {
        return Err(match shown.standing {
            Standing::NotAsked => Problem::NotAsked,
            _ => Problem::Ended,
        });
    }
    // The revision counts changes of the consent; names of units and people can change without it.
    if shown.statement_sha256() != answer.statement {
        return Err(Problem::Changed);
    }
    let answered = pages
        .hub
        .sign_in_portal(person, (id, answer.revision), (&shown.statement, language.code()))
        .await?;
    receipt(&visit, id, Step::Signed, &answered)
}

/// No.
pub(super) async fn decline(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
    path: IdInPath,
    Posted(refusal): Posted<form::Refusal>,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let answered = pages
        .hub
        .decline_in_portal(person, (id, refusal.revision))
        .await?;
    receipt(&visit, id, Step::Declined, &answered)
}

#[derive(Template)]
#[template(path = "revoke.html")]
struct RevokePage {
    frame: Frame,
    shown: Shown,
}

/// What taking it back means, before it is done.
pub(super) async fn implications(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
    path: IdInPath,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let asked = pages.hub.asked_one(person, id).await?;
    let shown = Shown::of(&pages.hub, &asked, person, visit.language).await?;
    if !shown.standing.is_revocable() {
        return Ok(Redirect::to(&format!("/consents/{id}")).into_response());
    }
    let frame = Frame::of(&visit);
    show(&RevokePage { frame, shown })
}

/// Takes it back.
pub(super) async fn revoke(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
    path: IdInPath,
    Posted(_): Posted<form::Button>,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let answered = pages.hub.revoke_in_portal(person, id).await?;
    receipt(&visit, id, Step::Revoked, &answered)
}
