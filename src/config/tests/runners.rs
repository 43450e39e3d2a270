//! Runners: what may be said of them, and what is refused.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{User, file_source, refused, row};
use crate::config::runner::SECTION;
use crate::config::{OnShutdown, Runner, aurad};

/// The runner `x` of a file with these lines.
pub(super) fn runner(lines: &str) -> Runner {
    let user = User::new().config(format!("[runner.x]\n{lines}\n"));
    user.aurad().runners.remove("x").unwrap()
}

/// What is said of such a file.
pub(super) fn refused_runner(lines: &str) -> [String; 3] {
    refused(format!("[runner.x]\n{lines}\n"))
}

#[test]
fn a_runner_is_a_command_and_the_rest_has_defaults() {
    let expected = Runner {
        written: ["argv"].into(),
        ..Runner::new("x", vec!["claude".to_owned(), "-p".to_owned()])
    };
    assert_eq!(runner("argv = ['claude', '-p']"), expected);
    assert_eq!(expected.timeout, Duration::from_mins(30));
    assert_eq!(expected.kill_after, Duration::from_secs(10));
    assert_eq!(expected.log_limit, 100_000_000);
    assert_eq!(expected.on_shutdown, None);
}

#[test]
fn everything_that_can_be_said() {
    let user = User::new().config(
        "[runner.\"a.b\"]\nargv = ['~/bin/x', '$HOME', '']\npass_env = ['TOKEN', 'PATH', 'TOKEN']\n\
         directory = '~/src'\ntimeout = '2h'\nkill_after = '1s'\nlog_limit = '10MB'\n\
         worktree = true\non_shutdown = 'leave'\n\
         [runner.\"a.b\".env]\nKEY = 'secret'\nLANG = 'C'\n",
    );
    let settings = user.aurad();
    let expected = Runner {
        name: "a.b".to_owned(),
        argv: vec![
            user.home("bin/x").display().to_string(),
            // No shell reads it.
            "$HOME".to_owned(),
            String::new(),
        ],
        env: [("KEY", "secret"), ("LANG", "C")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        // What every command gets, and what is named twice, needs no second word.
        pass_env: vec!["TOKEN".to_owned()],
        directory: Some(user.home("src")),
        timeout: Duration::from_hours(2),
        kill_after: Duration::from_secs(1),
        log_limit: 10_000_000,
        worktree: true,
        on_shutdown: Some(OnShutdown::Leave),
        written: SECTION.names().collect(),
    };
    assert_eq!(
        settings.runners,
        BTreeMap::from([("a.b".to_owned(), expected)])
    );
}

#[test]
fn every_setting_is_described_and_no_value_of_a_variable() {
    let user = User::new().config(
        "[runner.x]\nargv = ['x', 'a b']\nenv = { KEY = 'sesame' }\npass_env = ['TOKEN']\n\
         log_limit = 1_000_000\n",
    );
    let user = user.with("TOKEN", "sesame");
    let rows = user.aurad().describe();
    let file = file_source(&user.home(".config/aura/config.toml"));
    for (key, value, source) in [
        ("argv", "[\"x\", \"a b\"]", &*file),
        ("env", "KEY", &file),
        ("pass_env", "TOKEN", &file),
        ("directory", "none", "default"),
        ("timeout", "30m", "default"),
        ("kill_after", "10s", "default"),
        ("log_limit", "1MB", &file),
        ("worktree", "false", "default"),
        ("on_shutdown", "leave in tmux, else kill", "default"),
    ] {
        let found = row(&rows, &format!("runner.x.{key}"));
        assert_eq!(found, (value.into(), source.into()), "{key}");
    }
    let described = rows.iter().filter(|(name, ..)| name.starts_with("runner."));
    assert_eq!(described.count(), SECTION.keys.len());
    assert!(!format!("{rows:?}").contains("sesame"));
}

#[test]
fn paths_begin_at_the_home_or_at_the_file() {
    let user = User::new();
    for (written, program, directory) in [
        ("./s.sh", user.home("conf/s.sh"), user.home("conf/s.sh")),
        ("a/s.sh", user.home("conf/a/s.sh"), user.home("conf/a/s.sh")),
        ("~/s.sh", user.home("s.sh"), user.home("s.sh")),
        ("/s.sh", "/s.sh".into(), "/s.sh".into()),
        // A program without a slash is looked for in PATH.
        ("s.sh", "s.sh".into(), user.home("conf/s.sh")),
    ] {
        let text = format!("[runner.x]\nargv = ['{written}', './b']\ndirectory = '{written}'\n");
        let flags = aurad::Flags {
            config: Some(user.write("conf/c.toml", text)),
            ..Default::default()
        };
        let runner = user.aurad_with(flags).unwrap().runners.remove("x").unwrap();
        assert_eq!(runner.argv, [program.to_str().unwrap(), "./b"], "{written}");
        assert_eq!(runner.directory, Some(directory), "{written}");
    }
}

#[test]
fn names() {
    let longest = "x".repeat(64);
    for name in ["claude", "A_b-c.d", "_x", "0", longest.as_str()] {
        let user = User::new().config(format!("[runner.\"{name}\"]\nargv = ['x']\n"));
        assert!(user.aurad().runners.contains_key(name), "{name}");
    }
    let too_long = "x".repeat(65);
    for name in [
        "",
        "a b",
        "a/b",
        "ü",
        "..",
        "-x",
        "a\\nb",
        too_long.as_str(),
    ] {
        let [what, ..] = refused(format!("\n[runner.\"{name}\"]\nargv = ['x']\n"));
        assert!(
            what.starts_with("FILE:2: NAME in [runner.NAME] '"),
            "{what}"
        );
        assert!(what.ends_with("' is no runner's name"), "{what}");
    }
    let [_, why, fix] = refused("[runner.'a b']\n");
    assert_eq!(
        [why, fix],
        [
            "a name has 1 to 64 of the characters A-Z a-z 0-9 _ . - and begins with neither . \
             nor -",
            "correct line 1 of FILE: write [runner.claude], for example",
        ]
    );
}

#[test]
fn a_runner_without_a_command_is_refused() {
    assert_eq!(
        refused("\n[runner.x]\ntimeout = '1h'\n"),
        [
            "FILE:2: [runner.x] has no argv",
            "a runner is a command, and argv is its program and arguments",
            "write argv = [\"program\", \"argument\"] below line 2",
        ]
    );
    assert_eq!(
        refused_runner("argv = []"),
        [
            "FILE:2: argv in [runner.x] '[]' names no program",
            "its first string is the program",
            "correct line 2 of FILE: write argv = [\"program\", \"argument\"], for example",
        ]
    );
}

#[test]
fn what_is_no_setting_of_a_runner_is_named_with_line_and_key() {
    for (line, fault) in [
        ("argv = ['', 'x']", "argv in [runner.x] '' is no program"),
        (
            "argv = ['x', \"a\\u0000b\"]",
            "argv in [runner.x] 'a\\u{0}b' has a NUL",
        ),
        (
            "argv = ['~/']\nenv = 1",
            "env in [runner.x] has the wrong type",
        ),
        (
            "argv = 'claude -p'",
            "argv in [runner.x] has the wrong type",
        ),
        ("argv = ['x', 1]", "argv in [runner.x] has the wrong type"),
        ("env = ['A=1']", "env in [runner.x] has the wrong type"),
        ("env = { A = 1 }", "env.A in [runner.x] has the wrong type"),
        (
            "env = { 'A=B' = '1' }",
            "env in [runner.x] 'A=B' is no variable's name",
        ),
        (
            "env = { A = \"\\u0000\" }",
            "env in [runner.x] '\\u{0}' has a NUL",
        ),
        (
            "pass_env = 'A'",
            "pass_env in [runner.x] has the wrong type",
        ),
        (
            "pass_env = ['A', '']",
            "pass_env in [runner.x] '' is no variable's name",
        ),
        (
            "pass_env = ['A*']",
            "pass_env in [runner.x] 'A*' is no variable's name",
        ),
        (
            "pass_env = ['1A']",
            "pass_env in [runner.x] '1A' is no variable's name",
        ),
        ("directory = ''", "directory in [runner.x] '' is no path"),
        (
            "directory = \"a\\u0000\"",
            "directory in [runner.x] 'a\\u{0}' is no path",
        ),
        ("timeout = 0", "timeout in [runner.x] '0' is no time at all"),
        (
            "timeout = 'none'",
            "timeout in [runner.x] 'none' is no duration",
        ),
        (
            "kill_after = 'x'",
            "kill_after in [runner.x] 'x' is no duration",
        ),
        (
            "log_limit = 0",
            "log_limit in [runner.x] '0' is no size at all",
        ),
        (
            "worktree = 'yes'",
            "worktree in [runner.x] has the wrong type",
        ),
        (
            "on_shutdown = 'stay'",
            "on_shutdown in [runner.x] 'stay' is no way to stop",
        ),
        ("shell = true", "unknown key 'shell' in [runner.x]"),
    ] {
        let [what, ..] = refused_runner(line);
        let at = 1 + line.lines().count();
        assert_eq!(what, format!("FILE:{at}: {fault}"), "{line}");
    }
}

#[test]
fn a_variable_is_named_with_its_own_line() {
    assert_eq!(
        refused("[runner.x]\nargv = ['x']\n[runner.x.env]\nA = 'a'\nAURA_ROLE = 'b'\n"),
        [
            "FILE:5: env in [runner.x] 'AURA_ROLE' is not for a runner to set",
            "aurad sets it for each command, to say what it is run for",
            "correct line 5 of FILE: give it another name",
        ]
    );
}

#[test]
fn a_worktree_needs_a_repository() {
    assert_eq!(
        refused_runner("argv = ['x']\nworktree = true"),
        [
            "FILE:3: worktree in [runner.x] 'true' needs a directory",
            "the worktree is made of the git repository that directory names, and there is none",
            "correct line 3 of FILE: add directory = \"~/the/repository\", for example",
        ]
    );
    assert!(!runner("argv = ['x']\nworktree = false").worktree);
}

#[test]
fn sizes() {
    for (text, bytes) in [
        ("1", 1),
        ("'1'", 1),
        ("'512b'", 512),
        ("'10MB'", 10_000_000),
        ("'10 mb'", 10_000_000),
        ("'3kB'", 3_000),
        ("'2GiB'", 2 << 30),
        ("0x400", 1_024),
        ("'1000GB'", 1_000_000_000_000),
    ] {
        let runner = runner(&format!("argv = ['x']\nlog_limit = {text}"));
        assert_eq!(runner.log_limit, bytes, "{text}");
    }
    for (text, fault) in [
        ("''", "'' is no size"),
        ("'MB'", "'MB' is no size"),
        ("'1.5MB'", "'1.5MB' is no size"),
        ("'1T'", "'1T' is no size"),
        ("-1", "'-1' is no size"),
        ("'0kB'", "'0kB' is no size at all"),
        ("'1001GB'", "'1001GB' is too large"),
        (
            "'99999999999999999999GB'",
            "'99999999999999999999GB' is too large",
        ),
        ("1.5", "has the wrong type"),
    ] {
        let [what, ..] = refused_runner(&format!("argv = ['x']\nlog_limit = {text}"));
        assert_eq!(
            what,
            format!("FILE:3: log_limit in [runner.x] {fault}"),
            "{text}"
        );
    }
}
