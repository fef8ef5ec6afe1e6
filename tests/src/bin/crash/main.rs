//! `crash`: kills the hub under load, again and again, and looks whether what it answered is still there.
//!
//! Senders, readers and a guardian who changes her mind call a hub in a process of its own; at a random moment it is
//! killed where it stands (SIGKILL), started again on the same data, and every answer that was given is checked:
//! document, state, consent, ledger entry (invariants 3 and 5). With `--power-loss` what it wrote and never synced is
//! taken back before it starts again. Lines are `name: value`; the exit code is 1 when a promise was broken.

mod judge;
mod load;
mod power;
mod sabotage;

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::Parser;
use futures_util::FutureExt as _;
use samrum_tests::{Chance, Story, TestHub};

use judge::Judge;
use power::{Dropped, Power};
use sabotage::Sabotage;

/// Says that this program is to be the hub.
const AS_HUB: &str = "SAMRUM_TESTS_AS_HUB";
/// Answers that a run must have seen at least, for each kill.
const ENOUGH_PER_KILL: usize = 200;

/// Kills a hub under load and checks everything that it had answered.
#[derive(Debug, Parser)]
#[command(name = "crash")]
struct Arguments {
    /// How often the hub is killed
    #[arg(long, default_value_t = 50)]
    kills: usize,
    /// Which store
    #[arg(long, value_enum, default_value_t = Store::Sqlite)]
    store: Store,
    /// Take back what was written and never synced before the hub starts again
    #[arg(long)]
    power_loss: bool,
    /// What the moments are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Break a promise inside the hub: the program must notice
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Store {
    Sqlite,
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
    if runtime.block_on(run(&arguments)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn run(arguments: &Arguments) -> bool {
    let Store::Sqlite = arguments.store;
    let counts_syncs = arguments.sabotage != Some(Sabotage::Unsynced);
    let power = arguments.power_loss.then(|| Power::prepare(counts_syncs));
    assert!(
        power.is_some() || counts_syncs,
        "without --power-loss nothing that was not synced is lost: --sabotage unsynced needs it"
    );
    let mut chance = Chance::from(arguments.seed);
    let program = std::env::current_exe().unwrap();
    let mut environment: Vec<(OsString, OsString)> = vec![(AS_HUB.into(), "1".into())];
    environment.extend(power.iter().flat_map(Power::environment));
    let hub = TestHub::start_apart_in(program, environment).await;
    let mut story = Story::begin_in(hub).await;
    story.consent_of(&story.social, &story.child).await;
    let mut judge = Judge::default();
    let mut dropped = Dropped::default();
    for _ in 0..arguments.kills {
        let answered = load::until_killed(&mut story, &mut chance).await;
        if let Some(power) = &power {
            dropped.writes += power.cut(&mut chance).writes;
        }
        if let Some(sabotage) = arguments.sabotage {
            sabotage.strike(&story.hub.data()).await;
        }
        if let Err(refusal) = story.hub.try_start_again().await {
            println!("the hub did not start again: {refusal}");
            judge.everything_is_lost(&answered);
            break;
        }
        story.reconnect();
        // A hub that lost its keys or its log answers in ways that no honest hub does: that is a finding too.
        let checked = AssertUnwindSafe(judge.check(&story, &answered))
            .catch_unwind()
            .await;
        if checked.is_err() {
            println!("the hub gives no answers that could be checked");
            judge.everything_is_lost(&answered);
            break;
        }
    }
    story.hub.stop().await;
    if power.is_some() {
        println!("dropped_writes: {}", dropped.writes);
    }
    judge.tell(arguments.kills)
}
