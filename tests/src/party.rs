//! A caller under test: a unit with its keys, an auditor, an operator; honest unless a test bends it.

use std::time::SystemTime;

use ring::rand::SystemRandom;
use samrum_consent::id::UnitId;
use samrum_proto::envelope::{SealingKeyPair, SigningKeyPair, Suite};
use samrum_proto::statement::{ActingStatement, KeyId, KeyState, KeyStateChange, KeyStatement, Signed};
use samrum_proto::wire::audit::v1::audit_service_client::AuditServiceClient;
use samrum_proto::wire::consent::v1::consent_service_client::ConsentServiceClient;
use samrum_proto::wire::decision::v1::decision_service_client::DecisionServiceClient;
use samrum_proto::wire::directory::v1 as directory;
use samrum_proto::wire::directory::v1::directory_service_client::DirectoryServiceClient;
use samrum_proto::wire::exchange::v1::exchange_service_client::ExchangeServiceClient;
use samrum_proto::wire::individual::v1::individual_service_client::IndividualServiceClient;
use samrum_proto::wire::ledger::v1::ledger_service_client::LedgerServiceClient;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http;
use tonic_health::pb::health_client::HealthClient;
use tower::ServiceExt as _;

use crate::channel::Calls;

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
    channel: Calls,
}

macro_rules! clients {
    ($($name:ident: $client:ident),*) => {$(
        #[doc = concat!("A client of the ", stringify!($name), " service.")]
        pub fn $name(&self) -> $client<Calls> {
            $client::new(self.channel.clone())
        }
    )*};
}

impl Party {
    pub(crate) fn new(name: &'static str, channel: Calls) -> Self {
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
        audit: AuditServiceClient,
        health: HealthClient
    );

    /// Calls a path with bytes that no client sends: a frame of gRPC whose message is not one.
    pub async fn call_with_garbage(&self, path: &str, message: &str) -> Status {
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        let frame = [&[0_u8][..], &length, message.as_bytes()].concat();
        let request = http::Request::post(format!("https://localhost{path}"))
            .header(http::header::CONTENT_TYPE, "application/grpc")
            .header(http::header::TE, "trailers")
            .body(Body::new(String::from_utf8(frame).unwrap()))
            .unwrap();
        let answer = self.channel.clone().oneshot(request).await.unwrap();
        Status::from_header_map(answer.headers()).expect("a failed call has no more than headers")
    }

    /// Another caller on the same connection.
    #[must_use]
    pub fn on_the_same_connection(&self) -> Self {
        Self::new(self.name, self.channel.clone())
    }

    /// Goes on over another connection.
    pub(crate) fn reconnect(&mut self, channel: Calls) {
        self.channel = channel;
    }

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

    /// The request that puts the unit's key in force, signed by this organisation.
    pub fn rotating(&self, organisation: &SigningKeyPair) -> directory::RotateUnitKeyRequest {
        let signed = Signed::sign(self.key_statement(), organisation).unwrap();
        directory::RotateUnitKeyRequest {
            statement: signed.bytes().to_vec(),
            organisation_signature: signed.signature().as_bytes().to_vec(),
        }
    }

    /// Puts the unit's key in force; answers with its id.
    pub async fn register_key(&self, organisation: &SigningKeyPair) -> KeyId {
        let request = self.rotating(organisation);
        let answer = self.directory().rotate_unit_key(request).await.unwrap();
        KeyId::from_bytes(answer.into_inner().key_id.try_into().unwrap())
    }

    /// The request that reports a key of the unit as compromised, signed by this organisation.
    pub fn reporting(
        &self,
        key_id: KeyId,
        organisation: &SigningKeyPair,
    ) -> directory::ReportCompromisedKeyRequest {
        self.changing(key_id, KeyState::Compromised, now_us(), organisation)
    }

    /// The same with any state and time.
    pub fn changing(
        &self,
        key_id: KeyId,
        state: KeyState,
        at_us: i64,
        organisation: &SigningKeyPair,
    ) -> directory::ReportCompromisedKeyRequest {
        let change = KeyStateChange {
            unit: self.id(),
            key_id,
            state,
            at_us,
        };
        let signed = Signed::sign(change, organisation).unwrap();
        directory::ReportCompromisedKeyRequest {
            statement: signed.bytes().to_vec(),
            organisation_signature: signed.signature().as_bytes().to_vec(),
        }
    }

    /// The directory's list of this party's keys, newest first, as a reader sees it.
    pub async fn keys_as_seen_by(&self, reader: &Self) -> Vec<directory::UnitKey> {
        let request = directory::ListUnitKeysRequest {
            unit_id: self.bytes(),
        };
        let listed = reader.directory().list_unit_keys(request).await;
        listed.unwrap().into_inner().keys
    }

    /// Throws the keys away and puts new ones in force; answers with the id of the new and the old pair.
    pub async fn renew_key(&mut self, organisation: &SigningKeyPair) -> (KeyId, SealingKeyPair) {
        let random = SystemRandom::new();
        self.signing = SigningKeyPair::generate(&random).unwrap();
        let old = std::mem::replace(&mut self.sealing, SealingKeyPair::generate(&random).unwrap());
        (self.register_key(organisation).await, old)
    }

    /// An acting professional's statement for one call.
    pub fn acting(&self, method: &str, request: &[u8]) -> directory::ActingStatement {
        self.acting_at(method, request, now_us())
    }

    /// The same, made at another time.
    pub fn acting_at(&self, method: &str, request: &[u8], issued_at_us: i64) -> directory::ActingStatement {
        let statement = ActingStatement {
            issued_at_us,
            ..self.stating(method, request)
        };
        self.state(statement)
    }

    /// What the statement says, before it is signed. Who is no unit states an id that is nobody's.
    pub fn stating(&self, method: &str, request: &[u8]) -> ActingStatement {
        ActingStatement {
            unit: self.unit_or_nobody(),
            user: "anna.k".to_owned(),
            role: "SOCIAL_SECRETARY".to_owned(),
            assurance_level: 3,
            method: method.to_owned(),
            request: request.try_into().unwrap(),
            issued_at_us: now_us(),
        }
    }

    /// The unit's id, or one that is nobody's.
    pub(crate) fn unit_or_nobody(&self) -> UnitId {
        self.unit.unwrap_or(UnitId::from_bytes([0; 16]))
    }

    /// Signs a statement with the party's key, whatever it says.
    pub fn state(&self, statement: ActingStatement) -> directory::ActingStatement {
        let signed = Signed::sign(statement, &self.signing).unwrap();
        directory::ActingStatement {
            statement: signed.bytes().to_vec(),
            signature: signed.signature().as_bytes().to_vec(),
        }
    }
}

/// A fresh signing key.
pub fn signing_key() -> SigningKeyPair {
    SigningKeyPair::generate(&SystemRandom::new()).unwrap()
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
pub fn now() -> SystemTime {
    #[expect(clippy::disallowed_methods, reason = "the harness has this one clock")]
    SystemTime::now()
}

/// Now, in microseconds since the epoch.
pub fn now_us() -> i64 {
    let elapsed = now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(elapsed.as_micros()).unwrap()
}
