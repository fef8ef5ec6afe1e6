//! Sends and fetches on consents that are given and taken back meanwhile, on any hub.
//!
//! A cell is one child after another with a few consents, one after another; in each, some callers send and fetch
//! without pause while a guardian takes the consent back. Many cells run at once.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::join_all;
use samrum_consent::id::IndividualId;
use samrum_proto::envelope::Recipient;
use samrum_proto::statement::Answer;
use samrum_proto::wire::exchange::v1::{DeliveryState, FetchDocumentResponse, SendDocumentResponse};
use samrum_proto::wire::ledger::v1::Ticket;
use samrum_tests::{Chance, GUARDIANS, Letter, Story, invented_number_born, new_id, reason};
use tokio::time::sleep;
use tonic::{Code, Status};

use crate::history::{History, Nth};
use crate::nodes::{Answered, Nodes};

/// Callers at once in each cell.
const CALLERS: usize = 4;
/// What each of them still asks after the no was answered.
const AFTERWARDS: usize = 2;
/// Answers after which the consent is taken back: from the first to both together, drawn.
const FEWEST: usize = 12;
const SPREAD: usize = 24;
/// Consents of one child, one after another.
const CONSENTS_PER_CHILD: usize = 6;
/// One in so many operations is a send, once there is something to fetch.
const SENDS: usize = 6;
/// One in so many sends is sent to two hubs at once.
const TWINS: usize = 6;
/// One in so many fetches is of anything that the child's consents ever permitted.
const OLD: usize = 10;
/// One in so many permitted fetches is answered by its reader, in two ways at once.
const SETTLED: usize = 12;
/// How long the guardian waits before she looks again.
const LOOK: Duration = Duration::from_millis(2);

/// What all cells know.
pub(crate) struct Load<'a> {
    pub(crate) nodes: &'a Nodes,
    pub(crate) history: History,
    /// Whether no new round begins.
    pub(crate) is_over: AtomicBool,
    recipients: Vec<Recipient>,
    /// The document of every delivery that a sender was told of.
    pub(crate) sent: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
    /// How a delivery ended, as its reader was told.
    pub(crate) settled: Mutex<HashMap<Vec<u8>, DeliveryState>>,
    /// Documents with two effects, deliveries with two ends.
    pub(crate) duplicated: AtomicUsize,
}

/// A child, with what was sent about it.
struct Child {
    id: IndividualId,
    deliveries: Mutex<Vec<(Vec<u8>, Nth)>>,
}

/// The life of one consent.
struct Round<'a> {
    child: &'a Child,
    nth: Nth,
    answers: AtomicUsize,
    is_revoked: AtomicBool,
}

impl<'a> Load<'a> {
    /// Nothing asked yet.
    pub(crate) async fn new(nodes: &'a Nodes) -> Self {
        let story = &nodes.story;
        let to = [&story.psychiatry];
        let note = Letter::note(&story.child, &to);
        Self {
            nodes,
            history: History::default(),
            is_over: AtomicBool::new(false),
            recipients: story.social.recipients(&story.social, &note).await,
            sent: Mutex::default(),
            settled: Mutex::default(),
            duplicated: AtomicUsize::new(0),
        }
    }

    fn story(&self) -> &Story {
        &self.nodes.story
    }

    /// One child after another until it is over.
    pub(crate) async fn cell(&self, number: usize, mut chance: Chance) {
        for nth in 0.. {
            let child = self.child((number, nth), &mut chance).await;
            for _ in 0..CONSENTS_PER_CHILD {
                if self.is_over.load(Ordering::Relaxed) {
                    return;
                }
                self.round(&child, &mut chance).await;
            }
        }
    }

    /// A child with one guardian, in social services' case. Every cell has its own day of birth.
    async fn child(&self, (cell, nth): (usize, usize), chance: &mut Chance) -> Child {
        let [cell, nth] = [cell, nth].map(|number| u32::try_from(number).unwrap());
        let born = (2015 + nth / 240 % 4, 1 + nth / 20 % 12, 1 + cell % 28);
        let number = invented_number_born(born, nth % 20);
        let named = (number.as_str(), "Sam Exempel");
        let represented = self.story().operator.representing(named, &GUARDIANS[..1]);
        self.nodes
            .must(&self.history, chance, |node| {
                let (mut client, request) = (node.operator.individuals(), represented.clone());
                async move { client.set_representation(request).await }
            })
            .await;
        let request = self.story().social.registering(named);
        let (answer, _) = self
            .nodes
            .must(&self.history, chance, |node| {
                let (mut client, request) = (node.social.individuals(), request.clone());
                async move { client.register_individual(request).await }
            })
            .await;
        Child {
            id: IndividualId::try_from(answer.individual_id.as_slice()).unwrap(),
            deliveries: Mutex::default(),
        }
    }

    /// A consent from before it is asked for until after it was taken back.
    async fn round(&self, child: &Child, chance: &mut Chance) {
        let round = Round {
            child,
            nth: self.history.consent(),
            answers: AtomicUsize::new(0),
            is_revoked: AtomicBool::new(false),
        };
        self.send(&round, chance).await;
        let consent = self.give(&round, chance).await;
        let callers: Vec<Chance> = (0..CALLERS)
            .map(|_| Chance::from(chance.below(usize::MAX) as u64))
            .collect();
        let enough = FEWEST + chance.below(SPREAD);
        let calling = callers.into_iter().map(|chance| self.call(&round, chance));
        tokio::join!(
            join_all(calling),
            self.take_back(&round, &consent, enough, chance)
        );
    }

    /// Asks for a consent and writes down the guardian's yes.
    async fn give(&self, round: &Round<'_>, chance: &mut Chance) -> Vec<u8> {
        let story = self.story();
        let request = story.social.requesting(round.child.id.as_bytes(), story.scope());
        let asked = self
            .nodes
            .must(&self.history, chance, |node| {
                let (mut client, request) = (node.social.consents(), request.clone());
                async move { client.request_consent(request).await }
            })
            .await;
        let consent = asked.0.consent.unwrap().consent_id;
        let yes = story.social.recording(&consent, 1);
        let (_, interval) = self
            .nodes
            .must(&self.history, chance, |node| {
                let (mut client, request) = (node.social.consents(), yes.clone());
                async move { client.record_signature(request).await }
            })
            .await;
        self.history.granted(round.nth, interval);
        consent
    }

    /// The guardian takes it back after so many answers: the same as a revocation and as a no.
    async fn take_back(&self, round: &Round<'_>, consent: &[u8], enough: usize, chance: &mut Chance) {
        while round.answers.load(Ordering::Relaxed) < enough {
            sleep(LOOK).await;
        }
        let social = &self.story().social;
        let (ticket, interval): (Option<Ticket>, _) = if chance.below(2) == 0 {
            let request = social.revoking(consent);
            let call = self.nodes.must(&self.history, chance, |node| {
                let (mut client, request) = (node.social.consents(), request.clone());
                async move { client.revoke_consent(request).await }
            });
            let (answer, interval) = call.await;
            (answer.ticket, interval)
        } else {
            let request = social.declining(consent, 1);
            let call = self.nodes.must(&self.history, chance, |node| {
                let (mut client, request) = (node.social.consents(), request.clone());
                async move { client.decline_consent(request).await }
            });
            let (answer, interval) = call.await;
            (answer.ticket, interval)
        };
        self.history
            .revoked(round.nth, interval, ticket.unwrap().entry_id);
        round.is_revoked.store(true, Ordering::SeqCst);
    }

    /// Sends and fetches until a little after the no.
    async fn call(&self, round: &Round<'_>, mut chance: Chance) {
        let mut afterwards = 0;
        while afterwards < AFTERWARDS {
            if round.is_revoked.load(Ordering::SeqCst) {
                afterwards += 1;
            }
            match self.something_sent(round, &mut chance) {
                Some((delivery, nth)) if chance.below(SENDS) > 0 => {
                    self.fetch(&delivery, nth, &mut chance).await;
                }
                _ => self.send(round, &mut chance).await,
            }
            round.answers.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A delivery on this consent, or sometimes on any that the child ever had.
    fn something_sent(&self, round: &Round<'_>, chance: &mut Chance) -> Option<(Vec<u8>, Nth)> {
        let deliveries = round.child.deliveries.lock().unwrap();
        let any = chance.below(OLD) == 0;
        let from = deliveries.iter().position(|(_, nth)| any || *nth == round.nth)?;
        let of_it = &deliveries[from..];
        Some(of_it[chance.below(of_it.len())].clone())
    }

    /// Sends a note, sometimes to two hubs at once.
    async fn send(&self, round: &Round<'_>, chance: &mut Chance) {
        let (social, document) = (&self.story().social, new_id());
        let to = [&self.story().psychiatry];
        let note = Letter::note(&round.child.id, &to);
        let sealed = social.seal_to(&self.recipients, &document, &note);
        let request = social.sending(&document, sealed);
        let send = |mut chance: Chance| {
            let request = &request;
            async move {
                let call = self.nodes.ask(&self.history, &mut chance, |node| {
                    let (mut client, request) = (node.social.exchange(), request.clone());
                    async move { client.send_document(request).await }
                });
                call.await
            }
        };
        let mut seeds = (0..2).map(|_| Chance::from(chance.below(usize::MAX) as u64));
        let (first, twin) = (seeds.next().unwrap(), seeds.next().unwrap());
        if chance.below(TWINS) > 0 {
            self.sent(round, &document, send(first).await);
        } else {
            let (one, other) = tokio::join!(send(first), send(twin));
            self.sent(round, &document, one);
            self.sent(round, &document, other);
        }
    }

    fn sent(&self, round: &Round<'_>, document: &[u8], answered: Answered<SendDocumentResponse>) {
        match answered.outcome {
            Ok(sent) => {
                let delivery = sent.deliveries[0].delivery_id.clone();
                let entry = sent.ticket.unwrap().entry_id;
                self.history.operation(round.nth, answered.whole, Some(entry));
                let mut all = self.sent.lock().unwrap();
                let is_known = all.insert(delivery.clone(), document.to_vec()).is_some();
                if !is_known {
                    // The same document with another delivery: it was taken twice.
                    let mut deliveries = round.child.deliveries.lock().unwrap();
                    let of_it = |(one, _): &(Vec<u8>, Nth)| all.get(one).is_some_and(|its| its == document);
                    let twice = deliveries.iter().any(of_it);
                    self.duplicated.fetch_add(usize::from(twice), Ordering::Relaxed);
                    deliveries.push((delivery, round.nth));
                }
            }
            Err(status) => {
                if self.is_denial(&status) {
                    self.history.operation(round.nth, answered.whole, None);
                }
            }
        }
    }

    /// Fetches a delivery. A fetch that was not answered may have been permitted, but nothing was handed out: what
    /// counts began when the one began that was answered.
    async fn fetch(&self, delivery: &[u8], nth: Nth, chance: &mut Chance) {
        let answered = self
            .nodes
            .ask(&self.history, chance, |node| {
                let mut client = node.psychiatry.exchange();
                let request = self.story().psychiatry.fetching(delivery);
                async move { client.fetch_document(request).await }
            })
            .await;
        match answered.outcome {
            Ok(fetched) => {
                let entry = fetched.ticket.clone().unwrap().entry_id;
                self.history.operation(nth, answered.last, Some(entry));
                if chance.below(SETTLED) == 0 {
                    self.settle(delivery, &fetched, chance).await;
                }
            }
            Err(status) => {
                if self.is_denial(&status) {
                    self.history.operation(nth, answered.last, None);
                }
            }
        }
    }

    /// Acknowledges and rejects at once: one of the two is taken, on whatever hubs they are said.
    async fn settle(&self, delivery: &[u8], fetched: &FetchDocumentResponse, chance: &mut Chance) {
        let psychiatry = &self.story().psychiatry;
        let rejected = Answer::Rejected {
            reason: "Hör inte hit".to_owned(),
        };
        let [yes, no] = [Answer::Acknowledged, rejected]
            .map(|answer| psychiatry.answer(delivery, &fetched.header, answer));
        let yes = psychiatry.acknowledging(delivery, &yes);
        let no = psychiatry.rejecting(delivery, &no);
        let mut chances = [0, 0].map(|_| Chance::from(chance.below(usize::MAX) as u64));
        let [one, other] = &mut chances;
        let (yes, no) = tokio::join!(
            self.nodes.ask(&self.history, one, |node| {
                let (mut client, request) = (node.psychiatry.exchange(), yes.clone());
                async move { client.acknowledge_document(request).await }
            }),
            self.nodes.ask(&self.history, other, |node| {
                let (mut client, request) = (node.psychiatry.exchange(), no.clone());
                async move { client.reject_document(request).await }
            })
        );
        for refused in [yes.outcome.as_ref().err(), no.outcome.as_ref().err()] {
            if let Some(status) = refused.filter(|status| status.code() != Code::FailedPrecondition) {
                self.history.unexpected(format!("{status:?}"));
            }
        }
        let mut settled = self.settled.lock().unwrap();
        let told = [
            yes.outcome.is_ok().then_some(DeliveryState::Acknowledged),
            no.outcome.is_ok().then_some(DeliveryState::Rejected),
        ];
        for state in told.into_iter().flatten() {
            let before = settled.insert(delivery.to_vec(), state);
            let is_other = before.is_some_and(|before| before != state);
            self.duplicated
                .fetch_add(usize::from(is_other), Ordering::Relaxed);
        }
    }

    /// Whether it was decided so; anything else is no honest hub's answer.
    fn is_denial(&self, status: &Status) -> bool {
        let denied = status.code() == Code::PermissionDenied && reason(status) != "ROLE_NOT_ALLOWED";
        if !denied {
            self.history.unexpected(format!("{status:?}"));
        }
        denied
    }
}
