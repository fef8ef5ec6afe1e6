//! Login by a link for invented people. Its routes exist in development only.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use samrum_consent::identity_number::IdentityNumber;

use super::Pages;
use super::form::{Button, Posted};
use super::frame::{Frame, show};
use super::problem::Problem;
use super::session::SessionSecret;
use super::visit::Visit;

/// The label in an address.
type LabelInPath = Result<Path<String>, PathRejection>;

fn person<'a>(pages: &'a Pages, label: &str) -> Result<&'a IdentityNumber, Problem> {
    let people = pages.site.development_people.as_ref();
    people
        .and_then(|people| people.get(label))
        .ok_or(Problem::NotFound)
}

#[derive(Template)]
#[template(path = "development.html")]
struct LoginPage {
    frame: Frame,
    label: String,
}

/// One button, and what it is.
pub(super) async fn show_form(
    State(pages): State<Pages>,
    visit: Visit,
    label: LabelInPath,
) -> Result<Response, Problem> {
    let Path(label) = label.map_err(|_| Problem::NotFound)?;
    person(&pages, &label)?;
    let frame = Frame::of(&visit);
    show(&LoginPage { frame, label })
}

/// Opens a session for the invented person; one that was open ends.
pub(super) async fn log_in(
    State(pages): State<Pages>,
    visit: Visit,
    jar: CookieJar,
    label: LabelInPath,
    Posted(_): Posted<Button>,
) -> Result<Response, Problem> {
    let Path(label) = label.map_err(|_| Problem::NotFound)?;
    let number = person(&pages, &label)?;
    let secret = SessionSecret::new(pages.hub.log_in(number).await?);
    if let Some(before) = &visit.session {
        pages.hub.log_out(before.bytes()).await?;
    }
    let jar = jar.add(secret.cookie(pages.is_secure()));
    Ok((jar, Redirect::to("/consents")).into_response())
}
