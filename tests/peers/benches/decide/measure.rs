//! Time: medians over many rounds, both engines in turn within each, so that whatever else the machine does
//! meets both alike.

use std::hint::black_box;
use std::time::Instant;

use samrum_consent::decide::{Answer, decide};
use samrum_consent::law::Law;

use crate::cedar::Peer;
use crate::situation::Situation;

/// Rounds of a measurement.
const ROUNDS: usize = 300;
/// Decisions that one reading of the clock spans.
const BATCH: u32 = 100;
/// Situations in the mixed measurement.
const MIXED: u64 = 100;

/// What was measured, in nanoseconds a decision.
pub(crate) struct Times {
    /// Ours, for the usual question.
    pub(crate) ours: f64,
    /// Cedar's, for the same.
    pub(crate) cedar: f64,
    /// Ours, over arbitrary situations.
    pub(crate) ours_mixed: f64,
    /// Cedar's, over the same.
    pub(crate) cedar_mixed: f64,
    /// Ours, for a denial with every reason.
    pub(crate) explain: f64,
    /// How many reasons that denial has.
    pub(crate) reasons: usize,
}

/// Measures both.
pub(crate) fn decisions(peer: &Peer, law: &Law) -> Times {
    let usual = Situation::usual();
    let hopeless = Situation::hopeless();
    let prepared = peer.prepare(&usual);
    assert!(
        matches!(answer(&usual, law), Answer::Permit(_)),
        "the usual is permitted"
    );
    assert!(peer.permits(&prepared), "by both");
    let Answer::Deny(reasons) = answer(&hopeless, law) else {
        panic!("the hopeless is denied");
    };
    let mixed: Vec<_> = (0..MIXED)
        .map(Situation::arbitrary)
        .map(|situation| (peer.prepare(&situation), situation))
        .collect();
    let [mut ours, mut cedar, mut ours_mixed, mut cedar_mixed, mut explain] = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        ours.push(batch(|| answer(&usual, law)));
        cedar.push(batch(|| peer.permits(&prepared)));
        explain.push(batch(|| answer(&hopeless, law)));
        ours_mixed.push(each(&mixed, |(_, situation)| answer(situation, law)));
        cedar_mixed.push(each(&mixed, |(prepared, _)| peer.permits(prepared)));
    }
    Times {
        ours: median(ours),
        cedar: median(cedar),
        ours_mixed: median(ours_mixed),
        cedar_mixed: median(cedar_mixed),
        explain: median(explain),
        reasons: reasons.len(),
    }
}

/// Our answer for the one recipient.
pub(crate) fn answer(situation: &Situation, law: &Law) -> Answer {
    let situation = black_box(situation);
    let mut decision = decide(&situation.request, &situation.facts, law, situation.now);
    decision.verdicts.remove(0).answer
}

/// Nanoseconds of one, over a batch.
fn batch<T>(one: impl Fn() -> T) -> f64 {
    let started = Instant::now();
    for _ in 0..BATCH {
        black_box(one());
    }
    nanoseconds(started) / f64::from(BATCH)
}

/// Nanoseconds of one, over each of these.
fn each<S, T>(these: &[S], one: impl Fn(&S) -> T) -> f64 {
    let started = Instant::now();
    for this in these {
        black_box(one(black_box(this)));
    }
    nanoseconds(started) / f64::from(u32::try_from(these.len()).expect("a short list"))
}

fn nanoseconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e9
}

/// The one in the middle.
pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
