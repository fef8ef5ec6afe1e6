//! The one admission: load every fact a decision reads, decide, and say what must still be so at commit.
//!
//! Asking, sending and releasing all come through here; nothing else calls `decide`.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use samrum_consent::decide::{Answer, Decision, Ground, Request, Verdict, decide};
use samrum_consent::fact::{FactUsed, Facts};
use samrum_consent::id::{DocumentId, EntryId, IndividualId, PersonId, UnitId};
use samrum_consent::law::{Law, Role};
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::Kind;
use samrum_proto::canonical::Raw;
use samrum_proto::envelope::Header;

use super::memory::{KnownUnit, Reading};
use super::{Hub, Result, ServiceError};
use crate::ledger::{ActingRecord, By, Concerned, Details, Event, Matter, VerdictRecord};
use crate::store::{Change, Expect, SubjectRecord, UnitRecord};

/// The role of nobody: when a waiting document is judged, nobody acts for its sender, and what depended on the
/// professional's role was judged at sending.
pub(super) const NOBODY: &str = "";

/// Documents of other senders that are looked at under one id: ids are minted by their senders.
const REPORTS_UNDER_ONE_ID: u32 = 50;

/// A question with what it answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    /// What is asked.
    pub(super) request: &'a Request,
    /// The document that it would answer.
    pub(super) in_reply_to: Option<DocumentId>,
}

/// A decision with what it read.
#[derive(Debug)]
pub(super) struct Judged {
    /// The answer.
    pub(super) decision: Decision,
    /// What must still be so when its effect commits.
    pub(super) expects: Vec<Expect>,
    /// Whom it is about.
    pub(super) people: Vec<PersonId>,
    /// The subjects that the sender may know. What it names beyond them teaches nobody anything.
    pub(super) known_subjects: Vec<IndividualId>,
    /// The sender as it was read.
    pub(super) sender: Arc<KnownUnit>,
    /// The recipients as they were read, in the request's order.
    pub(super) recipients: Vec<Arc<KnownUnit>>,
}

impl Hub {
    /// Decides for a sender and the professional's role there, on the facts as they are now.
    pub(super) async fn judge(
        &self,
        sender: UnitId,
        (question, role): (&Question<'_>, &str),
        reading: Reading,
        now: Timestamp,
    ) -> Result<Judged> {
        let request = question.request;
        let sending = self.unit_with_key(sender, reading).await?;
        let mut recipients = Vec::with_capacity(request.recipients.len());
        for recipient in &request.recipients {
            recipients.push(self.unit_with_key(recipient.unit, reading).await?);
        }
        let subjects = self.subjects(sender, request, reading).await?;
        let facts = Facts {
            sender: sending.record.unit.clone(),
            role: role.to_owned(),
            reporter: self.reporter(sender, question).await?,
            recipients: recipients.iter().map(|known| known.record.unit.clone()).collect(),
            subjects: subjects.iter().map(|record| record.subject.clone()).collect(),
            provisions_on: self.provisions_known(reading).await?.into_iter().collect(),
        };
        let mut decision = decide(request, &facts, &self.law, now);
        let own = own_facts(sender, &facts);
        tell_only(&mut decision, |fact| own.contains(fact));
        let people: BTreeSet<PersonId> = subjects
            .iter()
            .map(|record| record.subject.individual.person)
            .collect();
        let expects = expectations(&decision, &self.law, &sending, &recipients, &subjects);
        Ok(Judged {
            decision,
            expects,
            people: people.into_iter().collect(),
            known_subjects: subjects.iter().map(|record| record.subject.id).collect(),
            sender: sending,
            recipients,
        })
    }

    /// Who sent the concern report that is answered, if the sender has received one under that id, about everyone
    /// whom the answer is about. Where several minted the same id, whoever would be answered.
    async fn reporter(&self, sender: UnitId, question: &Question<'_>) -> Result<Option<UnitId>> {
        let Some(answered) = question.in_reply_to else {
            return Ok(None);
        };
        let received = self
            .store
            .received(sender, answered, REPORTS_UNDER_ONE_ID)
            .await?;
        let about = self.people(&question.request.subjects).await?;
        let mut reporters = Vec::new();
        for document in received {
            let header = Raw::<Header>::parse(document.header).map_err(|_| ServiceError::Damaged {
                what: "document header",
            })?;
            let header = header.value();
            if header.kind != Kind::ConcernReport {
                continue;
            }
            if about.is_subset(&self.people(&header.subjects).await?) {
                reporters.push(document.sender);
            }
        }
        let recipients = &question.request.recipients;
        let asked = |unit: &&UnitId| recipients.iter().any(|recipient| recipient.unit == **unit);
        Ok(reporters.iter().find(asked).or(reporters.first()).copied())
    }

    /// The people behind ids of cases: the same person has another id in each.
    pub(super) async fn people(&self, individuals: &BTreeSet<IndividualId>) -> Result<BTreeSet<PersonId>> {
        let mut people = BTreeSet::new();
        for individual in individuals {
            people.extend(
                self.store
                    .individual(*individual)
                    .await?
                    .map(|known| known.person),
            );
        }
        Ok(people)
    }

    /// The unit's record, or that it is unknown.
    pub(super) async fn known_unit(&self, unit: UnitId) -> Result<UnitRecord> {
        self.store
            .unit(unit)
            .await?
            .ok_or(ServiceError::RecipientUnknown { unit })
    }

    /// Subjects that the sender may know; the others are absent, as if the hub did not know them.
    async fn subjects(
        &self,
        sender: UnitId,
        request: &Request,
        reading: Reading,
    ) -> Result<Vec<SubjectRecord>> {
        let mut subjects = Vec::with_capacity(request.subjects.len());
        for id in &request.subjects {
            subjects.extend(self.subject_known_to(sender, *id, reading).await?);
        }
        Ok(subjects)
    }

    /// Writes a decision down without any other effect: a check, a denial.
    pub(super) fn decision_entry(
        &self,
        event: Event,
        (unit, acting): (UnitId, ActingRecord),
        question: &Question<'_>,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Details> {
        let mut details = self.details(event, By::Unit(unit.to_string()), Some(acting), now)?;
        details.matter = Some(Matter {
            in_reply_to: question.in_reply_to.map(|answered| answered.to_string()),
            ..Matter::of(question.request)
        });
        details.verdicts = decision.verdicts.iter().map(VerdictRecord::from).collect();
        Ok(details)
    }

    /// Commits a denial's entry and answers with the refusal.
    pub(super) async fn refuse(
        &self,
        details: &Details,
        decision: &Decision,
        units: Vec<UnitId>,
        people: Vec<PersonId>,
    ) -> Result<ServiceError> {
        let concerned = Concerned {
            units,
            people,
            ..Concerned::default()
        };
        let change = Change {
            entries: vec![self.entry(details, concerned)?],
            ..Change::default()
        };
        let (recorded, _) = self.commit(change).await?;
        refusal(recorded.entry, decision)
    }
}

/// Facts that this unit recorded itself.
fn own_facts(unit: UnitId, facts: &Facts) -> BTreeSet<FactUsed> {
    let mut own = BTreeSet::new();
    for subject in &facts.subjects {
        let individual = &subject.individual;
        let assessments = individual.assessments.iter().filter(|one| one.by == unit);
        own.extend(assessments.map(|one| FactUsed::Assessment(one.id)));
        let hindrances = individual.hindrances.iter().filter(|one| one.by == unit);
        own.extend(hindrances.map(|one| FactUsed::Hindrance(one.id)));
        let risks = individual.risks.iter().filter(|one| one.by == unit);
        own.extend(risks.map(|one| FactUsed::Risk(one.id)));
        let situations = individual.situations.iter().filter(|one| one.by == unit);
        own.extend(situations.map(|one| FactUsed::Situation(one.id)));
    }
    own
}

/// Leaves out of an answer, and of the entry that others may read, what professionals of other units found: that
/// somebody was found to be a risk, and when, is theirs to know. What register and court say stays.
pub(super) fn tell_only(decision: &mut Decision, told: impl Fn(&FactUsed) -> bool) {
    for verdict in &mut decision.verdicts {
        verdict.facts.retain(|fact| match fact {
            FactUsed::Custody { .. } | FactUsed::Representative(_) | FactUsed::CareOrder(_) => true,
            FactUsed::Assessment(_) | FactUsed::Hindrance(_) | FactUsed::Risk(_) | FactUsed::Situation(_) => {
                told(fact)
            }
        });
    }
}

/// The decision, denied to everybody for this reason first.
pub(super) fn also_denied(decision: &Decision, reason: &Reason) -> Decision {
    let add = |verdict: &Verdict| {
        let mut reasons = vec![reason.clone()];
        if let Answer::Deny(more) = &verdict.answer {
            reasons.extend(more.iter().cloned());
        }
        Verdict {
            answer: Answer::Deny(reasons),
            ..verdict.clone()
        }
    };
    Decision {
        verdicts: decision.verdicts.iter().map(add).collect(),
    }
}

/// The error that carries a denial.
pub(super) fn refusal(decision_id: EntryId, decision: &Decision) -> Result<ServiceError> {
    let reason = decision.first_reason().cloned();
    let reason = reason.ok_or(ServiceError::Internal("a denial without a reason"))?;
    Ok(ServiceError::Refused {
        decision: decision_id,
        reason,
    })
}

/// What a permit needs to be still so: the units, the people, and whatever it rests on. A permit never
/// rests on an absence, so nothing that is added later can make it wrong, except through a person's revision.
fn expectations(
    decision: &Decision,
    law: &Law,
    sender: &Arc<KnownUnit>,
    recipients: &[Arc<KnownUnit>],
    subjects: &[SubjectRecord],
) -> Vec<Expect> {
    let mut expects: Vec<Expect> = std::iter::once(sender)
        .chain(recipients)
        .map(|known| Expect::Unit(known.record.unit.id, known.record.revision))
        .collect();
    let person =
        |record: &SubjectRecord| Expect::Person(record.subject.individual.person, record.person_revision);
    expects.extend(subjects.iter().map(person));
    for verdict in &decision.verdicts {
        match &verdict.answer {
            Answer::Permit(Ground::Consents(consents)) => {
                expects.extend(
                    consents
                        .iter()
                        .map(|version| Expect::Consent(version.id, version.revision)),
                );
            }
            // Duties have no switch.
            Answer::Permit(Ground::Provision(id))
                if law
                    .provision(id)
                    .is_some_and(|provision| provision.role == Role::Basis) =>
            {
                expects.push(Expect::ProvisionOn(id.clone()));
            }
            Answer::Permit(Ground::Provision(_)) | Answer::Deny(_) => {}
        }
    }
    expects
}
