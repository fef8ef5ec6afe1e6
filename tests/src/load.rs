//! What the programs share that measure a hub under load: sealed documents, connections, rounds, other servers.
//!
//! Everything is sealed before the clock runs. A round keeps a fixed number of calls under way over a fixed number of
//! connections until its time is over; [`Round`] tells what happened between the first answers and the end. The hub,
//! the bare echo and whatever else is measured are driven by the same [`drive`], in turn, so that the noise of the
//! machine hits all of them.

pub mod echo;

mod drive;
mod engine;
mod figure;
mod fill;
mod scene;
mod sealing;
mod send;
mod sends;
mod watch;

pub use drive::{Done, Failed, Peer, Round, Supply, drive};
pub use engine::Engine;
pub use figure::{Sum, median, milliseconds, peak_memory_mib, percentile};
pub use fill::fill;
pub use scene::{Route, Scene};
pub use sealing::{BODY_BYTES, Sealer, seal_rate};
pub use send::Exchange;
pub use sends::{Lane, Sends, TRIAL, rounds};
pub use watch::{Inboxes, Told};

use std::path::PathBuf;
use std::process::ExitCode;

/// Calls under way at once.
pub const IN_FLIGHT: usize = 64;
/// Connections that share them.
pub const CONNECTIONS: usize = 8;

/// Says that this program is to be the hub.
const AS_HUB: &str = "SAMRUM_TESTS_AS_HUB";
/// Says that this program is to be the echo.
const AS_ECHO: &str = "SAMRUM_TESTS_AS_ECHO";

/// What a measuring program is when it was started by itself: the hub, or the echo. Nothing: it measures.
pub fn another_process() -> Option<ExitCode> {
    if std::env::var_os(AS_HUB).is_some() {
        return Some(samrum_server::app::main(std::env::args_os()));
    }
    if std::env::var_os(AS_ECHO).is_some() {
        return Some(echo::main(std::env::args_os()));
    }
    None
}

/// This program's own file, to be started once more.
fn this_program() -> PathBuf {
    std::env::current_exe().expect("a program knows its file")
}
