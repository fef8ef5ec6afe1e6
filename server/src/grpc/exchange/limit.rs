//! How many inbox streams one unit may have open at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use samrum_consent::id::UnitId;

use crate::service::{Result, ServiceError};

/// Counts open streams per unit.
#[derive(Clone)]
pub(in crate::grpc) struct StreamLimit {
    open: Arc<Mutex<HashMap<UnitId, usize>>>,
    most: usize,
}

/// One open stream's place; dropping it frees the place.
pub(super) struct StreamPlace {
    open: Arc<Mutex<HashMap<UnitId, usize>>>,
    unit: UnitId,
}

impl StreamLimit {
    /// At most this many for each unit.
    pub(in crate::grpc) fn new(most: usize) -> Self {
        Self {
            open: Arc::default(),
            most,
        }
    }

    /// A place for one more stream of the unit.
    pub(super) fn take(&self, unit: UnitId) -> Result<StreamPlace> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(unit).or_insert(0);
        if *count >= self.most {
            return Err(ServiceError::TooManyStreams { limit: self.most });
        }
        *count += 1;
        Ok(StreamPlace {
            open: self.open.clone(),
            unit,
        })
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.unit) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.unit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_stream_ends() {
        let limit = StreamLimit::new(1);
        let (one, other) = (UnitId::from_bytes([1; 16]), UnitId::from_bytes([2; 16]));
        let place = limit.take(one).unwrap_or_else(|_| panic!("free"));
        assert!(limit.take(one).is_err(), "taken");
        assert!(limit.take(other).is_ok(), "others are not concerned");
        drop(place);
        assert!(limit.take(one).is_ok());
    }
}
