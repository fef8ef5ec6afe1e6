//! The two ways in: TCP, and UDP on the port of the same number.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::watch;

use super::data;
use crate::config::Config;
use crate::transport::tls::Tls;
use crate::transport::{quic, tcp};

/// How often a free number is looked for that both have free, where any will do.
const ATTEMPTS: usize = 16;

/// What is open.
pub(super) struct Doors {
    pub(super) tcp: tcp::Incoming,
    /// None where the configuration wants none, or where it cannot be had and is not insisted on.
    pub(super) quic: Option<(quic::Lanes, quic::Door)>,
}

/// Opens them.
///
/// # Errors
/// When an address cannot be bound; for QUIC only where the configuration insists on it.
pub(super) async fn open(config: &Config, tls: &watch::Receiver<Arc<Tls>>) -> anyhow::Result<Doors> {
    let mut attempts = if config.listen.port() == 0 { ATTEMPTS } else { 1 };
    loop {
        attempts -= 1;
        let tcp = tcp::bind(config.listen, tls.clone(), config.limits.accept)
            .await
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        if config.quic == Some(false) {
            return Ok(Doors { tcp, quic: None });
        }
        let address = SocketAddr::new(config.listen.ip(), tcp.local_address().port());
        let reset = data::reset_key(&config.data_directory)?;
        match quic::bind(address, tls.clone(), config.limits.accept, tcp.places(), reset) {
            Ok(quic) => {
                return Ok(Doors {
                    tcp,
                    quic: Some(quic),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && attempts > 0 => {}
            Err(error) if config.quic == Some(true) => {
                return Err(error).with_context(|| {
                    format!("cannot listen on UDP {address}; free the port, or set quic = false")
                });
            }
            // A hub that was there before QUIC was must not stay away for it: over TCP everybody reaches it.
            Err(error) => {
                tracing::error!(%address, %error, "QUIC is not served: the UDP port cannot be opened");
                return Ok(Doors { tcp, quic: None });
            }
        }
    }
}
