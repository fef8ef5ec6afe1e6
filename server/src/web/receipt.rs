//! The receipt of a person's newest answer to a consent, for as long as they may see it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use samrum_consent::id::ConsentId;
use samrum_ui::{Language, beginning, moment, text};

use super::Pages;
use super::consents::{IdInPath, consent_id};
use super::frame::{Frame, show};
use super::passage::Passage;
use super::problem::Problem;
use super::standing::{Part, Standing, was_in_force};
use super::visit::SignedIn;
use crate::service::portal::{Asked, OwnStep, Teller};

/// What was answered.
#[derive(Clone, Copy)]
enum Answer {
    Yes,
    No,
    TookBack,
    /// Ended by somebody who was never asked.
    Ended,
}

impl Answer {
    /// What ended it.
    fn that_ended(asked: &Asked) -> Self {
        match asked.number {
            None => Self::Ended,
            Some(_) if asked.has_signed() => Self::TookBack,
            Some(_) => Self::No,
        }
    }

    /// The ids of its heading and of the answer in a word.
    const fn words(self, is_told: bool) -> (&'static str, &'static str) {
        match (self, is_told) {
            (Self::Yes, false) => ("page-receipt-signed-title", "page-receipt-yes"),
            (Self::Yes, true) => ("page-receipt-recorded-yes-title", "page-receipt-yes"),
            (Self::No, false) => ("page-receipt-declined-title", "page-receipt-no"),
            (Self::No | Self::TookBack, true) => ("page-receipt-recorded-no-title", "page-receipt-no"),
            (Self::TookBack, false) => ("page-receipt-revoked-title", "page-receipt-took-back"),
            (Self::Ended, _) => ("page-receipt-ended-title", "page-receipt-ended"),
        }
    }

    /// What it means, in sentences.
    fn meaning(self, asked: &Asked, language: Language) -> Vec<String> {
        let say = |id: &str| text(id, &[], language);
        match self {
            Self::Yes => yes_means(asked, language),
            _ if was_in_force(asked) => vec![
                say("page-receipt-revoked-text"),
                say("page-revoke-read"),
                say("page-revoke-ask"),
                say("page-revoke-duty"),
            ],
            Self::No => vec![
                say("page-receipt-declined-text"),
                format!("{} {}", say("page-receipt-others"), say("page-revoke-duty")),
            ],
            Self::TookBack | Self::Ended => vec![
                say("page-receipt-closed-text"),
                format!("{} {}", say("page-receipt-others"), say("page-revoke-duty")),
            ],
        }
    }
}

fn yes_means(asked: &Asked, language: Language) -> Vec<String> {
    let say = |id: &str| text(id, &[], language);
    let standing = Standing::of(asked);
    let mut means = vec![if standing.is_agreed() {
        let from = beginning(asked.consent().scope.period().from, language);
        text("page-receipt-signed-active", &[("from", from)], language)
    } else if standing.part() == Part::Ended {
        say("page-receipt-signed-over")
    } else {
        say("page-receipt-signed-waiting")
    }];
    if standing.is_revocable() {
        means.push(if asked.yes_recorded_by.is_some() {
            say("page-consent-recorded-wrong")
        } else {
            say("page-change")
        });
    }
    means
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    id: ConsentId,
    title: &'static str,
    answer: &'static str,
    told_by: Option<Passage>,
    meaning: Vec<String>,
    about: String,
    requester: String,
    at: String,
    entry: String,
}

/// The receipt; without an answer there is none, and the consent's page says how it stands.
pub(super) async fn receipt(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
    path: IdInPath,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let asked = pages.hub.asked_one(person, id).await?;
    let own: Option<(Answer, OwnStep)> = match asked.ended_by_you.clone() {
        Some(step) => Some((Answer::that_ended(&asked), step)),
        None => pages.hub.own_yes(&asked).await?.map(|step| (Answer::Yes, step)),
    };
    let Some((kind, step)) = own else {
        return Ok(Redirect::to(&format!("/consents/{id}")).into_response());
    };
    let language = visit.language;
    let told_by = match &step.told_by {
        Teller::Person => None,
        Teller::Unit(unit) => Some(Passage::naming(
            "page-receipt-recorded",
            ("unit", unit),
            &[],
            language,
        )),
    };
    let (title, answer) = kind.words(told_by.is_some());
    show(&ReceiptPage {
        frame: Frame::of(&visit),
        id,
        title,
        answer,
        told_by,
        meaning: kind.meaning(&asked, language),
        about: asked.about.clone(),
        requester: asked.requester.clone(),
        at: moment(step.at, language),
        entry: step.entry.to_string(),
    })
}
