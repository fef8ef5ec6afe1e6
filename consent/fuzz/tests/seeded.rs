//! The fuzz target on stable, in an ordinary test: seeds in order, and everything that must be reached.

use std::collections::BTreeMap;

use samrum_consent_fuzz::{Outcome, judge, seeds};

/// Cases: a few seconds.
const CASES: u64 = 50_000;
/// Of each outcome at least so many, or the bytes say too little.
const LEAST: u32 = 100;

#[test]
fn whatever_the_bytes_the_decision_keeps_its_promises() {
    let mut reached = BTreeMap::new();
    for seed in 0..CASES {
        for outcome in judge(&seeds::bytes(seed)) {
            *reached.entry(outcome).or_insert(0_u32) += 1;
        }
    }
    println!("cases: {CASES}, reached: {reached:?}");
    for outcome in [Outcome::Consent, Outcome::Provision, Outcome::Denial] {
        let times = reached.get(&outcome).copied().unwrap_or_default();
        assert!(times >= LEAST, "{outcome:?} was reached {times} times");
    }
}

#[test]
fn no_bytes_at_all_are_an_input_too() {
    assert!(judge(&[]).is_empty(), "nobody was asked about");
}
