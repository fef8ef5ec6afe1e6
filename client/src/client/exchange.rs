//! How a document of one's own fares at each recipient.

use samrum_consent::id::DocumentId;
use samrum_proto::convert;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::exchange_service_client as service;

use super::{Client, unary};
use crate::error::Result;
use crate::view::Delivery;

impl Client {
    /// The deliveries of a document that this unit sent.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn deliveries(&self, document: DocumentId) -> Result<Vec<Delivery>> {
        let message = wire::ListDeliveriesRequest {
            document_id: document.as_bytes().to_vec(),
        };
        let answer = unary!(self, service::ExchangeServiceClient.list_deliveries, message)?;
        Ok(answer
            .deliveries
            .iter()
            .map(Delivery::try_from)
            .collect::<convert::Result<_>>()?)
    }
}
