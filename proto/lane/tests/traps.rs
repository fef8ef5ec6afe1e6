//! What lanes must not lose, and must not wait for: each trap that was met has its test.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail as the test does"
)]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{Connection, Endpoint, EndpointConfig, ReadError, TokioRuntime};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use samrum_lane::{End, IDLE_LIMIT, KEEP_ALIVE, Lane};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UdpSocket;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

/// Longer than anything here takes on a slow machine, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the ends are made.
struct How {
    max_lanes: u32,
    idle: Duration,
    keep_alive: Duration,
    /// Whether there is something between the ends that can fall silent.
    relayed: bool,
}

impl Default for How {
    fn default() -> Self {
        Self {
            max_lanes: 4,
            idle: IDLE_LIMIT,
            keep_alive: KEEP_ALIVE,
            relayed: false,
        }
    }
}

/// Two ends of one connection, with their endpoints and what lies between them.
struct Pair {
    server: Connection,
    client: Connection,
    /// The client's.
    endpoint: Endpoint,
    network: Option<AbortHandle>,
    _serving: Endpoint,
}

/// Carries packets between one client and the server, until it is aborted.
async fn relay(server: SocketAddr) -> (SocketAddr, AbortHandle) {
    let inside = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let outside = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = outside.local_addr().unwrap();
    inside.connect(server).await.unwrap();
    let carrying = tokio::spawn(async move {
        let (mut client, mut there, mut back) = (None, vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                Ok((length, from)) = outside.recv_from(&mut there) => {
                    client = Some(from);
                    inside.send(&there[..length]).await.unwrap();
                }
                Ok(length) = inside.recv(&mut back) => {
                    outside.send_to(&back[..length], client.unwrap()).await.unwrap();
                }
            }
        }
    });
    (address, carrying.abort_handle())
}

impl Pair {
    async fn connect(how: How) -> Self {
        let authority = CertifiedIssuer::self_signed(
            CertificateParams::new(Vec::new()).unwrap(),
            KeyPair::generate().unwrap(),
        )
        .unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .signed_by(&key, &authority)
            .unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(authority.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        tls.alpn_protocols = vec![samrum_lane::PROTOCOL.to_vec()];
        let crypto = QuicServerConfig::try_from(tls).unwrap();
        let mut serving = quinn::ServerConfig::with_crypto(Arc::new(crypto));
        serving.transport_config(samrum_lane::server(how.max_lanes, how.idle));
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![samrum_lane::PROTOCOL.to_vec()];
        let crypto = QuicClientConfig::try_from(tls).unwrap();
        let mut asking = quinn::ClientConfig::new(Arc::new(crypto));
        asking.transport_config(samrum_lane::client(how.keep_alive, how.idle));

        let served = endpoint(Some(serving));
        let asked = endpoint(None);
        let address = served.local_addr().unwrap();
        let (address, network) = if how.relayed {
            let (address, network) = relay(address).await;
            (address, Some(network))
        } else {
            (address, None)
        };
        let connecting = asked.connect_with(asking, address, "localhost").unwrap();
        let accepting = async { served.accept().await.unwrap().accept().unwrap().await };
        let (client, server) = tokio::join!(connecting, accepting);
        Self {
            server: server.unwrap(),
            client: client.unwrap(),
            endpoint: asked,
            network,
            _serving: served,
        }
    }

    /// A lane as both ends have it: the client's and the server's. The server learns of it by its first byte.
    async fn lane(&self) -> (Lane, Lane) {
        let mut client = Lane::new(self.client.clone(), self.client.open_bi().await.unwrap());
        client.write_all(b"!").await.unwrap();
        let mut server = Lane::new(self.server.clone(), self.server.accept_bi().await.unwrap());
        assert_eq!(server.read_u8().await.unwrap(), b'!');
        (client, server)
    }
}

fn endpoint(config: Option<quinn::ServerConfig>) -> Endpoint {
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    let (socket, _) = samrum_lane::socket(any).unwrap();
    Endpoint::new(EndpointConfig::default(), config, socket, Arc::new(TokioRuntime)).unwrap()
}

/// The system's usual buffer loses packets even on loopback: as much is asked for as it gives.
#[test]
fn a_socket_has_as_much_room_as_the_system_gives() {
    let (_socket, granted) = samrum_lane::socket((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let most = std::fs::read_to_string("/proc/sys/net/core/rmem_max").unwrap();
    let most: usize = most.trim().parse().unwrap();
    let given = most.min(samrum_lane::BUFFER_BYTES);
    assert!(granted >= given, "{granted} of {given}");
    let usual = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).unwrap();
    let usual = usual.recv_buffer_size().unwrap();
    assert!(granted > usual || most <= usual, "{granted}, and usually {usual}");
}

/// Without lingering the peer is told to stop sending, and what it has not read yet is lost with the connection.
#[tokio::test]
async fn the_last_answer_arrives_though_its_lane_was_dropped_at_once() {
    let pair = Pair::connect(How::default()).await;
    let answer = vec![7; 512 * 1024];
    for _ in 0..20 {
        let (mut client, mut server) = pair.lane().await;
        let answered = async {
            server.write_all(&answer).await.unwrap();
            // Neither finished nor read to its end.
            drop(server);
        };
        let heard = async {
            let mut heard = Vec::new();
            // Still speaking while the other end is gone already: no error but silence.
            sleep(Duration::from_millis(20)).await;
            client.write_all(&[1; 64 * 1024]).await.unwrap();
            client.read_to_end(&mut heard).await.unwrap();
            heard
        };
        let ((), heard) = timeout(PATIENCE, async { tokio::join!(answered, heard) })
            .await
            .unwrap();
        assert_eq!(heard.len(), answer.len());
    }
}

/// The last handle of a connection closes it, with everything that is on its way.
#[tokio::test]
async fn a_connection_lives_as_long_as_one_of_its_lanes() {
    let Pair {
        server,
        client,
        endpoint: _endpoint,
        _serving,
        ..
    } = Pair::connect(How::default()).await;
    let ends = client.open_bi().await.unwrap();
    let mut lane = Lane::new(client, ends);
    lane.write_all(b"!").await.unwrap();
    let mut at_server = Lane::new(server.clone(), server.accept_bi().await.unwrap());
    drop(server);
    assert_eq!(at_server.read_u8().await.unwrap(), b'!');
    at_server.write_all(b"?").await.unwrap();
    drop(at_server);
    assert_eq!(lane.read_u8().await.unwrap(), b'?');
    assert_eq!(lane.connection().close_reason(), None);
}

/// While the hub drains: a lane that it does not want is refused in a way that its opener understands.
#[tokio::test]
async fn a_refused_lane_says_why_and_nothing_hangs_on_it() {
    let pair = Pair::connect(How::default()).await;
    let (mut send, mut receive) = pair.client.open_bi().await.unwrap();
    send.write_all(b"!").await.unwrap();
    let (mut answering, mut asking) = pair.server.accept_bi().await.unwrap();
    answering.reset(End::Stopping.code()).unwrap();
    asking.stop(End::Stopping.code()).unwrap();
    let heard = timeout(PATIENCE, receive.read(&mut [0; 16])).await.unwrap();
    let error: ReadError = heard.unwrap_err();
    assert_eq!(End::of_reading(&error), Some(End::Stopping));
    let stopped = timeout(PATIENCE, send.stopped()).await.unwrap().unwrap();
    assert_eq!(stopped, Some(End::Stopping.code()));
}

/// A lane that nobody may open waits; whoever opens it must not wait for ever.
#[tokio::test]
async fn one_lane_more_than_are_granted_waits_until_one_has_ended() {
    let pair = Pair::connect(How {
        max_lanes: 2,
        ..How::default()
    })
    .await;
    let first = pair.lane().await;
    let _second = pair.lane().await;
    let short = timeout(Duration::from_millis(200), pair.client.open_bi()).await;
    assert!(short.is_err(), "there is no credit left");
    drop(first);
    let granted = timeout(PATIENCE, pair.client.open_bi()).await.unwrap();
    assert!(
        granted.is_ok(),
        "a lane that ended on both sides gives its place back"
    );
}

/// A killed peer says nothing. The other end finds out by itself, after the idle limit and not much later.
#[tokio::test]
async fn a_peer_that_is_gone_without_a_word_is_given_up_after_the_idle_limit() {
    let idle = Duration::from_secs(2);
    let pair = Pair::connect(How {
        idle,
        keep_alive: Duration::from_millis(500),
        relayed: true,
        ..How::default()
    })
    .await;
    let (client, mut server) = pair.lane().await;
    // Alive although nothing is said: the client's signs of life.
    sleep(idle + Duration::from_secs(1)).await;
    assert_eq!(pair.server.close_reason(), None);
    // From here on nothing arrives any more, in either direction.
    pair.network.as_ref().unwrap().abort();
    let since = Instant::now();
    let ended = timeout(PATIENCE, server.read_u8()).await.unwrap();
    assert!(ended.is_err());
    assert!(since.elapsed() >= idle / 2, "{:?}", since.elapsed());
    drop(client);
}

/// A lane whose task is cancelled ends for the other side as well, at once and not after the idle limit.
#[tokio::test]
async fn a_dropped_lane_is_seen_at_once() {
    let pair = Pair::connect(How::default()).await;
    let (client, mut server) = pair.lane().await;
    let since = Instant::now();
    drop(client);
    let heard = timeout(PATIENCE, server.read(&mut [0; 16]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(heard, 0, "the end");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
}

/// A closed connection ends every lane, with the reason.
#[tokio::test]
async fn a_connection_that_is_cut_off_ends_its_lanes_and_says_why() {
    let pair = Pair::connect(How::default()).await;
    let (mut client, _server) = pair.lane().await;
    pair.server.close(End::CutOff.code(), b"");
    let ended = timeout(PATIENCE, client.read_u8()).await.unwrap();
    assert!(ended.is_err());
    let reason = pair.client.close_reason().unwrap();
    assert_eq!(End::of_connection(&reason), Some(End::CutOff));
}

/// The client's address changes in the middle of an answer: nothing is lost and nothing comes twice.
#[tokio::test]
async fn a_lane_goes_on_when_its_client_has_another_address() {
    let pair = Pair::connect(How::default()).await;
    let (mut client, mut server) = pair.lane().await;
    let said: Vec<u8> = (0..=255).cycle().take(2 * 1024 * 1024).collect();
    let saying = {
        let said = said.clone();
        tokio::spawn(async move {
            for part in said.chunks(32 * 1024) {
                server.write_all(part).await.unwrap();
                sleep(Duration::from_millis(5)).await;
            }
            server.shutdown().await.unwrap();
            server
        })
    };
    let moving = async {
        for _ in 0..3 {
            sleep(Duration::from_millis(60)).await;
            let before = pair.endpoint.local_addr().unwrap();
            let (socket, _) = samrum_lane::socket((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
            pair.endpoint.rebind(socket).unwrap();
            assert_ne!(pair.endpoint.local_addr().unwrap(), before);
        }
    };
    let hearing = async {
        let mut heard = Vec::new();
        client.read_to_end(&mut heard).await.unwrap();
        heard
    };
    let ((), heard) = timeout(PATIENCE, async { tokio::join!(moving, hearing) })
        .await
        .unwrap();
    assert!(
        heard == said,
        "{} of {} bytes, or others",
        heard.len(),
        said.len()
    );
    drop(saying.await.unwrap());
}
