//! The way of a document: admitted for all its recipients or none, held, admitted again for its reader.

mod fetch;
mod inbox;
mod send;
mod settle;

use samrum_consent::decide::{Ground, Named, Recipient, Request};
use samrum_consent::id::{DeliveryId, UnitId};
use samrum_proto::canonical::Raw;
use samrum_proto::envelope::Header;

use super::admission::Question;
use super::{Hub, Recorded, Result, ServiceError};
use crate::store::{Delivery, DeliveryBasis, SealedCopy};

pub use send::Sending;
pub use settle::Settling;

/// What a sender is told.
#[derive(Debug)]
pub struct Sent {
    /// The decision and its ticket.
    pub recorded: Recorded,
    /// One per recipient.
    pub deliveries: Vec<Delivery>,
}

/// What a reader is given.
#[derive(Debug)]
pub struct Fetched {
    /// The reader's copy.
    pub copy: SealedCopy,
    /// The sender's key statement that the signature is judged by.
    pub key_statement: Vec<u8>,
    /// The organisation's signature over it.
    pub key_signature: Vec<u8>,
    /// The decision and its ticket.
    pub recorded: Recorded,
}

/// A delivery with the question that its release asks.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The delivery.
    pub(super) delivery: Delivery,
    /// The question, on the basis fixed at sending.
    pub(super) request: Request,
    /// The document's header.
    pub(super) header: Raw<Header>,
}

impl Waiting {
    /// What its release asks, with what it answers.
    pub(super) fn question(&self) -> Question<'_> {
        Question {
            request: &self.request,
            in_reply_to: self.header.value().in_reply_to,
        }
    }
}

impl Hub {
    /// A delivery with the question that its release asks.
    pub(super) async fn waiting(&self, id: DeliveryId) -> Result<Waiting> {
        let delivery = self.store.delivery(id).await?.ok_or(ServiceError::NotFound)?;
        let document = self.store.document(delivery.sender, delivery.document).await?;
        let document = document.ok_or(ServiceError::Damaged { what: "document" })?;
        let header = Raw::<Header>::parse(document.header).map_err(|_| ServiceError::Damaged {
            what: "document header",
        })?;
        let ground = match &delivery.basis {
            DeliveryBasis::Consents(consents) => Ground::Consents(consents.clone()),
            DeliveryBasis::Provision(id) => Ground::Provision(id.clone()),
        };
        let recipient = Recipient {
            unit: delivery.recipient,
            basis: Named::Fixed(ground),
        };
        let request = question(header.value(), vec![recipient]);
        Ok(Waiting {
            delivery,
            request,
            header,
        })
    }

    /// The same, for its recipient alone: other units' deliveries look like unknown ones.
    pub(super) async fn waiting_for(&self, reader: UnitId, id: DeliveryId) -> Result<Waiting> {
        let delivery = self.store.delivery(id).await?;
        if delivery.is_none_or(|delivery| delivery.recipient != reader) {
            return Err(ServiceError::NotFound);
        }
        self.waiting(id).await
    }

    /// How a document of the unit's own fares at each recipient.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for anything that is not the unit's own.
    pub async fn deliveries(
        &self,
        sender: UnitId,
        document: samrum_consent::id::DocumentId,
    ) -> Result<Vec<Delivery>> {
        let deliveries = self.store.deliveries(sender, document).await?;
        if deliveries.is_empty() {
            Err(ServiceError::NotFound)
        } else {
            Ok(deliveries)
        }
    }
}

/// What a header asks for these recipients.
fn question(header: &Header, recipients: Vec<Recipient>) -> Request {
    Request {
        document: Some(header.document),
        subjects: header.subjects.clone(),
        categories: header.categories.clone(),
        kind: header.kind,
        purpose: header.purpose,
        recipients,
    }
}
