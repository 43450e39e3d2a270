//! Closed sets of words: one macro gives each enum its wire words, its order and
//! its parsing, so that no list of values is written twice. It leaves out JSON,
//! which belongs to the contract.

use std::fmt;

/// A word that is none of the expected ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} '{given}'; valid: {valid}")]
pub struct UnknownWord {
    /// What was expected, such as `phase`.
    pub kind: &'static str,
    /// What was given, cut to a length that fits a message.
    pub given: String,
    /// The valid words, comma-separated.
    pub valid: String,
}

impl UnknownWord {
    /// Builds the error, cutting an over-long `given` at a character's boundary.
    pub fn new(kind: &'static str, given: &str, valid: &[&str]) -> Self {
        const SHOWN: usize = 80;
        let mut shown: String = given.chars().take(SHOWN).collect();
        if shown.len() < given.len() {
            shown.push('…');
        }
        Self {
            kind,
            given: shown,
            valid: valid.join(", "),
        }
    }
}

/// An enum whose values are words on the wire.
pub trait Word: Copy + Ord + fmt::Display + Sized + 'static {
    /// What one value is called, for messages.
    const KIND: &'static str;
    /// All values, in the contract's order.
    const ALL: &'static [Self];
    /// All words, in the same order.
    const WORDS: &'static [&'static str];

    /// The wire word.
    fn word(self) -> &'static str;

    /// The value with exactly this word.
    fn from_word(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.word() == word)
            .ok_or_else(|| UnknownWord::new(Self::KIND, word, Self::WORDS))
    }
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident as $kind:literal { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $crate::protocol::words::Word for $name {
            const KIND: &'static str = $kind;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::protocol::words::Word::word(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::protocol::words::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                $crate::protocol::words::Word::from_word(word)
            }
        }
    };
}
pub(crate) use words;
