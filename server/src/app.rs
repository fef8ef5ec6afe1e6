//! Assembly: from a configuration to a running hub, and back to rest without losing anything.

mod certificates;
mod data;
mod doors;
mod parent;

use core::convert::Infallible;
use core::time::Duration;
use std::ffi::OsString;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use futures_util::Stream;
use samrum_consent::law::Law;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tonic::service::Routes;
use tonic::transport::server::Connected;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::config::{Arguments, Config, LogFormat};
use crate::grpc::{MAX_DEADLINE, PerUnit, Rpc, routes};
use crate::jobs;
use crate::ledger::{check, sequencer};
use crate::service::{Hub, HubParts};
use crate::store::{SqlStore, Store as _, SystemClock, postgres, sqlite};
use crate::transport::caller::Caller;
use crate::transport::quic;

/// Calls under way at once on one connection.
const CALLS_PER_CONNECTION: u32 = 128;
/// How often a silent connection is asked whether its peer is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Bytes of a call's headers at most.
const MAX_HEADER_BYTES: u32 = 16 * 1024;

/// Where a running hub can be reached, and the key that judges its log.
#[derive(Debug, Clone)]
pub struct Ready {
    /// gRPC.
    pub grpc: SocketAddr,
    /// Pages.
    pub web: SocketAddr,
    /// The log's verifier key, in the form that clients pin.
    pub verifier_key: String,
}

/// The command `samrum-hub`.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = Arguments::parse_from(arguments);
    let exit_with_parent = arguments.exit_with_parent;
    match start(arguments, exit_with_parent) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the command's own last word")]
            {
                eprintln!("samrum-hub: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments, exit_with_parent: bool) -> anyhow::Result<()> {
    let config = Config::load(arguments)?;
    log_to_stderr(config.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (ready, told) = tokio::sync::oneshot::channel();
        let announce = async {
            if let Ok(ready) = told.await {
                announce(&ready);
            }
        };
        let stop = parent::stop_signal(exit_with_parent)?;
        let (outcome, ()) = tokio::join!(run(config, stop, ready), announce);
        outcome
    })
}

/// Runs a hub until `stop`; tells where it is once it serves.
///
/// # Errors
/// What kept it from starting, with the file or address; or what ended it.
pub async fn run(
    config: Config,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: tokio::sync::oneshot::Sender<Ready>,
) -> anyhow::Result<()> {
    let (hub, store) = assemble(&config).await?;
    let verifier_key = hub.log().verifier().to_string();
    let (stopping, stopped) = watch::channel(false);
    let rpc = Rpc::new(
        hub.clone(),
        config.limits.inbox_heartbeat,
        PerUnit {
            streams: config.limits.streams_per_unit,
            sends: config.limits.sends_per_unit,
        },
        stopped.clone(),
    );
    let (routes, health) = routes(&rpc, config.mode.is_development())?;
    let certificates = certificates::open(&config)?;
    let doors = doors::open(&config, &certificates.watch()).await?;
    let pages = TcpListener::bind(config.web_listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.web_listen))?;
    let here = Ready {
        grpc: doors.tcp.local_address(),
        web: pages.local_addr()?,
        verifier_key,
    };
    // Whoever waits may have gone; the hub serves all the same.
    let _ = ready.send(here);
    // The log is extended until the last call has committed: every entry of this run gets its place.
    let (closing, closed) = watch::channel(false);
    let held = jobs::hold(hub.clone(), data::run_id()?, closed.clone());
    let interval = config.limits.sequencer_interval;
    let mut sequencer = tokio::spawn({
        let (hub, held) = (hub.clone(), held.clone());
        async move { sequencer::run(&**hub.store(), hub.log(), interval, held, closed).await }
    });
    let mut tasks = JoinSet::new();
    let tls = (health.clone(), certificates::HEALTH_SERVICE);
    tasks.spawn(tell_health(tls, certificates.sound(), stopped.clone()));
    tasks.spawn(tell_health((health, ""), hub.store().ready(), stopped.clone()));
    jobs::begin(&mut tasks, &hub, held, stopped.clone());
    tasks.spawn(certificates::keep(certificates, stopped.clone()));
    let quic = doors.quic.map(|(lanes, door)| {
        tasks.spawn(serve_lanes(routes.clone(), lanes, stopped.clone()));
        door
    });
    tasks.spawn(serve_grpc(routes, doors.tcp, stopped.clone()));
    let pages_of_hub = crate::web::router(hub, site(&config)?);
    tasks.spawn(serve_pages(pages_of_hub, pages, stopped));
    let outcome = tokio::select! {
        () = stop => Ok(()),
        Some(ended) = tasks.join_next() => ended.map_err(Into::into).and_then(|ended| ended),
        ended = &mut sequencer => ended.context("the sequencer"),
    };
    tracing::info!("stopping");
    stopping.send_replace(true);
    let drained = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(config.limits.drain, drained).await.is_err() {
        tracing::warn!("some calls did not end in time");
    }
    closing.send_replace(true);
    if !sequencer.is_finished()
        && tokio::time::timeout(config.limits.drain, &mut sequencer)
            .await
            .is_err()
    {
        tracing::warn!("some entries get their place at the next start");
    }
    store.close().await;
    if let Some(door) = quic {
        door.close().await;
    }
    outcome
}

/// The hub with its store.
async fn assemble(config: &Config) -> anyhow::Result<(Arc<Hub>, SqlStore)> {
    let keys = &config.data_directory;
    data::folder(keys)?;
    let (store, log) = if config.database.is_empty() {
        let is_new = !sqlite::exists(keys);
        // Before the database: one that is there without its log's key is no new one.
        let log = data::log_key(keys, config.log_origin.as_str(), is_new)?;
        (
            sqlite::open_waiting(keys, Arc::new(SystemClock), config.limits.store_busy_timeout).await?,
            log,
        )
    } else {
        let store = postgres::open(&config.database, keys).await?;
        let is_new = store.checkpoint().await?.is_none();
        let log = data::log_key(keys, config.log_origin.as_str(), is_new)?;
        (store, log)
    };
    let agreed = match check::agree(&store, &log).await {
        Ok(agreed) => agreed,
        Err(disagreement) => {
            store.close().await;
            return Err(disagreement.into());
        }
    };
    tracing::info!(
        size = agreed.size,
        entries = agreed.entries,
        consents = agreed.consents,
        deliveries = agreed.deliveries,
        "tables and ledger agree"
    );
    let hub = Arc::new(Hub::new(HubParts {
        store: Arc::new(store.clone()),
        law: Law::embedded().context("the built-in catalogue of provisions")?,
        log,
        randomness: Arc::new(ring::rand::SystemRandom::new()),
        document_lifetime: config.limits.document_lifetime,
        report_alarm: config.limits.report_alarm,
        max_body_bytes: config.limits.inline_body_bytes,
    })?);
    Ok((hub, store))
}

fn site(config: &Config) -> anyhow::Result<crate::web::Site> {
    Ok(crate::web::Site {
        origin: config.web_origin.as_str().to_owned(),
        development_people: config
            .development_people
            .as_deref()
            .map(data::people)
            .transpose()?,
    })
}

/// Says under this name of the health service whether it is so, as often as that changes.
async fn tell_health(
    (health, service): (HealthReporter, &'static str),
    mut ready: watch::Receiver<bool>,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    loop {
        let status = if *ready.borrow_and_update() {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        health.set_service_status(service, status).await;
        tokio::select! {
            Ok(()) = ready.changed() => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        }
    }
}

async fn serve_grpc<C>(
    routes: Routes,
    incoming: impl Stream<Item = Result<C, Infallible>> + Send + 'static,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()>
where
    C: AsyncRead + AsyncWrite + Connected<ConnectInfo = Caller> + Unpin + Send + 'static,
{
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    tonic::transport::Server::builder()
        .timeout(MAX_DEADLINE)
        .concurrency_limit_per_connection(CALLS_PER_CONNECTION as usize)
        .max_concurrent_streams(CALLS_PER_CONNECTION)
        .http2_keepalive_interval(Some(KEEP_ALIVE))
        .http2_max_header_list_size(MAX_HEADER_BYTES)
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, stopped)
        .await
        .context("gRPC")
}

/// The same over QUIC. Whatever ends it, TCP goes on.
async fn serve_lanes(
    routes: Routes,
    lanes: quic::Lanes,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let served = serve_grpc(routes, lanes, stop.clone()).await;
    if !*stop.borrow() {
        let problem = served
            .err()
            .unwrap_or_else(|| anyhow::anyhow!("its port has closed"));
        tracing::error!(problem = %format!("{problem:#}"), "QUIC is not served any more; TCP is");
        let _ = stop.wait_for(|stop| *stop).await;
    }
    Ok(())
}

async fn serve_pages(
    router: axum::Router,
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, router)
        .with_graceful_shutdown(stopped)
        .await
        .context("pages")
}

/// One line for whoever started the hub: where it is, and the key to pin.
#[expect(clippy::print_stdout, reason = "the one line that a starter waits for")]
fn announce(ready: &Ready) {
    println!(
        "samrum-hub ready grpc={} web={} vkey={}",
        ready.grpc, ready.web, ready.verifier_key
    );
    // A closed pipe is the starter's business.
    let _ = std::io::stdout().flush();
}

fn log_to_stderr(format: LogFormat) {
    let lines = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}
