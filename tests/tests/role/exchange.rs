//! Rows of the exchange.

use samrum_proto::statement::Answer;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_tests::{Letter, new_id};
use tonic::Code;

use crate::Outcome::{self, Hidden, Passes, Refused};
use crate::{Asked, OTHER_ROLE, Row, row};

/// For the delivery's or document's own unit alone.
const OWN: [Outcome; 4] = [Passes, Hidden, OTHER_ROLE, OTHER_ROLE];

pub(crate) fn rows() -> Vec<Row> {
    vec![
        // Outside the scope the child is unknown, and so are its consents.
        row!(
            "/samrum.exchange.v1.ExchangeService/SendDocument",
            [
                Passes,
                Refused(Code::PermissionDenied, "CONSENT_MISSING"),
                OTHER_ROLE,
                OTHER_ROLE,
            ],
            exchange.send_document,
            |asked| sending(asked).await
        ),
        row!(
            "/samrum.exchange.v1.ExchangeService/SubscribeInbox",
            [Passes, Passes, OTHER_ROLE, OTHER_ROLE],
            exchange.subscribe_inbox,
            |asked| wire::SubscribeInboxRequest::default()
        ),
        row!(
            "/samrum.exchange.v1.ExchangeService/FetchDocument",
            OWN,
            exchange.fetch_document,
            |asked| asked.party.fetching(&asked.id(&asked.world.waiting))
        ),
        row!(
            "/samrum.exchange.v1.ExchangeService/AcknowledgeDocument",
            OWN,
            exchange.acknowledge_document,
            |asked| {
                let (delivery, header) = &asked.world.to_acknowledge;
                let delivery = asked.id(delivery);
                let answer = asked.party.answer(&delivery, header, Answer::Acknowledged);
                asked.party.acknowledging(&delivery, &answer)
            }
        ),
        row!(
            "/samrum.exchange.v1.ExchangeService/RejectDocument",
            OWN,
            exchange.reject_document,
            |asked| {
                let (delivery, header) = &asked.world.to_reject;
                let delivery = asked.id(delivery);
                let reason = "Hör till en annan enhet".to_owned();
                let answer = asked.party.answer(&delivery, header, Answer::Rejected { reason });
                asked.party.rejecting(&delivery, &answer)
            }
        ),
        row!(
            "/samrum.exchange.v1.ExchangeService/ListDeliveries",
            OWN,
            exchange.list_deliveries,
            |asked| wire::ListDeliveriesRequest {
                document_id: asked.id(&asked.world.document),
            }
        ),
    ]
}

/// A note of the caller's about the child; whoever is no unit sends what social services would.
async fn sending(asked: Asked<'_>) -> wire::SendDocumentRequest {
    let story = &asked.world.story;
    let sender = asked.party.unit.map_or(&story.social, |_| asked.party);
    let keys = &story.social;
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let document = new_id();
    let envelope = sender.seal_with_keys_of(keys, document.clone(), &note).await;
    sender.sending(&document, envelope)
}
