//! Looking at a command while it runs: in its window, and in its log.

use std::fs;
use std::process::Command;

use super::{LIMIT, configure, slice, start_in_p9, until, until_none_runs};
use crate::failures;
use crate::support::guard::Guarded;
use crate::support::lines::Lines;
use crate::support::wait::eventually;
use crate::world::World;

/// Says something, and then nothing more until it may end.
const TALKER: &str = r#"
import os, pathlib, time
print("words of the command", flush=True)
while not pathlib.Path("end").exists() and os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
print("last words")
"#;

const TOLD: &str = "words of the command";

/// A world in p9 with a slice that has said its first words.
#[track_caller]
fn talking(world: &World, mode: &str) {
    start_in_p9(world);
    let line = format!("slice start --slice-id s --runner talker --mode {mode} --prompt x");
    let _ = world.say(&line).ok();
    logged(world);
}

/// Waits for the first words in the log, and for nothing else that could be theirs.
#[track_caller]
fn logged(world: &World) {
    let logs = eventually("the log has its first words", LIMIT, || {
        let logs = world.say("slice logs --slice-id s");
        logs.stdout.contains(TOLD).then_some(logs)
    })
    .ok();
    assert!(!logs.stdout.contains("last words"), "{logs}");
    assert_eq!(slice(world, "s")["state"], "running");
}

/// A process that a person has: `aura-msg`, or what it says. It has no epoch in its
/// environment, by which commands are known here.
fn of_a_person(world: &World, program: &str) -> Command {
    let mut command = world.sandbox.guarded(program);
    command
        .env("TEMPORAL_ADDRESS", &world.address)
        .env("TEMPORAL_TASK_QUEUE", world.sandbox.task_queue())
        .env("TERM", "xterm");
    command
}

/// Runs a line on a terminal whose screen goes to this file.
fn on_a_terminal(world: &World, line: &str, screen: &str) -> Guarded {
    let mut command = of_a_person(world, "script");
    command.args(["-q", "-e", "-f", "-c", line, screen]);
    Guarded::spawn(&mut command, &Lines::default(), &Lines::default()).expect("there is script")
}

/// How many look at this window of tmux.
fn lookers(world: &World, window: &str) -> usize {
    let asked = world
        .sandbox
        .command("tmux")
        .args(["-L", "aura", "list-clients", "-F"])
        .arg("#{session_name}:#{window_name}")
        .output()
        .expect("there is tmux");
    let clients = String::from_utf8_lossy(&asked.stdout).into_owned();
    clients.lines().filter(|line| *line == window).count()
}

#[test]
fn a_window_can_be_looked_at_while_its_command_runs() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("talker", TALKER, "")], "");
    let _daemon = world.ready_daemon();
    talking(&world, "tmux");
    let said = world.say("slice attach --slice-id s --format json").ok();
    let words = said.json()["attach"].clone();
    let window = words.as_array().and_then(|words| words.last()).cloned();
    // An equals sign before a name asks for that name and no other.
    let window = window
        .expect("it says where")
        .as_str()
        .unwrap()
        .replace('=', "");
    assert_eq!(lookers(&world, &window), 0, "nobody looks yet");

    // What it says to people is a line for their shell; on a terminal it does the same
    // itself.
    let printed = world.say("slice attach --slice-id s").ok().stdout;
    let itself = format!(
        "{} slice attach --slice-id s --epoch-id {}",
        env!("CARGO_BIN_EXE_aura-msg"),
        world.epoch
    );
    for (line, screen) in [(printed.trim_end(), "printed"), (&itself, "itself")] {
        let mut terminal = on_a_terminal(&world, line, screen);
        eventually(&format!("{line} shows the window"), LIMIT, || {
            let shown = fs::read(super::file(&world, screen)).unwrap_or_default();
            let shown = String::from_utf8_lossy(&shown).into_owned();
            let over = terminal.exit_status();
            assert!(over.is_none(), "{line} ended with {over:?}: {shown}");
            (shown.contains(TOLD) && lookers(&world, &window) == 1).then_some(())
        });
        // Whoever goes away with their terminal takes nothing with them.
        drop(terminal);
        eventually("nobody looks", LIMIT, || {
            (lookers(&world, &window) == 0).then_some(())
        });
        assert_eq!(slice(&world, "s")["state"], "running");
    }

    world.sandbox.write("work/end", "");
    let ended = until(&world, "s", "succeeded");
    let output = ended["output"].as_str().expect("a text");
    assert!(
        output.contains(TOLD) && output.contains("last words"),
        "{output}"
    );
    assert_eq!(ended["attempt"], 1, "{ended}");
    let said = failures::of(&world, 3, "slice attach --slice-id s");
    assert_eq!(said["code"], "not_running");
    until_none_runs(&world);
}

#[test]
fn what_has_no_window_is_followed_in_its_log() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("talker", TALKER, "")], "");
    let _daemon = world.ready_daemon();
    talking(&world, "subprocess");
    let said = failures::of(&world, 3, "slice attach --slice-id s");
    assert_eq!(said["code"], "no_terminal");
    assert!(
        failures::part(&said, "fix").contains("slice logs --follow"),
        "{said}"
    );
    followed(&world);
}

#[test]
fn a_window_is_followed_in_its_log_as_well() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("talker", TALKER, "")], "");
    let _daemon = world.ready_daemon();
    talking(&world, "tmux");
    followed(&world);
}

/// Who follows a log sees all of it, and ends with the slice.
#[track_caller]
fn followed(world: &World) {
    let mut command = of_a_person(world, env!("CARGO_BIN_EXE_aura-msg"));
    command.args(["slice", "logs", "--follow", "--slice-id", "s"]);
    command.args(["--epoch-id", &world.epoch]);
    let (stdout, stderr) = (Lines::default(), Lines::default());
    let mut following = Guarded::spawn(&mut command, &stdout, &stderr).expect("it can be run");
    let first = stdout.wait_for(0, TOLD, LIMIT);
    assert!(first.is_ok(), "{:?}", stderr.all());
    assert_eq!(following.exit_status(), None, "it goes on");
    world.sandbox.write("work/end", "");
    let status = following.wait_exit(LIMIT).expect("it ends with the slice");
    assert!(status.success(), "{:?}", stderr.all());
    assert!(stdout.wait_end(LIMIT), "it is at its end");
    assert_eq!(stdout.all(), [TOLD, "last words"]);
    assert_eq!(slice(world, "s")["state"], "succeeded");
    until_none_runs(world);
}
