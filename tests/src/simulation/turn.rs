//! Whose turn it is: no call to the store begins before the scheduler has given its operation a turn.
//!
//! An operation runs until it asks for its next turn. A write asks twice, before it is done and before its outcome
//! is told: whatever happens to the hub in between, the store has it and the operation does not know.

use core::future::poll_fn;
use core::task::Poll;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

/// What an operation waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// To read.
    Read,
    /// To commit.
    Commit,
    /// To hear what became of its write.
    Outcome,
}

/// How a turn begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// As it should.
    Fair,
    /// The store has stopped answering: what was written stays, and the operation does not hear of it.
    Cut,
}

/// Turns, by the number of the operation.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Who is being polled; nobody outside a run: then nothing waits.
    current: Option<u64>,
    granted: BTreeMap<u64, Turn>,
    waiting: BTreeMap<u64, Call>,
    /// How many turns an operation has had.
    had: BTreeMap<u64, usize>,
}

impl Turns {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Gives an operation its turn.
    pub(super) fn grant(&self, operation: u64, turn: Turn) {
        let mut state = self.state();
        state.granted.insert(operation, turn);
        state.waiting.remove(&operation);
        *state.had.entry(operation).or_default() += 1;
    }

    /// Says who is polled from here on.
    pub(super) fn polling(&self, operation: Option<u64>) {
        self.state().current = operation;
    }

    /// What an operation waits for, when it does.
    pub(super) fn waits(&self, operation: u64) -> Option<Call> {
        self.state().waiting.get(&operation).copied()
    }

    /// Forgets an operation that is over.
    pub(super) fn forget(&self, operation: u64) {
        let mut state = self.state();
        state.granted.remove(&operation);
        state.waiting.remove(&operation);
        state.had.remove(&operation);
    }

    /// Whether the operation that is being polled has its first turn.
    pub(super) fn is_first(&self) -> bool {
        let state = self.state();
        let turns = state.current.and_then(|operation| state.had.get(&operation));
        turns == Some(&1)
    }

    /// Waits for the turn of the operation that is being polled.
    pub(super) async fn wait(&self, call: Call) -> Turn {
        poll_fn(|_| {
            let mut state = self.state();
            let Some(operation) = state.current else {
                return Poll::Ready(Turn::Fair);
            };
            match state.granted.remove(&operation) {
                Some(turn) => Poll::Ready(turn),
                None => {
                    state.waiting.insert(operation, call);
                    Poll::Pending
                }
            }
        })
        .await
    }
}
