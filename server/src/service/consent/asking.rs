//! Asking for a consent: who must be asked, whether anybody can be, and how often.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::consent::{Consent, InvalidTransition, Signatory, Signer, State};
use samrum_consent::decide::{Decision, Verdict};
use samrum_consent::fact::Individual;
use samrum_consent::guardian::asked;
use samrum_consent::id::{ConsentId, IndividualId, UnitId};
use samrum_consent::reason::Reason;
use samrum_consent::scope::Scope;
use samrum_consent::vocabulary::Category;
use samrum_proto::convert::Problem;

use super::{Actor, ConsentView};
use crate::ledger::{ActingRecord, By, Concerned, Event, Matter};
use crate::service::individual::answer;
use crate::service::{Acting, Hub, Idempotency, Recorded, Result, ServiceError};
use crate::store::{Change, ConsentRecord, Expect, SubjectRecord, Write};

/// Requests of one unit about one person that may wait for an answer: nobody is asked the same thing over
/// and over.
pub const MAX_OPEN_REQUESTS: usize = 10;

/// What a unit asks for.
#[derive(Debug, Clone)]
pub struct ConsentRequest {
    /// About whom.
    pub individual: IndividualId,
    /// What it opens.
    pub scope: Scope,
    /// The consent whose place it takes once it is in force.
    pub supersedes: Option<ConsentId>,
}

impl Hub {
    /// Asks everyone who must sign.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an individual the unit may not know; a refusal when nobody's yes would
    /// suffice (custody unverified, maturity unassessed); an invalid scope; a former consent that is not this
    /// unit's about this individual, or has ended.
    pub async fn request_consent(
        &self,
        unit: UnitId,
        key: Idempotency,
        asking: ConsentRequest,
        acting: &Acting,
    ) -> Result<(ConsentView, Recorded)> {
        if let Some(before) = self.consent_before(unit, key).await? {
            return Ok(before);
        }
        let (individual, scope, supersedes) = (asking.individual, asking.scope, asking.supersedes);
        let caller = format!("unit:{unit}");
        self.judge_scope(unit, &scope).await?;
        let subject = self.known_subject(unit, individual).await?;
        self.judge_former(unit, individual, supersedes).await?;
        let now = self.store.now().await?;
        refuse_pestering(unit, &subject, now)?;
        if scope.period().until <= now {
            return Err(Problem::Other("must be in the future")
                .of("scope.valid_until")
                .into());
        }
        let acting = self.acting(unit, acting, now).await?;
        let person = &subject.subject.individual;
        let opened: BTreeSet<Category> = scope.opens().collect();
        let required = match asked(person, (unit, scope.purpose()), &opened, &self.law.policy, now) {
            Ok(required) => required,
            Err(reason) => {
                return Err(self
                    .nobody_can_sign((unit, acting), &subject, reason, now)
                    .await?);
            }
        };
        let consent = Consent {
            id: self.mint(now)?,
            individual: person.person,
            requester: unit,
            scope,
            state: State::Requested,
            signatories: unanswered(&required, person),
            accepted_by: BTreeSet::new(),
            requested_at: now,
            revision: 1,
        };
        let record = ConsentRecord {
            consent,
            individual,
            supersedes,
        };
        let mut details = self.consent_entry(
            &record,
            &Actor::Unit(unit, Some(acting)),
            ("REQUESTED", None),
            now,
        )?;
        let former = supersedes.map(|former| ("supersedes".to_owned(), former.to_string()));
        details.named.extend(former);
        // Until it is in force only the requester knows of it.
        let concerned = Concerned {
            units: vec![unit],
            people: vec![person.person],
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        let made = *record.consent.id.as_bytes();
        let change = Change {
            expects: vec![Expect::Person(person.person, subject.person_revision)],
            writes: vec![
                Write::NewConsent(record.clone()),
                answer(&caller, key, entry.id, made, now),
            ],
            entries: vec![entry],
        };
        let (recorded, _) = self.commit(change).await?;
        Ok((self.view(record).await?, recorded))
    }

    /// The refusal of a request for which nobody's yes would suffice.
    async fn nobody_can_sign(
        &self,
        (unit, acting): (UnitId, ActingRecord),
        subject: &SubjectRecord,
        reason: Reason,
        now: Timestamp,
    ) -> Result<ServiceError> {
        let decision = Decision {
            verdicts: vec![Verdict::denied(unit, reason)],
        };
        let mut details = self.details(Event::Consent, By::Unit(unit.to_string()), Some(acting), now)?;
        details.matter = Some(Matter {
            subjects: vec![subject.subject.id.to_string()],
            ..Matter::default()
        });
        details.verdicts = decision.verdicts.iter().map(Into::into).collect();
        self.refuse(
            &details,
            &decision,
            vec![unit],
            vec![subject.subject.individual.person],
        )
        .await
    }

    /// Everything that is recorded of an individual whom the unit may know.
    pub(in crate::service) async fn known_subject(
        &self,
        unit: UnitId,
        individual: IndividualId,
    ) -> Result<SubjectRecord> {
        if !self.may_know(unit, individual).await? {
            return Err(ServiceError::NotFound);
        }
        let subject = self.store.subject(individual).await?;
        subject.ok_or(ServiceError::NotFound)
    }

    /// The consent whose place another takes: asked for by the same unit, about the same individual, not ended.
    async fn judge_former(
        &self,
        unit: UnitId,
        individual: IndividualId,
        former: Option<ConsentId>,
    ) -> Result<()> {
        let Some(former) = former else { return Ok(()) };
        let former = self.visible_consent(unit, former).await?;
        if former.consent.requester != unit || former.individual != individual {
            let problem = "is not a consent that this unit asked for about this individual";
            return Err(Problem::Other(problem).of("supersedes_consent_id").into());
        }
        if matches!(former.consent.state, State::Ended { .. }) {
            return Err(InvalidTransition::Ended.into());
        }
        Ok(())
    }

    /// Units must exist, and the requester must be one of them.
    async fn judge_scope(&self, requester: UnitId, scope: &Scope) -> Result<()> {
        if !scope.names(requester) {
            let problem = Problem::Other("the requesting unit must be a source or a recipient");
            return Err(problem.of("scope.source_unit_ids").into());
        }
        for unit in scope
            .sources()
            .iter()
            .chain(scope.recipients())
            .chain(&scope.exclusions().units)
        {
            self.known_unit(*unit).await?;
        }
        Ok(())
    }
}

/// A unit that has asked about somebody often enough waits for an answer.
fn refuse_pestering(unit: UnitId, subject: &SubjectRecord, now: Timestamp) -> Result<()> {
    let open = |consent: &&Consent| {
        consent.requester == unit && consent.state == State::Requested && consent.scope.period().until > now
    };
    if subject.subject.consents.iter().filter(open).count() < MAX_OPEN_REQUESTS {
        return Ok(());
    }
    Err(ServiceError::LimitExceeded {
        field: "individual_id",
        limit: MAX_OPEN_REQUESTS,
    })
}

/// Signatories in the order in which the register names the guardians; the individual and a board last.
fn unanswered(signers: &BTreeSet<Signer>, individual: &Individual) -> Vec<Signatory> {
    let guardians = individual
        .custody
        .as_ref()
        .map(|custody| custody.guardians.as_slice())
        .unwrap_or_default();
    let mut signers: Vec<Signer> = signers.iter().copied().collect();
    signers.sort_by_key(|signer| {
        guardians
            .iter()
            .position(|guardian| Signer::Person(*guardian) == *signer)
            .unwrap_or(usize::MAX)
    });
    let unsigned = |signer| Signatory {
        signer,
        signature: None,
    };
    signers.into_iter().map(unsigned).collect()
}
