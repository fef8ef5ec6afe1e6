//! Settling: the recipient confirms or refuses, signed; one terminal state, ever.

use samrum_consent::id::{DeliveryId, UnitId};
use samrum_proto::statement::{Answer, DeliveryAnswer, Signed};

use super::Waiting;
use crate::ledger::Event;
use crate::service::{Acting, Hub, Recorded, Result, ServiceError};
use crate::store::DeliveryState;

/// A recipient's answer as it came.
#[derive(Debug)]
pub struct Settling {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Canonical bytes of the answer.
    pub answer: Vec<u8>,
    /// Ed25519 by the recipient's current key.
    pub signature: Vec<u8>,
}

impl Hub {
    /// Records the recipient's answer; repeating it repeats the receipt.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for other units' deliveries; an answer about something else or unsigned;
    /// [`ServiceError::StateConflict`] before release, or after the other answer.
    pub async fn settle(
        &self,
        recipient: UnitId,
        settling: &Settling,
        wanted: DeliveryState,
        acting: &Acting,
    ) -> Result<Recorded> {
        let waiting = self.waiting_for(recipient, settling.delivery).await?;
        let signed = self.judge_answer(recipient, &waiting, settling).await?;
        let (event, state) = match signed.value().answer {
            Answer::Acknowledged => (Event::Acknowledged, DeliveryState::Acknowledged),
            Answer::Rejected { .. } => (Event::Rejected, DeliveryState::Rejected),
        };
        if state != wanted {
            return Err(ServiceError::StateConflict(
                "the signed answer says the other thing",
            ));
        }
        if waiting.delivery.state == state {
            return self.recorded_before(waiting.delivery.entry).await;
        }
        if waiting.delivery.state != DeliveryState::Released {
            let problem = "only a document that was released and not yet answered can be answered";
            return Err(ServiceError::StateConflict(problem));
        }
        let now = self.store.now().await?;
        let acting = self.acting(recipient, acting, now).await?;
        self.answered(&waiting, (event, state), acting, *signed.signature().as_bytes())
            .await
    }

    async fn judge_answer(
        &self,
        recipient: UnitId,
        waiting: &Waiting,
        settling: &Settling,
    ) -> Result<Signed<DeliveryAnswer>> {
        let key = self.key_in_force(recipient).await?;
        let signed = Signed::verify(
            &settling.answer,
            &settling.signature,
            &key.value().signing_public_key,
        )
        .map_err(|_| ServiceError::SignatureInvalid {
            what: "delivery answer",
        })?;
        let said: &DeliveryAnswer = signed.value();
        let about_this = said.delivery == waiting.delivery.id
            && said.document == waiting.delivery.document
            && said.recipient == recipient
            && said.header_hash == waiting.header.hash();
        if about_this {
            Ok(signed)
        } else {
            Err(ServiceError::SignatureInvalid {
                what: "delivery answer",
            })
        }
    }
}
