//! What happens at the hub itself: operations go on by one call to the store, and everything at it dies in a crash.

use core::future::{pending, poll_fn};
use core::task::Poll;
use std::sync::Arc;

use samrum_server::store::sqlite;

use super::Course;
use crate::simulation::perform::Scene;
use crate::simulation::stepped::SteppedStore;
use crate::simulation::turn::{Call, Turn};
use crate::simulation::world::{hub, log_key};

impl Course<'_> {
    /// Gives these flights their turn, all at once when they are several, and hears what ended.
    pub(super) async fn turn(&mut self, chosen: &[usize]) {
        for place in chosen {
            let number = self.flights[*place].number;
            let is_told = self.turns.waits(number) == Some(Call::Outcome);
            let cut = is_told && self.chance.per_mille(6);
            if cut {
                self.tally.count("cut");
                self.say(&format!("{number} is cut off from the store"));
            }
            self.turns.grant(number, if cut { Turn::Cut } else { Turn::Fair });
            self.flights[*place].stopped = false;
        }
        let (turns, flights) = (&self.turns, &mut self.flights);
        poll_fn(|context| {
            let mut at_work = false;
            for place in chosen {
                let flight = &mut flights[*place];
                if flight.stopped || flight.outcome.is_some() {
                    continue;
                }
                turns.polling(Some(flight.number));
                match flight.future.as_mut().poll(context) {
                    Poll::Ready(answer) => flight.outcome = Some(answer),
                    Poll::Pending if turns.waits(flight.number).is_some() => flight.stopped = true,
                    Poll::Pending => at_work = true,
                }
                turns.polling(None);
            }
            if at_work { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        let numbers: Vec<u64> = chosen.iter().map(|place| self.flights[*place].number).collect();
        if numbers.len() > 1 {
            self.say(&format!("at once: {numbers:?}"));
        } else if self.options.verbose {
            let waits = self.turns.waits(numbers[0]);
            self.say(&format!("{} went on; waits for {waits:?}", numbers[0]));
        }
        for number in numbers {
            let place = self
                .flights
                .iter()
                .position(|flight| flight.number == number)
                .unwrap();
            if self.flights[place].outcome.is_some() {
                let flight = self.flights.remove(place);
                self.turns.forget(number);
                self.answer(flight);
            }
        }
    }

    /// The hub dies where it stands; some of what it was writing is there, some is not, and nobody was told.
    pub(super) async fn crash(&mut self) {
        self.crashes += 1;
        self.tally.count("crashes");
        self.tally.add("crashed_in_flight", self.flights.len());
        self.say("the hub crashes");
        for place in 0..self.flights.len() {
            let number = self.flights[place].number;
            if self.turns.waits(number) != Some(Call::Commit) {
                continue;
            }
            match self.chance.below(3) {
                // The disk has it.
                0 => {
                    self.tally.count("committed_unheard");
                    self.turn(&[place]).await;
                }
                // It waits in the hub's own queue, and goes with it.
                1 => {
                    self.tally.count("dropped_in_queue");
                    self.turns.grant(number, Turn::Fair);
                    self.turns.polling(Some(number));
                    let flight = &mut self.flights[place];
                    let once =
                        poll_fn(|context| Poll::Ready(flight.future.as_mut().poll(context).is_ready()));
                    assert!(!once.await, "nothing is done before the disk has it");
                    self.turns.polling(None);
                    // Gone before the writer looks at what waits.
                    flight.future = Box::pin(pending());
                }
                _ => {}
            }
        }
        for flight in self.flights.drain(..) {
            self.turns.forget(flight.number);
        }
        if self.chance.per_mille(300) {
            self.sqlite.close().await;
            self.sqlite = sqlite::open(self.folder.path(), self.clock.clone())
                .await
                .unwrap();
            self.tally.count("reopened");
        }
        let store = Arc::new(SteppedStore {
            inner: Arc::new(self.sqlite.clone()),
            elsewhere: self.elsewhere.as_ref().map(|(_, store)| store.clone()),
            turns: self.turns.clone(),
            seen: self.seen.clone(),
            sabotage: self.options.sabotage,
        });
        self.scene = Arc::new(Scene {
            hub: hub(store.clone(), &self.world.law, self.randomness.clone()),
            store,
            log: Arc::new(log_key()),
            cast: self.world.cast.clone(),
        });
    }
}
