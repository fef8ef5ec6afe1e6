//! Connections to a hub under test, with any certificate or none. The product's own client never connects
//! without one, so the harness brings a connector of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{AlertDescription, ClientConfig, RootCertStore};
use samrum_certs::Issued;
use samrum_client::transport::HubAddress;
use samrum_client::transport::quic::Quic;
use samrum_client::transport::way::Way;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint, Uri};
use tonic::{Request, Status};

/// What a caller shows.
pub(crate) enum Presented<'a> {
    /// The certificate and key of this name in the folder.
    Certificate(&'a Path, &'a str),
    /// One that was issued for this.
    Issued(Box<Issued>),
    /// None.
    Nothing,
}

/// How long a call may take unless a test says otherwise.
const DEADLINE: Duration = Duration::from_secs(30);

/// A connection whose calls have a deadline, as the hub demands.
pub type Calls = InterceptedService<Channel, fn(Request<()>) -> Result<Request<()>, Status>>;

fn with_deadline(mut request: Request<()>) -> Result<Request<()>, Status> {
    if !request.metadata().contains_key("grpc-timeout") {
        request.set_timeout(DEADLINE);
    }
    Ok(request)
}

/// A lazy channel to the hub; the first call connects.
pub(crate) fn channel(hub: SocketAddr, authority: &Path, presented: &Presented<'_>, way: Way) -> Calls {
    with_deadlines(bare_channel(hub, authority, presented, way))
}

/// The same calls, with a deadline where they have none.
pub(crate) fn with_deadlines(channel: Channel) -> Calls {
    InterceptedService::new(channel, with_deadline)
}

/// The same, for calls that may lack a deadline.
pub(crate) fn bare_channel(
    hub: SocketAddr,
    authority: &Path,
    presented: &Presented<'_>,
    way: Way,
) -> Channel {
    match way {
        Way::Quic => lane(hub, Arc::new(quic(hub, authority, presented))),
        Way::Tcp => {
            let connector = connector(authority, presented);
            endpoint(hub).connect_with_connector_lazy(tower::service_fn(move |_: Uri| {
                let connector = connector.clone();
                async move {
                    let stream = TcpStream::connect(hub).await?;
                    // As the product's own client does: without it every call waits for a delayed acknowledgement.
                    stream.set_nodelay(true)?;
                    let name = ServerName::try_from("localhost").unwrap();
                    connector.connect(name, stream).await.map(TokioIo::new)
                }
            }))
        }
    }
}

/// A QUIC connection, made when a lane is first asked for.
pub(crate) fn quic(hub: SocketAddr, authority: &Path, presented: &Presented<'_>) -> Quic {
    let address = HubAddress::parse(&format!("https://{hub}")).unwrap();
    Quic::new(&address, tls(authority, presented)).unwrap()
}

/// Calls over a lane of that connection.
pub(crate) fn lane(hub: SocketAddr, quic: Arc<Quic>) -> Channel {
    endpoint(hub).connect_with_connector_lazy(tower::service_fn(move |_: Uri| {
        let quic = quic.clone();
        async move { quic.lane().await.map(TokioIo::new) }
    }))
}

fn endpoint(hub: SocketAddr) -> Endpoint {
    let origin: Uri = "https://localhost".parse().unwrap();
    Endpoint::from_shared(format!("http://{hub}"))
        .unwrap()
        .origin(origin)
}

/// Which way the parties of this run go: over QUIC where the environment says so, so that every test of the API is one of
/// both.
pub(crate) fn usual_way() -> Way {
    if std::env::var_os("SAMRUM_TEST_TRANSPORT").is_some_and(|way| way == "quic") {
        Way::Quic
    } else {
        Way::Tcp
    }
}

/// A connection after the handshake, to say over it whatever a test likes.
pub(crate) async fn stream(
    hub: SocketAddr,
    authority: &Path,
    presented: &Presented<'_>,
) -> impl AsyncRead + AsyncWrite + Unpin + use<> {
    connect(hub, authority, presented).await
}

/// The certificate, in DER, that the hub shows.
pub(crate) async fn shown(hub: SocketAddr, authority: &Path, presented: &Presented<'_>) -> Vec<u8> {
    let stream = connect(hub, authority, presented).await;
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

async fn connect(hub: SocketAddr, authority: &Path, presented: &Presented<'_>) -> TlsStream<TcpStream> {
    let stream = TcpStream::connect(hub).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    connector(authority, presented)
        .connect(name, stream)
        .await
        .unwrap()
}

/// What the hub says in the handshake to a caller that sends nothing else: the alert that ends it.
pub(crate) async fn alert(hub: SocketAddr, authority: &Path, presented: &Presented<'_>) -> AlertDescription {
    let stream = TcpStream::connect(hub).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = connector(authority, presented)
        .connect(name, stream)
        .await
        .unwrap();
    // In TLS 1.3 the client is done before the server has judged its certificate: the verdict is read.
    let ended = stream.read_u8().await.unwrap_err();
    let ended = ended.get_ref().and_then(|error| error.downcast_ref());
    match ended {
        Some(rustls::Error::AlertReceived(alert)) => *alert,
        other => panic!("no alert but {other:?}"),
    }
}

fn connector(authority: &Path, presented: &Presented<'_>) -> TlsConnector {
    TlsConnector::from(Arc::new(tls(authority, presented)))
}

fn tls(authority: &Path, presented: &Presented<'_>) -> ClientConfig {
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
        Presented::Issued(issued) => {
            let certificate = CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap();
            let key = PrivateKeyDer::from_pem_slice(issued.key.expose_pem().as_bytes()).unwrap();
            builder.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    };
    tls.alpn_protocols = vec![b"h2".to_vec()];
    tls
}
