//! `samrum.audit.v1.AuditService`.

use samrum_consent::id::EntryId;
use samrum_consent::identity_number::IdentityNumber;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::convert::{Problem, id, text, time};
use samrum_proto::wire::audit::v1 as wire;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::directory::respond;
use super::encode::{ticket, time as encode_time, uuid, verdicts};
use crate::ledger::{By, Details, Event, Matter};
use crate::service::audit::AuditQuery;
use crate::service::{Page, Result, ServiceError};

/// Characters of a reason.
const MAX_REASON: usize = 500;
const SEARCH: &str = "/samrum.audit.v1.AuditService/SearchDisclosures";
/// Characters of a user id.
const MAX_USER: usize = 64;

#[async_trait]
impl wire::audit_service_server::AuditService for Rpc {
    async fn search_disclosures(
        &self,
        request: Request<wire::SearchDisclosuresRequest>,
    ) -> Result<Response<wire::SearchDisclosuresResponse>, Status> {
        let organisation = self.auditor(&request).await?;
        let answer = async {
            let mut asked = request.into_inner();
            let page = Page {
                size: asked.page_size,
                token: std::mem::take(&mut asked.page_token),
            };
            let key = self.idempotency(SEARCH, &std::mem::take(&mut asked.request_id), &asked)?;
            let number = asked.identity_number.parse::<IdentityNumber>().map_err(|_| {
                let problem = "must be a valid personnummer or samordningsnummer of twelve digits";
                Problem::Other(problem).of("identity_number")
            })?;
            let query = AuditQuery {
                number,
                from: time("from", asked.from.as_ref())?,
                until: time("until", asked.until.as_ref())?,
                reason: text("reason", &asked.reason, MAX_REASON)?,
                user: text("auditor_user", &asked.auditor_user, MAX_USER)?,
                page,
            };
            let answer = self.hub.search_disclosures(organisation, key, query).await?;
            let rows = answer
                .rows
                .iter()
                .map(|(entry, details)| disclosure(*entry, details));
            Ok(wire::SearchDisclosuresResponse {
                disclosures: rows.collect::<Result<_>>()?,
                next_page_token: answer.next,
                ticket: Some(ticket(&answer.recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn get_disclosure(
        &self,
        request: Request<wire::GetDisclosureRequest>,
    ) -> Result<Response<wire::GetDisclosureResponse>, Status> {
        let organisation = self.auditor(&request).await?;
        let answer = async {
            let asked = request.get_ref();
            let entry: EntryId = id("entry_id", &asked.entry_id)?;
            let why = (
                text("auditor_user", &asked.auditor_user, MAX_USER)?,
                text("reason", &asked.reason, MAX_REASON)?,
            );
            let (details, recorded) = self.hub.disclosure(organisation, entry, why).await?;
            Ok(wire::GetDisclosureResponse {
                disclosure: Some(disclosure(entry, &details)?),
                ticket: Some(ticket(&recorded.ticket)),
            })
        };
        respond(answer.await)
    }
}

/// One row: who, what, when, on which basis; never content.
fn disclosure(entry: EntryId, details: &Details) -> Result<wire::Disclosure> {
    let none = Matter::default();
    let matter = details.matter.as_ref().unwrap_or(&none);
    let acting = details.acting.as_ref();
    let unit_id = match &details.by {
        By::Unit(unit) => uuid(unit)?,
        By::Auditor { .. } | By::Operator(_) | By::Person(_) | By::Hub => Vec::new(),
    };
    let user = match &details.by {
        By::Auditor { user, .. } => user.clone(),
        By::Unit(_) | By::Operator(_) | By::Person(_) | By::Hub => {
            acting.map(|acting| acting.user.clone()).unwrap_or_default()
        }
    };
    let consent = details.consent.as_ref();
    Ok(wire::Disclosure {
        entry_id: entry.as_bytes().to_vec(),
        at: encode_time(details.at),
        event: event(details.event).into(),
        acting_user: user,
        acting_role: acting.map(|acting| acting.role.clone()).unwrap_or_default(),
        unit_id,
        verdicts: verdicts(&details.verdicts)?,
        kind: number(matter.kind.as_deref(), |kind: Kind| kind.number())?,
        categories: matter
            .categories
            .iter()
            .map(|category| number(Some(category), |category: Category| category.number()))
            .collect::<Result<_>>()?,
        purpose: number(matter.purpose.as_deref(), |purpose: Purpose| purpose.number())?,
        document_id: matter
            .document
            .as_deref()
            .map(uuid)
            .transpose()?
            .unwrap_or_default(),
        consent_id: consent
            .map(|step| uuid(&step.id))
            .transpose()?
            .unwrap_or_default(),
        consent_event: consent.map(|step| step.step.clone()).unwrap_or_default(),
    })
}

/// The number of a word that the ledger keeps as its code; 0 when there is none.
fn number<T: std::str::FromStr>(code: Option<&str>, number: impl Fn(T) -> u8) -> Result<i32> {
    let damaged = |_| ServiceError::Damaged { what: "ledger entry" };
    code.map_or(Ok(0), |code| {
        code.parse().map(|word| i32::from(number(word))).map_err(damaged)
    })
}

const fn event(event: Event) -> wire::EventKind {
    match event {
        Event::Check => wire::EventKind::Check,
        Event::Send => wire::EventKind::Send,
        Event::Fetch => wire::EventKind::Fetch,
        Event::Acknowledged => wire::EventKind::Acknowledged,
        Event::Rejected => wire::EventKind::Rejected,
        Event::Withheld => wire::EventKind::Withheld,
        Event::Expired => wire::EventKind::Expired,
        Event::Alarmed => wire::EventKind::Alarmed,
        Event::Consent => wire::EventKind::Consent,
        Event::AuditSearch => wire::EventKind::AuditSearch,
        Event::IndividualRegistered => wire::EventKind::IndividualRegistered,
        Event::CustodyRecorded => wire::EventKind::CustodyRecorded,
        Event::FactRecorded => wire::EventKind::FactRecorded,
        Event::FactAttested => wire::EventKind::FactAttested,
        Event::ProvisionSet => wire::EventKind::ProvisionSet,
        Event::OrganisationCreated
        | Event::UnitCreated
        | Event::UnitKeyRotated
        | Event::UnitKeyCompromised
        | Event::DirectoryRepeated => wire::EventKind::Directory,
        Event::PortalLogin | Event::PortalLogout => wire::EventKind::PortalLogin,
    }
}
