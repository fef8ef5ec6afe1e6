//! Why a lane or a connection was ended, as a number that both ends know.

use quinn::{ConnectionError, ReadError, VarInt, WriteError};

/// Why one end has ended a connection or would not have a lane. The numbers only grow.
///
/// Source: RFC 9000 §20.2 (application protocol error codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nothing more to say.
    Done,
    /// The hub stops: no new lanes, and no connection once the calls under way are answered.
    Stopping,
    /// The certificate is good and names no caller.
    NotNamed,
    /// The caller, or the hub, has all the connections it may have.
    Full,
    /// The certificate is no longer let in: revoked, ended, or of an authority that is asked no more.
    CutOff,
}

impl End {
    const ALL: [Self; 5] = [
        Self::Done,
        Self::Stopping,
        Self::NotNamed,
        Self::Full,
        Self::CutOff,
    ];

    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> VarInt {
        VarInt::from_u32(match self {
            Self::Done => 0,
            Self::Stopping => 1,
            Self::NotNamed => 2,
            Self::Full => 3,
            Self::CutOff => 4,
        })
    }

    /// What the peer has said when it ended the connection; nothing when it did not, or said something unknown.
    #[must_use]
    pub fn of_connection(error: &ConnectionError) -> Option<Self> {
        match error {
            ConnectionError::ApplicationClosed(close) => Self::of(close.error_code),
            _ => None,
        }
    }

    /// The same of a lane's reading end.
    #[must_use]
    pub fn of_reading(error: &ReadError) -> Option<Self> {
        match error {
            ReadError::Reset(code) => Self::of(*code),
            ReadError::ConnectionLost(error) => Self::of_connection(error),
            _ => None,
        }
    }

    /// The same of a lane's writing end.
    #[must_use]
    pub fn of_writing(error: &WriteError) -> Option<Self> {
        match error {
            WriteError::Stopped(code) => Self::of(*code),
            WriteError::ConnectionLost(error) => Self::of_connection(error),
            _ => None,
        }
    }

    /// The same of an error of reading or writing a lane.
    #[must_use]
    pub fn of_io(error: &std::io::Error) -> Option<Self> {
        let inner = error.get_ref()?;
        let reading = inner.downcast_ref().and_then(Self::of_reading);
        reading.or_else(|| inner.downcast_ref().and_then(Self::of_writing))
    }

    fn of(code: VarInt) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.code() == code)
    }
}
