//! `race`: three hubs on one PostgreSQL, and consents taken back while documents are sent and fetched on them.
//!
//! One hub is stopped now and then and goes on, another loses its way to the database. Every call is written down with
//! when it began and when it was answered; the history is judged (invariants 1, 4 and 5): no permit that began after a
//! no was answered on whatever hub, none that the log holds after the no, one effect of each document and one end of
//! each delivery. Lines are `name: value`; the exit code is 1 when a promise was broken, or when too little happened to
//! say anything.

mod history;
mod inbox;
mod load;
mod nodes;
mod proxy;
mod sabotage;
mod trouble;

use core::time::Duration;
use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::Parser;
use futures_util::future::join_all;
use samrum_tests::{Chance, Cluster};
use sqlx::{Connection as _, PgConnection, Row as _, query};
use tokio::sync::watch;
use tokio::time::sleep;

use history::Findings;
use inbox::Told;
use load::Load;
use nodes::{DATABASE, Nodes};
use sabotage::Sabotage;
use trouble::Trouble;

/// Says that this program is to be the hub.
const AS_HUB: &str = "SAMRUM_TESTS_AS_HUB";
/// Of so many operations one must be permitted at least, and of so many one must overlap a no.
const PERMITS: usize = 5;
const OVERLAPS: usize = 50;
/// How often it is looked whether enough was answered.
const LOOK: Duration = Duration::from_millis(10);

/// Lets revocations race with sends and fetches on three hubs, and judges the history.
#[derive(Debug, Parser)]
#[command(name = "race")]
struct Arguments {
    /// How many sends and fetches are answered at least
    #[arg(long, default_value_t = 50_000)]
    operations: usize,
    /// How many children's consents come and go at once, four callers on each
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=28))]
    cells: u8,
    /// What is drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Break a promise beneath the hubs: the program must notice
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
}

/// What was found at all.
struct Verdict {
    findings: Findings,
    duplicated: usize,
    lost: usize,
    differing: usize,
    trouble: Trouble,
}

fn main() -> ExitCode {
    if std::env::var_os(AS_HUB).is_some() {
        return samrum_server::app::main(std::env::args_os());
    }
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let verdict = runtime.block_on(run(&arguments));
    if tell(&arguments, &verdict) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn run(arguments: &Arguments) -> Verdict {
    let nodes = Nodes::start(arguments.sabotage).await;
    let load = Load::new(&nodes).await;
    let trouble = Trouble::default();
    let mut chance = Chance::from(arguments.seed);
    let mut another = || Chance::from(chance.below(usize::MAX) as u64);
    let is_over = || load.is_over.load(Ordering::Relaxed);
    let (calm, is_calm) = watch::channel(false);
    let listening = join_all(
        nodes
            .nodes
            .iter()
            .map(|node| Told::default().listen(node, is_calm.clone())),
    );
    let calling = async {
        tokio::join!(
            join_all((0..usize::from(arguments.cells)).map(|number| load.cell(number, another()))),
            trouble.pause(&nodes, Chance::from(arguments.seed + 1), is_over),
            trouble.cut_off(&nodes, Chance::from(arguments.seed + 2), is_over),
            async {
                let has_trouble = || trouble.paused() > 0 && trouble.cut() > 0;
                while load.history.count() < arguments.operations || !has_trouble() {
                    sleep(LOOK).await;
                }
                load.is_over.store(true, Ordering::Relaxed);
            }
        );
        calm.send_replace(true);
    };
    let (told, ()) = tokio::join!(listening, calling);
    let mut duplicated = load.duplicated.load(Ordering::Relaxed);
    let mut lost = 0;
    for told in &told {
        let (twice, never) = told.judge(&load);
        duplicated += twice;
        lost += never;
    }
    let differing = inbox::differing(&nodes, &load).await;
    let findings = load.history.judge(&arrivals(&nodes.cluster).await);
    nodes.stop().await;
    Verdict {
        findings,
        duplicated,
        lost,
        differing,
        trouble,
    }
}

/// The place of every entry in the order of commits.
async fn arrivals(cluster: &Cluster) -> HashMap<Vec<u8>, i64> {
    let mut connection = PgConnection::connect(&cluster.address(DATABASE)).await.unwrap();
    let rows = query("SELECT id, arrival FROM entry")
        .fetch_all(&mut connection)
        .await;
    let rows = rows.unwrap();
    let place = |row: &sqlx::postgres::PgRow| {
        let id: uuid::Uuid = row.get("id");
        (id.as_bytes().to_vec(), row.get("arrival"))
    };
    rows.iter().map(place).collect()
}

/// Prints the figures; whether every promise was kept, and enough happened to say so.
fn tell(arguments: &Arguments, verdict: &Verdict) -> bool {
    let found = &verdict.findings;
    println!("operations: {}", found.operations);
    println!("permits: {}", found.permits);
    println!("denials: {}", found.denials);
    println!("revokes: {}", found.revokes);
    println!("overlaps: {}", found.overlaps);
    println!("stale_permits: {}", found.stale());
    println!("stale_begun_after_the_answer: {}", found.begun_late);
    println!("stale_written_after_the_no: {}", found.written_late);
    println!("early_permits: {}", found.early);
    println!("unfounded_denials: {}", found.unfounded);
    println!("duplicated: {}", verdict.duplicated);
    println!("lost: {}", verdict.lost);
    println!("differing_ends: {}", verdict.differing);
    println!("unavailable: {}", found.unavailable);
    println!("paused: {}", verdict.trouble.paused());
    println!("cut: {}", verdict.trouble.cut());
    println!("unexpected: {}", found.unexpected.len());
    for what in found.unexpected.iter().take(3) {
        println!("  {what}");
    }
    let enough = found.operations >= arguments.operations
        && found.permits >= arguments.operations / PERMITS
        && found.overlaps >= arguments.operations / OVERLAPS;
    if !enough {
        println!("too few permits or overlaps to say anything");
    }
    let broken = found.stale()
        + found.early
        + found.unfounded
        + found.unexpected.len()
        + verdict.duplicated
        + verdict.lost
        + verdict.differing;
    enough && broken == 0
}
