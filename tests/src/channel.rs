//! Connections to a hub under test, with any certificate or none. The product's own client never connects
//! without one, so the harness brings a connector of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};

/// What a caller shows.
pub enum Presented<'a> {
    /// The certificate and key of this name in the folder.
    Certificate(&'a Path, &'a str),
    /// PEM of a certificate and its key.
    Pem(&'a str, &'a str),
    /// None.
    Nothing,
}

/// A lazy channel to the hub; the first call connects.
pub fn channel(hub: SocketAddr, authority: &Path, presented: Presented<'_>) -> Channel {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(authority).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots);
    let mut tls = match presented {
        Presented::Nothing => builder.with_no_client_auth(),
        Presented::Certificate(folder, name) => {
            let certificate = CertificateDer::from_pem_file(folder.join(format!("{name}.pem"))).unwrap();
            let key = PrivateKeyDer::from_pem_file(folder.join(format!("{name}.key"))).unwrap();
            builder.with_client_auth_cert(vec![certificate], key).unwrap()
        }
        Presented::Pem(certificate, key) => {
            let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
            builder.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    };
    tls.alpn_protocols = vec![b"h2".to_vec()];
    let connector = TlsConnector::from(Arc::new(tls));
    let origin: Uri = "https://localhost".parse().unwrap();
    Endpoint::from_shared(format!("http://{hub}"))
        .unwrap()
        .origin(origin)
        .connect_with_connector_lazy(tower::service_fn(move |_: Uri| {
            let connector = connector.clone();
            async move {
                let stream = TcpStream::connect(hub).await?;
                let name = ServerName::try_from("localhost").unwrap();
                connector.connect(name, stream).await.map(TokioIo::new)
            }
        }))
}
