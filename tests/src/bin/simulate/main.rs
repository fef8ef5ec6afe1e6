//! `simulate`: many parties at one hub, from a seed; every promise checked.
//!
//! One seed step by step with `--seed`, many with `--seeds`. Lines are `name: value`; the exit code is 1 when a promise
//! was broken, or when so little happened that finding nothing says nothing.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Parser;
use samrum_tests::simulation::{self, Options, Report, Sabotage, Tally, World};

/// Runs seeds of the simulation and checks every promise.
#[derive(Debug, Parser)]
#[command(name = "simulate")]
struct Arguments {
    /// One seed, every step of it printed
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Seeds from the first to before the last: `0..1000`
    #[arg(long, value_parser = range, default_value = "0..500")]
    seeds: (u64, u64),
    /// Requests that parties make in each
    #[arg(long, default_value_t = Options::default().requests)]
    steps: usize,
    /// Break a promise between hub and store: the program must notice
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// Runs at once
    #[arg(long, default_value_t = std::thread::available_parallelism().map_or(1, std::num::NonZero::get))]
    threads: usize,
}

fn range(text: &str) -> Result<(u64, u64), String> {
    let (first, last) = text.split_once("..").ok_or("wanted: FIRST..LAST")?;
    let number = |text: &str| text.parse::<u64>().map_err(|error| error.to_string());
    let (first, last) = (number(first)?, number(last)?);
    if first < last {
        Ok((first, last))
    } else {
        Err("the last must come after the first".to_owned())
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        requests: arguments.steps,
        sabotage: arguments.sabotage,
        verbose: arguments.seed.is_some(),
    };
    let (first, last) = arguments.seed.map_or(arguments.seeds, |seed| (seed, seed + 1));
    let reports = run(first..last, arguments.threads, options);
    let mut tally = Tally::default();
    for report in &reports {
        tally.join(&report.tally);
        for broken in &report.broken {
            println!("seed {}: {broken}", report.seed);
        }
    }
    println!("seeds: {}", reports.len());
    for (name, count) in tally.counts() {
        println!("{name}: {count}");
    }
    let broken: usize = reports.iter().map(|report| report.broken.len()).sum();
    println!("broken: {broken}");
    let too_seldom = match arguments.seed {
        Some(_) => Vec::new(),
        None => tally.too_seldom(reports.len()),
    };
    for (name, found, least) in &too_seldom {
        println!("too seldom: {name}: {found} of at least {least}");
    }
    if broken == 0 && too_seldom.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Every seed of the range, each on its own, by so many threads; in the order of the seeds.
fn run(seeds: std::ops::Range<u64>, threads: usize, options: Options) -> Vec<Report> {
    let world = Arc::new(runtime().block_on(World::make()));
    let next = Arc::new(AtomicU64::new(seeds.start));
    let workers: Vec<_> = (0..threads.max(1))
        .map(|_| {
            let (world, next, last) = (world.clone(), next.clone(), seeds.end);
            std::thread::spawn(move || {
                let runtime = runtime();
                let mut reports = Vec::new();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= last {
                        return reports;
                    }
                    reports.push(runtime.block_on(simulation::run(&world, seed, options)));
                }
            })
        })
        .collect();
    let mut reports: Vec<Report> = workers
        .into_iter()
        .flat_map(|worker| worker.join().unwrap())
        .collect();
    reports.sort_by_key(|report| report.seed);
    reports
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
