//! Commands that are stopped, that lose their daemon, and that outlive it.

use std::fs;

use super::{configure, file, processes_of, start_in_p9, text, until, until_none_runs};
use crate::support::wait::eventually;
use crate::world::World;

/// Counts how many of it run at once, and goes on until it may end.
const LONG: &str = r#"
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
me = os.environ["AURA_SLICE_ID"]
lock = pathlib.Path(f"running-{me}")
try:
    os.mkdir(lock)
except FileExistsError:
    # The one before may have been killed: it counts only while it lives.
    owner = int((lock / "pid").read_text())
    if pathlib.Path(f"/proc/{owner}").exists():
        pathlib.Path("twice").touch()
(lock / "pid").write_text(str(os.getpid()))
# One that would outlive its parent.
subprocess.Popen(["sh", "-c", 'while [ -d "$HOME" ]; do sleep 0.2; done'])
with open(f"begun-{me}", "a") as begun:
    begun.write(f"{os.getpid()}\n")
while not pathlib.Path("end").exists() and os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
print("ended by itself")
"#;

fn begun(world: &World, id: &str, times: usize) {
    let path = file(world, &format!("begun-{id}"));
    eventually(
        &format!("{id} has begun {times} times"),
        super::LIMIT,
        || {
            let text = fs::read_to_string(&path).ok()?;
            (text.lines().count() >= times).then_some(())
        },
    );
}

fn scene(world: &World, mode: &str, ids: &[&str]) {
    start_in_p9(world);
    for id in ids {
        let line = format!("slice start --slice-id {id} --runner long --mode {mode} --prompt x");
        let _ = world.say(&line).ok();
    }
    for id in ids {
        begun(world, id, 1);
    }
}

#[test]
fn after_a_kill_no_command_runs_twice_and_none_is_left() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("long", LONG, "kill_after = \"1s\"")], "");
    let mut daemon = world.ready_daemon();
    scene(&world, "subprocess", &["s", "t"]);
    daemon.kill();
    daemon.restart();
    daemon.wait_ready();
    for id in ["s", "t"] {
        begun(&world, id, 2);
    }
    world.sandbox.write("work/end", "");
    for id in ["s", "t"] {
        let slice = until(&world, id, "succeeded");
        assert_eq!(slice["output"], "ended by itself\n");
    }
    assert!(!file(&world, "twice").exists(), "one at a time");
    until_none_runs(&world);
}

#[test]
fn a_command_that_does_not_hear_is_killed_when_its_slice_is_cancelled() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("long", LONG, "kill_after = \"1s\"")], "");
    let _daemon = world.ready_daemon();
    scene(&world, "subprocess", &["s"]);
    assert!(processes_of(&world).len() >= 2, "the command and its child");
    let _ = world.say("slice cancel --slice-id s --reason enough").ok();
    let slice = until(&world, "s", "cancelled");
    assert_eq!(slice["reason"], "enough");
    until_none_runs(&world);
}

#[test]
fn a_cancelled_epoch_leaves_no_process() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("long", LONG, "kill_after = \"1s\"")], "");
    let _daemon = world.ready_daemon();
    scene(&world, "subprocess", &["s", "t"]);
    let _ = world.say("epoch cancel").ok();
    until_none_runs(&world);
}

#[test]
fn a_daemon_that_stops_ends_its_commands_and_the_next_begins_them_again() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("long", LONG, "kill_after = \"1s\"")], "");
    let mut daemon = world.daemon_with(&["--grace-period", "1s"], &[]);
    daemon.wait_ready();
    scene(&world, "subprocess", &["s"]);
    daemon.terminate();
    assert!(daemon.wait_exit(super::LIMIT).success());
    assert!(
        processes_of(&world).is_empty(),
        "none is left when it has ended"
    );
    daemon.restart();
    daemon.wait_ready();
    begun(&world, "s", 2);
    world.sandbox.write("work/end", "");
    until(&world, "s", "succeeded");
}

#[test]
fn a_window_of_tmux_outlives_the_daemon_and_its_result_is_taken_up() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("long", LONG, "kill_after = \"1s\"")], "");
    let mut daemon = world.ready_daemon();
    scene(&world, "tmux", &["s"]);
    daemon.terminate();
    assert!(daemon.wait_exit(super::LIMIT).success());
    let first = text(&world, "begun-s");
    assert!(!processes_of(&world).is_empty(), "the window goes on");
    daemon.restart();
    daemon.wait_ready();
    world.sandbox.write("work/end", "");
    let slice = until(&world, "s", "succeeded");
    assert!(
        slice["output"]
            .as_str()
            .is_some_and(|output| output.contains("ended by itself")),
        "{slice}"
    );
    assert_eq!(text(&world, "begun-s"), first, "it ran once");
    until_none_runs(&world);
}
