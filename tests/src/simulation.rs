//! A deterministic simulation of many parties at one hub: seeded, on a virtual clock.
//!
//! The hub and its store are the real ones; who calls them, in which order, and what the network loses come from the
//! seed. An operation goes on by one call to the store at a time, so that between any two of its calls others can come
//! in, time can pass, and the hub can crash. The same seed gives the same run, to the byte of its trace.
//!
//! A run has failed when what was answered and what the log says cannot both be true under the rules of the domain:
//! see `judge`.

mod cast;
mod chance;
mod clock;
mod course;
mod history;
mod judge;
mod model;
mod order;
mod perform;
mod plan;
mod sabotage;
mod stepped;
mod tally;
mod turn;
mod world;

pub use course::Options;
pub use sabotage::Sabotage;
pub use tally::{ENOUGH, Tally};
pub use world::World;

use course::Course;

/// What became of one seed.
#[derive(Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// What was done.
    pub tally: Tally,
    /// SHA-256 of every step.
    pub trace: [u8; 32],
    /// Promises that were broken, in words.
    pub broken: Vec<String>,
}

/// Runs one seed.
pub async fn run(world: &World, seed: u64, options: Options) -> Report {
    let mut course = Course::begin(world, seed, options).await;
    course.run().await;
    let broken = judge::judge(&mut course).await;
    let (tally, trace) = course.end().await;
    Report {
        seed,
        tally,
        trace,
        broken,
    }
}
