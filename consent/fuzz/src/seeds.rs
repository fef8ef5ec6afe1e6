//! Bytes from seeds, for a run that is the same everywhere: SplitMix64 (Steele, Lea and Flood 2014).

/// The longest string of bytes.
pub const MAX_BYTES: u64 = 4096;

/// The bytes of this seed: as many as it says, up to [`MAX_BYTES`].
#[must_use]
pub fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0xd134_2543_de82_ef95);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let words = next() % (MAX_BYTES / 8 + 1);
    (0..words).flat_map(|_| next().to_le_bytes()).collect()
}
