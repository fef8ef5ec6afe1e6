//! What parties do next, by chance, of what they have heard: half of it at odds with something under way.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use samrum_consent::consent::{Consent, Signer};
use samrum_consent::id::{ConsentId, DeliveryId, DocumentId, FactId, IndividualId};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Basis, Category, Direction, Kind, Maturity, Purpose};
use samrum_proto::envelope::HeaderHash;
use samrum_server::store::Delivery;

use super::cast::Cast;
use super::chance::{Chance, SeededRandomness};
use super::history::Record;
use super::order::{Answer, Finding, Letter, Made, Matter, Order};
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
pub(super) const PROVISIONS: [(&str, usize, usize); 2] =
    [("OSL-25-12", PSYCHIATRY, SOCIAL), ("OSL-26-9", SOCIAL, PSYCHIATRY)];

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
                for delivery in deliveries {
                    if self.chance.per_mille(700) {
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
                if self.chance.per_mille(500) {
                    let accepts = self.chance.per_mille(700);
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
            200, 50, 50, 120, 60, 25, 25, 10, 10, 15, 15, 20, 25, 40, 35, 40, 20, 25, 70, 50, 25, 20, 20, 30,
            25,
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

    /// One way to end or narrow it.
    fn end(&mut self, consent: &Consent) -> Option<Order> {
        let requester = self.cast.place_of(consent.requester).unwrap();
        let id = consent.id;
        let signer = self.chance.below(consent.signatories.len());
        let person = match consent.signatories[signer].signer {
            Signer::Person(person) => self.cast.person_with(person),
            Signer::Board(_) => None,
        };
        Some(match (self.chance.below(5), person) {
            (0, Some(person)) => Order::PortalBack { person, consent: id },
            (1, Some(person)) => Order::PortalNo { person, consent: id },
            (2, _) => Order::No {
                unit: requester,
                consent: id,
                signatory: u32::try_from(signer + 1).unwrap(),
            },
            (3, _) => self.narrowing(consent),
            _ => Order::Revoke {
                unit: requester,
                consent: id,
            },
        })
    }

    fn narrowing(&mut self, consent: &Consent) -> Order {
        let mut more = Exclusions::default();
        let categories: Vec<_> = consent.scope.categories().iter().copied().collect();
        let units: Vec<_> = consent.scope.recipients().iter().copied().collect();
        if self.chance.per_mille(600) {
            more.categories.extend(self.chance.pick(&categories));
        } else {
            more.units.extend(self.chance.pick(&units));
        }
        Order::Narrow {
            unit: self.cast.place_of(consent.requester).unwrap(),
            consent: consent.id,
            more,
            until: None,
        }
    }

    fn send(&mut self, now: Timestamp) -> Option<Order> {
        let (consent, case) = self.open_consent()?;
        self.send_on(&consent, case, now)
    }

    /// A document that the consent carries, most of the time.
    fn send_on(&mut self, consent: &Consent, case: IndividualId, now: Timestamp) -> Option<Order> {
        let (sender, matter) = self.matter_on(consent, case)?;
        let document = DocumentId::from_bytes(self.chance.bytes());
        let letter = self.cast.seal(sender, document, (matter, None), now, &self.randomness);
        Some(Order::Send(Arc::new(letter)))
    }

    fn matter_on(&mut self, consent: &Consent, case: IndividualId) -> Option<(usize, Matter)> {
        let mut units: Vec<usize> = consent
            .scope
            .sources()
            .iter()
            .chain(consent.scope.recipients())
            .filter_map(|unit| self.cast.place_of(*unit))
            .collect();
        units.sort_unstable();
        units.dedup();
        // Half of the time the one who asked for it sends: that unit knows the case from the beginning.
        let requester = self.cast.place_of(consent.requester)?;
        let sender = if self.chance.per_mille(500) {
            requester
        } else {
            *self.chance.pick(&units)?
        };
        let mut recipients: Vec<usize> = units.into_iter().filter(|unit| *unit != sender).collect();
        if self.chance.per_mille(60) {
            recipients = (0..self.cast.units.len()).filter(|unit| *unit != sender).collect();
        }
        let first = *self.chance.pick(&recipients)?;
        let mut to = vec![(first, Basis::Consent)];
        let second = *self.chance.pick(&recipients)?;
        if second != first && self.chance.per_mille(250) {
            to.push((second, Basis::Consent));
        }
        let opened: Vec<Category> = consent.scope.categories().iter().copied().collect();
        let mut categories = BTreeSet::new();
        categories.extend(self.chance.pick(&opened).copied());
        if self.chance.per_mille(300) {
            categories.extend(self.chance.pick(&opened).copied());
        }
        if self.chance.per_mille(50) {
            categories.extend(self.chance.pick(&CATEGORIES).copied());
        }
        let matter = Matter {
            kind: *self.chance.pick(&KINDS)?,
            purpose: if self.chance.per_mille(30) {
                Purpose::FollowUp
            } else {
                Purpose::Sip
            },
            categories,
            subjects: [case].into(),
            recipients: to,
        };
        Some((sender, matter))
    }

    /// A concern report, about somebody or nobody that the hub knows.
    fn report(&mut self, now: Timestamp) -> Order {
        let reception = self.cast.reception();
        let senders: Vec<usize> = (0..self.cast.units.len()).filter(|unit| *unit != reception).collect();
        let sender = *self.chance.pick(&senders).unwrap();
        let own: Vec<IndividualId> = self
            .cases
            .iter()
            .filter(|case| case.unit == sender)
            .map(|case| case.id)
            .collect();
        let subjects = self.chance.pick(&own).copied().filter(|_| self.chance.per_mille(700));
        let matter = Matter {
            kind: Kind::ConcernReport,
            purpose: Purpose::AssessmentSupport,
            categories: [Category::HomeFamily].into(),
            subjects: subjects.into_iter().collect(),
            recipients: vec![(reception, Basis::Duty)],
        };
        let document = DocumentId::from_bytes(self.chance.bytes());
        let letter = self.cast.seal(sender, document, (matter, None), now, &self.randomness);
        Order::Send(Arc::new(letter))
    }

    fn on_provision(&mut self, now: Timestamp) -> Order {
        let provision = PROVISIONS[self.chance.below(2)];
        self.informing(provision, now)
    }

    fn informing(&mut self, (provision, sender, recipient): (&str, usize, usize), now: Timestamp) -> Order {
        let own: Vec<IndividualId> = self
            .cases
            .iter()
            .filter(|case| case.unit == sender)
            .map(|case| case.id)
            .collect();
        let basis = Basis::Provision {
            id: provision.to_owned(),
            reason: "behövs för nödvändigt stöd".to_owned(),
        };
        let matter = Matter {
            kind: Kind::Information,
            purpose: Purpose::AssessmentSupport,
            categories: [*self.chance.pick(&CATEGORIES).unwrap()].into(),
            subjects: self.chance.pick(&own).copied().into_iter().collect(),
            recipients: vec![(recipient, basis)],
        };
        let document = DocumentId::from_bytes(self.chance.bytes());
        let letter = self.cast.seal(sender, document, (matter, None), now, &self.randomness);
        Order::Send(Arc::new(letter))
    }

    /// Other bytes under an id that was used before.
    fn reuse(&mut self, now: Timestamp) -> Option<Order> {
        let sent = self.sent.len().checked_sub(1)?;
        let place = self.chance.below(sent + 1);
        let letter = self.sent[place].letter.clone();
        let again = (letter.matter.clone(), None);
        let other = self
            .cast
            .seal(letter.sender, letter.document, again, now, &self.randomness);
        Some(Order::Send(Arc::new(other)))
    }

    fn fetch(&mut self) -> Option<Order> {
        let all: Vec<(usize, DeliveryId)> = self
            .sent
            .iter()
            .flat_map(|sent| &sent.deliveries)
            .map(|delivery| (self.cast.place_of(delivery.recipient).unwrap(), delivery.id))
            .collect();
        let (unit, delivery) = *self.chance.pick(&all)?;
        let unit = if self.chance.per_mille(40) {
            self.chance.below(self.cast.units.len())
        } else {
            unit
        };
        Some(Order::Fetch { unit, delivery })
    }

    fn settle(&mut self, now: Timestamp) -> Option<Order> {
        let copy = *self.chance.pick(&self.copies)?;
        let accepts = self.chance.per_mille(700);
        Some(settling(copy, accepts, now))
    }

    fn sign(&mut self, in_portal: bool) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let place = self.chance.below(consent.signatories.len());
        if in_portal && let Signer::Person(person) = consent.signatories[place].signer {
            return Some(Order::PortalYes {
                person: self.cast.person_with(person)?,
                consent: consent.id,
            });
        }
        Some(Order::Yes {
            unit: self.cast.place_of(consent.requester)?,
            consent: consent.id,
            signatory: u32::try_from(place + 1).unwrap(),
        })
    }

    fn refuse(&mut self, in_portal: bool) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let place = self.chance.below(consent.signatories.len());
        if in_portal && let Signer::Person(person) = consent.signatories[place].signer {
            return Some(Order::PortalNo {
                person: self.cast.person_with(person)?,
                consent: consent.id,
            });
        }
        Some(Order::No {
            unit: self.cast.place_of(consent.requester)?,
            consent: consent.id,
            signatory: u32::try_from(place + 1).unwrap(),
        })
    }

    fn revoke(&mut self) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        Some(Order::Revoke {
            unit: self.cast.place_of(consent.requester)?,
            consent: consent.id,
        })
    }

    /// Somebody who was asked takes it back; now and then somebody who was not.
    fn take_back(&mut self) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let people: Vec<usize> = if self.chance.per_mille(100) {
            (0..self.cast.people.len()).collect()
        } else {
            consent
                .signatories
                .iter()
                .filter_map(|signatory| match signatory.signer {
                    Signer::Person(person) => self.cast.person_with(person),
                    Signer::Board(_) => None,
                })
                .collect()
        };
        Some(Order::PortalBack {
            person: *self.chance.pick(&people)?,
            consent: consent.id,
        })
    }

    fn narrow(&mut self, now: Timestamp) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        if self.chance.per_mille(250) {
            let days = i32::try_from(self.chance.below(20) + 1).unwrap();
            return Some(Order::Narrow {
                unit: self.cast.place_of(consent.requester)?,
                consent: consent.id,
                more: Exclusions::default(),
                until: Some(now + DAY * days),
            });
        }
        Some(self.narrowing(&consent))
    }

    fn accept(&mut self) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let sources: Vec<_> = consent.scope.sources().iter().copied().collect();
        let unit = self.chance.pick(&sources)?;
        Some(Order::Accept {
            unit: self.cast.place_of(*unit)?,
            consent: consent.id,
        })
    }

    fn ask(&mut self, now: Timestamp) -> Order {
        let case = *self.chance.pick(&self.cases).unwrap();
        let mut units = BTreeSet::from([case.unit]);
        for _ in 0..3 {
            units.insert(self.chance.below(self.cast.units.len()));
        }
        let units: BTreeSet<_> = units.into_iter().map(|place| self.cast.units[place].id).collect();
        let mut categories = BTreeSet::new();
        for _ in 0..2 {
            categories.extend(self.chance.pick(&CATEGORIES).copied());
        }
        let circle = self.chance.per_mille(600);
        let days = i32::try_from(self.chance.below(60) + 1).unwrap();
        let begins = if self.chance.per_mille(100) { now + DAY } else { now };
        let requester = self.cast.units[case.unit].id;
        let scope = Scope::parse(ScopeParts {
            sources: if circle { units.clone() } else { [requester].into() },
            recipients: units,
            direction: if circle { Direction::Circle } else { Direction::OneWay },
            categories,
            kinds: KINDS.into(),
            purpose: Purpose::Sip,
            acts: [Act::Share, Act::Plan].into(),
            period: Period {
                from: begins,
                until: begins + DAY * days,
            },
            exclusions: Exclusions::default(),
        });
        let former = self
            .consents
            .iter()
            .filter(|(one, about)| *about == case.id && one.requester == requester)
            .map(|(one, _)| one.id)
            .last();
        Order::Ask {
            unit: case.unit,
            case: case.id,
            scope: scope.unwrap(),
            supersedes: former.filter(|_| self.chance.per_mille(500)),
        }
    }

    fn custody(&mut self, now: Timestamp) -> Order {
        let child = self.chance.below(self.guardians.len());
        self.custody_of(child, now)
    }

    /// The register read again: mostly the same guardians, sometimes others.
    fn custody_of(&mut self, child: usize, now: Timestamp) -> Order {
        let adults = self.cast.people.len() - self.guardians.len();
        let mut guardians = self.guardians[child].clone();
        match self.chance.below(5) {
            0 => {
                let other = self.guardians.len() + self.chance.below(adults);
                if !guardians.contains(&other) {
                    guardians.push(other);
                }
            }
            1 if guardians.len() > 1 => {
                guardians.pop();
            }
            2 => guardians = vec![self.guardians.len() + self.chance.below(adults)],
            _ => {}
        }
        self.guardians[child] = guardians.clone();
        Order::Custody {
            child,
            guardians,
            checked_at: now,
        }
    }

    fn find(&mut self, now: Timestamp) -> Order {
        let case = *self.chance.pick(&self.cases).unwrap();
        let days = DAY * i32::try_from(self.chance.below(40) + 1).unwrap();
        let guardian = self.chance.pick(&self.guardians[case.child]).copied();
        let finding = match (self.chance.below(4), guardian) {
            (0, Some(guardian)) => Finding::Risk {
                guardian,
                categories: [*self.chance.pick(&CATEGORIES).unwrap()].into(),
                review: now + days,
            },
            (1, Some(guardian)) => Finding::Hindrance {
                guardian,
                until: now + days,
            },
            _ => Finding::Maturity {
                maturity: *self.chance.pick(Maturity::ALL).unwrap(),
                from: now,
                until: now + days,
            },
        };
        Order::Find {
            unit: case.unit,
            case: case.id,
            finding,
        }
    }

    fn attest(&mut self) -> Option<Order> {
        let (fact, unit) = *self.chance.pick(&self.facts)?;
        Some(Order::Attest { unit, fact })
    }

    fn switch(&mut self) -> Order {
        let (provision, _, _) = PROVISIONS[self.chance.below(2)];
        Order::Switch {
            provision,
            on: self.chance.per_mille(700),
        }
    }

    fn check(&mut self) -> Order {
        let (consent, case) = self.open_consent().unwrap();
        self.check_on(&consent, case)
    }

    fn check_on(&mut self, consent: &Consent, case: IndividualId) -> Order {
        let (unit, matter) = self.matter_on(consent, case).unwrap();
        Order::Check { unit, matter }
    }

    fn inbox(&mut self) -> Order {
        let unit = self.chance.below(self.cursors.len());
        Order::Inbox {
            unit,
            after: self.cursors[unit],
        }
    }

    fn follow(&mut self) -> Option<Order> {
        let place = self.sent.len().checked_sub(1)?;
        let sent = &self.sent[self.chance.below(place + 1)];
        Some(Order::Follow {
            unit: sent.letter.sender,
            document: sent.letter.document,
        })
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
