//! Calls in a second: the bare echo over lanes of one connection, and over as many TCP connections.

use std::time::Duration;

use samrum_client::transport::way::Way;
use samrum_tests::TestHub;
use samrum_tests::load::echo::Echo;
use samrum_tests::load::{
    CONNECTIONS, Exchange, IN_FLIGHT, Peer as _, Scene, Sealer, Sum, Supply, TRIAL, drive, rounds,
};

/// Documents of 10 KiB that are sent again and again, on each lane.
const STOCK: usize = 64;

/// Both rates, measured in turn.
pub(crate) struct Ratio {
    pub(crate) quic: f64,
    pub(crate) tcp: f64,
}

impl Ratio {
    pub(crate) fn value(&self) -> f64 {
        self.quic / self.tcp
    }
}

/// Measures each for so long.
pub(crate) async fn ratio(time: Duration) -> Ratio {
    eprintln!("{IN_FLIGHT} calls under way over {CONNECTIONS} lanes, and over as many TCP connections");
    let scene = Scene::begin(TestHub::start().await.over(Way::Tcp)).await;
    let sealer = Sealer::new(&scene);
    let first = sealer.seal(scene.route(0));
    let (answer, _) = scene.connections()[0].clone().ask(&first).await.unwrap();
    let echo = Echo::start(&scene.story.hub.certificates(), &answer).await;
    let supply: Vec<_> = sealer.stock(STOCK).into_iter().map(Supply::again).collect();
    let name = scene.route(0).from;
    let on_lanes = scene.story.hub.parties_on_lanes(echo.address, name, CONNECTIONS);
    let on_lanes = on_lanes.iter().map(|party| Exchange::new(party.exchange()));
    let quic: Vec<_> = on_lanes.zip(supply.iter().cloned()).collect();
    let tcp: Vec<_> = scene
        .connections_to(echo.address)
        .into_iter()
        .zip(supply)
        .collect();
    let (mut quic_sum, mut tcp_sum) = (Sum::default(), Sum::default());
    drive(&quic, IN_FLIGHT / CONNECTIONS, TRIAL).await.unwrap();
    drive(&tcp, IN_FLIGHT / CONNECTIONS, TRIAL).await.unwrap();
    let rounds = rounds(time);
    for round in 1..=rounds {
        let over_quic = drive(&quic, IN_FLIGHT / CONNECTIONS, time / rounds)
            .await
            .unwrap();
        let over_tcp = drive(&tcp, IN_FLIGHT / CONNECTIONS, time / rounds).await.unwrap();
        eprintln!(
            "round {round} of {rounds}: {:.0} over QUIC, {:.0} over TCP",
            over_quic.rate(),
            over_tcp.rate()
        );
        quic_sum.add(&over_quic);
        tcp_sum.add(&over_tcp);
    }
    Ratio {
        quic: quic_sum.rate(),
        tcp: tcp_sum.rate(),
    }
}
