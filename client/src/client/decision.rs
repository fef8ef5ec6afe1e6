//! "May I share this?"

use std::collections::BTreeSet;

use samrum_consent::id::{DocumentId, EntryId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::wire::decision::v1 as wire;
use samrum_proto::wire::decision::v1::decision_service_client as service;

use super::{Client, unary};
use crate::error::Result;
use crate::view::Decision;

/// What would be shared, about whom, with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// About whom.
    pub individuals: BTreeSet<IndividualId>,
    /// With whom.
    pub recipients: Vec<UnitId>,
    /// About what.
    pub categories: BTreeSet<Category>,
    /// In which document.
    pub kind: Kind,
    /// Why.
    pub purpose: Purpose,
    /// On which basis; absent, consent or the duty that the kind belongs to.
    pub basis: Option<Basis>,
    /// The document that it would answer, such as the concern report for feedback to its reporter.
    pub in_reply_to: Option<DocumentId>,
}

fn basis_to_wire(basis: Basis) -> wire::Basis {
    let basis = match basis {
        Basis::Consent => wire::basis::Basis::Consent(wire::ConsentBasis {}),
        Basis::Duty => wire::basis::Basis::Duty(wire::DutyBasis {}),
        Basis::Provision { id, reason } => wire::basis::Basis::Provision(wire::ProvisionBasis {
            provision_id: id,
            reason,
        }),
    };
    wire::Basis { basis: Some(basis) }
}

impl Client {
    /// Asks. The answer, whatever it is, is an entry in the ledger.
    ///
    /// # Errors
    /// [`crate::error::Error`]; a no is an answer, not an error.
    pub async fn check(&self, question: &Question) -> Result<Decision> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::CheckRequest {
            request_id: request.to_vec(),
            individual_ids: question
                .individuals
                .iter()
                .map(|id| id.as_bytes().to_vec())
                .collect(),
            recipient_unit_ids: question
                .recipients
                .iter()
                .map(|id| id.as_bytes().to_vec())
                .collect(),
            categories: question
                .categories
                .iter()
                .map(|category| i32::from(category.number()))
                .collect(),
            kind: i32::from(question.kind.number()),
            purpose: i32::from(question.purpose.number()),
            basis: question.basis.clone().map(basis_to_wire),
            acting: Some(self.acting("/samrum.decision.v1.DecisionService/Check", request)?),
            in_reply_to: question
                .in_reply_to
                .map(|document| document.as_bytes().to_vec())
                .unwrap_or_default(),
        };
        let answer = unary!(self, service::DecisionServiceClient.check, message)?;
        let entry = self.keep(answer.ticket.as_ref())?;
        Ok(Decision {
            entry_id: Some(entry),
            ..Decision::try_from(&answer)?
        })
    }

    /// The full explanation of a decision made for this unit. A refused call answers without a ticket; here the
    /// promise about its entry is had, and kept.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn explain(&self, decision: EntryId) -> Result<Decision> {
        let message = wire::ExplainRequest {
            decision_id: decision.as_bytes().to_vec(),
        };
        let answer = unary!(self, service::DecisionServiceClient.explain, message)?;
        let entry = self.keep(answer.ticket.as_ref())?;
        Ok(Decision {
            entry_id: Some(entry),
            ..Decision::try_from(&answer)?
        })
    }
}
