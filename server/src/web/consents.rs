//! Reading: the start page, the list of consents, and one of them.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use samrum_consent::id::ConsentId;
use samrum_ui::{Language, day, ending, period, text};

use super::Pages;
use super::describe::Shown;
use super::frame::{Frame, show};
use super::passage::Passage;
use super::problem::Problem;
use super::standing::{Part, Standing};
use super::visit::{SignedIn, Visit};
use crate::service::portal::Asked;

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
            let asked = pages.hub.asked(person).await?;
            let open = |asked: &&_| Standing::of(asked).is_open();
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
    standing_said: Passage,
    asked: Passage,
    about: String,
    term: Option<String>,
}

impl Card {
    fn of(asked: &Asked, language: Language) -> Self {
        let consent = asked.consent();
        let standing = Standing::of(asked);
        let day = day(consent.requested_at, language);
        let who = ("requester", asked.requester.as_str());
        Self {
            id: consent.id,
            standing,
            standing_said: standing.said(asked, language),
            // Who and when: two questions of one unit can be told apart by the link alone.
            asked: Passage::naming("page-list-asked", who, &[("day", day)], language),
            about: asked.about.clone(),
            term: term(asked, standing, language),
        }
    }
}

/// How long it holds or would hold, where that still matters.
fn term(asked: &Asked, standing: Standing, language: Language) -> Option<String> {
    let scope = asked.consent().scope.period();
    let until = ("ending", ending(scope.until, language));
    let (words, when) = match (standing.part(), standing) {
        (Part::Waiting, _) => ("page-list-term-waiting", until),
        (Part::Active, Standing::Begins) => ("page-list-term-later", ("period", period(scope, language))),
        (Part::Active, _) => ("page-list-term-active", until),
        (Part::Resting | Part::Ended, _) => return None,
    };
    Some(text(words, &[when], language))
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
    let asked = pages.hub.asked(person).await?;
    let cards_of = |part: Part| {
        let cards = asked.iter().map(|asked| Card::of(asked, visit.language));
        let mut cards: Vec<Card> = cards.filter(|card| card.standing.part() == part).collect();
        // What waits for this person comes before what waits for others; the order is otherwise the service's.
        cards.sort_by_key(|card| !card.standing.is_open());
        Section { part, cards }
    };
    let sections = Part::ALL.into_iter().map(cards_of);
    // What is rare is said only where it is.
    let sections = sections
        .filter(|section| section.part != Part::Resting || !section.cards.is_empty())
        .collect();
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
    let shown = Shown::of(&pages.hub, &asked, visit.language).await?;
    let frame = Frame::of(&visit);
    show(&ConsentPage { frame, shown })
}
