//! The environment of commands: what is passed on, what never is, what is set.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::User;
use super::runners::{refused_runner, runner};
use crate::config::Runner;
use crate::config::runner::{BASE_ENV, RUN_ENV};

#[test]
fn variables_of_the_daemon_itself_are_never_passed_on() {
    for name in [
        "TEMPORAL_API_KEY",
        "TEMPORAL_TLS_CERT",
        "AURA_CONFIG",
        "AURAD_DB",
    ] {
        assert_eq!(
            refused_runner(&format!("argv = ['x']\npass_env = ['A', '{name}']")),
            [
                format!("FILE:3: pass_env in [runner.x] '{name}' is not passed on").as_str(),
                "variables of aura and Temporal configure the daemon and may be its secrets, \
                 which never reach a command",
                "correct line 3 of FILE: remove it; what a command needs of them can be set in env",
            ]
        );
    }
    for name in RUN_ENV {
        let [what, why, _] = refused_runner(&format!("argv = ['x']\npass_env = ['{name}']"));
        assert!(
            what.ends_with(&format!("'{name}' is not passed on")),
            "{what}"
        );
        assert_eq!(
            why,
            "aurad sets it for each command, to say what it is run for"
        );
        let [what, ..] = refused_runner(&format!("argv = ['x']\nenv = {{ {name} = 'x' }}"));
        assert!(
            what.ends_with(&format!("'{name}' is not for a runner to set")),
            "{what}"
        );
    }
    // What the operator writes down is meant to be seen by the command.
    let runner = runner("argv = ['x']\nenv = { TEMPORAL_API_KEY = 'k', AURA_CONFIG = '/c' }");
    assert_eq!(runner.env.len(), 2);
}

#[test]
fn the_environment_is_the_base_what_is_passed_on_and_what_is_set() {
    let runner = runner(
        "argv = ['x']\npass_env = ['TOKEN', 'MODEL', 'UNSET']\nenv = { MODEL = 'big', LANG = 'C' }",
    );
    let daemon = BTreeMap::from([
        ("PATH", "/bin"),
        ("LANG", "de_DE.UTF-8"),
        ("TERM", ""),
        ("TOKEN", "t"),
        ("MODEL", "small"),
        ("TEMPORAL_API_KEY", "secret"),
        ("AURAD_DB", "/db"),
        ("SSH_AUTH_SOCK", "/s"),
    ]);
    let expected = [
        ("LANG", "C"),
        ("MODEL", "big"),
        ("PATH", "/bin"),
        ("TERM", ""),
        ("TOKEN", "t"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(runner.environment(&daemon), BTreeMap::from(expected));

    let everything = BASE_ENV.map(|name| (name, name));
    let base = Runner::new("y", vec!["y".to_owned()]).environment(&BTreeMap::from(everything));
    assert!(base.keys().eq(BTreeMap::from(everything).keys()));
}

#[test]
fn a_variable_that_is_no_text_is_left_out_and_noticed() {
    let bytes = || OsString::from_vec(vec![b'/', 0xff]);
    let user = User::new()
        .config("[runner.x]\nargv = ['x']\npass_env = ['A', 'B']\nenv = { B = 'b' }\n")
        .with("A", bytes())
        .with("B", bytes());
    let settings = user.aurad();
    assert_eq!(
        settings.notices,
        [
            "commands of runner x do not get A: what aurad has there is not UTF-8 text; set it \
             in env of [runner.x]"
        ]
    );
    let environment = settings.runners["x"].environment(&user.env);
    let names: Vec<_> = environment.keys().collect();
    assert_eq!(names, ["B", "HOME"]);
}
