//! Answering: yes, no, and taking it back. Each leads to its dated receipt.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use samrum_consent::consent::InvalidTransition;
use samrum_consent::id::{ConsentId, PersonId};
use samrum_ui::Language;

use super::Pages;
use super::consents::{IdInPath, consent_id};
use super::describe::Shown;
use super::form::{self, Posted};
use super::frame::{Frame, show};
use super::problem::Problem;
use super::standing::{Part, Standing};
use super::visit::SignedIn;
use crate::service::portal::Answered;
use crate::service::{Result as ServiceResult, ServiceError, anew};

/// What became of a yes.
enum Yes {
    Recorded,
    /// A button pressed twice, or nobody's yes is missing any more: the consent's page says how it stands.
    Stands,
    Refused(Problem),
}

/// Yes, to exactly the statement that was shown.
pub(super) async fn sign(
    State(pages): State<Pages>,
    SignedIn { person, .. }: SignedIn,
    path: IdInPath,
    Posted(answer): Posted<form::Answer>,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let language: Language = answer.language.parse().map_err(|_| Problem::Unreadable)?;
    // Whatever else changed meanwhile: what counts is whether the text is the one that was read.
    let yes = anew(async || record_yes(&pages, (person, id), language, &answer.statement).await).await?;
    match yes {
        Yes::Recorded => Ok(to_receipt(id)),
        Yes::Stands => Ok(to_consent(id)),
        Yes::Refused(problem) => Err(problem),
    }
}

async fn record_yes(
    pages: &Pages,
    (person, id): (PersonId, ConsentId),
    language: Language,
    read_sha256: &str,
) -> ServiceResult<Yes> {
    let asked = pages.hub.asked_one(person, id).await?;
    if asked.has_signed() {
        return Ok(Yes::Stands);
    }
    let shown = Shown::of(&pages.hub, &asked, language).await?;
    if !shown.standing.is_open() {
        return Ok(match shown.standing {
            Standing::NotAsked => Yes::Refused(Problem::NotAsked),
            standing if standing.part() == Part::Ended => Yes::Refused(Problem::Ended),
            _ => Yes::Stands,
        });
    }
    // Scope, names of units and people: all that a person reads is in the statement.
    if shown.statement_sha256() != read_sha256 {
        return Ok(Yes::Refused(Problem::Changed));
    }
    pages
        .hub
        .sign_in_portal(&asked, (&shown.statement, language.code()))
        .await?;
    Ok(Yes::Recorded)
}

/// No.
pub(super) async fn decline(
    State(pages): State<Pages>,
    SignedIn { person, .. }: SignedIn,
    path: IdInPath,
    Posted(_): Posted<form::Button>,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    ended(id, pages.hub.decline_in_portal(person, id).await)
}

#[derive(Template)]
#[template(path = "revoke.html")]
struct RevokePage {
    frame: Frame,
    shown: Shown,
}

impl RevokePage {
    /// The ids of the heading, of the button that does it, and of the link that does not.
    const fn words(&self) -> (&'static str, &'static str, &'static str) {
        if self.shown.has_signed {
            ("page-revoke-title", "page-revoke-confirm", "page-revoke-keep")
        } else {
            ("page-end-title", "page-end-confirm", "page-end-keep")
        }
    }
}

/// What taking it back means, before it is done.
pub(super) async fn implications(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
    path: IdInPath,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let asked = pages.hub.asked_one(person, id).await?;
    let shown = Shown::of(&pages.hub, &asked, visit.language).await?;
    if !shown.standing.is_revocable() {
        return Ok(to_consent(id));
    }
    let frame = Frame::of(&visit);
    show(&RevokePage { frame, shown })
}

/// Takes it back.
pub(super) async fn revoke(
    State(pages): State<Pages>,
    SignedIn { person, .. }: SignedIn,
    path: IdInPath,
    Posted(_): Posted<form::Button>,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    ended(id, pages.hub.revoke_in_portal(person, id).await)
}

/// Where a no leads: to its receipt; where it was over already, to the page that says how.
fn ended(id: ConsentId, answered: ServiceResult<Answered>) -> Result<Response, Problem> {
    match answered {
        Ok(_) => Ok(to_receipt(id)),
        Err(ServiceError::Transition(InvalidTransition::Ended)) => Ok(to_consent(id)),
        Err(error) => Err(error.into()),
    }
}

fn to_consent(id: ConsentId) -> Response {
    Redirect::to(&format!("/consents/{id}")).into_response()
}

fn to_receipt(id: ConsentId) -> Response {
    Redirect::to(&format!("/consents/{id}/receipt")).into_response()
}
