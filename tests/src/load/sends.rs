//! A hub's side of a measurement: rounds of sends, each sealed before its time begins, every answer judged after it.

use core::time::Duration;
use std::sync::Arc;

use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::exchange::v1::{SendDocumentRequest, SendDocumentResponse};

use super::{
    CONNECTIONS, Engine, Exchange, Failed, IN_FLIGHT, Peer as _, Round, Scene, Sealer, Sum, Supply, drive,
};

/// Rounds of each side at most; each lasts [`ROUND`] at least, if there is time.
const ROUNDS: u32 = 6;
/// A round that is shorter says little.
const ROUND: Duration = Duration::from_secs(1);
/// How long a side is tried before its first round, to know how much to seal.
pub const TRIAL: Duration = Duration::from_millis(500);
/// How often it is tried at most, with twice as much to seal each time, until that lasts.
const TRIALS: u32 = 4;
/// Documents that the hub is first tried with, for each connection; fewer where there is little time.
const TRIAL_STOCK: usize = 100;
/// What one second more to measure adds to them.
const TRIAL_STOCK_PER_SECOND: usize = 10;
/// How much more is sealed than the round before would have used up.
const MARGIN: f64 = 1.3;
/// Documents of one round at most, for each connection: some 12 KiB each, 300 MiB in all.
const MOST_STOCK: usize = 3_000;

/// How many rounds this time is divided into.
pub fn rounds(time: Duration) -> u32 {
    let most = time.as_secs() / ROUND.as_secs();
    u32::try_from(most).unwrap_or(ROUNDS).clamp(1, ROUNDS)
}

/// A connection with what it is to carry.
pub type Lane = (Exchange, Arc<Supply<SendDocumentRequest>>);

/// A hub that is sent to.
pub struct Sends {
    /// Its scene.
    pub scene: Scene,
    /// Sends in a second, as far as is known: how much to seal for the next round.
    pace: f64,
    /// All rounds.
    pub sum: Sum,
    /// What the hub answers.
    pub answer: SendDocumentResponse,
    connections: Vec<Exchange>,
}

impl Sends {
    /// A new hub on this engine, after a trial; this much time is to be measured.
    ///
    /// # Errors
    /// A send that failed.
    pub async fn begin(engine: &Engine, time: Duration) -> Result<Self, Failed> {
        Self::in_scene(Scene::begin(engine.hub().await).await, time).await
    }

    /// The same in a scene that stands.
    ///
    /// # Errors
    /// A send that failed.
    pub async fn in_scene(scene: Scene, time: Duration) -> Result<Self, Failed> {
        let connections = scene.connections();
        let sealer = Sealer::new(&scene);
        let first = sealer.seal(scene.route(0));
        let (answer, _) = connections[0].clone().ask(&first).await?;
        let seconds = usize::try_from(time.as_secs()).unwrap_or(TRIAL_STOCK);
        let mut each = TRIAL_STOCK.min(IN_FLIGHT / CONNECTIONS + seconds * TRIAL_STOCK_PER_SECOND);
        let mut sends = Self {
            scene,
            pace: 0.0,
            sum: Sum::default(),
            answer,
            connections,
        };
        for _ in 0..TRIALS {
            let stock = Sealer::new(&sends.scene).stock(each);
            let tried = sends.drive(stock, TRIAL).await?;
            sends.pace = tried.pace();
            if !tried.ran_dry {
                break;
            }
            each *= 2;
        }
        Ok(sends)
    }

    /// One round of so long.
    ///
    /// # Errors
    /// A send that failed, or a ticket that does not hold.
    pub async fn round(&mut self, time: Duration) -> Result<Round<SendDocumentResponse>, Failed> {
        let each = documents(self.pace * MARGIN, time) / CONNECTIONS + IN_FLIGHT / CONNECTIONS;
        let stock = Sealer::new(&self.scene).stock(each.min(MOST_STOCK));
        let sent = self.drive(stock, time).await?;
        // What ran dry might have gone on faster.
        self.pace = sent.pace() * if sent.ran_dry { 2.0 } else { 1.0 };
        self.sum.add(&sent);
        Ok(sent)
    }

    async fn drive(
        &self,
        stock: Vec<Vec<SendDocumentRequest>>,
        time: Duration,
    ) -> Result<Round<SendDocumentResponse>, Failed> {
        let stock = stock.into_iter().map(Supply::once);
        let lanes: Vec<Lane> = self.connections.iter().cloned().zip(stock).collect();
        let sent = drive(&lanes, IN_FLIGHT / CONNECTIONS, time).await?;
        self.verify(&sent)?;
        Ok(sent)
    }

    /// One send under way at a time, for so long: fewer than many at once.
    ///
    /// # Errors
    /// A send that failed, or a ticket that does not hold.
    pub async fn alone(&self, time: Duration) -> Result<Sum, Failed> {
        let stock = Sealer::new(&self.scene).some(self.scene.route(0), documents(self.pace, time) + 1);
        let lane: Lane = (self.connections[0].clone(), Supply::once(stock));
        let sent = drive(&[lane], 1, time).await?;
        self.verify(&sent)?;
        let mut sum = Sum::default();
        sum.add(&sent);
        Ok(sum)
    }

    /// Every ticket is the hub's own promise.
    fn verify(&self, round: &Round<SendDocumentResponse>) -> Result<(), Failed> {
        let log = self.scene.story.hub.verifier();
        for one in &round.done {
            let holds = one.answer.ticket.as_ref().is_some_and(|ticket| {
                Signed::<Ticket>::verify(&ticket.statement, &ticket.signature, log.verifying_key()).is_ok()
            });
            if !holds {
                return Err(Failed(format!("a ticket does not hold: {:?}", one.answer)));
            }
        }
        Ok(())
    }

    /// Stops the hub.
    pub async fn stop(mut self) {
        self.scene.story.hub.stop().await;
    }
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
