//! What was asked and answered when, by one clock; and what of it must not be.
//!
//! Invariant 4 as callers see it: an operation that began after a no was answered, on whatever hub, rests on that
//! consent no more. And as the hubs' own log sees it: no permit is written down after the no. Linearizability of a
//! consent, which is given once and taken back once, is no more than that and that nothing is permitted before it is
//! given.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

/// When something was asked, and when it was answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interval {
    pub(crate) began: Instant,
    pub(crate) ended: Instant,
}

impl Interval {
    fn overlaps(&self, other: &Self) -> bool {
        self.began <= other.ended && other.began <= self.ended
    }
}

/// A consent's place in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nth(usize);

/// The life of one consent.
#[derive(Debug, Default)]
struct Life {
    /// When the last yes was asked to be written down, and when that was answered.
    granted: Option<Interval>,
    /// The no, with its entry in the log.
    revoked: Option<(Interval, Vec<u8>)>,
}

/// A send or a fetch.
#[derive(Debug)]
struct Operation {
    consent: Nth,
    interval: Interval,
    /// The entry of a permit; none for a denial.
    permit: Option<Vec<u8>>,
}

/// Everything that happened.
#[derive(Debug, Default)]
pub(crate) struct History {
    lives: Mutex<Vec<Life>>,
    operations: Mutex<Vec<Operation>>,
    count: AtomicUsize,
    unavailable: AtomicUsize,
    unexpected: Mutex<Vec<String>>,
}

/// What the history amounts to.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) operations: usize,
    pub(crate) permits: usize,
    pub(crate) denials: usize,
    pub(crate) revokes: usize,
    pub(crate) overlaps: usize,
    /// Permits that began after the no was answered.
    pub(crate) begun_late: usize,
    /// Permits that the log holds after the no.
    pub(crate) written_late: usize,
    /// Permits that were answered before the yes was asked for.
    pub(crate) early: usize,
    /// Denials between the answer to the yes and the question for the no.
    pub(crate) unfounded: usize,
    pub(crate) unavailable: usize,
    pub(crate) unexpected: Vec<String>,
}

impl History {
    /// A consent that will be.
    pub(crate) fn consent(&self) -> Nth {
        let mut lives = self.lives.lock().unwrap();
        lives.push(Life::default());
        Nth(lives.len() - 1)
    }

    /// The last yes was answered.
    pub(crate) fn granted(&self, consent: Nth, interval: Interval) {
        self.lives.lock().unwrap()[consent.0].granted = Some(interval);
    }

    /// A no was answered, with this entry.
    pub(crate) fn revoked(&self, consent: Nth, interval: Interval, entry: Vec<u8>) {
        self.lives.lock().unwrap()[consent.0].revoked = Some((interval, entry));
    }

    /// A send or fetch that rests on this consent was permitted, with this entry, or denied.
    pub(crate) fn operation(&self, consent: Nth, interval: Interval, permit: Option<Vec<u8>>) {
        let operation = Operation {
            consent,
            interval,
            permit,
        };
        self.operations.lock().unwrap().push(operation);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// How many sends and fetches were answered.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// A call was not answered and is made again.
    pub(crate) fn unavailable(&self) {
        self.unavailable.fetch_add(1, Ordering::Relaxed);
    }

    /// An answer that no honest hub gives.
    pub(crate) fn unexpected(&self, what: String) {
        self.unexpected.lock().unwrap().push(what);
    }

    /// Judges it, by the order in which the log holds its entries.
    pub(crate) fn judge(self, arrivals: &HashMap<Vec<u8>, i64>) -> Findings {
        let lives = self.lives.into_inner().unwrap();
        let mut findings = Findings {
            revokes: lives.iter().filter(|life| life.revoked.is_some()).count(),
            unavailable: self.unavailable.into_inner(),
            unexpected: self.unexpected.into_inner().unwrap(),
            ..Findings::default()
        };
        for operation in self.operations.into_inner().unwrap() {
            let life = &lives[operation.consent.0];
            findings.operations += 1;
            if let Some((no, _)) = &life.revoked {
                findings.overlaps += usize::from(operation.interval.overlaps(no));
            }
            match &operation.permit {
                None => findings.denial(life, operation.interval),
                Some(entry) => findings.permit(life, operation.interval, entry, arrivals),
            }
        }
        findings
    }
}

impl Findings {
    fn permit(&mut self, life: &Life, interval: Interval, entry: &[u8], arrivals: &HashMap<Vec<u8>, i64>) {
        self.permits += 1;
        let is_early = life.granted.is_none_or(|yes| interval.ended < yes.began);
        self.early += usize::from(is_early);
        let Some(arrival) = arrivals.get(entry) else {
            self.unexpected
                .push("a permit that the log does not hold".to_owned());
            return;
        };
        if let Some((no, no_entry)) = &life.revoked {
            if interval.began > no.ended {
                self.begun_late += 1;
            } else if arrivals.get(no_entry).is_none_or(|no| arrival > no) {
                self.written_late += 1;
            }
        }
    }

    fn denial(&mut self, life: &Life, interval: Interval) {
        self.denials += 1;
        let was_given = life.granted.is_some_and(|yes| interval.began > yes.ended);
        let no = life.revoked.as_ref();
        self.unfounded += usize::from(was_given && no.is_none_or(|(no, _)| interval.ended < no.began));
    }

    /// Permits on a consent that had been taken back.
    pub(crate) const fn stale(&self) -> usize {
        self.begun_late + self.written_late
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// From one millisecond to another of a run.
    fn at(start: Instant, from: u64, until: u64) -> Interval {
        let moment = |milliseconds| start + Duration::from_millis(milliseconds);
        Interval {
            began: moment(from),
            ended: moment(until),
        }
    }

    /// A consent that was given from 10 to 20 and taken back from 50 to 60, and what was asked meanwhile: permitted,
    /// before or after the no in the log, or denied.
    fn judged(from: u64, until: u64, permit: Option<i64>) -> Findings {
        let (history, start) = (History::default(), Instant::now());
        let consent = history.consent();
        history.granted(consent, at(start, 10, 20));
        history.revoked(consent, at(start, 50, 60), vec![9]);
        history.operation(consent, at(start, from, until), permit.map(|_| vec![1]));
        let mut arrivals = HashMap::from([(vec![9], 5)]);
        arrivals.extend(permit.map(|arrival| (vec![1], arrival)));
        history.judge(&arrivals)
    }

    #[test]
    fn what_began_before_the_answer_and_was_written_before_the_no_is_right() {
        let findings = judged(40, 90, Some(4));
        assert_eq!((findings.stale(), findings.early, findings.overlaps), (0, 0, 1));
        assert_eq!(judged(30, 40, Some(4)).overlaps, 0);
    }

    #[test]
    fn what_began_after_the_answer_is_stale_however_it_was_written() {
        assert_eq!(judged(61, 62, Some(4)).begun_late, 1);
        assert_eq!(judged(61, 62, Some(6)).begun_late, 1);
    }

    #[test]
    fn what_was_written_after_the_no_is_stale_whenever_it_began() {
        assert_eq!(judged(40, 90, Some(6)).written_late, 1);
    }

    #[test]
    fn what_was_permitted_before_the_yes_is_early() {
        assert_eq!(judged(1, 9, Some(4)).early, 1);
        assert_eq!(judged(1, 11, Some(4)).early, 0);
    }

    #[test]
    fn what_was_denied_between_yes_and_no_is_unfounded() {
        assert_eq!(judged(21, 49, None).unfounded, 1);
        for (from, until) in [(1, 5), (19, 40), (40, 51), (70, 80)] {
            assert_eq!(judged(from, until, None).unfounded, 0);
        }
    }
}
