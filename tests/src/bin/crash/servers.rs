//! Two servers of one database: a primary, and a standby that has everything which the primary confirmed.

use std::sync::Arc;

use samrum_tests::Cluster;
use tokio::task::spawn_blocking;

/// The name of the database.
pub(crate) const DATABASE: &str = "hub0";

/// A primary and its standby.
pub(crate) struct Servers {
    primary: Arc<Cluster>,
    standby: Arc<Cluster>,
}

impl Servers {
    /// Starts both, with an empty database.
    pub(crate) async fn start() -> Self {
        let primary = Arc::new(Cluster::start());
        primary.database().await;
        let of = primary.clone();
        let standby = spawn_blocking(move || of.standby()).await.unwrap();
        primary.confirm_with_standby().await;
        Self {
            primary,
            standby: Arc::new(standby),
        }
    }

    /// Where they are, whichever is primary.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let all = [&self.primary, &self.standby];
        all.map(|cluster| cluster.address(DATABASE)).to_vec()
    }

    /// The one that takes writes.
    pub(crate) fn primary(&self) -> &Cluster {
        &self.primary
    }

    /// From now on the primary confirms what its standby never hears of: a sabotage.
    pub(crate) async fn part(&self) {
        self.primary.part_from(&self.standby).await;
    }

    /// Kills the primary where it stands; its standby takes its place, and it follows that one from then on.
    pub(crate) async fn kill_primary(&mut self) {
        core::mem::swap(&mut self.primary, &mut self.standby);
        let (now, former) = (self.primary.clone(), self.standby.clone());
        let changed = spawn_blocking(move || {
            former.kill_hard();
            now.promote();
            former.follow(&now);
        });
        changed.await.unwrap();
        self.primary.confirm_with_standby().await;
    }
}
