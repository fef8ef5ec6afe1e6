//! How many of something one unit may have under way at once: inbox streams, sends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use samrum_consent::id::UnitId;

/// Counts what is under way per unit.
#[derive(Clone)]
pub(in crate::grpc) struct UnitLimit {
    under_way: Arc<Mutex<HashMap<UnitId, usize>>>,
    most: usize,
}

/// The place of one that is under way; dropping it frees the place.
pub(super) struct UnitPlace {
    under_way: Arc<Mutex<HashMap<UnitId, usize>>>,
    unit: UnitId,
}

impl UnitLimit {
    /// At most this many for each unit.
    pub(in crate::grpc) fn new(most: usize) -> Self {
        Self {
            under_way: Arc::default(),
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
            unit,
        })
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
}
