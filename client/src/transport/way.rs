//! Which way calls go: over TCP, over QUIC, or over whichever gets through.

use core::fmt;
use core::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

/// How long QUIC is waited for where TCP can be taken instead. Longer than a handshake over a slow mobile network whose
/// first packet was lost.
pub const QUIC_PATIENCE: Duration = Duration::from_millis(1_500);
/// How long TCP is taken after QUIC did not get through, before QUIC is tried again.
pub const QUIC_PAUSE: Duration = Duration::from_secs(300);

/// Which way calls shall go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    /// QUIC where it gets through, else TCP.
    Auto,
    /// QUIC or nothing.
    Quic,
    /// TCP: as fast as it gets on a network that loses nothing.
    #[default]
    Tcp,
}

impl Transport {
    /// As it is written in profiles and arguments.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Quic => "quic",
            Self::Tcp => "tcp",
        }
    }
}

/// No way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be auto, quic or tcp")]
pub struct InvalidTransport;

impl FromStr for Transport {
    type Err = InvalidTransport;

    fn from_str(text: &str) -> Result<Self, InvalidTransport> {
        let all = [Self::Auto, Self::Quic, Self::Tcp];
        let named = all.into_iter().find(|transport| transport.word() == text);
        named.ok_or(InvalidTransport)
    }
}

/// Which way a connection was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// A lane.
    Quic,
    /// A TCP connection.
    Tcp,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quic => "QUIC",
            Self::Tcp => "TCP",
        })
    }
}

/// What is remembered of the ways taken.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    last: Option<Way>,
    quic_again_at: Option<Instant>,
}

impl Memory {
    /// That QUIC did not get through a while ago, and for how long TCP is taken yet.
    pub(super) fn avoiding_quic(left: Duration) -> Self {
        Self(Mutex::new(Remembered {
            last: None,
            quic_again_at: Some(Instant::now() + left.min(QUIC_PAUSE)),
        }))
    }

    /// Whether QUIC is worth trying now.
    pub(super) fn tries_quic(&self) -> bool {
        self.lock().quic_again_at.is_none_or(|at| at <= Instant::now())
    }

    /// QUIC did not get through.
    pub(super) fn quic_failed(&self) {
        self.lock().quic_again_at = Some(Instant::now() + QUIC_PAUSE);
    }

    /// A connection was made.
    pub(super) fn went(&self, way: Way) {
        let mut remembered = self.lock();
        remembered.last = Some(way);
        if way == Way::Quic {
            remembered.quic_again_at = None;
        }
    }

    /// Which way the last connection was made.
    pub(super) fn last(&self) -> Option<Way> {
        self.lock().last
    }

    /// For how long QUIC is not worth trying yet.
    pub(super) fn avoids_quic(&self) -> Option<Duration> {
        let at = self.lock().quic_again_at?;
        Some(at.duration_since(Instant::now())).filter(|left| !left.is_zero())
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn quic_is_left_alone_for_a_while_after_it_did_not_get_through() {
        let memory = Memory::default();
        assert!(memory.tries_quic());
        memory.quic_failed();
        memory.went(Way::Tcp);
        assert!(!memory.tries_quic());
        assert_eq!(memory.last(), Some(Way::Tcp));
        tokio::time::advance(QUIC_PAUSE).await;
        assert!(memory.tries_quic());
        assert_eq!(memory.avoids_quic(), None);
        // What another run remembered counts, but not longer than a pause.
        let memory = Memory::avoiding_quic(Duration::from_secs(1_000_000));
        assert!(!memory.tries_quic());
        tokio::time::advance(QUIC_PAUSE).await;
        assert!(memory.tries_quic());
    }
}
