//! The life of a consent: asked for, signed, declined, narrowed, revoked; and what that does to documents
//! that wait. A change that reduces permission withholds in the same transaction: it bites at once.

mod accepting;
mod asking;
mod ending;
mod following;

pub use asking::{ConsentRequest, MAX_OPEN_REQUESTS};

use std::collections::BTreeSet;

use jiff::Timestamp;
use prost::Message as _;
use ring::digest::{SHA256, digest};
use samrum_consent::consent::{Consent, Evidence, Signature, Signer, State};
use samrum_consent::guardian::{asked, capacity};
use samrum_consent::id::{ConsentId, IndividualId, PersonId, UnitId};
use samrum_consent::scope::Exclusions;
use samrum_consent::vocabulary::{Capacity, Category};
use samrum_proto::convert::{Problem, scope_to_wire};

use super::individual::answer;
use super::{Acting, Hub, Idempotency, Page, Recorded, Result, ServiceError};
use crate::ledger::{ActingRecord, By, Concerned, ConsentStep, Details, Event, Matter};
use crate::store::{Change, ConsentRecord, Expect, Write};

/// Who does something to a consent.
#[derive(Debug, Clone)]
pub(super) enum Actor {
    /// A unit, for the person; and the professional there, but where a no was taken without a key to name them by.
    Unit(UnitId, Option<ActingRecord>),
    /// The person, in the portal.
    Person(PersonId),
    /// The hub itself: what is recorded has changed.
    Hub,
}

/// What a unit records about one person's answer.
#[derive(Debug, Clone)]
pub enum Recording {
    /// A yes with its evidence.
    Yes(Evidence),
    /// A no.
    No,
}

/// A consent with who must sign it now.
#[derive(Debug, Clone)]
pub struct ConsentView {
    /// The consent and its case.
    pub record: ConsentRecord,
    /// Whose yes may count now, seen from the unit that asked; empty when nobody's would suffice.
    pub required: BTreeSet<Signer>,
    /// Whose yes is recorded and needed by a unit that may send under it, whatever the unit that asked has found.
    pub carrying: BTreeSet<Signer>,
    /// In which capacity each signatory signs, in the order of their numbers.
    pub capacities: Vec<Capacity>,
    /// Whether everyone needed now has signed for every category that it opens.
    pub complete: bool,
}

impl ConsentView {
    /// Whether this one may end or narrow it: the individual; whoever is required now; whoever's own yes still carries it
    /// for another unit than the one that asked. A former guardian may not. Where nobody can be required (custody
    /// unverified or outdated), everyone who was asked may: a no is never kept waiting by a missing fact.
    ///
    /// Source: domain, Consent 6.
    #[must_use]
    pub fn may_end(&self, signer: Signer) -> bool {
        let consent = &self.record.consent;
        Signer::Person(consent.individual) == signer
            || self.required.contains(&signer)
            || self.carrying.contains(&signer)
            || (self.required.is_empty() && consent.number_of(signer).is_some())
    }
}

/// A page of consents with the token of the next.
pub type Consents = (Vec<ConsentView>, Vec<u8>);

impl Hub {
    /// Records one person's answer, given on paper or orally.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a consent the unit may not know; what its life does not allow.
    pub async fn record_answer(
        &self,
        unit: UnitId,
        key: Idempotency,
        (consent, signatory): (ConsentId, u32),
        recording: Recording,
        acting: &Acting,
    ) -> Result<(ConsentView, Recorded)> {
        if let Some(before) = self.consent_before(unit, key).await? {
            return Ok(before);
        }
        let caller = format!("unit:{unit}");
        let now = self.store.now().await?;
        let record = self.visible_consent(unit, consent).await?;
        let acting = match &recording {
            Recording::Yes(_) => Some(self.acting(unit, acting, now).await?),
            Recording::No => self.acting_for_a_no(unit, acting, now).await?,
        };
        let signer = record
            .consent
            .signatory(signatory)
            .map(|signatory| signatory.signer);
        let signer =
            signer.ok_or_else(|| Problem::Other("is not a number of this consent").of("signatory"))?;
        self.refuse_other_boards(unit, signer).await?;
        if matches!(signer, Signer::Person(_)) && !record.consent.visible_to(unit) {
            // A board's unit that is no party knows of its board's answer, and writes down nobody else's.
            return Err(ServiceError::NotFound);
        }
        let actor = Actor::Unit(unit, acting);
        let stored = |entry| answer(&caller, key, entry, *consent.as_bytes(), now);
        let recorded = match recording {
            Recording::Yes(evidence) => {
                self.sign(&record, signer, evidence, &actor, now, Some(&stored))
                    .await
            }
            Recording::No => self.decline(&record, signer, &actor, now, Some(&stored)).await,
        };
        self.stepped((unit, key), consent, recorded).await
    }

    /// Removes from the scope what is no longer wanted. Anyone who may revoke may narrow.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; what its life or scope does not allow.
    pub async fn narrow_consent(
        &self,
        unit: UnitId,
        key: Idempotency,
        (consent, more, until): (ConsentId, Exclusions, Option<Timestamp>),
        acting: &Acting,
    ) -> Result<(ConsentView, Recorded)> {
        if let Some(before) = self.consent_before(unit, key).await? {
            return Ok(before);
        }
        let caller = format!("unit:{unit}");
        let now = self.store.now().await?;
        let record = self.visible_consent(unit, consent).await?;
        // What narrows a consent that is still asked for may bring it into force: that is a yes too.
        let acting = match record.consent.state {
            State::Active { .. } => self.acting_for_a_no(unit, acting, now).await?,
            _ => Some(self.acting(unit, acting, now).await?),
        };
        let stored = |entry| answer(&caller, key, entry, *consent.as_bytes(), now);
        let actor = Actor::Unit(unit, acting);
        let recorded = match record.consent.clone().narrow(&more, until) {
            Ok(next) => {
                self.reduce(&record, next, &actor, ("NARROWED", None), now, Some(&stored))
                    .await
            }
            Err(refused) => Err(refused.into()),
        };
        if recorded.is_ok() {
            // What nobody signs for any more may have been all that was missing.
            self.follow(record.consent.individual).await;
        }
        self.stepped((unit, key), consent, recorded).await
    }

    /// Ends a consent at the person's word. After the answer no node releases anything on it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Transition`] when it has ended.
    pub async fn revoke_consent(
        &self,
        unit: UnitId,
        key: Idempotency,
        consent: ConsentId,
        acting: &Acting,
    ) -> Result<(ConsentView, Recorded)> {
        if let Some(before) = self.consent_before(unit, key).await? {
            return Ok(before);
        }
        let caller = format!("unit:{unit}");
        let now = self.store.now().await?;
        let record = self.visible_consent(unit, consent).await?;
        let acting = self.acting_for_a_no(unit, acting, now).await?;
        let stored = |entry| answer(&caller, key, entry, *consent.as_bytes(), now);
        let recorded = self
            .revoke(&record, &Actor::Unit(unit, acting), now, Some(&stored))
            .await;
        self.stepped((unit, key), consent, recorded).await
    }

    /// One consent, to those who may know of it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn consent(&self, unit: UnitId, id: ConsentId) -> Result<ConsentView> {
        let record = self.visible_consent(unit, id).await?;
        self.view(record).await
    }

    /// The consents about one individual that the unit may know of, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the unit may not know of the individual.
    pub async fn consents(&self, unit: UnitId, individual: IndividualId, page: &Page) -> Result<Consents> {
        let limit = page.limit()? as usize;
        if !self.may_know(unit, individual).await? {
            return Err(ServiceError::NotFound);
        }
        let list = format!("consents:{unit}:{individual}");
        let after = self.page_key.open(&list, &page.token)?;
        let all = self.store.consents_about(individual).await?;
        let mut visible = all.into_iter().filter(|record| record.consent.visible_to(unit));
        if let Some(after) = after {
            // Ids are time-ordered like the list: go on behind the last one seen.
            visible
                .by_ref()
                .find(|record| record.consent.id.as_bytes().as_slice() == after);
        }
        let mut views = Vec::new();
        for record in visible.by_ref().take(limit) {
            views.push(self.view(record).await?);
        }
        let next = match (views.last(), visible.next()) {
            (Some(last), Some(_)) => {
                self.page_key
                    .seal(&list, last.record.consent.id.as_bytes(), &*self.randomness)?
            }
            _ => Vec::new(),
        };
        Ok((views, next))
    }

    /// The consent after a step in its life. A step that its life did not allow may have been taken by the same request,
    /// sent twice and looked at while the first was being written: then that one's answer is given.
    async fn stepped(
        &self,
        (unit, key): (UnitId, Idempotency),
        consent: ConsentId,
        recorded: Result<Recorded>,
    ) -> Result<(ConsentView, Recorded)> {
        match recorded {
            Err(refused @ ServiceError::Transition(_)) => {
                self.consent_before(unit, key).await?.ok_or(refused)
            }
            Err(error) => Err(error),
            Ok(recorded) => Ok((self.consent(unit, consent).await?, recorded)),
        }
    }

    /// The answer to the same request made before.
    async fn consent_before(
        &self,
        unit: UnitId,
        key: Idempotency,
    ) -> Result<Option<(ConsentView, Recorded)>> {
        let before = self
            .answer_before::<ConsentId>(&format!("unit:{unit}"), key)
            .await?;
        let Some((entry, consent)) = before else {
            return Ok(None);
        };
        Ok(Some((
            self.consent(unit, consent).await?,
            self.recorded_before(entry).await?,
        )))
    }

    /// A consent with who must sign it now.
    pub(super) async fn view(&self, record: ConsentRecord) -> Result<ConsentView> {
        let individual = self.store.facts_about(record.individual).await?;
        let individual = &individual.ok_or(ServiceError::Damaged { what: "individual" })?;
        let now = self.store.now().await?;
        let consent = &record.consent;
        let matter = (consent.requester, consent.scope.purpose());
        let opened: BTreeSet<Category> = consent.scope.opens().collect();
        Ok(ConsentView {
            required: asked(individual, matter, &opened, &self.law.policy, now).unwrap_or_default(),
            carrying: consent
                .scope
                .sources()
                .union(consent.scope.recipients())
                .filter(|unit| consent.scope.lets_send(**unit))
                .flat_map(|sender| opened.iter().map(|category| (*sender, *category)))
                .filter_map(|(sender, category)| {
                    let matter = (sender, consent.scope.purpose());
                    asked(individual, matter, &[category].into(), &self.law.policy, now).ok()
                })
                .flatten()
                .filter(|signer| consent.has_signed(*signer))
                .collect(),
            capacities: consent
                .signatories
                .iter()
                .map(|signatory| capacity(individual, signatory.signer, now))
                .collect(),
            complete: consent.is_complete(individual, &self.law.policy, now),
            record,
        })
    }

    /// Records a yes. It becomes active when everyone required now has signed.
    pub(super) async fn sign(
        &self,
        record: &ConsentRecord,
        signer: Signer,
        evidence: Evidence,
        actor: &Actor,
        now: Timestamp,
        stored: Option<&(dyn Fn(samrum_consent::id::EntryId) -> Write + Sync)>,
    ) -> Result<Recorded> {
        let subject = self.store.subject(record.individual).await?;
        let subject = subject.ok_or(ServiceError::Damaged { what: "individual" })?;
        let signature = Signature { evidence, at: now };
        let individual = &subject.subject.individual;
        let next = record
            .consent
            .clone()
            .sign(signer, signature, individual, &self.law.policy)?;
        let became_active = record.consent.state == State::Requested && next.state != State::Requested;
        let step = if became_active { "ACTIVE" } else { "SIGNED" };
        let number = next.number_of(signer);
        let next = ConsentRecord {
            consent: next,
            ..*record
        };
        let details = self.consent_entry(&next, actor, (step, number), now)?;
        let entry = self.entry(&details, concerned(&next.consent, actor))?;
        let (more, mut writes, entries) = if became_active {
            self.succession(record, now).await?
        } else {
            following::Besides::default()
        };
        writes.push(Write::Consent(next.consent));
        writes.extend(stored.map(|stored| stored(entry.id)));
        let own = vec![
            Expect::Consent(record.consent.id, record.consent.revision),
            Expect::Person(record.consent.individual, subject.person_revision),
        ];
        let change = Change {
            expects: [own, more].concat(),
            writes,
            entries: [vec![entry], entries].concat(),
        };
        let (recorded, _) = self.commit(change).await?;
        if became_active {
            self.withhold_on_former(record).await;
        }
        Ok(recorded)
    }

    /// A board's answer is recorded by one of its own units.
    async fn refuse_other_boards(&self, unit: UnitId, signer: Signer) -> Result<()> {
        let Signer::Board(board) = signer else {
            return Ok(());
        };
        if self.known_unit(unit).await?.unit.authority == board {
            Ok(())
        } else {
            Err(ServiceError::StateConflict(
                "the board's answer is recorded by one of the board's own units",
            ))
        }
    }

    /// A consent that the unit may know of: as a party, or because its own board is asked (LVU 11 §).
    async fn visible_consent(&self, unit: UnitId, id: ConsentId) -> Result<ConsentRecord> {
        let record = self.store.consent(id).await?.ok_or(ServiceError::NotFound)?;
        if record.consent.visible_to(unit) {
            return Ok(record);
        }
        let board = Signer::Board(self.known_unit(unit).await?.unit.authority);
        let is_asked = record.consent.number_of(board).is_some();
        is_asked.then_some(record).ok_or(ServiceError::NotFound)
    }

    /// What the ledger says of a step in a consent's life.
    fn consent_entry(
        &self,
        record: &ConsentRecord,
        actor: &Actor,
        (step, signatory): (&str, Option<u32>),
        now: Timestamp,
    ) -> Result<Details> {
        let consent = &record.consent;
        let (by, acting) = match actor {
            Actor::Unit(unit, acting) => (By::Unit(unit.to_string()), acting.clone()),
            Actor::Person(person) => (By::Person(consent.number_of(*person).unwrap_or(0)), None),
            Actor::Hub => (By::Hub, None),
        };
        let mut details = self.details(Event::Consent, by, acting, now)?;
        details.matter = Some(Matter {
            subjects: vec![record.individual.to_string()],
            ..Matter::default()
        });
        let scope = scope_to_wire(&consent.scope).encode_to_vec();
        details.consent = Some(ConsentStep {
            id: consent.id.to_string(),
            revision: consent.revision,
            step: step.to_owned(),
            signatory,
            evidence: signatory.and_then(|number| evidence_digest(consent, number)),
            scope: hex::encode(digest(&SHA256, &scope)),
        });
        Ok(details)
    }
}

/// Whom a step concerns: those who may know of the consent by then.
fn concerned(consent: &Consent, actor: &Actor) -> Concerned {
    let named = consent
        .scope
        .sources()
        .iter()
        .chain(consent.scope.recipients())
        .copied();
    let mut units: Vec<UnitId> = named.filter(|unit| consent.visible_to(*unit)).collect();
    units.push(consent.requester);
    if let Actor::Unit(unit, _) = actor {
        units.push(*unit);
    }
    units.sort_unstable();
    units.dedup();
    Concerned {
        units,
        people: vec![consent.individual],
        ..Concerned::default()
    }
}

/// SHA-256 of the statement shown or the form scanned, in hexadecimal.
pub(super) fn evidence_digest(consent: &Consent, number: u32) -> Option<String> {
    match &consent.signatory(number)?.signature.as_ref()?.evidence {
        Evidence::Portal { statement_sha256, .. } => Some(hex::encode(statement_sha256)),
        Evidence::Paper { scan_sha256, .. } => Some(hex::encode(scan_sha256)),
        Evidence::Oral { .. } => None,
    }
}
