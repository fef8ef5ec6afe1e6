//! Rows for PostgreSQL: each column goes over as one array, and all tables in one statement, so that a batch of any size is
//! one round trip and few texts are ever prepared.

use sqlx::{AssertSqlSafe, PgConnection, SqlSafeStr as _};
use uuid::Uuid;

use super::insert::Table;
use super::row::{damaged, unavailable};
use super::statement::Value;
use crate::store::{Result, StoreError};

/// The values of one column.
#[derive(Debug)]
pub(super) enum Column {
    Numbers(Vec<Option<i64>>),
    Flags(Vec<bool>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Ids(Vec<Option<Uuid>>),
}

impl Column {
    /// With its first value.
    fn beginning_with(value: Value<'_>) -> Self {
        match value {
            Value::Number(number) => Self::Numbers(vec![number]),
            Value::Flag(flag) => Self::Flags(vec![flag]),
            Value::Text(text) => Self::Texts(vec![text.map(Into::into)]),
            Value::Bytes(bytes) => Self::Bytes(vec![bytes.map(Into::into)]),
            Value::Id(id) => Self::Ids(vec![id]),
        }
    }

    fn push(&mut self, value: Value<'_>) -> Result<()> {
        match (self, value) {
            (Self::Numbers(numbers), Value::Number(number)) => numbers.push(number),
            (Self::Flags(flags), Value::Flag(flag)) => flags.push(flag),
            (Self::Texts(texts), Value::Text(text)) => texts.push(text.map(Into::into)),
            (Self::Bytes(all), Value::Bytes(bytes)) => all.push(bytes.map(Into::into)),
            (Self::Ids(ids), Value::Id(id)) => ids.push(id),
            _ => return Err(mixed()),
        }
        Ok(())
    }

    const fn type_name(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "bigint[]",
            Self::Flags(_) => "boolean[]",
            Self::Texts(_) => "text[]",
            Self::Bytes(_) => "bytea[]",
            Self::Ids(_) => "uuid[]",
        }
    }
}

/// Writes the rows of all these tables. What one table's rows lean on may be among another's: the server looks once all
/// are there.
pub(super) async fn insert(connection: &mut PgConnection, tables: Vec<Table<'_>>) -> Result<()> {
    let (mut texts, mut columns) = (Vec::new(), Vec::new());
    for table in tables {
        let (into, conflict) = (table.into, table.conflict);
        let own = transposed(table)?;
        let places = own.iter().zip(columns.len() + 1..);
        let places: Vec<String> = places
            .map(|(column, number)| format!("${number}::{}", column.type_name()))
            .collect();
        let places = places.join(", ");
        texts.push(format!(
            "INSERT INTO {into} SELECT * FROM unnest({places}){conflict}"
        ));
        columns.extend(own);
    }
    match in_one(texts) {
        Some(text) => execute(connection, text, columns).await.map(drop),
        None => Ok(()),
    }
}

/// Runs a statement on columns; how many rows its main part changed.
pub(super) async fn execute(
    connection: &mut PgConnection,
    text: String,
    columns: Vec<Column>,
) -> Result<u64> {
    let mut query = sqlx::query(AssertSqlSafe(text).into_sql_str());
    for column in columns {
        query = match column {
            Column::Numbers(numbers) => query.bind(numbers),
            Column::Flags(flags) => query.bind(flags),
            Column::Texts(texts) => query.bind(texts),
            Column::Bytes(bytes) => query.bind(bytes),
            Column::Ids(ids) => query.bind(ids),
        };
    }
    let done = query.execute(connection).await.map_err(unavailable)?;
    Ok(done.rows_affected())
}

/// Its rows by columns.
fn transposed(table: Table<'_>) -> Result<Vec<Column>> {
    let mut columns: Vec<Column> = Vec::with_capacity(table.columns);
    for (place, value) in table.values.into_iter().enumerate() {
        match columns.get_mut(place % table.columns) {
            Some(column) => column.push(value)?,
            None => columns.push(Column::beginning_with(value)),
        }
    }
    Ok(columns)
}

/// One statement that does what all of these do; the last is its main part, the others are done with it.
fn in_one(mut texts: Vec<String>) -> Option<String> {
    let last = texts.pop()?;
    let others: Vec<String> = texts
        .into_iter()
        .enumerate()
        .map(|(number, text)| format!("insert_{number} AS ({text})"))
        .collect();
    Some(if others.is_empty() {
        last
    } else {
        format!("WITH {} {last}", others.join(", "))
    })
}

fn mixed() -> StoreError {
    damaged("a column of two types")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_become_one() {
        assert_eq!(in_one(Vec::new()), None);
        assert_eq!(in_one(vec!["A".to_owned()]).as_deref(), Some("A"));
        let three = ["A", "B", "C"].map(str::to_owned).to_vec();
        let one = "WITH insert_0 AS (A), insert_1 AS (B) C";
        assert_eq!(in_one(three).as_deref(), Some(one));
    }

    #[test]
    fn a_column_has_one_type() {
        let mut column = Column::beginning_with(Value::from(1_i64));
        column.push(Value::from(None::<i64>)).unwrap();
        assert!(column.push(Value::from("text")).is_err());
        let Column::Numbers(numbers) = column else {
            panic!("{column:?}")
        };
        assert_eq!(numbers, [Some(1), None]);
    }
}
