//! Consents, as units ask for them and record them.

use std::fmt;

use jiff::Timestamp;
use samrum_consent::id::{ConsentId, DocumentId, EntryId, IndividualId, UnitId};
use samrum_consent::scope::Scope;
use samrum_consent::vocabulary::Category;
use samrum_proto::convert::{self, Problem};
use samrum_proto::wire::consent::v1 as wire;
use samrum_proto::wire::consent::v1::consent_service_client as service;
use samrum_proto::wire::ledger::v1::Ticket;
use samrum_ui::Language;
use serde::de::IgnoredAny;

use super::{Client, MAX_PAGES, PAGE_SIZE, unary};
use crate::error::{Misbehaved, Result};
use crate::view::Consent;

/// How a yes was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// On paper: SHA-256 of the scanned form.
    Paper {
        /// The hash.
        scan_sha256: [u8; 32],
    },
    /// Orally, before two professionals, by the unit's own user ids.
    Oral {
        /// One of them.
        first_witness: String,
        /// The other.
        second_witness: String,
    },
}

/// What the person no longer wants shared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Categories to leave out.
    pub categories: Vec<Category>,
    /// Units to leave out.
    pub units: Vec<UnitId>,
    /// Documents to leave out.
    pub documents: Vec<DocumentId>,
    /// An earlier end.
    pub until: Option<Timestamp>,
}

/// What the signatories were given to keep. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentReceipt {
    /// As an object. Source: Kantara Initiative, Consent Receipt Specification 1.1.
    pub json: String,
    /// As readable text.
    pub text: String,
}

impl fmt::Debug for ConsentReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentReceipt(hidden)")
    }
}

fn method(name: &str) -> String {
    format!("/samrum.consent.v1.ConsentService/{name}")
}

fn bytes(id: &[u8; 16]) -> Vec<u8> {
    id.to_vec()
}

impl Client {
    /// Asks everyone who must sign. Once it is in force it takes the place of `supersedes`, if that is named.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn request_consent(
        &self,
        individual: IndividualId,
        scope: &Scope,
        supersedes: Option<ConsentId>,
    ) -> Result<(Consent, EntryId)> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::RequestConsentRequest {
            request_id: bytes(&request),
            individual_id: bytes(individual.as_bytes()),
            scope: Some(convert::scope_to_wire(scope)),
            acting: Some(self.acting(&method("RequestConsent"), request)?),
            supersedes_consent_id: supersedes
                .map(|consent| bytes(consent.as_bytes()))
                .unwrap_or_default(),
        };
        let answer = unary!(self, service::ConsentServiceClient.request_consent, message)?;
        self.changed(answer.consent.as_ref(), answer.ticket.as_ref())
    }

    /// Records a yes given on paper or orally.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn record_signature(
        &self,
        consent: ConsentId,
        signatory: u32,
        evidence: Evidence,
    ) -> Result<(Consent, EntryId)> {
        let request = *self.mint_request()?.as_bytes();
        let evidence = match evidence {
            Evidence::Paper { scan_sha256 } => wire::evidence::Evidence::Paper(wire::Paper {
                scan_sha256: scan_sha256.to_vec(),
            }),
            Evidence::Oral {
                first_witness,
                second_witness,
            } => wire::evidence::Evidence::Oral(wire::Oral {
                first_witness,
                second_witness,
            }),
        };
        let message = wire::RecordSignatureRequest {
            request_id: bytes(&request),
            consent_id: bytes(consent.as_bytes()),
            signatory,
            evidence: Some(wire::Evidence {
                evidence: Some(evidence),
            }),
            acting: Some(self.acting(&method("RecordSignature"), request)?),
        };
        let answer = unary!(self, service::ConsentServiceClient.record_signature, message)?;
        self.changed(answer.consent.as_ref(), answer.ticket.as_ref())
    }

    /// Records a no.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn decline_consent(&self, consent: ConsentId, signatory: u32) -> Result<(Consent, EntryId)> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::DeclineConsentRequest {
            request_id: bytes(&request),
            consent_id: bytes(consent.as_bytes()),
            signatory,
            acting: Some(self.acting_for_a_no(&method("DeclineConsent"), request)?),
        };
        let answer = unary!(self, service::ConsentServiceClient.decline_consent, message)?;
        self.changed(answer.consent.as_ref(), answer.ticket.as_ref())
    }

    /// Removes from the scope what the person no longer wants shared.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn narrow_consent(
        &self,
        consent: ConsentId,
        narrowing: Narrowing,
    ) -> Result<(Consent, EntryId)> {
        let request = *self.mint_request()?.as_bytes();
        let Narrowing {
            categories,
            units,
            documents,
            until,
        } = narrowing;
        let message = wire::NarrowConsentRequest {
            request_id: bytes(&request),
            consent_id: bytes(consent.as_bytes()),
            exclusions: Some(wire::Exclusions {
                categories: categories
                    .iter()
                    .map(|category| i32::from(category.number()))
                    .collect(),
                unit_ids: units.iter().map(|unit| bytes(unit.as_bytes())).collect(),
                document_ids: documents
                    .iter()
                    .map(|document| bytes(document.as_bytes()))
                    .collect(),
            }),
            valid_until: until.map(convert::time_to_wire),
            acting: Some(self.acting_for_a_no(&method("NarrowConsent"), request)?),
        };
        let answer = unary!(self, service::ConsentServiceClient.narrow_consent, message)?;
        self.changed(answer.consent.as_ref(), answer.ticket.as_ref())
    }

    /// Ends a consent. Once this has returned, nothing more is released on it.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn revoke_consent(&self, consent: ConsentId) -> Result<(Consent, EntryId)> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::RevokeConsentRequest {
            request_id: bytes(&request),
            consent_id: bytes(consent.as_bytes()),
            acting: Some(self.acting_for_a_no(&method("RevokeConsent"), request)?),
        };
        let answer = unary!(self, service::ConsentServiceClient.revoke_consent, message)?;
        self.changed(answer.consent.as_ref(), answer.ticket.as_ref())
    }

    /// Accepts, for this unit's authority and its own information, a yes that another unit recorded.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn accept_evidence(&self, consent: ConsentId) -> Result<(Consent, EntryId)> {
        let request = *self.mint_request()?.as_bytes();
        let message = wire::AcceptEvidenceRequest {
            request_id: bytes(&request),
            consent_id: bytes(consent.as_bytes()),
            acting: Some(self.acting(&method("AcceptEvidence"), request)?),
        };
        let answer = unary!(self, service::ConsentServiceClient.accept_evidence, message)?;
        self.changed(answer.consent.as_ref(), answer.ticket.as_ref())
    }

    /// What the signatories were given to keep.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn consent_receipt(&self, consent: ConsentId, language: Language) -> Result<ConsentReceipt> {
        let message = wire::GetConsentReceiptRequest {
            consent_id: bytes(consent.as_bytes()),
            language: language.code().to_owned(),
        };
        let answer = unary!(self, service::ConsentServiceClient.get_consent_receipt, message)?;
        if serde_json::from_str::<IgnoredAny>(&answer.json).is_err() {
            return Err(Problem::Other("must be a JSON object").of("json").into());
        }
        Ok(ConsentReceipt {
            json: answer.json,
            text: answer.text,
        })
    }

    /// One consent.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn consent(&self, consent: ConsentId) -> Result<Consent> {
        let message = wire::GetConsentRequest {
            consent_id: bytes(consent.as_bytes()),
        };
        let answer = unary!(self, service::ConsentServiceClient.get_consent, message)?;
        read(answer.consent.as_ref())
    }

    /// The consents about one individual that the caller may know of.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn consents(&self, individual: IndividualId) -> Result<Vec<Consent>> {
        let mut consents = Vec::new();
        let mut page_token = Vec::new();
        for _ in 0..MAX_PAGES {
            let individual_id = bytes(individual.as_bytes());
            let message = wire::ListConsentsRequest {
                individual_id,
                page_size: PAGE_SIZE,
                page_token,
            };
            let page = unary!(self, service::ConsentServiceClient.list_consents, message)?;
            for consent in &page.consents {
                consents.push(Consent::try_from(consent)?);
            }
            if page.next_page_token.is_empty() {
                return Ok(consents);
            }
            page_token = page.next_page_token;
        }
        Err(Misbehaved::EndlessList { limit: MAX_PAGES }.into())
    }

    fn changed(
        &self,
        consent: Option<&wire::Consent>,
        ticket: Option<&Ticket>,
    ) -> Result<(Consent, EntryId)> {
        let entry = self.keep(ticket)?;
        Ok((read(consent)?, entry))
    }
}

fn read(consent: Option<&wire::Consent>) -> Result<Consent> {
    Ok(Consent::try_from(
        consent.ok_or_else(|| Problem::Missing.of("consent"))?,
    )?)
}
