//! The daemon's settings of commands: how many, where their logs are, what is said of a
//! shell for everybody.

use std::path::{Path, PathBuf};

use super::{User, refused};
use crate::config::{DefaultFile, Error, aurad};

const RUNNER: &str = "[runner.x]\nargv = ['x']\n";

#[test]
fn numbers_of_commands() {
    let user = User::new();
    let count = |text: &str| {
        let flags = aurad::Flags {
            max_commands: Some(text.into()),
            ..Default::default()
        };
        user.aurad_with(flags)
            .map(|settings| settings.max_commands.value)
            .map_err(|error| error.what())
    };
    for (text, number) in [("1", 1), ("008", 8), ("10000", 10_000)] {
        assert_eq!(count(text), Ok(number), "{text}");
    }
    for text in [
        "",
        "0",
        "-1",
        "+1",
        "1.5",
        "10001",
        "99999999999",
        "many",
        "٣",
    ] {
        let what = format!("--max-commands '{text}' is no number of commands");
        assert_eq!(count(text), Err(what), "{text}");
    }
    assert_eq!(
        refused("[aurad]\nmax_commands = 0\n"),
        [
            "FILE:2: max_commands in [aurad] '0' is no number of commands",
            "it is a whole number from 1 to 10000",
            "correct line 2 of FILE: write 8, for example",
        ]
    );
    assert_eq!(
        refused("[aurad]\nmax_commands = '8'\n"),
        [
            "FILE:2: max_commands in [aurad] has the wrong type",
            "it has to be a whole number, and this is of the type string",
            "correct line 2 of FILE",
        ]
    );
}

#[test]
fn the_place_of_logs_means_the_same_in_every_directory() {
    let user = User::new();
    let given = |path: &str| {
        let flags = aurad::Flags {
            state_dir: Some(path.into()),
            ..Default::default()
        };
        user.aurad_with(flags).unwrap().state_dir().to_owned()
    };
    let here = std::env::current_dir().unwrap();
    assert_eq!(given("state"), here.join("state"));
    assert_eq!(given("~/state"), user.home("state"));

    let user = User::new().with("XDG_STATE_HOME", "/xdg");
    assert_eq!(user.aurad().state_dir(), Path::new("/xdg/aura"));
    let user = User::new().config("[aurad]\nstate_dir = 'state'\n");
    let beside = user.home(".config/aura/state");
    assert_eq!(user.aurad().state_dir(), beside);
}

#[test]
fn only_who_runs_commands_needs_a_place_for_logs() {
    let mut user = User::new();
    let file = user.write("c.toml", RUNNER);
    user.env.remove("HOME");
    assert_eq!(user.aurad().state_dir.value, None);

    let configured = |file: &PathBuf| aurad::Flags {
        config: Some(file.clone()),
        ..Default::default()
    };
    let shell = aurad::Flags {
        allow_shell: true,
        ..Default::default()
    };
    for flags in [shell, configured(&file)] {
        let error = user.aurad_with(flags).unwrap_err();
        assert_eq!(error, Error::NoPlace(DefaultFile::State));
        assert_eq!(
            user.parts(&error),
            [
                "there is no place for the logs and records of commands",
                "neither XDG_STATE_HOME nor HOME is set to an absolute path, and no directory is \
                 named",
                "name it with --state-dir, or set HOME",
            ]
        );
    }
    let user = user.with("AURAD_STATE_DIR", "/state");
    let settings = user.aurad_with(configured(&file)).unwrap();
    assert_eq!(settings.state_dir(), Path::new("/state"));
}

#[test]
fn a_shell_for_everybody_is_not_allowed_unnoticed() {
    let user = User::new().with("AURAD_ALLOW_SHELL", "1");
    assert_eq!(
        user.aurad().notices,
        [
            "allow_shell (env AURAD_ALLOW_SHELL): whoever can send a message to an epoch can run \
             any command as this user"
        ]
    );
    let user = user.with("AURAD_ALLOW_SHELL", "0");
    assert_eq!(user.aurad().notices, [""; 0]);
}
