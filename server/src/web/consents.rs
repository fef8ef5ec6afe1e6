//! Reading: the start page, the list of consents, and one of them.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use samrum_consent::id::ConsentId;

use super::Pages;
use super::describe::{Part, Shown, Standing, until};
use super::frame::{Frame, show};
use super::problem::Problem;
use super::visit::{SignedIn, Visit};

/// The id in an address; an address that holds none is an address of nothing.
pub(super) type IdInPath = Result<Path<String>, PathRejection>;

/// Reads the id.
///
/// # Errors
/// [`Problem::NotFound`], as for an unknown one.
pub(super) fn consent_id(path: IdInPath) -> Result<ConsentId, Problem> {
    let Path(id) = path.map_err(|_| Problem::NotFound)?;
    id.parse().map_err(|_| Problem::NotFound)
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    waiting: usize,
    people: Vec<String>,
}

/// What this is, and what waits.
pub(super) async fn home(
    State(pages): State<Pages>,
    visit: Visit,
    signed_in: Result<SignedIn, Problem>,
) -> Result<Response, Problem> {
    let (frame, waiting) = match signed_in {
        Ok(SignedIn { visit, person }) => {
            let now = pages.hub.now().await?;
            let asked = pages.hub.asked(person).await?;
            let open = |asked: &&_| Standing::of(asked, person, now).is_open();
            (Frame::of(&visit), asked.iter().filter(open).count())
        }
        Err(Problem::LoggedOut) => (Frame::outside(&visit), 0),
        Err(problem) => return Err(problem),
    };
    let people = pages.site.development_people.as_ref();
    show(&HomePage {
        frame,
        waiting,
        people: people
            .map(|people| people.keys().cloned().collect())
            .unwrap_or_default(),
    })
}

/// One consent in the list.
struct Card {
    id: ConsentId,
    standing: Standing,
    about: String,
    requester: String,
    until: String,
}

/// A part of the list with its consents.
struct Section {
    part: Part,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "consents.html")]
struct ConsentsPage {
    frame: Frame,
    sections: Vec<Section>,
}

/// Everything that asks or asked this person: what waits first, then what is in force, then what is over.
pub(super) async fn list(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
) -> Result<Response, Problem> {
    let now = pages.hub.now().await?;
    let asked = pages.hub.asked(person).await?;
    let mut sections: Vec<Section> = Part::ALL
        .into_iter()
        .map(|part| Section {
            part,
            cards: Vec::new(),
        })
        .collect();
    for asked in &asked {
        let standing = Standing::of(asked, person, now);
        let consent = &asked.view.record.consent;
        let card = Card {
            id: consent.id,
            standing,
            about: asked.about.clone(),
            requester: asked.requester.clone(),
            until: until(consent.scope.period(), visit.language),
        };
        if let Some(section) = sections
            .iter_mut()
            .find(|section| section.part == standing.part())
        {
            section.cards.push(card);
        }
    }
    for section in &mut sections {
        // What waits for this person comes before what waits for others; the order is otherwise the service's.
        section.cards.sort_by_key(|card| !card.standing.is_open());
    }
    let frame = Frame::of(&visit);
    show(&ConsentsPage { frame, sections })
}

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage {
    frame: Frame,
    shown: Shown,
}

/// What is asked, and the two answers.
pub(super) async fn one(
    State(pages): State<Pages>,
    SignedIn { visit, person }: SignedIn,
    path: IdInPath,
) -> Result<Response, Problem> {
    let id = consent_id(path)?;
    let asked = pages.hub.asked_one(person, id).await?;
    let shown = Shown::of(&pages.hub, &asked, person, visit.language).await?;
    let frame = Frame::of(&visit);
    show(&ConsentPage { frame, shown })
}
