//! Which certificates and which protocols pass the handshake.

use rustls::{AlertDescription, HandshakeKind};
use samrum_certs::{DevelopmentAuthority, Issued, Role, Validity, world};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::hub::{Site, next, now, soon, usual, while_refusing};
use crate::log::Log;
use crate::peer::{Peer, closed};

/// Connects with `certificate` and expects to be let in.
async fn assert_admitted(site: &Site, peer: &Peer) {
    let mut incoming = site.open().await;
    let address = incoming.local_address();
    let (connection, stream) = tokio::join!(next(&mut incoming), peer.connect(address));
    stream.unwrap();
    assert!(connection.caller().unit().is_some());
}

/// Connects with `certificate` and expects the connection to be closed for `reason`.
async fn assert_refused(site: &Site, certificate: Option<&Issued>, alert: AlertDescription, reason: &str) {
    let mut incoming = site.open().await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    let peer = Peer::new(&site.authority, certificate);
    let (received, line) = while_refusing(&mut incoming, async {
        tokio::join!(peer.refused_by(address), log.next())
    })
    .await;
    assert_eq!(received, Some(rustls::Error::AlertReceived(alert)));
    assert!(line.contains(reason), "{line}");
    assert!(!line.contains("urn:samrum"), "{line}");
}

#[tokio::test]
async fn the_authority_s_certificate_passes_and_a_foreign_one_does_not() {
    let site = Site::new();
    let good = site.client(Role::from(&world::SCHOOL));
    assert_admitted(&site, &Peer::new(&site.authority, Some(&good))).await;

    let foreign = DevelopmentAuthority::foreign(usual()).unwrap();
    let bad = foreign.client(Role::from(&world::SCHOOL), usual()).unwrap();
    let reason = "issued by an authority unknown to this hub";
    assert_refused(&site, Some(&bad), AlertDescription::UnknownCA, reason).await;
}

#[tokio::test]
async fn an_authority_of_the_same_name_is_still_foreign() {
    let site = Site::new();
    let namesake = DevelopmentAuthority::new(usual()).unwrap();
    let bad = namesake.client(Role::from(&world::SCHOOL), usual()).unwrap();
    // The name leads to the right authority, whose key did not sign: found as a bad signature.
    let reason = "cannot be verified";
    assert_refused(&site, Some(&bad), AlertDescription::DecryptError, reason).await;
}

/// The trap of TLS 1.3: a client without a certificate connects, and learns of the refusal when it reads.
#[tokio::test]
async fn without_a_certificate_connecting_succeeds_and_reading_fails() {
    let site = Site::new();
    let reason = "presents no client certificate";
    assert_refused(&site, None, AlertDescription::CertificateRequired, reason).await;
}

#[tokio::test]
async fn a_certificate_passes_in_its_last_second_and_not_after() {
    let site = Site::new();
    let role = Role::from(&world::SCHOOL);
    let begun = now() - std::time::Duration::from_secs(100);
    let last = site
        .authority
        .client(role, Validity::between(begun, now()).unwrap())
        .unwrap();
    assert_admitted(&site, &Peer::new(&site.authority, Some(&last))).await;

    let second_ago = now() - std::time::Duration::from_secs(1);
    for validity in [Validity::between(begun, second_ago), Validity::ended(now())] {
        let ended = site.authority.client(role, validity.unwrap()).unwrap();
        let reason = "the client certificate has expired";
        assert_refused(&site, Some(&ended), AlertDescription::CertificateExpired, reason).await;
    }
}

#[tokio::test]
async fn a_certificate_passes_in_its_first_second_and_not_before() {
    let site = Site::new();
    let role = Role::from(&world::SCHOOL);
    let end = now() + std::time::Duration::from_secs(100);
    let first = site
        .authority
        .client(role, Validity::between(now(), end).unwrap())
        .unwrap();
    assert_admitted(&site, &Peer::new(&site.authority, Some(&first))).await;

    let in_a_second = now() + std::time::Duration::from_secs(1);
    let early = site
        .authority
        .client(role, Validity::between(in_a_second, end).unwrap())
        .unwrap();
    assert_refused(
        &site,
        Some(&early),
        AlertDescription::CertificateExpired,
        "not valid yet",
    )
    .await;
}

#[tokio::test]
async fn a_server_s_certificate_makes_no_client() {
    let site = Site::new();
    let hub = site.authority.hub(usual()).unwrap();
    let reason = "not issued for client authentication";
    assert_refused(
        &site,
        Some(&hub),
        AlertDescription::UnsupportedCertificate,
        reason,
    )
    .await;
}

#[tokio::test]
async fn http_2_is_the_one_protocol() {
    let site = Site::new();
    let unit = site.client(Role::from(&world::SCHOOL));
    let peer = Peer::new(&site.authority, Some(&unit));
    assert_admitted(&site, &peer.offering(&[b"http/1.1", b"h2"])).await;

    let mut incoming = site.open().await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    // Another protocol fails the handshake; none at all passes it, and the connection is closed after.
    while_refusing(&mut incoming, async {
        let other = peer.offering(&[b"http/1.1"]).connect(address).await;
        assert!(other.is_err());
        assert!(
            log.next()
                .await
                .contains("does not offer the protocol that is spoken here")
        );
        peer.offering(&[]).refused_by(address).await;
        assert!(
            log.next()
                .await
                .contains("does not offer the protocol that is spoken here")
        );
    })
    .await;
}

/// A resumed session would carry a certificate that nobody verified again.
#[tokio::test]
async fn every_connection_is_verified_anew() {
    let site = Site::new();
    let mut incoming = site.open().await;
    let address = incoming.local_address();
    let unit = site.client(Role::from(&world::SCHOOL));
    let peer = Peer::new(&site.authority, Some(&unit));
    for _ in 0..2 {
        let (mut connection, stream) = tokio::join!(next(&mut incoming), peer.connect(address));
        let mut stream = stream.unwrap();
        // Tickets, if there were any, would travel before the first byte.
        soon(async {
            connection.write_all(b"x").await.unwrap();
            connection.flush().await.unwrap();
            stream.read_exact(&mut [0]).await.unwrap();
        })
        .await;
        let (_, session) = stream.get_ref();
        assert_eq!(session.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(session.tls13_tickets_received(), 0);
    }
}

/// The first message of a TLS 1.2 client, by hand, because the TLS library here no longer speaks 1.2.
///
/// Source: RFC 5246 §7.4.1.2; RFC 4492 §5.1 (curves); RFC 5246 §7.4.1.4.1 (signature algorithms).
fn tls_1_2_client_hello() -> Vec<u8> {
    let extensions = [
        [0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17].as_slice(), // supported_groups: secp256r1
        &[0x00, 0x0b, 0x00, 0x02, 0x01, 0x00],                       // ec_point_formats: uncompressed
        &[0x00, 0x0d, 0x00, 0x04, 0x00, 0x02, 0x04, 0x03],           // ecdsa_secp256r1_sha256
        &[0x00, 0x17, 0x00, 0x00],                                   // extended_master_secret
    ]
    .concat();
    let mut body = vec![0x03, 0x03]; // TLS 1.2
    body.extend([7; 32]); // random
    body.push(0); // no session
    body.extend([0x00, 0x02, 0xc0, 0x2b]); // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    body.extend([0x01, 0x00]); // no compression
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);

    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    let handshake = [&[0x01, 0x00], length.as_slice(), &body].concat();
    let record_length = u16::try_from(handshake.len()).unwrap().to_be_bytes();
    [&[0x16, 0x03, 0x01], record_length.as_slice(), &handshake].concat()
}

#[tokio::test]
async fn tls_1_2_is_refused() {
    /// Record of type alert, level fatal, `protocol_version`. Source: RFC 8446 §6.2.
    const PROTOCOL_VERSION_ALERT: [u8; 7] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 70];

    let site = Site::new();
    let mut incoming = site.open().await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    while_refusing(&mut incoming, async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&tls_1_2_client_hello()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert_eq!(answer, PROTOCOL_VERSION_ALERT);
        assert!(log.next().await.contains("does not offer TLS 1.3"));
    })
    .await;
}

#[tokio::test]
async fn garbage_is_refused_and_the_next_caller_is_served() {
    let site = Site::new();
    let mut incoming = site.open().await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    for garbage in [
        b"GET / HTTP/1.1\r\n\r\n".as_slice(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        &[0xff; 4096],
    ] {
        while_refusing(&mut incoming, async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(garbage).await.unwrap();
            let line = log.next().await;
            assert!(line.contains("does not speak TLS"), "{line}");
        })
        .await;
    }
    let unit = site.client(Role::from(&world::SCHOOL));
    let peer = Peer::new(&site.authority, Some(&unit));
    let (_, stream) = tokio::join!(next(&mut incoming), peer.connect(address));
    stream.unwrap();
}

#[tokio::test]
async fn a_peer_that_leaves_half_way_disturbs_nobody() {
    let site = Site::new();
    let mut incoming = site.open().await;
    let address = incoming.local_address();
    let unit = site.client(Role::from(&world::SCHOOL));
    let peer = Peer::new(&site.authority, Some(&unit));
    let half = &tls_1_2_client_hello()[..20];
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(half).await.unwrap();
    stream.shutdown().await.unwrap();
    let (_, admitted) = tokio::join!(next(&mut incoming), peer.connect(address));
    admitted.unwrap();
    // The half handshake has ended by itself: its socket closes while nothing else goes on.
    while_refusing(&mut incoming, soon(closed(&mut stream))).await;
}
