//! Places for connections, whichever way they come in: how many are open, in all and by caller.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::caller::CallerRole;
use super::refusal::Refusal;
use super::tcp::AcceptLimits;

/// How many connections are open, in all and by caller.
#[derive(Debug, Clone)]
pub struct Places {
    limits: AcceptLimits,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    // INVARIANT: no entry is zero and the sum of all is `total`, so this is bounded by `connections`.
    by_caller: HashMap<CallerRole, usize>,
}

impl Places {
    pub(super) fn new(limits: AcceptLimits) -> Self {
        Self {
            limits,
            open: Arc::default(),
        }
    }

    /// Takes a place for one connection of `caller`, or says which limit is reached.
    pub(super) fn take(&self, caller: &CallerRole) -> Result<Place, Refusal> {
        let mut open = lock(&self.open);
        let own = open.by_caller.get(caller).copied().unwrap_or_default();
        if own >= self.limits.connections_per_caller {
            return Err(Refusal::CallerLimit {
                limit: self.limits.connections_per_caller,
            });
        }
        if open.total >= self.limits.connections {
            return Err(Refusal::ConnectionLimit {
                limit: self.limits.connections,
            });
        }
        open.total += 1;
        open.by_caller.insert(caller.clone(), own + 1);
        Ok(Place {
            open: Arc::clone(&self.open),
            caller: caller.clone(),
        })
    }
}

/// One connection's place. Given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    open: Arc<Mutex<Open>>,
    caller: CallerRole,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        open.total = open.total.saturating_sub(1);
        if let Some(own) = open.by_caller.get_mut(&self.caller) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                open.by_caller.remove(&self.caller);
            }
        }
    }
}

/// The counts are whole after every statement, so a panic elsewhere does not spoil them.
fn lock(open: &Mutex<Open>) -> std::sync::MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, connections_per_caller: usize) -> Places {
        Places::new(AcceptLimits {
            connections,
            connections_per_caller,
            ..AcceptLimits::default()
        })
    }

    fn unit(last: u8) -> CallerRole {
        let mut id = [0; 16];
        id[15] = last;
        CallerRole::Unit(samrum_consent::id::UnitId::from_bytes(id))
    }

    #[test]
    fn a_caller_at_its_limit_is_refused_and_others_are_not() {
        let places = places(8, 2);
        let first = places.take(&unit(1)).unwrap();
        let _second = places.take(&unit(1)).unwrap();
        assert_eq!(
            places.take(&unit(1)).unwrap_err(),
            Refusal::CallerLimit { limit: 2 }
        );
        let _other = places.take(&unit(2)).unwrap();
        drop(first);
        let _third = places.take(&unit(1)).unwrap();
    }

    #[test]
    fn everybody_is_refused_when_all_places_are_taken() {
        let places = places(2, 2);
        let first = places.take(&unit(1)).unwrap();
        let _second = places.take(&unit(2)).unwrap();
        assert_eq!(
            places.take(&unit(3)).unwrap_err(),
            Refusal::ConnectionLimit { limit: 2 }
        );
        drop(first);
        let _third = places.take(&unit(3)).unwrap();
    }

    #[test]
    fn callers_without_connections_leave_nothing_behind() {
        let places = places(2, 2);
        for last in 0..100 {
            drop(places.take(&unit(last)).unwrap());
        }
        assert_eq!(lock(&places.open).by_caller.len(), 0);
        assert_eq!(lock(&places.open).total, 0);
    }
}
