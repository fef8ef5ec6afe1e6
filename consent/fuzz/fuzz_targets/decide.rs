//! The target for libFuzzer: whatever the bytes, the decision keeps its promises.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    samrum_consent_fuzz::judge(bytes);
});
