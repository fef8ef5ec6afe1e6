//! What waits for a writer: bounded, with a lane of its own for what is urgent, taken in batches.
//!
//! The writer takes what has gathered while it was busy; a lone job is taken at once and waits for nobody. When
//! a lane is full the caller hears so at once: nothing piles up out of sight. What a batch does is the engine's.

use tokio::sync::{mpsc, oneshot};

use super::{Result, StoreError};

/// Jobs that wait at most, beside those at work.
const ORDINARY_PLACES: usize = 1_024;
/// Places that only what is urgent takes: what floods the ordinary lane does not keep a report waiting.
const URGENT_PLACES: usize = 256;
/// Jobs in one batch. More would make the first wait long for the last.
const MAX_BATCH: usize = 64;
/// Urgent jobs in one batch, so that a flood of them leaves room for the rest.
const MAX_URGENT: usize = MAX_BATCH / 2;

/// Which lane a job waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lane {
    /// What may wait its turn.
    #[default]
    Ordinary,
    /// What a duty demands (INVARIANT 11: a duty is never blocked), and what takes permission back: a no counts
    /// at once.
    Urgent,
}

/// The callers' end.
#[derive(Debug)]
pub(super) struct Queue<I, O> {
    ordinary: mpsc::Sender<Job<I, O>>,
    urgent: mpsc::Sender<Job<I, O>>,
}

/// The writer's end.
#[derive(Debug)]
pub(super) struct Batches<I, O> {
    ordinary: mpsc::Receiver<Job<I, O>>,
    urgent: mpsc::Receiver<Job<I, O>>,
}

/// What is to be done, and who waits for it.
#[derive(Debug)]
pub(super) struct Job<I, O> {
    item: I,
    answer: oneshot::Sender<Result<O>>,
}

/// A queue with nothing in it.
pub(super) fn queue<I, O>() -> (Queue<I, O>, Batches<I, O>) {
    sized(ORDINARY_PLACES, URGENT_PLACES)
}

fn sized<I, O>(ordinary_places: usize, urgent_places: usize) -> (Queue<I, O>, Batches<I, O>) {
    let (ordinary, ordinary_jobs) = mpsc::channel(ordinary_places);
    let (urgent, urgent_jobs) = mpsc::channel(urgent_places);
    let batches = Batches {
        ordinary: ordinary_jobs,
        urgent: urgent_jobs,
    };
    (Queue { ordinary, urgent }, batches)
}

impl<I, O> Queue<I, O> {
    /// Waits its turn and for its outcome. Whoever stops waiting before the turn comes is passed over.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the ordinary lane is full; [`StoreError::Unavailable`] when the writer has gone; the
    /// job's own.
    pub(super) async fn ask(&self, lane: Lane, item: I) -> Result<O> {
        let (answer, outcome) = oneshot::channel();
        let job = Job { item, answer };
        match lane {
            Lane::Ordinary => self.ordinary.try_send(job).map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => gone(),
            })?,
            // Never turned away: it waits for a place, as long as its caller does.
            Lane::Urgent => self.urgent.send(job).await.map_err(|_| gone())?,
        }
        outcome.await.map_err(|_| gone())?
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the writer has ended".into())
}

impl<I, O> Batches<I, O> {
    /// What has gathered, urgent jobs first; waits for the first. None when no caller is left.
    pub(super) async fn next(&mut self) -> Option<Vec<Job<I, O>>> {
        let mut batch = Vec::new();
        while batch.is_empty() {
            let first = tokio::select! {
                biased;
                urgent = self.urgent.recv() => urgent?,
                job = self.ordinary.recv() => job?,
            };
            batch.push(first);
            gather(&mut self.urgent, &mut batch, MAX_URGENT);
            gather(&mut self.ordinary, &mut batch, MAX_BATCH);
            batch.retain(|job| !job.answer.is_closed());
        }
        Some(batch)
    }
}

fn gather<J>(places: &mut mpsc::Receiver<J>, batch: &mut Vec<J>, most: usize) {
    while batch.len() < most {
        let Ok(job) = places.try_recv() else { return };
        batch.push(job);
    }
}

impl<I, O> Job<I, O> {
    /// What is to be done.
    pub(super) const fn item(&self) -> &I {
        &self.item
    }

    /// Tells the outcome. Whoever no longer listens asks again with the same id and gets the stored answer.
    pub(super) fn answer(self, outcome: Result<O>) {
        let _ = self.answer.send(outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_lone_job_is_taken_at_once_and_answered() {
        let (queue, mut batches) = queue::<u32, u32>();
        let writer = async {
            let batch = batches.next().await.unwrap();
            assert_eq!(batch.len(), 1);
            for job in batch {
                let doubled = job.item() * 2;
                job.answer(Ok(doubled));
            }
        };
        let (answer, ()) = tokio::join!(queue.ask(Lane::Ordinary, 21), writer);
        assert_eq!(answer.unwrap(), 42);
    }

    /// Fills a lane with callers that wait.
    fn waiting<'a>(queue: &'a Queue<u32, u32>, lane: Lane, count: u32) -> Vec<caller::Asked<'a>> {
        (0..count)
            .map(|number| caller::asked(queue, lane, number))
            .collect()
    }

    #[tokio::test]
    async fn what_is_urgent_goes_first_and_leave_room_for_the_rest() {
        let (queue, mut batches) = sized(200, 200);
        let _ordinary = waiting(&queue, Lane::Ordinary, 100);
        let _urgent = waiting(&queue, Lane::Urgent, 100);
        let batch = batches.next().await.unwrap();
        assert_eq!(batch.len(), MAX_BATCH);
        let items: Vec<u32> = batch.iter().map(|job| *job.item()).collect();
        let half = u32::try_from(MAX_URGENT).unwrap();
        let expected: Vec<u32> = (0..half).chain(0..half).collect();
        assert_eq!(items, expected, "half of them urgent, in the order of arrival");
    }

    #[tokio::test]
    async fn a_full_lane_says_so_and_what_is_urgent_still_finds_its_place() {
        let (queue, _batches) = sized(2, 1);
        let _ordinary = waiting(&queue, Lane::Ordinary, 2);
        let refused = queue.ask(Lane::Ordinary, 3).await;
        assert!(
            matches!(refused, Err(StoreError::Busy)),
            "one more than there are places"
        );
        let _urgent = waiting(&queue, Lane::Urgent, 1);
        // A full urgent lane turns nobody away: the next one waits for a place.
        let _next = waiting(&queue, Lane::Urgent, 1);
    }

    #[tokio::test]
    async fn whoever_stopped_waiting_is_passed_over() {
        let (queue, mut batches) = sized(4, 4);
        drop(waiting(&queue, Lane::Ordinary, 2));
        let _stays = waiting(&queue, Lane::Ordinary, 1);
        let batch = batches.next().await.unwrap();
        assert_eq!(batch.len(), 1, "those who went are not done");
    }

    #[tokio::test]
    async fn a_writer_that_has_gone_is_no_answer_for_ever() {
        let (queue, batches) = sized::<u32, u32>(4, 4);
        drop(batches);
        let refused = queue.ask(Lane::Ordinary, 1).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
    }

    /// Callers that have asked and wait, without a runtime's tasks.
    mod caller {
        use core::future::Future;
        use core::pin::Pin;
        use core::task::{Context, Waker};

        use super::{Lane, Queue, Result};

        pub(super) type Asked<'a> = Pin<Box<dyn Future<Output = Result<u32>> + 'a>>;

        pub(super) fn asked(queue: &Queue<u32, u32>, lane: Lane, item: u32) -> Asked<'_> {
            let mut asked: Asked<'_> = Box::pin(queue.ask(lane, item));
            let poll = asked.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(poll.is_pending(), "it waits");
            asked
        }
    }
}
