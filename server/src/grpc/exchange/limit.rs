//! How many of something one unit may have under way at once: inbox streams, sends.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use samrum_consent::id::UnitId;
use tokio::sync::Notify;

/// Counts what is under way per unit.
#[derive(Clone)]
pub(in crate::grpc) struct UnitLimit {
    under_way: Arc<Mutex<HashMap<UnitId, usize>>>,
    freed: Arc<Notify>,
    most: usize,
}

/// The place of one that is under way; dropping it frees the place.
pub(super) struct UnitPlace {
    under_way: Arc<Mutex<HashMap<UnitId, usize>>>,
    freed: Arc<Notify>,
    unit: UnitId,
}

impl UnitLimit {
    /// At most this many for each unit.
    pub(in crate::grpc) fn new(most: usize) -> Self {
        Self {
            under_way: Arc::default(),
            freed: Arc::default(),
            most,
        }
    }

    /// A place for one more of the unit's.
    ///
    /// # Errors
    /// The limit, when it is reached.
    pub(super) fn take(&self, unit: UnitId) -> Result<UnitPlace, usize> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let count = under_way.entry(unit).or_insert(0);
        if *count >= self.most {
            return Err(self.most);
        }
        *count += 1;
        Ok(UnitPlace {
            under_way: self.under_way.clone(),
            freed: self.freed.clone(),
            unit,
        })
    }

    /// The same, but waits for a place as long as the caller does.
    pub(super) async fn wait(&self, unit: UnitId) -> UnitPlace {
        loop {
            // Before looking: a place that is given back meanwhile is noticed.
            let mut freed = pin!(self.freed.notified());
            freed.as_mut().enable();
            if let Ok(place) = self.take(unit) {
                return place;
            }
            freed.await;
        }
    }
}

impl Drop for UnitPlace {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.unit) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.unit);
            }
        }
        drop(under_way);
        self.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_what_had_it_ends() {
        let limit = UnitLimit::new(1);
        let (one, other) = (UnitId::from_bytes([1; 16]), UnitId::from_bytes([2; 16]));
        let place = limit.take(one).unwrap_or_else(|_| panic!("free"));
        assert_eq!(limit.take(one).err(), Some(1), "taken");
        assert!(limit.take(other).is_ok(), "others are not concerned");
        drop(place);
        assert!(limit.take(one).is_ok());
    }

    #[tokio::test]
    async fn who_is_never_turned_away_waits_for_a_place() {
        let limit = UnitLimit::new(1);
        let unit = UnitId::from_bytes([1; 16]);
        let place = limit.wait(unit).await;
        let mut waiting = pin!(limit.wait(unit));
        tokio::select! {
            biased;
            _ = waiting.as_mut() => panic!("taken"),
            () = core::future::ready(()) => {}
        }
        drop(place);
        waiting.await;
    }
}
