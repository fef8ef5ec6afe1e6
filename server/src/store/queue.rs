//! What waits for a writer: bounded, with lanes of their own for a no and for a duty, taken in batches.
//!
//! The writer takes what has gathered while it was busy; a lone job is taken at once and waits for nobody. When the
//! ordinary lane is full the caller hears so at once: nothing piles up out of sight. What a batch does is the engine's.

use tokio::sync::{mpsc, oneshot};

use super::{Result, StoreError};

/// Jobs that wait at most, beside those at work, in the lane of each kind: what floods one keeps no other waiting.
const ORDINARY_PLACES: usize = 1_024;
const DUTY_PLACES: usize = 256;
const NO_PLACES: usize = 256;
/// Jobs in one batch. More would make the first wait long for the last.
const MAX_BATCH: usize = 64;
/// Up to how many jobs a batch is filled with each: a flood of one kind leaves room for the next.
const FILLED_WITH_NO: usize = 16;
const FILLED_WITH_DUTIES: usize = 40;

/// Which lane a job waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lane {
    /// What may wait its turn.
    #[default]
    Ordinary,
    /// What a duty demands (INVARIANT 11: a duty is never blocked).
    Duty,
    /// What takes permission back, and what leads there: a no counts at once.
    No,
}

/// The callers' end.
#[derive(Debug)]
pub(super) struct Queue<I, O> {
    ordinary: mpsc::Sender<Job<I, O>>,
    duty: mpsc::Sender<Job<I, O>>,
    no: mpsc::Sender<Job<I, O>>,
}

/// The writer's end.
#[derive(Debug)]
pub(super) struct Batches<I, O> {
    ordinary: mpsc::Receiver<Job<I, O>>,
    duty: mpsc::Receiver<Job<I, O>>,
    no: mpsc::Receiver<Job<I, O>>,
}

/// What is to be done, and who waits for it.
#[derive(Debug)]
pub(super) struct Job<I, O> {
    item: I,
    answer: oneshot::Sender<Result<O>>,
}

/// A queue with nothing in it.
pub(super) fn queue<I, O>() -> (Queue<I, O>, Batches<I, O>) {
    sized(ORDINARY_PLACES, DUTY_PLACES, NO_PLACES)
}

fn sized<I, O>(ordinary_places: usize, duty_places: usize, no_places: usize) -> (Queue<I, O>, Batches<I, O>) {
    let (ordinary, ordinary_jobs) = mpsc::channel(ordinary_places);
    let (duty, duty_jobs) = mpsc::channel(duty_places);
    let (no, no_jobs) = mpsc::channel(no_places);
    let batches = Batches {
        ordinary: ordinary_jobs,
        duty: duty_jobs,
        no: no_jobs,
    };
    (Queue { ordinary, duty, no }, batches)
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
            Lane::Duty => self.duty.send(job).await.map_err(|_| gone())?,
            Lane::No => self.no.send(job).await.map_err(|_| gone())?,
        }
        outcome.await.map_err(|_| gone())?
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the writer has ended".into())
}

impl<I, O> Batches<I, O> {
    /// What has gathered, a no first, then duties; waits for the first. None when no caller is left.
    pub(super) async fn next(&mut self) -> Option<Vec<Job<I, O>>> {
        let mut batch = Vec::new();
        while batch.is_empty() {
            let first = tokio::select! {
                biased;
                job = self.no.recv() => job?,
                job = self.duty.recv() => job?,
                job = self.ordinary.recv() => job?,
            };
            batch.push(first);
            gather(&mut self.no, &mut batch, FILLED_WITH_NO);
            gather(&mut self.duty, &mut batch, FILLED_WITH_DUTIES);
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
    async fn a_no_goes_first_then_duties_and_each_leaves_room_for_the_next() {
        let (queue, mut batches) = sized(200, 200, 200);
        let _ordinary = waiting(&queue, Lane::Ordinary, 100);
        let _duties = waiting(&queue, Lane::Duty, 100);
        let _no = waiting(&queue, Lane::No, 100);
        let batch = batches.next().await.unwrap();
        let items: Vec<u32> = batch.iter().map(|job| *job.item()).collect();
        let expected: Vec<u32> = (0..16).chain(0..24).chain(0..24).collect();
        assert_eq!(items, expected, "each in the order of arrival");
    }

    #[tokio::test]
    async fn a_full_lane_says_so_and_a_no_and_a_duty_still_find_their_places() {
        let (queue, mut batches) = sized(2, 1, 1);
        let _ordinary = waiting(&queue, Lane::Ordinary, 2);
        let refused = queue.ask(Lane::Ordinary, 3).await;
        assert!(
            matches!(refused, Err(StoreError::Busy)),
            "one more than there are places"
        );
        // A full lane of duties turns nobody away: the next one waits for a place. And it keeps no no waiting.
        let _duties = waiting(&queue, Lane::Duty, 2);
        let _no = waiting(&queue, Lane::No, 1);
        let batch = batches.next().await.unwrap();
        assert_eq!(batch.len(), 4, "all that have a place");
    }

    #[tokio::test]
    async fn whoever_stopped_waiting_is_passed_over() {
        let (queue, mut batches) = sized(4, 4, 4);
        drop(waiting(&queue, Lane::Ordinary, 2));
        let _stays = waiting(&queue, Lane::Ordinary, 1);
        let batch = batches.next().await.unwrap();
        assert_eq!(batch.len(), 1, "those who went are not done");
    }

    #[tokio::test]
    async fn a_writer_that_has_gone_is_no_answer_for_ever() {
        let (queue, batches) = sized::<u32, u32>(4, 4, 4);
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
