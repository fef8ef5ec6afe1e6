//! A thread of its own for a writer.
//!
//! Everybody waits for the writers, and a writer waits for the database several times in each transaction. Among the hub's
//! other tasks it would queue each time behind whoever verifies signatures just then; on a thread of its own it goes on
//! as soon as the database has answered.

use tokio::runtime::Builder;

/// Runs a task until its end, on a thread of this name. Where the system gives no thread, among the other tasks.
pub(super) fn apart(name: &str, task: impl Future<Output = ()> + Send + 'static) {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::warn!(%error, name, "a writer has no runtime of its own");
            tokio::spawn(task);
            return;
        }
    };
    let thread = std::thread::Builder::new().name(name.to_owned());
    if let Err(error) = thread.spawn(move || runtime.block_on(task)) {
        // The task is gone with the thread that was not: whoever asks hears that the writer has ended.
        tracing::error!(%error, name, "a writer has no thread");
    }
}
