//! Colour: none where nothing is a terminal, but for who asks for it; never for programs.

use serde_json::Value;

use crate::programs::Shell;
use crate::support::dead_ends::Refused;

const RED: &str = "\x1b[1m\x1b[31mconnection error\x1b[0m: ";

#[test]
fn an_error_is_painted_for_who_asks_for_it() {
    let refused = Refused::reserve();
    let address = refused.address();
    let said = |env: &[(&str, &str)], args: &[&str]| {
        let shell = env
            .iter()
            .fold(Shell::at(&address), |shell, (name, value)| {
                shell.env(name, value)
            });
        let words = ["query", "state"].iter().chain(args);
        shell.aura_msg(words).code(2).stderr
    };
    assert!(said(&[], &["--color=always"]).starts_with(RED));
    assert!(said(&[], &["--color", "always"]).starts_with(RED));
    assert!(said(&[("CLICOLOR_FORCE", "1")], &[]).starts_with(RED));
    assert!(said(&[("NO_COLOR", "1")], &["--color", "always"]).starts_with(RED));
    for (env, args) in [
        (&[][..], &[][..]),
        (&[], &["--color=auto"]),
        (&[], &["--color=always", "--color=never"]),
        (&[("CLICOLOR_FORCE", "1")], &["--color=never"]),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]),
        (&[("TERM", "xterm-256color")], &[]),
    ] {
        let stderr = said(env, args);
        assert!(
            stderr.starts_with("connection error: "),
            "{env:?} {args:?}: {stderr}"
        );
    }
}

#[test]
fn programs_get_no_colour() {
    let shell = Shell::nowhere();
    for format in ["json", "jsonl"] {
        let format = format!("--format={format}");
        for command in [&["query", "state"][..], &["doctor"]] {
            let words = command.iter().copied().chain(["--color=always", &format]);
            let output = shell.aura_msg(words);
            assert!(!output.stdout.contains('\x1b'), "{output}");
            let error: Value = serde_json::from_str(&output.stderr).expect("an error is JSON");
            assert!(error["error"]["code"].is_string(), "{output}");
        }
    }
}

#[test]
fn another_wish_is_explained() {
    let output = Shell::new()
        .aura_msg(["query", "state", "--color=blue"])
        .code(1);
    assert!(output.stderr.contains("auto, always, never"), "{output}");
}
