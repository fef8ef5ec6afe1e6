//! The connections to a hub: gRPC over HTTP/2 over mutual TLS 1.3 and nothing older, on TCP or on lanes of QUIC.
//!
//! Certificates are read here and nowhere else. What is called lives in `call`; which way a connection goes in `dial`; why
//! it failed in [`failure`].

mod dial;
pub mod failure;
mod greeted;
pub mod quic;
mod tcp;
#[cfg(test)]
mod tests;
pub mod way;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};

use dial::Dialer;
use quic::Quic;
use tcp::Tcp;
use way::{Memory, Transport, Way};

/// How long a TCP connection and the handshake after it may take together.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often an open connection is asked whether it is still there.
pub const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(20);
/// How long the hub may take to say that it is.
pub const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(10);
/// The most certificates of a chain or authority file.
const MAX_CERTIFICATES: usize = 100;
/// Where a hub listens unless its address says otherwise.
const DEFAULT_PORT: u16 = 7443;

/// An address that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address such as https://hub.example:7443, without path")]
pub struct InvalidHubAddress;

/// Where a hub is, and under which name its certificate must speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubAddress {
    host: String,
    port: u16,
    server_name: ServerName<'static>,
}

impl HubAddress {
    /// Reads `https://host[:port]`.
    ///
    /// # Errors
    /// [`InvalidHubAddress`].
    pub fn parse(text: &str) -> Result<Self, InvalidHubAddress> {
        let uri: Uri = text.trim().parse().map_err(|_| InvalidHubAddress)?;
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if uri.scheme_str() != Some("https") || !bare {
            return Err(InvalidHubAddress);
        }
        let host = uri
            .host()
            .ok_or(InvalidHubAddress)?
            .trim_matches(['[', ']'])
            .to_owned();
        let server_name = ServerName::try_from(host.clone()).map_err(|_| InvalidHubAddress)?;
        Ok(Self {
            host,
            port: uri.port_u16().unwrap_or(DEFAULT_PORT),
            server_name,
        })
    }

    /// The authority part, for messages.
    #[must_use]
    pub fn authority(&self) -> String {
        match self.host.parse::<IpAddr>() {
            Ok(IpAddr::V6(address)) => format!("[{address}]:{}", self.port),
            _ => format!("{}:{}", self.host, self.port),
        }
    }
}

/// The files of a mutual TLS connection, all PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Who may have issued the hub's certificate.
    pub authorities: PathBuf,
    /// The caller's own certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// A certificate or key file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be used as {role}: {what}", .path.display())]
pub struct TlsFileError {
    /// Which file.
    pub path: PathBuf,
    /// What it was to be.
    pub role: &'static str,
    /// What is wrong.
    pub what: String,
}

fn unusable<'a>(path: &'a Path, role: &'static str) -> impl Fn(String) -> TlsFileError + 'a {
    move |what| TlsFileError {
        path: path.to_owned(),
        role,
        what,
    }
}

/// Who the caller is to the hub.
#[derive(Debug)]
pub struct Identity {
    /// The chain, own certificate first.
    pub certificates: Vec<CertificateDer<'static>>,
    /// The private key.
    pub key: PrivateKeyDer<'static>,
}

/// The connections of one client, made at the first call and made again when they are lost. Over TCP all are one; over
/// QUIC each is a lane, so that none waits behind what another carries.
#[derive(Debug, Clone)]
pub struct Channels {
    /// What is asked and recorded.
    pub control: Channel,
    /// The stream of the inbox.
    pub inbox: Channel,
    /// Documents on their way in and out.
    pub documents: Channel,
    dialer: Arc<Dialer>,
}

impl Channels {
    /// Which way the last connection was made; nothing before the first.
    #[must_use]
    pub fn way(&self) -> Option<Way> {
        self.dialer.memory.last()
    }

    /// Which way they are to be made.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.dialer.transport
    }

    /// For how long QUIC is not worth trying yet, because it did not get through.
    #[must_use]
    pub fn avoids_quic(&self) -> Option<Duration> {
        self.dialer.memory.avoids_quic()
    }

    /// Goes on from another address of this machine; see [`Quic::move_to`].
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn move_to(&self, address: SocketAddr) -> std::io::Result<()> {
        self.dialer.quic.move_to(address).await
    }

    /// Says goodbye to the hub. A call that is made afterwards connects anew.
    pub async fn close(&self) {
        self.dialer.quic.close().await;
    }
}

/// How connections are to be made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// Which way.
    pub transport: Transport,
    /// For how long QUIC is not worth trying, as an earlier client remembered.
    pub avoid_quic: Duration,
}

/// Connections as wished.
///
/// # Errors
/// [`TlsFileError`], before anything is sent.
pub fn connect(address: &HubAddress, files: &TlsFiles, wish: Wish) -> Result<Channels, TlsFileError> {
    let TlsFiles {
        authorities,
        certificate,
        key,
    } = files;
    let identity = Identity {
        certificates: certificates(certificate, "certificate")?,
        key: PrivateKeyDer::from_pem_file(key)
            .map_err(|error| unusable(key, "private key")(error.to_string()))?,
    };
    let mut roots = RootCertStore::empty();
    for authority in certificates(authorities, "certificate authority")? {
        roots
            .add(authority)
            .map_err(|error| unusable(authorities, "certificate authority")(error.to_string()))?;
    }
    let tls = client_config(roots, Some(identity))
        .map_err(|error| unusable(certificate, "certificate")(error.to_string()))?;
    channels(address, tls, wish)
        .map_err(|error| unusable(authorities, "certificate authority")(error.to_string()))
}

fn certificates(path: &Path, role: &'static str) -> Result<Vec<CertificateDer<'static>>, TlsFileError> {
    let problem = unusable(path, role);
    let found = CertificateDer::pem_file_iter(path)
        .map_err(|error| problem(error.to_string()))?
        .take(MAX_CERTIFICATES)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| problem(error.to_string()))?;
    if found.is_empty() {
        Err(problem("it holds no certificate".to_owned()))
    } else {
        Ok(found)
    }
}

/// TLS 1.3 with `ring`; without identity only where a test shows what the hub says to that.
pub(crate) fn client_config(
    roots: RootCertStore,
    identity: Option<Identity>,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots);
    let mut config = match identity {
        Some(Identity { certificates, key }) => builder.with_client_auth_cert(certificates, key)?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(config)
}

pub(crate) fn channels(
    address: &HubAddress,
    tls: ClientConfig,
    wish: Wish,
) -> Result<Channels, Box<dyn std::error::Error + Send + Sync>> {
    let dialer = Arc::new(Dialer {
        transport: wish.transport,
        quic: Arc::new(Quic::new(address, tls.clone())?),
        tcp: Tcp {
            address: address.clone(),
            tls: TlsConnector::from(Arc::new(tls)),
        },
        memory: Memory::avoiding_quic(wish.avoid_quic),
    });
    let control = channel(address, &dialer)?;
    let (inbox, documents) = match wish.transport {
        Transport::Tcp => (control.clone(), control.clone()),
        Transport::Auto | Transport::Quic => (channel(address, &dialer)?, channel(address, &dialer)?),
    };
    Ok(Channels {
        control,
        inbox,
        documents,
        dialer,
    })
}

fn channel(address: &HubAddress, dialer: &Arc<Dialer>) -> Result<Channel, tonic::transport::Error> {
    let authority = address.authority();
    let origin: Uri = Uri::builder()
        .scheme("https")
        .authority(authority.as_str())
        .path_and_query("/")
        .build()
        .unwrap_or_default();
    // The plain scheme, because the connector brings TLS itself.
    let endpoint = Endpoint::from_shared(format!("http://{authority}"))?
        .origin(origin)
        .user_agent(concat!("samrum/", env!("CARGO_PKG_VERSION")))?
        .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
        .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
        .keep_alive_while_idle(true);
    let dialer = Arc::clone(dialer);
    let service = tower::service_fn(move |_: Uri| {
        let dialer = Arc::clone(&dialer);
        async move { dialer.connect().await.map(TokioIo::new) }
    });
    Ok(endpoint.connect_with_connector_lazy(service))
}
