//! The server's time between two times that it told it: counted on by this machine.

use core::time::Duration;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

/// How long this machine counts on before the server is asked again.
const MAX_COUNTED: Duration = Duration::from_secs(1);

/// What the server's clock said when it was last heard. What is counted from there lies behind the server's clock by what
/// its answer took to arrive.
#[derive(Debug, Default)]
pub(in crate::store) struct ServerTime(Mutex<Option<(Timestamp, Instant)>>);

impl ServerTime {
    /// The server's clock says this.
    pub(super) fn heard(&self, now: Timestamp) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // An answer that took longer than another tells less.
        if last.and_then(counted).is_none_or(|counted| counted <= now) {
            *last = Some((now, Instant::now()));
        }
    }

    /// What it said just now; none where it has not been heard lately.
    pub(super) fn just_now(&self) -> Option<Timestamp> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .and_then(counted)
    }
}

fn counted((told, heard): (Timestamp, Instant)) -> Option<Timestamp> {
    let since = heard.elapsed();
    let counted = told.checked_add(since).ok()?;
    // To the microsecond, as times are kept.
    let counted = Timestamp::from_microsecond(counted.as_microsecond()).ok()?;
    (since <= MAX_COUNTED).then_some(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn it_is_counted_on_and_never_from_an_answer_that_came_late() {
        let time = ServerTime::default();
        assert_eq!(time.just_now(), None);
        time.heard(second(1_000));
        let counted = time.just_now().unwrap();
        assert!(counted >= second(1_000) && counted < second(1_002));
        time.heard(second(900));
        assert!(time.just_now().unwrap() >= counted);
        time.heard(second(1_100));
        assert!(time.just_now().unwrap() >= second(1_100));
    }

    #[test]
    fn what_was_heard_long_ago_tells_nothing() {
        let long_ago = Instant::now().checked_sub(2 * MAX_COUNTED);
        let time = ServerTime(Mutex::new(long_ago.map(|heard| (second(1_000), heard))));
        assert_eq!(time.just_now(), None);
        // And a clock that was set back is believed then.
        time.heard(second(10));
        assert!(time.just_now().is_some_and(|now| now < second(20)));
    }
}
