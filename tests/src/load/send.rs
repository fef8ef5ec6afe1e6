//! Sends: to the hub, or to an echo that answers as the hub does.

use core::time::Duration;

use samrum_proto::wire::exchange::v1::exchange_service_client::ExchangeServiceClient;
use samrum_proto::wire::exchange::v1::{SendDocumentRequest, SendDocumentResponse};
use tonic_types::StatusExt as _;

use super::drive::{Failed, Peer};
use crate::{Calls, reason};

/// How often a send is tried again because the hub is busy, at most.
const MOST_WAITS: u32 = 100;

/// One connection to a hub, or to an echo.
#[derive(Debug, Clone)]
pub struct Exchange {
    client: ExchangeServiceClient<Calls>,
}

impl Exchange {
    /// Over this connection.
    pub fn new(client: ExchangeServiceClient<Calls>) -> Self {
        Self { client }
    }
}

impl Peer for Exchange {
    type Item = SendDocumentRequest;
    type Answer = SendDocumentResponse;

    /// Sends; a busy hub is asked again after the delay that it names. Whatever else is no ticket is a failure.
    async fn ask(&mut self, request: &SendDocumentRequest) -> Result<(SendDocumentResponse, u32), Failed> {
        let mut waits = 0;
        loop {
            let refused = match self.client.send_document(request.clone()).await {
                Ok(answer) => return judged(answer.into_inner()).map(|answer| (answer, waits)),
                Err(refused) => refused,
            };
            if reason(&refused) != "HUB_BUSY" || waits == MOST_WAITS {
                return Err(Failed(format!("a send was refused: {refused:?}")));
            }
            waits += 1;
            let delay = refused.get_details_retry_info().and_then(|info| info.retry_delay);
            tokio::time::sleep(delay.unwrap_or(Duration::from_millis(100))).await;
        }
    }
}

fn judged(answer: SendDocumentResponse) -> Result<SendDocumentResponse, Failed> {
    if answer.ticket.is_some() && answer.deliveries.len() == 1 {
        Ok(answer)
    } else {
        Err(Failed(format!(
            "a send was answered without its ticket: {answer:?}"
        )))
    }
}
