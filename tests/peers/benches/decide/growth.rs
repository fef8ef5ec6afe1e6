//! What the `Check` call costs as a hub fills: 200 consents about one child, among few others and among very
//! many. The whole call on SQLite in this process: load, decide, write the answer down, durably.
//!
//! Each hub is founded through its own services; the many are written into its closed database. In the large hub
//! the child's consents stand spread among the others', as years would leave them; in a third, as large, they
//! stand side by side, which tells what is due to size and what to distance.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use prost::Message as _;
use ring::rand::SystemRandom;
use samrum_consent::decide::{Named, Recipient, Request};
use samrum_consent::id::{IndividualId, UnitId};
use samrum_consent::law::Law;
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::envelope::SigningKeyPair;
use samrum_proto::ledger::LogKey;
use samrum_server::service::{Acting, Hub, HubParts, Idempotency};
use samrum_server::store::{SqlStore, sqlite};
use samrum_server::store::{Store as _, SystemClock};
use samrum_tests::{Story, method, new_id, now_us};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use crate::measure::median;

/// Consents about the child that is asked about.
const OWN: u32 = 200;
/// Consents about others, in the small hub.
pub(crate) const FEW: u32 = 100;
/// Calls before the first that counts.
const WARM_UP: usize = 20;
/// Calls that count, of each hub.
const ROUNDS: usize = 200;
/// Consents about each of the others.
const EACH: u32 = 5;
/// What the filling connection may keep in memory, in KiB.
const FILL_CACHE: u32 = 1_000_000;

/// Where the child's consents stand in the database.
#[derive(Debug, Clone, Copy)]
enum Placement {
    /// Evenly among the others'.
    Spread,
    /// After all others'.
    SideBySide,
}

/// What was measured, in microseconds.
pub(crate) struct Growth {
    /// In the small hub.
    pub(crate) small: Cost,
    /// In the large hub.
    pub(crate) large: Cost,
    /// In the large hub where the child's consents stand side by side.
    pub(crate) side_by_side: Cost,
    /// Consents in the large hub, counted.
    pub(crate) large_consents: i64,
}

/// Of one hub, in microseconds.
pub(crate) struct Cost {
    /// A whole call.
    pub(crate) check: f64,
    /// Loading the child alone.
    pub(crate) load: f64,
}

/// Measures a small hub and two with so many consents about others.
pub(crate) async fn measure(many: u32) -> Growth {
    let hubs = [
        Filled::found(FEW, Placement::Spread).await,
        Filled::found(many, Placement::Spread).await,
        Filled::found(many, Placement::SideBySide).await,
    ];
    for _ in 0..WARM_UP {
        for hub in &hubs {
            hub.check().await;
        }
    }
    let mut times = [const { (Vec::new(), Vec::new()) }; 3];
    for _ in 0..ROUNDS {
        for (hub, (checks, loads)) in hubs.iter().zip(&mut times) {
            checks.push(hub.check().await);
            loads.push(hub.load().await);
        }
    }
    let large_consents = hubs[1].consents;
    for hub in hubs {
        hub.close().await;
    }
    let [small, large, side_by_side] = times.map(|(checks, loads)| Cost {
        check: median(checks),
        load: median(loads),
    });
    Growth {
        small,
        large,
        side_by_side,
        large_consents,
    }
}

/// A hub with its data, asked directly.
struct Filled {
    story: Story,
    store: SqlStore,
    hub: Hub,
    question: Request,
    consents: i64,
}

impl Filled {
    /// Founds a hub with a child, then fills it.
    async fn found(others: u32, placement: Placement) -> Self {
        let mut story = Story::begin().await;
        story.hub.stop().await;
        let consents = fill(&story, others, placement).await;
        let store = sqlite::open(&story.hub.data(), Arc::new(SystemClock))
            .await
            .expect("the hub's own folder");
        let random = SystemRandom::new();
        let key = SigningKeyPair::generate(&random).expect("randomness");
        let hub = Hub::new(HubParts {
            store: Arc::new(store.clone()),
            law: Law::embedded().expect("the built-in catalogue"),
            log: LogKey::new("samrum.test/log", key).expect("a log's name"),
            randomness: Arc::new(random),
            document_lifetime: Duration::from_secs(3600),
            report_alarm: Duration::from_secs(1800),
            max_body_bytes: 1 << 20,
        });
        let question = question(story.child, story.psychiatry.id());
        Self {
            story,
            store,
            hub: hub.expect("a hub"),
            question,
            consents,
        }
    }

    /// One call, in microseconds. Who acts is signed before the clock starts: that is the caller's work.
    async fn check(&self) -> f64 {
        let id: [u8; 16] = new_id().try_into().expect("sixteen bytes");
        let social = &self.story.social;
        let signed = social.acting(method::CHECK, &id);
        let acting = Acting {
            statement: signed.statement,
            signature: signed.signature,
            method: method::CHECK,
            request: id,
        };
        let key = Idempotency {
            id: id.as_slice().try_into().expect("an id"),
            digest: self.hub.request_digest(&id),
        };
        let started = Instant::now();
        let answer = self.hub.check(social.id(), key, &self.question, &acting).await;
        let took = microseconds(started);
        let verdicts = answer.expect("an answer").details.verdicts;
        assert!(
            verdicts.iter().all(|verdict| verdict.permitted),
            "the question is permitted"
        );
        took
    }

    /// Loading what the decision reads about the child, in microseconds.
    async fn load(&self) -> f64 {
        let started = Instant::now();
        let subject = self.store.subject(self.story.child).await;
        let took = microseconds(started);
        let subject = subject.expect("an answer").expect("the child");
        assert_eq!(
            subject.subject.consents.len(),
            OWN as usize,
            "every consent was loaded"
        );
        took
    }

    async fn close(self) {
        self.store.close().await;
    }
}

fn question(child: IndividualId, recipient: UnitId) -> Request {
    Request {
        document: None,
        subjects: [child].into(),
        categories: [Category::SchoolSituation, Category::HealthMental].into(),
        kind: Kind::Note,
        purpose: Purpose::Sip,
        recipients: vec![Recipient {
            unit: recipient,
            basis: Named::Now(Basis::Consent),
        }],
    }
}

/// Writes consents into the closed database: the child's with the others'.
async fn fill(story: &Story, others: u32, placement: Placement) -> i64 {
    let mut connection = open(&story.hub.data()).await;
    let consents = others + OWN;
    let own = match placement {
        Placement::Spread => format!("n % {apart} = 0 AND n / {apart} < {OWN}", apart = consents / OWN),
        Placement::SideBySide => format!("n >= {others}"),
    };
    let values = [
        ("{people}", (others / EACH).to_string()),
        ("{consents}", consents.to_string()),
        ("{is_own}", own),
        ("{cache}", FILL_CACHE.to_string()),
        ("{child}", literal(story.child.as_bytes())),
        ("{unit}", literal(story.social.id().as_bytes())),
        ("{scope}", literal(&story.scope().encode_to_vec())),
        ("{now}", now_us().to_string()),
    ];
    let filled = values
        .iter()
        .fold(include_str!("fill.sql").to_owned(), |sql, (name, value)| {
            sql.replace(name, value)
        });
    sqlx::raw_sql(AssertSqlSafe(filled))
        .execute(&mut connection)
        .await
        .expect("filled");
    let counted = sqlx::query_scalar("SELECT count(*) FROM consent")
        .fetch_one(&mut connection)
        .await
        .expect("counted");
    connection.close().await.expect("closed");
    assert_eq!(counted, i64::from(consents), "every consent was written");
    counted
}

async fn open(data: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(data.join("hub.db"))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false)
        .connect()
        .await
        .expect("the hub's database")
}

/// Bytes as SQL writes them.
fn literal(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{digits}'")
}

fn microseconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e6
}
