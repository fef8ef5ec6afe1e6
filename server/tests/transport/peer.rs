//! The other end of the wire: callers with good, bad and no certificates, and peers with no manners.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use samrum_certs::{DevelopmentAuthority, Issued};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::codegen::http::Uri;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use crate::hub::{NOW_SECONDS, StillClock};

/// A peer that speaks TLS.
#[derive(Clone)]
pub(crate) struct Peer {
    config: Arc<ClientConfig>,
}

impl Peer {
    /// One that trusts `authority` and presents `certificate`, when it has one.
    pub(crate) fn new(authority: &DevelopmentAuthority, certificate: Option<&Issued>) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(authority.certificate().as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(StillClock(NOW_SECONDS)))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match certificate {
            None => config.with_no_client_auth(),
            Some(issued) => config
                .with_client_auth_cert(vec![der(issued)], key(issued))
                .unwrap(),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        Self {
            config: Arc::new(config),
        }
    }

    /// How it speaks TLS.
    pub(crate) fn config(&self) -> ClientConfig {
        ClientConfig::clone(&self.config)
    }

    /// The same peer, offering these protocols.
    pub(crate) fn offering(&self, protocols: &[&[u8]]) -> Self {
        let mut config = ClientConfig::clone(&self.config);
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Self {
            config: Arc::new(config),
        }
    }

    /// Connects and does its part of the handshake.
    ///
    /// With TLS 1.3 that succeeds even if the hub is about to refuse the certificate: the client is done
    /// before the hub has seen it. Only the first read tells.
    pub(crate) async fn connect(&self, address: SocketAddr) -> io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(address).await?;
        TlsConnector::from(Arc::clone(&self.config))
            .connect("localhost".try_into().unwrap(), stream)
            .await
    }

    /// Connects and waits until the hub has closed the connection. Yields the alert, if one arrived.
    pub(crate) async fn refused_by(&self, address: SocketAddr) -> Option<rustls::Error> {
        let mut stream = self
            .connect(address)
            .await
            .expect("the client's part of the handshake succeeds");
        closed(&mut stream).await.and_then(|error| error.downcast().ok())
    }

    /// A gRPC channel that connects with the first call.
    pub(crate) fn channel(&self, address: SocketAddr) -> Channel {
        let peer = self.clone();
        let connector = service_fn(move |_: Uri| {
            let peer = peer.clone();
            async move { peer.connect(address).await.map(TokioIo::new) }
        });
        // TLS is the connector's, so that the library must not add its own.
        Endpoint::from_static("http://localhost").connect_with_connector_lazy(connector)
    }
}

/// Reads until the other end closes, and expects it to send no application data before.
pub(crate) async fn closed<S: tokio::io::AsyncRead + Unpin>(stream: &mut S) -> Option<io::Error> {
    let mut byte = [0; 1];
    match stream.read(&mut byte).await {
        Ok(0) => None,
        Ok(_) => panic!("the hub served something"),
        Err(error) => Some(error),
    }
}

pub(crate) fn der(issued: &Issued) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap()
}

fn key(issued: &Issued) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from_pem_slice(issued.key.expose_pem().as_bytes()).unwrap()
}
