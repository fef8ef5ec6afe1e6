//! Two names under which a hub is known: to browsers, and in its ledger.
//!
//! Source: RFC 6454 §4 (web origin); C2SP signed-note and tlog-checkpoint (log origin).

use core::fmt;
use core::str::FromStr;
use std::net::IpAddr;

use tonic::codegen::http::Uri;

use super::ConfigError;
use crate::transport::tls::Mode;

/// The longest origin of either kind, in bytes.
const MAX_LENGTH: usize = 255;

/// The origin under which browsers reach the pages.
///
/// **Shape**: `https://host` or `https://host:port`, no trailing slash. In development also `http` on
/// loopback, where nothing passes a wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebOrigin(String);

impl WebOrigin {
    pub(super) fn parse(text: &str, mode: Mode) -> Result<Self, ConfigError> {
        Self::judge(text, mode).ok_or(ConfigError::Invalid {
            key: "web_origin",
            allowed: "https://host or https://host:port without path, query or user name; \
                      with --dev also http://localhost or a loopback address",
        })
    }

    fn judge(text: &str, mode: Mode) -> Option<Self> {
        // `Uri` drops fragments silently and keeps user names in the authority.
        if text.len() > MAX_LENGTH || text.contains(['#', '?', '@']) {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let (scheme, host) = (uri.scheme_str()?, uri.host()?);
        let allowed = match scheme {
            "https" => true,
            "http" => mode.is_development() && is_loopback(host),
            _ => false,
        };
        let port_is_number = uri.authority()?.as_str().len() == host.len() || uri.port_u16().is_some();
        if !allowed || host.is_empty() || !port_is_number || uri.path() != "/" {
            return None;
        }
        Some(Self(format!("{scheme}://{}", uri.authority()?)))
    }

    /// The origin, without trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name under which the ledger's checkpoints are signed. Choose it once: receipts name it for good.
///
/// **Shape**: 1 to 255 visible ASCII characters without `+`, such as `samrum.example.org/log`.
///
/// Source: C2SP tlog-checkpoint ("origin"), signed-note ("key name").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOrigin(String);

impl LogOrigin {
    /// The name as it stands on the first line of a checkpoint.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogOrigin {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'+';
        if (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ConfigError::Invalid {
                key: "log_origin",
                allowed: "1 to 255 visible ASCII characters without +, such as samrum.example.org/log",
            })
        }
    }
}

impl fmt::Display for LogOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
