//! One connection that writes: a transaction from begin to commit, with a point to go back to.
//!
//! Writers take turns on both engines: SQLite has one by nature, PostgreSQL by a lock that every node asks for when
//! it begins (ADR 0009). So what is committed has one order, in which positions and arrivals grow, and no two
//! transactions can wait for each other.

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Row as _, Sqlite, raw_sql};

use super::insert::Places;
use super::row::{damaged, unavailable};
use super::statement::Pool;
use crate::store::Result;
use crate::store::clock::Clock;

/// Takes the lock that makes writers of all nodes take turns, and tells the server's time once it has it. "samrum"
/// on a telephone's keys.
///
/// Each statement must see what was committed before it, whatever the server's default is: with a state of the
/// database from before the lock, a revocation that was waited for would not be seen.
const BEGIN_POSTGRES: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(726786);
    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";
/// Wakes whoever waits on any node, if this commits.
const COMMIT_POSTGRES: &str = "NOTIFY samrum_committed; COMMIT";

/// A connection that writes.
#[derive(Debug)]
pub(in crate::store) enum Session {
    /// To the embedded file.
    Sqlite(Held<Sqlite>),
    /// To the server.
    Postgres(Held<Postgres>),
}

/// A connection out of a pool. With a transaction open it does not go back: whatever ended the work half done, the
/// database may have ended the transaction (a full disk, a failed write) without the driver's noticing, and every
/// transaction to come would be refused.
#[derive(Debug)]
pub(in crate::store) struct Held<D: sqlx::Database> {
    connection: PoolConnection<D>,
    open: bool,
}

impl<D: sqlx::Database> Held<D> {
    const fn new(connection: PoolConnection<D>) -> Self {
        Self {
            connection,
            open: false,
        }
    }

    pub(super) const fn connection(&mut self) -> &mut PoolConnection<D> {
        &mut self.connection
    }
}

impl<D: sqlx::Database> Drop for Held<D> {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

impl Session {
    /// A connection from the pool, with nothing begun.
    pub(in crate::store) async fn acquire(pool: &Pool) -> Result<Self> {
        match pool {
            Pool::Sqlite(pool) => pool.acquire().await.map(Held::new).map(Self::Sqlite),
            Pool::Postgres(pool) => pool.acquire().await.map(Held::new).map(Self::Postgres),
        }
        .map_err(unavailable)
    }

    /// How its engine writes placeholders.
    pub(super) const fn places(&self) -> Places {
        match self {
            Self::Sqlite(_) => Places::InOrder,
            Self::Postgres(_) => Places::Numbered,
        }
    }

    /// Begins, once it is this writer's turn. Answers with the store's time from then on.
    pub(in crate::store) async fn begin(&mut self, clock: &dyn Clock) -> Result<Timestamp> {
        match self {
            Self::Sqlite(held) => {
                held.open = true;
                self.say("BEGIN IMMEDIATE").await?;
                Ok(clock.now())
            }
            Self::Postgres(held) => {
                held.open = true;
                let rows = raw_sql(BEGIN_POSTGRES).fetch_all(&mut *held.connection).await;
                let rows = rows.map_err(unavailable)?;
                let now = rows.last().and_then(|row| row.try_get::<i64, _>("now").ok());
                let now = now.ok_or_else(|| damaged("the server's time"))?;
                Timestamp::from_microsecond(now).map_err(|_| damaged("the server's time"))
            }
        }
    }

    /// Begins to read one state of the database, whoever writes meanwhile.
    pub(in crate::store) async fn begin_snapshot(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(held) => held.open = true,
            Self::Postgres(held) => held.open = true,
        }
        match self {
            Self::Sqlite(_) => self.say("BEGIN").await,
            Self::Postgres(_) => self.say("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await,
        }
    }

    /// Begins without waiting for other writers: for what no fact and no order depends on.
    pub(in crate::store) async fn begin_beside(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(held) => held.open = true,
            Self::Postgres(held) => held.open = true,
        }
        match self {
            Self::Sqlite(_) => self.say("BEGIN IMMEDIATE").await,
            Self::Postgres(_) => self.say("BEGIN").await,
        }
    }

    /// Makes durable what was begun beside the others. Wakes nobody.
    pub(in crate::store) async fn commit_beside(mut self) -> Result<()> {
        self.say("COMMIT").await?;
        self.close();
        Ok(())
    }

    /// Undoes everything, and gives the connection back.
    pub(in crate::store) async fn abandon(mut self) -> Result<()> {
        self.say("ROLLBACK").await?;
        self.close();
        Ok(())
    }

    /// A point to go back to.
    pub(in crate::store) async fn mark(&mut self) -> Result<()> {
        self.say("SAVEPOINT marked").await
    }

    /// Undoes everything since the mark, and the mark.
    pub(in crate::store) async fn undo(&mut self) -> Result<()> {
        self.say("ROLLBACK TO marked; RELEASE marked").await
    }

    /// Keeps everything since the mark, and forgets the mark.
    pub(in crate::store) async fn keep(&mut self) -> Result<()> {
        self.say("RELEASE marked").await
    }

    /// Makes it durable. When this fails, nobody knows whether it is: the caller is told of no success, and asks
    /// again with the same id.
    pub(in crate::store) async fn commit(mut self) -> Result<()> {
        match &self {
            Self::Sqlite(_) => self.say("COMMIT").await?,
            Self::Postgres(_) => self.say(COMMIT_POSTGRES).await?,
        }
        self.close();
        Ok(())
    }

    const fn close(&mut self) {
        match self {
            Self::Sqlite(held) => held.open = false,
            Self::Postgres(held) => held.open = false,
        }
    }

    async fn say(&mut self, text: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(held) => raw_sql(text).execute(&mut *held.connection).await.map(drop),
            Self::Postgres(held) => raw_sql(text).execute(&mut *held.connection).await.map(drop),
        }
        .map_err(unavailable)
    }
}
