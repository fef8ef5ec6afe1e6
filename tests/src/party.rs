//! A caller under test: a unit with its keys, an auditor, an operator; honest unless a test bends it.

use std::time::SystemTime;

use ring::rand::SystemRandom;
use samrum_consent::id::{DocumentId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::envelope::{Draft, Recipient, SealedEnvelope, SealingKeyPair, SigningKeyPair, Suite, seal};
use samrum_proto::statement::{ActingStatement, KeyId, KeyStatement, Signed};
use samrum_proto::wire::audit::v1::audit_service_client::AuditServiceClient;
use samrum_proto::wire::consent::v1::consent_service_client::ConsentServiceClient;
use samrum_proto::wire::decision::v1::decision_service_client::DecisionServiceClient;
use samrum_proto::wire::directory::v1 as directory;
use samrum_proto::wire::directory::v1::directory_service_client::DirectoryServiceClient;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::exchange::v1::exchange_service_client::ExchangeServiceClient;
use samrum_proto::wire::individual::v1::individual_service_client::IndividualServiceClient;
use samrum_proto::wire::ledger::v1::ledger_service_client::LedgerServiceClient;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

/// A caller.
pub struct Party {
    /// The certificate's name.
    pub name: &'static str,
    /// The unit, for units.
    pub unit: Option<UnitId>,
    /// Its signing key.
    pub signing: SigningKeyPair,
    /// Its sealing key.
    pub sealing: SealingKeyPair,
    channel: Channel,
}

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

macro_rules! clients {
    ($($name:ident: $client:ident),*) => {$(
        #[doc = concat!("A client of the ", stringify!($name), " service.")]
        pub fn $name(&self) -> $client<Channel> {
            $client::new(self.channel.clone())
        }
    )*};
}

impl Party {
    pub(crate) fn new(name: &'static str, channel: Channel) -> Self {
        let unit = samrum_certs::world::UNITS.iter().find(|unit| unit.slug == name);
        let random = SystemRandom::new();
        Self {
            name,
            unit: unit.map(|unit| UnitId::from_bytes(unit.id)),
            signing: SigningKeyPair::generate(&random).unwrap(),
            sealing: SealingKeyPair::generate(&random).unwrap(),
            channel,
        }
    }

    clients!(
        directory: DirectoryServiceClient,
        individuals: IndividualServiceClient,
        consents: ConsentServiceClient,
        decisions: DecisionServiceClient,
        exchange: ExchangeServiceClient,
        ledger: LedgerServiceClient,
        audit: AuditServiceClient
    );

    /// The unit's id.
    pub fn id(&self) -> UnitId {
        self.unit.expect("a unit")
    }

    /// The unit's id on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        self.id().as_bytes().to_vec()
    }

    /// The unit's key statement.
    pub fn key_statement(&self) -> KeyStatement {
        KeyStatement {
            unit: self.id(),
            suite: Suite::XWing,
            sealing_public_key: self.sealing.public_key().clone(),
            signing_public_key: self.signing.verifying_key(),
            valid_from_us: now_us(),
        }
    }

    /// Registers the unit's key, signed by its organisation; answers with the key's id.
    pub async fn register_key(&self, organisation: &SigningKeyPair) -> KeyId {
        let signed = Signed::sign(self.key_statement(), organisation).unwrap();
        let request = directory::RotateUnitKeyRequest {
            statement: signed.bytes().to_vec(),
            organisation_signature: signed.signature().as_bytes().to_vec(),
        };
        self.directory().rotate_unit_key(request).await.unwrap();
        signed.raw().key_id()
    }

    /// An acting professional's statement for one call.
    pub fn acting(&self, method: &str, request: &[u8]) -> directory::ActingStatement {
        self.acting_at(method, request, now_us())
    }

    /// The same, made at another time.
    pub fn acting_at(&self, method: &str, request: &[u8], issued_at_us: i64) -> directory::ActingStatement {
        let statement = ActingStatement {
            unit: self.id(),
            user: "anna.k".to_owned(),
            role: "SOCIAL_SECRETARY".to_owned(),
            assurance_level: 3,
            method: method.to_owned(),
            request: request.try_into().unwrap(),
            issued_at_us,
        };
        let signed = Signed::sign(statement, &self.signing).unwrap();
        directory::ActingStatement {
            statement: signed.bytes().to_vec(),
            signature: signed.signature().as_bytes().to_vec(),
        }
    }

    /// Seals a letter to the keys that the directory shows now.
    pub async fn seal(&self, letter: &Letter<'_>) -> SealedEnvelope {
        self.seal_as(new_id(), letter).await
    }

    /// Seals a letter under this id.
    pub async fn seal_as(&self, document: Vec<u8>, letter: &Letter<'_>) -> SealedEnvelope {
        let mut recipients = Vec::new();
        for party in letter.to {
            let request = directory::ListUnitKeysRequest {
                unit_id: party.bytes(),
            };
            let keys = self
                .directory()
                .list_unit_keys(request)
                .await
                .unwrap()
                .into_inner()
                .keys;
            let key_id: [u8; 32] = keys[0].key_id.as_slice().try_into().unwrap();
            recipients.push(Recipient {
                unit: party.id(),
                key_id: KeyId::from_bytes(key_id),
                public_key: party.sealing.public_key().clone(),
                basis: letter.basis.clone(),
            });
        }
        let draft = Draft {
            document: DocumentId::try_from(document.as_slice()).unwrap(),
            sender: self.id(),
            kind: letter.kind,
            categories: letter.categories.iter().copied().collect(),
            subjects: letter.subjects.iter().copied().collect(),
            purpose: Purpose::Sip,
            created_at_us: now_us(),
            in_reply_to: None,
        };
        seal(
            draft,
            letter.text.as_bytes(),
            &recipients,
            &self.signing,
            &SystemRandom::new(),
        )
        .unwrap()
        .0
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
            .map(tonic::Response::into_inner)
    }

    /// Fetches a delivery.
    pub async fn fetch(&self, delivery: &[u8]) -> Result<exchange::FetchDocumentResponse, Status> {
        let acting = Some(self.acting(method::FETCH, delivery));
        let request = exchange::FetchDocumentRequest {
            delivery_id: delivery.to_vec(),
            acting,
        };
        self.exchange()
            .fetch_document(request)
            .await
            .map(tonic::Response::into_inner)
    }
}

/// The paths that acting statements are bound to, written out here as a second voice.
pub mod method {
    /// Sending.
    pub const SEND: &str = "/samrum.exchange.v1.ExchangeService/SendDocument";
    /// Fetching.
    pub const FETCH: &str = "/samrum.exchange.v1.ExchangeService/FetchDocument";
    /// Acknowledging.
    pub const ACKNOWLEDGE: &str = "/samrum.exchange.v1.ExchangeService/AcknowledgeDocument";
    /// Rejecting.
    pub const REJECT: &str = "/samrum.exchange.v1.ExchangeService/RejectDocument";
    /// Registering an individual.
    pub const REGISTER: &str = "/samrum.individual.v1.IndividualService/RegisterIndividual";
    /// Asking for consent.
    pub const REQUEST: &str = "/samrum.consent.v1.ConsentService/RequestConsent";
    /// Recording a yes.
    pub const RECORD: &str = "/samrum.consent.v1.ConsentService/RecordSignature";
    /// Recording a no.
    pub const DECLINE: &str = "/samrum.consent.v1.ConsentService/DeclineConsent";
    /// Narrowing.
    pub const NARROW: &str = "/samrum.consent.v1.ConsentService/NarrowConsent";
    /// Revoking.
    pub const REVOKE: &str = "/samrum.consent.v1.ConsentService/RevokeConsent";
    /// Asking.
    pub const CHECK: &str = "/samrum.decision.v1.DecisionService/Check";
}

/// A fresh id.
pub fn new_id() -> Vec<u8> {
    let mut random = [0_u8; 16];
    ring::rand::SecureRandom::fill(&SystemRandom::new(), &mut random).unwrap();
    uuid::Builder::from_random_bytes(random)
        .into_uuid()
        .as_bytes()
        .to_vec()
}

/// Now.
pub(crate) fn now() -> SystemTime {
    #[expect(clippy::disallowed_methods, reason = "the harness has this one clock")]
    SystemTime::now()
}

/// Now, in microseconds since the epoch.
pub fn now_us() -> i64 {
    let elapsed = now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(elapsed.as_micros()).unwrap()
}

/// The stable reason of a failed call.
pub fn reason(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

/// The reason and the decision's id of a refusal.
#[track_caller]
pub fn refusal(status: &Status) -> (String, Uuid) {
    assert_eq!(status.code(), Code::PermissionDenied, "{status:?}");
    let info = status.get_details_error_info().expect("a refusal says why");
    let decision = info
        .metadata
        .get("decision_id")
        .expect("a refusal names its decision");
    (info.reason.clone(), decision.parse().unwrap())
}
