//! The same door over QUIC: the same callers, refusals and places; what a flood of packets may cost; how lanes end.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{Connection, ConnectionError, Endpoint, EndpointConfig, RecvStream, SendStream, TokioRuntime};
use ring::hmac;
use samrum_certs::{DevelopmentAuthority, Issued, Role, Validity, world};
use samrum_lane::End;
use samrum_server::transport::quic::{self, Door, Lanes, NamedLane};
use samrum_server::transport::tcp::{self, AcceptLimits, Incoming};
use samrum_server::transport::tls::Reloader;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UdpSocket;
use tokio::time::timeout;
use tokio_stream::StreamExt as _;
use tonic::transport::server::Connected as _;

use crate::hub::{ANY_PORT, Site, now, soon, usual};
use crate::log::Log;
use crate::peer::Peer;

/// Both doors of one hub.
struct Doors {
    site: Site,
    _reloader: Reloader,
    tcp: Incoming,
    lanes: Lanes,
    door: Door,
}

impl Doors {
    async fn open(limits: AcceptLimits) -> Self {
        let site = Site::new();
        let reloader = site.reloader();
        let tcp = tcp::bind(ANY_PORT, reloader.watch(), limits).await.unwrap();
        let (lanes, door) =
            quic::bind(ANY_PORT, reloader.watch(), limits, tcp.places(), reset_key()).unwrap();
        Self {
            site,
            _reloader: reloader,
            tcp,
            lanes,
            door,
        }
    }

    fn address(&self) -> SocketAddr {
        self.door.local_address().unwrap()
    }

    fn school(&self) -> Caller {
        self.caller(Some(&self.site.client(Role::from(&world::SCHOOL))))
    }

    fn reception(&self) -> Caller {
        self.caller(Some(&self.site.client(Role::from(&world::RECEPTION))))
    }

    fn caller(&self, certificate: Option<&Issued>) -> Caller {
        Caller::new(&self.site.authority, certificate)
    }

    async fn next(&mut self) -> NamedLane {
        soon(self.lanes.next()).await.unwrap().unwrap()
    }

    /// Opens a lane on a connection, and says the byte by which the hub learns of it.
    async fn lane(&mut self, connection: &Connection) -> (NamedLane, (SendStream, RecvStream)) {
        let (mut send, receive) = soon(connection.open_bi()).await.unwrap();
        send.write_all(b"!").await.unwrap();
        let mut lane = self.next().await;
        assert_eq!(soon(lane.read_u8()).await.unwrap(), b'!');
        (lane, (send, receive))
    }
}

/// A caller over QUIC.
struct Caller {
    endpoint: Endpoint,
    config: quinn::ClientConfig,
}

impl Caller {
    fn new(trusted: &DevelopmentAuthority, certificate: Option<&Issued>) -> Self {
        Self::offering(trusted, certificate, samrum_lane::PROTOCOL)
    }

    fn offering(trusted: &DevelopmentAuthority, certificate: Option<&Issued>, protocol: &[u8]) -> Self {
        let tls = Peer::new(trusted, certificate).offering(&[protocol]).config();
        let crypto = QuicClientConfig::try_from(tls).unwrap();
        let mut config = quinn::ClientConfig::new(Arc::new(crypto));
        config.transport_config(samrum_lane::client(
            samrum_lane::KEEP_ALIVE,
            samrum_lane::IDLE_LIMIT,
        ));
        let (socket, _) = samrum_lane::socket((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let runtime = Arc::new(TokioRuntime);
        let endpoint = Endpoint::new(EndpointConfig::default(), None, socket, runtime).unwrap();
        Self { endpoint, config }
    }

    fn begin(&self, hub: SocketAddr) -> quinn::Connecting {
        self.endpoint
            .connect_with(self.config.clone(), hub, "localhost")
            .unwrap()
    }

    /// A connection that the hub has welcomed.
    async fn connect(&self, hub: SocketAddr) -> Result<Connection, ConnectionError> {
        let connection = soon(self.begin(hub)).await?;
        soon(connection.accept_uni()).await?;
        Ok(connection)
    }
}

fn reset_key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &[7; 32])
}

/// The TLS alert by which a connection was refused.
fn alert(error: &ConnectionError) -> u64 {
    match error {
        ConnectionError::ConnectionClosed(close) => u64::from(close.error_code) - 0x100,
        other => panic!("no alert but {other:?}"),
    }
}

#[tokio::test]
async fn a_caller_is_named_by_its_certificate_on_every_lane() {
    let mut doors = Doors::open(AcceptLimits::default()).await;
    let (school, reception) = (doors.school(), doors.reception());
    let of_school = school.connect(doors.address()).await.unwrap();
    let of_reception = reception.connect(doors.address()).await.unwrap();
    for (connection, unit) in [
        (&of_school, world::SCHOOL.id),
        (&of_reception, world::RECEPTION.id),
        (&of_school, world::SCHOOL.id),
    ] {
        let (mut lane, (_, mut receive)) = doors.lane(connection).await;
        assert_eq!(*lane.connect_info().unit().unwrap().as_bytes(), unit);
        soon(lane.write_all(b"?")).await.unwrap();
        let mut heard = [0];
        soon(receive.read_exact(&mut heard)).await.unwrap();
        assert_eq!(&heard, b"?");
    }
}

#[tokio::test]
async fn whoever_is_refused_over_tcp_is_refused_over_quic_before_it_has_a_lane() {
    let mut doors = Doors::open(AcceptLimits::default()).await;
    let hub = doors.address();
    let mut log = Log::collect();
    let foreign = DevelopmentAuthority::new(usual()).unwrap();
    let foreign = foreign.client(Role::from(&world::SCHOOL), usual()).unwrap();
    let past = Validity::starting(now() - Duration::from_secs(10 * 365 * 24 * 60 * 60)).unwrap();
    let expired = doors
        .site
        .authority
        .client(Role::from(&world::SCHOOL), past)
        .unwrap();
    for (certificate, expected, words) in [
        (None, 116, "presents no client certificate"),
        // The development authorities share a name: it is the signature that does not fit.
        (Some(&foreign), 51, "cannot be verified"),
        (Some(&expired), 45, "has expired"),
    ] {
        let refused = doors.caller(certificate).connect(hub).await.unwrap_err();
        assert_eq!(alert(&refused), expected, "{words}");
        let line = log.next().await;
        assert!(line.contains(words), "{line}");
    }
    let other = Caller::offering(&doors.site.authority, None, b"h3");
    assert_eq!(alert(&other.connect(hub).await.unwrap_err()), 120);
    assert!(log.next().await.contains("does not offer the protocol"));
    // And the hub's own certificate is judged by its callers.
    let stranger = DevelopmentAuthority::new(usual()).unwrap();
    let school = doors.site.client(Role::from(&world::SCHOOL));
    let trusting_another = Caller::new(&stranger, Some(&school));
    let refused = trusting_another.connect(hub).await.unwrap_err();
    assert!(
        matches!(refused, ConnectionError::TransportError(_)),
        "{refused:?}"
    );
    assert!(log.next().await.contains("does not accept the hub's certificate"));
    let nobody = timeout(Duration::from_millis(100), doors.lanes.next()).await;
    assert!(nobody.is_err(), "no lane came of all that");
}

#[tokio::test]
async fn both_doors_share_a_callers_places() {
    let limits = AcceptLimits {
        connections_per_caller: 2,
        ..AcceptLimits::default()
    };
    let mut doors = Doors::open(limits).await;
    let hub = doors.address();
    let school = doors.site.client(Role::from(&world::SCHOOL));
    let peer = Peer::new(&doors.site.authority, Some(&school));
    let address = doors.tcp.local_address();
    let (over_tcp, _end) = tokio::join!(soon(doors.tcp.next()), peer.connect(address));
    let over_tcp = over_tcp.unwrap().unwrap();
    let caller = doors.school();
    let second = caller.connect(hub).await.unwrap();
    let third = caller.connect(hub).await.unwrap_err();
    assert_eq!(End::of_connection(&third), Some(End::Full));
    let another = doors.reception().connect(hub).await;
    assert!(another.is_ok(), "others have places of their own");
    // A place is free again when its connection has ended, on either door.
    drop(over_tcp);
    let third = caller.connect(hub).await.unwrap();
    second.close(End::Done.code(), b"");
    let fourth = soon(async {
        loop {
            if let Ok(fourth) = caller.connect(hub).await {
                return fourth;
            }
        }
    });
    fourth.await;
    drop(third);
}

#[tokio::test]
async fn a_connection_has_as_many_lanes_as_it_may_have() {
    let limits = AcceptLimits {
        lanes_per_connection: 4,
        ..AcceptLimits::default()
    };
    let mut doors = Doors::open(limits).await;
    let connection = doors.school().connect(doors.address()).await.unwrap();
    let mut lanes = Vec::new();
    for _ in 0..4 {
        lanes.push(doors.lane(&connection).await);
    }
    let fifth = timeout(Duration::from_millis(200), connection.open_bi()).await;
    assert!(fifth.is_err(), "the fifth waits");
    lanes.pop();
    soon(connection.open_bi()).await.unwrap();
}

/// First packets cost their sender nothing, and each could cost the hub a handshake.
#[tokio::test]
async fn a_flood_of_first_packets_keeps_neither_door_closed() {
    let limits = AcceptLimits {
        handshakes: 16,
        ..AcceptLimits::default()
    };
    let mut doors = Doors::open(limits).await;
    let hub = doors.address();
    let flood = first_packets(&doors, 300).await;
    let flooding = UdpSocket::bind(ANY_PORT).await.unwrap();
    let mut answers = BTreeMap::new();
    let mut answer = [0; 2_048];
    for packet in &flood {
        flooding.send_to(packet, hub).await.unwrap();
        while let Ok(heard) = timeout(Duration::from_millis(2), flooding.recv_from(&mut answer)).await {
            heard.unwrap();
            *answers.entry(kind(answer[0])).or_insert(0) += 1;
        }
    }
    // Nearly all of it is asked to come again with a token, at the cost of a packet no larger than its own.
    let retries = answers.get("retry").copied().unwrap_or_default();
    assert!(retries > 250, "{answers:?}");
    assert!(
        answers.get("initial").copied().unwrap_or_default() <= 16,
        "{answers:?}"
    );
    // Whoever is really there does so, without noticing, and TCP is as it was.
    let mut school = doors.school().connect(hub).await.unwrap();
    let (lane, _ends) = doors.lane(&school).await;
    assert!(lane.connect_info().unit().is_some());
    let certificate = doors.site.client(Role::from(&world::RECEPTION));
    let peer = Peer::new(&doors.site.authority, Some(&certificate));
    let address = doors.tcp.local_address();
    let (over_tcp, _end) = tokio::join!(soon(doors.tcp.next()), peer.connect(address));
    assert!(over_tcp.is_some());
    school = doors.school().connect(hub).await.unwrap();
    drop(school);
}

#[tokio::test]
async fn handshakes_begin_at_a_bounded_pace() {
    let limits = AcceptLimits {
        quic_handshakes_per_second: 3,
        ..AcceptLimits::default()
    };
    let doors = Doors::open(limits).await;
    let hub = doors.address();
    let caller = doors.school();
    for _ in 0..3 {
        caller.connect(hub).await.unwrap();
    }
    // The next is left unanswered: it asks again by itself, and is let in when its second has come.
    let since = tokio::time::Instant::now();
    caller.connect(hub).await.unwrap();
    assert!(
        since.elapsed() > Duration::from_millis(300),
        "{:?}",
        since.elapsed()
    );
}

#[tokio::test]
async fn what_is_no_quic_is_dropped_without_a_word() {
    let mut doors = Doors::open(AcceptLimits::default()).await;
    let hub = doors.address();
    let socket = UdpSocket::bind(ANY_PORT).await.unwrap();
    for length in [0, 1, 20, 1_199, 1_200, 1_472] {
        socket.send_to(&vec![0x40; length], hub).await.unwrap();
        socket.send_to(&vec![0xff; length], hub).await.unwrap();
    }
    let connection = doors.school().connect(hub).await.unwrap();
    let (_lane, _ends) = doors.lane(&connection).await;
}

#[tokio::test]
async fn while_the_hub_stops_new_lanes_are_refused_and_open_ones_end_in_order() {
    let mut doors = Doors::open(AcceptLimits::default()).await;
    let hub = doors.address();
    let caller = doors.school();
    let connection = caller.connect(hub).await.unwrap();
    let (mut lane, (_, mut receive)) = doors.lane(&connection).await;
    let Doors { lanes, door, .. } = doors;
    // As `tonic` does when it is told to stop.
    drop(lanes);
    let (mut send, mut refused) = soon(connection.open_bi()).await.unwrap();
    send.write_all(b"!").await.unwrap();
    let error = soon(refused.read(&mut [0; 1])).await.unwrap_err();
    assert_eq!(End::of_reading(&error), Some(End::Stopping));
    let new = soon(caller.begin(hub)).await;
    assert!(new.is_err(), "and no new connections");
    // The answer that was under way arrives.
    lane.write_all(b"the last answer").await.unwrap();
    drop(lane);
    assert_eq!(soon(receive.read_to_end(100)).await.unwrap(), b"the last answer");
    soon(door.close()).await;
    let ended = soon(connection.closed()).await;
    assert_eq!(End::of_connection(&ended), Some(End::Stopping));
}

#[tokio::test]
async fn whoever_is_revoked_is_cut_off_on_every_lane_and_others_are_not() {
    let site = Site::new();
    let school = site.client(Role::from(&world::SCHOOL));
    let revoke = |revoked: &[&str]| {
        let list = site.authority.revocation_list(revoked, usual()).unwrap();
        site.write("revoked.pem", &list);
    };
    revoke(&[]);
    let mut files = site.files();
    files.revocation_lists = vec![site.path("revoked.pem")];
    let mut reloader = site.reloader_of(files);
    let limits = AcceptLimits::default();
    let tcp = tcp::bind(ANY_PORT, reloader.watch(), limits).await.unwrap();
    let (lanes, door) = quic::bind(ANY_PORT, reloader.watch(), limits, tcp.places(), reset_key()).unwrap();
    let hub = door.local_address().unwrap();
    let thief = Caller::new(&site.authority, Some(&school));
    let honest = Caller::new(&site.authority, Some(&site.client(Role::from(&world::RECEPTION))));
    let (stolen, kept) = (
        thief.connect(hub).await.unwrap(),
        honest.connect(hub).await.unwrap(),
    );
    reloader.read_again().await.unwrap();
    revoke(&[&school.certificate]);
    reloader.read_again().await.unwrap();
    let ended = soon(stolen.closed()).await;
    assert_eq!(End::of_connection(&ended), Some(End::CutOff));
    assert_eq!(kept.close_reason(), None);
    let again = thief.connect(hub).await.unwrap_err();
    assert!(
        matches!(&again, ConnectionError::ConnectionClosed(_))
            || End::of_connection(&again) == Some(End::CutOff),
        "{again:?}"
    );
    honest.connect(hub).await.unwrap();
    drop((lanes, door, tcp));
}

/// Without it whoever had a connection would go on asking a hub that knows nothing of it, until the idle limit.
#[tokio::test]
async fn a_hub_that_was_killed_and_is_back_says_that_connections_are_gone() {
    let Doors {
        site,
        tcp,
        lanes,
        door,
        ..
    } = Doors::open(AcceptLimits::default()).await;
    let hub = door.local_address().unwrap();
    // What the callers say goes through here, so that the first hub's last words can be kept from them.
    let between = UdpSocket::bind(ANY_PORT).await.unwrap();
    let inside = UdpSocket::bind(ANY_PORT).await.unwrap();
    let address = between.local_addr().unwrap();
    let alive = Arc::new(AtomicBool::new(true));
    let relaying = tokio::spawn({
        let alive = alive.clone();
        async move {
            let (mut caller, mut there, mut back) = (None, vec![0; 65_536], vec![0; 65_536]);
            loop {
                tokio::select! {
                    Ok((length, from)) = between.recv_from(&mut there) => {
                        caller = Some(from);
                        let _ = inside.send_to(&there[..length], hub).await;
                    }
                    Ok((length, _)) = inside.recv_from(&mut back) => {
                        if alive.load(Ordering::SeqCst) {
                            between.send_to(&back[..length], caller.unwrap()).await.unwrap();
                        }
                    }
                }
            }
        }
    });
    let school = Caller::new(&site.authority, Some(&site.client(Role::from(&world::SCHOOL))));
    let connection = school.connect(address).await.unwrap();
    alive.store(false, Ordering::SeqCst);
    drop((lanes, tcp));
    soon(door.close()).await;
    let reloader = site.reloader();
    let limits = AcceptLimits::default();
    let tcp = tcp::bind(ANY_PORT, reloader.watch(), limits).await.unwrap();
    let bind = async {
        loop {
            // The socket is given back a moment after the port was closed.
            match quic::bind(hub, reloader.watch(), limits, tcp.places(), reset_key()) {
                Ok(bound) => return bound,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    let (_lanes, _door) = soon(bind).await;
    alive.store(true, Ordering::SeqCst);
    let (mut send, _receive) = connection.open_bi().await.unwrap();
    send.write_all(b"are you there?").await.unwrap();
    let ended = timeout(samrum_lane::IDLE_LIMIT / 2, connection.closed()).await;
    assert_eq!(ended.unwrap(), ConnectionError::Reset);
    relaying.abort();
}

/// What many callers say first, kept from the hub.
async fn first_packets(doors: &Doors, count: usize) -> Vec<Vec<u8>> {
    let pit = UdpSocket::bind(ANY_PORT).await.unwrap();
    let caller = doors.school();
    let mut packets = BTreeMap::new();
    let mut packet = [0; 2_048];
    let mut connecting = Vec::new();
    while packets.len() < count {
        connecting.push(caller.begin(pit.local_addr().unwrap()));
        let (length, _) = soon(pit.recv_from(&mut packet)).await.unwrap();
        // By the id that each calls the hub, eight bytes or more: what one says again is not said twice.
        packets.insert(packet[6..14].to_vec(), packet[..length].to_vec());
    }
    packets.into_values().collect()
}

/// The kind of a packet with a long header.
///
/// Source: RFC 9000 §17.2.
fn kind(first: u8) -> &'static str {
    match (first & 0x80, first & 0x30) {
        (0x80, 0x00) => "initial",
        (0x80, 0x20) => "handshake",
        (0x80, 0x30) => "retry",
        (0x80, _) => "early",
        _ => "short",
    }
}
