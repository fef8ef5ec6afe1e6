//! Sending: sealed and on disk before the first attempt, repeated byte for byte, wrapped and signed anew only after
//! the hub has answered that a key changed, and forgotten once the hub has judged it.
//!
//! `KEY_STALE` proves that nothing is stored under the document's id, and neither will be by an earlier attempt that
//! is still under way: keys do not come back, so that one is stale too. Therefore other bytes may go under the same id.

use std::collections::BTreeSet;

use samrum_consent::id::{DocumentId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::canonical::Canonical;
use samrum_proto::convert;
use samrum_proto::document;
use samrum_proto::envelope::{Draft, Recipient, Slip, seal};
use samrum_proto::wire::document::v1::Document;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::exchange_service_client as service;
use zeroize::Zeroizing;

use super::{Client, unary};
use crate::clock::mint;
use crate::error::{Error, Local, Result};
use crate::keyring::KeyringError;
use crate::outbox::{Claim, Waiting, slip_to_wire};
use crate::view::{Delivery, Sent};

/// How often one sending wraps anew before it gives up: keys do not change that often.
const MAX_REWRAPS: usize = 3;
const METHOD: &str = "/samrum.exchange.v1.ExchangeService/SendDocument";

/// A document to be sent. Its text is judged before it is sealed.
#[derive(Clone)]
pub struct Outgoing {
    /// What it is.
    pub kind: Kind,
    /// Whom it is about.
    pub individuals: BTreeSet<IndividualId>,
    /// What it is about.
    pub categories: BTreeSet<Category>,
    /// Why it is sent.
    pub purpose: Purpose,
    /// To whom.
    pub recipients: Vec<UnitId>,
    /// On which basis.
    pub basis: Basis,
    /// The document that it answers.
    pub in_reply_to: Option<DocumentId>,
    /// What it says.
    pub document: Document,
}

/// What became of one waiting document.
#[derive(Debug)]
pub struct RetryOutcome {
    /// Which.
    pub document: DocumentId,
    /// Sent, refused for good, or still waiting.
    pub outcome: Result<Sent>,
    /// Whether it is still in the outbox.
    pub waits: bool,
}

/// Which keys were others when the document was sealed.
#[derive(Debug, Default)]
struct Renewed {
    /// Recipients for whose newer key the content key was wrapped.
    recipients: BTreeSet<UnitId>,
    /// Whether the slips were signed with a newer key of the unit's own.
    signature: bool,
}

impl Client {
    /// Seals and sends a document.
    ///
    /// # Errors
    /// [`crate::error::Misused`] when it cannot be sealed: nothing was sent. Any other error for which the
    /// document is still in the outbox says nothing about what the hub did: [`Client::retry`] finds out.
    pub async fn send(&self, outgoing: Outgoing) -> Result<Sent> {
        let plaintext = Zeroizing::new(
            document::encode(outgoing.kind, &outgoing.document).map_err(crate::error::Misused::from)?,
        );
        let sender = self.profile.unit()?;
        let keys = self.keyring().in_force()?;
        let mut recipients = Vec::with_capacity(outgoing.recipients.len());
        for unit in &outgoing.recipients {
            recipients.push(self.recipient(*unit, outgoing.basis.clone()).await?);
        }
        let document = DocumentId::from(mint(self.surroundings.clock.now(), self.randomness())?);
        let draft = Draft {
            document,
            sender,
            kind: outgoing.kind,
            categories: outgoing.categories,
            subjects: outgoing.individuals,
            purpose: outgoing.purpose,
            created_at_us: self.now_us(),
            in_reply_to: outgoing.in_reply_to,
        };
        let (envelope, content_key) = seal(draft, &plaintext, &recipients, &keys.signing, self.randomness())?;
        let outbox = self.outbox();
        let claim = outbox.claim(document)?.ok_or(Local::Busy { document })?;
        let waiting = Waiting {
            document,
            envelope,
            content_key,
        };
        outbox.keep(self.disk(), &claim, &waiting)?;
        self.attempt(&claim, waiting).await
    }

    /// Sends what waits in the outbox, oldest first. Documents that another process is sending are passed over.
    ///
    /// # Errors
    /// When the outbox cannot be listed; what becomes of each document is told one by one.
    pub async fn retry(&self) -> Result<Vec<RetryOutcome>> {
        let outbox = self.outbox();
        let mut outcomes = Vec::new();
        for document in outbox.waiting()? {
            let Some(claim) = outbox.claim(document)? else {
                continue;
            };
            let outcome = match outbox.find(document) {
                Ok(Some(waiting)) => self.attempt(&claim, waiting).await,
                Ok(None) => {
                    outbox.remove(self.disk(), &claim, document)?;
                    continue;
                }
                Err(error) => Err(error.into()),
            };
            let waits = outbox.waiting()?.contains(&document);
            outcomes.push(RetryOutcome {
                document,
                outcome,
                waits,
            });
        }
        Ok(outcomes)
    }

    /// One round with the hub, and another each time that a key was stale.
    async fn attempt(&self, claim: &Claim, mut waiting: Waiting) -> Result<Sent> {
        let mut renewed = Renewed::default();
        for _ in 0..MAX_REWRAPS {
            match self.offer(&waiting).await {
                Err(error) if error.has_reason("KEY_STALE") => {
                    if !self.wrap_anew(claim, &mut waiting, &mut renewed, &error).await? {
                        return self.judged(claim, &waiting, Err(error), renewed);
                    }
                }
                outcome => return self.judged(claim, &waiting, outcome, renewed),
            }
        }
        let outcome = self.offer(&waiting).await;
        self.judged(claim, &waiting, outcome, renewed)
    }

    async fn offer(&self, waiting: &Waiting) -> Result<wire::SendDocumentResponse> {
        let message = wire::SendDocumentRequest {
            header: waiting.envelope.header.clone(),
            body: waiting.envelope.body.clone(),
            slips: waiting.envelope.slips.iter().map(slip_to_wire).collect(),
            acting: Some(self.acting(METHOD, *waiting.document.as_bytes())?),
        };
        unary!(
            self,
            self.channels.documents,
            service::ExchangeServiceClient.send_document,
            message
        )
    }

    /// Removes the document from the outbox when the hub has judged it, and only then.
    fn judged(
        &self,
        claim: &Claim,
        waiting: &Waiting,
        outcome: Result<wire::SendDocumentResponse>,
        renewed: Renewed,
    ) -> Result<Sent> {
        let sent = outcome.and_then(|answer| self.sent(waiting.document, &answer, renewed));
        // An answer whose ticket does not hold, or could not be kept, is asked for again: the hub repeats it.
        let is_final = match &sent {
            Ok(_) => true,
            Err(Error::Answered(answered)) => answered.is_final(),
            Err(_) => false,
        };
        if is_final {
            self.outbox().remove(self.disk(), claim, waiting.document)?;
        }
        sent
    }

    fn sent(
        &self,
        document: DocumentId,
        answer: &wire::SendDocumentResponse,
        renewed: Renewed,
    ) -> Result<Sent> {
        let entry_id = self.keep(answer.ticket.as_ref())?;
        let deliveries = answer
            .deliveries
            .iter()
            .map(Delivery::try_from)
            .collect::<convert::Result<Vec<_>>>()?;
        Ok(Sent {
            document_id: document,
            decision_id: convert::id("decision_id", &answer.decision_id)?,
            deliveries,
            entry_id,
            wrapped_anew: renewed.recipients.into_iter().collect(),
            signed_anew: renewed.signature,
        })
    }

    /// Wraps the content key anew for the recipients' keys in force, signs every slip with the unit's, and keeps that
    /// before the next attempt. Header and body stay. Adds to `renewed` what was another key before; says whether
    /// anything was.
    async fn wrap_anew(
        &self,
        claim: &Claim,
        waiting: &mut Waiting,
        renewed: &mut Renewed,
        stale: &Error,
    ) -> Result<bool> {
        let keys = self.keyring().in_force()?;
        let own = self.profile.unit()?;
        let mut changed = false;
        if stale.names_unit(own) {
            // Signed anew once: a key that is in force here and in the directory does not get newer by trying.
            let current = self.trusted_keys(own).await?;
            if current
                .current()
                .is_none_or(|current| current.key_id() != keys.key_id())
            {
                return Err(KeyringError::Replaced {
                    key_id: keys.key_id(),
                }
                .into());
            }
            changed = !renewed.signature;
            renewed.signature = true;
        }
        let slips = waiting
            .envelope
            .slips
            .iter()
            .map(|slip| Slip::decode(&slip.bytes))
            .collect::<core::result::Result<Vec<_>, _>>()?;
        for slip in slips {
            let recipient = self.recipient(slip.recipient, slip.basis).await?;
            let Waiting {
                envelope,
                content_key,
                ..
            } = &mut *waiting;
            envelope.rewrap(content_key, &recipient, &keys.signing, self.randomness())?;
            if recipient.key_id != slip.key_id {
                renewed.recipients.insert(recipient.unit);
                changed = true;
            }
        }
        if changed {
            self.outbox().keep(self.disk(), claim, waiting)?;
        }
        Ok(changed)
    }

    async fn recipient(&self, unit: UnitId, basis: Basis) -> Result<Recipient> {
        let trusted = self.trusted_keys(unit).await?;
        let current = trusted.current().ok_or_else(|| trusted.without_current(unit))?;
        Ok(Recipient {
            unit,
            key_id: current.key_id(),
            public_key: current.value().sealing_public_key.clone(),
            basis,
        })
    }
}
