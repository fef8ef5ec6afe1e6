//! "May I share this?": the one decision, asked before sending, at sending and at every release.
//!
//! Pure and total: the same request, facts, law and time give the same answer, always. The engine judges
//! the basis that the sender names and never picks another. Domain: Legal bases, "May I share this?".

mod coverage;
mod frame;
mod provision;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::fact::{FactUsed, Facts, Unit};
use crate::id::{ConsentId, DocumentId, IndividualId, UnitId};
use crate::law::Law;
use crate::reason::Reason;
use crate::vocabulary::{Basis, Category, Kind, Purpose};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The document, when it exists already.
    pub document: Option<DocumentId>,
    /// Whom it is about. Only a duty may carry a document about nobody the hub knows.
    pub subjects: BTreeSet<IndividualId>,
    /// What it is about.
    pub categories: BTreeSet<Category>,
    /// What it is.
    pub kind: Kind,
    /// Why.
    pub purpose: Purpose,
    /// To whom, and on which basis for each.
    pub recipients: Vec<Recipient>,
}

impl Request {
    /// What it may be about: a document that names no category may hold any.
    pub(crate) fn may_hold(&self) -> BTreeSet<Category> {
        if self.categories.is_empty() {
            Category::ALL.iter().copied().collect()
        } else {
            self.categories.clone()
        }
    }
}

/// One recipient with the basis that the sender names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The unit.
    pub unit: UnitId,
    /// What the sender says it rests on.
    pub basis: Named,
}

/// The basis named, or fixed earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Named by the sender now.
    Now(Basis),
    /// Fixed when the document was sent: nothing else may carry it any more.
    Fixed(Ground),
}

/// What a permit rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// Consents that together cover every subject and category, by id, none twice.
    Consents(Vec<ConsentVersion>),
    /// A duty or a permitting provision, by its id in the catalogue.
    Provision(String),
}

/// One consent as it stood when the decision was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConsentVersion {
    /// Which.
    pub id: ConsentId,
    /// Its revision.
    pub revision: u64,
}

/// The answer for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The unit.
    pub recipient: UnitId,
    /// Yes with its ground, or no with every reason.
    pub answer: Answer,
    /// The recorded facts that led to it.
    pub facts: BTreeSet<FactUsed>,
    /// What the person ruled out in a consent, and the basis named does not heed: shown, never blocking.
    pub warnings: BTreeSet<Reason>,
    /// Permitting provisions that are turned on and would fit, by id; mentioned, never picked.
    pub alternatives: Vec<String>,
}

impl Verdict {
    /// A no for one reason that no recorded fact led to.
    #[must_use]
    pub fn denied(recipient: UnitId, reason: Reason) -> Self {
        Self {
            recipient,
            answer: Answer::Deny(vec![reason]),
            facts: BTreeSet::new(),
            warnings: BTreeSet::new(),
            alternatives: Vec::new(),
        }
    }
}

/// Yes or no. A denial is a value, never an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It may be shared.
    Permit(Ground),
    /// It may not, and why: at least one reason, sorted, none twice.
    Deny(Vec<Reason>),
}

/// The whole answer: one verdict per recipient, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// One per recipient.
    pub verdicts: Vec<Verdict>,
}

impl Decision {
    /// Whether every recipient may have it. Nobody asked is no permit.
    #[must_use]
    pub fn permits_all(&self) -> bool {
        !self.verdicts.is_empty()
            && self
                .verdicts
                .iter()
                .all(|verdict| matches!(verdict.answer, Answer::Permit(_)))
    }

    /// The first reason of the first denial.
    #[must_use]
    pub fn first_reason(&self) -> Option<&Reason> {
        self.verdicts.iter().find_map(|verdict| match &verdict.answer {
            Answer::Deny(reasons) => reasons.first(),
            Answer::Permit(_) => None,
        })
    }
}

/// What a denial at release means for a document that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// It stays, unreadable, until what is missing comes or its time runs out.
    Waits,
    /// It is withheld for good.
    Withheld,
}

/// Decides.
#[must_use]
pub fn decide(request: &Request, facts: &Facts, law: &Law, now: Timestamp) -> Decision {
    let verdict = |recipient: &Recipient| match facts.recipients.iter().find(|unit| unit.id == recipient.unit)
    {
        Some(unit) => judge(
            &Question {
                request,
                facts,
                law,
                now,
                recipient: unit,
            },
            &recipient.basis,
        ),
        // Loading refuses unknown units; were one to slip through, it is outside every scope.
        None => Verdict::denied(recipient.unit, Reason::RecipientOutsideScope),
    };
    Decision {
        verdicts: request.recipients.iter().map(verdict).collect(),
    }
}

/// Whether a denial at release keeps the document waiting or ends it (domain, Consent 7).
///
/// Revoked, declined, expired, superseded or narrowed: for good. A signature, assessment or check of
/// custody that is missing: it waits.
#[must_use]
pub fn consequence(reasons: &[Reason]) -> Consequence {
    let ended = reasons.iter().any(|reason| {
        matches!(
            reason,
            Reason::ConsentRevoked
                | Reason::ConsentDeclined
                | Reason::ConsentExpired { .. }
                | Reason::ConsentSuperseded
                | Reason::CategoryExcluded { .. }
                | Reason::UnitExcluded
                | Reason::DocumentExcluded
                | Reason::BasisEnded
                | Reason::ProvisionOff
                | Reason::KeyCompromised
        )
    });
    if ended {
        Consequence::Withheld
    } else {
        Consequence::Waits
    }
}

/// One recipient's question with everything the rules read.
pub(crate) struct Question<'a> {
    pub(crate) request: &'a Request,
    pub(crate) facts: &'a Facts,
    pub(crate) law: &'a Law,
    pub(crate) now: Timestamp,
    pub(crate) recipient: &'a Unit,
}

fn judge(question: &Question<'_>, basis: &Named) -> Verdict {
    let mut facts = BTreeSet::new();
    let judged = match basis {
        Named::Now(Basis::Consent) => coverage::by_consents(question, None, &mut facts),
        Named::Now(Basis::Duty) => provision::by_duty(question, &mut facts),
        Named::Now(Basis::Provision { id, reason }) => {
            provision::by_permission(question, id, reason, &mut facts)
        }
        Named::Fixed(Ground::Consents(fixed)) => coverage::by_consents(question, Some(fixed), &mut facts),
        // The duty was judged when the report was sent; nothing takes it back.
        Named::Fixed(Ground::Provision(id)) => provision::still(question, id, &mut facts),
    };
    let alternatives = match (basis, &judged) {
        (Named::Now(Basis::Consent), Err(_)) => provision::fitting(question),
        _ => Vec::new(),
    };
    let warnings = match &judged {
        Ok(Ground::Provision(_)) => coverage::ruled_out(question),
        _ => BTreeSet::new(),
    };
    let answer = match judged {
        Ok(ground) => Answer::Permit(ground),
        Err(mut reasons) => {
            reasons.sort();
            reasons.dedup();
            Answer::Deny(reasons)
        }
    };
    Verdict {
        recipient: question.recipient.id,
        answer,
        facts,
        warnings,
        alternatives,
    }
}
