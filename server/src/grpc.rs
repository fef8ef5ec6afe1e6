//! gRPC at the edge: decode → service → encode, one file per service, one map of errors.

mod audit;
mod call;
mod consent;
mod deadline;
mod decision;
mod directory;
mod encode;
mod exchange;
mod fact;
mod individual;
mod ledger;
mod status;

use core::time::Duration;
use std::sync::Arc;

use samrum_proto::wire;
use tokio::sync::watch;
use tonic::service::{Routes, RoutesBuilder};
use tonic_health::server::HealthReporter;

use crate::service::Hub;

pub(crate) use deadline::MAX_DEADLINE;

/// Bytes of one message at most: a body of 256 KiB, its sealing, 64 slips, and room.
pub(crate) const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// How many of each one unit may have under way at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PerUnit {
    /// Inbox streams.
    pub(crate) streams: usize,
    /// Sends, and as many that a duty demands; of these, one more waits.
    pub(crate) sends: usize,
}

/// What the gRPC services share.
#[derive(Clone)]
pub(crate) struct Rpc {
    hub: Arc<Hub>,
    heartbeat: Duration,
    listeners: exchange::Listeners,
    streams: exchange::UnitLimit,
    sends: exchange::UnitLimit,
    duty_sends: exchange::UnitLimit,
    stop: watch::Receiver<bool>,
}

impl Rpc {
    /// Services of this hub.
    pub(crate) fn new(
        hub: Arc<Hub>,
        heartbeat: Duration,
        limits: PerUnit,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            listeners: exchange::Listeners::following(hub.clone(), stop.clone()),
            hub,
            heartbeat,
            streams: exchange::UnitLimit::new(limits.streams),
            sends: exchange::UnitLimit::new(limits.sends),
            duty_sends: exchange::UnitLimit::new(limits.sends),
            stop,
        }
    }
}

macro_rules! serve {
    ($routes:ident, $rpc:ident, $($server:path),* $(,)?) => {
        $($routes.add_service(
            <$server>::new($rpc.clone())
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
        );)*
    };
}

/// Every service of the API, and health with its reporter; reflection when asked for.
pub(crate) fn routes(
    rpc: &Rpc,
    reflection: bool,
) -> Result<(Routes, HealthReporter), tonic_reflection::server::Error> {
    let mut routes = RoutesBuilder::default();
    serve!(
        routes,
        rpc,
        wire::directory::v1::directory_service_server::DirectoryServiceServer<Rpc>,
        wire::individual::v1::individual_service_server::IndividualServiceServer<Rpc>,
        wire::consent::v1::consent_service_server::ConsentServiceServer<Rpc>,
        wire::decision::v1::decision_service_server::DecisionServiceServer<Rpc>,
        wire::exchange::v1::exchange_service_server::ExchangeServiceServer<Rpc>,
        wire::ledger::v1::ledger_service_server::LedgerServiceServer<Rpc>,
        wire::audit::v1::audit_service_server::AuditServiceServer<Rpc>,
    );
    let (health, server) = tonic_health::server::health_reporter();
    routes.add_service(server);
    if reflection {
        let service = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(wire::DESCRIPTORS)
            .build_v1()?;
        routes.add_service(service);
    }
    let router = routes.routes().into_axum_router();
    let router = router.layer(axum::middleware::from_fn(deadline::demand));
    Ok((Routes::from(router), health))
}
