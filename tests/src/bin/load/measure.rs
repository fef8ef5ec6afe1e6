//! The rounds: echoed, sent, judged.

use std::time::Duration;

use samrum_tests::load::echo::Echo;
use samrum_tests::load::{
    CONNECTIONS, Engine, Failed, IN_FLIGHT, Inboxes, Lane, Sealer, Sends, Sum, Supply, TRIAL, drive,
    peak_memory_mib, rounds, seal_rate,
};

/// Documents that an echo is asked with again and again, for each connection.
const ECHO_STOCK: usize = 64;
/// Of the time of sends, the share for sealing alone and for one send at a time.
const SEAL_SHARE: u32 = 15;
const LONE_SHARE: u32 = 10;

/// What was measured.
pub(crate) struct Figures {
    pub(crate) sends: Sum,
    pub(crate) echoes: Sum,
    pub(crate) lone: Sum,
    pub(crate) delays: Vec<Duration>,
    pub(crate) seals: f64,
    pub(crate) memory_mib: u64,
}

/// Measures a hub for so long.
pub(crate) async fn run(engine: &Engine, time: Duration) -> Result<Figures, Failed> {
    let mut hub = Sends::begin(engine, time).await?;
    let process = hub.scene.story.hub.process();
    let process = process.expect("the hub has a process of its own");
    eprintln!("the hub is process {process}");
    let seals = seal_rate(&hub.scene, time / SEAL_SHARE);
    let inboxes = Inboxes::listen(&hub.scene).await;

    let echo = Echo::start(&hub.scene.story.hub.certificates(), &hub.answer).await;
    let stock = Sealer::new(&hub.scene).stock(ECHO_STOCK);
    let echoing = hub.scene.connections_to(echo.address).into_iter();
    let echoing: Vec<Lane> = echoing.zip(stock.into_iter().map(Supply::again)).collect();
    drive(&echoing, IN_FLIGHT / CONNECTIONS, TRIAL).await?;

    let (mut echoes, mut delays) = (Sum::default(), Vec::new());
    let pairs = rounds(time);
    for pair in 1..=pairs {
        let echoed = drive(&echoing, IN_FLIGHT / CONNECTIONS, time / pairs).await?;
        let sent = hub.round(time / pairs).await?;
        delays.extend(inboxes.delays(&sent.counted().collect::<Vec<_>>()).await?);
        eprintln!(
            "pair {pair} of {pairs}: {:.0} echoes/s, {:.0} sends/s",
            echoed.rate(),
            sent.rate()
        );
        echoes.add(&echoed);
    }
    let lone = hub.alone(time / LONE_SHARE).await?;
    let memory_mib = peak_memory_mib(process);
    let sends = std::mem::take(&mut hub.sum);
    hub.stop().await;
    Ok(Figures {
        sends,
        echoes,
        lone,
        delays,
        seals,
        memory_mib,
    })
}
