//! Deadlines: every call says how long its caller waits, so that nothing is done for somebody who has gone.
//!
//! Streams go on until one side ends them; health and reflection are asked by tools that know nothing of this.
//!
//! Source: gRPC over HTTP/2, "Requests": `grpc-timeout`, at most eight digits and a unit.

use core::time::Duration;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use samrum_proto::convert::Problem;

use super::status::status;
use crate::service::{Result, ServiceError};

/// The header that says it.
const HEADER: &str = "grpc-timeout";
/// The longest deadline of a call.
pub(crate) const MAX_DEADLINE: Duration = Duration::from_secs(60);
/// Where calls are the hub's own.
const OWN: &str = "/samrum.";
/// Calls that are answered with a stream.
const STREAMS: [&str; 1] = ["/samrum.exchange.v1.ExchangeService/SubscribeInbox"];
/// Digits of a timeout at most.
const MAX_DIGITS: usize = 8;

/// Lets a call through that says how long it may take.
pub(super) async fn demand(request: Request, next: Next) -> Response {
    match judge(request.uri().path(), request.headers().get(HEADER)) {
        Ok(()) => next.run(request).await,
        Err(error) => status(&error).into_http(),
    }
}

fn judge(path: &str, said: Option<&HeaderValue>) -> Result<()> {
    if !path.starts_with(OWN) || STREAMS.contains(&path) {
        return Ok(());
    }
    let problem = |problem| Problem::Other(problem).of(HEADER);
    let said = said.ok_or_else(|| problem("is required: set a deadline of at most 60 seconds"))?;
    let deadline = said.to_str().ok().and_then(parse);
    let deadline =
        deadline.ok_or_else(|| problem("must be at most eight digits and one of H, M, S, m, u, n"))?;
    if deadline > MAX_DEADLINE {
        return Err(ServiceError::LimitExceeded {
            field: HEADER,
            limit: 60,
        });
    }
    Ok(())
}

fn parse(said: &str) -> Option<Duration> {
    let (digits, unit) = said.split_at_checked(said.len().checked_sub(1)?)?;
    if digits.len() > MAX_DIGITS || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3_600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = "/samrum.exchange.v1.ExchangeService/SendDocument";

    fn judged(path: &str, said: Option<&'static str>) -> Result<()> {
        judge(path, said.map(HeaderValue::from_static).as_ref())
    }

    #[test]
    fn a_call_says_how_long_its_caller_waits_and_that_is_a_minute_at_most() {
        for said in ["60S", "1M", "60000m", "60000000u", "10S", "99999999n"] {
            assert!(judged(CALL, Some(said)).is_ok(), "{said}");
        }
        for said in ["61S", "60001m", "60000001u", "2M", "1H", "99999999H"] {
            let refused = judged(CALL, Some(said));
            assert!(
                matches!(refused, Err(ServiceError::LimitExceeded { .. })),
                "{said}"
            );
        }
        for said in ["", "S", "10", "10s", "-1S", "123456789n", "1.5S"] {
            let refused = judged(CALL, Some(said));
            assert!(
                matches!(refused, Err(ServiceError::InvalidField(_))),
                "{said}: {refused:?}"
            );
        }
        assert!(matches!(judged(CALL, None), Err(ServiceError::InvalidField(_))));
    }

    #[test]
    fn streams_and_tools_need_none() {
        assert!(judged(STREAMS[0], None).is_ok());
        assert!(judged("/grpc.health.v1.Health/Check", None).is_ok());
    }
}
