//! Chance that is the same every time: SplitMix64 (Steele, Lea and Flood 2014). What follows from it lives in
//! `situation`.

use std::collections::BTreeSet;

/// A sequence of choices that its seed decides.
pub(crate) struct Chance(u64);

impl Chance {
    /// The choices of this seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the limit, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).expect("the length of a list");
        usize::try_from(self.next() % limit).expect("below the length of a list")
    }

    /// Yes, once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub(crate) fn of<T: Clone>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())].clone()
    }

    /// The usual one; one of the others once in so many times.
    pub(crate) fn mostly<T: Clone>(&mut self, usual: T, times: usize, others: &[T]) -> T {
        if self.once_in(times) {
            self.of(others)
        } else {
            usual
        }
    }

    /// Each of these once in so many times; at least one.
    pub(crate) fn some<T: Clone + Ord>(&mut self, these: &[T], times: usize) -> BTreeSet<T> {
        let mut some: BTreeSet<T> = these.iter().filter(|_| self.once_in(times)).cloned().collect();
        if some.is_empty() {
            some.insert(self.of(these));
        }
        some
    }
}
