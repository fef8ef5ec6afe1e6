//! A client that takes whichever way gets through, and an impostor on UDP: what it shows is no hub's certificate, and that
//! is the answer, though TCP would lead to the hub. Where UDP leads nowhere, TCP is taken, and a certificate that the hub
//! does not take is refused on both.

use std::io;
use std::net::UdpSocket;
use std::sync::Arc;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Endpoint, EndpointConfig, TokioRuntime};
use samrum_certs::{DevelopmentAuthority, Validity};
use samrum_client::error::Error;
use samrum_client::transport::failure::Refusal;
use samrum_client::transport::way::{Transport, Way};
use samrum_tests::{Desk, TestHub};

/// Whether every attempt ends as it should.
pub(crate) async fn is_refused(trusted: bool) -> bool {
    eprintln!("an impostor on UDP, a blocked UDP, a revoked certificate");
    let met_impostor = impostor(trusted).await;
    let fell_back = blocked().await;
    let revoked = revoked().await;
    eprintln!("impostor: {met_impostor:?}; blocked: {fell_back:?}; revoked: {revoked:?}");
    matches!(met_impostor, Some(Refusal::HubNotTrusted { .. }))
        && fell_back == Some(Way::Tcp)
        && revoked
            == [
                Some(Refusal::CertificateRevoked),
                Some(Refusal::CertificateRevoked),
            ]
}

async fn refusal(desk: &Desk) -> Option<Refusal> {
    match desk.client.units().await {
        Err(Error::Connection(refusal)) => Some(refusal),
        _ => None,
    }
}

async fn impostor(trusted: bool) -> Option<Refusal> {
    let (hub, socket) = hub_without_its_udp().await;
    let now = Validity::starting(samrum_tests::now()).unwrap();
    let (certificate, key) = if trusted {
        let read = |name: &str| std::fs::read_to_string(hub.certificates().join(name)).unwrap();
        (read("hub.pem"), read("hub.key"))
    } else {
        let issued = DevelopmentAuthority::foreign(now).unwrap().hub(now).unwrap();
        (issued.certificate.clone(), issued.key.expose_pem().to_owned())
    };
    let _impostor = serve(socket, &certificate, &key);
    let desk = Desk::at(&hub, hub.address(), "school", Transport::Auto);
    refusal(&desk).await
}

/// A hub, and the UDP port beside its TCP port: free of whatever else runs on this machine.
async fn hub_without_its_udp() -> (TestHub, UdpSocket) {
    loop {
        let hub = TestHub::start_without_quic().await;
        match samrum_lane::socket(hub.address()) {
            Ok((socket, _)) => return (hub, socket),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// Shows this certificate to whoever comes.
fn serve(socket: UdpSocket, certificate: &str, key: &str) -> Endpoint {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    tls.alpn_protocols = vec![samrum_lane::PROTOCOL.to_vec()];
    let config = quinn::ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(tls).unwrap()));
    let runtime = Arc::new(TokioRuntime);
    let endpoint = Endpoint::new(EndpointConfig::default(), Some(config), socket, runtime).unwrap();
    let serving = endpoint.clone();
    tokio::spawn(async move {
        while let Some(incoming) = serving.accept().await {
            if let Ok(connection) = incoming.await {
                let _ = connection.closed().await;
            }
        }
    });
    endpoint
}

/// The way that a client takes where nothing answers on UDP.
async fn blocked() -> Option<Way> {
    let hub = TestHub::start_without_quic().await;
    let desk = Desk::at(&hub, hub.address(), "school", Transport::Auto);
    desk.client.units().await.ok()?;
    desk.client.way()
}

/// What a client with a revoked certificate hears over QUIC, and where it takes whichever way gets through.
async fn revoked() -> [Option<Refusal>; 2] {
    let hub = TestHub::start().await;
    hub.revoke(&["school"]);
    let quic = Desk::at(&hub, hub.address(), "school", Transport::Quic);
    // The list is looked at now and then.
    for _ in 0..100 {
        if quic.client.units().await.is_err() {
            break;
        }
        quic.client.close().await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let auto = Desk::at(&hub, hub.address(), "school", Transport::Auto);
    [refusal(&quic).await, refusal(&auto).await]
}
