//! What every call has: a caller with a role, an acting professional, an idempotency key.

use prost::Message;
use samrum_consent::id::{OrganisationId, UnitId};
use samrum_proto::convert::id;
use samrum_proto::wire::directory::v1::ActingStatement;
use tonic::{Request, Status};

use super::Rpc;
use super::status::{status, unauthenticated};
use crate::service::{Acting, Idempotency, Result, ServiceError};
use crate::transport::caller::{Caller, CallerRole};

impl Rpc {
    /// The caller, read from the certificate when the connection was made.
    pub(super) async fn caller<'a, T>(&self, request: &'a Request<T>) -> Result<&'a Caller, Status> {
        let caller = request.extensions().get::<Caller>();
        let caller = caller.ok_or_else(|| unauthenticated("a client certificate is required"))?;
        let now = self.hub.just_now().await.map_err(|error| status(&error))?;
        // A long connection does not outlive its certificate.
        if caller.expired_at(now) {
            return Err(unauthenticated(
                "the client certificate has expired; connect with a new one",
            ));
        }
        Ok(caller)
    }

    /// The calling unit.
    pub(super) async fn unit<T>(&self, request: &Request<T>) -> Result<UnitId, Status> {
        match self.caller(request).await?.role() {
            CallerRole::Unit(unit) => Ok(*unit),
            CallerRole::Auditor(_) | CallerRole::Operator(_) => Err(only("units")),
        }
    }

    /// The calling auditor's organisation.
    pub(super) async fn auditor<T>(&self, request: &Request<T>) -> Result<OrganisationId, Status> {
        match self.caller(request).await?.role() {
            CallerRole::Auditor(organisation) => Ok(*organisation),
            CallerRole::Unit(_) | CallerRole::Operator(_) => Err(only("auditors")),
        }
    }

    /// The calling operator's name.
    pub(super) async fn operator<T>(&self, request: &Request<T>) -> Result<String, Status> {
        match self.caller(request).await?.role() {
            CallerRole::Operator(name) => Ok(name.to_string()),
            CallerRole::Unit(_) | CallerRole::Auditor(_) => Err(only("operators")),
        }
    }

    /// The request's id with the keyed digest of what it asks, and of which call: two calls may ask in the
    /// same bytes. The acting statement is left out: signed anew for every attempt, it is no part of it.
    pub(super) fn idempotency<M: Message>(
        &self,
        method: &str,
        request_id: &[u8],
        without_acting: &M,
    ) -> Result<Idempotency> {
        let mut asked = method.as_bytes().to_vec();
        asked.push(0);
        asked.extend(without_acting.encode_to_vec());
        Ok(Idempotency {
            id: id("request_id", request_id)?,
            digest: self.hub.request_digest(&asked),
        })
    }
}

/// The caller's role and id, as what is bound to a caller names it.
pub(super) fn name(caller: &Caller) -> String {
    match caller.role() {
        CallerRole::Unit(unit) => format!("unit:{unit}"),
        CallerRole::Auditor(organisation) => format!("auditor:{organisation}"),
        CallerRole::Operator(name) => format!("operator:{name}"),
    }
}

fn only(needed: &'static str) -> Status {
    status(&ServiceError::RoleNotAllowed { needed })
}

/// The acting professional's statement for this call.
pub(super) fn acting(statement: Option<&ActingStatement>, method: &'static str, request: [u8; 16]) -> Acting {
    let statement = statement.cloned().unwrap_or_default();
    Acting {
        statement: statement.statement,
        signature: statement.signature,
        method,
        request,
    }
}
