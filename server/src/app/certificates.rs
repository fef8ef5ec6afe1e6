//! Certificates and revocation lists while the hub runs: read again on SIGHUP and when they change.

use std::sync::Arc;

use anyhow::Context as _;
use rustls::time_provider::DefaultTimeProvider;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::Config;
use crate::transport::tls::{LOOK_INTERVAL, Reloader};

/// Under which name the health service tells of certificates and revocation lists.
pub(super) const HEALTH_SERVICE: &str = "tls";

/// Reads what the configuration names.
pub(super) fn open(config: &Config) -> anyhow::Result<Reloader> {
    let clock = Arc::new(DefaultTimeProvider);
    Ok(Reloader::open(config.tls.clone(), config.mode, clock)?)
}

/// Keeps them as their files are, until the hub stops.
///
/// # Errors
/// When the system gives no signals.
pub(super) async fn keep(mut certificates: Reloader, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let mut hangup = signal(SignalKind::hangup()).context("SIGHUP")?;
    let mut looks = interval(LOOK_INTERVAL);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = looks.tick() => {
                certificates.look().await;
            }
            Some(()) = hangup.recv() => {
                // Said and told where it failed.
                let _ = certificates.read_again().await;
            }
            stopped = stop.changed() => if stopped.is_err() || *stop.borrow() { return Ok(()) },
        }
    }
}
