//! The hub's TLS: version 1.3 only, a client certificate always, one protocol each way in, nothing resumed.
//!
//! Resumption and early data are off: a resumed session would carry a certificate that nobody verified
//! again, and early data can be replayed. The development authority is refused outside development.
//!
//! Source: RFC 8446; ALPN, RFC 7301; the profile of certificates, RFC 5280.

mod development;
mod file;
mod list;
mod reload;

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};

pub use development::DEVELOPMENT_AUTHORITY_ORGANISATION;
pub use file::{MAX_CERTIFICATES, MAX_FILE_BYTES};
pub use list::{MAX_LIST_BYTES, MAX_LISTS};
pub use reload::{LOOK_INTERVAL, Reloader};

/// The one protocol spoken inside TLS over TCP: HTTP/2.
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
    /// The lists of certificates that those authorities have revoked; none where nothing is revoked by list.
    pub revocation_lists: Vec<PathBuf>,
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
    /// The file is larger than [`MAX_FILE_BYTES`], or [`MAX_LIST_BYTES`] for revocation lists.
    #[error("{path} is larger than {most} bytes; give a PEM file with only what the hub needs")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        most: u64,
    },
    /// The file holds no revocation list, or one that cannot be used.
    #[error(
        "{path} holds no revocation list that can be used; write complete lists in PEM (BEGIN X509 CRL), \
         neither delta nor indirect"
    )]
    BadRevocationList {
        /// The file.
        path: PathBuf,
    },
    /// A revocation list was not signed by the authority that it names.
    #[error(
        "{path} holds a revocation list that its authority did not sign; fetch it anew from the authority"
    )]
    ForeignRevocationList {
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

/// What every connection to the hub is held to, read from files at one moment.
#[derive(Debug)]
pub struct Tls {
    server: Arc<ServerConfig>,
    lanes: Arc<ServerConfig>,
    callers: Arc<dyn ClientCertVerifier>,
    clock: Arc<dyn TimeProvider>,
    next_update: Option<i64>,
}

impl Tls {
    /// Reads the files. `clock` tells the time against which certificates are judged.
    ///
    /// Once there is any revocation list, every authority between a caller and the root needs one: a caller whose
    /// standing nobody knows is refused, and so is one whose authority was itself revoked. A list that is overdue still
    /// counts, for a list that somebody forgot to renew must not keep a report of concern out.
    ///
    /// # Errors
    ///
    /// [`TlsError`], when a file is missing, broken, does not fit the others, or is not fit for `mode`.
    pub fn load(files: &TlsFiles, mode: Mode, clock: Arc<dyn TimeProvider>) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let chain = file::certificates(&files.certificate)?;
        let authorities = file::certificates(&files.client_authorities)?;
        development::judge(&files.certificate, &chain, mode)?;
        development::judge(&files.client_authorities, &authorities, mode)?;
        file::valid_now(&files.certificate, &chain, clock.as_ref())?;
        let identity = identity(files, chain, mode, &provider)?;

        let mut roots = RootCertStore::empty();
        for authority in &authorities {
            roots
                .add(authority.clone())
                .map_err(|_| TlsError::BadCertificate {
                    path: files.client_authorities.clone(),
                })?;
        }
        let roots = Arc::new(roots);
        let revoked = list::read(&files.revocation_lists, &authorities, &roots, &provider)?;
        let callers = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .with_crls(revoked.lists)
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))?;

        let mut config = ServerConfig::builder_with_details(provider, Arc::clone(&clock))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(Arc::clone(&callers))
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.max_early_data_size = 0;
        let mut lanes = config.clone();
        lanes.alpn_protocols = vec![samrum_lane::PROTOCOL.to_vec()];
        Ok(Self {
            server: Arc::new(config),
            lanes: Arc::new(lanes),
            callers,
            clock,
            next_update: revoked.next_update,
        })
    }

    /// What QUIC handshakes are held to: the same but for the protocol's name.
    #[must_use]
    pub const fn lanes(&self) -> &Arc<ServerConfig> {
        &self.lanes
    }

    /// What handshakes are held to.
    #[must_use]
    pub const fn server(&self) -> &Arc<ServerConfig> {
        &self.server
    }

    /// Judges the chain of a caller that was let in earlier as it would be judged now.
    ///
    /// # Errors
    /// Why it would not be let in any more: revoked, ended, or of an authority that is no longer asked.
    pub fn judge_again(&self, chain: &[CertificateDer<'_>]) -> Result<(), rustls::Error> {
        let (own, intermediates) = chain
            .split_first()
            .ok_or(rustls::Error::NoCertificatesPresented)?;
        let now = self
            .clock
            .current_time()
            .ok_or(rustls::Error::FailedToGetCurrentTime)?;
        self.callers.verify_client_cert(own, intermediates, now).map(drop)
    }

    /// Whether a revocation list should have been replaced by now.
    #[must_use]
    pub fn has_overdue_list(&self) -> bool {
        let now = self.clock.current_time().map(|now| now.as_secs());
        let now = now.and_then(|now| i64::try_from(now).ok());
        matches!((self.next_update, now), (Some(next), Some(now)) if next < now)
    }
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
