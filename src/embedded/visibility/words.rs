//! Equality of `Text` attributes: a text equals a query if it has one of the query's words,
//! without regard to case and to accents on Latin letters.
//!
//! The server asks `SQLite`'s full-text index (tokenizer `unicode61 remove_diacritics 2`).
//! This cuts texts in the same way, each time they are compared: an index would cost every
//! write, for a type that nobody should filter many runs by.

use std::iter;

use icu_normalizer::DecomposingNormalizerBorrowed;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// The SQL function: `has_words(text, query)`.
pub(super) const FUNCTION: &str = "has_words";

/// Makes the function known to a connection. Doing so again changes nothing.
pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    conn.create_scalar_function(FUNCTION, 2, flags, |context| {
        let query = context.get_or_create_aux(1, |value| {
            Ok::<_, rusqlite::Error>(Query::new(value.as_str()?))
        })?;
        // A value of another type, from before the attribute was registered, has no words.
        Ok(context
            .get_raw(0)
            .as_str()
            .is_ok_and(|text| query.matches(text)))
    })
}

/// What is looked for: one of these phrases. What is written without a space between, as in
/// `on-line`, is a phrase of several words.
#[derive(Debug)]
pub(super) struct Query(Vec<Vec<String>>);

impl Query {
    /// Reads a query.
    pub(super) fn new(query: &str) -> Self {
        Self(
            query
                .split(' ')
                .map(words)
                .filter(|phrase| !phrase.is_empty())
                .collect(),
        )
    }

    /// Whether a text has one of the phrases.
    pub(super) fn matches(&self, text: &str) -> bool {
        let words = words(text);
        self.0
            .iter()
            .any(|phrase| words.windows(phrase.len()).any(|part| part == phrase))
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for char in text.chars() {
        if char.is_alphanumeric() {
            word.extend(folded(char).to_lowercase());
        } else if !is_accent(char) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A Latin letter without its accents; any other character as it is.
fn folded(char: char) -> char {
    DecomposingNormalizerBorrowed::new_nfd()
        .normalize_iter(iter::once(char))
        .next()
        .filter(char::is_ascii_alphabetic)
        .unwrap_or(char)
}

/// Whether a character is an accent that stands by itself, after its letter.
fn is_accent(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{331}')
}
