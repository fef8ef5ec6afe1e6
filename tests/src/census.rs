//! What a hub holds: counted, to see that nothing changed; and its bytes, to see what they do not contain.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{Row as _, query};

/// The tables that a refused call must leave as they were; entries are counted apart.
const TABLES: [&str; 10] = [
    "organisation",
    "unit",
    "unit_key",
    "person",
    "individual",
    "consent",
    "document",
    "delivery",
    "request",
    "inbox_event",
];

/// How many of everything, and where each stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Census {
    /// Rows by table, with the sum of every state and revision.
    pub effects: Vec<(&'static str, i64)>,
    /// Ledger entries.
    pub entries: i64,
}

impl Census {
    /// Counts in a running or stopped hub's data folder.
    pub async fn of(data: &Path) -> Self {
        let pool = open(data, "hub.db").await;
        let mut effects = Vec::new();
        for table in TABLES {
            effects.push((
                table,
                number(&pool, format!("SELECT count(*) FROM {table}")).await,
            ));
        }
        for (name, sum) in [
            (
                "states of deliveries",
                "SELECT coalesce(sum(state), 0) FROM delivery",
            ),
            (
                "revisions of consents",
                "SELECT coalesce(sum(revision), 0) FROM consent",
            ),
            (
                "revisions of people",
                "SELECT coalesce(sum(revision), 0) FROM person",
            ),
            (
                "revisions of units",
                "SELECT coalesce(sum(revision), 0) FROM unit",
            ),
        ] {
            effects.push((name, number(&pool, sum.to_owned()).await));
        }
        let entries = number(&pool, "SELECT count(*) FROM entry".to_owned()).await;
        // One without its document is a leftover.
        effects.push((
            "body",
            number(&pool, "SELECT count(*) FROM body".to_owned()).await,
        ));
        pool.close().await;
        Self { effects, entries }
    }
}

async fn open(data: &Path, file: &str) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(data.join(file))
        .read_only(true);
    SqlitePool::connect_with(options).await.unwrap()
}

async fn number(pool: &SqlitePool, sql: String) -> i64 {
    let row = query(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await.unwrap();
    row.get(0)
}

/// How many entries wait for their place in the log.
pub async fn unplaced(data: &Path) -> i64 {
    let pool = open(data, "hub.db").await;
    let waiting = "SELECT count(*) FROM entry WHERE leaf_index IS NULL";
    let count = number(&pool, waiting.to_owned()).await;
    pool.close().await;
    count
}

/// The hub's embedded database with its one place to write taken, until this is given back.
pub struct Occupied(SqlitePool);

impl Occupied {
    /// Takes the place.
    pub async fn take(data: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(data.join("hub.db"));
        let one = SqlitePoolOptions::new().max_connections(1);
        let pool = one.connect_with(options).await.unwrap();
        query("BEGIN IMMEDIATE").execute(&pool).await.unwrap();
        Self(pool)
    }

    /// Gives it back.
    pub async fn give_back(self) {
        query("ROLLBACK").execute(&self.0).await.unwrap();
        self.0.close().await;
    }
}

/// Changes a stopped hub's data behind its back, whatever refers to it.
pub async fn execute(data: &Path, statement: &'static str) {
    let options = SqliteConnectOptions::new()
        .filename(data.join("hub.db"))
        .foreign_keys(false);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    query(statement).execute(&pool).await.unwrap();
    pool.close().await;
}

/// What an entry says, whomever it concerns.
pub async fn entry_details(data: &Path, entry_id: &[u8]) -> serde_json::Value {
    let pool = open(data, "hub.db").await;
    let row = query("SELECT details FROM entry WHERE id = $1").bind(entry_id);
    let row = row.fetch_one(&pool).await.unwrap();
    let details = serde_json::from_slice(row.get("details")).unwrap();
    pool.close().await;
    details
}

/// How many people an entry is told about.
pub async fn entry_people(data: &Path, entry_id: &[u8]) -> i64 {
    let pool = open(data, "hub.db").await;
    let row = query("SELECT count(*) AS people FROM entry_person WHERE entry_id = $1").bind(entry_id);
    let people = row.fetch_one(&pool).await.unwrap().get("people");
    pool.close().await;
    people
}

/// Every byte of every file in a data folder but the two keys.
pub fn stored_bytes(data: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() && !name.ends_with(".key") {
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

/// Whether the bytes hold the needle, as they are.
pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
