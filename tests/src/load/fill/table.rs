//! Many rows into either engine: the same statements, bound by one type of value.

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, query, raw_sql};
use uuid::Uuid;

use crate::TestHub;

/// Placeholders of one statement at most: SQLite takes 32,766, PostgreSQL 65,535.
const MOST_PLACEHOLDERS: usize = 32_000;
/// What the filling connection may keep in memory, in KiB.
const CACHE_KIB: i64 = 2_000_000;

/// A value of a row.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Id(Uuid),
    Bytes(Vec<u8>),
    Int(i64),
    Small(i32),
}

impl Value {
    /// An id that was read.
    pub(super) fn id(&self) -> Uuid {
        let Self::Id(id) = self else {
            panic!("no id: {self:?}")
        };
        *id
    }

    /// Bytes that were read.
    pub(super) fn bytes(&self) -> &[u8] {
        let Self::Bytes(bytes) = self else {
            panic!("no bytes: {self:?}")
        };
        bytes
    }

    /// A number that was read.
    pub(super) fn number(&self) -> i64 {
        let Self::Int(number) = self else {
            panic!("no number: {self:?}")
        };
        *number
    }
}

/// Rows for one table of the hub's database.
pub(super) struct Table {
    /// Table and columns, as SQL writes them.
    into: &'static str,
    columns: usize,
    values: Vec<Value>,
}

impl Table {
    /// No rows yet.
    pub(super) fn of(into: &'static str, columns: usize) -> Self {
        Self {
            into,
            columns,
            values: Vec::new(),
        }
    }

    /// One more.
    pub(super) fn push<const N: usize>(&mut self, row: [Value; N]) {
        assert_eq!(N, self.columns, "{}", self.into);
        self.values.extend(row);
    }

    /// The statements, each with its values. Placeholders have numbers where the engine wants them; elsewhere each of
    /// them would be looked for by its name, among all.
    fn statements(&self, numbered: bool) -> impl Iterator<Item = (String, &[Value])> {
        let most = MOST_PLACEHOLDERS / self.columns * self.columns;
        self.values.chunks(most).map(move |values| {
            let place = |place: usize| {
                if numbered {
                    format!("${place}")
                } else {
                    "?".to_owned()
                }
            };
            let row = |row: usize| {
                let places = row * self.columns + 1..=(row + 1) * self.columns;
                format!("({})", places.map(place).collect::<Vec<_>>().join(", "))
            };
            let rows: Vec<String> = (0..values.len() / self.columns).map(row).collect();
            (
                format!("INSERT INTO {} VALUES {}", self.into, rows.join(", ")),
                values,
            )
        })
    }
}

/// A stopped hub's data.
pub(super) enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A statement with its values, for whichever engine.
macro_rules! bound {
    ($text:expr, $values:expr) => {{
        let mut statement = query(AssertSqlSafe($text));
        for value in $values {
            statement = match value {
                Value::Id(id) => statement.bind(*id),
                Value::Bytes(bytes) => statement.bind(bytes.as_slice()),
                Value::Int(number) => statement.bind(*number),
                Value::Small(number) => statement.bind(*number),
            };
        }
        statement
    }};
}

/// The columns of a row: ids and bytes, then a number where one is wanted.
macro_rules! columns {
    ($row:expr, $kinds:expr) => {
        $kinds
            .iter()
            .enumerate()
            .map(|(place, kind)| match kind {
                Kind::Id => Value::Id($row.get(place)),
                Kind::Bytes => Value::Bytes($row.get(place)),
                Kind::Int => Value::Int($row.get(place)),
            })
            .collect::<Vec<_>>()
    };
}

/// What a column is read as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Id,
    Bytes,
    Int,
}

impl Database {
    /// Opens what this hub keeps. Where it is the hub's own files, nothing is synced and nothing can be undone: a
    /// fill that fails is thrown away.
    pub(super) async fn open(hub: &TestHub) -> Self {
        if let Some(address) = hub.database() {
            let mut connection = PgConnection::connect(address).await.unwrap();
            raw_sql("SET synchronous_commit = off")
                .execute(&mut connection)
                .await
                .unwrap();
            return Self::Postgres(connection);
        }
        let options = SqliteConnectOptions::new()
            .filename(hub.data().join("hub.db"))
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", format!("-{CACHE_KIB}"));
        Self::Sqlite(options.connect().await.unwrap())
    }

    /// The first row of an answer.
    pub(super) async fn row(&mut self, text: &str, values: &[Value], kinds: &[Kind]) -> Vec<Value> {
        let text = text.to_owned();
        match self {
            Self::Sqlite(hub) => {
                let row = bound!(text, values).fetch_one(hub).await.unwrap();
                columns!(row, kinds)
            }
            Self::Postgres(hub) => {
                let row = bound!(text, values).fetch_one(hub).await.unwrap();
                columns!(row, kinds)
            }
        }
    }

    /// One transaction for everything that follows.
    pub(super) async fn begin(&mut self) {
        self.say("BEGIN").await;
    }

    /// Ends it.
    pub(super) async fn commit(&mut self) {
        self.say("COMMIT").await;
    }

    async fn say(&mut self, statement: &'static str) {
        match self {
            Self::Sqlite(hub) => {
                raw_sql(statement).execute(hub).await.unwrap();
            }
            Self::Postgres(hub) => {
                raw_sql(statement).execute(hub).await.unwrap();
            }
        }
    }

    /// Writes rows.
    pub(super) async fn insert(&mut self, table: &Table) {
        let numbered = matches!(self, Self::Postgres(_));
        for (text, values) in table.statements(numbered) {
            match self {
                Self::Sqlite(hub) => {
                    bound!(text, values).execute(hub).await.unwrap();
                }
                Self::Postgres(hub) => {
                    bound!(text, values).execute(hub).await.unwrap();
                }
            }
        }
    }

    /// Lets go of it; a server learns what it now holds, as its own keeper would have let it over the month.
    pub(super) async fn close(self) {
        match self {
            Self::Sqlite(hub) => hub.close().await.unwrap(),
            Self::Postgres(mut hub) => {
                // One by one: several at once would be one transaction, in which no VACUUM runs.
                for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
                    raw_sql(statement).execute(&mut hub).await.unwrap();
                }
                hub.close().await.unwrap();
            }
        }
    }
}
