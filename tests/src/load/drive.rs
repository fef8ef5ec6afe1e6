//! A round: so many calls under way over so many connections, until the time is over.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Answers for each caller, on the average, before any of them stops, however long that takes: on a machine so busy that
/// the time is over before anything was answered, there would be nothing to tell.
const LEAST_CALLS: usize = 3;

/// Something that is called, over one connection.
pub trait Peer: Clone + Send + 'static {
    /// What one call carries.
    type Item: Send + Sync + 'static;
    /// What comes back.
    type Answer: Send + 'static;

    /// One call, with its answer judged; how often the peer asked for patience before it answered.
    fn ask(&mut self, item: &Self::Item) -> impl Future<Output = Result<(Self::Answer, u32), Failed>> + Send;
}

/// A call that did not come back with what it should: the promise is broken.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failed(pub String);

/// What the calls of one connection carry.
#[derive(Debug)]
pub struct Supply<I> {
    items: Vec<I>,
    next: AtomicUsize,
    again: bool,
}

impl<I> Supply<I> {
    /// Each once.
    pub fn once(items: Vec<I>) -> Arc<Self> {
        Arc::new(Self {
            items,
            next: AtomicUsize::new(0),
            again: false,
        })
    }

    /// All of them again and again.
    pub fn again(items: Vec<I>) -> Arc<Self> {
        assert!(!items.is_empty(), "something to carry");
        Arc::new(Self {
            items,
            next: AtomicUsize::new(0),
            again: true,
        })
    }

    fn take(&self) -> Option<&I> {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        let place = if self.again {
            place % self.items.len()
        } else {
            place
        };
        self.items.get(place)
    }
}

/// A call that was answered.
#[derive(Debug)]
pub struct Done<A> {
    /// When it began.
    pub begun: Instant,
    /// When its answer was there.
    pub ended: Instant,
    /// The answer.
    pub answer: A,
}

/// What happened in one round.
#[derive(Debug)]
pub struct Round<A> {
    /// Every call that was answered, in the order of their answers.
    pub done: Vec<Done<A>>,
    /// How often patience was asked for.
    pub busy: u64,
    /// Whether a supply was used up before the time was over.
    pub ran_dry: bool,
    /// When it began.
    begun: Instant,
    /// From when on as many as intended were under way.
    from: Instant,
    /// Until when.
    until: Instant,
}

impl<A> Round<A> {
    /// The answers that came while as many as intended were under way.
    pub fn counted(&self) -> impl Iterator<Item = &Done<A>> {
        let within = |done: &&Done<A>| done.ended > self.from && done.ended <= self.until;
        self.done.iter().filter(within)
    }

    /// How long that was.
    pub fn lasted(&self) -> Duration {
        self.until.saturating_duration_since(self.from)
    }

    /// Answers in a second; none where it was too short to tell.
    pub fn rate(&self) -> f64 {
        let lasted = self.lasted();
        if lasted.is_zero() {
            return 0.0;
        }
        self.counted().count() as f64 / lasted.as_secs_f64()
    }

    /// Answers in a second, with all that came before and after: how much to bring for the next round.
    pub fn pace(&self) -> f64 {
        let last = self.done.last().map_or(self.begun, |done| done.ended);
        let lasted = last.duration_since(self.begun).as_secs_f64();
        self.done.len() as f64 / lasted.max(f64::EPSILON)
    }

    /// How long each of the counted calls took.
    pub fn latencies(&self) -> Vec<Duration> {
        self.counted()
            .map(|done| done.ended.duration_since(done.begun))
            .collect()
    }
}

/// Calls each peer with what its supply holds, `each` calls under way on every one, until the time is over and a few
/// for each have been answered, or a supply is used up.
///
/// # Errors
/// The first call that failed.
pub async fn drive<P: Peer>(
    lanes: &[(P, Arc<Supply<P::Item>>)],
    each: usize,
    time: Duration,
) -> Result<Round<P::Answer>, Failed> {
    let begun = Instant::now();
    let deadline = begun + time;
    let mut callers = tokio::task::JoinSet::new();
    let missing = Arc::new(AtomicUsize::new(LEAST_CALLS * lanes.len() * each));
    for (peer, supply) in lanes {
        for _ in 0..each {
            callers.spawn(call(peer.clone(), supply.clone(), (deadline, missing.clone())));
        }
    }
    let (mut done, mut busy, mut ran_dry, mut until) = (Vec::new(), 0, false, None);
    while let Some(finished) = callers.join_next().await {
        let caller = finished.map_err(|error| Failed(error.to_string()))??;
        done.extend(caller.done);
        busy += u64::from(caller.busy);
        ran_dry |= caller.ran_dry;
        until = until.min(Some(caller.stopped)).or(Some(caller.stopped));
    }
    let until = until.unwrap_or(deadline);
    done.sort_by_key(|done| done.ended);
    // The first answers of all came while calls were only being added. A round too short for more counts as it is.
    let first = lanes.len() * each;
    let full = done.get(first.saturating_sub(1));
    let full = full.filter(|_| done.len() >= 2 * first);
    let from = full.map_or(begun, |done| done.ended).min(until);
    Ok(Round {
        done,
        busy,
        ran_dry,
        begun,
        from,
        until,
    })
}

struct Caller<A> {
    done: Vec<Done<A>>,
    busy: u32,
    ran_dry: bool,
    stopped: Instant,
}

async fn call<P: Peer>(
    mut peer: P,
    supply: Arc<Supply<P::Item>>,
    (deadline, missing): (Instant, Arc<AtomicUsize>),
) -> Result<Caller<P::Answer>, Failed> {
    let (mut done, mut busy) = (Vec::new(), 0);
    loop {
        let begun = Instant::now();
        let goes_on = begun < deadline || missing.load(Ordering::Relaxed) > 0;
        let item = if goes_on { supply.take() } else { None };
        let Some(item) = item else {
            return Ok(Caller {
                done,
                busy,
                ran_dry: goes_on,
                stopped: begun,
            });
        };
        let (answer, waits) = peer.ask(item).await?;
        busy += waits;
        // Never below nothing, whoever comes last.
        let _ = missing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |missing| {
            missing.checked_sub(1)
        });
        done.push(Done {
            begun,
            ended: Instant::now(),
            answer,
        });
    }
}
