//! Letters: sealed, sent, fetched, opened and answered, honestly unless a test bends what it gets.

use ring::rand::SystemRandom;
use samrum_consent::id::{DeliveryId, DocumentId, IndividualId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::canonical::Raw;
use samrum_proto::envelope::{
    Draft, Header, OpenError, Opened, OwnKey, Recipient, SealedEnvelope, SenderKey, Signature, SignedSlip,
    VerifyingKey, open, seal,
};
use samrum_proto::statement::{Answer, DeliveryAnswer, KeyId, KeyStatement, Signed};
use samrum_proto::wire::directory::v1 as directory;
use samrum_proto::wire::exchange::v1 as exchange;
use tonic::{Response, Status};

use crate::{Party, method, new_id, now_us};

/// What a document is, in tests: something to send.
pub struct Letter<'a> {
    /// Kind.
    pub kind: Kind,
    /// Categories.
    pub categories: &'a [Category],
    /// Subjects.
    pub subjects: &'a [IndividualId],
    /// Basis for every recipient.
    pub basis: Basis,
    /// Text.
    pub text: &'a str,
    /// Recipients.
    pub to: &'a [&'a Party],
}

impl<'a> Letter<'a> {
    /// A note about a child's school, on consent.
    pub fn note(child: &'a IndividualId, to: &'a [&'a Party]) -> Self {
        Self {
            kind: Kind::Note,
            categories: &[Category::SchoolSituation],
            subjects: std::slice::from_ref(child),
            basis: Basis::Consent,
            text: "Anteckning efter mötet",
            to,
        }
    }

    /// A report of concern about somebody whom no register knows: a duty.
    pub fn report(to: &'a [&'a Party]) -> Self {
        Self {
            kind: Kind::ConcernReport,
            categories: &[Category::HomeFamily],
            subjects: &[],
            basis: Basis::Duty,
            text: "Oro för barnet",
            to,
        }
    }
}

impl Party {
    /// Seals a letter to the keys that the directory shows now.
    pub async fn seal(&self, letter: &Letter<'_>) -> SealedEnvelope {
        self.seal_as(new_id(), letter).await
    }

    /// Seals a letter under this id.
    pub async fn seal_as(&self, document: Vec<u8>, letter: &Letter<'_>) -> SealedEnvelope {
        self.seal_with_keys_of(self, document, letter).await
    }

    /// Seals a letter to the keys that the directory shows another party, whose connection is known to hold.
    pub async fn seal_with_keys_of(
        &self,
        reader: &Self,
        document: Vec<u8>,
        letter: &Letter<'_>,
    ) -> SealedEnvelope {
        let draft = self.draft(&document, letter);
        self.seal_draft(draft, reader, letter).await
    }

    /// Seals a letter that says it answers the document with this id.
    pub async fn seal_reply(&self, document: &[u8], answered: &[u8], letter: &Letter<'_>) -> SealedEnvelope {
        let draft = Draft {
            in_reply_to: Some(DocumentId::try_from(answered).unwrap()),
            ..self.draft(document, letter)
        };
        self.seal_draft(draft, self, letter).await
    }

    async fn seal_draft(&self, draft: Draft, reader: &Self, letter: &Letter<'_>) -> SealedEnvelope {
        let recipients = self.recipients(reader, letter).await;
        self.seal_text(draft, letter, &recipients)
    }

    /// Seals a letter under this id to keys that are known.
    pub fn seal_to(&self, recipients: &[Recipient], document: &[u8], letter: &Letter<'_>) -> SealedEnvelope {
        self.seal_text(self.draft(document, letter), letter, recipients)
    }

    fn seal_text(&self, draft: Draft, letter: &Letter<'_>, recipients: &[Recipient]) -> SealedEnvelope {
        let (text, random) = (letter.text.as_bytes(), SystemRandom::new());
        seal(draft, text, recipients, &self.signing, &random).unwrap().0
    }

    /// Whom a letter is sealed to, under the keys that the directory shows this reader now.
    pub async fn recipients(&self, reader: &Self, letter: &Letter<'_>) -> Vec<Recipient> {
        let mut recipients = Vec::new();
        for party in letter.to {
            let request = directory::ListUnitKeysRequest {
                unit_id: party.bytes(),
            };
            let keys = reader.directory().list_unit_keys(request).await.unwrap();
            let key_id: [u8; 32] = keys.into_inner().keys[0].key_id.as_slice().try_into().unwrap();
            recipients.push(Recipient {
                unit: party.id(),
                key_id: KeyId::from_bytes(key_id),
                public_key: party.sealing.public_key().clone(),
                basis: letter.basis.clone(),
            });
        }
        recipients
    }

    /// What a letter of this unit's says of itself before it is sealed.
    pub(crate) fn draft(&self, document: &[u8], letter: &Letter<'_>) -> Draft {
        Draft {
            document: DocumentId::try_from(document).unwrap(),
            sender: self.id(),
            kind: letter.kind,
            categories: letter.categories.iter().copied().collect(),
            subjects: letter.subjects.iter().copied().collect(),
            purpose: Purpose::Sip,
            created_at_us: now_us(),
            in_reply_to: None,
        }
    }

    /// The request that sends an envelope.
    pub fn sending(&self, document: &[u8], envelope: SealedEnvelope) -> exchange::SendDocumentRequest {
        exchange::SendDocumentRequest {
            header: envelope.header,
            body: envelope.body,
            slips: envelope
                .slips
                .into_iter()
                .map(|slip| exchange::Slip {
                    slip: slip.bytes,
                    signature: slip.signature.as_bytes().to_vec(),
                })
                .collect(),
            acting: Some(self.acting(method::SEND, document)),
        }
    }

    /// Seals and sends a letter.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<exchange::SendDocumentResponse, Status> {
        let document = new_id();
        let envelope = self.seal_as(document.clone(), letter).await;
        let request = self.sending(&document, envelope);
        self.exchange()
            .send_document(request)
            .await
            .map(Response::into_inner)
    }

    /// The request that fetches a delivery.
    pub fn fetching(&self, delivery: &[u8]) -> exchange::FetchDocumentRequest {
        exchange::FetchDocumentRequest {
            delivery_id: delivery.to_vec(),
            acting: Some(self.acting(method::FETCH, delivery)),
        }
    }

    /// Fetches a delivery.
    pub async fn fetch(&self, delivery: &[u8]) -> Result<exchange::FetchDocumentResponse, Status> {
        let request = self.fetching(delivery);
        self.exchange()
            .fetch_document(request)
            .await
            .map(Response::into_inner)
    }

    /// Opens what was fetched, judging the sender by its organisation's key.
    pub fn open(
        &self,
        fetched: &exchange::FetchDocumentResponse,
        key_id: KeyId,
        organisation: &VerifyingKey,
    ) -> Result<Opened, OpenError> {
        let sender = Signed::<KeyStatement>::verify(
            &fetched.sender_key_statement,
            &fetched.sender_key_signature,
            organisation,
        );
        let sender: SenderKey = sender.unwrap().value().sender_key();
        assert_eq!(sender.unit.as_bytes().as_slice(), fetched.sender_unit_id);
        let slip = fetched.slip.clone().unwrap();
        let slip = SignedSlip {
            bytes: slip.slip,
            signature: Signature::try_from(slip.signature.as_slice()).unwrap(),
        };
        let own = OwnKey {
            unit: self.id(),
            key_id,
            key_pair: &self.sealing,
        };
        open(&fetched.header, &slip, &fetched.body, &sender, &own)
    }

    /// The party's answer to a delivery with this header, as it is signed.
    pub fn answer(&self, delivery: &[u8], header: &[u8], answer: Answer) -> Signed<DeliveryAnswer> {
        let header = Raw::<Header>::parse(header).unwrap();
        let answer = DeliveryAnswer {
            delivery: DeliveryId::try_from(delivery).unwrap(),
            document: header.value().document,
            recipient: self.unit_or_nobody(),
            answer,
            at_us: now_us(),
            header_hash: header.hash(),
        };
        Signed::sign(answer, &self.signing).unwrap()
    }

    /// The request that confirms a delivery with a signed answer.
    pub fn acknowledging(
        &self,
        delivery: &[u8],
        answer: &Signed<DeliveryAnswer>,
    ) -> exchange::AcknowledgeDocumentRequest {
        exchange::AcknowledgeDocumentRequest {
            delivery_id: delivery.to_vec(),
            answer: answer.bytes().to_vec(),
            signature: answer.signature().as_bytes().to_vec(),
            acting: Some(self.acting(method::ACKNOWLEDGE, delivery)),
        }
    }

    /// The request that refuses a delivery with a signed answer.
    pub fn rejecting(
        &self,
        delivery: &[u8],
        answer: &Signed<DeliveryAnswer>,
    ) -> exchange::RejectDocumentRequest {
        exchange::RejectDocumentRequest {
            delivery_id: delivery.to_vec(),
            answer: answer.bytes().to_vec(),
            signature: answer.signature().as_bytes().to_vec(),
            acting: Some(self.acting(method::REJECT, delivery)),
        }
    }
}
