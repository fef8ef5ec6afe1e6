//! `samrum.exchange.v1.ExchangeService`.

mod inbox;
mod limit;
mod news;

use samrum_consent::vocabulary::Family;
use samrum_proto::canonical::Raw;
use samrum_proto::convert::{Problem, id};
use samrum_proto::envelope::{Header, Signature, SignedSlip};
use samrum_proto::wire::exchange::v1 as wire;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::call::acting;
use super::directory::respond;
use super::encode::{delivery, delivery_state, ticket};
use super::status::status;
use crate::service::exchange::{Sending, Settling};
use crate::service::{Result, ServiceError, anew};
use crate::store::DeliveryState;

pub(super) use limit::UnitLimit;
pub(super) use news::Listeners;

const SEND: &str = "/samrum.exchange.v1.ExchangeService/SendDocument";
const FETCH: &str = "/samrum.exchange.v1.ExchangeService/FetchDocument";
const ACKNOWLEDGE: &str = "/samrum.exchange.v1.ExchangeService/AcknowledgeDocument";
const REJECT: &str = "/samrum.exchange.v1.ExchangeService/RejectDocument";

#[async_trait]
impl wire::exchange_service_server::ExchangeService for Rpc {
    type SubscribeInboxStream = inbox::Events;

    async fn send_document(
        &self,
        request: Request<wire::SendDocumentRequest>,
    ) -> Result<Response<wire::SendDocumentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let asked = request.into_inner();
            // The acting statement is bound to the document's id, which only the header names.
            let header = Raw::<Header>::parse(asked.header.as_slice())
                .map_err(|error| ServiceError::Envelope(error.into()))?;
            // What a duty demands has places of its own and is never turned away (INVARIANT 11): it waits for one, so that
            // a flood of it does not stand before everybody else's no.
            let _place = match header.value().kind.family() {
                Family::Duty => self.duty_sends.wait(unit).await,
                _ => {
                    let place = self.sends.take(unit);
                    place.map_err(|limit| ServiceError::TooManySends { limit })?
                }
            };
            let acting = acting(asked.acting.as_ref(), SEND, *header.value().document.as_bytes());
            let slips = asked.slips.into_iter().map(signed_slip).collect::<Result<_>>()?;
            let sending = Sending {
                header: asked.header,
                body: asked.body,
                slips,
            };
            let sent = anew(|| self.hub.send(unit, &sending, &acting)).await?;
            Ok(wire::SendDocumentResponse {
                decision_id: sent.recorded.entry.as_bytes().to_vec(),
                deliveries: sent.deliveries.iter().map(delivery).collect(),
                ticket: Some(ticket(&sent.recorded.ticket)),
            })
        };
        respond(answer.await)
    }

    async fn subscribe_inbox(
        &self,
        request: Request<wire::SubscribeInboxRequest>,
    ) -> Result<Response<Self::SubscribeInboxStream>, Status> {
        let unit = self.unit(&request).await?;
        let caller = self.caller(&request).await?.clone();
        let place = self.streams.take(unit);
        let place = place.map_err(|limit| status(&ServiceError::TooManyStreams { limit }))?;
        let reader = inbox::Reader { unit, caller, place };
        Ok(Response::new(inbox::events(
            self.clone(),
            reader,
            request.into_inner().cursor,
        )))
    }

    async fn fetch_document(
        &self,
        request: Request<wire::FetchDocumentRequest>,
    ) -> Result<Response<wire::FetchDocumentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let asked = request.get_ref();
            let delivery: samrum_consent::id::DeliveryId = id("delivery_id", &asked.delivery_id)?;
            let acting = acting(asked.acting.as_ref(), FETCH, *delivery.as_bytes());
            let fetched = anew(|| self.hub.fetch(unit, delivery, &acting)).await?;
            Ok(wire::FetchDocumentResponse {
                header: fetched.copy.header,
                slip: Some(wire::Slip {
                    slip: fetched.copy.slip,
                    signature: fetched.copy.signature,
                }),
                body: fetched.copy.body,
                sender_unit_id: fetched.copy.sender.as_bytes().to_vec(),
                decision_id: fetched.recorded.entry.as_bytes().to_vec(),
                ticket: Some(ticket(&fetched.recorded.ticket)),
                sender_key_statement: fetched.key_statement,
                sender_key_signature: fetched.key_signature,
            })
        };
        respond(answer.await)
    }

    async fn acknowledge_document(
        &self,
        request: Request<wire::AcknowledgeDocumentRequest>,
    ) -> Result<Response<wire::AcknowledgeDocumentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let asked = request.into_inner();
            let delivery: samrum_consent::id::DeliveryId = id("delivery_id", &asked.delivery_id)?;
            let acting = acting(asked.acting.as_ref(), ACKNOWLEDGE, *delivery.as_bytes());
            let settling = Settling {
                delivery,
                answer: asked.answer,
                signature: asked.signature,
            };
            let state = DeliveryState::Acknowledged;
            let recorded = anew(|| self.hub.settle(unit, &settling, state, &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::AcknowledgeDocumentResponse {
                state: delivery_state(state).into(),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn reject_document(
        &self,
        request: Request<wire::RejectDocumentRequest>,
    ) -> Result<Response<wire::RejectDocumentResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let asked = request.into_inner();
            let delivery: samrum_consent::id::DeliveryId = id("delivery_id", &asked.delivery_id)?;
            let acting = acting(asked.acting.as_ref(), REJECT, *delivery.as_bytes());
            let settling = Settling {
                delivery,
                answer: asked.answer,
                signature: asked.signature,
            };
            let state = DeliveryState::Rejected;
            let recorded = anew(|| self.hub.settle(unit, &settling, state, &acting)).await?;
            let ticket = Some(ticket(&recorded.ticket));
            Ok(wire::RejectDocumentResponse {
                state: delivery_state(state).into(),
                ticket,
            })
        };
        respond(answer.await)
    }

    async fn list_deliveries(
        &self,
        request: Request<wire::ListDeliveriesRequest>,
    ) -> Result<Response<wire::ListDeliveriesResponse>, Status> {
        let unit = self.unit(&request).await?;
        let answer = async {
            let document = id("document_id", &request.get_ref().document_id)?;
            let deliveries = self.hub.deliveries(unit, document).await?;
            Ok(wire::ListDeliveriesResponse {
                deliveries: deliveries.iter().map(delivery).collect(),
            })
        };
        respond(answer.await)
    }
}

fn signed_slip(slip: wire::Slip) -> Result<SignedSlip> {
    let signature = Signature::try_from(slip.signature.as_slice())
        .map_err(|_| Problem::Length { expected: 64 }.of("slips.signature"))?;
    Ok(SignedSlip {
        bytes: slip.slip,
        signature,
    })
}
