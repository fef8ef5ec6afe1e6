//! What a hub does without being called. Several hubs on one database share one lease: who has it does it for all.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::service::Hub;
use crate::store::Store;

/// The lease that all tasks share.
const TASKS: &str = "tasks";
/// How long a lease lasts unless it is asked for again; so long after a hub died, another takes over.
const LEASE: Duration = Duration::from_secs(3);
/// How often it is asked for.
const LEASE_INTERVAL: Duration = Duration::from_secs(1);
/// How often unopened reports, overdue documents, and those on ended consents, are looked for.
const ROUND_INTERVAL: Duration = Duration::from_secs(30);
/// After so many alarms at once there are more.
const MANY_ALARMS: usize = 1_000;

/// The lease's epoch while this hub has it.
pub(crate) type Held = watch::Receiver<Option<u64>>;

/// Asks for the lease until the hub stops, as the holder given.
pub(crate) fn hold(hub: Arc<Hub>, holder: Uuid, stop: watch::Receiver<bool>) -> Held {
    let (epoch, held) = watch::channel(None);
    tokio::spawn(async move { ask(&**hub.store(), holder, epoch, stop).await });
    held
}

async fn ask(
    store: &dyn Store,
    holder: Uuid,
    epoch: watch::Sender<Option<u64>>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let held = store.lease(TASKS, holder, LEASE).await;
        if let Err(error) = &held {
            tracing::warn!(%error, "the lease of the tasks could not be asked for; trying again");
        }
        epoch.send_replace(held.ok().flatten());
        tokio::select! {
            () = tokio::time::sleep(LEASE_INTERVAL) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Begins what a hub does in rounds, until it stops.
pub(crate) fn begin(
    tasks: &mut JoinSet<anyhow::Result<()>>,
    hub: &Arc<Hub>,
    held: Held,
    stop: watch::Receiver<bool>,
) {
    let rounds = Rounds { held, stop };
    tasks.spawn(alarm(hub.clone(), rounds.clone()));
    tasks.spawn(keep_up(hub.clone(), rounds));
}

/// Expires and withholds what nobody's call has, until the hub stops.
async fn keep_up(hub: Arc<Hub>, mut rounds: Rounds) -> anyhow::Result<()> {
    while rounds.next().await {
        if let Err(error) = hub.expire().await {
            tracing::error!(%error, "overdue documents could not be expired; trying again");
        }
        if let Err(error) = hub.withhold_ended().await {
            tracing::error!(%error, "documents on ended consents could not be withheld; trying again");
        }
        rounds.pause().await;
    }
    Ok(())
}

/// Alarms about what nobody has opened, until the hub stops: beside everything else, which must not keep it waiting.
async fn alarm(hub: Arc<Hub>, mut rounds: Rounds) -> anyhow::Result<()> {
    while rounds.next().await {
        match hub.alarm().await {
            Ok(MANY_ALARMS..) => continue,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "unopened reports of concern could not alarm anybody; trying again");
            }
        }
        rounds.pause().await;
    }
    Ok(())
}

/// When to look again: every half minute, while this hub has the lease.
#[derive(Debug, Clone)]
struct Rounds {
    held: Held,
    stop: watch::Receiver<bool>,
}

impl Rounds {
    /// Waits until this hub has the lease; false when it stops.
    async fn next(&mut self) -> bool {
        let has_lease = async {
            // The other end goes with the hub: then there is nothing to wait for.
            let _ = self.held.wait_for(Option::is_some).await;
        };
        tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => false,
            () = has_lease => true,
        }
    }

    async fn pause(&mut self) {
        tokio::select! {
            () = tokio::time::sleep(ROUND_INTERVAL) => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
    }
}
