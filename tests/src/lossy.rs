//! A bad network between a caller and a hub: every packet is late, some are lost.
//!
//! UDP packets are lost for good; QUIC repeats what was in them. Of TCP only bytes can be seen here: a segment that is
//! lost arrives one round trip later, which is the soonest that its sender can repeat it (RFC 5681 §3.2), and whatever was
//! sent after it waits, as it would in a receiver's kernel. That is kind to TCP: no window shrinks, no timer backs off.

use core::time::Duration;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::Chance;

/// Bytes of one TCP segment on an ordinary network.
const SEGMENT: usize = 1_448;
/// Bytes of the largest packet.
const PACKET: usize = 65_536;
/// Packets or segments on their way in one direction at most; more of UDP are lost, more of TCP wait.
const ON_THE_WAY: usize = 8_192;

/// How bad it is.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// Of a thousand packets, how many are lost.
    pub lost_per_mille: u32,
    /// There and back.
    pub round_trip: Duration,
}

/// The network, on one port number for both; it ends when this is dropped.
#[derive(Debug)]
pub struct Lossy {
    /// Where callers find it.
    pub address: SocketAddr,
    without_udp: Arc<AtomicBool>,
    _tasks: JoinSet<()>,
}

/// Who is lost is drawn from a seed.
type Dice = Arc<Mutex<Chance>>;

impl Lossy {
    /// Lies between callers and this hub.
    pub async fn before(hub: SocketAddr, weather: Weather, seed: u64) -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (listener, socket) = loop {
            let listener = TcpListener::bind(any).await.unwrap();
            if let Ok(socket) = UdpSocket::bind(listener.local_addr().unwrap()).await {
                break (listener, socket);
            }
        };
        let address = listener.local_addr().unwrap();
        let dice = Arc::new(Mutex::new(Chance::from(seed)));
        let without_udp = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        tasks.spawn(streams(listener, hub, weather, dice.clone()));
        tasks.spawn(packets(
            Arc::new(socket),
            hub,
            weather,
            (dice, without_udp.clone()),
        ));
        Self {
            address,
            without_udp,
            _tasks: tasks,
        }
    }

    /// From now on no UDP packet arrives, as in a network that lets it through for a while and then no more.
    pub fn lose_all_udp(&self) {
        self.without_udp.store(true, Ordering::SeqCst);
    }
}

fn is_lost(weather: Weather, dice: &Dice) -> bool {
    dice.lock().unwrap().per_mille(weather.lost_per_mille)
}

/// Carries packets; a socket of its own towards the hub for each caller.
async fn packets(
    outside: Arc<UdpSocket>,
    hub: SocketAddr,
    weather: Weather,
    (dice, without_udp): (Dice, Arc<AtomicBool>),
) {
    let mut callers: HashMap<SocketAddr, mpsc::Sender<(Instant, Vec<u8>)>> = HashMap::new();
    let mut tasks = JoinSet::new();
    let mut packet = vec![0; PACKET];
    loop {
        let Ok((length, caller)) = outside.recv_from(&mut packet).await else {
            continue;
        };
        if without_udp.load(Ordering::SeqCst) || is_lost(weather, &dice) {
            continue;
        }
        let due = Instant::now() + weather.round_trip / 2;
        let there = match callers.entry(caller) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let inside = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
                inside.connect(hub).await.unwrap();
                let inside = Arc::new(inside);
                let (there, late) = mpsc::channel(ON_THE_WAY);
                tasks.spawn(there_late(late, inside.clone()));
                let dice = (dice.clone(), without_udp.clone());
                tasks.spawn(back(inside, (outside.clone(), caller), weather, dice));
                new.insert(there)
            }
        };
        // What finds the way full is lost, as in any router.
        let _ = there.try_send((due, packet[..length].to_vec()));
    }
}

async fn there_late(mut late: mpsc::Receiver<(Instant, Vec<u8>)>, inside: Arc<UdpSocket>) {
    while let Some((due, packet)) = late.recv().await {
        sleep_until(due).await;
        // A hub that has gone is found out by its callers.
        let _ = inside.send(&packet).await;
    }
}

async fn back(
    inside: Arc<UdpSocket>,
    (outside, caller): (Arc<UdpSocket>, SocketAddr),
    weather: Weather,
    (dice, without_udp): (Dice, Arc<AtomicBool>),
) {
    let (send, mut late) = mpsc::channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
    let reading = async {
        let mut packet = vec![0; PACKET];
        loop {
            let Ok(length) = inside.recv(&mut packet).await else {
                continue;
            };
            if !without_udp.load(Ordering::SeqCst) && !is_lost(weather, &dice) {
                let due = Instant::now() + weather.round_trip / 2;
                let _ = send.try_send((due, packet[..length].to_vec()));
            }
        }
    };
    let writing = async {
        while let Some((due, packet)) = late.recv().await {
            sleep_until(due).await;
            let _ = outside.send_to(&packet, caller).await;
        }
    };
    tokio::join!(reading, writing);
}

/// Carries connections.
async fn streams(listener: TcpListener, hub: SocketAddr, weather: Weather, dice: Dice) {
    let mut tasks = JoinSet::new();
    loop {
        let Ok((caller, _)) = listener.accept().await else {
            continue;
        };
        let Ok(inside) = TcpStream::connect(hub).await else {
            continue;
        };
        caller.set_nodelay(true).unwrap();
        inside.set_nodelay(true).unwrap();
        let ((from_caller, to_caller), (from_hub, to_hub)) = (caller.into_split(), inside.into_split());
        tasks.spawn(carry(from_caller, to_hub, weather, dice.clone()));
        tasks.spawn(carry(from_hub, to_caller, weather, dice.clone()));
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, weather: Weather, dice: Dice) {
    let (send, mut late) = mpsc::channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
    let reading = async move {
        let mut last = Instant::now();
        let mut segment = vec![0; SEGMENT];
        while let Ok(length @ 1..) = from.read(&mut segment).await {
            let mut due = Instant::now() + weather.round_trip / 2;
            if is_lost(weather, &dice) {
                due += weather.round_trip;
            }
            // In order: what comes after a lost one waits for it.
            last = last.max(due);
            if send.send((last, segment[..length].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let writing = async move {
        while let Some((due, segment)) = late.recv().await {
            sleep_until(due).await;
            if to.write_all(&segment).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(reading, writing);
}
