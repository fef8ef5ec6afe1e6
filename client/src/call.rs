//! One call: its deadline, and its retries, which are few, bounded and only where the hub invites them.

use std::future::Future;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use tonic::{Request, Response, Status};

use crate::error::answered;
use crate::error::{Error, Result, Unreachable};

/// How long a call may take unless its caller says otherwise.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(10);
/// The longest deadline that a caller may ask for; the hub grants no more.
pub const MAX_DEADLINE: Duration = Duration::from_secs(60);
/// How often a call is made again at most.
pub const MAX_RETRIES: usize = 3;
/// The shortest pause before a call is made again.
pub const MIN_RETRY_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause that is waited for; a hub that asks for more is left alone.
pub const MAX_RETRY_PAUSE: Duration = Duration::from_secs(5);

/// Makes a call with a deadline, and again while [`is_worth_repeating`].
///
/// # Errors
/// The last attempt's.
pub async fn call<Q, A, F, Made>(deadline: Duration, message: Q, make: F) -> Result<A>
where
    Q: Clone,
    F: Fn(Request<Q>) -> Made,
    Made: Future<Output = core::result::Result<Response<A>, Status>>,
{
    let once = || async {
        let mut request = Request::new(message.clone());
        request.set_timeout(deadline);
        match make(request).await {
            Ok(response) => Ok(response.into_inner()),
            Err(status) => Err(answered::read(&status, deadline)),
        }
    };
    let pauses = ExponentialBuilder::default()
        .with_min_delay(MIN_RETRY_PAUSE)
        .with_max_delay(MAX_RETRY_PAUSE)
        .with_max_times(MAX_RETRIES)
        .with_jitter();
    once.retry(pauses)
        .when(is_worth_repeating)
        .adjust(|error, pause| pause.and_then(|p| asked(error, p)))
        .await
}

/// Whether the hub said "not now", or could not be reached at all. A deadline that passed is not repeated: the
/// caller has waited as long as it wanted to.
#[must_use]
pub fn is_worth_repeating(error: &Error) -> bool {
    match error {
        Error::Answered(answered) => answered.is_transient(),
        Error::Unreachable(Unreachable::Connection { .. }) => true,
        _ => false,
    }
}

/// The pause that the hub asked for, if it is longer than ours; `None` gives up.
fn asked(error: &Error, pause: Duration) -> Option<Duration> {
    let asked = error
        .answered()
        .and_then(|answered| answered.retry_after)
        .unwrap_or_default();
    (asked <= MAX_RETRY_PAUSE).then(|| pause.max(asked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::time::Instant;
    use tonic::Code;
    use tonic_types::{ErrorDetails, StatusExt};

    /// Answers with these statuses in turn, then with the number of attempts.
    async fn against(statuses: &[Status]) -> (Result<usize>, Duration) {
        let attempts = AtomicUsize::new(0);
        let started = Instant::now();
        let outcome = call(DEFAULT_DEADLINE, (), |_: Request<()>| {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed);
            let answer = statuses.get(attempt).cloned();
            async move { answer.map_or(Ok(Response::new(attempt + 1)), Err) }
        })
        .await;
        (outcome, started.elapsed())
    }

    fn with_delay(code: Code, seconds: u64) -> Status {
        let details = ErrorDetails::with_retry_info(Some(Duration::from_secs(seconds)));
        Status::with_error_details(code, "later", details)
    }

    #[tokio::test(start_paused = true)]
    async fn unavailable_is_repeated_after_the_pause_that_the_hub_asks_for() {
        let (outcome, waited) = against(&[with_delay(Code::Unavailable, 2)]).await;
        assert_eq!(outcome.unwrap(), 2);
        assert!(waited >= Duration::from_secs(2), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn retries_are_bounded() {
        let (outcome, _) = against(&vec![Status::new(Code::Unavailable, "no"); 10]).await;
        assert_eq!(outcome.unwrap_err().exit().number(), 6);
        let (outcome, _) = against(&vec![Status::new(Code::Unavailable, "no"); MAX_RETRIES]).await;
        assert_eq!(outcome.unwrap(), MAX_RETRIES + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_hub_has_judged_is_not_repeated() {
        for code in [
            Code::PermissionDenied,
            Code::InvalidArgument,
            Code::Internal,
            Code::Aborted,
        ] {
            let (outcome, _) = against(&[with_delay(code, 1)]).await;
            assert!(outcome.is_err(), "{code:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_hub_that_asks_for_too_long_a_pause_is_left_alone() {
        let (outcome, waited) = against(&[with_delay(Code::ResourceExhausted, 3_600)]).await;
        let error = outcome.unwrap_err();
        assert_eq!(
            error.answered().unwrap().retry_after,
            Some(Duration::from_secs(3_600))
        );
        assert!(waited < Duration::from_secs(1), "{waited:?}");
    }
}
