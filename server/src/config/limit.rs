//! The limits that can be chosen, their defaults and their ranges, in one place.
//!
//! Limits of the protocol itself (recipients, header, page) are constants of `proto`: both ends must agree
//! on them. What is here is the hub's own.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::ConfigError;
use super::file::LimitTable;
use crate::transport::tcp::AcceptLimits;

/// The limits of one hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The limits of accepting connections.
    pub accept: AcceptLimits,
    /// The largest sealed body that travels inside `SendDocument`. Unit: bytes.
    pub inline_body_bytes: usize,
    /// How often an inbox stream without news says that it lives.
    pub inbox_heartbeat: Duration,
    /// How long a document waits for its recipient before it expires.
    pub document_lifetime: Duration,
    /// How long a report of concern may wait unopened before its sender and its reception are alarmed.
    pub report_alarm: Duration,
    /// How long an entry waits at most for its place in the ledger; the maximum merge delay is a second.
    pub sequencer_interval: Duration,
    /// How long a statement waits for the database's lock.
    pub store_busy_timeout: Duration,
    /// How many streams one unit may have open.
    pub streams_per_unit: usize,
    /// How many sends one unit may have under way, and as many that a duty demands; of these, one more waits.
    pub sends_per_unit: usize,
    /// How long open calls may take to finish when the hub stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            accept: AcceptLimits::default(),
            inline_body_bytes: 256 * 1024,
            inbox_heartbeat: Duration::from_secs(15),
            document_lifetime: days(90),
            report_alarm: minutes(30),
            sequencer_interval: Duration::from_millis(200),
            store_busy_timeout: Duration::from_secs(5),
            streams_per_unit: 64,
            sends_per_unit: 256,
            drain: Duration::from_secs(10),
        }
    }
}

impl Limits {
    pub(super) fn from_file(table: LimitTable) -> Result<Self, ConfigError> {
        let default = Self::default();
        let accept = default.accept;
        let ms = Duration::from_millis;
        let seconds = Duration::from_secs;
        Ok(Self {
            accept: AcceptLimits {
                handshake_timeout: within("handshake_timeout_ms", table.handshake_timeout_ms, 100..=60_000)?
                    .map_or(accept.handshake_timeout, ms),
                handshakes: count("handshakes", table.handshakes, 1..=65_536, accept.handshakes)?,
                handshake_patience: within("handshake_patience_ms", table.handshake_patience_ms, 0..=60_000)?
                    .map_or(accept.handshake_patience, ms),
                connections: count(
                    "connections",
                    table.connections,
                    1..=1_000_000,
                    accept.connections,
                )?,
                connections_per_caller: count(
                    "connections_per_caller",
                    table.connections_per_caller,
                    1..=65_536,
                    accept.connections_per_caller,
                )?,
                keep_alive: within("keep_alive_seconds", table.keep_alive_seconds, 1..=7_200)?
                    .map_or(accept.keep_alive, seconds),
                lanes_per_connection: number(
                    "lanes_per_connection",
                    table.lanes_per_connection,
                    4..=16,
                    accept.lanes_per_connection,
                )?,
                quic_handshakes_per_second: number(
                    "quic_handshakes_per_second",
                    table.quic_handshakes_per_second,
                    1..=100_000,
                    accept.quic_handshakes_per_second,
                )?,
            },
            // The upper end keeps one message, and so one caller's share of memory, small.
            inline_body_bytes: count(
                "inline_body_bytes",
                table.inline_body_bytes,
                1_024..=1_048_576,
                default.inline_body_bytes,
            )?,
            inbox_heartbeat: within("inbox_heartbeat_seconds", table.inbox_heartbeat_seconds, 1..=300)?
                .map_or(default.inbox_heartbeat, seconds),
            document_lifetime: within("document_lifetime_days", table.document_lifetime_days, 1..=3_650)?
                .map_or(default.document_lifetime, days),
            report_alarm: within("report_alarm_minutes", table.report_alarm_minutes, 1..=1_440)?
                .map_or(default.report_alarm, minutes),
            sequencer_interval: within("sequencer_interval_ms", table.sequencer_interval_ms, 10..=1_000)?
                .map_or(default.sequencer_interval, ms),
            store_busy_timeout: within("store_busy_timeout_ms", table.store_busy_timeout_ms, 100..=60_000)?
                .map_or(default.store_busy_timeout, ms),
            streams_per_unit: count(
                "streams_per_unit",
                table.streams_per_unit,
                1..=4_096,
                default.streams_per_unit,
            )?,
            sends_per_unit: count(
                "sends_per_unit",
                table.sends_per_unit,
                1..=4_096,
                default.sends_per_unit,
            )?,
            drain: within("drain_seconds", table.drain_seconds, 1..=300)?.map_or(default.drain, seconds),
        })
    }
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes.saturating_mul(60))
}

const fn days(days: u64) -> Duration {
    Duration::from_secs(days.saturating_mul(24 * 60 * 60))
}

/// The value, when it is set and lies within its range.
fn within(
    key: &'static str,
    given: Option<u64>,
    range: RangeInclusive<u64>,
) -> Result<Option<u64>, ConfigError> {
    match given {
        Some(given) if !range.contains(&given) => Err(ConfigError::OutOfRange {
            key,
            least: *range.start(),
            most: *range.end(),
            given,
        }),
        given => Ok(given),
    }
}

/// The same of what is counted in 32 bits.
fn number(
    key: &'static str,
    given: Option<u64>,
    range: RangeInclusive<u64>,
    default: u32,
) -> Result<u32, ConfigError> {
    Ok(within(key, given, range)?
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(default))
}

/// A count within its range, or the default.
fn count(
    key: &'static str,
    given: Option<u64>,
    range: RangeInclusive<u64>,
    default: usize,
) -> Result<usize, ConfigError> {
    // Every range ends far below what a `usize` holds on the smallest supported machine.
    Ok(within(key, given, range)?
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(default))
}
