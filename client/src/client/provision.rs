//! The catalogue of provisions, and the operator's switches.

use samrum_consent::id::EntryId;
use samrum_proto::wire::decision::v1 as wire;
use samrum_proto::wire::decision::v1::decision_service_client as service;

use super::{Client, unary};
use crate::error::Result;
use crate::view::Provision;

impl Client {
    /// The catalogue, with what is turned on.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn provisions(&self) -> Result<Vec<Provision>> {
        let message = wire::ListProvisionsRequest {};
        let answer = unary!(self, service::DecisionServiceClient.list_provisions, message)?;
        let provisions = answer.provisions.iter().map(Provision::try_from);
        Ok(provisions.collect::<core::result::Result<_, _>>()?)
    }

    /// Turns a permitting provision on or off, and writes down why and who decided. Operators only.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn set_provision(&self, provision: &str, on: bool, reason: String) -> Result<EntryId> {
        let message = wire::SetProvisionRequest {
            request_id: self.mint_request()?.as_bytes().to_vec(),
            provision_id: provision.to_owned(),
            on,
            reason,
        };
        let answer = unary!(self, service::DecisionServiceClient.set_provision, message)?;
        self.keep(answer.ticket.as_ref())
    }
}
