//! The command line of `samrum-hub`.
//!
//! Values are taken as they are written and judged together with the file's, so that an error reads alike
//! wherever the value came from.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use serde::Deserialize;

/// The flags of `samrum-hub`. Every flag that a file can set is also read from the environment.
#[derive(Debug, Clone, Default, Parser)]
#[command(
    name = "samrum-hub",
    version,
    about = "The Samrum hub: it admits, holds, releases and proves"
)]
pub struct Arguments {
    /// Configuration file (TOML); flags win over it
    #[arg(long, value_name = "FILE", env = "SAMRUM_HUB_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where to serve gRPC over mutual TLS
    #[arg(long, value_name = "ADDRESS:PORT", env = "SAMRUM_HUB_LISTEN")]
    pub listen: Option<String>,
    /// Where to serve the guardian's pages over plain HTTP, behind a proxy that ends TLS
    #[arg(long, value_name = "ADDRESS:PORT", env = "SAMRUM_HUB_WEB_LISTEN")]
    pub web_listen: Option<String>,
    /// Origin under which browsers reach the pages: https, host and port, no path
    #[arg(long, value_name = "ORIGIN", env = "SAMRUM_HUB_WEB_ORIGIN")]
    pub web_origin: Option<String>,
    /// Folder of the hub's keys, and of the embedded database unless --database is given
    #[arg(long, value_name = "FOLDER", env = "SAMRUM_HUB_DATA_DIRECTORY")]
    pub data_directory: Option<PathBuf>,
    /// A PostgreSQL server of the database (postgres://user@host/name); once for each that may be primary
    #[arg(long, value_name = "URL", env = "SAMRUM_HUB_DATABASE", value_delimiter = ' ')]
    pub database: Vec<String>,
    /// The hub's certificate, followed by the intermediate ones (PEM)
    #[arg(long, value_name = "FILE", env = "SAMRUM_HUB_TLS_CERTIFICATE")]
    pub tls_certificate: Option<PathBuf>,
    /// The private key of the hub's certificate (PEM)
    #[arg(long, value_name = "FILE", env = "SAMRUM_HUB_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// The authorities that issue client certificates (PEM)
    #[arg(long, value_name = "FILE", env = "SAMRUM_HUB_CLIENT_AUTHORITIES")]
    pub client_authorities: Option<PathBuf>,
    /// A list of client certificates that were revoked (PEM); may be given several times
    #[arg(
        long = "revocation-list",
        value_name = "FILE",
        env = "SAMRUM_HUB_REVOCATION_LISTS",
        value_delimiter = ','
    )]
    pub revocation_lists: Vec<PathBuf>,
    /// Name under which the ledger's checkpoints are signed, such as samrum.example.org/log
    #[arg(long, value_name = "NAME", env = "SAMRUM_HUB_LOG_ORIGIN")]
    pub log_origin: Option<String>,
    /// How log lines look
    #[arg(long, value_enum, value_name = "FORMAT", env = "SAMRUM_HUB_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Serve invented people: accept the development authority and log-in by link
    #[arg(long)]
    pub dev: bool,
    /// With --dev: invented people who may log in by a link (TOML: label = "identity number")
    #[arg(long, value_name = "FILE", requires = "dev")]
    pub development_people: Option<PathBuf>,
    /// Stop when standard input closes, so that the hub does not outlive the program that started it
    #[arg(long, hide = true)]
    pub exit_with_parent: bool,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object per line, for machines.
    Json,
}
