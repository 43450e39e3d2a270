//! Words for tmux, and for the one line that it gives to a shell: the writer of a pane's
//! log. The command itself never goes through a shell.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// A line of these words for `tmux pipe-pane`, which replaces `#…` and `%…` in it and then
/// gives it to `sh`; both leave a word as it is.
pub(super) fn line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words
        .into_iter()
        .map(|word| literal(&shell(word)))
        .collect();
    quoted.join(" ")
}

/// One word for `sh`: within single quotes nothing has a meaning but the quote itself.
fn shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Text in which tmux replaces nothing, neither its formats nor those of times.
fn literal(text: &str) -> String {
    text.replace('#', "##").replace('%', "%%")
}

/// Text in which tmux replaces no formats, where it knows no times.
pub(super) fn plain(text: &str) -> String {
    text.replace('#', "##")
}

/// A word for tmux itself, which takes a semicolon at the end of one for the end of a
/// command.
pub(super) fn word(word: &OsStr) -> OsString {
    let bytes = word.as_bytes();
    match bytes.strip_suffix(b";") {
        Some(begin) => OsString::from_vec([begin, br"\;"].concat()),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{literal, shell};

    const WORDS: [&str; 8] = [
        "plain",
        "",
        "two words",
        "it's",
        "'; touch x; '",
        "$(id) `id` $HOME \\ \" ! * ?",
        "a\nb\tc",
        "#{pid} #(id) %H %% ## ü",
    ];

    #[test]
    fn a_shell_gives_the_words_back() {
        for word in WORDS {
            let script = format!("printf '[%s]' {}", shell(word));
            let output = Command::new("/bin/sh")
                .args(["-c", &script])
                .output()
                .unwrap();
            assert_eq!(
                String::from_utf8(output.stdout).unwrap(),
                format!("[{word}]")
            );
        }
    }

    #[test]
    fn signs_of_tmux_are_doubled() {
        assert_eq!(literal("#{pid}%H##"), "##{pid}%%H####");
    }
}
