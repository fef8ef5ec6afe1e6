//! What parties do next, by chance, of what they have heard: half of it at odds with something under way.

mod letter;
mod matter;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use samrum_consent::consent::{Consent, Signer};
use samrum_consent::id::{ConsentId, DeliveryId, DocumentId, FactId, IndividualId};
use samrum_consent::vocabulary::{Category, Kind};
use samrum_proto::envelope::HeaderHash;
use samrum_server::store::Delivery;

use super::cast::Cast;
use super::chance::{Chance, SeededRandomness};
use super::history::Record;
use super::order::{Answer, Letter, Made, Order};
use super::world::{Case, PSYCHIATRY, SOCIAL, World};

/// How long a day is.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Categories that are asked for.
const CATEGORIES: [Category; 4] = [
    Category::SchoolSituation,
    Category::HealthMental,
    Category::SocialSupport,
    Category::Medication,
];
/// Kinds that rest on consent here.
const KINDS: [Kind; 4] = [Kind::Note, Kind::Plan, Kind::Information, Kind::Summons];
/// Permitting provisions that are switched, each with the sender and recipient that it fits.
pub(super) const PROVISIONS: [(&str, usize, usize); 2] = [
    ("OSL-25-12", PSYCHIATRY, SOCIAL),
    ("OSL-26-9", SOCIAL, PSYCHIATRY),
];

/// A document that was sent, with what its sender heard of it.
struct Sent {
    letter: Arc<Letter>,
    deliveries: Vec<Delivery>,
}

/// A copy that a unit has.
#[derive(Clone, Copy)]
struct Opened {
    unit: usize,
    delivery: DeliveryId,
    document: DocumentId,
    header_hash: HeaderHash,
}

/// What everybody knows and means to do.
pub(super) struct Plan {
    cast: Arc<Cast>,
    chance: Chance,
    randomness: SeededRandomness,
    cases: Vec<Case>,
    guardians: Vec<Vec<usize>>,
    consents: Vec<(Consent, IndividualId)>,
    over: BTreeSet<ConsentId>,
    sent: Vec<Sent>,
    copies: Vec<Opened>,
    facts: Vec<(FactId, usize)>,
    /// Where each unit's reader of the inbox is.
    cursors: Vec<i64>,
    agenda: VecDeque<Order>,
}

impl Plan {
    pub(super) fn new(world: &World, seed: u64) -> Self {
        let mut plan = Self {
            cast: world.cast.clone(),
            chance: Chance::apart(seed, 11),
            randomness: SeededRandomness::new(Chance::apart(seed, 12)),
            cases: world.cases.clone(),
            guardians: world.guardians.clone(),
            consents: Vec::new(),
            over: BTreeSet::new(),
            sent: Vec::new(),
            copies: Vec::new(),
            facts: Vec::new(),
            cursors: vec![0; world.cast.units.len()],
            agenda: VecDeque::new(),
        };
        for record in &world.records {
            plan.learn(record, world.begins);
        }
        plan.agenda.clear();
        plan
    }

    /// Hears an answer.
    pub(super) fn learn(&mut self, record: &Record, now: Timestamp) {
        match (&*record.order, record.heard.as_ref()) {
            (Order::Inbox { unit, after }, Some(Answer::Events(events))) => {
                if self.cursors[*unit] == *after
                    && let Some(last) = events.last()
                {
                    self.cursors[*unit] = last.position;
                }
            }
            (order, Some(Answer::Done(done))) => self.learn_done(order, &done.made, now),
            _ => {}
        }
    }

    fn learn_done(&mut self, order: &Order, made: &Made, now: Timestamp) {
        if let Some(consent) = order.ends() {
            self.over.insert(consent);
        }
        match (order, made) {
            (Order::Ask { case, .. }, Made::Consent(record)) => {
                let consent = record.consent.clone();
                if self.chance.per_mille(750) {
                    self.will_sign(&consent);
                }
                self.consents.push((consent, *case));
            }
            (Order::Send(letter), Made::Deliveries(deliveries)) => {
                self.sent.push(Sent {
                    letter: letter.clone(),
                    deliveries: deliveries.clone(),
                });
                // Reports are left lying oftener, so that some alarm.
                let opened = match letter.matter.kind {
                    Kind::ConcernReport => 500,
                    _ => 700,
                };
                for delivery in deliveries {
                    if self.chance.per_mille(opened) {
                        self.agenda.push_back(Order::Fetch {
                            unit: self.cast.place_of(delivery.recipient).unwrap(),
                            delivery: delivery.id,
                        });
                    }
                }
            }
            (
                Order::Fetch { unit, delivery },
                Made::Copy {
                    document,
                    header_hash,
                    ..
                },
            ) => {
                let copy = Opened {
                    unit: *unit,
                    delivery: *delivery,
                    document: *document,
                    header_hash: *header_hash,
                };
                self.copies.push(copy);
                if self.chance.per_mille(700) {
                    let accepts = self.chance.per_mille(500);
                    self.agenda.push_back(settling(copy, accepts, now));
                }
            }
            (Order::Find { unit, .. }, Made::Fact(fact)) => {
                self.facts.push((*fact, *unit));
                if self.chance.per_mille(700) {
                    self.agenda.push_back(Order::Attest {
                        unit: *unit,
                        fact: *fact,
                    });
                }
            }
            _ => {}
        }
    }

    /// Everyone who is asked means to say yes.
    fn will_sign(&mut self, consent: &Consent) {
        for (place, signatory) in consent.signatories.iter().enumerate() {
            let Signer::Person(person) = signatory.signer else {
                continue;
            };
            let Some(person) = self.cast.person_with(person) else {
                continue;
            };
            let order = if self.chance.per_mille(600) {
                Order::PortalYes {
                    person,
                    consent: consent.id,
                }
            } else {
                Order::Yes {
                    unit: self.cast.place_of(consent.requester).unwrap(),
                    consent: consent.id,
                    signatory: u32::try_from(place + 1).unwrap(),
                }
            };
            self.agenda.push_back(order);
        }
    }

    /// The child that an order is about, as far as it is about one.
    pub(super) fn child_of(&self, order: &Order) -> Option<usize> {
        let case = match order {
            Order::Custody { child, .. } => return Some(*child),
            Order::Ask { case, .. } | Order::Find { case, .. } => *case,
            Order::Check { matter, .. } => *matter.subjects.first()?,
            Order::Send(letter) => *letter.matter.subjects.first()?,
            Order::Fetch { delivery, .. } | Order::Settle { delivery, .. } => {
                let has = |sent: &&Sent| sent.deliveries.iter().any(|one| one.id == *delivery);
                *self.sent.iter().find(has)?.letter.matter.subjects.first()?
            }
            Order::Yes { consent, .. }
            | Order::No { consent, .. }
            | Order::PortalYes { consent, .. }
            | Order::PortalNo { consent, .. }
            | Order::PortalBack { consent, .. }
            | Order::Revoke { consent, .. }
            | Order::Narrow { consent, .. }
            | Order::Accept { consent, .. } => self.consents.iter().find(|(one, _)| one.id == *consent)?.1,
            _ => return None,
        };
        self.cases.iter().find(|one| one.id == case).map(|one| one.child)
    }

    /// What the hub does of itself once much time has passed.
    pub(super) fn catch_up(&mut self) {
        if self.chance.per_mille(600) {
            self.agenda.push_front(Order::Expire);
            self.agenda.push_front(Order::Alarm);
        }
    }

    /// What comes next: one thing, or several at once that are at odds.
    pub(super) fn next(&mut self, now: Timestamp) -> Vec<Order> {
        if self.chance.per_mille(550)
            && let Some(order) = self.agenda.pop_front()
        {
            return vec![order];
        }
        if self.chance.per_mille(330) {
            let together = self.at_odds(now);
            if !together.is_empty() {
                return together;
            }
        }
        self.one(now).into_iter().collect()
    }

    fn one(&mut self, now: Timestamp) -> Option<Order> {
        let weights = [
            200, 220, 50, 120, 60, 25, 25, 10, 10, 15, 15, 20, 25, 40, 35, 40, 20, 25, 70, 50, 25, 20, 20,
            30, 25, 25,
        ];
        match self.chance.weighed(&weights) {
            0 => self.send(now),
            1 => Some(self.report(now)),
            2 => Some(self.on_provision(now)),
            3 => self.fetch(),
            4 => self.settle(now),
            5 => self.sign(false),
            6 => self.sign(true),
            7 => self.refuse(false),
            8 => self.refuse(true),
            9 => self.revoke(),
            10 => self.take_back(),
            11 => self.narrow(now),
            12 => self.accept(),
            13 => Some(self.ask(now)),
            14 => Some(self.custody(now)),
            15 => Some(self.find(now)),
            16 => self.attest(),
            17 => Some(self.switch()),
            18 => Some(self.check()),
            19 => Some(self.inbox()),
            20 => self.follow(),
            21 => Some(Order::Expire),
            22 => Some(Order::Withhold),
            23 => Some(Order::Sequence),
            24 => Some(Order::Alarm),
            _ => self.reuse(now),
        }
    }

    /// Several things at once on the same consent, child or delivery.
    fn at_odds(&mut self, now: Timestamp) -> Vec<Order> {
        let waiting = self.waiting();
        let Some((consent, case)) = self.open_consent() else {
            return Vec::new();
        };
        let mut together = Vec::new();
        match self.chance.below(8) {
            7 => {
                // Asked before and after it is taken back.
                let check = self.check_on(&consent, case);
                together.push(check.clone());
                self.agenda.push_front(check.clone());
                let end = self.end(&consent);
                self.agenda.extend(end);
                self.agenda.push_back(check);
            }
            0 | 1 => {
                together.extend(self.send_on(&consent, case, now));
                together.extend(self.end(&consent));
                together.extend(self.send_on(&consent, case, now));
            }
            2 | 3 => {
                if let Some((unit, delivery, about)) = self.chance.pick(&waiting).copied() {
                    together.push(Order::Fetch { unit, delivery });
                    let on = self.consents.iter().find(|(_, case)| *case == about).cloned();
                    if let Some((consent, _)) = on {
                        together.extend(self.end(&consent));
                    }
                    together.push(Order::Fetch { unit, delivery });
                }
            }
            4 => {
                if let Some(copy) = self.chance.pick(&self.copies).copied() {
                    together.push(settling(copy, true, now));
                    together.push(settling(copy, false, now));
                }
            }
            5 => {
                let (provision, sender, recipient) = PROVISIONS[self.chance.below(2)];
                together.push(self.informing((provision, sender, recipient), now));
                together.push(Order::Switch { provision, on: false });
                together.push(self.informing((provision, sender, recipient), now));
            }
            _ => {
                let child = self.child_of_case(case);
                together.extend(self.send_on(&consent, case, now));
                together.push(self.custody_of(child, now));
                together.push(self.check_on(&consent, case));
            }
        }
        together
    }

    /// Deliveries that their recipients may still fetch: whose, which, about which case.
    fn waiting(&self) -> Vec<(usize, DeliveryId, IndividualId)> {
        let mut waiting = Vec::new();
        for sent in &self.sent {
            let Some(case) = sent.letter.matter.subjects.first() else {
                continue;
            };
            for delivery in &sent.deliveries {
                let unit = self.cast.place_of(delivery.recipient).unwrap();
                waiting.push((unit, delivery.id, *case));
            }
        }
        waiting
    }

    fn child_of_case(&self, case: IndividualId) -> usize {
        self.cases.iter().find(|one| one.id == case).unwrap().child
    }

    /// A consent, rather one that is not over.
    fn open_consent(&mut self) -> Option<(Consent, IndividualId)> {
        let open: Vec<_> = self
            .consents
            .iter()
            .filter(|(consent, _)| !self.over.contains(&consent.id))
            .cloned()
            .collect();
        if self.chance.per_mille(80) || open.is_empty() {
            return self.chance.pick(&self.consents).cloned();
        }
        self.chance.pick(&open).cloned()
    }
}

const fn settling(copy: Opened, accepts: bool, at: Timestamp) -> Order {
    Order::Settle {
        unit: copy.unit,
        delivery: copy.delivery,
        document: copy.document,
        header_hash: copy.header_hash,
        accepts,
        at,
    }
}
