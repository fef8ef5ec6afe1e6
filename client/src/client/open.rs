//! Opening a delivery: fetched, verified from the organisation's pinned key down to the last chunk, judged by its
//! kind, and only then shown and acknowledged.

use std::fmt;

use jiff::Timestamp;
use samrum_consent::id::{DeliveryId, EntryId, UnitId};
use samrum_proto::canonical::{Canonical, Raw};
use samrum_proto::convert::{self, Problem};
use samrum_proto::document::{self, InvalidDocument};
use samrum_proto::envelope::{self, Header, HeaderHash, Opened, OwnKey, Signature, SignedSlip, Slip};
use samrum_proto::statement::{Answer, DeliveryAnswer, KeyStatement, Signed};
use samrum_proto::wire::directory::v1::ActingStatement;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::exchange_service_client as service;

use super::{Client, unary};
use crate::error::{Misbehaved, Result};
use crate::view::{Content, NamedBasis, OpenedDocument};

const FETCH: &str = "/samrum.exchange.v1.ExchangeService/FetchDocument";
const ACKNOWLEDGE: &str = "/samrum.exchange.v1.ExchangeService/AcknowledgeDocument";
const REJECT: &str = "/samrum.exchange.v1.ExchangeService/RejectDocument";

/// A delivery that was fetched and is what its sender signed. Answer it.
pub struct OpenedDelivery {
    /// The document, or what is wrong with its content.
    pub document: core::result::Result<OpenedDocument, InvalidDocument>,
    delivery: DeliveryId,
    header: Raw<Header>,
}

impl fmt::Debug for OpenedDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedDelivery")
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Fetches and opens a delivery. This is the disclosure: the hub decides anew and writes it down first.
    ///
    /// # Errors
    /// [`crate::error::Error`]; nothing of a document that is not what its sender signed is returned.
    pub async fn open(&self, delivery: DeliveryId) -> Result<OpenedDelivery> {
        let message = wire::FetchDocumentRequest {
            delivery_id: delivery.as_bytes().to_vec(),
            acting: Some(self.acting(FETCH, *delivery.as_bytes())?),
        };
        let answer = unary!(
            self,
            self.channels.documents,
            service::ExchangeServiceClient.fetch_document,
            message
        )?;
        let entry_id = self.keep(answer.ticket.as_ref())?;
        let (sender, sender_key_compromised) = self.sender_key(&answer).await?;
        let opened = self.unseal(&answer, &sender)?;
        let header = opened.header.value();
        let document = match document::decode(header.kind, &opened.plaintext) {
            Ok(document) => Ok(OpenedDocument {
                delivery_id: delivery,
                document_id: header.document,
                kind: header.kind,
                sender_unit_id: header.sender,
                sender_name: None,
                individual_ids: header.subjects.iter().copied().collect(),
                categories: header.categories.iter().copied().collect(),
                purpose: header.purpose,
                created_at: Timestamp::from_microsecond(header.created_at_us)
                    .map_err(|_| Problem::Time.of("header.created_at"))?,
                in_reply_to: header.in_reply_to,
                basis: NamedBasis::from(&opened.slip.value().basis),
                title: document.title.clone(),
                content: Content::try_from(document)?,
                decision_id: convert::id("decision_id", &answer.decision_id)?,
                entry_id,
                sender_key_compromised,
            }),
            Err(invalid) => Err(invalid),
        };
        Ok(OpenedDelivery {
            document,
            delivery,
            header: opened.header,
        })
    }

    /// Confirms, signed by the unit, that the document was opened.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn acknowledge(&self, opened: &OpenedDelivery) -> Result<EntryId> {
        let (answer, acting) = self.answer(opened, Answer::Acknowledged, ACKNOWLEDGE)?;
        let message = wire::AcknowledgeDocumentRequest {
            delivery_id: opened.delivery.as_bytes().to_vec(),
            answer: answer.bytes().to_vec(),
            signature: answer.signature().as_bytes().to_vec(),
            acting: Some(acting),
        };
        let response = unary!(self, service::ExchangeServiceClient.acknowledge_document, message)?;
        self.keep(response.ticket.as_ref())
    }

    /// Says, signed by the unit, that the document cannot be accepted.
    ///
    /// # Errors
    /// [`crate::error::Error`]; [`crate::error::Misused`] when the reason is blank or longer than 500 characters.
    pub async fn reject(&self, opened: &OpenedDelivery, reason: &str) -> Result<EntryId> {
        let rejected = Answer::Rejected {
            reason: reason.trim().to_owned(),
        };
        let (answer, acting) = self.answer(opened, rejected, REJECT)?;
        let message = wire::RejectDocumentRequest {
            delivery_id: opened.delivery.as_bytes().to_vec(),
            answer: answer.bytes().to_vec(),
            signature: answer.signature().as_bytes().to_vec(),
            acting: Some(acting),
        };
        let response = unary!(self, service::ExchangeServiceClient.reject_document, message)?;
        self.keep(response.ticket.as_ref())
    }

    fn answer(
        &self,
        opened: &OpenedDelivery,
        answer: Answer,
        method: &str,
    ) -> Result<(Signed<DeliveryAnswer>, ActingStatement)> {
        let keys = self.keyring().in_force()?;
        let header_hash: HeaderHash = opened.header.hash();
        let statement = DeliveryAnswer {
            delivery: opened.delivery,
            document: opened.header.value().document,
            recipient: self.profile.unit()?,
            answer,
            at_us: self.now_us(),
            header_hash,
        };
        let signed = Signed::sign(statement, &keys.signing)?;
        Ok((
            signed,
            self.acting_with(&keys, method, *opened.delivery.as_bytes())?,
        ))
    }

    /// The sender's key as its organisation signed it, under the key of that organisation that is pinned here; and
    /// whether it was reported compromised since: then the signature alone does not tell who wrote the document.
    async fn sender_key(&self, answer: &wire::FetchDocumentResponse) -> Result<(Signed<KeyStatement>, bool)> {
        const WHAT: &str = "the sender's key statement";
        let sender: UnitId = convert::id("sender_unit_id", &answer.sender_unit_id)?;
        let trusted = self.trusted_keys(sender).await?;
        let statement = Signed::<KeyStatement>::verify(
            &answer.sender_key_statement,
            &answer.sender_key_signature,
            &trusted.organisation_key,
        )
        .map_err(|error| Misbehaved::Statement { what: WHAT, error })?;
        if statement.value().unit == sender {
            let compromised = trusted.is_compromised(statement.key_id());
            Ok((statement, compromised))
        } else {
            Err(Misbehaved::OtherStatement { what: WHAT }.into())
        }
    }

    fn unseal(&self, answer: &wire::FetchDocumentResponse, sender: &Signed<KeyStatement>) -> Result<Opened> {
        let slip = answer.slip.as_ref().ok_or_else(|| Problem::Missing.of("slip"))?;
        let signature =
            Signature::try_from(slip.signature.as_slice()).map_err(|error| Misbehaved::Statement {
                what: "the slip's signature",
                error: error.into(),
            })?;
        let signed = SignedSlip {
            bytes: slip.slip.clone(),
            signature,
        };
        let key_id = Slip::decode(&signed.bytes)
            .map_err(|error| Misbehaved::Statement {
                what: "the slip",
                error: error.into(),
            })?
            .key_id;
        let keys = self.keyring().generation(key_id)?;
        let own = OwnKey {
            unit: self.profile.unit()?,
            key_id,
            key_pair: &keys.sealing,
        };
        Ok(envelope::open(
            &answer.header,
            &signed,
            &answer.body,
            &sender.value().sender_key(),
            &own,
        )?)
    }
}
