//! Growth: what a send costs in a hub that holds many messages, beside what it costs in an empty one.

use std::time::Duration;

use samrum_tests::load::{CONNECTIONS, Engine, Exchange, Failed, IN_FLIGHT, Scene, Sum, drive, fill};

use crate::measure::{lanes, pairs, seal, trial, verify};

/// One of the two hubs.
struct Side {
    scene: Scene,
    connections: Vec<Exchange>,
    rate: f64,
    sum: Sum,
}

/// How many times more a send costs among so many messages; each hub is measured for so long, in turn.
pub(crate) async fn measure(engine: &Engine, time: Duration, messages: u64) -> Result<f64, Failed> {
    let empty = Side::begin(Scene::begin(engine.hub().await).await, time).await?;
    let mut scene = Scene::begin(engine.hub().await).await;
    eprintln!("filling a hub with {messages} messages");
    fill(&mut scene, messages).await?;
    let mut sides = [empty, Side::begin(scene, time).await?];
    let pairs = pairs(time);
    for pair in 1..=pairs {
        for side in &mut sides {
            side.round(time / pairs).await?;
        }
        let [empty, full] = &sides;
        eprintln!(
            "pair {pair} of {pairs}: {:.0} sends/s empty, {:.0} full",
            empty.rate, full.rate
        );
    }
    let [empty, full] = sides;
    let growth = empty.sum.rate() / full.sum.rate();
    for mut side in [empty, full] {
        side.scene.story.hub.stop().await;
    }
    Ok(growth)
}

impl Side {
    async fn begin(scene: Scene, time: Duration) -> Result<Self, Failed> {
        let connections = scene.connections();
        let rate = trial(&scene, &connections, time).await?.rate;
        Ok(Self {
            scene,
            connections,
            rate,
            sum: Sum::default(),
        })
    }

    async fn round(&mut self, time: Duration) -> Result<(), Failed> {
        let stock = seal(&self.scene, self.rate, time);
        let sent = drive(&lanes(&self.connections, stock), IN_FLIGHT / CONNECTIONS, time).await?;
        verify(&self.scene, &sent)?;
        self.rate = sent.counted().count() as f64 / sent.lasted().as_secs_f64();
        self.sum.add(&sent);
        Ok(())
    }
}
