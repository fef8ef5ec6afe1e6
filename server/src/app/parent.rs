//! When to stop: asked by the system, or, where wanted, when the process that started the hub is gone.

use tokio::io::AsyncReadExt as _;
use tokio::signal::unix::{SignalKind, signal};

/// Completes on SIGTERM or Ctrl-C; with `exit_with_parent` also when standard input closes.
pub(super) fn stop_signal(exit_with_parent: bool) -> anyhow::Result<impl Future<Output = ()> + Send> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = parent_gone(), if exit_with_parent => {}
        }
    })
}

/// Completes when standard input has nothing more to give.
async fn parent_gone() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0_u8; 64];
    while matches!(input.read(&mut buffer).await, Ok(count) if count > 0) {}
}
