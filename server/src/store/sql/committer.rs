//! Group commit: changes that come while another commits share the next transaction.
//!
//! Each change keeps its own fate: one whose facts moved is decided anew, the rest commit. What breaks the transaction
//! itself breaks it for all, and nobody is told of success before the disk has it (INVARIANT 2 and 3: the answer,
//! and with it every [`Admitted`], comes after the commit).

use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use samrum_consent::id::EntryId;
use sqlx::error::ErrorKind;
use tokio::sync::watch;
use tokio::time::timeout;

use super::commit::{self, Outcome, Release, waves};
use super::server_time::ServerTime;
use super::session::Session;
use super::statement::Pool;
use crate::store::clock::Clock;
use crate::store::queue::{Batches, Job, Lane, Queue, queue};
use crate::store::vault::Vault;
use crate::store::{Admitted, Change, Committed, Result, StoreError};

/// How long a decision stays good at most: what was decided longer ago is decided anew, for time has passed too (a
/// consent that ran out, a process that was stopped and goes on).
const MAX_DECISION_AGE: SignedDuration = SignedDuration::from_secs(10);

/// This hub's one writer of facts, with those who wait for it.
#[derive(Debug)]
pub(super) struct Committer {
    queue: Queue<Change, Committed>,
}

/// The newest entry of this hub that somebody was told is durable: a server without it has lost what was answered.
pub(in crate::store) type Newest = Arc<Mutex<Option<EntryId>>>;

/// How long a transaction may take. A server whose machine has gone silent never says that it has.
const MAX_TRANSACTION: Duration = Duration::from_secs(20);

/// What the writer works with.
pub(super) struct Writer {
    pub(super) pool: Pool,
    pub(super) vault: Arc<Vault>,
    pub(super) clock: Arc<dyn Clock>,
    /// Told after every transaction; a server tells all hubs by itself.
    pub(super) committed: watch::Sender<u64>,
    /// Whether the database can be reached.
    pub(super) ready: watch::Receiver<bool>,
    /// The newest entry that somebody was told is durable.
    pub(super) newest: Newest,
    /// What the server's clock said last.
    pub(super) server_time: Arc<ServerTime>,
}

type Waiting = Job<Change, Committed>;

/// The transaction that a change shared with others failed: nothing of it is there.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the shared transaction failed")]
struct SharedFailure(#[source] Arc<StoreError>);

impl Committer {
    /// Starts the writer; it ends when the last caller has gone.
    pub(super) fn start(writer: Writer) -> Self {
        let (queue, batches) = queue();
        tokio::spawn(work(writer, batches));
        Self { queue }
    }

    /// Commits a change with whatever others wait.
    pub(super) async fn commit(&self, lane: Lane, change: Change) -> Result<Committed> {
        commit::refuse_unwritten(&change)?;
        self.queue.ask(lane, change).await
    }
}

async fn work(writer: Writer, mut batches: Batches<Change, Committed>) {
    while let Some(batch) = batches.next().await {
        match while_reached(&writer, in_transaction(&writer, &batch)).await {
            Ok(outcomes) => {
                note_newest(&writer.newest, &batch, &outcomes);
                if matches!(writer.pool, Pool::Sqlite(_)) {
                    writer
                        .committed
                        .send_modify(|count| *count = count.wrapping_add(1));
                }
                for (job, outcome) in batch.into_iter().zip(outcomes) {
                    job.answer(outcome.map(durable));
                }
            }
            Err(error) => fail_all(batch, error),
        }
    }
}

/// The outcome, unless the database's server is lost meanwhile or answers no more: then nobody knows what became of it,
/// the connection is closed when it drops, and callers ask again with the same ids. A file of this machine is never lost.
async fn while_reached<T>(writer: &Writer, work: impl Future<Output = Result<T>>) -> Result<T> {
    if matches!(writer.pool, Pool::Sqlite(_)) {
        return work.await;
    }
    let mut ready = writer.ready.clone();
    let lost = async {
        // The sender lives as long as the store.
        let _ = ready.wait_for(|ready| !ready).await;
    };
    let unavailable = |problem: &'static str| Err(StoreError::Unavailable(problem.into()));
    tokio::select! {
        outcome = timeout(MAX_TRANSACTION, work) => outcome.unwrap_or_else(|_| unavailable("the transaction took too long")),
        () = lost => unavailable("the database's primary was lost"),
    }
}

fn note_newest(newest: &Newest, batch: &[Waiting], outcomes: &[Outcome]) {
    let written = batch.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_ok());
    let last = written.flat_map(|(job, _)| &job.item().entries).last();
    if let Some(entry) = last {
        *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(entry.id);
    }
}

/// Only what was committed comes here.
fn durable(release: Option<Release>) -> Committed {
    let admitted =
        release.map(|release| Admitted::after_commit(release.delivery, release.reader, release.entry));
    Committed::durable(admitted)
}

fn fail_all(batch: Vec<Waiting>, error: StoreError) {
    let shared = SharedFailure(Arc::new(error));
    for job in batch {
        job.answer(Err(StoreError::Unavailable(Box::new(shared.clone()))));
    }
}

/// One transaction for all. Outcomes are valid once this has returned.
async fn in_transaction(writer: &Writer, batch: &[Waiting]) -> Result<Vec<Outcome>> {
    let changes: Vec<&Change> = batch.iter().map(Job::item).collect();
    match attempt(writer, &changes, Care::Together).await {
        // Somebody's change breaks a rule of the tables: whose, is found out one by one.
        Err(error) if is_its_own(&error) => attempt(writer, &changes, Care::OneByOne).await,
        outcome => outcome,
    }
}

/// How the changes of a wave are written.
#[derive(Clone, Copy)]
enum Care {
    /// All at once; what breaks a rule of the tables ends the attempt.
    Together,
    /// Each after a mark to go back to, which costs a copy of every page that it touches.
    OneByOne,
}

async fn attempt(writer: &Writer, changes: &[&Change], care: Care) -> Result<Vec<Outcome>> {
    let mut session = Session::acquire(&writer.pool).await?;
    let now = session.begin(&*writer.clock).await?;
    writer.server_time.heard(now);
    let mut outcomes: Vec<Outcome> = changes.iter().map(|_| Err(StoreError::Stale)).collect();
    for mut wave in waves(changes) {
        wave.retain(|place| changes.get(*place).is_some_and(|change| is_fresh(change, now)));
        let together: Vec<&Change> = wave
            .iter()
            .filter_map(|place| changes.get(*place).copied())
            .collect();
        let written = match care {
            Care::Together => commit::write(&mut session, &writer.vault, &together).await,
            Care::OneByOne => one_by_one(&mut session, &writer.vault, &together).await,
        };
        let written = match written {
            Ok(written) => written,
            Err(error) if is_its_own(&error) => {
                session.abandon().await?;
                return Err(error);
            }
            // A full disk or a failed write can have ended the transaction already: nothing more is said in it.
            Err(error) => return Err(error),
        };
        for (place, outcome) in wave.iter().zip(written) {
            if let Some(slot) = outcomes.get_mut(*place) {
                *slot = outcome;
            }
        }
    }
    session.commit().await?;
    Ok(outcomes)
}

fn is_fresh(change: &Change, now: Timestamp) -> bool {
    let decided = change.entries.iter().map(|entry| entry.at).min();
    decided.is_none_or(|decided| now.duration_since(decided) <= MAX_DECISION_AGE)
}

async fn one_by_one(session: &mut Session, vault: &Vault, wave: &[&Change]) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(wave.len());
    for change in wave {
        outcomes.push(alone(session, vault, change).await?);
    }
    Ok(outcomes)
}

/// One change, whole or not at all. The inner outcome is its own; the outer ends the transaction for all.
async fn alone(session: &mut Session, vault: &Vault, change: &Change) -> Result<Outcome> {
    session.mark().await?;
    match commit::write(session, vault, &[change]).await {
        Ok(mut outcomes) => {
            session.keep().await?;
            Ok(outcomes.pop().unwrap_or(Err(StoreError::Stale)))
        }
        Err(error) if is_its_own(&error) => {
            session.undo().await?;
            Ok(Err(error))
        }
        Err(error) => Err(error),
    }
}

/// Whether an error is about this change and not about the database.
fn is_its_own(error: &StoreError) -> bool {
    match error {
        StoreError::Stale | StoreError::Fenced | StoreError::Busy | StoreError::Damaged { .. } => true,
        StoreError::Unavailable(source) => source
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error)
            .is_some_and(|database| !matches!(database.kind(), ErrorKind::Other)),
    }
}

#[cfg(test)]
mod tests {
    use samrum_consent::id::{ConsentId, OrganisationId};
    use samrum_consent::id::{EntryId, UnitId};

    use super::*;
    use crate::store::sql::statement::query;
    use crate::store::{Expect, NewEntry, Organisation, Store, SystemClock, Write};
    use crate::store::{SqlStore, sqlite};

    fn entry(number: u8) -> NewEntry {
        NewEntry {
            id: EntryId::from_bytes([number; 16]),
            at: SystemClock.now(),
            details: b"{}".to_vec(),
            salt: None,
            leaf: vec![number],
            leaf_hash: [number; 32],
            units: Vec::new(),
            organisations: Vec::new(),
            people: Vec::new(),
        }
    }

    /// A change that is nothing but its entry.
    fn change(number: u8) -> Change {
        Change {
            entries: vec![entry(number)],
            ..Change::default()
        }
    }

    async fn store() -> (tempfile::TempDir, SqlStore) {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite::open(folder.path(), Arc::new(SystemClock)).await.unwrap();
        (folder, store)
    }

    /// Asks for all before the writer has its turn, so that they share a transaction.
    async fn at_once(store: &SqlStore, changes: Vec<Change>) -> Vec<Result<Committed>> {
        let all = changes
            .into_iter()
            .map(|change| store.commit(Lane::Ordinary, change));
        futures_util::future::join_all(all).await
    }

    async fn is_there(store: &SqlStore, number: u8) -> bool {
        let found = store.entry(EntryId::from_bytes([number; 16])).await.unwrap();
        found.is_some()
    }

    #[tokio::test]
    async fn what_went_stale_is_undone_alone_and_the_rest_commits() {
        let (_folder, store) = store().await;
        let mut stale = change(2);
        stale.expects = vec![Expect::Consent(ConsentId::from_bytes([9; 16]), 1)];
        let mut taken = change(3);
        taken.entries.push(entry(1));
        let outcomes = at_once(&store, vec![change(1), stale, taken, change(4)]).await;
        assert!(matches!(
            outcomes.as_slice(),
            [Ok(_), Err(StoreError::Stale), Err(_), Ok(_)]
        ));
        assert!(is_there(&store, 1).await && is_there(&store, 4).await);
        assert!(!is_there(&store, 2).await && !is_there(&store, 3).await);
    }

    #[tokio::test]
    async fn a_change_that_breaks_a_constraint_halfway_leaves_nothing_of_itself() {
        let (_folder, store) = store().await;
        let organisation = Organisation {
            id: OrganisationId::from_bytes([5; 16]),
            number: "2120009903".parse().unwrap(),
            name: "Exempelby kommun".to_owned(),
            holder: samrum_consent::vocabulary::Holder::Public,
            signing_key: [1; 32],
        };
        let twice = || Write::Organisation(organisation.clone(), Vec::new(), SystemClock.now());
        let mut broken = change(1);
        broken.writes = vec![twice(), twice()];
        let outcomes = at_once(&store, vec![broken, change(2)]).await;
        assert!(matches!(outcomes.as_slice(), [Err(StoreError::Stale), Ok(_)]));
        assert!(!is_there(&store, 1).await && is_there(&store, 2).await);
        assert!(store.organisation(organisation.id).await.unwrap().is_none());
    }

    /// INVARIANT 3: a commit that fails is a failure for everyone in it, and nothing of it is there.
    #[tokio::test]
    async fn when_the_database_fails_nobody_is_told_of_success() {
        let (_folder, store) = store().await;
        query(
            "CREATE TRIGGER full BEFORE INSERT ON entry_unit BEGIN SELECT RAISE(ROLLBACK, 'no space'); END",
        )
        .execute(&store.pools.writer)
        .await
        .unwrap();
        let mut fatal = change(2);
        for entry in &mut fatal.entries {
            entry.units = vec![UnitId::from_bytes([6; 16])];
        }
        let outcomes = at_once(&store, vec![change(1), fatal, change(3)]).await;
        assert!(
            outcomes
                .iter()
                .all(|outcome| matches!(outcome, Err(StoreError::Unavailable(_)))),
            "{outcomes:?}"
        );
        for number in 1..=3 {
            assert!(!is_there(&store, number).await, "{number}");
        }
        // And the writer goes on.
        let _ = store.commit(Lane::Ordinary, change(4)).await.unwrap();
        assert!(is_there(&store, 4).await);
    }
}
