//! Scripts that ask a server for ids, where there is none: the shell offers nothing, shows
//! nothing, and does not wait. What they offer where there is one is an e2e scene.

use crate::programs::{AURA_MSG, Shell};
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::output::Output;
use crate::support::shells::{SHELLS, Typing, is_here};

/// A second is all that is waited, whatever commands may take; and what runs here is ended
/// long before this.
const PATIENT: &str = "[aura-msg]\ntimeout = '10m'\n";

#[track_caller]
fn silent(output: Output) {
    let output = output.ok();
    assert_eq!(output.stdout, "", "{output}");
    assert_eq!(output.stderr, "", "{output}");
}

#[test]
fn nothing_is_said_where_nothing_can_be_known() {
    let (refused, hole) = (Refused::reserve(), BlackHole::open());
    for address in [refused.address(), hole.address()] {
        let shell = Shell::at(&address);
        shell.sandbox.write_config(PATIENT);
        for kind in ["epoch-ids", "slice-ids"] {
            silent(shell.aura_msg(["__complete", kind, "", "aura-msg", "query", "state"]));
        }
    }
    assert!(hole.visits() > 0, "nobody asked");
}

#[test]
fn nothing_is_said_of_words_that_make_no_sense() {
    let hole = BlackHole::open();
    for words in [
        &["__complete"][..],
        &["__complete", "colours", ""],
        &[
            "__complete",
            "epoch-ids",
            "",
            "aura-msg",
            "--address",
            "here",
        ],
        &[
            "__complete",
            "epoch-ids",
            "",
            "aura-msg",
            "--config=/none",
            "-n",
        ],
        &[
            "__complete",
            "slice-ids",
            "",
            "aura-msg",
            "--epoch-id",
            "\u{7}",
        ],
    ] {
        silent(Shell::at(&hole.address()).aura_msg(words));
    }
    let shell = Shell::at(&hole.address());
    shell.sandbox.write_config("[aura-msg\n");
    silent(shell.aura_msg(["__complete", "epoch-ids", ""]));
    assert_eq!(hole.visits(), 0, "somebody asked");
}

#[test]
fn shells_offer_nothing_show_nothing_and_do_not_wait_without_a_server() {
    let (refused, hole) = (Refused::reserve(), BlackHole::open());
    for (shell, file) in SHELLS {
        if !is_here(shell) {
            continue;
        }
        for address in [refused.address(), hole.address()] {
            let programs = Shell::new();
            programs.sandbox.write_config(PATIENT);
            // What would be offered, if it were files.
            programs.sandbox.write("work/a-file", "");
            let script = programs.aura_msg(["completions", shell, "--dynamic"]).ok();
            let path = format!("scripts/{}", file("aura-msg"));
            programs.sandbox.write(path, &script.stdout);
            let typing = Typing::new(&programs.sandbox, programs.sandbox.path().join("scripts"))
                .with_program(AURA_MSG)
                .env("TEMPORAL_ADDRESS", &address);
            let line = "aura-msg query state --epoch-id ";
            let offered = typing.complete(shell, line);
            assert_eq!(offered.words, [""; 0], "{}", offered.output);
            let shown = &offered.output.stderr;
            let is_terminal = shell == "zsh";
            assert!(
                if is_terminal {
                    !shown.contains("error")
                } else {
                    shown.is_empty()
                },
                "{}",
                offered.output
            );
            // All else is as without it.
            let offered = typing.complete(shell, "aura-msg signal vote --vote ");
            assert_eq!(offered.words, ["ACCEPT", "REVISE"], "{}", offered.output);
        }
    }
    // Not only was nothing offered: it was asked for. On a loaded machine the second may be
    // over before a program has come so far, but not for all of them.
    assert!(hole.visits() > 0 || !SHELLS.iter().any(|(shell, _)| is_here(shell)));
}

#[test]
fn a_script_that_asks_nobody_knows_no_server() {
    let shell = Shell::new();
    for (name, _) in SHELLS {
        let script = shell.aura_msg(["completions", name]).ok().stdout;
        assert!(!script.contains("aura-msg __complete"), "{name}");
        let script = shell.aura_msg(["completions", name, "--dynamic"]).ok();
        // Every place has got its call.
        assert!(!script.stdout.contains("AURA_EPOCH_IDS"), "{name}");
        assert!(!script.stdout.contains("AURA_SLICE_IDS"), "{name}");
        let wrong = ["completions", name, "--dynamic", "--program", "aurad"];
        let output = shell.aura_msg(wrong).code(1);
        assert!(output.stderr.contains("of no use"), "{output}");
    }
    // A person who mistypes a command is told so.
    let output = shell.aura_msg(["complete", "epoch-ids"]).code(1);
    assert!(output.stderr.contains("complete"), "{output}");
}
