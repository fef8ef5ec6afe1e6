//! Sending: verify what the hub can verify, decide for every recipient, hold all or nothing.

use jiff::Timestamp;
use ring::digest::{Context, SHA256};
use samrum_consent::decide::{Answer, Decision, Ground, Named, Recipient, Request, Verdict};
use samrum_consent::id::{EntryId, UnitId};
use samrum_proto::canonical::Raw;
use samrum_proto::envelope::{Header, SenderKey, SignedSlip, VerifiedEnvelope, VerifyError, verify_envelope};
use samrum_proto::statement::KeyId;

use super::{Sent, question};
use crate::ledger::{ActingRecord, Concerned, Details, Event};
use crate::service::acting::{acted, key_statement};
use crate::service::admission::{Judged, Question};
use crate::service::alarm::must_be_opened;
use crate::service::decision::{denied, is_confirmed_by_commit};
use crate::service::memory::{KnownUnit, Reading};
use crate::service::{Acting, Hub, Result, ServiceError};
use crate::store::{Change, Delivery, DeliveryBasis, DeliveryState, Document, Expect, KeyState, Lane, Write};

/// The most former keys of a unit that a signature is compared with, newest first.
const MAX_FORMER_KEYS: usize = 8;

/// An envelope as it came.
#[derive(Debug)]
pub struct Sending {
    /// Raw canonical header.
    pub header: Vec<u8>,
    /// Sealed chunks.
    pub body: Vec<u8>,
    /// One per recipient.
    pub slips: Vec<SignedSlip>,
}

/// Everything that a send has verified before it is decided.
struct Verified<'a> {
    sending: &'a Sending,
    envelope: VerifiedEnvelope,
    key_id: KeyId,
    digest: [u8; 32],
    request: Request,
}

/// A send that has been verified and decided.
struct Prepared<'a> {
    verified: Verified<'a>,
    acting: ActingRecord,
    judged: Judged,
    now: Timestamp,
}

impl Verified<'_> {
    /// What the sending asks, with what it answers.
    fn question(&self) -> Question<'_> {
        Question {
            request: &self.request,
            in_reply_to: self.envelope.header().value().in_reply_to,
        }
    }
}

impl Hub {
    /// Admits a document for all its recipients, or for none. The same id and bytes repeat the answer; a
    /// denial uses up no id.
    ///
    /// # Errors
    /// A refusal with its decision; what is malformed, unsigned, stale, unknown; [`ServiceError::IdReused`].
    pub async fn send(&self, unit: UnitId, sending: &Sending, acting: &Acting) -> Result<Sent> {
        let asked = (sending, acting);
        if let Ok(prepared) = self.prepare(unit, asked, Reading::Remembered).await
            && is_confirmed_by_commit(&prepared.judged.decision)
        {
            match self.hold(unit, prepared).await {
                // The document is not new, or something has changed.
                Err(ServiceError::LostRace) => {}
                outcome => return outcome,
            }
        }
        if let Some(sent) = self.sent_before(unit, sending).await? {
            return Ok(sent);
        }
        // What is remembered turns nobody away.
        let prepared = self.prepare(unit, asked, Reading::Fresh).await?;
        if denied(&prepared.judged.decision) {
            Err(self.turn_away(unit, prepared).await?)
        } else {
            self.hold(unit, prepared).await
        }
    }

    /// Writes the denial down and asks whoever was never asked.
    async fn turn_away(&self, unit: UnitId, prepared: Prepared<'_>) -> Result<ServiceError> {
        let details = self.send_entry(unit, &prepared)?;
        let (decision, people) = (&prepared.judged.decision, prepared.judged.people.clone());
        let refused = self.refuse(&details, decision, vec![unit], people).await?;
        self.ask_never_asked(unit, &prepared.verified.request, decision)
            .await;
        Ok(refused)
    }

    fn send_entry(&self, unit: UnitId, prepared: &Prepared<'_>) -> Result<Details> {
        let by = (unit, prepared.acting.clone());
        let question = prepared.verified.question();
        let decision = &prepared.judged.decision;
        let mut details = self.decision_entry(Event::Send, by, &question, decision, prepared.now)?;
        if let Some(matter) = details.matter.as_mut() {
            matter.sender = Some(unit.to_string());
        }
        Ok(details)
    }

    /// Holds what was permitted: body, document, deliveries and entry as one.
    async fn hold(&self, unit: UnitId, prepared: Prepared<'_>) -> Result<Sent> {
        let details = self.send_entry(unit, &prepared)?;
        let Prepared {
            verified,
            judged,
            now,
            ..
        } = prepared;
        // Recipients may have the receipt of what was sent to them alone once it is released to them.
        let concerned = Concerned {
            units: vec![unit],
            people: judged.people.clone(),
            ..Concerned::default()
        };
        let entry = self.entry(&details, concerned)?;
        let lane = self.lane_of(&judged.decision);
        let document = verified.envelope.header().value().document;
        let (writes, deliveries) = self.held(unit, &verified, &judged, entry.id, now)?;
        let mut expects = judged.expects;
        expects.push(Expect::NewDocument(unit, document));
        let change = Change {
            expects,
            writes,
            entries: vec![entry],
        };
        let (recorded, _) = self.commit_in(lane, change).await?;
        Ok(Sent { recorded, deliveries })
    }

    /// Verifies and decides.
    async fn prepare<'a>(
        &self,
        unit: UnitId,
        (sending, acting): (&'a Sending, &Acting),
        reading: Reading,
    ) -> Result<Prepared<'a>> {
        let own = self.unit_with_key(unit, reading).await?;
        let verified = self.verify(&own, sending).await?;
        let now = match reading {
            Reading::Remembered => self.store.just_now().await?,
            Reading::Fresh => self.store.now().await?,
        };
        let acting = acted(own.key()?.value(), unit, acting, now)?;
        let judged = self
            .judge(unit, (&verified.question(), &acting.role), reading, now)
            .await?;
        if !denied(&judged.decision) {
            refuse_stale_keys(&judged, &verified)?;
        }
        Ok(Prepared {
            verified,
            acting,
            judged,
            now,
        })
    }

    /// What a duty carries to anybody waits for nobody.
    fn lane_of(&self, decision: &Decision) -> Lane {
        let by_duty = |verdict: &Verdict| match &verdict.answer {
            Answer::Permit(Ground::Provision(id)) => self.is_duty(id),
            Answer::Permit(Ground::Consents(_)) | Answer::Deny(_) => false,
        };
        if decision.verdicts.iter().any(by_duty) {
            Lane::Duty
        } else {
            Lane::Ordinary
        }
    }

    /// Signatures, lengths, limits and names, under the unit's current key.
    async fn verify<'a>(&self, own: &KnownUnit, sending: &'a Sending) -> Result<Verified<'a>> {
        let (unit, key) = (own.record.unit.id, own.key()?);
        let sender = SenderKey {
            unit,
            verifying_key: key.value().signing_public_key,
        };
        let verified = verify_envelope(&sending.header, &sending.body, &sending.slips, &sender);
        let envelope = match verified {
            Err(VerifyError::SignatureInvalid { .. }) => return Err(self.unsigned(unit, sending).await?),
            verified => verified.map_err(envelope_error)?,
        };
        let length = envelope.header().value().body_length.plaintext();
        if length > self.max_body_bytes as u64 {
            return Err(ServiceError::LimitExceeded {
                field: "body",
                limit: self.max_body_bytes,
            });
        }
        let recipients = envelope.slips().iter().map(|slip| {
            let slip = slip.slip().value();
            Recipient {
                unit: slip.recipient,
                basis: Named::Now(slip.basis.clone()),
            }
        });
        let request = question(envelope.header().value(), recipients.collect());
        if request.recipients.iter().any(|recipient| recipient.unit == unit) {
            return Err(ServiceError::StateConflict(
                "a document is not sent to the unit that sends it",
            ));
        }
        Ok(Verified {
            digest: digest(sending),
            key_id: key.key_id(),
            sending,
            envelope,
            request,
        })
    }

    /// What is wrong with signatures that are not by the key in force: by a former key of the unit's, the slips need
    /// only be signed anew; by no key of its, they are nobody's.
    async fn unsigned(&self, unit: UnitId, sending: &Sending) -> Result<ServiceError> {
        let keys = self.store.unit_keys(unit).await?;
        let former = keys.into_iter().filter(|key| key.state != KeyState::Current);
        for key in former.take(MAX_FORMER_KEYS) {
            let sender = key_statement(key)?.value().sender_key();
            if verify_envelope(&sending.header, &sending.body, &sending.slips, &sender).is_ok() {
                return Ok(ServiceError::KeyStale { unit });
            }
        }
        Ok(ServiceError::SignatureInvalid { what: "slip" })
    }

    /// The answer to the same bytes sent before: they get the same answer, also when the key that signed them has been
    /// replaced meanwhile, or what permitted them has ended.
    async fn sent_before(&self, unit: UnitId, sending: &Sending) -> Result<Option<Sent>> {
        let header = Raw::<Header>::parse(sending.header.as_slice());
        let id = header
            .map_err(|error| envelope_error(error.into()))?
            .value()
            .document;
        let Some(known) = self.store.document(unit, id).await? else {
            return Ok(None);
        };
        if known.digest != digest(sending) {
            return Err(ServiceError::IdReused);
        }
        let entry = EntryId::try_from(known.answer.as_slice());
        let entry = entry.map_err(|_| ServiceError::Damaged { what: "answer" })?;
        let recorded = self.recorded_before(entry).await?;
        Ok(Some(Sent {
            recorded,
            deliveries: self.store.deliveries(unit, id).await?,
        }))
    }

    /// The document and its deliveries, as they will be held.
    fn held(
        &self,
        unit: UnitId,
        verified: &Verified<'_>,
        judged: &Judged,
        entry: EntryId,
        now: Timestamp,
    ) -> Result<(Vec<Write>, Vec<Delivery>)> {
        let header = verified.envelope.header().value();
        let document = Document {
            sender: unit,
            id: header.document,
            digest: verified.digest,
            header: verified.sending.header.clone(),
            body_size: verified.sending.body.len() as u64,
            key_id: *verified.key_id.as_bytes(),
            answer: entry.as_bytes().to_vec(),
        };
        let document = Write::Document {
            document,
            body: verified.sending.body.clone(),
            at: now,
        };
        let (mut writes, mut deliveries) = (vec![document], Vec::new());
        for slip in verified.envelope.slips() {
            let recipient = slip.slip().value().recipient;
            let delivery = Delivery {
                id: self.mint_opaque(now)?,
                sender: unit,
                document: header.document,
                recipient,
                basis: basis(&judged.decision, recipient)?,
                state: DeliveryState::Queued,
                changed_at: now,
                expires_at: later(now, self.document_lifetime),
                alarm_at: must_be_opened(header.kind).then(|| later(now, self.report_alarm)),
                alarmed: false,
                entry,
            };
            writes.push(Write::NewDelivery {
                delivery: delivery.clone(),
                slip: slip.slip().bytes().to_vec(),
                signature: slip.signature().as_bytes().to_vec(),
                subjects: judged.known_subjects.clone(),
            });
            deliveries.push(delivery);
        }
        Ok((writes, deliveries))
    }
}

/// The sender's key must be current, and every slip sealed to its recipient's current key: as they were read with the
/// revisions that the commit expects, so that a key which has changed since makes it stale.
fn refuse_stale_keys(judged: &Judged, verified: &Verified<'_>) -> Result<()> {
    let sender = judged.sender.record.unit.id;
    if judged.sender.key()?.key_id() != verified.key_id {
        return Err(ServiceError::KeyStale { unit: sender });
    }
    for slip in verified.envelope.slips() {
        let slip = slip.slip().value();
        let unit = slip.recipient;
        let recipient = judged
            .recipients
            .iter()
            .find(|known| known.record.unit.id == unit);
        let recipient = recipient.ok_or(ServiceError::RecipientUnknown { unit })?;
        if recipient.key()?.key_id() != slip.key_id {
            return Err(ServiceError::KeyStale { unit });
        }
    }
    Ok(())
}

/// What a recipient's permit rests on.
fn basis(decision: &Decision, recipient: UnitId) -> Result<DeliveryBasis> {
    let verdict = decision
        .verdicts
        .iter()
        .find(|verdict| verdict.recipient == recipient);
    match verdict.map(|verdict| &verdict.answer) {
        Some(Answer::Permit(Ground::Consents(consents))) => Ok(DeliveryBasis::Consents(consents.clone())),
        Some(Answer::Permit(Ground::Provision(id))) => Ok(DeliveryBasis::Provision(id.clone())),
        Some(Answer::Deny(_)) | None => Err(ServiceError::Internal("holding what was not permitted")),
    }
}

/// What makes two sends the same: header, body, slips and signatures, each with its length.
fn digest(sending: &Sending) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    let mut field = |bytes: &[u8]| {
        context.update(&(bytes.len() as u64).to_be_bytes());
        context.update(bytes);
    };
    field(&sending.header);
    field(&sending.body);
    for slip in &sending.slips {
        field(&slip.bytes);
        field(slip.signature.as_bytes());
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

/// The moment so long after another.
fn later(now: Timestamp, by: core::time::Duration) -> Timestamp {
    jiff::SignedDuration::try_from(by)
        .ok()
        .and_then(|by| now.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}

fn envelope_error(error: VerifyError) -> ServiceError {
    match error {
        VerifyError::SenderMismatch => ServiceError::SenderMismatch,
        VerifyError::SignatureInvalid { .. } => ServiceError::SignatureInvalid { what: "slip" },
        VerifyError::BodyMismatch { .. } => ServiceError::BodyMismatch,
        VerifyError::BodyTooLong { most, .. } => ServiceError::LimitExceeded {
            field: "body",
            limit: most,
        },
        other => ServiceError::Envelope(other),
    }
}
