//! Reading a failed call: code, reason, decision; and all of it, to compare two.

use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

/// The stable reason of a failed call.
pub fn reason(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

/// The reason and the decision's id of a refusal.
#[track_caller]
pub fn refusal(status: &Status) -> (String, Uuid) {
    assert_eq!(status.code(), Code::PermissionDenied, "{status:?}");
    let info = status.get_details_error_info().expect("a refusal says why");
    let decision = info
        .metadata
        .get("decision_id")
        .expect("a refusal names its decision");
    (info.reason.clone(), decision.parse().unwrap())
}

/// Everything of a failed call that a caller can see but the time of day.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    code: Code,
    message: String,
    details: Vec<u8>,
    trailers: Vec<(String, Vec<u8>)>,
}

impl From<&Status> for Seen {
    fn from(status: &Status) -> Self {
        let all = status.metadata().clone().into_headers();
        let mut trailers: Vec<_> = all
            .iter()
            .filter(|(name, _)| *name != "date")
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        trailers.sort();
        Self {
            code: status.code(),
            message: status.message().to_owned(),
            details: status.details().to_vec(),
            trailers,
        }
    }
}

/// That a call failed with this code and this reason.
#[track_caller]
pub fn assert_fails<T: core::fmt::Debug>(outcome: Result<T, Status>, code: Code, expected: &str) -> Status {
    let status = outcome.expect_err(expected);
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (code, expected),
        "{status:?}"
    );
    status
}

/// That what is known and not for this caller's eyes looks like what is unknown.
#[track_caller]
pub fn assert_hidden<T: core::fmt::Debug>(known: Result<T, Status>, unknown: Result<T, Status>) {
    let known = assert_fails(known, Code::NotFound, "NOT_FOUND");
    let unknown = assert_fails(unknown, Code::NotFound, "NOT_FOUND");
    assert_eq!(
        Seen::from(&known),
        Seen::from(&unknown),
        "unknown and forbidden look the same"
    );
}
