//! `nats`: how many documents the hub takes, beside how many messages NATS JetStream takes to the same disk.
//!
//! Both acknowledge only what is durable: the hub commits with a sync, JetStream has `sync_interval: always`. The same
//! documents of 10 KiB, the same 64 under way over 8 connections, the same certificates over TLS 1.3, in turn; the
//! hub decides on each and writes its ledger, JetStream appends to one stream with file storage. Lines are
//! `name: value`; the exit code is 1 when the hub is not faster.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that measures speaks to who runs it, and ends when nothing can be measured"
)]

mod jetstream;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use samrum_tests::load::{
    CONNECTIONS, Engine, Failed, IN_FLIGHT, Sealer, Sends, Sum, Supply, TRIAL, another_process, drive, rounds,
};

use jetstream::Publisher;
use server::Server;

/// How many times as many documents the hub must take, at least; more than this.
const LEAST_RATIO: f64 = 1.0;
/// Messages that are published again and again, for each connection.
const STOCK: usize = 64;

/// Measures the hub beside NATS JetStream.
#[derive(Debug, Parser)]
#[command(name = "nats")]
struct Arguments {
    /// How long each is measured, in all
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// The program nats-server; without, it is installed into a temporary folder
    #[arg(long)]
    server: Option<PathBuf>,
}

fn main() -> ExitCode {
    if let Some(ended) = another_process() {
        return ended;
    }
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match runtime.block_on(measure(&arguments)) {
        Ok(ratio) if ratio > LEAST_RATIO => ExitCode::SUCCESS,
        Ok(_) => {
            eprintln!("broken: ratio_to_nats is more than {LEAST_RATIO}");
            ExitCode::FAILURE
        }
        Err(failed) => {
            eprintln!("nats: {failed}");
            ExitCode::FAILURE
        }
    }
}

/// Measures and prints; how many documents the hub took for each message that JetStream took.
async fn measure(arguments: &Arguments) -> Result<f64, Failed> {
    let time = Duration::from_secs(arguments.seconds);
    let mut hub = Sends::begin(&Engine::Sqlite, time).await?;
    let certificates = hub.scene.story.hub.certificates();
    let server = Server::start(arguments.server.as_deref(), &certificates);
    let senders = (0..CONNECTIONS).map(|connection| hub.scene.route(connection).from);
    let publishers = jetstream::connect(server.port(), &certificates, senders).await?;
    let stock = Sealer::new(&hub.scene).stock(STOCK).into_iter();
    let stock = stock.map(|documents| Supply::again(documents.iter().map(jetstream::message).collect()));
    let publishing: Vec<(Publisher, Arc<_>)> = publishers.into_iter().zip(stock).collect();
    drive(&publishing, IN_FLIGHT / CONNECTIONS, TRIAL).await?;

    let mut published = Sum::default();
    let pairs = rounds(time);
    for pair in 1..=pairs {
        let round = drive(&publishing, IN_FLIGHT / CONNECTIONS, time / pairs).await?;
        let sent = hub.round(time / pairs).await?;
        eprintln!(
            "pair {pair} of {pairs}: {:.0} published/s, {:.0} sends/s",
            round.rate(),
            sent.rate()
        );
        published.add(&round);
    }
    let ratio = hub.sum.rate() / published.rate();
    println!("sends_per_s: {:.0}", hub.sum.rate());
    println!("nats_per_s: {:.0}", published.rate());
    println!("ratio_to_nats: {ratio:.2}");
    hub.stop().await;
    Ok(ratio)
}
