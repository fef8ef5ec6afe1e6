//! What happened, as parties saw it: what was asked, when each attempt began and ended, what was answered and heard.

use std::sync::Arc;

use jiff::Timestamp;
use samrum_consent::id::RequestId;

use super::order::{Answer, Done, Failure, Order};

/// A moment of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The scheduler's step.
    pub(super) step: u64,
    /// By the virtual clock.
    pub(super) at: Timestamp,
    /// How many entries had been committed.
    pub(super) entries: usize,
}

/// One attempt at the hub.
#[derive(Debug)]
pub(super) struct Tried {
    /// When it arrived.
    pub(super) began: Moment,
    /// When and how it ended; never, where the hub crashed.
    pub(super) ended: Option<(Moment, Answer)>,
    /// When whoever asked heard of it.
    pub(super) heard: Option<Moment>,
}

/// One request with all its attempts.
pub(super) struct Record {
    pub(super) order: Arc<Order>,
    pub(super) request: RequestId,
    pub(super) tried: Vec<Tried>,
    /// The answer that whoever asked went on with.
    pub(super) heard: Option<Answer>,
}

impl Record {
    pub(super) const fn new(order: Arc<Order>, request: RequestId) -> Self {
        Self {
            order,
            request,
            tried: Vec::new(),
            heard: None,
        }
    }

    /// Whether whoever asked does not know what became of it: never answered, or the hub died over the last attempt.
    pub(super) fn is_open(&self) -> bool {
        let is_unsure = |tried: &Tried| {
            let answer = tried.ended.as_ref().map(|(_, answer)| answer);
            matches!(answer, None | Some(Answer::Failed(Failure::Later(_))))
        };
        let repeats = self.order.repeats_its_answer();
        !self.order.is_chore()
            && (self.heard.is_none() || (repeats && self.tried.last().is_some_and(is_unsure)))
    }

    /// Every attempt that ended, with its answer.
    pub(super) fn ended(&self) -> impl Iterator<Item = (&Tried, Moment, &Answer)> {
        self.tried.iter().filter_map(|tried| {
            tried
                .ended
                .as_ref()
                .map(|(moment, answer)| (tried, *moment, answer))
        })
    }

    /// What was done, by any attempt: the hub may have done it and nobody heard.
    pub(super) fn done(&self) -> Option<&Done> {
        self.ended().find_map(|(_, _, answer)| match answer {
            Answer::Done(done) => Some(&**done),
            _ => None,
        })
    }
}
