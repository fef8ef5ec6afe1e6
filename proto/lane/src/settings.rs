//! How both ends treat each other: how long silence is believed, how much is on its way, how many lanes.

use core::time::Duration;
use std::sync::Arc;

use quinn::{IdleTimeout, TransportConfig, VarInt};

/// How long a peer may be silent before the connection is given up.
///
/// A phone between two access points comes back within seconds, and everything on its lanes goes on. A hub that was killed
/// says nothing either: whoever calls it then must find out sooner than the ten seconds that a call waits, so that the call
/// can be made again another way.
pub const IDLE_LIMIT: Duration = Duration::from_secs(8);
/// How often a silent client says that it is there: two may be lost before the limit, and it keeps the way through a
/// home router open, which forgets UDP after half a minute.
///
/// Source: RFC 9308 §3.2 (most middleboxes keep UDP state for 30 s).
pub const KEEP_ALIVE: Duration = Duration::from_millis(2_500);
/// Lanes of one connection at once: control, inbox and documents, each anew while a former one lingers.
pub const MAX_LANES: u32 = 8;

/// Bytes of one lane that may be on their way: 80 Mbit/s at a round trip of 50 ms.
const LANE_WINDOW: u32 = 512 * 1024;
/// Bytes of a whole connection: what one may hold of the other's memory, unread or unconfirmed.
const CONNECTION_WINDOW: u32 = 4 * LANE_WINDOW;

/// How the hub treats a client.
#[must_use]
pub fn server(max_lanes: u32, idle: Duration) -> Arc<TransportConfig> {
    let mut transport = common(idle);
    transport.max_concurrent_bidi_streams(VarInt::from_u32(max_lanes));
    // A client opens lanes and nothing else.
    transport.max_concurrent_uni_streams(VarInt::from_u32(0));
    Arc::new(transport)
}

/// How a client treats the hub.
#[must_use]
pub fn client(keep_alive: Duration, idle: Duration) -> Arc<TransportConfig> {
    let mut transport = common(idle);
    transport.max_concurrent_bidi_streams(VarInt::from_u32(0));
    // The hub's welcome.
    transport.max_concurrent_uni_streams(VarInt::from_u32(1));
    transport.keep_alive_interval(Some(keep_alive));
    Arc::new(transport)
}

fn common(idle: Duration) -> TransportConfig {
    let mut transport = TransportConfig::default();
    transport
        .max_idle_timeout(IdleTimeout::try_from(idle).ok())
        .stream_receive_window(VarInt::from_u32(LANE_WINDOW))
        .receive_window(VarInt::from_u32(CONNECTION_WINDOW))
        .send_window(CONNECTION_WINDOW.into())
        .datagram_receive_buffer_size(None);
    transport
}
