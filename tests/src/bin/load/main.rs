//! `load`: how many documents a hub takes, beside what a bare call over the same TLS costs.
//!
//! The hub, the echo and the clients are processes of their own. Documents of 10 KiB are sealed and signed before the
//! clock runs, a round at a time; then 64 sends are under way over 8 connections, and in turn as many calls of an echo
//! with the same configuration and messages of the same size. Figures are sums over all rounds, so that each second
//! weighs the same, whatever the machine was doing. Lines are `name: value`; what is being done is told on the other
//! stream; the exit code is 1 when a promise was broken.

mod growth;
mod measure;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use samrum_tests::Cluster;
use samrum_tests::load::{Engine, Failed, another_process, milliseconds, percentile};

use measure::Figures;

/// How many times more a send may cost in a full hub.
const MOST_GROWTH: f64 = 1.5;

/// Measures a hub under load.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Arguments {
    /// How long sends are measured, in all
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// Which store
    #[arg(long, value_enum, default_value_t = Store::Sqlite)]
    store: Store,
    /// Messages in the hub that is compared with an empty one; none: no comparison
    #[arg(long, default_value_t = 1_000_000)]
    prefill: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    /// The least share of a bare call's rate.
    const fn least_ratio(self) -> f64 {
        match self {
            Self::Sqlite => 0.25,
            Self::Postgres => 0.15,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

fn main() -> ExitCode {
    if let Some(ended) = another_process() {
        return ended;
    }
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let engine = match arguments.store {
        Store::Sqlite => Engine::Sqlite,
        Store::Postgres => Engine::Postgres(Cluster::start()),
    };
    match runtime.block_on(run(&engine, &arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failed) => {
            eprintln!("load: {failed}");
            ExitCode::FAILURE
        }
    }
}

/// Measures and prints; whether every promise was kept.
async fn run(engine: &Engine, arguments: &Arguments) -> Result<bool, Failed> {
    let time = Duration::from_secs(arguments.seconds);
    let figures = measure::run(engine, time).await?;
    let mut kept = tell(arguments, figures);
    if arguments.prefill > 0 {
        let growth = growth::measure(engine, time / 2, arguments.prefill).await?;
        println!("growth: {growth:.2}");
        if growth > MOST_GROWTH {
            eprintln!("broken: growth is at most {MOST_GROWTH}");
            kept = false;
        }
    }
    Ok(kept)
}

/// Prints the figures; whether they are as promised.
fn tell(arguments: &Arguments, mut figures: Figures) -> bool {
    let ratio = figures.sends.rate() / figures.echoes.rate();
    println!("store: {}", arguments.store.name());
    println!("seconds: {:.1}", figures.sends.time.as_secs_f64());
    println!("sends: {}", figures.sends.count);
    println!("sends_per_s: {:.0}", figures.sends.rate());
    println!("echo_per_s: {:.0}", figures.echoes.rate());
    println!("ratio_to_echo: {ratio:.3}");
    let print = |name: &str, times: &mut Vec<Duration>, share: f64| {
        println!("{name}: {}", milliseconds(percentile(times, share)));
    };
    print("p50_ms", &mut figures.sends.latencies, 0.5);
    print("p99_ms", &mut figures.sends.latencies, 0.99);
    print("lone_p50_ms", &mut figures.lone.latencies, 0.5);
    print("deliver_p50_ms", &mut figures.delays, 0.5);
    print("deliver_p99_ms", &mut figures.delays, 0.99);
    println!("seal_per_s: {:.0}", figures.seals);
    println!("hub_rss_mib: {}", figures.memory_mib);
    println!("busy: {}", figures.sends.busy);
    let least = arguments.store.least_ratio();
    if ratio < least {
        eprintln!("broken: ratio_to_echo is at least {least}");
        return false;
    }
    true
}
