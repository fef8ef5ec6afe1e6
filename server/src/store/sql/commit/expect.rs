//! What changes expect of the facts they read: asked of the database for all of them at once, in one statement.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use crate::store::Result;
use crate::store::change::{Change, Expect};
use crate::store::sql::insert::{Places, list, rows_of};
use crate::store::sql::row::{delivery_state_number, get, signed};
use crate::store::sql::session::Session;
use crate::store::sql::statement::{Value, composed, query};

/// Rows of one kind in one statement at most.
const AT_ONCE: usize = 512;

/// A kind of row that has a number: a revision, a state; a document has only to be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Unit,
    Person,
    Consent,
    Delivery,
    Document,
    Alarm,
}

/// What is read of each: its number, its key (of documents whose and which, of the others the id twice), a number.
const KINDS: [(Kind, &str); 6] = [
    (
        Kind::Unit,
        "SELECT CAST(0 AS BIGINT) AS kind, id AS one, id AS two, revision AS number FROM unit",
    ),
    (
        Kind::Person,
        "SELECT CAST(1 AS BIGINT) AS kind, id AS one, id AS two, revision AS number FROM person",
    ),
    (
        Kind::Consent,
        "SELECT CAST(2 AS BIGINT) AS kind, id AS one, id AS two, revision AS number FROM consent",
    ),
    (
        Kind::Delivery,
        "SELECT CAST(3 AS BIGINT) AS kind, id AS one, id AS two, CAST(state AS BIGINT) AS number FROM delivery",
    ),
    (
        Kind::Document,
        "SELECT CAST(4 AS BIGINT) AS kind, sender_id AS one, id AS two, CAST(1 AS BIGINT) AS number FROM document",
    ),
    (
        Kind::Alarm,
        "SELECT CAST(5 AS BIGINT) AS kind, id AS one, id AS two, CAST(alarms AS BIGINT) AS number FROM delivery",
    ),
];

/// The key of a row.
type Key = (Uuid, Uuid);

/// For each change, whether everything that it expects is so.
pub(super) async fn all_hold(session: &mut Session, changes: &[&Change]) -> Result<Vec<bool>> {
    let expectations = || changes.iter().flat_map(|change| &change.expects);
    let mut asked: [BTreeSet<Key>; KINDS.len()] = Default::default();
    for (kind, key, _) in expectations().filter_map(numbered) {
        if let Some(keys) = asked.get_mut(kind as usize) {
            keys.insert(key);
        }
    }
    let found = Found {
        numbers: numbers(session, asked.map(Vec::from_iter)).await?,
        provisions: if expectations().any(|expect| matches!(expect, Expect::ProvisionOn(_))) {
            provisions_on(session).await?
        } else {
            HashSet::new()
        },
    };
    let holds = |change: &&Change| change.expects.iter().all(|expect| found.confirms(expect));
    Ok(changes.iter().map(holds).collect())
}

/// The row that is meant, and its number; none where the row is expected to be absent.
fn numbered(expect: &Expect) -> Option<(Kind, Key, Option<i64>)> {
    let (kind, one, two, number) = match expect {
        Expect::Unit(id, revision) => (Kind::Unit, id.as_uuid(), id.as_uuid(), Some(signed(*revision))),
        Expect::Person(id, revision) => (Kind::Person, id.as_uuid(), id.as_uuid(), Some(signed(*revision))),
        Expect::Consent(id, revision) => (Kind::Consent, id.as_uuid(), id.as_uuid(), Some(signed(*revision))),
        Expect::Delivery(id, state) => {
            let state = delivery_state_number(*state).into();
            (Kind::Delivery, id.as_uuid(), id.as_uuid(), Some(state))
        }
        Expect::Unalarmed(id) => (Kind::Alarm, id.as_uuid(), id.as_uuid(), Some(0)),
        Expect::NewDocument(sender, id) => (Kind::Document, sender.as_uuid(), id.as_uuid(), None),
        Expect::ProvisionOn(_) => return None,
    };
    Some((kind, (one, two), number))
}

/// How it is.
struct Found {
    numbers: HashMap<(i64, Key), i64>,
    provisions: HashSet<String>,
}

impl Found {
    fn confirms(&self, expect: &Expect) -> bool {
        match (numbered(expect), expect) {
            (Some((kind, key, number)), _) => self.numbers.get(&(kind as i64, key)).copied() == number,
            (None, Expect::ProvisionOn(id)) => self.provisions.contains(id),
            // A kind of expectation that nobody asks about is not confirmed.
            (None, _) => false,
        }
    }
}

/// The numbers of the rows that are there.
async fn numbers(session: &mut Session, asked: [Vec<Key>; KINDS.len()]) -> Result<HashMap<(i64, Key), i64>> {
    let mut numbers = HashMap::new();
    let rounds = asked.iter().map(|keys| keys.chunks(AT_ONCE).len()).max();
    for round in 0..rounds.unwrap_or_default() {
        let chunk = |keys: &Vec<Key>| keys.chunks(AT_ONCE).nth(round).map(<[Key]>::to_vec);
        let chunks = asked
            .iter()
            .map(|keys| chunk(keys).unwrap_or_default())
            .collect::<Vec<_>>();
        let (text, values) = question(session.places(), &chunks);
        for row in &composed(text, values).fetch_all(&mut *session).await? {
            let key = (get(row, "one")?, get(row, "two")?);
            numbers.insert((get(row, "kind")?, key), get(row, "number")?);
        }
    }
    Ok(numbers)
}

/// One statement for rows of all kinds. Every list is filled up to the same power of two with its last key again, so
/// that few texts are prepared.
fn question(places: Places, asked: &[Vec<Key>]) -> (String, Vec<Value<'static>>) {
    let longest = asked.iter().map(Vec::len).max().unwrap_or_default();
    let count = longest.next_power_of_two();
    let (mut selects, mut values) = (Vec::new(), Vec::new());
    for ((kind, select), keys) in KINDS.iter().zip(asked).filter(|(_, keys)| !keys.is_empty()) {
        let first = values.len() + 1;
        let filled = keys.iter().chain(keys.last().into_iter().cycle()).take(count);
        if *kind == Kind::Document {
            selects.push(format!(
                "{select} WHERE (sender_id, id) IN (VALUES {})",
                rows_of(places, first, count, 2)
            ));
            values.extend(filled.flat_map(|(sender, id)| [Value::from(*sender), Value::from(*id)]));
        } else {
            selects.push(format!("{select} WHERE id IN ({})", list(places, first, count)));
            values.extend(filled.map(|(id, _)| Value::from(*id)));
        }
    }
    (selects.join(" UNION ALL "), values)
}

async fn provisions_on(session: &mut Session) -> Result<HashSet<String>> {
    let rows = query("SELECT id FROM provision_on").fetch_all(session).await?;
    rows.iter().map(|row| get(row, "id")).collect()
}
