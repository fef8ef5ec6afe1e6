//! Numbers from a seed, so that a run can be repeated as far as two processes allow.

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// Everything that this seed brings.
    pub const fn from(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Whether one of so many in a thousand comes up.
    pub fn per_mille(&mut self, part: u32) -> bool {
        self.next() % 1_000 < u64::from(part)
    }

    /// A number below this one.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }
}
