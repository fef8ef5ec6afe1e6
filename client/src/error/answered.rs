//! A refusal as the hub puts it: gRPC code and `google.rpc` details, read once.

use std::collections::BTreeMap;
use std::time::Duration;

use samrum_consent::id::EntryId;
use tonic::{Code, Status, TimeoutExpired};
use tonic_types::StatusExt;

use super::{Error, Unreachable};
use crate::transport::failure::{ConnectError, Refusal};

/// The domain of the hub's own reasons.
pub const DOMAIN: &str = "samrum";
/// Under which name a refusal carries the decision that it comes from.
pub const DECISION_ID: &str = "decision_id";
/// Under which name a refusal carries what can be done about it.
pub const REMEDY: &str = "remedy";

/// A sentence in a person's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The language, such as `sv`.
    pub locale: String,
    /// The sentence.
    pub text: String,
}

/// The hub said no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct Answered {
    /// The kind of refusal.
    pub code: Code,
    /// The first reason by its plain name, such as `CONSENT_MISSING`.
    pub reason: Option<String>,
    /// The reason's arguments by name.
    pub arguments: BTreeMap<String, String>,
    /// What the hub says to a person.
    pub sentence: Option<Sentence>,
    /// What the hub says to a program.
    pub message: String,
    /// What can be done, by its code.
    pub remedy: Option<String>,
    /// The decision that the refusal comes from; `samrum check explain` tells all its reasons.
    pub decision: Option<EntryId>,
    /// Fields at fault, with what is wrong.
    pub fields: Vec<(String, String)>,
    /// When to try again.
    pub retry_after: Option<Duration>,
}

impl Answered {
    fn words(&self) -> String {
        let mut words = match &self.sentence {
            Some(sentence) => sentence.text.clone(),
            None if self.message.is_empty() => format!("the hub answered {:?}", self.code),
            None => self.message.clone(),
        };
        for (field, problem) in &self.fields {
            words.push_str(&format!("; {field}: {problem}"));
        }
        words
    }

    /// Whether the same call may simply be made again.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self.code {
            Code::Unavailable => true,
            Code::ResourceExhausted => self.retry_after.is_some(),
            _ => false,
        }
    }

    /// Whether the hub has judged what was asked, so that asking it again unchanged changes nothing. An acting
    /// statement that was too old, or a key that is no longer in force, says nothing about the rest.
    #[must_use]
    pub fn is_final(&self) -> bool {
        if matches!(
            self.reason.as_deref(),
            Some("ACTING_STATEMENT_INVALID" | "KEY_STALE" | "KEY_NOT_IN_FORCE")
        ) {
            return false;
        }
        match self.code {
            Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::PermissionDenied
            | Code::FailedPrecondition
            | Code::OutOfRange => true,
            Code::Ok
            | Code::Cancelled
            | Code::Unknown
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Aborted
            | Code::Unimplemented
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
            | Code::Unauthenticated => false,
        }
    }

    fn read(status: &Status) -> Self {
        // Details that cannot be read say nothing; code and message still do.
        let details = status.check_error_details().unwrap_or_default();
        let mut arguments = BTreeMap::new();
        let mut reason = None;
        if let Some(info) = details.error_info().filter(|info| info.domain == DOMAIN) {
            reason = Some(info.reason.clone()).filter(|reason| !reason.is_empty());
            arguments.extend(info.metadata.clone());
        }
        let decision = arguments.remove(DECISION_ID).and_then(|id| id.parse().ok());
        let remedy = arguments.remove(REMEDY).filter(|remedy| !remedy.is_empty());
        let sentence = details.localized_message().map(|message| Sentence {
            locale: message.locale.clone(),
            text: message.message.clone(),
        });
        let fields = details.bad_request().map(|bad| &bad.field_violations);
        Self {
            code: status.code(),
            reason,
            arguments,
            sentence,
            message: status.message().to_owned(),
            remedy,
            decision,
            fields: fields
                .into_iter()
                .flatten()
                .map(|violation| (violation.field.clone(), violation.description.clone()))
                .collect(),
            retry_after: details.retry_info().and_then(|info| info.retry_delay),
        }
    }
}

/// Reads a status: the hub's own, or one that stands for a connection that failed.
#[must_use]
pub fn read(status: &Status, deadline: Duration) -> Error {
    let source = std::error::Error::source(status);
    if let Some(refusal) = source.and_then(Refusal::in_chain) {
        return refusal.into();
    }
    let timed_out = || Unreachable::TimedOut {
        seconds: deadline.as_secs(),
    };
    match (status.code(), source) {
        // A connection that ended under a call is also called "cancelled": that one may be made again.
        (_, Some(source)) if chain(source).any(|cause| cause.is::<TimeoutExpired>()) => timed_out().into(),
        (_, Some(source)) => Unreachable::Connection {
            what: innermost(source),
        }
        .into(),
        (Code::DeadlineExceeded | Code::Cancelled, None) => timed_out().into(),
        (_, None) => Box::new(Answered::read(status)).into(),
    }
}

fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// Our own connector's words where there are any, else the last cause.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let told = chain(error)
        .find(|cause| cause.is::<ConnectError>())
        .or_else(|| chain(error).last());
    told.unwrap_or(error).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    const DEADLINE: Duration = Duration::from_secs(10);

    fn answered(code: Code, details: ErrorDetails) -> Answered {
        match read(&Status::with_error_details(code, "message", details), DEADLINE) {
            Error::Answered(answered) => *answered,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_refusal_is_read_with_all_its_details() {
        let decision = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
        let metadata = [
            (DECISION_ID, decision),
            (REMEDY, "ASK_SIGNATORY"),
            ("signatory", "2"),
        ];
        let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let mut details = ErrorDetails::with_error_info("SIGNATURE_MISSING", DOMAIN, metadata);
        details.set_localized_message("sv", "Vårdnadshavare 2 har inte skrivit under");
        let answered = answered(Code::PermissionDenied, details);
        assert_eq!(answered.reason.as_deref(), Some("SIGNATURE_MISSING"));
        assert_eq!(answered.remedy.as_deref(), Some("ASK_SIGNATORY"));
        assert_eq!(
            answered.decision.map(|id| id.to_string()).as_deref(),
            Some(decision)
        );
        assert_eq!(answered.arguments.get("signatory").map(String::as_str), Some("2"));
        assert_eq!(answered.to_string(), "Vårdnadshavare 2 har inte skrivit under");
        assert_eq!(Error::from(Box::new(answered)).exit().number(), 4);
    }

    #[test]
    fn fields_at_fault_are_named() {
        let mut details = ErrorDetails::with_bad_request_violation("scope.kinds", "is required");
        details.set_error_info("FIELD_INVALID", DOMAIN, std::collections::HashMap::new());
        let answered = answered(Code::InvalidArgument, details);
        assert_eq!(answered.to_string(), "message; scope.kinds: is required");
    }

    #[test]
    fn another_domains_reasons_are_not_ours() {
        let details =
            ErrorDetails::with_error_info("SIGNATURE_MISSING", "proxy", std::collections::HashMap::new());
        assert_eq!(answered(Code::PermissionDenied, details).reason, None);
    }

    #[test]
    fn only_unavailable_and_delayed_exhaustion_are_transient() {
        let delay = || ErrorDetails::with_retry_info(Some(Duration::from_secs(1)));
        assert!(answered(Code::Unavailable, ErrorDetails::new()).is_transient());
        assert!(answered(Code::ResourceExhausted, delay()).is_transient());
        assert!(!answered(Code::ResourceExhausted, ErrorDetails::new()).is_transient());
        for code in [
            Code::PermissionDenied,
            Code::Internal,
            Code::Aborted,
            Code::FailedPrecondition,
        ] {
            assert!(!answered(code, delay()).is_transient(), "{code:?}");
        }
    }

    #[test]
    fn what_is_said_of_the_caller_is_not_said_of_the_document() {
        let about =
            |reason: &str| ErrorDetails::with_error_info(reason, DOMAIN, std::collections::HashMap::new());
        assert!(answered(Code::InvalidArgument, about("BODY_MISMATCH")).is_final());
        assert!(!answered(Code::InvalidArgument, about("ACTING_STATEMENT_INVALID")).is_final());
        assert!(answered(Code::FailedPrecondition, about("STATE_CONFLICT")).is_final());
        assert!(!answered(Code::FailedPrecondition, about("KEY_STALE")).is_final());
        assert!(!answered(Code::FailedPrecondition, about("KEY_NOT_IN_FORCE")).is_final());
        assert!(!answered(Code::Unauthenticated, about("CERTIFICATE_UNUSABLE")).is_final());
    }

    #[test]
    fn silence_is_not_an_answer() {
        let late = read(&Status::cancelled("Timeout expired"), DEADLINE);
        assert!(matches!(
            late,
            Error::Unreachable(Unreachable::TimedOut { seconds: 10 })
        ));
        let ours = read(&Status::from_error(Box::new(TimeoutExpired(()))), DEADLINE);
        assert!(
            matches!(ours, Error::Unreachable(Unreachable::TimedOut { .. })),
            "{ours}"
        );
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let lost = read(&Status::from_error(Box::new(refused)), DEADLINE);
        assert_eq!(lost.exit().number(), 6, "{lost}");
    }
}
