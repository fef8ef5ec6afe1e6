//! Real handshakes over loopback: what a client is told when one side is not who it should be.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::failure::Refusal;
use super::*;
use crate::call::call;
use crate::error::Error;
use samrum_proto::wire::ledger::v1 as wire;
use samrum_proto::wire::ledger::v1::ledger_service_client::LedgerServiceClient;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn identity(issuer: &Authority, name: &str, valid_until_year: i32) -> Identity {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(valid_until_year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap();
    Identity {
        certificates: vec![certificate.der().clone()],
        key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
    }
}

fn roots(authority: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    roots
}

/// A hub's door: demands certificates of this authority and answers one byte to whoever passes.
async fn door(hub: Identity, clients: &Authority) -> HubAddress {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots(clients)), Arc::clone(&provider))
            .build()
            .unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(hub.certificates, hub.key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                stream.write_all(b"!").await.unwrap();
                stream.shutdown().await.unwrap();
            }
        }
    });
    HubAddress::parse(&format!("https://localhost:{port}")).unwrap()
}

/// What the first byte brings: the refusal, or that byte.
async fn first_byte(
    address: &HubAddress,
    trusted: &Authority,
    caller: Option<Identity>,
) -> Result<u8, Refusal> {
    let mut tls = client_config(roots(trusted), caller).unwrap();
    tls.alpn_protocols.clear();
    let connector = Tcp {
        address: address.clone(),
        tls: TlsConnector::from(Arc::new(tls)),
    };
    let mut stream = match connector.connect().await {
        Ok(stream) => stream,
        Err(error) => return Err(Refusal::in_chain(&error).expect("a refusal")),
    };
    stream
        .read_u8()
        .await
        .map_err(|error| Refusal::in_chain(&error).expect("a refusal"))
}

#[tokio::test]
async fn the_right_certificates_pass_and_every_wrong_one_is_named() {
    let (ours, foreign) = (authority(), authority());
    let address = door(identity(&ours, "localhost", 2100), &ours).await;
    assert_eq!(
        first_byte(&address, &ours, Some(identity(&ours, "unit", 2100))).await,
        Ok(b'!')
    );
    assert_eq!(
        first_byte(&address, &ours, None).await,
        Err(Refusal::CertificateMissing)
    );
    assert_eq!(
        first_byte(&address, &ours, Some(identity(&foreign, "unit", 2100))).await,
        Err(Refusal::CertificateForeign)
    );
    assert_eq!(
        first_byte(&address, &ours, Some(identity(&ours, "unit", 2021))).await,
        Err(Refusal::CertificateExpired)
    );
    let untrusted = first_byte(&address, &foreign, Some(identity(&ours, "unit", 2100))).await;
    assert!(
        matches!(untrusted, Err(Refusal::HubNotTrusted { .. })),
        "{untrusted:?}"
    );
}

/// What a whole call through the channel ends with.
async fn first_call(address: &HubAddress, trusted: &Authority, caller: Option<Identity>) -> Error {
    let tls = client_config(roots(trusted), caller).unwrap();
    let channel = channels(address, tls, Wish::default()).unwrap().control;
    let deadline = Duration::from_secs(10);
    let outcome = call(deadline, wire::GetCheckpointRequest {}, |request| {
        let mut service = LedgerServiceClient::new(channel.clone());
        async move { service.get_checkpoint(request).await }
    });
    outcome.await.expect_err("nothing answers calls here")
}

#[tokio::test]
async fn the_first_call_tells_at_once_why_a_certificate_was_refused() {
    let (ours, foreign) = (authority(), authority());
    let address = door(identity(&ours, "localhost", 2100), &ours).await;
    let missing = first_call(&address, &ours, None).await;
    assert!(
        matches!(missing, Error::Connection(Refusal::CertificateMissing)),
        "{missing}"
    );
    let unknown = first_call(&address, &ours, Some(identity(&foreign, "unit", 2100))).await;
    assert!(
        matches!(unknown, Error::Connection(Refusal::CertificateForeign)),
        "{unknown}"
    );
    let untrusted = first_call(&address, &foreign, Some(identity(&ours, "unit", 2100))).await;
    assert!(
        matches!(untrusted, Error::Connection(Refusal::HubNotTrusted { .. })),
        "{untrusted}"
    );
    let accepted = first_call(&address, &ours, Some(identity(&ours, "unit", 2100))).await;
    assert!(
        !matches!(accepted, Error::Connection(_)),
        "the right one passes: {accepted}"
    );
}

#[tokio::test]
async fn a_hub_of_another_name_is_not_trusted() {
    let ours = authority();
    let address = door(identity(&ours, "other.example", 2100), &ours).await;
    let refused = first_byte(&address, &ours, Some(identity(&ours, "unit", 2100))).await;
    assert!(
        matches!(refused, Err(Refusal::HubNotTrusted { .. })),
        "{refused:?}"
    );
}

#[test]
fn addresses_are_https_without_path() {
    let address = HubAddress::parse("https://hub.example:7000").unwrap();
    assert_eq!(address.authority(), "hub.example:7000");
    assert_eq!(
        HubAddress::parse("https://hub.example").unwrap().authority(),
        "hub.example:7443"
    );
    assert_eq!(
        HubAddress::parse("https://[::1]:7000/").unwrap().authority(),
        "[::1]:7000"
    );
    for wrong in [
        "http://hub.example",
        "hub.example:7443",
        "https://hub.example/path",
        "https://",
        "",
    ] {
        assert_eq!(HubAddress::parse(wrong), Err(InvalidHubAddress), "{wrong}");
    }
}

#[test]
fn files_that_cannot_be_used_are_named_with_their_role() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let files = TlsFiles {
        authorities: empty.clone(),
        certificate: empty.clone(),
        key: empty,
    };
    let error = connect(
        &HubAddress::parse("https://hub.example").unwrap(),
        &files,
        Wish::default(),
    )
    .unwrap_err();
    assert_eq!(error.role, "certificate");
    assert!(error.to_string().contains("holds no certificate"), "{error}");
}
