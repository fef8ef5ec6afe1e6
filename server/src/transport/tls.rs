//! The hub's TLS: version 1.3 only, a client certificate always, HTTP/2 only, nothing resumed.
//!
//! Resumption and early data are off: a resumed session would carry a certificate that nobody verified
//! again, and early data can be replayed. The development authority is refused outside development.
//!
//! Source: RFC 8446; ALPN, RFC 7301; the profile of certificates, RFC 5280.

mod development;
mod file;

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};

pub use development::DEVELOPMENT_AUTHORITY_ORGANISATION;
pub use file::{MAX_CERTIFICATES, MAX_FILE_BYTES};

/// The one protocol spoken inside TLS: HTTP/2.
///
/// Source: RFC 9113 §3.1.
pub const PROTOCOL: &[u8] = b"h2";

/// Whether the hub serves invented people or real ones. Chosen on the command line and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Real people: the development authority is refused, and so is a key that others can read.
    Production,
    /// Invented people: both are accepted, with a line in the log.
    Development,
}

impl Mode {
    /// Whether this is [`Mode::Development`].
    #[must_use]
    pub const fn is_development(self) -> bool {
        matches!(self, Self::Development)
    }
}

/// Where the hub's certificate, its key and the authorities of its clients lie, all in PEM.
///
/// Source: RFC 7468.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The hub's own certificate, followed by the intermediate ones.
    pub certificate: PathBuf,
    /// The private key of the hub's certificate: PKCS#8, PKCS#1 or SEC 1, not encrypted.
    pub key: PathBuf,
    /// The authorities that issue client certificates.
    pub client_authorities: PathBuf,
}

/// Why the hub cannot serve TLS. Every variant names the file and what to do; none shows its contents.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file is missing, unreadable to the hub, or not a regular file.
    #[error("cannot read {path}: {source}; check the path and the permissions")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is larger than [`MAX_FILE_BYTES`].
    #[error("{path} is larger than {MAX_FILE_BYTES} bytes; give a PEM file with only what the hub needs")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file holds broken PEM or a certificate that is not X.509.
    #[error("{path} holds a certificate that cannot be read; write it anew in PEM (RFC 7468)")]
    BadCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The file holds no certificate.
    #[error("{path} holds no certificate; it must have at least one BEGIN CERTIFICATE section")]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The file holds more than [`MAX_CERTIFICATES`] certificates.
    #[error("{path} holds more than {MAX_CERTIFICATES} certificates; remove those that issue to nobody here")]
    TooManyCertificates {
        /// The file.
        path: PathBuf,
    },
    /// The file holds no private key, or one in a form that is not understood.
    #[error(
        "{path} holds no usable private key; it must have one unencrypted PRIVATE KEY section with an \
         ECDSA P-256 or P-384, Ed25519 or RSA key"
    )]
    BadKey {
        /// The file.
        path: PathBuf,
    },
    /// Everybody on the machine can read or change the private key.
    #[error("{path} is open to every user of this machine; take it back with chmod o= and replace the key")]
    KeyOpenToOthers {
        /// The file.
        path: PathBuf,
    },
    /// The private key belongs to another certificate.
    #[error(
        "the key in {key} does not belong to the first certificate in {certificate}; give the pair that does"
    )]
    KeyMismatch {
        /// The file with the certificate.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// The hub's own certificate is not valid at this time, so that no client would accept it.
    #[error("the hub's certificate in {path} is not valid now; renew it, or correct the clock")]
    NotValidNow {
        /// The file.
        path: PathBuf,
    },
    /// The file holds or comes from the development authority, whose key is nobody's secret.
    #[error(
        "{path} holds a certificate of the development authority, which must never serve real people; \
         give certificates of your own authority, or start with --dev"
    )]
    DevelopmentAuthority {
        /// The file.
        path: PathBuf,
    },
    /// The library refused what was given; the message is its own and holds no secrets.
    #[error("TLS cannot be set up: {0}")]
    Library(#[from] rustls::Error),
}

/// The TLS configuration that every connection to the hub is held to.
///
/// `clock` tells the time against which certificates are judged.
///
/// # Errors
///
/// [`TlsError`], when a file is missing, broken, does not fit the others, or is not fit for `mode`.
pub fn server_config(
    files: &TlsFiles,
    mode: Mode,
    clock: Arc<dyn TimeProvider>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = file::certificates(&files.certificate)?;
    let authorities = file::certificates(&files.client_authorities)?;
    development::judge(&files.certificate, &chain, mode)?;
    development::judge(&files.client_authorities, &authorities, mode)?;
    file::valid_now(&files.certificate, &chain, clock.as_ref())?;
    let identity = identity(files, chain, mode, &provider)?;

    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority).map_err(|_| TlsError::BadCertificate {
            path: files.client_authorities.clone(),
        })?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| rustls::Error::General(error.to_string()))?;

    let mut config = ServerConfig::builder_with_details(provider, clock)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(Arc::new(config))
}

/// The hub's chain together with its key, proven to belong together.
fn identity(
    files: &TlsFiles,
    chain: Vec<CertificateDer<'static>>,
    mode: Mode,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, TlsError> {
    let key = file::key(&files.key, mode)?;
    let signer = provider
        .key_provider
        .load_private_key(key)
        .map_err(|_| TlsError::BadKey {
            path: files.key.clone(),
        })?;
    let identity = CertifiedKey::new(chain, signer);
    match identity.keys_match() {
        Ok(()) => Ok(identity),
        Err(rustls::Error::InconsistentKeys(_)) => Err(TlsError::KeyMismatch {
            certificate: files.certificate.clone(),
            key: files.key.clone(),
        }),
        Err(_) => Err(TlsError::BadCertificate {
            path: files.certificate.clone(),
        }),
    }
}
