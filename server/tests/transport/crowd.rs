//! Many peers at once, some of them silent or greedy: nobody makes another wait.

use std::io;
use std::time::Duration;

use samrum_certs::{Role, world};
use samrum_server::transport::tcp::AcceptLimits;
use tokio::net::TcpStream;

use crate::hub::{Site, next, soon, while_refusing};
use crate::log::Log;
use crate::peer::{Peer, closed};

/// Longer than any test: whoever is ended before was ended by something else.
const NEVER: Duration = Duration::from_secs(60 * 60);

fn school(site: &Site) -> Peer {
    Peer::new(&site.authority, Some(&site.client(Role::from(&world::SCHOOL))))
}

fn reception(site: &Site) -> Peer {
    Peer::new(&site.authority, Some(&site.client(Role::from(&world::RECEPTION))))
}

#[tokio::test]
async fn a_silent_peer_is_ended_by_the_limit() {
    let site = Site::new();
    let limit = Duration::from_millis(5);
    let limits = AcceptLimits {
        handshake_timeout: limit,
        ..AcceptLimits::default()
    };
    let mut incoming = site.open_with(limits).await;
    let mut log = Log::collect();
    let mut silent = TcpStream::connect(incoming.local_address()).await.unwrap();
    let line = while_refusing(&mut incoming, async {
        closed(&mut silent).await;
        log.next().await
    })
    .await;
    assert!(line.contains("took longer than 5 ms"), "{line}");
}

#[tokio::test]
async fn silent_peers_keep_no_caller_waiting() {
    let site = Site::new();
    let limits = AcceptLimits {
        handshake_timeout: NEVER,
        handshake_patience: NEVER,
        ..AcceptLimits::default()
    };
    let mut incoming = site.open_with(limits).await;
    let address = incoming.local_address();
    let mut silent = Vec::new();
    for _ in 0..limits.handshakes - 1 {
        silent.push(TcpStream::connect(address).await.unwrap());
        // Taken up as they come, since the system queues only so many.
        tokio::select! {
            biased;
            connection = next(&mut incoming) => panic!("{connection:?} was let in"),
            () = tokio::task::yield_now() => {}
        }
    }
    let peer = school(&site);
    let (connection, stream) = tokio::join!(next(&mut incoming), peer.connect(address));
    stream.unwrap();
    assert!(connection.caller().unit().is_some());
}

#[tokio::test]
async fn when_places_are_taken_the_oldest_handshake_goes() {
    let site = Site::new();
    let limits = AcceptLimits {
        handshake_timeout: NEVER,
        handshakes: 2,
        handshake_patience: Duration::ZERO,
        ..AcceptLimits::default()
    };
    let mut incoming = site.open_with(limits).await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    let mut first = TcpStream::connect(address).await.unwrap();
    let mut second = TcpStream::connect(address).await.unwrap();
    let third = TcpStream::connect(address).await.unwrap();
    while_refusing(&mut incoming, closed(&mut first)).await;

    let peer = school(&site);
    let (_, stream) = tokio::join!(next(&mut incoming), peer.connect(address));
    stream.unwrap();
    while_refusing(&mut incoming, closed(&mut second)).await;
    for ended in [&first, &second] {
        let line = log.next().await;
        let peer = ended.local_addr().unwrap().to_string();
        assert!(
            line.contains("a slow handshake was ended to let others in") && line.contains(&peer),
            "{line}"
        );
    }
    // The third had company, but nobody needed its place.
    let nothing = third.try_read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(nothing, Err(io::ErrorKind::WouldBlock));
}

#[tokio::test]
async fn a_handshake_within_its_patience_keeps_its_place() {
    let site = Site::new();
    let limits = AcceptLimits {
        handshake_timeout: NEVER,
        handshakes: 1,
        handshake_patience: NEVER,
        ..AcceptLimits::default()
    };
    let mut incoming = site.open_with(limits).await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    let holder = TcpStream::connect(address).await.unwrap();
    let peer = school(&site);
    let leave_then_connect = async {
        let waiting = TcpStream::connect(address).await.unwrap();
        drop(holder);
        drop(waiting);
        peer.connect(address).await
    };
    let (_, stream) = tokio::join!(next(&mut incoming), leave_then_connect);
    stream.unwrap();
    assert_eq!(log.so_far(), Vec::<String>::new(), "nobody was ended");
}

#[tokio::test]
async fn a_caller_at_its_limit_is_refused_and_others_are_not() {
    let site = Site::new();
    let limits = AcceptLimits {
        connections_per_caller: 1,
        ..AcceptLimits::default()
    };
    let mut incoming = site.open_with(limits).await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    let (greedy, modest) = (school(&site), reception(&site));

    let (held, _stream) = tokio::join!(next(&mut incoming), greedy.connect(address));
    // Another certificate of the same unit is the same caller.
    let line = while_refusing(&mut incoming, async {
        school(&site).refused_by(address).await;
        log.next().await
    })
    .await;
    assert!(
        line.contains("the caller already has 1 connections open"),
        "{line}"
    );
    let (_other, stream) = tokio::join!(next(&mut incoming), modest.connect(address));
    stream.unwrap();

    drop(held);
    let (_again, stream) = tokio::join!(next(&mut incoming), greedy.connect(address));
    stream.unwrap();
}

#[tokio::test]
async fn a_full_hub_refuses_until_somebody_leaves() {
    let site = Site::new();
    let limits = AcceptLimits {
        connections: 1,
        ..AcceptLimits::default()
    };
    let mut incoming = site.open_with(limits).await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    let (early, late) = (school(&site), reception(&site));

    let (held, _stream) = tokio::join!(next(&mut incoming), early.connect(address));
    let line = while_refusing(&mut incoming, async {
        late.refused_by(address).await;
        log.next().await
    })
    .await;
    assert!(line.contains("the hub already has 1 connections open"), "{line}");

    drop(held);
    let (_again, stream) = tokio::join!(next(&mut incoming), late.connect(address));
    stream.unwrap();
}

#[tokio::test]
async fn dropping_the_stream_closes_the_port_and_ends_handshakes_but_no_connection() {
    let site = Site::new();
    let limits = AcceptLimits {
        handshake_timeout: NEVER,
        ..AcceptLimits::default()
    };
    let mut incoming = site.open_with(limits).await;
    let address = incoming.local_address();
    let mut silent = TcpStream::connect(address).await.unwrap();
    let peer = school(&site);
    // The silent peer queued first, so that its handshake is under way once this one is done.
    let (mut connection, stream) = tokio::join!(next(&mut incoming), peer.connect(address));
    let mut stream = stream.unwrap();

    drop(incoming);
    let refused = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    soon(closed(&mut silent)).await;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut bytes = [0; 4];
    let echo = async {
        connection.write_all(b"here").await.unwrap();
        connection.flush().await.unwrap();
        stream.read_exact(&mut bytes).await.unwrap();
    };
    soon(echo).await;
    assert_eq!(&bytes, b"here");
}
