//! What shells offer where an id belongs, by scripts that ask: the open epochs of the server
//! that the line or the settings name, and the slices of the epoch on the line.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::support::shells::{SHELLS, Typing, is_here};
use crate::support::wait::eventually;
use crate::world::World;

const AURA_MSG: &str = env!("CARGO_BIN_EXE_aura-msg");

/// How far the server's index may lag behind, on a loaded machine; and the second that a
/// script gives up after may be over before there was an answer.
const LAG: Duration = Duration::from_mins(1);

/// Any text may be an id. A shell that took this one for code would make a file of it.
const ODD: &str = ".it's $(touch made)";

/// As bash quotes it.
fn quoted(id: &str) -> String {
    let mut quoted = String::new();
    for letter in id.chars() {
        if "' $()".contains(letter) {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted
}

/// Waits until a shell offers these for a line.
#[track_caller]
fn wait_for(typing: &Typing<'_>, shell: &str, line: &str, wanted: &[&str]) {
    eventually(&format!("{shell} completes {line:?}"), LAG, || {
        let offered = typing.complete(shell, line);
        (offered.words == wanted).then_some(())
    });
}

#[test]
fn ids_are_completed_to_what_there_is() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let named = |end: &str| world.beside(&format!("{}{end}", world.epoch));
    let (one, odd, over) = (named(".one"), named(ODD), named(".over"));
    one.start_in("p8");
    for epoch in [&odd, &over] {
        let _ = epoch.start();
    }
    let _ = over.say("epoch terminate").ok();
    for slice in ["parser", "printer"] {
        let _ = one
            .say(&format!("slice start --slice-id {slice} --mode mock"))
            .ok();
    }

    let answer = format!("{}.answer", world.epoch);
    let script = format!("#!/bin/sh\necho {answer}\n");
    let answering = world.sandbox.write("answering/aura-msg", &script);
    fs::set_permissions(&answering, fs::Permissions::from_mode(0o700)).unwrap();
    let answering = answering.to_str().expect("the sandbox has a plain path");
    for (shell, file) in SHELLS {
        if !is_here(shell) {
            continue;
        }
        let script = world.say(&format!("completions {shell} --dynamic")).ok();
        let path = format!("scripts/{}", file("aura-msg"));
        world.sandbox.write(path, &script.stdout);
        let scripts = world.sandbox.path().join("scripts");
        let typing = Typing::new(&world.sandbox, &scripts).with_program(AURA_MSG);
        let asking = Typing::new(&world.sandbox, &scripts)
            .with_program(AURA_MSG)
            .env("TEMPORAL_ADDRESS", &world.address);

        let beginning = format!("{}.", world.epoch);
        let odd = match shell {
            // It puts in what it is given, as it is given.
            "bash" => quoted(&odd.epoch),
            _ => odd.epoch.clone(),
        };
        let all = [odd.as_str(), &one.epoch];
        let line = format!("aura-msg query state --epoch-id {beginning}");
        wait_for(&asking, shell, &line, &all);
        // Whom to ask may stand in the line, instead.
        let address = format!("--address {}", world.address);
        let line = format!("aura-msg query state {address} --epoch-id {beginning}o");
        wait_for(&typing, shell, &line, &[&one.epoch]);

        let line = format!("aura-msg slice show --epoch-id {} --slice-id p", one.epoch);
        wait_for(&asking, shell, &line, &["parser", "printer"]);
        // One that is about to be is not among those that are, so nobody is asked; a program
        // that always has an answer shows it.
        let asked = Typing::new(&world.sandbox, &scripts).with_program(answering);
        let line = format!("aura-msg query state --epoch-id {beginning}");
        wait_for(&asked, shell, &line, &[&answer]);
        let line = format!("aura-msg epoch start --epoch-id {beginning}");
        let offered = asked.complete(shell, &line);
        assert_eq!(offered.words, [""; 0], "{}", offered.output);
    }
    let made = world.sandbox.path().join("work/made");
    assert!(!made.exists(), "an id was run");
}
