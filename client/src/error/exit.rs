//! Exit codes: what a script learns without reading a word.

use tonic::Code;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// Failed, and trying again as it is will not help.
    Failed = 1,
    /// Wrongly asked.
    Usage = 2,
    /// Unknown, or not for this caller's eyes.
    NotFound = 3,
    /// Known, and not allowed now.
    Refused = 4,
    /// Wrong step or state, or another was faster.
    Conflict = 5,
    /// Not now: try again.
    Unavailable = 6,
}

impl Exit {
    /// The exit code that a hub's answer stands for.
    #[must_use]
    pub const fn of(code: Code) -> Self {
        match code {
            Code::Ok => Self::Ok,
            Code::InvalidArgument | Code::OutOfRange => Self::Usage,
            Code::NotFound => Self::NotFound,
            Code::PermissionDenied | Code::Unauthenticated => Self::Refused,
            Code::AlreadyExists | Code::FailedPrecondition | Code::Aborted => Self::Conflict,
            Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded | Code::Cancelled => {
                Self::Unavailable
            }
            Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => Self::Failed,
        }
    }

    /// The number that the process ends with.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grpc_code_has_its_exit_code() {
        let table = [
            (Code::Ok, 0),
            (Code::Cancelled, 6),
            (Code::Unknown, 1),
            (Code::InvalidArgument, 2),
            (Code::DeadlineExceeded, 6),
            (Code::NotFound, 3),
            (Code::AlreadyExists, 5),
            (Code::PermissionDenied, 4),
            (Code::ResourceExhausted, 6),
            (Code::FailedPrecondition, 5),
            (Code::Aborted, 5),
            (Code::OutOfRange, 2),
            (Code::Unimplemented, 1),
            (Code::Internal, 1),
            (Code::Unavailable, 6),
            (Code::DataLoss, 1),
            (Code::Unauthenticated, 4),
        ];
        for (place, (code, exit)) in table.into_iter().enumerate() {
            assert_eq!(
                code,
                Code::from_i32(i32::try_from(place).unwrap()),
                "the table is complete"
            );
            assert_eq!(Exit::of(code).number(), exit, "{code:?}");
        }
    }
}
