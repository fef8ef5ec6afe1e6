//! `lanes`: the same services over QUIC lanes, beside TCP.
//!
//! Whether both ways answer alike; whether an inbox outlives its client's address; whether nobody can talk a client down to
//! a hub that is none; what an inbox notices of documents on the way, on a good network and on one that loses packets; and
//! how many calls go through. Lines are `name: value`; what is being done is told on the other stream; the exit code is 1
//! when a promise was broken.

mod address;
mod contract;
mod downgrade;
mod inbox;
mod rate;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use inbox::Measured;
use samrum_client::transport::way::Way;
use samrum_tests::load::{another_process, milliseconds, percentile};

/// The least share of TCP's rate of calls.
const LEAST_RATIO: f64 = 0.5;

/// Compares QUIC lanes with TCP.
#[derive(Debug, Parser)]
#[command(name = "lanes")]
struct Arguments {
    /// How long each figure is measured
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Break a promise: the program must notice
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
}

/// A promise to break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Sabotage {
    /// The hub behind QUIC has another limit.
    Differ,
    /// Items of the inbox are lost where the address changes.
    Lose,
    /// What answers on UDP has a certificate that the client takes for the hub's.
    Trusted,
}

fn main() -> ExitCode {
    if let Some(ended) = another_process() {
        return ended;
    }
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    if runtime.unwrap().block_on(run(&arguments)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Whether every promise was kept.
async fn run(arguments: &Arguments) -> bool {
    let broken = |sabotage| arguments.sabotage == Some(sabotage);
    let time = Duration::from_secs(arguments.seconds);

    let differences = contract::differences(broken(Sabotage::Differ)).await;
    for difference in &differences {
        eprintln!("lanes: {difference}");
    }
    let same = differences.is_empty();
    println!("contract: {}", if same { "same" } else { "different" });

    let survived = address::survives(broken(Sabotage::Lose)).await;
    if let Err(what) = &survived {
        eprintln!("lanes: {what}");
    }
    let word = if survived.is_ok() { "survived" } else { "lost" };
    println!("address_change: {word}");

    let refused = downgrade::is_refused(broken(Sabotage::Trusted)).await;
    println!("downgrade_refused: {refused}");
    if arguments.sabotage.is_some() {
        return same && survived.is_ok() && refused;
    }

    for (name, way) in [("lanes", Way::Quic), ("tcp", Way::Tcp)] {
        let measured = inbox::during_upload(way, time).await;
        tell(&format!("{name}_inbox_during_upload"), measured);
    }
    for (name, way) in [("quic", Way::Quic), ("tcp", Way::Tcp)] {
        let measured = inbox::through_bad_weather(way, time).await;
        tell(&format!("{name}_inbox"), measured);
    }
    let ratio = rate::ratio(time).await;
    println!("quic_echo_per_s: {:.0}", ratio.quic);
    println!("tcp_echo_per_s: {:.0}", ratio.tcp);
    println!("ratio_to_tcp: {:.2}", ratio.value());
    same && survived.is_ok() && refused && ratio.value() >= LEAST_RATIO
}

fn tell(name: &str, mut measured: Measured) {
    for (share, figure) in [(0.5, "p50_ms"), (0.99, "p99_ms")] {
        let delay = milliseconds(percentile(&mut measured.delays, share));
        println!("{name}_{figure}: {delay}");
    }
    println!("{name}_uploads_per_s: {:.1}", measured.uploads_per_s);
}
