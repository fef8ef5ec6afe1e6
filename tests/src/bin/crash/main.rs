//! `crash`: kills the hub under load, again and again, and looks whether what it answered is still there.
//!
//! Senders, readers and a guardian who changes her mind call a hub in a process of its own; at a random moment it is
//! killed where it stands (SIGKILL), started again on the same data, and every answer that was given is checked:
//! document, state, consent, ledger entry (invariants 3 and 5). With `--power-loss` what it wrote and never synced is
//! taken back before it starts again. With `--store postgres` either the hub or the primary of its database is killed;
//! the synchronous standby takes the primary's place, the hub finds it by itself, and the former primary becomes the
//! standby. Lines are `name: value`; the exit code is 1 when a promise was broken.

mod judge;
mod load;
mod power;
mod sabotage;
mod servers;

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use futures_util::FutureExt as _;
use samrum_proto::wire::ledger::v1::GetLedgerReceiptRequest;
use samrum_tests::{Chance, Story, TestHub};

use judge::Judge;
use load::Answered;
use power::{Dropped, Power};
use sabotage::Sabotage;
use servers::{DATABASE, Servers};

/// Says that this program is to be the hub.
const AS_HUB: &str = "SAMRUM_TESTS_AS_HUB";
/// Answers that a run must have seen at least, for each kill.
const ENOUGH_PER_KILL: usize = 200;
/// How often it is asked whether the hub has found its database again, and for how long: a hub that is offered a server
/// which lost what was answered never does.
const POLL: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(60);

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
    Postgres,
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
    let unsynced = arguments.sabotage == Some(Sabotage::Unsynced);
    let mut servers = match arguments.store {
        Store::Sqlite => None,
        Store::Postgres => Some(Servers::start().await),
    };
    assert!(
        !(servers.is_some() && arguments.power_loss),
        "--power-loss takes back what the hub's own process wrote: it needs --store sqlite"
    );
    let power = arguments.power_loss.then(|| Power::prepare(!unsynced));
    assert!(
        servers.is_some() || power.is_some() || !unsynced,
        "without --power-loss nothing that was not synced is lost: --sabotage unsynced needs it"
    );
    let mut chance = Chance::from(arguments.seed);
    let program = std::env::current_exe().unwrap();
    let mut environment: Vec<(OsString, OsString)> = vec![(AS_HUB.into(), "1".into())];
    environment.extend(power.iter().flat_map(Power::environment));
    let addresses = servers.as_ref().map(Servers::addresses).unwrap_or_default();
    let hub = TestHub::start_apart_on(program, environment, addresses).await;
    let mut story = Story::begin_in(hub).await;
    story.consent_of(&story.social, &story.child).await;
    let mut judge = Judge::default();
    let (mut dropped, mut primaries) = (Dropped::default(), 0);
    for _ in 0..arguments.kills {
        let lose = async {
            match servers.as_mut().filter(|_| unsynced || chance.below(2) == 0) {
                Some(servers) => {
                    primaries += 1;
                    lose_primary(&story, servers, &mut chance, arguments.sabotage).await
                }
                None => lose_hub(&mut story, &mut chance).await,
            }
        };
        // Where keys or units are gone that the round before did not ask for, no load goes on: a finding as well.
        let Ok(answered) = AssertUnwindSafe(lose).catch_unwind().await else {
            println!("the hub lacks what the load needs");
            judge.everything_is_lost(&[]);
            break;
        };
        if let Some(power) = &power {
            dropped.writes += power.cut(&mut chance).writes;
        }
        match (arguments.sabotage, &servers) {
            (Some(sabotage), None) => sabotage.strike(&story.hub.data()).await,
            (Some(sabotage), Some(servers)) => sabotage.strike_at(servers.primary(), DATABASE).await,
            (None, _) => {}
        }
        if !goes_on(&mut story, &mut judge, &answered).await {
            break;
        }
    }
    story.hub.stop().await;
    if power.is_some() {
        println!("dropped_writes: {}", dropped.writes);
    }
    if servers.is_some() {
        println!("primaries_killed: {primaries}");
    }
    judge.tell(arguments.kills)
}

/// Load until the hub is killed.
async fn lose_hub(story: &mut Story, chance: &mut Chance) -> Vec<Answered> {
    let killed = async { story.hub.kill_now() };
    let answered = load::until_killed(story, chance, killed).await;
    story.hub.kill().await;
    answered
}

/// Load until the primary is killed and its standby has taken its place.
async fn lose_primary(
    story: &Story,
    servers: &mut Servers,
    chance: &mut Chance,
    sabotage: Option<Sabotage>,
) -> Vec<Answered> {
    if sabotage == Some(Sabotage::Unsynced) {
        servers.part().await;
    }
    load::until_killed(story, chance, servers.kill_primary()).await
}

/// Checks what was answered, once the hub serves again; whether another round makes sense.
async fn goes_on(story: &mut Story, judge: &mut Judge, answered: &[Answered]) -> bool {
    if !story.hub.is_running() {
        if let Err(refusal) = story.hub.try_start_again().await {
            println!("the hub did not start again: {refusal}");
            judge.everything_is_lost(answered);
            return false;
        }
        story.reconnect();
    }
    // A hub that lost its keys or its log answers in ways that no honest hub does: that is a finding too.
    let check = async {
        until_ready(story, answered).await;
        judge.check(story, answered).await;
    };
    let checked = AssertUnwindSafe(check).catch_unwind().await;
    if checked.is_err() {
        println!("the hub gives no answers that could be checked");
        judge.everything_is_lost(answered);
    }
    checked.is_ok()
}

/// Until the hub has found its database again by itself, and extends its log: the lease of a hub that was killed runs
/// out first.
async fn until_ready(story: &Story, answered: &[Answered]) {
    let last = answered.iter().rev().find_map(Answered::entry);
    let request = GetLedgerReceiptRequest {
        entry_id: last.map(<[u8]>::to_vec).unwrap_or_default(),
    };
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let receipt = story.social.ledger().get_ledger_receipt(request.clone()).await;
        // An entry that is not there any more is for the judge to find.
        if !receipt.is_err_and(|status| load::may_pass(&status)) {
            return;
        }
        tokio::time::sleep(POLL).await;
    }
    panic!("the hub does not find its database again");
}
