//! How many facts differ between two cases. One fact: one value, one place in a list, or one whole record.

use toml::{Table, Value};

/// Every fact that differs, by its path.
pub(crate) fn differences(first: &Value, second: &Value) -> Vec<String> {
    between("", first, second)
}

fn between(path: &str, first: &Value, second: &Value) -> Vec<String> {
    match (first, second) {
        (Value::Table(first), Value::Table(second)) => tables(path, first, second),
        (Value::Array(first), Value::Array(second)) => places(path, first, second),
        _ if first == second => Vec::new(),
        _ => vec![path.to_owned()],
    }
}

fn tables(path: &str, first: &Table, second: &Table) -> Vec<String> {
    let below = |key: &str| format!("{path}.{key}").trim_start_matches('.').to_owned();
    let shared = first.iter().filter_map(|(key, value)| {
        let other = second.get(key)?;
        Some(between(&below(key), value, other))
    });
    let alone = |of: &Table, other: &Table| -> Vec<String> {
        let keys = of.iter().filter(|(key, _)| !other.contains_key(*key));
        keys.flat_map(|(key, value)| records(&below(key), value))
            .collect()
    };
    let mut all: Vec<String> = shared.flatten().collect();
    all.extend(alone(first, second));
    all.extend(alone(second, first));
    all
}

/// A record is one fact; a table that holds records is as many as it holds.
fn records(path: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Table(table) if !table.is_empty() && table.values().all(Value::is_table) => {
            let keys = table.keys().map(|key| format!("{path}.{key}"));
            keys.collect()
        }
        _ => vec![path.to_owned()],
    }
}

/// A list is a set: what came and what went, where one for one is an exchange.
fn places(path: &str, first: &[Value], second: &[Value]) -> Vec<String> {
    let gone = first.iter().filter(|value| !second.contains(value)).count();
    let come = second.iter().filter(|value| !first.contains(value)).count();
    vec![path.to_owned(); gone.max(come)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(first: &str, second: &str) -> usize {
        let read = |text: &str| Value::Table(toml::from_str(text).unwrap());
        differences(&read(first), &read(second)).len()
    }

    #[test]
    fn facts_are_counted() {
        assert_eq!(count("a = 1", "a = 1"), 0);
        assert_eq!(count("a = 1", "a = 2"), 1);
        assert_eq!(count("a = 1\nb = 1", "a = 2\nb = 2"), 2);
        assert_eq!(count("a = [1, 2]", "a = [1]"), 1);
        assert_eq!(count("a = [1, 2]", "a = [1, 3]"), 1);
        assert_eq!(count("a = [1, 2]", "a = [3, 4]"), 2);
        assert_eq!(count("", "a = { b = 1, c = 2 }"), 1, "one record");
        assert_eq!(count("", "a.x = { b = 1 }\na.y = { b = 1 }"), 2, "two records");
        assert_eq!(count("a.x = { b = 1, c = 1 }", "a.x = { b = 2, c = 2 }"), 2);
    }
}
