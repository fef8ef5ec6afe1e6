//! The log read from its beginning: every step must follow from those before it, and every permit must be lawful at its
//! own place. What a step held is known from what was asked; that it happened, and when, from the log alone.

mod delivery;

use std::collections::BTreeMap;

use samrum_consent::id::{AuthorityId, ConsentId, DeliveryId, EntryId, IndividualId, PersonId, UnitId};
use samrum_server::ledger::{By, ConsentStep, Details, Event, VerdictRecord};
use samrum_server::store::{DeliveryState, Entry};

use crate::simulation::cast::Cast;
use crate::simulation::history::Record;
use crate::simulation::model::{Fact, Found, Held, Model, Question, Rests, Standing, State};
use crate::simulation::order::{Answer, Made, Order};
use crate::simulation::tally::Tally;

/// An entry as it stands in the log.
pub(in crate::simulation) struct Line {
    pub(in crate::simulation) entry: EntryId,
    pub(in crate::simulation) details: Details,
}

impl Line {
    /// The entry that the store has.
    pub(in crate::simulation) fn of(entry: &Entry) -> Self {
        Self {
            entry: entry.id,
            details: serde_json::from_slice(&entry.details).unwrap(),
        }
    }
}

/// Who asked for what an entry tells, and how many entries there were when they did.
#[derive(Clone, Copy)]
struct Source<'a> {
    record: &'a Record,
    began: usize,
}

/// Reads the log.
pub(in crate::simulation) struct Replay<'a> {
    cast: &'a Cast,
    sources: BTreeMap<EntryId, Source<'a>>,
    /// Who signs each consent, by number.
    signatories: &'a BTreeMap<ConsentId, Vec<PersonId>>,
    /// The model before each entry of this run.
    before: Vec<Model>,
    /// The model by now.
    pub(in crate::simulation) model: Model,
    /// What each inbox must be told, in order.
    pub(in crate::simulation) told: Vec<(DeliveryId, DeliveryState)>,
    /// What must alarm both inboxes, in order.
    pub(in crate::simulation) alarms: Vec<(DeliveryId, DeliveryState)>,
    pub(in crate::simulation) broken: Vec<String>,
    pub(in crate::simulation) tally: Tally,
}

impl<'a> Replay<'a> {
    pub(in crate::simulation) fn new(
        cast: &'a Cast,
        (model, records): (Model, &'a [Record]),
        signatories: &'a BTreeMap<ConsentId, Vec<PersonId>>,
    ) -> Self {
        let mut sources = BTreeMap::new();
        for record in records {
            let first = record.tried.iter().map(|tried| tried.began.entries).min();
            for (tried, _, answer) in record.ended() {
                let Some(entry) = answer.entry() else { continue };
                // What is answered again may have been made by an earlier attempt, of which nobody heard.
                let repeated = record.order.repeats_its_answer() && matches!(answer, Answer::Done(_));
                let began = first.filter(|_| repeated).unwrap_or(tried.began.entries);
                sources.entry(entry).or_insert(Source { record, began });
            }
        }
        Self {
            cast,
            sources,
            signatories,
            before: Vec::new(),
            model,
            told: Vec::new(),
            alarms: Vec::new(),
            broken: Vec::new(),
            tally: Tally::default(),
        }
    }

    fn breaks(&mut self, line: &Line, what: &str) {
        self.broken
            .push(format!("entry {} ({:?}): {what}", line.entry, line.details.event));
    }

    /// Reads one entry after the other.
    pub(in crate::simulation) fn read(&mut self, lines: &[Line]) {
        for (place, line) in lines.iter().enumerate() {
            self.before.push(self.model.clone());
            let source = self.source(lines, place);
            self.line(line, source);
        }
    }

    /// Who asked for it. A denied release writes two entries, and is answered with the first.
    fn source(&self, lines: &[Line], place: usize) -> Option<Source<'a>> {
        let own = self.sources.get(&lines[place].entry);
        let first = || {
            let first = lines.get(place.checked_sub(1)?)?;
            let is_bare = matter(&first.details).is_some_and(|matter| matter.sender.is_none());
            let is_pair = first.details.event == Event::Fetch && lines[place].details.event == Event::Fetch;
            (is_bare && is_pair && delivery_of(&first.details) == delivery_of(&lines[place].details))
                .then(|| self.sources.get(&first.entry))?
        };
        own.or_else(first).copied()
    }

    fn line(&mut self, line: &Line, source: Option<Source<'a>>) {
        match line.details.event {
            Event::Consent => self.consent(line, source),
            Event::IndividualRegistered | Event::CustodyRecorded | Event::FactRecorded => {
                self.recorded(line, source);
            }
            Event::FactAttested => self.attested(line),
            Event::ProvisionSet => self.switched(line),
            Event::Check => self.checked(line, source),
            Event::Send => self.sent(line, source),
            Event::Fetch => self.fetched(line, source),
            Event::Acknowledged => self.settled(line, DeliveryState::Acknowledged),
            Event::Rejected => self.settled(line, DeliveryState::Rejected),
            Event::Withheld => self.withheld(line),
            Event::Expired => self.expired(line),
            Event::Alarmed => self.alarmed(line),
            // What the simulation does not cause, or nothing of it rests on.
            _ => {}
        }
    }

    fn recorded(&mut self, line: &Line, source: Option<Source<'a>>) {
        let Some(source) = source else {
            self.breaks(line, "nobody asked for it");
            return;
        };
        let at = line.details.at;
        match (&*source.record.order, source.record.done().map(|done| &done.made)) {
            (Order::Register { unit, person }, Some(Made::Case(case))) => {
                let about = (self.cast.people[*person].id, self.cast.units[*unit].id);
                self.model.cases.insert(*case, about);
            }
            (
                Order::Custody {
                    child,
                    guardians,
                    checked_at,
                },
                _,
            ) => {
                let guardians = guardians
                    .iter()
                    .map(|place| self.cast.people[*place].id)
                    .collect();
                let child = self.cast.people[*child].id;
                self.model.people.entry(child).or_default().custody = Some((*checked_at, guardians));
            }
            (Order::Find { unit, case, finding }, Some(Made::Fact(fact))) => {
                let Some((person, _)) = self.model.cases.get(case).copied() else {
                    self.breaks(line, "it is about nobody");
                    return;
                };
                self.model.people.entry(person).or_default().facts.push(Fact {
                    id: *fact,
                    unit: self.cast.units[*unit].id,
                    at,
                    attested: false,
                    finding: Found::of(finding, self.cast),
                });
            }
            _ => self.breaks(line, "something else was asked for"),
        }
    }

    fn attested(&mut self, line: &Line) {
        let named = line.details.named.get("fact").cloned().unwrap_or_default();
        let facts = self.model.people.values_mut().flat_map(|known| &mut known.facts);
        let fact = facts.into_iter().find(|fact| fact.id.to_string() == named);
        match fact {
            Some(fact) if !fact.attested => fact.attested = true,
            Some(_) => self.breaks(line, "the fact had been attested"),
            None => self.breaks(line, "there is no such fact"),
        }
    }

    fn switched(&mut self, line: &Line) {
        let named = &line.details.named;
        let provision = named.get("provision").cloned().unwrap_or_default();
        if named.get("on").is_some_and(|on| on == "true") {
            self.model.provisions.insert(provision);
        } else {
            self.model.provisions.remove(&provision);
        }
    }

    fn consent(&mut self, line: &Line, source: Option<Source<'a>>) {
        let Some(step) = line.details.consent.clone() else {
            // A request for which nobody could sign: refused, and nothing came of it.
            return;
        };
        let id: ConsentId = step.id.parse().unwrap();
        if step.step == "REQUESTED" {
            self.requested(line, id, source);
            return;
        }
        let Some(mut standing) = self.model.consents.get(&id).cloned() else {
            self.breaks(line, "there is no such consent");
            return;
        };
        if step.revision != standing.revision + 1 {
            self.breaks(line, "two states follow the same one");
        }
        if matches!(standing.state, State::Ended { .. }) {
            self.breaks(line, "the consent had ended");
        }
        standing.revision = step.revision;
        self.stepped(line, (id, &mut standing), &step, source);
        self.model.consents.insert(id, standing);
    }

    fn requested(&mut self, line: &Line, id: ConsentId, source: Option<Source<'a>>) {
        let Some(Order::Ask {
            unit, case, scope, ..
        }) = source.map(|source| &*source.record.order)
        else {
            self.breaks(line, "nobody asked for it");
            return;
        };
        let Some((person, _)) = self.model.cases.get(case).copied() else {
            self.breaks(line, "it is about nobody");
            return;
        };
        let standing = Standing {
            case: *case,
            person,
            requester: self.cast.units[*unit].id,
            scope: scope.clone(),
            excluded: scope.exclusions().clone(),
            until: scope.period().until,
            state: State::Asked,
            revision: 1,
            yes: BTreeMap::new(),
            accepted: Default::default(),
        };
        if self.model.consents.insert(id, standing).is_some() {
            self.breaks(line, "it was there before");
        }
    }

    fn stepped(
        &mut self,
        line: &Line,
        (id, standing): (ConsentId, &mut Standing),
        step: &ConsentStep,
        source: Option<Source<'a>>,
    ) {
        let at = line.details.at;
        match step.step.as_str() {
            "SIGNED" | "ACTIVE" => {
                if let Some(number) = step.signatory {
                    self.said_yes(line, (id, standing), number);
                }
                let complete = self.model.is_complete(standing, at);
                if step.step == "ACTIVE" && !complete {
                    self.breaks(line, "it is in force, though not everyone needed has signed");
                }
                if step.step == "ACTIVE" {
                    standing.state = State::Active;
                } else if standing.state == State::Asked && complete {
                    self.breaks(line, "everyone needed has signed, and it is not in force");
                }
            }
            "ACCEPTED" => {
                let authority = line.details.named.get("authority");
                standing
                    .accepted
                    .extend(authority.and_then(|id| id.parse::<AuthorityId>().ok()));
            }
            "DECLINED" | "REVOKED" | "SUPERSEDED" => {
                standing.state = State::Ended {
                    was_active: standing.state == State::Active,
                };
                self.tally.count("ended");
            }
            "NARROWED" => match source.map(|source| &*source.record.order) {
                Some(Order::Narrow { more, until, .. }) => {
                    standing.excluded.categories.extend(&more.categories);
                    standing.excluded.units.extend(&more.units);
                    standing.until = until.unwrap_or(standing.until);
                    self.tally.count("narrowed");
                }
                _ => self.breaks(line, "nobody asked for it"),
            },
            "ASKED" => {}
            _ => self.breaks(line, "an unknown step"),
        }
    }

    fn said_yes(&mut self, line: &Line, (id, standing): (ConsentId, &mut Standing), number: u32) {
        let signers = self.signatories.get(&id).map(Vec::as_slice).unwrap_or_default();
        let place = usize::try_from(number).unwrap().checked_sub(1);
        let Some(signer) = place.and_then(|place| signers.get(place)).copied() else {
            self.breaks(line, "nobody has that number");
            return;
        };
        let recorder: Option<UnitId> = match &line.details.by {
            By::Unit(unit) => unit.parse().ok(),
            _ => None,
        };
        if standing.yes.insert(signer, recorder).is_some() {
            self.breaks(line, "they had said yes before");
        }
        if recorder.is_some() {
            standing.accepted.clear();
        }
    }

    fn checked(&mut self, line: &Line, source: Option<Source<'a>>) {
        for verdict in &line.details.verdicts {
            self.explained(line, verdict, source);
        }
    }

    /// An answer must have been right at some moment between the question and the entry.
    fn explained(&mut self, line: &Line, verdict: &VerdictRecord, source: Option<Source<'a>>) {
        self.tally
            .count(if verdict.permitted { "permits" } else { "denials" });
        let Some(source) = source else { return };
        let Some(question) = self.question(line, verdict, &source.record.order) else {
            self.breaks(line, "it does not say what was asked");
            return;
        };
        let at = line.details.at;
        let window = &self.before[source.began.min(self.before.len() - 1)..];
        if !window
            .iter()
            .any(|model| model.permits(&question, at) == verdict.permitted)
        {
            let codes: Vec<&str> = verdict
                .reasons
                .iter()
                .map(|reason| reason.code.as_str())
                .collect();
            let said = if verdict.permitted { "permitted" } else { "denied" };
            self.breaks(line, &format!("{said} what never was so: {codes:?} {question:?}"));
        }
    }

    /// The question that one verdict answers, with the basis that the sender named.
    fn question(&self, line: &Line, verdict: &VerdictRecord, order: &Order) -> Option<Question> {
        use samrum_consent::vocabulary::Basis;
        let matter = match order {
            Order::Send(letter) => &letter.matter,
            Order::Check { matter, .. } => matter,
            _ => return None,
        };
        let recipient: UnitId = verdict.recipient.parse().ok()?;
        let place = self.cast.place_of(recipient)?;
        let (_, basis) = matter.recipients.iter().find(|(unit, _)| *unit == place)?;
        Some(Question {
            rests: match basis {
                Basis::Consent => Rests::Consent,
                Basis::Duty => Rests::Duty,
                Basis::Provision { id, .. } => Rests::Provision(id.clone()),
            },
            ..plain_question(&line.details, recipient)?
        })
    }

    /// What is let through now must be lawful by the log before it, and rest on what stands in it now.
    fn lawful(&mut self, line: &Line, verdict: &VerdictRecord) {
        let recipient: UnitId = verdict.recipient.parse().unwrap();
        let Some(question) = plain_question(&line.details, recipient) else {
            self.breaks(line, "it does not say what it is about");
            return;
        };
        let rests = rests_of(verdict);
        match &rests {
            Rests::Duty => self.tally.count("duties"),
            Rests::Provision(_) => self.tally.count("on_provision"),
            Rests::Consent | Rests::Consents(_) => {}
        }
        let question = Question { rests, ..question };
        if !self.model.permits(&question, line.details.at) {
            self.breaks(
                line,
                &format!("let through what was not allowed any more: {question:?}"),
            );
        }
        for version in &verdict.consents {
            let id: ConsentId = version.id.parse().unwrap();
            let standing = self.model.consents.get(&id).map(|standing| standing.revision);
            if standing != Some(version.revision) {
                self.breaks(
                    line,
                    &format!(
                        "rests on revision {} of {id}; it is {standing:?}",
                        version.revision
                    ),
                );
            }
        }
    }

    fn held(&mut self, line: &Line) -> Option<(DeliveryId, Held)> {
        let id = delivery_of(&line.details);
        let held = id.and_then(|id| Some((id, self.model.held.get(&id)?.clone())));
        if held.is_none() {
            self.breaks(line, "there is no such delivery");
        }
        held
    }
}

fn matter(details: &Details) -> Option<&samrum_server::ledger::Matter> {
    details.matter.as_ref()
}

fn delivery_of(details: &Details) -> Option<DeliveryId> {
    matter(details)?.delivery.as_ref()?.parse().ok()
}

/// What an entry was about, for this recipient; on what it rests is not said.
fn plain_question(details: &Details, recipient: UnitId) -> Option<Question> {
    let matter = matter(details)?;
    let by = match &details.by {
        By::Unit(unit) => unit.clone(),
        _ => return None,
    };
    let sender = matter.sender.clone().unwrap_or(by);
    let subjects: Result<_, _> = matter
        .subjects
        .iter()
        .map(|id| id.parse::<IndividualId>())
        .collect();
    let categories: Result<_, _> = matter.categories.iter().map(|code| code.parse()).collect();
    Some(Question {
        sender: sender.parse().ok()?,
        recipient,
        kind: matter.kind.as_ref()?.parse().ok()?,
        purpose: matter.purpose.as_ref()?.parse().ok()?,
        categories: categories.ok()?,
        subjects: subjects.ok()?,
        rests: Rests::Consent,
    })
}

/// What a permit says it rests on.
fn rests_of(verdict: &VerdictRecord) -> Rests {
    match &verdict.provision {
        Some(provision) if provision.starts_with("SOL") => Rests::Duty,
        Some(provision) => Rests::Provision(provision.clone()),
        None => {
            let ids = verdict.consents.iter().map(|version| version.id.parse().unwrap());
            Rests::Consents(ids.collect())
        }
    }
}
