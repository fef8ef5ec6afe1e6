//! Growth: what a send costs in a hub that holds many messages, beside what it costs in an empty one.

use std::time::Duration;

use samrum_tests::load::{Engine, Failed, Scene, Sends, fill, rounds};

/// How many times more a send costs among so many messages; each hub is measured for so long, in turn.
pub(crate) async fn measure(engine: &Engine, time: Duration, messages: u64) -> Result<f64, Failed> {
    let mut empty = Sends::begin(engine, time).await?;
    let mut scene = Scene::begin(engine.hub().await).await;
    eprintln!("filling a hub with {messages} messages");
    fill(&mut scene, messages).await?;
    let mut full = Sends::in_scene(scene, time).await?;
    let pairs = rounds(time);
    for pair in 1..=pairs {
        let (few, many) = (empty.round(time / pairs).await?, full.round(time / pairs).await?);
        eprintln!(
            "pair {pair} of {pairs}: {:.0} sends/s empty, {:.0} full",
            few.rate(),
            many.rate()
        );
    }
    let growth = empty.sum.rate() / full.sum.rate();
    empty.stop().await;
    full.stop().await;
    Ok(growth)
}
