//! What a hub does without being called. Several hubs on one database share one lease: who has it does it for all.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::watch;
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
const EXPIRY_INTERVAL: Duration = Duration::from_secs(30);

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

/// Alarms, expires and withholds what nobody's call has, until the hub stops.
pub(crate) async fn keep_up(
    hub: Arc<Hub>,
    mut held: Held,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    loop {
        let has_lease = async {
            // The other end goes with the hub: then there is nothing to wait for.
            let _ = held.wait_for(Option::is_some).await;
        };
        tokio::select! {
            () = has_lease => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        }
        if let Err(error) = hub.alarm().await {
            tracing::error!(%error, "unopened reports of concern could not alarm anybody; trying again");
        }
        if let Err(error) = hub.expire().await {
            tracing::error!(%error, "overdue documents could not be expired; trying again");
        }
        if let Err(error) = hub.withhold_ended().await {
            tracing::error!(%error, "documents on ended consents could not be withheld; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(EXPIRY_INTERVAL) => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        }
    }
}
