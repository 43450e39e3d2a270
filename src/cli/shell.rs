//! Commands that people are told to type.

/// Words as a shell takes them.
pub(super) fn shell_line<T: AsRef<str>>(words: &[T]) -> String {
    let is_plain = |word: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "%+,-./:=@_".contains(c);
        // One that begins with = is the path of a program to some shells.
        !word.is_empty() && !word.starts_with('=') && word.chars().all(plain)
    };
    words
        .iter()
        .map(AsRef::as_ref)
        .map(|word: &str| {
            if is_plain(word) {
                word.to_owned()
            } else {
                format!("'{}'", word.replace('\'', r"'\''"))
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}
