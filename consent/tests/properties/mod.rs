//! What holds in every situation: properties over arbitrary facts, requests, consents and times.
//!
//! The seed is fixed: the same situations every time, so a red test stays red until it is mended.

mod arbitrary;
mod duty;
mod monotone;
mod secrecy;
mod shape;
mod total;
mod without_consent;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Situations per property.
const CASES: u32 = 5_000;

/// The same situations every time.
fn config() -> Config {
    Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(20_260_415),
        failure_persistence: None,
        ..Config::default()
    }
}

/// Proves the property for every case, or shows the smallest for which it fails.
fn prove<S: Strategy>(cases: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    if let Err(failure) = TestRunner::new(config()).run(&cases, property) {
        panic!("{failure}");
    }
}
