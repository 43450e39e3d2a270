//! The configurations that are shown to people, read as the daemon reads them; and the
//! scripts among them, run as it runs them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::User;
use crate::config::{Runner, aurad};
use crate::protocol::vote::ReviewAxis;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(user: &User, path: PathBuf) -> aurad::Settings {
    let flags = aurad::Flags {
        config: Some(path),
        ..Default::default()
    };
    user.aurad_with(flags).unwrap()
}

/// Runs a runner's command as a command of the phase, with the text on its input; its
/// output, if it succeeded.
fn run(runner: &Runner, notes: &Path, phase: &str, text: &str) -> String {
    let mut environment = runner.environment(&crate::config::ProcessEnv);
    environment.insert("NOTES_DIR".to_owned(), notes.display().to_string());
    let (program, arguments) = runner.argv.split_first().unwrap();
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment)
        .env("AURA_EPOCH_ID", "../an epoch")
        .env("AURA_SLICE_ID", "intro")
        .env("AURA_PHASE", phase)
        .env("AURA_ROUND", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_example_is_a_configuration() {
    let user = User::new();
    let settings = read(&user, repository("examples/runners/config.toml"));
    assert_eq!(settings.notices, [""; 0]);
    assert!(settings.runners.keys().eq(["note", "proofread"]));
    assert_eq!(settings.runners["note"].timeout, Duration::from_mins(1));
    for runner in settings.runners.values() {
        let program = Path::new(&runner.argv[0]);
        assert!(program.is_absolute() && program.is_file(), "{program:?}");
    }
    let reviewers = settings.review.runners;
    assert_eq!(reviewers[&ReviewAxis::Correctness], "proofread");
}

#[test]
fn the_scripts_of_the_example_do_what_they_say() {
    let user = User::new();
    let settings = read(&user, repository("examples/runners/config.toml"));
    let notes = user.home("notes");
    let vote = |phase: &str| {
        let output = run(&settings.runners["proofread"], &notes, phase, "Review.");
        let last = output.lines().next_back().unwrap().to_owned();
        let answer: serde_json::Value = serde_json::from_str(&last).unwrap();
        (
            answer["vote"].as_str().unwrap().to_owned(),
            answer["findings"].as_array().unwrap().len(),
        )
    };
    assert_eq!(vote("p4"), ("ACCEPT".to_owned(), 0));
    assert_eq!(vote("p10"), ("REVISE".to_owned(), 0));

    let text = "Say \"$(id)\" & 'so' – TODO\n\n";
    let output = run(&settings.runners["note"], &notes, "p9", text);
    let note = notes.join(".._an_epoch-intro.md");
    assert_eq!(output, format!("wrote {}\n", note.display()));
    let written = std::fs::read_to_string(&note).unwrap();
    assert_eq!(written, format!("# intro, round 1\n{text}\n"));
    assert_eq!(vote("p10"), ("REVISE".to_owned(), 1));

    run(&settings.runners["note"], &notes, "p9", "Done.");
    assert_eq!(vote("p10"), ("ACCEPT".to_owned(), 0));
}

#[test]
fn each_configuration_of_the_page_can_be_used() {
    let page = std::fs::read_to_string(repository("docs/runners.md")).unwrap();
    let blocks: Vec<_> = page
        .split("```toml")
        .skip(1)
        // What follows in the line is the file's name.
        .map(|rest| rest.split_once('\n').unwrap().1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        let settings = User::new().config(block).aurad();
        assert_eq!(settings.notices, [""; 0], "{block}");
        assert!(!settings.runners.is_empty(), "{block}");
    }
}

#[test]
fn the_page_tells_of_every_key_and_variable() {
    use crate::config::runner::{BASE_ENV, RUN_ENV};
    use crate::config::{review, runner};

    let page = std::fs::read_to_string(repository("docs/runners.md")).unwrap();
    let keys = runner::SECTION.names().chain(review::SECTION.names());
    for name in keys.chain(BASE_ENV).chain(RUN_ENV) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}
