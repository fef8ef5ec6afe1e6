//! How the hub is told what to do: flags, then the environment, then one file, then defaults.
//!
//! Everything is parsed and judged here, once; the rest of the hub gets values that need no checking. The
//! file is TOML 1.0, `hub.toml` beside this crate is the annotated example. Nothing in it is secret: keys
//! are files of their own. `--dev` exists on the command line only, so that no copied file or inherited
//! environment can bring it into production.

mod argument;
mod file;
mod limit;
mod origin;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use argument::{Arguments, LogFormat};
pub use file::MAX_CONFIG_BYTES;
pub use limit::Limits;
pub use origin::{LogOrigin, WebOrigin};

use crate::store::postgres::{Server, ServerError};
use crate::transport::tls::{Mode, TlsFiles};
use file::ConfigFile;

/// The hub's configuration, complete and judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where gRPC is served, over mutual TLS.
    pub listen: SocketAddr,
    /// Whether gRPC is served over QUIC as well, on the UDP port of the same number; nothing: if that can be had.
    pub quic: Option<bool>,
    /// Where the guardian's pages are served, over plain HTTP for the proxy that ends TLS for browsers.
    pub web_listen: SocketAddr,
    /// The origin under which browsers reach the pages.
    pub web_origin: WebOrigin,
    /// The folder of the hub's keys, and of the embedded database where there is no other.
    pub data_directory: PathBuf,
    /// The servers of a PostgreSQL database; none for the embedded one.
    pub database: Vec<Server>,
    /// The hub's certificate and key, its clients' authorities, and what those have revoked.
    pub tls: TlsFiles,
    /// Whether the hub serves invented people or real ones.
    pub mode: Mode,
    /// How log lines look.
    pub log_format: LogFormat,
    /// The name under which the ledger's checkpoints are signed.
    pub log_origin: LogOrigin,
    /// All limits that can be chosen.
    pub limits: Limits,
    /// Invented people who may log in by a link; only with `--dev`.
    pub development_people: Option<PathBuf>,
}

/// Why the hub does not start with this configuration. Names the key and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is missing or cannot be read.
    #[error("cannot read the configuration {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is larger than [`MAX_CONFIG_BYTES`].
    #[error("the configuration {path} is larger than {MAX_CONFIG_BYTES} bytes")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file is not TOML, has a key that is unknown, or a value of another type.
    #[error("the configuration {path} cannot be used: {source}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, key and what was expected.
        source: toml::de::Error,
    },
    /// A key without default is nowhere set.
    #[error("{key} is not set: give it with --{flag} or as {key} in the configuration")]
    Missing {
        /// The key as the file writes it.
        key: &'static str,
        /// The flag that sets it.
        flag: &'static str,
    },
    /// A value that does not fit its key.
    #[error("{key} must be {allowed}")]
    Invalid {
        /// The key as the file writes it.
        key: &'static str,
        /// What is allowed.
        allowed: &'static str,
    },
    /// An address of a database server. It is not repeated: it might hold a password.
    #[error("database: {0}")]
    Database(#[source] ServerError),
    /// A number outside its range.
    #[error("{key} must be from {least} to {most}, not {given}")]
    OutOfRange {
        /// The key as the file writes it.
        key: &'static str,
        /// The least value that is allowed.
        least: u64,
        /// The greatest value that is allowed.
        most: u64,
        /// The value that was given.
        given: u64,
    },
}

impl Config {
    /// The configuration that `arguments` and the file they name amount to.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], when the file cannot be used, a key is missing, or a value is not allowed.
    pub fn load(arguments: Arguments) -> Result<Self, ConfigError> {
        let file = match &arguments.config {
            Some(path) => ConfigFile::read(path)?,
            None => ConfigFile::default(),
        };
        Self::from_parts(arguments, file)
    }

    fn from_parts(arguments: Arguments, file: ConfigFile) -> Result<Self, ConfigError> {
        let mode = if arguments.dev {
            Mode::Development
        } else {
            Mode::Production
        };
        let tls = file.tls.unwrap_or_default();
        let required = |key, flag, flagged: Option<PathBuf>, filed: Option<PathBuf>| {
            flagged.or(filed).ok_or(ConfigError::Missing { key, flag })
        };
        let text = |key, flag, flagged: Option<String>, filed: Option<String>| {
            flagged.or(filed).ok_or(ConfigError::Missing { key, flag })
        };
        Ok(Self {
            listen: address("listen", arguments.listen.or(file.listen), DEFAULT_LISTEN)?,
            quic: file.quic,
            web_listen: address(
                "web_listen",
                arguments.web_listen.or(file.web_listen),
                DEFAULT_WEB_LISTEN,
            )?,
            web_origin: WebOrigin::parse(
                &text("web_origin", "web-origin", arguments.web_origin, file.web_origin)?,
                mode,
            )?,
            data_directory: required(
                "data_directory",
                "data-directory",
                arguments.data_directory,
                file.data_directory,
            )?,
            database: servers(arguments.database, file.database, mode)?,
            tls: TlsFiles {
                certificate: required(
                    "tls.certificate",
                    "tls-certificate",
                    arguments.tls_certificate,
                    tls.certificate,
                )?,
                key: required("tls.key", "tls-key", arguments.tls_key, tls.key)?,
                client_authorities: required(
                    "tls.client_authorities",
                    "client-authorities",
                    arguments.client_authorities,
                    tls.client_authorities,
                )?,
                revocation_lists: Some(arguments.revocation_lists)
                    .filter(|flagged| !flagged.is_empty())
                    .or(tls.revocation_lists)
                    .unwrap_or_default(),
            },
            mode,
            log_format: arguments.log_format.or(file.log_format).unwrap_or_default(),
            log_origin: text("log_origin", "log-origin", arguments.log_origin, file.log_origin)?.parse()?,
            development_people: arguments.development_people.filter(|_| mode.is_development()),
            limits: Limits::from_file(file.limits.unwrap_or_default())?,
        })
    }
}

/// Loopback only: to be reachable from elsewhere is a decision, not a default.
const DEFAULT_LISTEN: &str = "127.0.0.1:7443";
const DEFAULT_WEB_LISTEN: &str = "127.0.0.1:7080";

fn address(key: &'static str, given: Option<String>, default: &str) -> Result<SocketAddr, ConfigError> {
    given
        .as_deref()
        .unwrap_or(default)
        .parse()
        .map_err(|_| ConfigError::Invalid {
            key,
            allowed: "an IP address with a port, such as 127.0.0.1:7443 or [::]:7443",
        })
}

/// Outside development the way to a server is this machine's own or proven to lead there.
fn servers(flagged: Vec<String>, filed: Option<Vec<String>>, mode: Mode) -> Result<Vec<Server>, ConfigError> {
    let given = if flagged.is_empty() {
        filed.unwrap_or_default()
    } else {
        flagged
    };
    given
        .iter()
        .map(|address| {
            let server: Server = address.parse()?;
            if !mode.is_development() {
                server.refuse_unprotected()?;
            }
            Ok(server)
        })
        .collect::<Result<_, _>>()
        .map_err(ConfigError::Database)
}

/// A path in the file is relative to the file, so that the hub may be started from anywhere.
fn beside(file: &Path, path: PathBuf) -> PathBuf {
    file.parent()
        .map_or_else(|| path.clone(), |folder| folder.join(&path))
}

#[cfg(test)]
mod tests;
