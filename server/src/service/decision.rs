//! "May I share this?": asked before writing a word, answered per recipient, and explained again later.

use samrum_consent::decide::{Answer, Decision, Ground, Request, Verdict};
use samrum_consent::id::{DocumentId, EntryId, UnitId};

use super::admission::Question;
use super::memory::Reading;
use super::{Acting, Hub, Idempotency, Recorded, Result, ServiceError};
use crate::ledger::{By, Concerned, Details, Event};
use crate::store::Change;

/// Subjects that one question may name.
pub const MAX_SUBJECTS: usize = 8;
/// Recipients that one question may name.
pub const MAX_RECIPIENTS: usize = 64;

/// A decision as it was written down.
#[derive(Debug)]
pub struct Explained {
    /// What the entry says.
    pub details: Details,
    /// The entry and its ticket.
    pub recorded: Recorded,
}

impl Hub {
    /// Decides and writes the answer down. Repeating the request repeats the answer.
    ///
    /// # Errors
    /// An acting statement that does not hold, an unknown recipient, [`ServiceError::IdReused`].
    pub async fn check(
        &self,
        unit: UnitId,
        key: Idempotency,
        request: &Request,
        acting: &Acting,
    ) -> Result<Explained> {
        self.check_reply(unit, key, (request, None), acting).await
    }

    /// The same about what would answer a document that the unit has received.
    ///
    /// # Errors
    /// As [`Hub::check`].
    pub async fn check_reply(
        &self,
        unit: UnitId,
        key: Idempotency,
        (request, in_reply_to): (&Request, Option<DocumentId>),
        acting: &Acting,
    ) -> Result<Explained> {
        let question = Question { request, in_reply_to };
        let caller = format!("unit:{unit}");
        if let Some((entry, _)) = self.answer_before::<EntryId>(&caller, key).await? {
            return self.explain(unit, entry).await;
        }
        let now = self.store.now().await?;
        let acting = self.acting(unit, acting, now).await?;
        let judged = self
            .judge(unit, (&question, &acting.role), Reading::Fresh, now)
            .await?;
        let details = self.decision_entry(Event::Check, (unit, acting), &question, &judged.decision, now)?;
        let concerned = Concerned {
            units: vec![unit],
            people: judged.people,
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        let answer = super::individual::answer(&caller, key, entry.id, *entry.id.as_bytes(), now);
        let change = Change {
            expects: Vec::new(),
            writes: vec![answer],
            entries: vec![entry],
        };
        let (recorded, _) = self.commit(change).await?;
        Ok(Explained { details, recorded })
    }

    /// A decision that was made for the unit or about its own document, as it was written down.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown decisions and other units'.
    pub async fn explain(&self, unit: UnitId, decision: EntryId) -> Result<Explained> {
        let entry = self.store.entry(decision).await?.ok_or(ServiceError::NotFound)?;
        let details: Details = serde_json::from_slice(&entry.details)
            .map_err(|_| ServiceError::Damaged { what: "ledger entry" })?;
        // Its sender may ask why a document was withheld or refused at release, as its own entry tells it.
        let about_own = details
            .matter
            .as_ref()
            .is_some_and(|matter| matter.sender == Some(unit.to_string()))
            && self.store.entry_concerns(decision, unit).await?;
        let asked_itself = details.by == By::Unit(unit.to_string());
        if !(asked_itself || about_own) || details.verdicts.is_empty() {
            return Err(ServiceError::NotFound);
        }
        Ok(Explained {
            details,
            recorded: self.recorded(entry.id, entry.leaf_hash, entry.at)?,
        })
    }
}

/// Whether everything that a decision says is confirmed by the revisions that its commit expects, however long ago its
/// facts were read. A denial is not: what would permit may have come. Nor is what rests on a provision: consents that
/// nothing rests on are not expected, and what was ruled out in them is a warning there.
pub(super) fn is_confirmed_by_commit(decision: &Decision) -> bool {
    let on_consent = |verdict: &Verdict| matches!(verdict.answer, Answer::Permit(Ground::Consents(_)));
    decision.verdicts.iter().all(on_consent) && !denied(decision)
}

/// Whether anything in a decision is denied.
pub(super) fn denied(decision: &Decision) -> bool {
    !decision.permits_all()
}
