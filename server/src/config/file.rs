//! The configuration file as it is written: every key optional, every unknown key an error.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::argument::LogFormat;
use super::{ConfigError, beside};

/// The most bytes that a configuration file may have.
pub const MAX_CONFIG_BYTES: usize = 64 * 1024;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigFile {
    pub(super) listen: Option<String>,
    pub(super) quic: Option<bool>,
    pub(super) web_listen: Option<String>,
    pub(super) web_origin: Option<String>,
    pub(super) data_directory: Option<PathBuf>,
    pub(super) database: Option<Vec<String>>,
    pub(super) log_origin: Option<String>,
    pub(super) log_format: Option<LogFormat>,
    pub(super) tls: Option<TlsTable>,
    pub(super) limits: Option<LimitTable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsTable {
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
    pub(super) client_authorities: Option<PathBuf>,
    pub(super) revocation_lists: Option<Vec<PathBuf>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitTable {
    pub(super) inline_body_bytes: Option<u64>,
    pub(super) inbox_heartbeat_seconds: Option<u64>,
    pub(super) document_lifetime_days: Option<u64>,
    pub(super) report_alarm_minutes: Option<u64>,
    pub(super) sequencer_interval_ms: Option<u64>,
    pub(super) store_busy_timeout_ms: Option<u64>,
    pub(super) streams_per_unit: Option<u64>,
    pub(super) sends_per_unit: Option<u64>,
    pub(super) drain_seconds: Option<u64>,
    pub(super) handshake_timeout_ms: Option<u64>,
    pub(super) handshakes: Option<u64>,
    pub(super) handshake_patience_ms: Option<u64>,
    pub(super) connections: Option<u64>,
    pub(super) connections_per_caller: Option<u64>,
    pub(super) keep_alive_seconds: Option<u64>,
    pub(super) lanes_per_connection: Option<u64>,
    pub(super) quic_handshakes_per_second: Option<u64>,
}

impl ConfigFile {
    /// Reads `path`; paths in it are relative to its folder.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let read_error = |source| ConfigError::Read {
            path: path.to_owned(),
            source,
        };
        let mut text = String::new();
        File::open(path)
            .and_then(|file| file.take(MAX_CONFIG_BYTES as u64 + 1).read_to_string(&mut text))
            .map_err(read_error)?;
        if text.len() > MAX_CONFIG_BYTES {
            return Err(ConfigError::TooLarge {
                path: path.to_owned(),
            });
        }
        let file = Self::parse(path, &text)?;
        Ok(file.relative_to(path))
    }

    /// Parses `text`; `path` is for the error only.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|source| ConfigError::Syntax {
            path: path.to_owned(),
            source,
        })
    }

    fn relative_to(mut self, path: &Path) -> Self {
        let tls = self.tls.as_mut();
        for list in tls
            .into_iter()
            .filter_map(|tls| tls.revocation_lists.as_mut())
            .flatten()
        {
            *list = beside(path, std::mem::take(list));
        }
        let tls = self.tls.as_mut();
        let in_tls = tls.map(|tls| [&mut tls.certificate, &mut tls.key, &mut tls.client_authorities]);
        for entry in in_tls.into_iter().flatten().chain([&mut self.data_directory]) {
            *entry = entry.take().map(|given| beside(path, given));
        }
        self
    }
}
