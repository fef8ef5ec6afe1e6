//! The rounds: sealed, echoed, sent, judged.

use std::sync::Arc;
use std::time::Duration;

use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::exchange::v1::{SendDocumentRequest, SendDocumentResponse};
use samrum_tests::load::echo::Echo;
use samrum_tests::load::{
    CONNECTIONS, Engine, Exchange, Failed, IN_FLIGHT, Inboxes, Peer as _, Round, Scene, Sealer, Sum, Supply,
    drive, peak_memory_mib, seal_rate,
};

/// Pairs of rounds at most: an echo's, then the hub's; each side's as long as [`ROUND`] at least, if there is time.
const PAIRS: u32 = 6;
/// A round that is shorter says little.
const ROUND: Duration = Duration::from_secs(1);
/// How long the hub is tried before the first round, to know how much to seal.
const TRIAL: Duration = Duration::from_millis(500);
/// Documents that are tried with, for each connection; fewer where there is little time.
const TRIAL_STOCK: usize = 250;
/// What one second more to measure adds to them.
const TRIAL_STOCK_PER_SECOND: usize = 20;
/// How much more is sealed than the round before would have used up.
const MARGIN: f64 = 1.3;
/// Documents of one round at most, for each connection: some 12 KiB each, 300 MiB in all.
const MOST_STOCK: usize = 3_000;
/// Documents that an echo is asked with again and again, for each connection.
const ECHO_STOCK: usize = 64;

/// What was measured.
pub(crate) struct Figures {
    pub(crate) sends: Sum,
    pub(crate) echoes: Sum,
    pub(crate) lone: Sum,
    pub(crate) delays: Vec<Duration>,
    pub(crate) seals: f64,
    pub(crate) memory_mib: u64,
}

/// How many pairs of rounds there are in this time.
pub(crate) fn pairs(time: Duration) -> u32 {
    let most = time.as_secs() / ROUND.as_secs();
    u32::try_from(most).unwrap_or(PAIRS).clamp(1, PAIRS)
}

/// A connection with what it is to carry.
type Lane = (Exchange, Arc<Supply<SendDocumentRequest>>);

/// Measures a hub for so long.
pub(crate) async fn run(engine: &Engine, time: Duration) -> Result<Figures, Failed> {
    let scene = Scene::begin(engine.hub().await).await;
    eprintln!("the hub is process {}", scene.story.hub.process().unwrap());
    let connections = scene.connections();
    let seals = seal_rate(&scene, time / 15);
    let inboxes = Inboxes::listen(&scene).await;
    let (trial, lone) = (trial(&scene, &connections, time).await?, time / 10);
    let mut rate = trial.rate;

    let echo = Echo::start(&scene.story.hub.certificates(), &trial.answer).await;
    let stock = Sealer::new(&scene).stock(ECHO_STOCK);
    let echoing = scene.connections_to(echo.address).into_iter();
    let echoing: Vec<Lane> = echoing.zip(stock.into_iter().map(Supply::again)).collect();
    drive(&echoing, IN_FLIGHT / CONNECTIONS, TRIAL).await?;

    let (mut sends, mut echoes, mut delays) = (Sum::default(), Sum::default(), Vec::new());
    let pairs = pairs(time);
    for pair in 1..=pairs {
        let stock = seal(&scene, rate, time / pairs);
        let sealed: usize = stock.iter().map(Vec::len).sum();
        let echoed = drive(&echoing, IN_FLIGHT / CONNECTIONS, time / pairs).await?;
        let sent = drive(&lanes(&connections, stock), IN_FLIGHT / CONNECTIONS, time / pairs).await?;
        delays.extend(inboxes.delays(&sent.counted().collect::<Vec<_>>()).await?);
        verify(&scene, &sent)?;
        rate = sent.counted().count() as f64 / sent.lasted().as_secs_f64();
        eprintln!(
            "pair {pair} of {pairs}: {sealed} sealed, {:.0} echoes/s, {rate:.0} sends/s",
            echoed.counted().count() as f64 / echoed.lasted().as_secs_f64()
        );
        echoes.add(&echoed);
        sends.add(&sent);
    }
    let lone = alone(&scene, &connections[0], rate, lone).await?;
    let hub = scene
        .story
        .hub
        .process()
        .expect("the hub has a process of its own");
    let memory_mib = peak_memory_mib(hub);
    let mut story = scene.story;
    story.hub.stop().await;
    Ok(Figures {
        sends,
        echoes,
        lone,
        delays,
        seals,
        memory_mib,
    })
}

pub(crate) struct Trial {
    pub(crate) rate: f64,
    answer: SendDocumentResponse,
}

/// A first round that counts for nothing: every connection is open after it.
pub(crate) async fn trial(scene: &Scene, connections: &[Exchange], time: Duration) -> Result<Trial, Failed> {
    let first = Sealer::new(scene).seal(scene.route(0));
    let (answer, _) = connections[0].clone().ask(&first).await?;
    let seconds = usize::try_from(time.as_secs()).unwrap_or(TRIAL_STOCK);
    let each = TRIAL_STOCK.min(IN_FLIGHT / CONNECTIONS + seconds * TRIAL_STOCK_PER_SECOND);
    let stock = Sealer::new(scene).stock(each);
    let tried = drive(&lanes(connections, stock), IN_FLIGHT / CONNECTIONS, TRIAL).await?;
    verify(scene, &tried)?;
    Ok(Trial {
        rate: tried.counted().count() as f64 / tried.lasted().as_secs_f64(),
        answer,
    })
}

/// As much as the hub will take in this time, and more.
pub(crate) fn seal(scene: &Scene, rate: f64, time: Duration) -> Vec<Vec<SendDocumentRequest>> {
    let each = documents(rate * MARGIN, time) / CONNECTIONS + IN_FLIGHT / CONNECTIONS;
    Sealer::new(scene).stock(each.min(MOST_STOCK))
}

pub(crate) fn lanes(connections: &[Exchange], stock: Vec<Vec<SendDocumentRequest>>) -> Vec<Lane> {
    connections
        .iter()
        .cloned()
        .zip(stock.into_iter().map(Supply::once))
        .collect()
}

/// One send under way at a time: slower than many at once.
async fn alone(scene: &Scene, connection: &Exchange, rate: f64, time: Duration) -> Result<Sum, Failed> {
    let stock = Sealer::new(scene).some(scene.route(0), documents(rate, time) + 1);
    let lane: Lane = (connection.clone(), Supply::once(stock));
    let sent = drive(&[lane], 1, time).await?;
    verify(scene, &sent)?;
    let mut sum = Sum::default();
    sum.add(&sent);
    Ok(sum)
}

/// What goes at this rate in this time.
fn documents(rate: f64, time: Duration) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of documents"
    )]
    let documents = (rate * time.as_secs_f64()) as usize;
    documents
}

/// Every ticket is the hub's own promise.
pub(crate) fn verify(scene: &Scene, round: &Round<SendDocumentResponse>) -> Result<(), Failed> {
    let log = scene.story.hub.verifier();
    for one in &round.done {
        let ticket = one.answer.ticket.as_ref();
        let holds = ticket.is_some_and(|ticket| {
            Signed::<Ticket>::verify(&ticket.statement, &ticket.signature, log.verifying_key()).is_ok()
        });
        if !holds {
            return Err(Failed(format!("a ticket does not hold: {:?}", one.answer)));
        }
    }
    Ok(())
}
