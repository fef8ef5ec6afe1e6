//! What follows when others must sign than those who were asked: they are asked, and what is complete by now comes
//! into force. Nobody answered anything; each step is the hub's own, with its entry.
//!
//! Domain, Consent 7: what needs a yes that nobody was asked for waits, and the yes is asked for. Whose it is, is
//! `consent`'s to judge.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::consent::{Consent, End, InvalidTransition, Signer, State};
use samrum_consent::decide::{Answer, Decision, Request, Verdict};
use samrum_consent::fact::Individual;
use samrum_consent::guardian::asked;
use samrum_consent::id::{ConsentId, PersonId, UnitId};
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Category, Purpose};

use super::{Actor, concerned};
use crate::service::{Hub, Result, ServiceError, anew};
use crate::store::{Change, ConsentRecord, Expect, NewEntry, Write};

/// Consents about one person that are looked at after one change.
const FOLLOWED_AT_ONCE: usize = 200;

/// What a change does besides its own step: what it expects, writes and tells.
pub(super) type Besides = (Vec<Expect>, Vec<Write>, Vec<NewEntry>);

/// Whose yes is wanted, for which sharing unit and purpose, in which categories.
struct Wanted {
    sender: UnitId,
    purpose: Purpose,
    categories: BTreeSet<Category>,
}

impl Hub {
    /// Asks, on every open consent about a person, whoever must sign now and was never asked; what everyone
    /// required has signed comes into force. What cannot be done now is done when somebody sends or fetches.
    pub(in crate::service) async fn follow(&self, person: PersonId) {
        if let Err(error) = self.follow_all(person).await {
            tracing::warn!(%error, "who must sign now is asked later");
        }
    }

    async fn follow_all(&self, person: PersonId) -> Result<()> {
        let now = self.store.now().await?;
        let all = self.store.consents_of(person).await?;
        let open = all.iter().rev().filter(|record| is_open(&record.consent, now));
        for record in open.take(FOLLOWED_AT_ONCE) {
            let id = record.consent.id;
            anew(|| self.follow_one(id)).await?;
        }
        Ok(())
    }

    /// The same for one consent, seen from the unit that asked for it.
    pub(super) async fn follow_one(&self, id: ConsentId) -> Result<()> {
        let record = self.store.consent(id).await?.ok_or(ServiceError::NotFound)?;
        let subject = self.store.subject(record.individual).await?;
        let subject = subject.ok_or(ServiceError::Damaged { what: "individual" })?;
        let now = self.store.now().await?;
        let individual = &subject.subject.individual;
        let (consent, policy) = (&record.consent, &self.law.policy);
        if !is_open(consent, now) {
            return Ok(());
        }
        let revision = subject.person_revision;
        if let Some(next) = consent.clone().reconsidered(individual, policy, now) {
            if self.former_was_refused(&record).await? {
                // Somebody has said no since to what this one was to replace: a fresh yes is needed, not a change of
                // who must sign.
                return Ok(());
            }
            return self.come_into_force(&record, next, revision, now).await;
        }
        if consent.is_complete(individual, policy, now) {
            return Ok(());
        }
        let wanted = Wanted {
            sender: consent.requester,
            purpose: consent.scope.purpose(),
            categories: consent.scope.opens().collect(),
        };
        self.ask(&record, (individual, revision), &wanted, now).await
    }

    /// Whether the consent whose place this one would take was taken back or answered with no.
    async fn former_was_refused(&self, record: &ConsentRecord) -> Result<bool> {
        let Some(former) = record.supersedes else {
            return Ok(false);
        };
        let former = self.store.consent(former).await?;
        let former = former.ok_or(ServiceError::Damaged { what: "consent" })?;
        let how = match former.consent.state {
            State::Ended { how, .. } => Some(how),
            State::Requested | State::Active { .. } => None,
        };
        Ok(matches!(how, Some(End::Revoked | End::Declined)))
    }

    /// Asks those whose yes a denial found missing because nobody ever asked them, on the newest consent that
    /// would carry each category.
    pub(in crate::service) async fn ask_never_asked(
        &self,
        sender: UnitId,
        request: &Request,
        decision: &Decision,
    ) {
        let missing = decision
            .verdicts
            .iter()
            .filter(|verdict| misses_somebody(verdict));
        for recipient in missing.map(|verdict| verdict.recipient) {
            if let Err(error) = self.ask_for(sender, recipient, request).await {
                tracing::warn!(%error, "somebody who must sign is asked later");
            }
        }
    }

    async fn ask_for(&self, sender: UnitId, recipient: UnitId, request: &Request) -> Result<()> {
        for subject in &request.subjects {
            if !self.may_know(sender, *subject).await? {
                continue;
            }
            let Some(individual) = self.store.individual(*subject).await? else {
                continue;
            };
            let now = self.store.now().await?;
            let consents = self.store.consents_of(individual.person).await?;
            let mut left = request.categories.clone();
            let would_carry = |record: &&ConsentRecord| {
                is_open(&record.consent, now) && carries(&record.consent, (sender, recipient), request)
            };
            for record in consents.iter().rev().filter(would_carry).take(FOLLOWED_AT_ONCE) {
                let opened: BTreeSet<Category> = record.consent.scope.opens().collect();
                let categories: BTreeSet<Category> = left.intersection(&opened).copied().collect();
                if categories.is_empty() {
                    continue;
                }
                left.retain(|category| !categories.contains(category));
                let wanted = Wanted {
                    sender,
                    purpose: request.purpose,
                    categories,
                };
                anew(|| self.ask_on(record.consent.id, &wanted)).await?;
            }
        }
        Ok(())
    }

    async fn ask_on(&self, id: ConsentId, wanted: &Wanted) -> Result<()> {
        let record = self.store.consent(id).await?.ok_or(ServiceError::NotFound)?;
        let subject = self.store.subject(record.individual).await?;
        let subject = subject.ok_or(ServiceError::Damaged { what: "individual" })?;
        let now = self.store.now().await?;
        if !is_open(&record.consent, now) {
            return Ok(());
        }
        let about = (&subject.subject.individual, subject.person_revision);
        self.ask(&record, about, wanted, now).await
    }

    /// Asks whoever's yes is wanted and was never asked for, if anybody's would do.
    async fn ask(
        &self,
        record: &ConsentRecord,
        (individual, revision): (&Individual, u64),
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<()> {
        let matter = (wanted.sender, wanted.purpose);
        let policy = &self.law.policy;
        let Ok(signers) = asked(individual, matter, &wanted.categories, policy, now) else {
            // Nobody's yes would do now: custody is checked or maturity assessed first.
            return Ok(());
        };
        let consent = &record.consent;
        let is_new = |signer: &&Signer| consent.number_of(**signer).is_none();
        let new: BTreeSet<Signer> = signers.iter().filter(is_new).copied().collect();
        if new.is_empty() {
            return Ok(());
        }
        let next = match consent.clone().ask(&new) {
            Err(InvalidTransition::TooMany) => {
                tracing::warn!(consent = %consent.id, "a consent asks as many as it may; a new one is needed");
                return Ok(());
            }
            next => next?,
        };
        let mut numbers: Vec<u32> = new.iter().filter_map(|signer| next.number_of(*signer)).collect();
        numbers.sort_unstable();
        let after = ConsentRecord {
            consent: next,
            ..*record
        };
        let mut details = self.consent_entry(&after, &Actor::Hub, ("ASKED", None), now)?;
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        details.named.insert("signatories".to_owned(), numbers.join(" "));
        let entry = self.entry(&details, concerned(&after.consent, &Actor::Hub))?;
        let change = Change {
            expects: expectations(record, revision),
            writes: vec![Write::Consent(after.consent)],
            entries: vec![entry],
        };
        let _ = self.commit(change).await?;
        Ok(())
    }

    /// Commits that a consent is in force because of what is recorded by now.
    async fn come_into_force(
        &self,
        record: &ConsentRecord,
        next: Consent,
        revision: u64,
        now: Timestamp,
    ) -> Result<()> {
        let after = ConsentRecord {
            consent: next,
            ..*record
        };
        let details = self.consent_entry(&after, &Actor::Hub, ("ACTIVE", None), now)?;
        let entry = self.entry(&details, concerned(&after.consent, &Actor::Hub))?;
        let (more, mut writes, entries) = self.succession(record, now).await?;
        writes.push(Write::Consent(after.consent));
        let change = Change {
            expects: [expectations(record, revision), more].concat(),
            writes,
            entries: [vec![entry], entries].concat(),
        };
        let _ = self.commit(change).await?;
        self.withhold_on_former(record).await;
        Ok(())
    }

    /// What ends when a consent comes into force: the one whose place it takes, if that has not ended.
    pub(super) async fn succession(&self, record: &ConsentRecord, now: Timestamp) -> Result<Besides> {
        let nothing = (Vec::new(), Vec::new(), Vec::new());
        let Some(former) = record.supersedes else {
            return Ok(nothing);
        };
        let former = self.store.consent(former).await?;
        let former = former.ok_or(ServiceError::Damaged { what: "consent" })?;
        let Ok(next) = former.consent.clone().supersede(now) else {
            return Ok(nothing);
        };
        let expect = Expect::Consent(former.consent.id, former.consent.revision);
        let after = ConsentRecord {
            consent: next,
            ..former
        };
        // Whoever is party to the former need not know the new one: it is not named here.
        let details = self.consent_entry(&after, &Actor::Hub, ("SUPERSEDED", None), now)?;
        let entry = self.entry(&details, concerned(&after.consent, &Actor::Hub))?;
        Ok((vec![expect], vec![Write::Consent(after.consent)], vec![entry]))
    }

    /// What rested on the consent whose place this one took is withheld; what is left, at its fetch.
    pub(super) async fn withhold_on_former(&self, record: &ConsentRecord) {
        let Some(former) = record.supersedes else {
            return;
        };
        if let Err(error) = self.withhold_on(former).await {
            tracing::warn!(%error, "what rested on a former consent is withheld later");
        }
    }
}

/// Whether it can still be answered.
fn is_open(consent: &Consent, now: Timestamp) -> bool {
    !matches!(consent.state, State::Ended { .. }) && now < consent.scope.period().until
}

/// Whether it would carry such a document between these two, had everyone signed.
fn carries(consent: &Consent, (sender, recipient): (UnitId, UnitId), request: &Request) -> bool {
    let scope = &consent.scope;
    let excluded = &scope.exclusions().units;
    consent.visible_to(sender)
        && scope.lets_send(sender)
        && scope.lets_receive(recipient)
        && !excluded.contains(&sender)
        && !excluded.contains(&recipient)
        && scope.kinds().contains(&request.kind)
        && scope.purpose() == request.purpose
}

/// Whether a yes is missing for which nobody was asked.
fn misses_somebody(verdict: &Verdict) -> bool {
    match &verdict.answer {
        Answer::Deny(reasons) => reasons
            .iter()
            .any(|reason| matches!(reason, Reason::SignatureMissing { signatory: 0, .. })),
        Answer::Permit(_) => false,
    }
}

fn expectations(record: &ConsentRecord, person_revision: u64) -> Vec<Expect> {
    vec![
        Expect::Consent(record.consent.id, record.consent.revision),
        Expect::Person(record.consent.individual, person_revision),
    ]
}
