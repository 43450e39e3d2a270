//! What sessions and windows are called. Tmux reads more than a name where it takes one, so
//! what means something to it is replaced; two that then read alike are told apart by a
//! piece of a hash.

use crate::runner::digest;

/// How many characters of a name are kept. The hash comes on top.
const LONGEST: usize = 100;

/// How many digits of a hash tell two names apart.
const HASH: usize = 8;

/// The name of a session, which must not have what tmux reads as the end of one.
pub(super) fn session_name(text: &str) -> String {
    name(text, 's')
}

/// The name of a window. A mere number would be taken for its place in the session.
pub(super) fn window_name(text: &str) -> String {
    name(text, 'w')
}

fn name(text: &str, first: char) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || matches!(c, '-' | '_') {
            c
        } else {
            '_'
        }
    };
    let mut name: String = text.chars().map(plain).take(LONGEST).collect();
    if !name.starts_with(char::is_alphabetic) {
        name.insert(0, first);
    }
    if name == text && !is_told_apart(text) {
        return name;
    }
    name.push('-');
    name + &digest::piece(text, HASH)
}

/// Whether a name ends as one that we have given to another text.
fn is_told_apart(name: &str) -> bool {
    let end = name.rsplit_once('-').map(|(_, end)| end);
    end.is_some_and(|end| digest::is_piece(end, HASH))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_name_that_means_nothing_to_tmux_stays_as_it_is() {
        for name in ["aura-e1", "slice_a", "ü1"] {
            assert_eq!(session_name(name), name);
            assert_eq!(window_name(name), name);
        }
    }

    #[test]
    fn names_that_read_alike_are_told_apart() {
        let long = "x".repeat(LONGEST);
        let hashed = window_name("a.b");
        let texts = [
            "a.b",
            "a_b",
            "a:b",
            "7",
            "w7",
            "",
            "w",
            &hashed,
            &long,
            &format!("{long}y"),
            &format!("{long}z"),
        ];
        let names: BTreeSet<String> = texts.iter().map(|text| window_name(text)).collect();
        assert_eq!(names.len(), texts.len(), "{names:?}");
        for name in names {
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            assert!(name.starts_with(char::is_alphabetic) && name.chars().all(plain));
            assert!(name.len() <= LONGEST + HASH + 2, "{name}");
        }
    }
}
