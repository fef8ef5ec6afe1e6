//! One caller's conversation with one hub: what every call has in common.
//!
//! The calls themselves are one file per service in this folder.

mod audit;
mod consent;
mod decision;
mod directory;
mod exchange;
mod fact;
mod inbox;
mod individual;
mod ledger;
mod open;
mod provision;
mod quic_again;
mod send;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::call::{DEFAULT_DEADLINE, MAX_DEADLINE};
use crate::clock::{Clock, SystemClock, mint};
use crate::error::{Error, Local, Result};
use crate::keyring::{Keyring, KeyringError, UnitKeys};
use crate::outbox::Outbox;
use crate::pin::KnownOrganisations;
use crate::profile::Profile;
use crate::storage::{Disk, LocalDisk};
use crate::ticket::Tickets;
use crate::transport::way::{Transport, Way};
use crate::transport::{self, Channels, Wish};
use samrum_consent::id::{EntryId, RequestId};
use samrum_proto::envelope::Randomness;
use samrum_proto::statement::{ActingStatement, Signed};
use samrum_proto::wire::directory::v1 as directory_wire;
use samrum_proto::wire::ledger::v1::Ticket;

pub use audit::Search;
pub use consent::{ConsentReceipt, Evidence, Narrowing};
pub use decision::Question;
pub use directory::{NewAuthority, NewOrganisation, NewUnit, Reported, TrustedKeys};
pub use fact::{FoundCircumstance, FoundOfPerson};
pub use inbox::{InboxStep, MAX_CURSOR_BYTES, SILENCE, Watch};
pub use individual::{CareOrder, CustodySource, PersonInput, Representation, RepresentativeInput};
pub use ledger::{Audit, Finding, FindingKind, MERGE_PATIENCE_US, ProvenEntry};
pub use open::OpenedDelivery;
pub use send::{Outgoing, RetryOutcome};

/// The most bytes of one answer.
pub const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;
/// The most pages that are fetched of one list.
pub const MAX_PAGES: usize = 100;
/// How many rows are asked for at once.
pub const PAGE_SIZE: u32 = 200;

/// What a client takes from the machine it runs on.
#[derive(Clone)]
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Bytes that nobody can predict.
    pub randomness: Arc<dyn Randomness>,
    /// The file system.
    pub disk: Arc<dyn Disk>,
}

impl Default for Surroundings {
    /// The machine's own.
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(ring::rand::SystemRandom::new()),
            disk: Arc::new(LocalDisk),
        }
    }
}

/// A caller of one hub, with the keys and memory of one profile.
#[derive(Clone)]
pub struct Client {
    channels: Channels,
    profile: Arc<Profile>,
    deadline: Duration,
    surroundings: Surroundings,
}

impl Client {
    /// A client that connects at its first call, the way that its profile names.
    ///
    /// # Errors
    /// When a certificate or key file cannot be used.
    pub fn new(profile: Profile, surroundings: Surroundings) -> Result<Self> {
        let transport = profile.transport();
        Self::over(transport, profile, surroundings)
    }

    /// The same, this way.
    ///
    /// # Errors
    /// When a certificate or key file cannot be used.
    pub fn over(transport: Transport, profile: Profile, surroundings: Surroundings) -> Result<Self> {
        let wish = Wish {
            transport,
            avoid_quic: quic_again::left(&profile, surroundings.clock.now()),
        };
        let channels = transport::connect(profile.hub(), profile.tls(), wish)?;
        Ok(Self {
            channels,
            profile: Arc::new(profile),
            deadline: DEFAULT_DEADLINE,
            surroundings,
        })
    }

    /// The same client with another deadline for each call, at most [`MAX_DEADLINE`].
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self {
            deadline: deadline.min(MAX_DEADLINE),
            ..self
        }
    }

    /// Which way connections are to be made.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.channels.transport()
    }

    /// Which way the last connection was made; nothing before the first.
    #[must_use]
    pub fn way(&self) -> Option<Way> {
        self.channels.way()
    }

    /// Goes on from another address of this machine, with every call and every stream under way. Over QUIC only: where
    /// there is no QUIC connection, nothing happens.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn move_to(&self, address: SocketAddr) -> std::io::Result<()> {
        self.channels.move_to(address).await
    }

    /// Says goodbye to the hub, and remembers for the next client of this profile whether QUIC got through. Who ends without
    /// it holds a QUIC connection's place at the hub until that has been silent for eight seconds.
    pub async fn close(&self) {
        self.channels.close().await;
        quic_again::keep(self);
    }

    /// The profile.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The unit's keys.
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        Keyring::of(&self.profile)
    }

    /// What the hub has not answered for.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        Outbox::of(&self.profile)
    }

    fn tickets(&self) -> Tickets {
        Tickets::of(&self.profile)
    }

    fn known_organisations(&self) -> KnownOrganisations {
        KnownOrganisations::of(&self.profile)
    }

    fn disk(&self) -> &dyn Disk {
        self.surroundings.disk.as_ref()
    }

    fn randomness(&self) -> &dyn Randomness {
        self.surroundings.randomness.as_ref()
    }

    fn now_us(&self) -> i64 {
        self.surroundings.clock.now().as_microsecond()
    }

    fn mint_request(&self) -> Result<RequestId> {
        Ok(RequestId::from(mint(
            self.surroundings.clock.now(),
            self.randomness(),
        )?))
    }

    /// Verifies and keeps the ticket of an answer.
    fn keep(&self, ticket: Option<&Ticket>) -> Result<EntryId> {
        self.tickets().keep(self.disk(), ticket)
    }

    /// Who acts in this call, signed by the unit's key in force.
    fn acting(&self, method: &str, request: [u8; 16]) -> Result<directory_wire::ActingStatement> {
        // A profile that can never act is told so before anybody looks for keys.
        self.profile.unit()?;
        self.profile.professional()?;
        let keys = self.keyring().in_force()?;
        self.acting_with(&keys, method, request)
    }

    /// The same for a no, which waits for no key: a unit whose keys are gone says it without naming who acts, and the hub
    /// takes that where the unit has no key in force.
    fn acting_for_a_no(&self, method: &str, request: [u8; 16]) -> Result<directory_wire::ActingStatement> {
        match self.acting(method, request) {
            Err(Error::Local(Local::Keyring(KeyringError::NoKeys | KeyringError::NotRegistered))) => {
                Ok(directory_wire::ActingStatement::default())
            }
            acting => acting,
        }
    }

    fn acting_with(
        &self,
        keys: &UnitKeys,
        method: &str,
        request: [u8; 16],
    ) -> Result<directory_wire::ActingStatement> {
        let professional = self.profile.professional()?;
        let statement = ActingStatement {
            unit: self.profile.unit()?,
            user: professional.user.clone(),
            role: professional.role.clone(),
            assurance_level: professional.assurance_level,
            method: method.to_owned(),
            request,
            issued_at_us: self.now_us(),
        };
        let signed = Signed::sign(statement, &keys.signing)?;
        Ok(directory_wire::ActingStatement {
            statement: signed.bytes().to_vec(),
            signature: signed.signature().as_bytes().to_vec(),
        })
    }
}

/// The caller of one service's method: `unary!(self, area::Service::method, message)`.
macro_rules! unary {
    ($client:expr, $module:ident :: $service:ident . $method:ident, $message:expr) => {{
        unary!(
            $client,
            $client.channels.control,
            $module::$service.$method,
            $message
        )
    }};
    ($client:expr, $channel:expr, $module:ident :: $service:ident . $method:ident, $message:expr) => {{
        let channel = $channel.clone();
        $crate::call::call($client.deadline, $message, move |request| {
            let mut service = $module::$service::new(channel.clone())
                .max_decoding_message_size($crate::client::MAX_MESSAGE_BYTES);
            async move { service.$method(request).await }
        })
        .await
    }};
}
use unary;
