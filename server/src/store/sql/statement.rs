//! One way to say SQL to both engines: a text with `$N` placeholders, and what stands in their places.
//!
//! The driver's own type for any database knows neither ids nor 16-byte columns; this is as much of it as the hub
//! needs, over the two typed drivers. Nothing about the hub's tables is known here.

use std::borrow::Cow;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr as _, SqlStr, SqlitePool};
use uuid::Uuid;

use super::row::{Row, damaged, get, unavailable};
use super::session::Session;
use crate::store::Result;
use crate::store::clock::Clock;

/// The server's time, in microseconds.
const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";

/// Connections to read with.
#[derive(Debug, Clone)]
pub(in crate::store) enum Pool {
    /// To the embedded file.
    Sqlite(SqlitePool),
    /// To the server.
    Postgres(PgPool),
}

impl Pool {
    /// The one time that counts: the server's, where hubs share one.
    pub(super) async fn now(&self, clock: &dyn Clock) -> Result<Timestamp> {
        let microseconds = match self {
            // To the microsecond, as times are kept: what is answered now is what will be answered again.
            Self::Sqlite(_) => clock.now().as_microsecond(),
            Self::Postgres(_) => {
                let row = query(NOW).fetch_optional(self).await?;
                get(&row.ok_or_else(|| damaged("the server's time"))?, "now")?
            }
        };
        Timestamp::from_microsecond(microseconds).map_err(|_| damaged("the time"))
    }

    /// Closes every connection, once it is free.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// What stands in a placeholder's place. Numbers are 64 bits wide; the columns may be narrower.
#[derive(Debug, Clone)]
pub(in crate::store) enum Value<'q> {
    Number(Option<i64>),
    Flag(bool),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
    Id(Option<Uuid>),
}

/// A text with its values.
#[derive(Debug)]
pub(in crate::store) struct Statement<'q> {
    text: SqlStr,
    values: Vec<Value<'q>>,
}

/// A statement without values yet. The text never holds what somebody sent: that comes as values.
pub(in crate::store) fn query<'q>(text: &'static str) -> Statement<'q> {
    Statement {
        text: text.into_sql_str(),
        values: Vec::new(),
    }
}

/// The same, where the number of placeholders is known only now.
pub(super) fn composed(text: String, values: Vec<Value<'_>>) -> Statement<'_> {
    Statement {
        text: AssertSqlSafe(text).into_sql_str(),
        values,
    }
}

/// Binds the values, each as its driver's own type.
macro_rules! bound {
    ($statement:expr) => {{
        let Statement { text, values } = $statement;
        let mut query = sqlx::query(text);
        for value in values {
            query = match value {
                Value::Number(number) => query.bind(number),
                Value::Flag(flag) => query.bind(flag),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
                Value::Id(id) => query.bind(id),
            };
        }
        query
    }};
}

/// Where a statement can be run.
pub(in crate::store) trait Executor {
    /// All rows that it answers with.
    async fn fetch_all(self, statement: Statement<'_>) -> Result<Vec<Row>>;
    /// How many rows it changed.
    async fn execute(self, statement: Statement<'_>) -> Result<u64>;
}

impl Executor for &Pool {
    async fn fetch_all(self, statement: Statement<'_>) -> Result<Vec<Row>> {
        match self {
            Pool::Sqlite(pool) => sqlite_rows(bound!(statement).fetch_all(pool).await),
            Pool::Postgres(pool) => postgres_rows(bound!(statement).fetch_all(pool).await),
        }
    }

    async fn execute(self, statement: Statement<'_>) -> Result<u64> {
        match self {
            Pool::Sqlite(pool) => changed(bound!(statement).execute(pool).await, |done| done.rows_affected()),
            Pool::Postgres(pool) => {
                changed(bound!(statement).execute(pool).await, |done| done.rows_affected())
            }
        }
    }
}

impl Executor for &mut Session {
    async fn fetch_all(self, statement: Statement<'_>) -> Result<Vec<Row>> {
        match self {
            Session::Sqlite(session) => {
                sqlite_rows(bound!(statement).fetch_all(&mut **session.connection()).await)
            }
            Session::Postgres(session) => {
                postgres_rows(bound!(statement).fetch_all(&mut **session.connection()).await)
            }
        }
    }

    async fn execute(self, statement: Statement<'_>) -> Result<u64> {
        match self {
            Session::Sqlite(session) => {
                let done = bound!(statement).execute(&mut **session.connection()).await;
                changed(done, |done| done.rows_affected())
            }
            Session::Postgres(session) => {
                let done = bound!(statement).execute(&mut **session.connection()).await;
                changed(done, |done| done.rows_affected())
            }
        }
    }
}

fn sqlite_rows(rows: sqlx::Result<Vec<sqlx::sqlite::SqliteRow>>) -> Result<Vec<Row>> {
    let rows = rows.map_err(unavailable)?;
    Ok(rows.into_iter().map(Row::Sqlite).collect())
}

fn postgres_rows(rows: sqlx::Result<Vec<sqlx::postgres::PgRow>>) -> Result<Vec<Row>> {
    let rows = rows.map_err(unavailable)?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

fn changed<D>(done: sqlx::Result<D>, count: impl FnOnce(D) -> u64) -> Result<u64> {
    done.map(count).map_err(unavailable)
}

impl<'q> Statement<'q> {
    /// The next placeholder's value.
    pub(in crate::store) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    pub(in crate::store) async fn fetch_all(self, on: impl Executor) -> Result<Vec<Row>> {
        on.fetch_all(self).await
    }

    /// The first row, if there is any: for questions that have one answer at most.
    pub(in crate::store) async fn fetch_optional(self, on: impl Executor) -> Result<Option<Row>> {
        Ok(on.fetch_all(self).await?.into_iter().next())
    }

    pub(in crate::store) async fn execute(self, on: impl Executor) -> Result<u64> {
        on.execute(self).await
    }
}

macro_rules! value_from {
    ($($from:ty => |$given:ident| $value:expr;)*) => {
        $(impl<'q> From<$from> for Value<'q> {
            fn from($given: $from) -> Self {
                $value
            }
        })*
    };
}

value_from! {
    i64 => |number| Self::Number(Some(number));
    i32 => |number| Self::Number(Some(number.into()));
    u32 => |number| Self::Number(Some(number.into()));
    u8 => |number| Self::Number(Some(number.into()));
    Option<i64> => |number| Self::Number(number);
    Option<i32> => |number| Self::Number(number.map(i64::from));
    bool => |flag| Self::Flag(flag);
    &'q str => |text| Self::Text(Some(text.into()));
    &'q String => |text| Self::Text(Some(text.into()));
    String => |text| Self::Text(Some(text.into()));
    Option<String> => |text| Self::Text(text.map(Cow::Owned));
    Option<&'q String> => |text| Self::Text(text.map(Cow::from));
    &'q [u8] => |bytes| Self::Bytes(Some(bytes.into()));
    &'q Vec<u8> => |bytes| Self::Bytes(Some(bytes.into()));
    Vec<u8> => |bytes| Self::Bytes(Some(bytes.into()));
    Option<Vec<u8>> => |bytes| Self::Bytes(bytes.map(Cow::Owned));
    Option<&'q [u8]> => |bytes| Self::Bytes(bytes.map(Cow::Borrowed));
    Uuid => |id| Self::Id(Some(id));
    Option<Uuid> => |id| Self::Id(id);
}
