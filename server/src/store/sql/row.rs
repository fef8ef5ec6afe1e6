//! Columns ⇄ domain values. What cannot be read back is damage, never a guess.

use jiff::Timestamp;
use samrum_consent::vocabulary::UnknownWord;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};
use uuid::Uuid;

use crate::store::record::{DeliveryState, KeyState};
use crate::store::{Result, StoreError};

/// A row of either engine.
#[derive(Debug)]
pub(in crate::store) enum Row {
    /// Of the embedded file.
    Sqlite(SqliteRow),
    /// Of the server.
    Postgres(PgRow),
}

/// A failure of the database.
pub(in crate::store) fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

/// Damage to this kind of thing.
pub(in crate::store) const fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { what }
}

/// A column of a row, read as `T`.
pub(in crate::store) fn get<'r, T>(row: &'r Row, column: &'static str) -> Result<T>
where
    T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
{
    match row {
        Row::Sqlite(row) => row.try_get(column),
        Row::Postgres(row) => row.try_get(column),
    }
    .map_err(|_| damaged(column))
}

/// An id column.
pub(super) fn id<T: From<Uuid>>(row: &Row, column: &'static str) -> Result<T> {
    get::<Uuid>(row, column).map(T::from)
}

/// A time column in microseconds.
pub(super) fn time(row: &Row, column: &'static str) -> Result<Timestamp> {
    Timestamp::from_microsecond(get(row, column)?).map_err(|_| damaged(column))
}

/// The same, which may be null.
pub(super) fn optional_time(row: &Row, column: &'static str) -> Result<Option<Timestamp>> {
    let microseconds = get::<Option<i64>>(row, column)?;
    let time = microseconds.map(Timestamp::from_microsecond).transpose();
    time.map_err(|_| damaged(column))
}

/// A count column, never negative.
pub(super) fn count(row: &Row, column: &'static str) -> Result<u64> {
    u64::try_from(get::<i64>(row, column)?).map_err(|_| damaged(column))
}

/// A column of exactly 32 bytes.
pub(super) fn hash(row: &Row, column: &'static str) -> Result<[u8; 32]> {
    get::<&[u8]>(row, column)?.try_into().map_err(|_| damaged(column))
}

/// A word of a vocabulary.
pub(super) fn word<T>(
    row: &Row,
    column: &'static str,
    from: impl Fn(i32) -> core::result::Result<T, UnknownWord>,
) -> Result<T> {
    from(get(row, column)?).map_err(|_| damaged(column))
}

/// A count or size for a column. The database counts to 2⁶³.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) const fn key_state_number(state: KeyState) -> i32 {
    match state {
        KeyState::Current => 1,
        KeyState::DecryptOnly => 2,
        KeyState::Compromised => 3,
    }
}

pub(super) const fn key_state(number: i32) -> Result<KeyState> {
    match number {
        1 => Ok(KeyState::Current),
        2 => Ok(KeyState::DecryptOnly),
        3 => Ok(KeyState::Compromised),
        _ => Err(damaged("key state")),
    }
}

pub(super) const fn delivery_state_number(state: DeliveryState) -> i32 {
    match state {
        DeliveryState::Queued => 1,
        DeliveryState::Released => 2,
        DeliveryState::Acknowledged => 3,
        DeliveryState::Rejected => 4,
        DeliveryState::Withheld => 5,
        DeliveryState::Expired => 6,
    }
}

pub(super) const fn delivery_state(number: i32) -> Result<DeliveryState> {
    match number {
        1 => Ok(DeliveryState::Queued),
        2 => Ok(DeliveryState::Released),
        3 => Ok(DeliveryState::Acknowledged),
        4 => Ok(DeliveryState::Rejected),
        5 => Ok(DeliveryState::Withheld),
        6 => Ok(DeliveryState::Expired),
        _ => Err(damaged("delivery state")),
    }
}
