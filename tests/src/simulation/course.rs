//! The course of one run: who is next, what the network does, when the hub crashes. All of it by chance of the seed.

mod hub;

use core::pin::Pin;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use ring::digest::{Context, SHA256};
use samrum_consent::id::RequestId;
use samrum_server::ledger::sequencer;
use samrum_server::store::{Clock as _, SqlStore, Store, sqlite};
use tempfile::TempDir;

use super::chance::{Chance, SeededRandomness};
use super::clock::VirtualClock;
use super::history::{Moment, Record, Tried};
use super::order::{Answer, Failure, Order};
use super::perform::{Attempt, Scene};
use super::plan::Plan;
use super::sabotage::Sabotage;
use super::stepped::{Seen, SteppedStore};
use super::tally::Tally;
use super::turn::{Call, Turns};
use super::world::{EPOCH, World, folder, hub, log_key};

/// Requests at the hub at once.
const IN_FLIGHT: usize = 6;
/// Requests under way at once.
const ON_THE_WAY: usize = 8;
/// Crashes of one run at most.
const CRASHES: usize = 3;
/// Attempts of one request at most, before it counts as never answered.
pub(super) const ATTEMPTS: usize = 40;
/// Steps of one run at most.
const STEPS: u64 = 20_000;

/// How a run is made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Requests that parties make, beside repetitions.
    pub requests: usize,
    /// The promise that is broken.
    pub sabotage: Option<Sabotage>,
    /// Whether every step is printed.
    pub verbose: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            requests: 12,
            sabotage: None,
            verbose: false,
        }
    }
}

/// A request at the hub.
struct Flight {
    number: u64,
    record: usize,
    tried: usize,
    future: Pin<Box<dyn Future<Output = Answer>>>,
    outcome: Option<Answer>,
    /// It has had its turn.
    stopped: bool,
}

/// A request on its way.
struct Post {
    record: usize,
    attempt: Attempt,
}

/// Every step as text: hashed, and printed on demand.
pub(super) struct Trace {
    hash: Context,
    verbose: bool,
}

impl Trace {
    fn line(&mut self, line: &str) {
        self.hash.update(line.as_bytes());
        self.hash.update(b"\n");
        if self.verbose {
            println!("{line}");
        }
    }
}

/// One run.
pub(super) struct Course<'a> {
    pub(super) world: &'a World,
    options: Options,
    chance: Chance,
    pub(super) clock: Arc<VirtualClock>,
    turns: Arc<Turns>,
    pub(super) seen: Arc<Mutex<Seen>>,
    folder: TempDir,
    sqlite: SqlStore,
    elsewhere: Option<(TempDir, Arc<dyn Store>)>,
    randomness: Arc<SeededRandomness>,
    pub(super) scene: Arc<Scene>,
    pub(super) records: Vec<Record>,
    posts: Vec<Post>,
    flights: Vec<Flight>,
    step: u64,
    flown: u64,
    begun: usize,
    crashes: usize,
    plan: Plan,
    pub(super) tally: Tally,
    trace: Trace,
}

impl<'a> Course<'a> {
    /// Everything as it is when a run begins.
    pub(super) async fn begin(world: &'a World, seed: u64, options: Options) -> Self {
        let clock = Arc::new(VirtualClock::at(world.begins));
        let folder_of_run = world.copy();
        let sqlite = sqlite::open(folder_of_run.path(), clock.clone()).await.unwrap();
        let elsewhere = if options.sabotage == Some(Sabotage::Forget) {
            let other = folder();
            let store = sqlite::open(other.path(), clock.clone()).await.unwrap();
            Some((other, Arc::new(store) as Arc<dyn Store>))
        } else {
            None
        };
        let turns = Arc::new(Turns::default());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let randomness = Arc::new(SeededRandomness::new(Chance::apart(seed, 21)));
        let store = Arc::new(SteppedStore {
            inner: Arc::new(sqlite.clone()),
            elsewhere: elsewhere.as_ref().map(|(_, store)| store.clone()),
            turns: turns.clone(),
            seen: seen.clone(),
            sabotage: options.sabotage,
        });
        let scene = Arc::new(Scene {
            hub: hub(store.clone(), &world.law, randomness.clone()),
            store,
            log: Arc::new(log_key()),
            cast: world.cast.clone(),
        });
        Self {
            world,
            options,
            chance: Chance::apart(seed, 22),
            clock,
            turns,
            seen,
            folder: folder_of_run,
            sqlite,
            elsewhere,
            randomness,
            scene,
            records: Vec::new(),
            posts: Vec::new(),
            flights: Vec::new(),
            step: 0,
            flown: 0,
            begun: 0,
            crashes: 0,
            plan: Plan::new(world, seed),
            tally: Tally::default(),
            trace: Trace {
                hash: Context::new(&SHA256),
                verbose: options.verbose,
            },
        }
    }

    /// Runs until everything that was asked has been answered.
    pub(super) async fn run(&mut self) {
        while self.begun < self.options.requests && self.step < STEPS {
            self.once(false).await;
        }
        // The network heals; everybody asks again until they are answered.
        while self.step < STEPS
            && !(self.flights.is_empty() && self.posts.is_empty() && self.unheard().is_empty())
        {
            self.once(true).await;
        }
    }

    /// Closes the store; what was done in all.
    pub(super) async fn end(self) -> (Tally, [u8; 32]) {
        let mut tally = self.tally;
        tally.add("stale", self.seen.lock().unwrap().stale);
        tally.add("steps", usize::try_from(self.step).unwrap());
        self.sqlite.close().await;
        let mut hash = [0; 32];
        hash.copy_from_slice(self.trace.hash.finish().as_ref());
        (tally, hash)
    }

    /// Gives every entry its place; in words, what keeps it from that.
    pub(super) async fn sequence(&self) -> Result<(), String> {
        for _ in 0..ATTEMPTS {
            match sequencer::extend(&*self.scene.store, &self.scene.log, EPOCH).await {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(format!("the log cannot be extended: {error}")),
            }
        }
        Err("the log never ends".to_owned())
    }

    /// The store itself.
    pub(super) fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.sqlite.clone())
    }

    pub(super) fn moment(&self) -> Moment {
        Moment {
            step: self.step,
            at: self.clock.now(),
            entries: self.seen.lock().unwrap().entries.len(),
        }
    }

    pub(super) fn say(&mut self, line: &str) {
        let line = format!("{:>5} {} {line}", self.step, self.clock.now());
        self.trace.line(&line);
    }

    /// One step of the scheduler.
    async fn once(&mut self, calm: bool) {
        self.step += 1;
        let under_way = self.flights.len() + self.posts.len();
        let together = self.writing();
        let unheard = self.unheard();
        let can_begin = !calm && under_way < ON_THE_WAY;
        let can_arrive = !self.posts.is_empty() && self.flights.len() < IN_FLIGHT;
        let can_crash = !calm && self.crashes < CRASHES && !self.flights.is_empty();
        let weights = [
            if can_begin { 60 } else { 0 },
            if can_arrive { 80 } else { 0 },
            if self.flights.is_empty() { 0 } else { 700 },
            if together.len() > 1 { 250 } else { 0 },
            if calm { 5 } else { 40 },
            if calm { 0 } else { 4 },
            match (unheard.is_empty(), calm) {
                (true, _) => 0,
                (false, true) => 100,
                (false, false) => 15,
            },
            match (can_crash, self.waits_to_commit()) {
                (false, _) => 0,
                // The moment that matters most.
                (true, true) => 25,
                (true, false) => 1,
            },
        ];
        match self.chance.weighed(&weights) {
            0 => self.ask_something(),
            1 => self.arrive(),
            2 => {
                let chosen = self.chance.below(self.flights.len());
                self.turn(&[chosen]).await;
            }
            3 => {
                self.tally.count("grouped");
                self.turn(&together).await;
            }
            4 => self.tick(),
            5 => self.leap(),
            6 => {
                let record = *self.chance.pick(&unheard).unwrap();
                self.post(record);
            }
            _ => self.crash().await,
        }
    }

    /// Whether something is about to be written, or has been and nobody was told.
    fn waits_to_commit(&self) -> bool {
        let waits = |flight: &Flight| self.turns.waits(flight.number);
        let mut waiting = self.flights.iter().map(waits);
        waiting.any(|call| matches!(call, Some(Call::Commit | Call::Outcome)))
    }

    /// Flights that wait to commit.
    fn writing(&self) -> Vec<usize> {
        let flights = self.flights.iter().enumerate();
        let waiting = flights.filter(|(_, flight)| self.turns.waits(flight.number) == Some(Call::Commit));
        waiting.map(|(place, _)| place).collect()
    }

    /// Requests whose outcome nobody knows, and that are not under way.
    fn unheard(&self) -> Vec<usize> {
        let under_way = |place: usize| {
            self.flights.iter().any(|flight| flight.record == place)
                || self.posts.iter().any(|post| post.record == place)
        };
        let records = self.records.iter().enumerate();
        records
            .filter(|(place, record)| record.is_open() && record.tried.len() < ATTEMPTS && !under_way(*place))
            .map(|(place, _)| place)
            .collect()
    }

    fn ask_something(&mut self) {
        for order in self.plan.next(self.clock.now()) {
            self.begun += 1;
            let request = RequestId::from_bytes(self.chance.bytes());
            let place = self.records.len();
            self.say(&format!("[{place}] {}", order.content()));
            self.records.push(Record::new(Arc::new(order), request));
            if self.records[place].order.is_chore() {
                self.post(place);
            } else if self.chance.per_mille(80) {
                self.tally.count("lost_requests");
                self.say(&format!("[{place}] is lost on the way"));
            } else {
                self.post(place);
                if self.chance.per_mille(80) {
                    self.tally.count("doubled_requests");
                    self.post(place);
                }
            }
        }
    }

    /// Sends a request off, with a statement of whoever acts now.
    fn post(&mut self, record: usize) {
        let attempt = Attempt {
            order: self.records[record].order.clone(),
            request: self.records[record].request,
            signed_at: self.clock.now(),
        };
        self.posts.push(Post { record, attempt });
    }

    /// One of the requests on their way arrives: not always the first.
    fn arrive(&mut self) {
        let place = self.chance.below(self.posts.len());
        let Post { record, attempt } = self.posts.remove(place);
        self.flown += 1;
        let (number, began) = (self.flown, self.moment());
        let tried = self.records[record].tried.len();
        self.records[record].tried.push(Tried {
            began,
            ended: None,
            heard: None,
        });
        if self.overlaps(record) {
            self.tally.count("overlaps");
        }
        self.say(&format!("[{record}] arrives as {number}"));
        let scene = self.scene.clone();
        self.flights.push(Flight {
            number,
            record,
            tried,
            future: Box::pin(async move { scene.perform(&attempt).await }),
            outcome: None,
            stopped: false,
        });
    }

    /// Whether this is the taking back of something, or a use of it, while the other is at the hub.
    fn overlaps(&self, record: usize) -> bool {
        let new = &self.records[record].order;
        let Some(child) = self.plan.child_of(new) else {
            return false;
        };
        let uses = |order: &Order| matches!(order, Order::Send(_) | Order::Fetch { .. });
        self.flights.iter().any(|flight| {
            let other = &self.records[flight.record].order;
            let crossing =
                (new.reduces().is_some() && uses(other)) || (uses(new) && other.reduces().is_some());
            crossing && self.plan.child_of(other) == Some(child)
        })
    }

    /// An answer leaves the hub; it may be lost on its way.
    fn answer(&mut self, flight: Flight) {
        let Some(answer) = flight.outcome else { return };
        let (ended, calm) = (self.moment(), self.begun >= self.options.requests);
        let place = flight.record;
        self.say(&format!("[{place}] {} is answered: {answer}", flight.number));
        let is_lost = !calm && !self.records[place].order.is_chore() && self.chance.per_mille(100);
        let again = !calm && self.chance.per_mille(80);
        let record = &mut self.records[place];
        record.tried[flight.tried].ended = Some((ended, answer.clone()));
        if is_lost {
            self.tally.count("lost_answers");
            self.say(&format!("[{place}] nobody hears it"));
            return;
        }
        record.tried[flight.tried].heard = Some(ended);
        match answer {
            Answer::Failed(Failure::Later(_)) => return,
            Answer::Failed(Failure::IdReused) => self.tally.count("id_reused"),
            _ => {}
        }
        let record = &mut self.records[place];
        if record.heard.is_none() {
            record.heard = Some(answer);
            self.plan.learn(&self.records[place], self.clock.now());
        } else {
            self.tally.count("repeated_answers");
        }
        if again && self.records[place].order.repeats_its_answer() {
            self.post(place);
        }
    }

    /// A little time passes.
    fn tick(&mut self) {
        let by = SignedDuration::from_millis(self.some(250));
        self.clock.advance(by);
    }

    /// Much time passes: decisions, statements, documents and consents grow old.
    fn leap(&mut self) {
        let by = match self.chance.below(100) {
            0..35 => SignedDuration::from_secs(self.some(30)),
            35..50 => SignedDuration::from_mins(self.some(60)),
            50..80 => SignedDuration::from_hours(self.some(72)),
            _ => SignedDuration::from_hours(self.some(24 * 60)),
        };
        self.clock.advance(by);
        self.tally.count("leaps");
        self.say("time passes");
        self.plan.catch_up();
    }

    fn some(&mut self, below: usize) -> i64 {
        i64::try_from(self.chance.below(below)).unwrap() + 1
    }
}
