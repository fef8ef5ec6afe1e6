//! Requests as an honest unit or auditor builds them, each with an id of its own and who acts.

use prost_types::Timestamp;
use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::statement::ActingStatement;
use samrum_proto::wire::audit::v1 as audit;
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::individual::v1 as individual;
use samrum_proto::wire::individual::v1::record_assessment_request::Assessment;
use samrum_proto::wire::individual::v1::record_circumstance_request::Circumstance;

use crate::{Party, ago, method, new_id, person};

/// "May I share this?", in tests.
pub struct Question<'a> {
    /// About whom.
    pub subjects: &'a [IndividualId],
    /// With whom.
    pub to: &'a [&'a Party],
    /// What about.
    pub categories: &'a [Category],
    /// In which document.
    pub kind: Kind,
    /// Why.
    pub purpose: Purpose,
}

impl Party {
    /// Opens a case id for a person.
    pub fn registering(&self, named: (&str, &str)) -> individual::RegisterIndividualRequest {
        let request_id = new_id();
        individual::RegisterIndividualRequest {
            acting: Some(self.acting(method::REGISTER, &request_id)),
            request_id,
            person: Some(person(named)),
        }
    }

    /// Imports who represents a person, as the population register has it now; no care order, nobody for an adult.
    pub fn representing(
        &self,
        named: (&str, &str),
        guardians: &[(&str, &str)],
    ) -> individual::SetRepresentationRequest {
        individual::SetRepresentationRequest {
            request_id: new_id(),
            person: Some(person(named)),
            guardians: guardians.iter().copied().map(person).collect(),
            source: individual::CustodySource::PopulationRegister.into(),
            checked_at: Some(ago(3600)),
            ..Default::default()
        }
    }

    /// Asks for a consent.
    pub fn requesting(&self, child: &[u8], scope: consent::Scope) -> consent::RequestConsentRequest {
        let request_id = new_id();
        consent::RequestConsentRequest {
            acting: Some(self.acting(method::REQUEST, &request_id)),
            request_id,
            individual_id: child.to_vec(),
            scope: Some(scope),
            supersedes_consent_id: Vec::new(),
        }
    }

    /// Asks for a consent that takes another's place once it is in force.
    pub fn superseding(
        &self,
        child: &[u8],
        scope: consent::Scope,
        former: &[u8],
    ) -> consent::RequestConsentRequest {
        consent::RequestConsentRequest {
            supersedes_consent_id: former.to_vec(),
            ..self.requesting(child, scope)
        }
    }

    /// Records a yes on paper.
    pub fn recording(&self, consent_id: &[u8], signatory: u32) -> consent::RecordSignatureRequest {
        let request_id = new_id();
        let paper = consent::Paper {
            scan_sha256: vec![7; 32],
        };
        consent::RecordSignatureRequest {
            acting: Some(self.acting(method::RECORD, &request_id)),
            request_id,
            consent_id: consent_id.to_vec(),
            signatory,
            evidence: Some(consent::Evidence {
                evidence: Some(consent::evidence::Evidence::Paper(paper)),
            }),
        }
    }

    /// Records a no.
    pub fn declining(&self, consent_id: &[u8], signatory: u32) -> consent::DeclineConsentRequest {
        let request_id = new_id();
        consent::DeclineConsentRequest {
            acting: Some(self.acting(method::DECLINE, &request_id)),
            request_id,
            consent_id: consent_id.to_vec(),
            signatory,
        }
    }

    /// Narrows a consent by categories, or to an earlier end.
    pub fn narrowing(
        &self,
        consent_id: &[u8],
        categories: &[Category],
        valid_until: Option<Timestamp>,
    ) -> consent::NarrowConsentRequest {
        let request_id = new_id();
        consent::NarrowConsentRequest {
            acting: Some(self.acting(method::NARROW, &request_id)),
            request_id,
            consent_id: consent_id.to_vec(),
            exclusions: Some(consent::Exclusions {
                categories: categories
                    .iter()
                    .map(|category| category.number().into())
                    .collect(),
                ..consent::Exclusions::default()
            }),
            valid_until,
        }
    }

    /// Takes a consent back.
    pub fn revoking(&self, consent_id: &[u8]) -> consent::RevokeConsentRequest {
        let request_id = new_id();
        consent::RevokeConsentRequest {
            acting: Some(self.acting(method::REVOKE, &request_id)),
            request_id,
            consent_id: consent_id.to_vec(),
        }
    }

    /// Accepts what another unit recorded.
    pub fn accepting(&self, consent_id: &[u8]) -> consent::AcceptEvidenceRequest {
        let request_id = new_id();
        consent::AcceptEvidenceRequest {
            acting: Some(self.acting(method::ACCEPT, &request_id)),
            request_id,
            consent_id: consent_id.to_vec(),
        }
    }

    /// Records what a professional assessed.
    pub fn assessing(&self, child: &[u8], assessment: Assessment) -> individual::RecordAssessmentRequest {
        let request_id = new_id();
        individual::RecordAssessmentRequest {
            acting: Some(self.acting(method::ASSESS, &request_id)),
            request_id,
            individual_id: child.to_vec(),
            assessment: Some(assessment),
            reason: "Samtal på mottagningen".to_owned(),
        }
    }

    /// Records a circumstance.
    pub fn finding(&self, child: &[u8], circumstance: Circumstance) -> individual::RecordCircumstanceRequest {
        let request_id = new_id();
        individual::RecordCircumstanceRequest {
            acting: Some(self.acting(method::RECORD_CIRCUMSTANCE, &request_id)),
            request_id,
            individual_id: child.to_vec(),
            circumstance: Some(circumstance),
            reason: "Bedömning i ärendet".to_owned(),
        }
    }

    /// Stands beside a fact as this professional.
    pub fn attesting(&self, fact_id: &[u8], user: &str) -> individual::AttestFactRequest {
        let request_id = new_id();
        let statement = ActingStatement {
            user: user.to_owned(),
            ..self.stating(method::ATTEST, &request_id)
        };
        individual::AttestFactRequest {
            acting: Some(self.state(statement)),
            request_id,
            fact_id: fact_id.to_vec(),
        }
    }

    /// Asks whether something may be shared.
    pub fn checking(&self, question: &Question<'_>) -> decision::CheckRequest {
        let request_id = new_id();
        let ids = question
            .subjects
            .iter()
            .map(|subject| subject.as_bytes().to_vec());
        decision::CheckRequest {
            acting: Some(self.acting(method::CHECK, &request_id)),
            request_id,
            individual_ids: ids.collect(),
            recipient_unit_ids: question.to.iter().map(|party| party.bytes()).collect(),
            categories: question
                .categories
                .iter()
                .map(|category| category.number().into())
                .collect(),
            kind: question.kind.number().into(),
            purpose: question.purpose.number().into(),
            basis: None,
            in_reply_to: Vec::new(),
        }
    }

    /// Turns a permitting provision on or off.
    pub fn switching(&self, provision: &str, on: bool) -> decision::SetProvisionRequest {
        decision::SetProvisionRequest {
            request_id: new_id(),
            provision_id: provision.to_owned(),
            on,
            reason: "Beslut av nämnden 2026-11-23".to_owned(),
        }
    }

    /// An auditor's search about a person, over the last hour and the next.
    pub fn searching(&self, identity_number: &str) -> audit::SearchDisclosuresRequest {
        audit::SearchDisclosuresRequest {
            request_id: new_id(),
            identity_number: identity_number.to_owned(),
            from: Some(ago(3600)),
            until: Some(ago(-3600)),
            reason: "Stickprov enligt HSLF-FS 2016:40".to_owned(),
            auditor_user: "granskare.g".to_owned(),
            page_size: 0,
            page_token: Vec::new(),
        }
    }

    /// An auditor's look at one row.
    pub fn looking(&self, entry_id: &[u8]) -> audit::GetDisclosureRequest {
        audit::GetDisclosureRequest {
            request_id: new_id(),
            entry_id: entry_id.to_vec(),
            reason: "Stickprov enligt HSLF-FS 2016:40".to_owned(),
            auditor_user: "granskare.g".to_owned(),
        }
    }
}
