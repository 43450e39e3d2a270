//! Inputs that nobody would write, for whatever reads what comes from outside: changed
//! samples of what somebody would. It deliberately measures no coverage, so that it runs on
//! any toolchain, and knows nothing of what it feeds; what must hold is said where it is read.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// Inputs per target where `AURA_TEST_INPUTS` says nothing.
const USUAL: u64 = 1_000;
/// The most bytes of an input.
const MOST: usize = 64 * 1024;
/// Pieces that decoders treat as something special.
const PIECES: [&[u8]; 36] = [
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"0",
    b"-1",
    b"-0",
    b"1e400",
    b"1e-400",
    b"0.1",
    b"18446744073709551616",
    b"9223372036854775807",
    b"-9223372036854775809",
    b"4294967296",
    b"\"\\u0000\"",
    b"\"\\ud800\"",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\r\n",
    b"\\",
    b"'",
    b"\"\"\"",
    b"[[",
    b"]]",
    b"{\"a\":",
    b"=",
    b".",
    b",",
    b"#",
    b"(((((((((((((((((((((((((((((((((",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"9999-12-31T23:59:60Z",
    b"-292277022657-01-27T08:29:52Z",
];

/// Feeds a reader with changed samples; whatever it does but panic is right, unless it says
/// more itself. `AURA_TEST_INPUTS` says how many, `AURA_TEST_SEED` repeats what failed.
pub(crate) fn feed(samples: &[Vec<u8>], mut reader: impl FnMut(&[u8])) {
    let seed = variable("AURA_TEST_SEED").unwrap_or_else(|| {
        let clock = SystemTime::now().duration_since(UNIX_EPOCH);
        clock.unwrap_or_default().subsec_nanos().into()
    });
    let mut random = Random(seed);
    for number in 0..variable("AURA_TEST_INPUTS").unwrap_or(USUAL) {
        let input = random.changed(samples);
        let read = catch_unwind(AssertUnwindSafe(|| reader(&input)));
        if let Err(panic) = read {
            let shown = input.escape_ascii();
            eprintln!("input {number} of AURA_TEST_SEED={seed}: \"{shown}\"");
            resume_unwind(panic);
        }
    }
}

/// Samples of texts.
pub(crate) fn texts<T: AsRef<str>>(samples: impl IntoIterator<Item = T>) -> Vec<Vec<u8>> {
    let bytes = |text: T| text.as_ref().as_bytes().to_vec();
    samples.into_iter().map(bytes).collect()
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    let number = text.parse().ok();
    assert!(number.is_some(), "{name}={text} is no number");
    number
}

/// `SplitMix64`: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the limit; 0 for a limit of 0.
    fn below(&mut self, limit: usize) -> usize {
        let drawn = self.next().checked_rem(limit as u64);
        drawn.and_then(|drawn| drawn.try_into().ok()).unwrap_or(0)
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &'a [impl AsRef<T>]) -> Option<&'a T> {
        of.get(self.below(of.len())).map(AsRef::as_ref)
    }

    fn changed(&mut self, samples: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.pick::<[u8]>(samples).unwrap_or_default().to_vec();
        for _ in 0..self.below(6) {
            self.change(&mut input, samples);
        }
        input.truncate(MOST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, samples: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let to = (at + self.below(16)).min(input.len());
        match self.below(8) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << (self.next() & 7);
                }
            }
            1 => {
                if let Some(byte) = input.get_mut(at) {
                    [*byte, ..] = self.next().to_le_bytes();
                }
            }
            2 => drop(input.drain(at..to)),
            3 => input.truncate(at),
            4 => {
                let again: Vec<u8> = input.drain(at..to).collect();
                let times = self.below(20);
                input.splice(at..at, again.repeat(times));
            }
            5 => {
                // The rest of another sample: one key's value with another's.
                let other = self.pick::<[u8]>(samples).unwrap_or_default();
                let from = self.below(other.len());
                input.splice(at..to, other.iter().copied().skip(from));
            }
            _ => {
                let piece = self.pick::<[u8]>(&PIECES).unwrap_or_default();
                input.splice(at..to, piece.iter().copied());
            }
        }
    }
}

#[test]
fn inputs_differ_from_the_samples_and_can_be_had_again() {
    let samples = texts(["{\"phase\": \"p4\"}", "[slice]\nid = \"s1\""]);
    let drawn = |seed| {
        let mut random = Random(seed);
        (0..500)
            .map(|_| random.changed(&samples))
            .collect::<Vec<_>>()
    };
    assert_eq!(drawn(7), drawn(7));
    assert_ne!(drawn(7), drawn(8));
    let new = drawn(7)
        .iter()
        .filter(|input| !samples.contains(input))
        .count();
    assert!(new > 300, "{new} of 500 are new");
}
