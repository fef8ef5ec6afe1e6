//! Chance that is the same every time: SplitMix64 (Steele, Lea and Flood 2014), small and quick enough for
//! millions of situations. What follows from it lives in the modules beside.

use std::collections::BTreeSet;

/// A sequence of choices that its seed decides.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The choices of this seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xa076_1d64_78bd_642f))
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
        let limit = u64::try_from(limit).expect("a limit of a list");
        usize::try_from(self.next() % limit).expect("below a limit of a list")
    }

    /// Sixteen bytes that hardly occur twice.
    pub(crate) fn bytes(&mut self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes()
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

    /// Some of these, at least one.
    pub(crate) fn some<T: Clone + Ord>(&mut self, these: &[T]) -> BTreeSet<T> {
        let mut some: BTreeSet<T> = these.iter().filter(|_| self.once_in(2)).cloned().collect();
        if some.is_empty() {
            some.insert(self.of(these));
        }
        some
    }

    /// Mostly none, then one, then two.
    pub(crate) fn few(&mut self) -> usize {
        [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][self.below(10)]
    }
}
