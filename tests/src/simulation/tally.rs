//! What a run did: so that a simulation which does nothing cannot pass for one that found nothing.

use std::collections::BTreeMap;

/// What is counted, and how often at least in a hundred seeds.
pub const ENOUGH: [(&str, usize); 24] = [
    ("permits", 200),
    ("denials", 150),
    ("releases", 60),
    ("withheld", 40),
    ("expired", 1),
    ("alarms", 1),
    ("settled", 25),
    ("duties", 10),
    ("on_provision", 8),
    ("ended", 60),
    ("narrowed", 10),
    ("stale", 50),
    ("overlaps", 100),
    ("grouped", 40),
    ("repeated_answers", 20),
    ("id_reused", 4),
    ("lost_requests", 40),
    ("lost_answers", 15),
    ("cut", 3),
    ("crashes", 25),
    ("crashed_in_flight", 60),
    ("committed_unheard", 4),
    ("dropped_in_queue", 5),
    ("reopened", 4),
];

/// Counts by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    /// Counts one.
    pub(super) fn count(&mut self, name: &'static str) {
        self.add(name, 1);
    }

    /// Counts several.
    pub(super) fn add(&mut self, name: &'static str, several: usize) {
        *self.0.entry(name).or_default() += several;
    }

    /// Takes another run's counts in.
    pub fn join(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            self.add(name, *count);
        }
    }

    /// How often.
    #[must_use]
    pub fn of(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Every count by name.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.0.iter().map(|(name, count)| (*name, *count))
    }

    /// What was done too seldom for so many seeds: what, how often, how often at least.
    #[must_use]
    pub fn too_seldom(&self, seeds: usize) -> Vec<(&'static str, usize, usize)> {
        let wanted = ENOUGH
            .iter()
            .map(|(name, least)| (*name, self.of(name), least * seeds / 100));
        wanted.filter(|(_, found, least)| found < least).collect()
    }
}
