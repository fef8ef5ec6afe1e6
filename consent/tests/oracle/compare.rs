//! The engine against the oracle, over as many situations as asked for: no disagreement, no empty row.

use core::ops::Range;
use std::sync::Arc;
use std::thread;

use samrum_consent::decide::{Answer, consequence};

use super::catalogue::{self, Rule};
use super::table::Table;
use super::{becomes, decision};
use crate::arbitrary::{CATALOGUES, Chance, to_several};
use crate::world::Situation;

/// Situations in an ordinary run.
const CASES: u64 = 200_000;
/// And in how many parts they are judged at once.
const THREADS: u64 = 2;
/// Sets another number of situations: ten million take some minutes.
const CASES_VARIABLE: &str = "SAMRUM_ORACLE_CASES";

#[test]
fn engine_and_oracle_agree_and_every_row_is_reached() {
    let cases = cases();
    let books: Vec<Vec<Rule>> = CATALOGUES
        .iter()
        .map(|catalogue| catalogue::read(&catalogue.text))
        .collect();
    let part = |number: u64| (cases * number / THREADS)..(cases * (number + 1) / THREADS);
    let mut table = Table::new(&books[1]);
    thread::scope(|scope| {
        let parts: Vec<_> = (0..THREADS)
            .map(|number| {
                let (books, empty) = (&books, table.clone());
                scope.spawn(move || compare(part(number), books, empty))
            })
            .collect();
        for part in parts {
            match part.join() {
                Ok(counted) => table.add(&counted),
                Err(disagreement) => std::panic::resume_unwind(disagreement),
            }
        }
    });
    println!("{cases} situations, no disagreement\n{table}");
    assert!(
        table.empty().is_empty(),
        "no situation reached {:#?}",
        table.empty()
    );
}

fn compare(seeds: Range<u64>, books: &[Vec<Rule>], mut table: Table) -> Table {
    for seed in seeds {
        let situation = to_several(&mut Chance::new(seed));
        let rules = rules(&situation, books);
        let (engine, oracle) = (situation.decision(), decision(&situation, rules));
        assert_eq!(
            engine, oracle,
            "engine (left) and oracle (right) disagree about seed {seed}: {situation:#?}"
        );
        for verdict in &oracle.verdicts {
            if let Answer::Deny(reasons) = &verdict.answer {
                assert_eq!(
                    consequence(reasons),
                    becomes(reasons),
                    "seed {seed}: what becomes of it"
                );
            }
        }
        table.note(&situation, &oracle.verdicts, rules);
    }
    table
}

/// The rules by which this situation is judged, as the oracle has read them.
fn rules<'a>(situation: &Situation, books: &'a [Vec<Rule>]) -> &'a [Rule] {
    let same = |law| Arc::ptr_eq(&situation.law, law);
    let place = CATALOGUES.iter().position(|catalogue| same(&catalogue.law));
    &books[place.expect("a situation is judged by one of the catalogues")]
}

fn cases() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "how many is for whoever runs the test to say"
    )]
    let asked = std::env::var(CASES_VARIABLE);
    asked.map_or(CASES, |asked| asked.parse().expect("a number of situations"))
}
