//! Random moments that can be had again: a seed that a failing test shows, and a run of
//! any length. It deliberately is no generator of inputs; those are the property tests'.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

/// `SplitMix64`: small, and the same everywhere.
pub struct Random(u64);

impl Random {
    /// From `AURA_TEST_SEED`, or from the clock; a failing test shows which seed it was.
    #[expect(
        clippy::print_stderr,
        reason = "the test runner shows it under a failing test"
    )]
    pub fn seeded() -> Self {
        let clock = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let seed =
            from_environment("AURA_TEST_SEED").unwrap_or_else(|| clock.subsec_nanos().into());
        eprintln!("the seed is AURA_TEST_SEED={seed}");
        Self(seed)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// A number that whoever runs the tests may set.
pub fn from_environment(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
    )
}
