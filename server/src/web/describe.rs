//! A consent in the words of its page: what is asked, where it stands for this person, and the exact statement.
//!
//! What may be seen at all is the service's to judge; here it is only put into words.

use std::collections::{BTreeMap, BTreeSet};

use ring::digest::{SHA256, digest};
use samrum_consent::consent::Consent;
use samrum_consent::id::{ConsentId, UnitId};
use samrum_consent::scope::Scope;
use samrum_consent::vocabulary::{Act, Category, Direction, Purpose};
use samrum_ui::{
    Language, StatementFacts, act, category, consent_statement, day, kind, period, purpose, text,
};

use super::passage::Passage;
use super::signatory::{Signatory, signatories};
use super::standing::{Standing, end_said, was_in_force};
use crate::service::portal::Asked;
use crate::service::{Hub, Result};

/// Everything the page of one consent says.
pub(super) struct Shown {
    /// Its id.
    pub(super) id: ConsentId,
    /// Where it stands for this person.
    pub(super) standing: Standing,
    /// That in words.
    pub(super) standing_said: Passage,
    /// Whether this person's yes is recorded.
    pub(super) has_signed: bool,
    /// That a unit recorded this person's yes, in words, where one did.
    pub(super) yes_recorded: Option<Passage>,
    /// Whether it is, or was, in force: then something may have been shared.
    pub(super) was_in_force: bool,
    /// Whether this person has an answer of their own, so that there is a receipt.
    pub(super) has_receipt: bool,
    /// Whether this person was asked.
    pub(super) was_asked: bool,
    /// Whom it is about.
    pub(super) about: String,
    /// Who asks.
    pub(super) requester: String,
    /// When they asked.
    pub(super) asked_on: String,
    /// What for.
    pub(super) purpose: String,
    /// What a SIP is, where it is about one.
    pub(super) sip: Option<String>,
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
    /// From when to when, in a phrase.
    pub(super) period: String,
    /// What must not be shared: categories, then units, then documents.
    pub(super) excluded: Vec<Passage>,
    /// Who was asked.
    pub(super) signatories: Vec<Signatory>,
    /// When it ended, in words.
    pub(super) ended: Option<Passage>,
    /// The exact text that is signed.
    pub(super) statement: String,
    /// The same line by line, each with its end: together they are its exact text.
    pub(super) statement_lines: Vec<Passage>,
}

impl Shown {
    /// Puts a consent into words for one of those it concerns.
    ///
    /// # Errors
    /// When a unit's name cannot be read.
    pub(super) async fn of(hub: &Hub, asked: &Asked, language: Language) -> Result<Self> {
        let consent = asked.consent();
        let scope = &consent.scope;
        let units = unit_names(hub, consent).await?;
        let requester = units.get(&consent.requester).unwrap_or(&asked.requester);
        let statement = consent_statement(
            &StatementFacts {
                consent: consent.id,
                requester,
                about: &asked.about,
                scope,
                units: &units,
            },
            language,
        );
        let names: Vec<&str> = units.values().map(String::as_str).collect();
        let lines = statement.split_inclusive('\n');
        let (sources, recipients) = parties(scope, &units);
        let recorded =
            |unit: &String| Passage::naming("page-consent-recorded", ("unit", unit), &[], language);
        let standing = Standing::of(asked);
        Ok(Self {
            id: consent.id,
            standing,
            standing_said: standing.said(asked, language),
            has_signed: asked.has_signed(),
            yes_recorded: asked.yes_recorded_by.as_ref().map(recorded),
            was_in_force: was_in_force(asked),
            has_receipt: asked.has_signed() || asked.ended_by_you.is_some(),
            was_asked: asked.number.is_some(),
            about: asked.about.clone(),
            requester: requester.clone(),
            asked_on: day(consent.requested_at, language),
            purpose: purpose(scope.purpose(), language),
            sip: sip(asked, language),
            acts: scope.acts().iter().map(|value| act(*value, language)).collect(),
            is_circle: scope.direction() == Direction::Circle,
            sources,
            recipients,
            categories: categories(scope.categories(), language),
            kinds: scope.kinds().iter().map(|value| kind(*value, language)).collect(),
            period: period(scope.period(), language),
            excluded: excluded(scope, &units, language),
            signatories: signatories(asked, &units, language),
            ended: end_said(asked, language),
            statement_lines: lines.map(|line| Passage::of(line, &names, language)).collect(),
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

    /// SHA-256 of the statement, in hexadecimal.
    pub(super) fn statement_sha256(&self) -> String {
        hex::encode(digest(&SHA256, self.statement.as_bytes()))
    }
}

/// What a SIP is, in a sentence, where the consent is about one.
fn sip(asked: &Asked, language: Language) -> Option<String> {
    let scope = &asked.consent().scope;
    if scope.purpose() != Purpose::Sip && !scope.acts().contains(&Act::Plan) {
        return None;
    }
    let words = if asked.consent().individual == asked.person {
        "page-scope-sip-own"
    } else {
        "page-scope-sip"
    };
    Some(text(words, &[], language))
}

fn categories(set: &BTreeSet<Category>, language: Language) -> Vec<String> {
    set.iter().map(|value| category(*value, language)).collect()
}

fn excluded(scope: &Scope, units: &BTreeMap<UnitId, String>, language: Language) -> Vec<Passage> {
    let excluded = scope.exclusions();
    let categories = categories(&excluded.categories, language).into_iter();
    let mut said: Vec<Passage> = categories.map(|category| Passage::plain(&category)).collect();
    said.extend(
        named(&excluded.units, units)
            .iter()
            .map(|unit| Passage::naming("page-scope-excluded-unit", ("unit", unit), &[], language)),
    );
    let documents = excluded.documents.len();
    if documents > 0 {
        let count = ("count", documents.to_string());
        said.push(Passage::plain(&text(
            "page-scope-excluded-documents",
            &[count],
            language,
        )));
    }
    said
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
    let signatures = consent
        .signatories
        .iter()
        .filter_map(|signatory| signatory.signature.as_ref());
    let recorders = signatures.filter_map(|signature| signature.evidence.recorded_by());
    let parties = scope.sources().iter().chain(scope.recipients());
    let spoken_of = parties
        .chain(&scope.exclusions().units)
        .chain([&consent.requester])
        .copied()
        .chain(recorders);
    let mut names = BTreeMap::new();
    for id in spoken_of.collect::<BTreeSet<UnitId>>() {
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
