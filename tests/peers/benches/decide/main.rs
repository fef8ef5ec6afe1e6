//! Our decision beside Cedar's: do both say the same, what does each cost, and what does a whole `Check` cost as
//! a hub fills?
//!
//! Prints `name: value` lines; exits with 1 when a promise is not kept. `--quick` fills the large hub with
//! fewer consents; `--sabotage` lets our side overlook exclusions, which the agreement must notice.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench speaks to who runs it, and ends when a promise cannot even be measured"
)]

mod agreement;
mod cedar;
mod chance;
mod growth;
mod measure;
mod situation;

use std::process::ExitCode;

use samrum_consent::law::Law;

use crate::agreement::Agreement;
use crate::cedar::Peer;
use crate::growth::Growth;
use crate::measure::Times;

/// How many times slower Cedar must be, at least.
const LEAST_RATIO: f64 = 10.0;
/// How much slower the call may be in the large hub, at most.
const MOST_GROWTH: f64 = 1.3;
/// Consents about others in the large hub.
const MANY: u32 = 1_000_000;
/// And with `--quick`.
const MANY_QUICK: u32 = 20_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Cargo tells a bench that it is one.
    let known = ["--bench", "--quick", "--sabotage"];
    if let Some(unknown) = arguments
        .iter()
        .find(|argument| !known.contains(&argument.as_str()))
    {
        eprintln!("{unknown} is unknown; known are --quick and --sabotage");
        return ExitCode::from(2);
    }
    let given = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let law = Law::embedded().expect("the built-in catalogue");
    let peer = Peer::new(&law.policy);

    let agreement = agreement::check(&peer, &law, given("--sabotage"));
    show_agreement(&agreement);
    if !agreement.holds() {
        eprintln!("broken: both engines say the same, on enough of everything");
        return ExitCode::FAILURE;
    }
    let times = measure::decisions(&peer, &law);
    let ratio = times.cedar / times.ours;
    show_times(&times, ratio);

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let many = if given("--quick") { MANY_QUICK } else { MANY };
    let growth = runtime.block_on(growth::measure(many));
    let grown = growth.large.check / growth.small.check;
    show_growth(&growth, grown);

    let kept = [
        (
            ratio >= LEAST_RATIO,
            format!("ratio_to_cedar is at least {LEAST_RATIO}"),
        ),
        (grown <= MOST_GROWTH, format!("growth is at most {MOST_GROWTH}")),
    ];
    let broken: Vec<&String> = kept
        .iter()
        .filter(|(kept, _)| !kept)
        .map(|(_, what)| what)
        .collect();
    for what in &broken {
        eprintln!("broken: {what}");
    }
    if broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn show_agreement(agreement: &Agreement) {
    println!("agreed: {}", agreement.agreed);
    println!("disagreed: {}", agreement.disagreed);
    println!("permitted_on_one_consent: {}", agreement.permitted);
    println!("permitted_on_several_together: {}", agreement.permitted_together);
    println!("denied_for_an_exclusion: {}", agreement.denied_for_exclusion);
    println!("denied_otherwise: {}", agreement.denied);
}

fn show_times(times: &Times, ratio: f64) {
    println!("ours_ns: {:.0}", times.ours);
    println!("cedar_ns: {:.0}", times.cedar);
    println!("ratio_to_cedar: {ratio:.1}");
    println!("ours_mixed_ns: {:.0}", times.ours_mixed);
    println!("cedar_mixed_ns: {:.0}", times.cedar_mixed);
    println!(
        "ratio_to_cedar_mixed: {:.1}",
        times.cedar_mixed / times.ours_mixed
    );
    println!("explain_ns: {:.0}", times.explain);
    println!("explain_reasons: {}", times.reasons);
}

fn show_growth(growth: &Growth, grown: f64) {
    println!("consents_large: {}", growth.large_consents);
    let costs = [
        ("small", &growth.small),
        ("large", &growth.large),
        ("side_by_side", &growth.side_by_side),
    ];
    for (name, cost) in costs {
        println!("load_{name}_us: {:.0}", cost.load);
        println!("check_{name}_us: {:.0}", cost.check);
    }
    let by_size = growth.side_by_side.check / growth.small.check;
    println!("growth_side_by_side: {by_size:.2}");
    // The name says what is promised; with `--quick` the large hub is smaller.
    println!("growth_100_to_1000000: {grown:.2}");
}
