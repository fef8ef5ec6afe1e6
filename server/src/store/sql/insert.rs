//! Many rows of several tables in one going.
//!
//! Each going costs more than many rows do: PostgreSQL's is a round trip, and SQLite's driver hands it over to a thread of
//! the connection and back. So everything goes at once, to PostgreSQL by columns, to SQLite as statements one after the
//! other.

use super::columns;
use super::session::Session;
use super::statement::{Executor as _, Value, composed};
use crate::store::Result;

/// Placeholders in one of SQLite's statements at most: half of what it takes (32,766).
const MAX_PLACEHOLDERS: usize = 16_384;

/// How an engine writes placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Places {
    /// `?`, filled in their order. SQLite would look a numbered one up among all others, for each.
    InOrder,
    /// `$1`, `$2` and so on.
    Numbered,
}

/// Rows for one table.
#[derive(Debug)]
pub(in crate::store) struct Insert<'q, const N: usize> {
    /// Table and columns, as SQL writes them.
    into: &'static str,
    /// What to do about rows that are there.
    conflict: &'static str,
    rows: Vec<[Value<'q>; N]>,
}

impl<'q, const N: usize> Insert<'q, N> {
    /// No rows yet. One that is there already fails the statement.
    pub(in crate::store) const fn into(into: &'static str) -> Self {
        Self {
            into,
            conflict: "",
            rows: Vec::new(),
        }
    }

    /// No rows yet. One that is there already stays as it is.
    pub(in crate::store) const fn into_if_absent(into: &'static str) -> Self {
        Self {
            into,
            conflict: " ON CONFLICT DO NOTHING",
            rows: Vec::new(),
        }
    }

    /// One more row.
    pub(in crate::store) fn push(&mut self, row: [Value<'q>; N]) {
        self.rows.push(row);
    }

    /// Writes them, in this order.
    pub(in crate::store) async fn run(self, session: &mut Session) -> Result<()> {
        let mut inserts = Inserts::default();
        inserts.add(self);
        inserts.run(session).await
    }
}

/// Rows for several tables.
#[derive(Debug, Default)]
pub(in crate::store) struct Inserts<'q> {
    tables: Vec<Table<'q>>,
}

/// Rows for one of them, whose number of columns is no longer told by its type.
#[derive(Debug)]
pub(super) struct Table<'q> {
    pub(super) into: &'static str,
    pub(super) conflict: &'static str,
    pub(super) columns: usize,
    rows: usize,
    pub(super) values: Vec<Value<'q>>,
}

impl<'q> Inserts<'q> {
    /// More rows, after those that are here.
    pub(in crate::store) fn add<const N: usize>(&mut self, insert: Insert<'q, N>) {
        if !insert.rows.is_empty() {
            self.tables.push(Table {
                into: insert.into,
                conflict: insert.conflict,
                columns: N,
                rows: insert.rows.len(),
                values: insert.rows.into_iter().flatten().collect(),
            });
        }
    }

    /// Writes them, those of each table in this order.
    pub(in crate::store) async fn run(self, session: &mut Session) -> Result<()> {
        match session {
            Session::Sqlite(_) => self.run_one_by_one(session).await,
            Session::Postgres(held) => columns::insert(held.connection(), self.tables).await,
        }
    }

    async fn run_one_by_one(self, session: &mut Session) -> Result<()> {
        let (mut texts, mut values) = (Vec::new(), Vec::new());
        for table in self.tables {
            let mut left = table.rows;
            while left > 0 {
                let count = left.min(MAX_PLACEHOLDERS / table.columns);
                texts.push(table.text(count));
                left -= count;
            }
            values.extend(table.values);
        }
        if texts.is_empty() {
            return Ok(());
        }
        session
            .execute(composed(texts.join("; "), values))
            .await
            .map(drop)
    }
}

impl Table<'_> {
    fn text(&self, rows: usize) -> String {
        let rows = rows_of(Places::InOrder, 1, rows, self.columns);
        format!("INSERT INTO {} VALUES {rows}{}", self.into, self.conflict)
    }
}

/// `($3, $4), ($5, $6)` for two rows of two columns from the third placeholder on.
pub(super) fn rows_of(places: Places, first: usize, rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        push_list(&mut text, places, first + row * columns, columns);
        text.push(')');
    }
    text
}

/// `$3, $4` for two placeholders from the third on.
pub(super) fn list(places: Places, first: usize, count: usize) -> String {
    let mut text = String::new();
    push_list(&mut text, places, first, count);
    text
}

fn push_list(text: &mut String, places: Places, first: usize, count: usize) {
    for number in first..first + count {
        if number > first {
            text.push_str(", ");
        }
        match places {
            Places::InOrder => text.push('?'),
            Places::Numbered => {
                text.push('$');
                text.push_str(&number.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted_through_or_come_in_order() {
        assert_eq!(rows_of(Places::Numbered, 3, 2, 2), "($3, $4), ($5, $6)");
        assert_eq!(rows_of(Places::Numbered, 1, 1, 1), "($1)");
        assert_eq!(rows_of(Places::InOrder, 1, 2, 2), "(?, ?), (?, ?)");
    }
}
