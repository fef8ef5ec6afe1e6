//! Many parties at one hub, from two thousand seeds: no promise is broken, and each promise that is broken on purpose
//! is found.

use samrum_tests::simulation::{self, Options, Sabotage, Tally, World};

/// Seeds of one test; tests run beside each other.
const SEEDS: u64 = 250;
/// Seeds within which a broken promise must be found.
const SOON: u64 = 200;

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

/// Runs the seeds of one part; every promise must hold, and enough must have happened for that to say something.
fn every_promise_holds(part: u64) {
    run(async {
        let world = World::make().await;
        let mut tally = Tally::default();
        for seed in part * SEEDS..(part + 1) * SEEDS {
            let report = simulation::run(&world, seed, Options::default()).await;
            assert!(report.broken.is_empty(), "seed {seed}: {:#?}", report.broken);
            tally.join(&report.tally);
        }
        let too_seldom = tally.too_seldom(usize::try_from(SEEDS).unwrap());
        assert!(
            too_seldom.is_empty(),
            "what, how often, how often at least: {too_seldom:?}"
        );
    });
}

macro_rules! parts {
    ($($name:ident = $part:literal,)*) => {
        $(#[test]
        fn $name() {
            every_promise_holds($part);
        })*
    };
}
parts! {
    every_promise_holds_in_the_first_seeds = 0,
    every_promise_holds_in_the_second_seeds = 1,
    every_promise_holds_in_the_third_seeds = 2,
    every_promise_holds_in_the_fourth_seeds = 3,
    every_promise_holds_in_the_fifth_seeds = 4,
    every_promise_holds_in_the_sixth_seeds = 5,
    every_promise_holds_in_the_seventh_seeds = 6,
    every_promise_holds_in_the_eighth_seeds = 7,
}

#[test]
fn the_same_seed_gives_the_same_run_in_another_world() {
    let traces = [(); 2].map(|()| {
        run(async {
            let world = World::make().await;
            let mut traces = Vec::new();
            for seed in 0..10 {
                let report = simulation::run(&world, seed, Options::default()).await;
                traces.push((report.trace, report.tally));
            }
            traces
        })
    });
    let [first, second] = traces;
    assert_eq!(first, second);
    assert_ne!(first[0].0, first[1].0, "another seed is another run");
}

/// Breaks a promise in every run until somebody says so in one of these words; other symptoms may come before.
fn is_found(sabotage: Sabotage, words: &[&str]) {
    run(async {
        let world = World::make().await;
        let options = Options {
            sabotage: Some(sabotage),
            ..Options::default()
        };
        let mut said = Vec::new();
        for seed in 0..SOON {
            said.extend(simulation::run(&world, seed, options).await.broken);
            if said
                .iter()
                .any(|line| words.iter().any(|words| line.contains(words)))
            {
                return;
            }
        }
        panic!("{sabotage:?} was not found in {SOON} seeds: {said:#?}");
    });
}

#[test]
fn changes_that_commit_on_facts_that_moved_are_found() {
    is_found(
        Sabotage::SkipRevisionCheck,
        &[
            "had ended",
            "follow the same one",
            "rests on revision",
            "not allowed any more",
        ],
    );
}

#[test]
fn what_was_answered_and_not_kept_is_found() {
    is_found(Sabotage::Forget, &["committed, and not there"]);
}

#[test]
fn a_repeated_sending_that_was_kept_twice_is_found() {
    is_found(
        Sabotage::Twice,
        &[
            "answered in two ways",
            "made twice",
            "its sender does not find it",
            "was taken 2 times",
        ],
    );
}

#[test]
fn consents_that_are_read_as_they_were_are_found() {
    is_found(
        Sabotage::StaleRead,
        &[
            "not allowed any more",
            "rests on revision",
            "whose end had been answered",
        ],
    );
}

#[test]
fn an_event_that_no_inbox_was_told_is_found() {
    is_found(Sabotage::LoseEvent, &["was never told"]);
}

#[test]
fn an_entry_that_says_something_else_is_found() {
    is_found(Sabotage::Rewrite, &["its leaf is not that of its details"]);
}
