//! The one map from what went wrong to gRPC code, reason, field, delay and sentence.
//!
//! Exhaustive on purpose: a new variant of [`ServiceError`] must get its line here. Details follow
//! google.rpc: `ErrorInfo` always, `BadRequest` for fields, `RetryInfo` for what may be tried again,
//! `LocalizedMessage` in Swedish.

use core::time::Duration;
use std::collections::HashMap;

use samrum_proto::wire::decision::v1::ReasonCode;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::service::ServiceError;

/// The domain of every reason.
const DOMAIN: &str = "samrum";
/// How long a caller waits before it tries again.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// The status of a failed call.
pub(crate) fn status(error: &ServiceError) -> Status {
    let (code, reason) = classify(error);
    let mut metadata = HashMap::new();
    let mut details = ErrorDetails::new();
    let mut arguments = Vec::new();
    match error {
        ServiceError::Refused { decision, reason } => {
            metadata.insert("decision_id".to_owned(), decision.to_string());
            arguments = reason.arguments();
            for (name, value) in &arguments {
                metadata.insert((*name).to_owned(), value.clone());
            }
            metadata.extend(
                reason
                    .provision()
                    .map(|id| ("provision_id".to_owned(), id.to_owned())),
            );
            metadata.extend(
                reason
                    .remedy()
                    .map(|remedy| ("remedy".to_owned(), remedy.code().to_owned())),
            );
        }
        ServiceError::InvalidField(invalid) => {
            details.add_bad_request_violation(invalid.field, invalid.problem.to_string());
        }
        ServiceError::LimitExceeded { field, limit } => {
            details.add_bad_request_violation(*field, format!("may be at most {limit}"));
        }
        ServiceError::KeyStale { unit }
        | ServiceError::KeyNotInForce { unit }
        | ServiceError::KeyUnknown { unit }
        | ServiceError::RecipientUnknown { unit } => {
            metadata.insert("unit_id".to_owned(), unit.to_string());
        }
        _ => {}
    }
    if matches!(code, Code::Unavailable | Code::Aborted | Code::ResourceExhausted)
        || matches!(error, ServiceError::NotYetSequenced)
    {
        details.set_retry_info(Some(RETRY_DELAY));
    }
    details.set_error_info(reason, DOMAIN, metadata);
    let sentence = samrum_ui::reason_sentence(reason, &arguments, samrum_ui::Language::Swedish);
    details.set_localized_message("sv", sentence);
    if matches!(code, Code::Internal | Code::DataLoss | Code::Unavailable) {
        let cause = std::error::Error::source(error).and_then(std::error::Error::source);
        tracing::error!(%error, reason, cause = cause.map(tracing::field::display), "a call failed inside the hub");
    }
    Status::with_error_details(code, error.to_string(), details)
}

/// Code and reason of every variant.
fn classify(error: &ServiceError) -> (Code, &'static str) {
    let (code, reason) = match error {
        ServiceError::Refused { reason, .. } => return (Code::PermissionDenied, reason.code()),
        ServiceError::NotFound => (Code::NotFound, ReasonCode::NotFound),
        ServiceError::InvalidField(_) | ServiceError::Envelope(_) => {
            (Code::InvalidArgument, ReasonCode::FieldInvalid)
        }
        ServiceError::RoleNotAllowed { .. } => (Code::PermissionDenied, ReasonCode::RoleNotAllowed),
        ServiceError::ActingInvalid { .. } => (Code::InvalidArgument, ReasonCode::ActingStatementInvalid),
        ServiceError::IdReused => (Code::AlreadyExists, ReasonCode::IdReused),
        ServiceError::KeyStale { .. } => (Code::FailedPrecondition, ReasonCode::KeyStale),
        ServiceError::KeyNotInForce { .. } => (Code::FailedPrecondition, ReasonCode::KeyNotInForce),
        ServiceError::KeyUnknown { .. } => (Code::FailedPrecondition, ReasonCode::KeyUnknown),
        ServiceError::SignatureInvalid { .. } => (Code::InvalidArgument, ReasonCode::SignatureInvalid),
        ServiceError::SenderMismatch => (Code::InvalidArgument, ReasonCode::SenderMismatch),
        ServiceError::BodyMismatch => (Code::InvalidArgument, ReasonCode::BodyMismatch),
        ServiceError::LimitExceeded { .. } => (Code::InvalidArgument, ReasonCode::LimitExceeded),
        ServiceError::TooManySends { .. } => (Code::ResourceExhausted, ReasonCode::TooManySends),
        ServiceError::TooManyStreams { .. } => (Code::ResourceExhausted, ReasonCode::LimitExceeded),
        ServiceError::RecipientUnknown { .. } => (Code::InvalidArgument, ReasonCode::RecipientUnknown),
        ServiceError::StateConflict(_) | ServiceError::Transition(_) => {
            (Code::FailedPrecondition, ReasonCode::StateConflict)
        }
        ServiceError::NotYetSequenced => (Code::Unavailable, ReasonCode::NotYetSequenced),
        ServiceError::LostRace => (Code::Aborted, ReasonCode::LostRace),
        ServiceError::Busy => (Code::ResourceExhausted, ReasonCode::HubBusy),
        ServiceError::Unavailable(_) => (Code::Unavailable, ReasonCode::StoreUnavailable),
        ServiceError::Damaged { .. } => (Code::DataLoss, ReasonCode::StoredDataDamaged),
        ServiceError::Internal(_) => (Code::Internal, ReasonCode::Internal),
    };
    (code, plain(reason))
}

/// The reason's name without its prefix.
fn plain(reason: ReasonCode) -> &'static str {
    samrum_proto::convert::reason_code(reason.into())
}

/// No usable certificate stands behind the call.
pub(crate) fn unauthenticated(problem: &'static str) -> Status {
    let mut details = ErrorDetails::new();
    let reason = plain(ReasonCode::CertificateUnusable);
    details.set_error_info(reason, DOMAIN, HashMap::new());
    Status::with_error_details(Code::Unauthenticated, problem, details)
}

/// The hub is leaving: a stream ends, to be taken up again elsewhere or shortly.
pub(crate) fn shutting_down() -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(plain(ReasonCode::ShuttingDown), DOMAIN, HashMap::new());
    details.set_retry_info(Some(RETRY_DELAY));
    Status::with_error_details(
        Code::Unavailable,
        "the hub is shutting down; try again shortly",
        details,
    )
}
