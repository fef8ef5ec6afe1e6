//! What changes expect of the facts they read: asked of the database for all of them at once.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::store::Result;
use crate::store::change::{Change, Expect};
use crate::store::sql::insert::{list, rows_of};
use crate::store::sql::row::{delivery_state_number, get, signed};
use crate::store::sql::session::Session;
use crate::store::sql::statement::{Value, composed, query};

/// Ids in one question at most.
const AT_ONCE: usize = 512;

/// For each change, whether everything that it expects is so.
pub(super) async fn all_hold(session: &mut Session, changes: &[&Change]) -> Result<Vec<bool>> {
    let expectations = || changes.iter().flat_map(|change| &change.expects);
    let units = expectations().filter_map(|expect| match expect {
        Expect::Unit(id, _) => Some(id.as_uuid()),
        _ => None,
    });
    let people = expectations().filter_map(|expect| match expect {
        Expect::Person(id, _) => Some(id.as_uuid()),
        _ => None,
    });
    let consents = expectations().filter_map(|expect| match expect {
        Expect::Consent(id, _) => Some(id.as_uuid()),
        _ => None,
    });
    let deliveries = expectations().filter_map(|expect| match expect {
        Expect::Delivery(id, _) => Some(id.as_uuid()),
        _ => None,
    });
    let found = Found {
        units: numbers(session, "SELECT id, revision AS number FROM unit", units).await?,
        people: numbers(session, "SELECT id, revision AS number FROM person", people).await?,
        consents: numbers(session, "SELECT id, revision AS number FROM consent", consents).await?,
        deliveries: numbers(
            session,
            "SELECT id, CAST(state AS BIGINT) AS number FROM delivery",
            deliveries,
        )
        .await?,
        documents: documents(session, expectations()).await?,
        provisions: if expectations().any(|expect| matches!(expect, Expect::ProvisionOn(_))) {
            provisions_on(session).await?
        } else {
            HashSet::new()
        },
    };
    let holds = |change: &&Change| change.expects.iter().all(|expect| found.confirms(expect));
    Ok(changes.iter().map(holds).collect())
}

/// How it is.
struct Found {
    units: HashMap<Uuid, i64>,
    people: HashMap<Uuid, i64>,
    consents: HashMap<Uuid, i64>,
    deliveries: HashMap<Uuid, i64>,
    documents: HashSet<(Uuid, Uuid)>,
    provisions: HashSet<String>,
}

impl Found {
    fn confirms(&self, expect: &Expect) -> bool {
        let (found, expected) = match expect {
            Expect::Unit(id, revision) => (self.units.get(&id.as_uuid()), signed(*revision)),
            Expect::Person(id, revision) => (self.people.get(&id.as_uuid()), signed(*revision)),
            Expect::Consent(id, revision) => (self.consents.get(&id.as_uuid()), signed(*revision)),
            Expect::Delivery(id, state) => {
                let state = delivery_state_number(*state).into();
                (self.deliveries.get(&id.as_uuid()), state)
            }
            Expect::ProvisionOn(id) => return self.provisions.contains(id),
            Expect::NewDocument(sender, id) => {
                return !self.documents.contains(&(sender.as_uuid(), id.as_uuid()));
            }
        };
        found == Some(&expected)
    }
}

/// One number for each id that is there.
async fn numbers(
    session: &mut Session,
    select: &str,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, i64>> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let mut numbers = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        // Filled up to a power of two with the last one again, so that few texts are prepared.
        let count = ids.len().next_power_of_two();
        let asked = ids.iter().chain(ids.last().into_iter().cycle()).take(count);
        let values: Vec<Value<'_>> = asked.map(|id| Value::from(*id)).collect();
        let text = format!("{select} WHERE id IN ({})", list(1, count));
        for row in &composed(text, values).fetch_all(&mut *session).await? {
            numbers.insert(get(row, "id")?, get(row, "number")?);
        }
    }
    Ok(numbers)
}

/// Those of the documents expected to be new that are there already.
async fn documents(
    session: &mut Session,
    expectations: impl Iterator<Item = &Expect>,
) -> Result<HashSet<(Uuid, Uuid)>> {
    let asked = expectations.filter_map(|expect| match expect {
        Expect::NewDocument(sender, id) => Some((sender.as_uuid(), id.as_uuid())),
        _ => None,
    });
    let asked: Vec<(Uuid, Uuid)> = asked.collect();
    let mut found = HashSet::new();
    for asked in asked.chunks(AT_ONCE) {
        let count = asked.len().next_power_of_two();
        let filled = asked.iter().chain(asked.last().into_iter().cycle()).take(count);
        let values = filled.flat_map(|(sender, id)| [Value::from(*sender), Value::from(*id)]);
        let text = format!(
            "SELECT sender_id, id FROM document WHERE (sender_id, id) IN (VALUES {})",
            rows_of(count, 2)
        );
        for row in &composed(text, values.collect()).fetch_all(&mut *session).await? {
            found.insert((get(row, "sender_id")?, get(row, "id")?));
        }
    }
    Ok(found)
}

async fn provisions_on(session: &mut Session) -> Result<HashSet<String>> {
    let rows = query("SELECT id FROM provision_on").fetch_all(session).await?;
    rows.iter().map(|row| get(row, "id")).collect()
}
