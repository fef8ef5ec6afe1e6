//! An auditor's questions. Each is itself an entry, before it is answered.

use jiff::Timestamp;
use samrum_consent::id::EntryId;
use samrum_consent::identity_number::IdentityNumber;
use samrum_proto::convert::{self, Problem};
use samrum_proto::wire::audit::v1 as wire;
use samrum_proto::wire::audit::v1::audit_service_client as service;

use super::{Client, MAX_PAGES, PAGE_SIZE, unary};
use crate::error::{Misbehaved, Result};
use crate::view::Disclosure;

/// Whose disclosures, when, and why somebody asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Whom the rows are about.
    pub number: IdentityNumber,
    /// From, inclusive.
    pub from: Timestamp,
    /// Until, exclusive.
    pub until: Timestamp,
    /// Why; kept in the ledger.
    pub reason: String,
}

impl Client {
    /// Who disclosed what about a person within a period.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn search_disclosures(&self, search: &Search) -> Result<(Vec<Disclosure>, EntryId)> {
        let professional = self.profile.professional()?;
        let request_id = self.mint_request()?.as_bytes().to_vec();
        let mut rows = Vec::new();
        let mut page_token = Vec::new();
        for _ in 0..MAX_PAGES {
            let message = wire::SearchDisclosuresRequest {
                request_id: request_id.clone(),
                identity_number: search.number.digits(),
                from: Some(convert::time_to_wire(search.from)),
                until: Some(convert::time_to_wire(search.until)),
                reason: search.reason.clone(),
                auditor_user: professional.user.clone(),
                page_size: PAGE_SIZE,
                page_token,
            };
            let page = unary!(self, service::AuditServiceClient.search_disclosures, message)?;
            let entry = self.keep(page.ticket.as_ref())?;
            for row in &page.disclosures {
                rows.push(Disclosure::try_from(row)?);
            }
            if page.next_page_token.is_empty() {
                return Ok((rows, entry));
            }
            page_token = page.next_page_token;
        }
        Err(Misbehaved::EndlessList { limit: MAX_PAGES }.into())
    }

    /// One row.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn disclosure(&self, entry: EntryId, reason: &str) -> Result<(Disclosure, EntryId)> {
        let message = wire::GetDisclosureRequest {
            request_id: self.mint_request()?.as_bytes().to_vec(),
            entry_id: entry.as_bytes().to_vec(),
            reason: reason.to_owned(),
            auditor_user: self.profile.professional()?.user.clone(),
        };
        let answer = unary!(self, service::AuditServiceClient.get_disclosure, message)?;
        let written = self.keep(answer.ticket.as_ref())?;
        let row = answer
            .disclosure
            .as_ref()
            .ok_or_else(|| Problem::Missing.of("disclosure"))?;
        Ok((Disclosure::try_from(row)?, written))
    }
}
