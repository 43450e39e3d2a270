//! The inputs of children, which any client can also send: objects whose texts are as
//! long as those of messages may be. An epoch's own input is checked by its rules.

use serde::de::DeserializeOwned;

use super::object;
use crate::protocol::refusal::Refusal;

/// An input of a child.
pub trait Input: DeserializeOwned {
    /// Its texts: their names, and the bytes they may have.
    fn texts(&self) -> Vec<(&'static str, &str, usize)>;
}

/// Reads an input.
///
/// # Errors
///
/// In words, what is wrong with it.
pub fn read<T: Input>(json: &[u8]) -> Result<T, String> {
    let input: T = object::read(json)?;
    let texts = input.texts().into_iter();
    match texts
        .map(|(name, text, max)| (name, text.len(), max))
        .find(|(_, len, max)| len > max)
    {
        Some((name, len, max)) => Err(Refusal::too_long(name, len, max).to_string()),
        None => Ok(input),
    }
}
