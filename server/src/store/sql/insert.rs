//! Many rows in one statement.
//!
//! A statement's text is prepared once for each connection and kept. So that few texts are kept, rows go in by powers
//! of two: seven rows are four, two and one.

use super::session::Session;
use super::statement::{Executor as _, Value, composed};
use crate::store::Result;

/// Placeholders in one statement at most: half of what SQLite takes (32,766), a quarter of what PostgreSQL does.
const MAX_PLACEHOLDERS: usize = 16_384;

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
        let mut rows = self.rows.into_iter();
        while let Some(count) = portion(rows.len(), MAX_PLACEHOLDERS / N) {
            let text = format!(
                "INSERT INTO {} VALUES {}{}",
                self.into,
                rows_of(count, N),
                self.conflict
            );
            let values = rows.by_ref().take(count).flatten().collect();
            session.execute(composed(text, values)).await?;
        }
        Ok(())
    }
}

/// Rows that go at once: the greatest power of two among `left` and `most`.
fn portion(left: usize, most: usize) -> Option<usize> {
    left.min(most).checked_ilog2().map(|power| 1 << power)
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
pub(super) fn rows_of(rows: usize, columns: usize) -> String {
    let row = |row: usize| format!("({})", list(row * columns + 1, columns));
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// `$3, $4` for two placeholders from the third on.
pub(super) fn list(first: usize, count: usize) -> String {
    let place = |number: usize| format!("${number}");
    (first..first + count).map(place).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_by_powers_of_two_within_the_limit() {
        assert_eq!(portion(0, 100), None);
        assert_eq!(portion(7, 100), Some(4));
        assert_eq!(portion(64, 100), Some(64));
        assert_eq!(portion(1_000, 100), Some(64));
    }

    #[test]
    fn placeholders_are_counted_through() {
        assert_eq!(rows_of(2, 2), "($1, $2), ($3, $4)");
        assert_eq!(rows_of(1, 1), "($1)");
    }
}
