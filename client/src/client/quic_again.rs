//! Whether QUIC got through, remembered from one run of a command to the next. Only a hint: whatever cannot be read or
//! written costs one attempt more.

use std::time::Duration;

use jiff::Timestamp;

use super::Client;
use crate::profile::Profile;
use crate::storage::{self, Access};
use crate::transport::way::Transport;

/// Bytes of a time, with room.
const MAX_BYTES: u64 = 64;

/// For how long QUIC is not worth trying.
pub(super) fn left(profile: &Profile, now: Timestamp) -> Duration {
    let until = storage::read_text(&profile.quic_again(), MAX_BYTES).ok();
    let until = until.and_then(|text| text.trim().parse::<Timestamp>().ok());
    let left = until.map(|until| until.duration_since(now));
    left.and_then(|left| Duration::try_from(left).ok())
        .unwrap_or_default()
}

/// Remembers what this client found out.
pub(super) fn keep(client: &Client) {
    if client.channels.transport() != Transport::Auto {
        return;
    }
    let path = client.profile.quic_again();
    match client.channels.avoids_quic() {
        Some(left) => {
            let now = client.surroundings.clock.now();
            let until = now.checked_add(left).unwrap_or(now).to_string();
            let _ = storage::replace(client.disk(), &path, until.as_bytes(), Access::Private);
        }
        // Also where there was none.
        None => {
            let _ = client.disk().remove(&path);
        }
    }
}
