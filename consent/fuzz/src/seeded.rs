//! The fuzz target on stable: so many strings of bytes from seeds, in order. `seeded [count] [first seed]`.
//!
//! Prints what was reached; exits with a panic and the seed when a promise is broken.

use std::collections::BTreeMap;
use std::process::ExitCode;

use samrum_consent_fuzz::{judge, seeds};

/// Cases of a run that names no count: some seconds.
const CASES: u64 = 100_000;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Ok(count), Ok(first)) = (
        numbers.next().unwrap_or(Ok(CASES)),
        numbers.next().unwrap_or(Ok(0)),
    ) else {
        eprintln!("seeded [count] [first seed], both numbers");
        return ExitCode::from(2);
    };
    let mut reached = BTreeMap::new();
    for seed in first..first.saturating_add(count) {
        let bytes = seeds::bytes(seed);
        let judged = std::panic::catch_unwind(|| judge(&bytes));
        let Ok(outcomes) = judged else {
            eprintln!("broken at seed {seed}");
            return ExitCode::FAILURE;
        };
        for outcome in outcomes {
            *reached.entry(outcome).or_insert(0_u64) += 1;
        }
    }
    println!("cases: {count}");
    for (outcome, times) in reached {
        println!("{outcome:?}: {times}");
    }
    ExitCode::SUCCESS
}
