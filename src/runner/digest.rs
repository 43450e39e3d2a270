//! A piece of a text's hash, for names that keep only a part of the text: two that then read
//! alike are told apart by it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The first so many hex digits of a text's hash, an even number of them.
pub(super) fn piece(text: &str, digits: usize) -> String {
    let mut piece = String::with_capacity(digits);
    for byte in Sha256::digest(text).iter().take(digits / 2) {
        // Writing to a string cannot fail.
        let _ = write!(piece, "{byte:02x}");
    }
    piece
}

/// Whether a text may be such a piece.
pub(super) fn is_piece(text: &str, digits: usize) -> bool {
    text.len() == digits && text.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_beginning_of_the_hash() {
        assert_eq!(piece("abc", 8), "ba7816bf");
        assert_eq!(piece("abc", 16), "ba7816bf8f01cfea");
        assert!(is_piece("ba7816bf", 8));
        assert!(!is_piece("ba7816bf8", 8) && !is_piece("ba7816bg", 8));
    }
}
