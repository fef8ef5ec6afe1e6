//! A consent in the words of its page: what is asked, where it stands for this person, and the exact statement.
//!
//! What may be seen at all is the service's to judge; here it is only put into words.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use samrum_consent::consent::{Consent, End, Signer, State};
use samrum_consent::id::{ConsentId, PersonId, UnitId};
use samrum_consent::scope::{Period, Scope};
use samrum_consent::vocabulary::{Category, Direction};
use samrum_ui::{
    Language, StatementFacts, act, category, consent_statement, day, day_through, kind, moment, purpose, text,
};

use crate::service::portal::Asked;
use crate::service::{Hub, Result};

/// Where a consent stands, seen by one of those who were asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Their answer is missing.
    AwaitsYou,
    /// They said yes; someone else has not answered.
    AwaitsOthers,
    /// In force.
    Active,
    /// Their answer is not asked for any more.
    NotAsked,
    /// Someone who was asked said no.
    Declined,
    /// Taken back.
    Revoked,
    /// Its period ran out.
    Expired,
    /// A newer one took its place.
    Superseded,
}

impl Standing {
    /// Where it stands for this person now.
    pub(super) fn of(asked: &Asked, person: PersonId, now: Timestamp) -> Self {
        let consent = &asked.view.record.consent;
        let is_over = consent.scope.period().until <= now;
        match consent.state {
            State::Ended { how, .. } => match how {
                End::Declined => Self::Declined,
                End::Revoked => Self::Revoked,
                End::Expired => Self::Expired,
                End::Superseded => Self::Superseded,
            },
            State::Requested | State::Active { .. } if is_over => Self::Expired,
            // The same people as in the service's own rule: a no is never kept waiting by a missing fact.
            State::Requested | State::Active { .. } if !may_answer(asked, person) => Self::NotAsked,
            State::Requested | State::Active { .. } if !consent.has_signed(person) => Self::AwaitsYou,
            State::Requested => Self::AwaitsOthers,
            State::Active { .. } => Self::Active,
        }
    }

    /// The id of its words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::AwaitsYou => "page-standing-awaits-you",
            Self::AwaitsOthers => "page-standing-awaits-others",
            Self::Active => "page-standing-active",
            Self::NotAsked => "page-standing-not-asked",
            Self::Declined => "page-standing-declined",
            Self::Revoked => "page-standing-revoked",
            Self::Expired => "page-standing-expired",
            Self::Superseded => "page-standing-superseded",
        }
    }

    /// The part of the list it belongs to.
    pub(super) const fn part(self) -> Part {
        match self {
            Self::AwaitsYou | Self::AwaitsOthers => Part::Waiting,
            Self::Active => Part::Active,
            Self::NotAsked | Self::Declined | Self::Revoked | Self::Expired | Self::Superseded => Part::Ended,
        }
    }

    /// Whether this person may say yes or no.
    pub(super) const fn is_open(self) -> bool {
        matches!(self, Self::AwaitsYou)
    }

    /// Whether this person has a yes to take back.
    pub(super) const fn is_revocable(self) -> bool {
        matches!(self, Self::AwaitsOthers | Self::Active)
    }
}

/// A part of the list of consents, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Someone's answer is missing.
    Waiting,
    /// In force.
    Active,
    /// Over, or not this person's any more.
    Ended,
}

impl Part {
    /// Every part, in the order of the page.
    pub(super) const ALL: [Self; 3] = [Self::Waiting, Self::Active, Self::Ended];

    /// The id of its heading's words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Waiting => "page-list-waiting",
            Self::Active => "page-list-active",
            Self::Ended => "page-list-ended",
        }
    }

    /// The id of the words that say who asks or asked.
    pub(super) const fn asking_words(self) -> &'static str {
        match self {
            Self::Waiting => "page-list-asks",
            Self::Active | Self::Ended => "page-list-asked",
        }
    }

    /// The id of the words before the end of its period, where that still matters.
    pub(super) const fn until_words(self) -> Option<&'static str> {
        match self {
            Self::Waiting => Some("page-list-until-waiting"),
            Self::Active => Some("page-list-until-active"),
            Self::Ended => None,
        }
    }

    /// Its name in the page, and its tag's class after `tag-`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }
}

fn may_answer(asked: &Asked, person: PersonId) -> bool {
    let required = &asked.view.required;
    required.is_empty() || required.contains(&person.into()) || asked.view.record.consent.individual == person
}

/// One of those who were asked, as the page names them.
pub(super) struct Signatory {
    /// Their number.
    pub(super) number: usize,
    /// Whether it is the visitor.
    pub(super) is_you: bool,
    /// When they said yes, in words.
    pub(super) signed: Option<String>,
}

impl Signatory {
    /// The id of the words that name them.
    pub(super) const fn words(&self) -> &'static str {
        if self.is_you {
            "page-consent-signatory-you"
        } else {
            "page-consent-signatory"
        }
    }
}

/// Everything the page of one consent says.
pub(super) struct Shown {
    /// Its id.
    pub(super) id: ConsentId,
    /// Its revision.
    pub(super) revision: u64,
    /// Where it stands for this person.
    pub(super) standing: Standing,
    /// Whom it is about.
    pub(super) about: String,
    /// Who asks.
    pub(super) requester: String,
    /// When they asked.
    pub(super) asked_on: String,
    /// What for.
    pub(super) purpose: String,
    /// What is agreed to.
    pub(super) acts: Vec<String>,
    /// Whether all share with all.
    pub(super) is_circle: bool,
    /// Who may share; in a circle everyone.
    pub(super) sources: Vec<String>,
    /// Who may read; in a circle nobody else.
    pub(super) recipients: Vec<String>,
    /// What about.
    pub(super) categories: Vec<String>,
    /// In which documents.
    pub(super) kinds: Vec<String>,
    /// From when.
    pub(super) from: String,
    /// Until when, in a phrase.
    pub(super) until: String,
    /// What must not be shared.
    pub(super) excluded_categories: Vec<String>,
    /// Who must neither share nor read.
    pub(super) excluded_units: Vec<String>,
    /// How many single documents are kept out.
    pub(super) excluded_documents: usize,
    /// Who was asked.
    pub(super) signatories: Vec<Signatory>,
    /// When it ended, in words.
    pub(super) ended: Option<String>,
    /// The exact text that is signed.
    pub(super) statement: String,
}

impl Shown {
    /// Puts a consent into words for one of those who were asked.
    ///
    /// # Errors
    /// When a unit's name cannot be read.
    pub(super) async fn of(hub: &Hub, asked: &Asked, person: PersonId, language: Language) -> Result<Self> {
        let consent = &asked.view.record.consent;
        let scope = &consent.scope;
        let units = unit_names(hub, consent).await?;
        let requester = units
            .get(&consent.requester)
            .cloned()
            .unwrap_or_else(|| asked.requester.clone());
        let statement = consent_statement(
            &StatementFacts {
                consent: consent.id,
                requester: &requester,
                about: &asked.about,
                scope,
                units: &units,
            },
            language,
        );
        let (sources, recipients) = parties(scope, &units);
        let excluded = scope.exclusions();
        let ended = match consent.state {
            State::Ended { at, .. } => Some(moment(at, language)),
            State::Requested | State::Active { .. } => None,
        };
        Ok(Self {
            id: consent.id,
            revision: consent.revision,
            standing: Standing::of(asked, person, hub.now().await?),
            about: asked.about.clone(),
            requester,
            asked_on: day(consent.requested_at, language),
            purpose: purpose(scope.purpose(), language),
            acts: scope.acts().iter().map(|value| act(*value, language)).collect(),
            is_circle: scope.direction() == Direction::Circle,
            sources,
            recipients,
            categories: categories(scope.categories(), language),
            kinds: scope.kinds().iter().map(|value| kind(*value, language)).collect(),
            from: day(scope.period().from, language),
            until: until(scope.period(), language),
            excluded_categories: categories(&excluded.categories, language),
            excluded_units: named(&excluded.units, &units),
            excluded_documents: excluded.documents.len(),
            signatories: signatories(asked, person, language),
            ended,
            statement,
        })
    }

    /// The id of the words above the page: a question while it is one.
    pub(super) const fn title_words(&self) -> &'static str {
        if self.standing.is_open() {
            "page-consent-title-question"
        } else {
            "page-consent-title"
        }
    }

    /// The id of the words above the statement. What somebody signed earlier may have been narrowed since.
    pub(super) const fn statement_words(&self) -> &'static str {
        if self.standing.is_open() {
            "page-consent-statement"
        } else {
            "page-consent-statement-now"
        }
    }

    /// Whether nothing is kept out.
    pub(super) const fn excludes_nothing(&self) -> bool {
        self.excluded_categories.is_empty() && self.excluded_units.is_empty() && self.excluded_documents == 0
    }

    /// The statement line by line, each with its end: together they are its exact text.
    pub(super) fn statement_lines(&self) -> impl Iterator<Item = &str> {
        self.statement.split_inclusive('\n')
    }

    /// SHA-256 of the statement, in hexadecimal.
    pub(super) fn statement_sha256(&self) -> String {
        hex::encode(digest(&SHA256, self.statement.as_bytes()))
    }
}

/// Until when a scope holds, in a phrase: by days where it ends at midnight, else to the minute.
pub(super) fn until(period: Period, language: Language) -> String {
    let last = day_through(period.until, language);
    if last == day(period.until, language) {
        let until = moment(period.until, language);
        text("page-until-moment", &[("until", until)], language)
    } else {
        text("page-until-day", &[("through", last)], language)
    }
}

/// Who was asked and still counts: who is required now, and the visitor.
fn signatories(asked: &Asked, person: PersonId, language: Language) -> Vec<Signatory> {
    let required = &asked.view.required;
    let consent = &asked.view.record.consent;
    let you = Signer::Person(person);
    let counts = |who: Signer| who == you || required.is_empty() || required.contains(&who);
    let numbered = consent.signatories.iter().zip(1_usize..);
    numbered
        .filter(|(signatory, _)| counts(signatory.signer))
        .map(|(signatory, number)| Signatory {
            number,
            is_you: signatory.signer == you,
            signed: signatory
                .signature
                .as_ref()
                .map(|signature| moment(signature.at, language)),
        })
        .collect()
}

fn categories(set: &BTreeSet<Category>, language: Language) -> Vec<String> {
    set.iter().map(|value| category(*value, language)).collect()
}

fn parties(scope: &Scope, units: &BTreeMap<UnitId, String>) -> (Vec<String>, Vec<String>) {
    match scope.direction() {
        Direction::Circle => {
            let all = scope.sources().union(scope.recipients()).copied().collect();
            (named(&all, units), Vec::new())
        }
        Direction::OneWay => (named(scope.sources(), units), named(scope.recipients(), units)),
    }
}

/// Units by name, in the order of their names.
fn named(set: &BTreeSet<UnitId>, units: &BTreeMap<UnitId, String>) -> Vec<String> {
    let names: BTreeSet<&String> = set.iter().filter_map(|unit| units.get(unit)).collect();
    names.into_iter().cloned().collect()
}

/// The names of every unit that a consent speaks of, with authority and organisation, none said twice.
async fn unit_names(hub: &Hub, consent: &Consent) -> Result<BTreeMap<UnitId, String>> {
    let scope = &consent.scope;
    let parties = scope.sources().iter().chain(scope.recipients());
    let spoken_of = parties
        .chain(&scope.exclusions().units)
        .chain([&consent.requester]);
    let mut names = BTreeMap::new();
    for id in spoken_of.copied().collect::<BTreeSet<UnitId>>() {
        let unit = hub.unit(id).await?;
        let mut parts = vec![unit.name];
        for part in [unit.authority_name, unit.organisation_name] {
            if !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        names.insert(id, parts.join(", "));
    }
    Ok(names)
}
