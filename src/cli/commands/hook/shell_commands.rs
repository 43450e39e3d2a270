//! Whether a shell line runs a plain `git commit`. The constraint looks for the words
//! anywhere in the text; what blocks must not take a message about a commit for one, so
//! here they have to stand where a command stands. What a script or an alias does behind
//! its name is not seen.

/// Whether one of the line's commands is `git … commit`.
pub(super) fn commits(line: &str) -> bool {
    simple_commands(line).iter().any(|words| is_commit(words))
}

/// Options of `git` whose value is a word of its own.
const WITH_VALUE: [&str; 5] = ["-C", "-c", "--git-dir", "--work-tree", "--namespace"];

fn is_commit(words: &[String]) -> bool {
    let is_assignment = |word: &&String| {
        let name = word.split('=').next().unwrap_or_default();
        word.contains('=') && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
    };
    let mut words = words.iter().skip_while(is_assignment);
    let program = words.next().map(String::as_str).unwrap_or_default();
    if program.rsplit('/').next() != Some("git") {
        return false;
    }
    while let Some(word) = words.next() {
        if WITH_VALUE.contains(&word.as_str()) {
            words.next();
        } else if !word.starts_with('-') {
            return word == "commit";
        }
    }
    false
}

/// The words of each simple command: what stands between `;`, `&`, `|`, brackets and ends
/// of lines, with quotes taken off.
fn simple_commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ';' | '&' | '|' | '(' | ')' | '{' | '}' | '`' | '\n') => {
                words.extend(word.take());
                commands.push(std::mem::take(&mut words));
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    commands.push(words);
    commands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::{feed, texts};

    #[test]
    fn changed_lines_are_taken_apart() {
        let samples = texts([
            "cd a; git -C b -c user.name='x y' commit -m \"z\"",
            "x=$(git commit -m y) && echo `pwd` | cat <<'E'",
        ]);
        feed(&samples, |bytes| {
            let line = String::from_utf8_lossy(bytes);
            // Only a line that has both words can run it.
            if commits(&line) {
                let bare = line.replace(['\'', '"', '\\'], "");
                assert!(bare.contains("git") && bare.contains("commit"), "{line}");
            }
        });
    }

    #[test]
    fn commits_are_seen_where_commands_stand() {
        for line in [
            "git commit -m 'x'",
            "cargo fmt && git commit -am x",
            "cd a; git -C b -c user.name=x commit",
            "GIT_AUTHOR_NAME=x /usr/bin/git commit",
            "(git add . && git commit)",
            "x=$(git commit -m y)",
            "git add .\ngit commit",
        ] {
            assert!(commits(line), "{line}");
        }
    }

    #[test]
    fn nothing_else_is_taken_for_one() {
        for line in [
            "",
            "git agent-commit -m x",
            "echo 'then; git commit'",
            "grep -r \"git commit\" docs",
            "git log --grep commit",
            "git commit-tree abc",
            "git config alias.c commit",
            "echo git commit",
            "echo \\; git commit",
            "'",
            "\\",
        ] {
            assert!(!commits(line), "{line}");
        }
    }
}
