//! Promises broken on purpose: a program that cannot fail proves nothing.

use std::path::Path;

use samrum_tests::{Cluster, execute};

/// Which promise is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Sabotage {
    /// Answers come before the disk or the standby has what they tell of: no sync counts (with --power-loss), or the
    /// standby hears nothing (with --store postgres)
    Unsynced,
    /// A delivery that was acknowledged to its sender is forgotten
    Forget,
    /// A delivery is told twice to its recipient
    Twice,
    /// A revocation is forgotten
    Unrevoke,
    /// An entry of the log says something else than was promised
    Rewrite,
}

const TWICE: &str = "INSERT INTO inbox_event (recipient_id, delivery_id, state)
     SELECT recipient_id, delivery_id, state FROM inbox_event ORDER BY 1 LIMIT 1";
const UNREVOKE: &str = "UPDATE consent SET state = 2 WHERE state = 4";

impl Sabotage {
    /// Changes the data of the hub that was killed, as a hub that breaks this promise would have left it.
    pub(crate) async fn strike(self, data: &Path) {
        let statement = match self {
            Self::Unsynced => return,
            Self::Forget => "DELETE FROM document WHERE rowid = (SELECT max(rowid) FROM document)",
            Self::Twice => TWICE,
            Self::Unrevoke => UNREVOKE,
            Self::Rewrite => {
                "UPDATE entry SET leaf = x'00' WHERE arrival > (SELECT max(arrival) - 20 FROM entry)"
            }
        };
        execute(data, statement).await;
    }

    /// The same in a database of a cluster.
    pub(crate) async fn strike_at(self, cluster: &Cluster, database: &str) {
        let statement = match self {
            Self::Unsynced => return,
            Self::Forget => "DELETE FROM document WHERE created_at = (SELECT max(created_at) FROM document)",
            Self::Twice => TWICE,
            Self::Unrevoke => UNREVOKE,
            Self::Rewrite => {
                "UPDATE entry SET leaf = '\\x00' WHERE arrival > (SELECT max(arrival) - 20 FROM entry)"
            }
        };
        // Whatever refers to it.
        let all = format!("SET session_replication_role = replica; {statement}");
        cluster.execute(database, &all).await;
    }
}
