//! An insider at the hub: has the database and the log's key, changes what was decided, and covers it up.
//!
//! Works on a copy of the data folder, never on the hub's own. The cover-up is complete: details, leaf, every
//! node and every checkpoint are made anew and signed with the log's own key, so that the altered log agrees
//! with itself. Only those who kept a ticket or an earlier checkpoint can tell. The one place of this
//! program that speaks SQL.

use std::fs;
use std::path::Path;

use ring::rand::SystemRandom;
use samrum_consent::id::EntryId;
use samrum_proto::ledger::{
    Frontier, Leaf, LogKey, LogVerifier, Node, NodeHash, Salt, TreeHead, sign_checkpoint,
};
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, query};

use crate::trouble::{Result, Trouble};
use crate::verdict::ConsentVersion;
use crate::world::make_folder;

/// The ending of a database's name.
const DATABASE: &str = "db";
/// The endings of what belongs to an open database.
const COMPANIONS: [&str; 2] = ["db-wal", "db-shm"];

/// Copies a data folder while its hub runs: databases as one consistent state, all else as it is.
pub(crate) async fn copy_data(from: &Path, to: &Path) -> Result<()> {
    make_folder(to)?;
    for entry in fs::read_dir(from).map_err(Trouble::file(from))? {
        let path = entry.map_err(Trouble::file(from))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if ending == DATABASE {
            let mut database = open(&path).await?;
            query("VACUUM INTO $1")
                .bind(target.to_string_lossy().into_owned())
                .execute(&mut database)
                .await?;
            database.close().await?;
        } else if !COMPANIONS.contains(&ending.as_ref()) {
            fs::copy(&path, &target).map_err(Trouble::file(&path))?;
        }
    }
    Ok(())
}

/// Makes every no of a decision a yes that rests on this consent, and the whole log anew to fit.
pub(crate) async fn make_it_look_permitted(
    data: &Path,
    decision: &str,
    consent: &ConsentVersion,
) -> Result<()> {
    let key = log_key(data)?;
    let entry: EntryId = decision
        .parse()
        .map_err(|_| Trouble::Ledger(format!("{decision} is no entry's id")))?;
    let mut database = open(&data.join("hub.db")).await?;
    rewrite_entry(&mut database, entry, consent).await?;
    rewrite_log(&mut database, &key).await?;
    database.close().await?;
    Ok(())
}

async fn open(path: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false);
    Ok(options.connect().await?)
}

/// The log's key as it lies beside the database.
fn log_key(data: &Path) -> Result<LogKey> {
    let path = data.join("log.vkey");
    let verifier = fs::read_to_string(&path).map_err(Trouble::file(&path))?;
    let verifier = LogVerifier::parse(verifier.trim()).map_err(ledger)?;
    let path = data.join("log.key");
    let seed = fs::read(&path).map_err(Trouble::file(&path))?;
    LogKey::from_seed(verifier.origin(), &seed).map_err(ledger)
}

/// New details under a fresh salt, and the leaf that commits to them.
async fn rewrite_entry(
    database: &mut SqliteConnection,
    entry: EntryId,
    consent: &ConsentVersion,
) -> Result<()> {
    let row = query("SELECT details FROM entry WHERE id = $1")
        .bind(entry.as_bytes().to_vec())
        .fetch_one(&mut *database)
        .await?;
    let details: Vec<u8> = row.try_get("details")?;
    let details = permitted(&details, consent)?;
    let salt = Salt::mint(&SystemRandom::new()).map_err(ledger)?;
    let leaf = Leaf::salted(&salt, &details).map_err(ledger)?;
    query("UPDATE entry SET details = $2, salt = $3, leaf = $4, leaf_hash = $5 WHERE id = $1")
        .bind(entry.as_bytes().to_vec())
        .bind(details)
        .bind(salt.expose().to_vec())
        .bind(leaf.as_bytes().to_vec())
        .bind(leaf.hash().as_bytes().to_vec())
        .execute(&mut *database)
        .await?;
    Ok(())
}

/// The details with every verdict a yes.
fn permitted(details: &[u8], consent: &ConsentVersion) -> Result<Vec<u8>> {
    let mut details: Value = serde_json::from_slice(details).map_err(ledger)?;
    let verdicts = details.get_mut("verdicts").and_then(Value::as_array_mut);
    let verdicts = verdicts.ok_or_else(|| Trouble::Ledger("the entry is no decision".to_owned()))?;
    let mut changed = 0;
    for verdict in verdicts.iter_mut().filter_map(Value::as_object_mut) {
        if verdict.get("permitted") == Some(&json!(false)) {
            verdict.insert("permitted".to_owned(), json!(true));
            verdict.remove("reasons");
            let rests_on = json!([{"id": consent.consent_id, "revision": consent.revision}]);
            verdict.insert("consents".to_owned(), rests_on);
            changed += 1;
        }
    }
    if changed == 0 {
        return Err(Trouble::Ledger("the decision denied nothing".to_owned()));
    }
    serde_json::to_vec(&details).map_err(ledger)
}

/// Every node and checkpoint anew, from the leaves as they now are.
async fn rewrite_log(database: &mut SqliteConnection, key: &LogKey) -> Result<()> {
    let rows = query("SELECT leaf_hash FROM entry WHERE leaf_index IS NOT NULL ORDER BY leaf_index")
        .fetch_all(&mut *database)
        .await?;
    let mut leaves = Vec::with_capacity(rows.len());
    for row in &rows {
        let hash: Vec<u8> = row.try_get("leaf_hash")?;
        leaves.push(NodeHash::try_from(hash.as_slice()).map_err(ledger)?);
    }
    let log = Rebuilt::from_leaves(&leaves);
    let mut transaction = database.begin().await?;
    for node in &log.nodes {
        query("UPDATE node SET hash = $3 WHERE level = $1 AND position = $2")
            .bind(node.id.level)
            .bind(i64::try_from(node.id.index).map_err(ledger)?)
            .bind(node.hash.as_bytes().to_vec())
            .execute(&mut *transaction)
            .await?;
    }
    let sizes = query("SELECT size FROM checkpoint")
        .fetch_all(&mut *transaction)
        .await?;
    for row in sizes {
        let size: i64 = row.try_get("size")?;
        let note = sign_checkpoint(key, log.head(size)?).map_err(ledger)?;
        query("UPDATE checkpoint SET note = $2 WHERE size = $1")
            .bind(size)
            .bind(note.into_bytes())
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// A log made from its leaves.
struct Rebuilt {
    nodes: Vec<Node>,
    /// The root at every size, the empty tree's first.
    roots: Vec<NodeHash>,
}

impl Rebuilt {
    fn from_leaves(leaves: &[NodeHash]) -> Self {
        let mut frontier = Frontier::default();
        let mut log = Self {
            nodes: Vec::new(),
            roots: vec![frontier.root()],
        };
        for leaf in leaves {
            log.nodes.extend(frontier.append(*leaf));
            log.roots.push(frontier.root());
        }
        log
    }

    fn head(&self, size: i64) -> Result<TreeHead> {
        let missing = || Trouble::Ledger(format!("a checkpoint of size {size} with too few entries"));
        let size = u64::try_from(size).map_err(|_| missing())?;
        let place = usize::try_from(size).map_err(|_| missing())?;
        let root = *self.roots.get(place).ok_or_else(missing)?;
        Ok(TreeHead { size, root })
    }
}

fn ledger(error: impl std::fmt::Display) -> Trouble {
    Trouble::Ledger(error.to_string())
}

#[cfg(test)]
mod tests {
    use samrum_proto::ledger::leaf_hash;

    use super::*;

    fn consent() -> ConsentVersion {
        ConsentVersion {
            consent_id: "c".to_owned(),
            revision: 3,
        }
    }

    #[test]
    fn a_no_becomes_a_yes_and_a_yes_stays() {
        let details = br#"{"event":"CHECK","verdicts":[{"permitted":true,"recipient":"a"},
            {"permitted":false,"reasons":[{"code":"X"}],"recipient":"b"}]}"#;
        let altered: Value = serde_json::from_slice(&permitted(details, &consent()).unwrap()).unwrap();
        assert_eq!(
            altered,
            json!({"event": "CHECK", "verdicts": [
                {"permitted": true, "recipient": "a"},
                {"permitted": true, "recipient": "b", "consents": [{"id": "c", "revision": 3}]},
            ]})
        );
    }

    #[test]
    fn what_denied_nothing_cannot_be_made_to_look_permitted() {
        let details = br#"{"verdicts":[{"permitted":true,"recipient":"a"}]}"#;
        assert!(permitted(details, &consent()).is_err());
        assert!(permitted(b"{}", &consent()).is_err());
        assert!(permitted(b"not json", &consent()).is_err());
    }

    #[test]
    fn a_rebuilt_log_has_a_root_for_every_size() {
        let leaves: Vec<NodeHash> = (0_u8..5).map(|leaf| leaf_hash(&[leaf])).collect();
        let log = Rebuilt::from_leaves(&leaves);
        assert_eq!(log.head(1).unwrap().root, leaves[0]);
        assert_ne!(log.head(5).unwrap().root, log.head(4).unwrap().root);
        assert!(log.head(6).is_err() && log.head(-1).is_err());
        let mut other = leaves.clone();
        other[1] = leaf_hash(b"other");
        let other = Rebuilt::from_leaves(&other);
        let before = other.head(1).unwrap().root;
        assert_eq!(log.head(1).unwrap().root, before, "before it nothing changes");
        assert_ne!(log.head(2).unwrap().root, other.head(2).unwrap().root);
    }
}
