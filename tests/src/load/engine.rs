//! Where a hub under measurement keeps its data.

use super::{AS_HUB, this_program};
use crate::{Cluster, TestHub};

/// A store to be measured, with what it needs to be there.
#[derive(Debug)]
pub enum Engine {
    /// Files in the hub's own folder.
    Sqlite,
    /// A database of its own for each hub, in this cluster.
    Postgres(Cluster),
}

impl Engine {
    /// Starts an empty hub in a process of its own: this program, started as the hub.
    pub async fn hub(&self) -> TestHub {
        let database = match self {
            Self::Sqlite => Vec::new(),
            Self::Postgres(cluster) => vec![cluster.database().await],
        };
        let environment = vec![(AS_HUB.into(), "1".into())];
        TestHub::start_apart_on(this_program(), environment, database).await
    }
}
