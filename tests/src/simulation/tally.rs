//! What a run did: so that a simulation which does nothing cannot pass for one that found nothing.

use std::collections::BTreeMap;

/// What is counted, and how often at least in a hundred seeds.
pub const ENOUGH: [(&str, usize); 20] = [
    ("permits", 300),
    ("denials", 100),
    ("withheld", 60),
    ("expired", 2),
    ("settled", 40),
    ("duties", 30),
    ("on_provision", 10),
    ("ended", 80),
    ("narrowed", 20),
    ("stale", 80),
    ("overlaps", 100),
    ("grouped", 50),
    ("repeated_answers", 100),
    ("id_reused", 5),
    ("lost_requests", 50),
    ("lost_answers", 50),
    ("cut", 3),
    ("crashes", 20),
    ("crashed_in_flight", 60),
    ("refused_no_more_than_before", 1),
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
