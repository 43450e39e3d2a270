//! What is made from the commands and kept in the repository, for packages to install:
//! completions and manual pages. They are what the programs print today; and shells and
//! readers of manuals, where there are any, find nothing wrong with them.
//!
//! `AURA_REGENERATE=1 cargo test --test it generated` writes them anew.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::programs::Shell;
use crate::support::output::run_limited;
use crate::support::shells::{Typing, is_here};

pub const COMMAND: &str = "AURA_REGENERATE=1 cargo test --test it generated";
const LIMIT: Duration = Duration::from_mins(1);

/// The scripts: shell, program, and the file's name, as the shell looks for it.
const SCRIPTS: [(&str, &str, &str); 6] = [
    ("bash", "aura-msg", "aura-msg.bash"),
    ("bash", "aurad", "aurad.bash"),
    ("zsh", "aura-msg", "_aura-msg"),
    ("zsh", "aurad", "_aurad"),
    ("fish", "aura-msg", "aura-msg.fish"),
    ("fish", "aurad", "aurad.fish"),
];

type Files = BTreeMap<String, String>;

/// A place in the repository.
pub fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn read(folder: &Path) -> Files {
    let Ok(entries) = fs::read_dir(folder) else {
        return Files::new();
    };
    let files = entries.map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read_to_string(entry.path()).unwrap())
    });
    files.collect()
}

/// Holds a folder of the repository to what the programs print, or makes it so.
#[track_caller]
fn hold(folder: &str, fresh: &Files) {
    let path = repository(folder);
    if env::var_os("AURA_REGENERATE").is_some() {
        fs::create_dir_all(&path).unwrap();
        for name in read(&path).keys().filter(|name| !fresh.contains_key(*name)) {
            fs::remove_file(path.join(name)).unwrap();
        }
        for (name, text) in fresh {
            fs::write(path.join(name), text).unwrap();
        }
    }
    let kept = read(&path);
    let names = fresh.keys().chain(kept.keys());
    let mut stale: Vec<_> = names
        .filter(|name| fresh.get(*name) != kept.get(*name))
        .collect();
    stale.dedup();
    assert!(
        stale.is_empty(),
        "{folder}/ is not what the commands are now: {stale:?}\nregenerate it: {COMMAND}"
    );
}

/// What the programs print today, in folders `completions` and `man`. The repository's may
/// be about to be written.
fn fresh() -> Shell {
    let shell = Shell::new();
    for (name, program, file) in SCRIPTS {
        let output = shell.aura_msg(["completions", name, "--program", program]);
        let path = Path::new("completions").join(file);
        shell.sandbox.write(path, &output.ok().stdout);
    }
    let man = shell.sandbox.path().join("man").display().to_string();
    let _ = shell.aura_msg(["man", "--dir", &man]).ok();
    shell
}

#[test]
fn completions_are_those_of_the_commands() {
    let shell = fresh();
    hold(
        "completions",
        &read(&shell.sandbox.path().join("completions")),
    );
}

#[test]
fn manual_pages_are_those_of_the_commands() {
    let shell = fresh();
    hold("man", &read(&shell.sandbox.path().join("man")));
}

#[test]
fn a_manual_page_is_printed_by_the_words_of_its_command() {
    let shell = fresh();
    let man = read(&shell.sandbox.path().join("man"));
    for (words, file) in [
        (&[][..], "aura-msg.1"),
        (&["epoch", "start"], "aura-msg-epoch-start.1"),
        (&["aurad"], "aurad.1"),
        (&["aurad", "db", "check"], "aurad-db-check.1"),
    ] {
        let output = shell.aura_msg(["man"].iter().chain(words)).ok();
        assert_eq!(output.stdout, man[file], "{file}");
    }
    let output = shell.aura_msg(["man", "epoch", "strat"]).code(1);
    assert!(output.stderr.contains("aura-msg-epoch-start"), "{output}");
    shell.aura_msg(["man", "--dir", "/proc/none"]).code(1);
    shell.aura_msg(["completions", "tcsh"]).code(1);
}

#[test]
fn manual_pages_render_without_a_warning() {
    let programs = fresh();
    let folder = programs.sandbox.path().join("man");
    let pages = || read(&folder).into_keys().map(|name| folder.join(name));
    assert!(pages().count() > 30);
    if is_here("mandoc") {
        let mut lint = Command::new("mandoc");
        lint.args(["-Tlint", "-Wwarning"]).args(pages());
        let output = run_limited(&mut lint, "", LIMIT).unwrap();
        assert_eq!(output.stdout, "", "{output}");
        assert_eq!(output.code, 0, "{output}");
    }
    if is_here("man") {
        for page in pages() {
            let mut man = Command::new("man");
            man.args(["--warnings", "-l", "-E", "UTF-8"])
                .arg(&page)
                .env("MANWIDTH", "80")
                .env("MANPAGER", "cat");
            let output = run_limited(&mut man, "", LIMIT).unwrap().ok();
            assert_eq!(output.stderr, "", "{output}");
            assert!(output.stdout.contains("SYNOPSIS"), "{output}");
        }
    }
}

/// A line that is typed up to here, and the whole of what completes it, or a part of that.
struct Case {
    line: &'static str,
    all: bool,
    words: &'static [&'static str],
}

const fn exactly(line: &'static str, words: &'static [&'static str]) -> Case {
    let all = true;
    Case { line, all, words }
}

const fn among(line: &'static str, words: &'static [&'static str]) -> Case {
    let all = false;
    Case { line, all, words }
}

const CASES: [Case; 13] = [
    exactly("aura-msg epoch sta", &["start"]),
    among("aura-msg ", &["epoch", "config", "completions", "man"]),
    exactly(
        "aura-msg phase advance --to-phase p1",
        &[
            "p1-request",
            "p10-code_review",
            "p11-impl_uat",
            "p12-landing",
        ],
    ),
    exactly("aura-msg epoch list --phase comp", &["complete"]),
    exactly("aura-msg epoch wait --until p3", &["p3-propose"]),
    exactly(
        "aura-msg signal vote --axis ",
        &["correctness", "test_quality", "elegance"],
    ),
    exactly("aura-msg signal vote --vote ", &["ACCEPT", "REVISE"]),
    exactly("aura-msg session register --role w", &["worker"]),
    exactly(
        "aura-msg epoch list --role ",
        &["epoch", "architect", "reviewer", "supervisor", "worker"],
    ),
    exactly("aura-msg finding add --severity B", &["BLOCKER"]),
    exactly("aura-msg epoch show --format json", &["json", "jsonl"]),
    exactly("aurad --embed", &["--embedded"]),
    exactly("aurad db c", &["check", "compact"]),
];

#[track_caller]
fn hold_to(case: &Case, found: &[String], shell: &str) {
    let mut wanted: Vec<_> = case.words.iter().map(ToString::to_string).collect();
    wanted.sort();
    let right = if case.all {
        found == wanted
    } else {
        wanted.iter().all(|word| found.contains(word))
    };
    assert!(right, "{shell}, {:?}: {found:?}, not {wanted:?}", case.line);
}

/// Each case, in a shell.
#[track_caller]
fn completes_what_is_typed(shell: &str) {
    if !is_here(shell) {
        return;
    }
    let programs = fresh();
    let typing = Typing::new(
        &programs.sandbox,
        programs.sandbox.path().join("completions"),
    );
    for case in &CASES {
        hold_to(case, &typing.complete(shell, case.line).words, shell);
    }
}

#[test]
fn bash_completes_what_is_typed() {
    completes_what_is_typed("bash");
}

#[test]
fn fish_completes_what_is_typed() {
    completes_what_is_typed("fish");
}

#[test]
fn zsh_completes_what_is_typed() {
    completes_what_is_typed("zsh");
}
