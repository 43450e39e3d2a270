//! How many commands run at once, and what ends them all.

use std::fs;

use super::{LIMIT, configure, file, processes_of, slice, start_in_p9, until, until_none_runs};
use crate::failures;
use crate::slices::command;
use crate::support::wait::eventually;
use crate::world::World;

/// Notes how many run while it does, and goes on until all may end, or it is to fail.
const COUNTED: &str = r#"
import os, pathlib, sys, time
me = os.environ["AURA_SLICE_ID"]
here = pathlib.Path("running") / me
here.parent.mkdir(exist_ok=True)
here.touch()
def note():
    with open("counts", "a") as counts:
        counts.write(f"{me} {len(os.listdir(here.parent))}\n")
note()
while not pathlib.Path("end").exists() and os.path.isdir(os.environ["HOME"]):
    if pathlib.Path(f"fail-{me}").exists():
        here.unlink()
        sys.exit(3)
    time.sleep(0.02)
note()
here.unlink()
"#;

/// The slices that have begun, and how many ran at once at most.
fn counted(world: &World) -> (Vec<String>, usize) {
    let counts = fs::read_to_string(file(world, "counts")).unwrap_or_default();
    let mut begun = Vec::new();
    let mut most = 0;
    // A last line may still be being written.
    for line in counts
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
    {
        let (id, count) = line
            .trim_end()
            .split_once(' ')
            .expect("a slice and a count");
        most = most.max(count.parse().expect("a number"));
        if !begun.iter().any(|known| known == id) {
            begun.push(id.to_owned());
        }
    }
    (begun, most)
}

/// Waits until so many have begun; which.
#[track_caller]
fn begun(world: &World, count: usize) -> Vec<String> {
    eventually(&format!("{count} have begun"), LIMIT, || {
        let (begun, _) = counted(world);
        (begun.len() >= count).then_some(begun)
    })
}

/// Declares so many slices that wait for nothing; their ids.
#[track_caller]
fn declare(world: &World, count: usize) -> Vec<String> {
    let ids: Vec<String> = (1..=count).map(|number| format!("s{number}")).collect();
    let one = |id: &String| format!("[[slice]]\nid = \"{id}\"\nrunner = \"counted\"\n");
    let plan: String = ids.iter().map(one).collect();
    let path = world.sandbox.write("plan.toml", &plan);
    let _ = world
        .say(&format!("slice plan --file {}", path.display()))
        .ok();
    ids
}

/// Starts the epoch with more words, and takes it to p9.
#[track_caller]
fn start_with(world: &World, words: &str) {
    let _ = world.say(&format!("epoch start {words}")).ok();
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8", "p9"]);
}

/// The slices that are in a state.
#[track_caller]
fn those(world: &World, state: &str) -> Vec<String> {
    let slices = world.state()["slices"].clone();
    let slices = slices.as_array().expect("a list");
    slices
        .iter()
        .filter(|slice| slice["state"] == state)
        .map(|slice| slice["slice_id"].as_str().expect("an id").to_owned())
        .collect()
}

/// Seven slices that could all run at once; so many do.
#[track_caller]
fn no_more_than(world: &World, limit: usize) {
    let ids = declare(world, 7);
    let first = begun(world, limit);
    assert_eq!(those(world, "running"), ids[..limit]);
    assert_eq!(those(world, "waiting"), ids[limit..]);
    assert_eq!(first.len(), limit);
    world.sandbox.write("work/end", "");
    for id in &ids {
        until(world, id, "succeeded");
    }
    let (begun, most) = counted(world);
    assert_eq!(begun.len(), ids.len(), "{begun:?}");
    assert_eq!(most, limit, "the most that ran at once");
    until_none_runs(world);
}

#[test]
fn an_epoch_runs_four_slices_at_once() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("counted", COUNTED, "")], "");
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    no_more_than(&world, 4);
}

#[test]
fn an_epoch_has_a_limit_of_its_own() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("counted", COUNTED, "")], "");
    let _daemon = world.ready_daemon();
    start_with(&world, "--parallel-slices 6");
    no_more_than(&world, 6);
}

#[test]
fn a_host_runs_no_more_commands_than_it_may() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    configure(&world, &[("counted", COUNTED, "")], "");
    let daemon = world.daemon_with(&["--max-commands", "1"], &[]);
    daemon.wait_ready();
    start_in_p9(&world);
    let ids = declare(&world, 3);
    begun(&world, 1);
    // The others wait for a place on this host, which has taken them: it is not away.
    eventually("the host has all of them", LIMIT, || {
        let states = ids.iter().map(|id| command(&world, server, id));
        let states = states.collect::<Option<Vec<String>>>()?;
        states.iter().all(|state| state == "STARTED").then_some(())
    });
    assert_eq!(those(&world, "running"), ids);
    world.sandbox.write("work/end", "");
    for id in &ids {
        until(&world, id, "succeeded");
    }
    let (begun, most) = counted(&world);
    assert_eq!((begun.len(), most), (3, 1));
    until_none_runs(&world);
}

/// What still waits for its host can be taken back, or ended, and never begins.
#[test]
fn a_command_that_waits_for_its_host_can_be_stopped() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    configure(&world, &[("counted", COUNTED, "")], "");
    let daemon = world.daemon_with(&["--max-commands", "1"], &[]);
    daemon.wait_ready();
    start_in_p9(&world);
    let ids = declare(&world, 3);
    let first = begun(&world, 1);
    for id in &ids {
        eventually("it waits for the host", LIMIT, || {
            command(&world, server, id)
        });
    }
    let waiting: Vec<&String> = ids.iter().filter(|id| !first.contains(id)).collect();
    let (cancelled, ended) = (waiting[0], waiting[1]);
    let _ = world
        .say(&format!(
            "slice cancel --slice-id {cancelled} --reason enough"
        ))
        .ok();
    until(&world, cancelled, "cancelled");
    let _ = world
        .say(&format!("signal complete --slice-id {ended} --output mine"))
        .ok();
    assert_eq!(until(&world, ended, "succeeded")["output"], "mine");
    assert_eq!(slice(&world, &first[0])["state"], "running");
    world.sandbox.write("work/end", "");
    until(&world, &first[0], "succeeded");
    assert_eq!(counted(&world).0, first, "the others never began");
}

/// Hears no wish that it stop.
const DEAF: &str = r#"
import os, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
subprocess.Popen(["sh", "-c", 'while [ -d "$HOME" ]; do sleep 0.2; done'])
print("it begins", flush=True)
while os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
"#;

#[test]
fn a_command_has_its_time() {
    let Some(world) = World::shared() else { return };
    let lasting = ("lasting", DEAF, "kill_after = \"1s\"");
    let brief = ("brief", DEAF, "kill_after = \"1s\"\ntimeout = \"10s\"");
    configure(&world, &[lasting, brief], "");
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    // The slice's own limit, or else its runner's, whatever the slice asks for.
    for (id, mode, runner, limit) in [
        ("a", "subprocess", "lasting", "10s"),
        ("b", "tmux", "lasting", "10s"),
        ("c", "subprocess", "brief", "1h"),
        ("d", "tmux", "brief", "1h"),
    ] {
        let line = format!(
            "slice start --slice-id {id} --mode {mode} --runner {runner} --time-limit {limit} \
             --prompt x"
        );
        let _ = world.say(&line).ok();
    }
    for id in ["a", "b", "c", "d"] {
        let slice = until(&world, id, "failed");
        assert_eq!(slice["code"], "timed_out", "{slice}");
        let output = slice["output"].as_str().expect("a text");
        assert!(output.contains("it begins"), "{id}: {output:?}");
        assert_eq!(slice["attempt"], 1, "{slice}");
    }
    until_none_runs(&world);
}

#[test]
fn with_fail_fast_one_that_fails_ends_those_that_run() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("counted", COUNTED, "")], "");
    let _daemon = world.ready_daemon();
    start_with(&world, "--fail-fast");
    let ids = declare(&world, 6);
    begun(&world, 4);
    world.sandbox.write("work/fail-s2", "");
    until(&world, "s2", "failed");
    for id in ["s1", "s3", "s4"] {
        let slice = until(&world, id, "cancelled");
        let reason = slice["reason"].as_str().expect("it says why");
        assert!(reason.contains("s2"), "{reason}");
    }
    until_none_runs(&world);
    assert_eq!(those(&world, "waiting"), ids[4..]);
    let said = failures::of(&world, 3, "phase advance --to-phase p10");
    assert_eq!(said["code"], "slices_unfinished");
    for id in &ids {
        assert!(said.to_string().contains(id.as_str()), "{said}");
    }
    assert_eq!(counted(&world).0.len(), 4, "no more was begun");

    // Once it is given up, the others have their turn.
    let _ = world
        .say("slice waive --slice-id s2 --reason unimportant")
        .ok();
    begun(&world, 6);
    world.sandbox.write("work/end", "");
    for id in ["s5", "s6"] {
        until(&world, id, "succeeded");
    }
    for id in ["s1", "s3", "s4"] {
        assert_eq!(slice(&world, id)["state"], "cancelled");
    }
}

/// Without it, a failure ends only what depends on it.
#[test]
fn without_fail_fast_the_others_go_on() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("counted", COUNTED, "")], "");
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    let ids = declare(&world, 5);
    begun(&world, 4);
    world.sandbox.write("work/fail-s2", "");
    until(&world, "s2", "failed");
    begun(&world, 5);
    world.sandbox.write("work/end", "");
    for id in ids.iter().filter(|id| *id != "s2") {
        until(&world, id, "succeeded");
    }
}

/// Says that it runs.
const LONG: &str = r#"
import os, pathlib, subprocess, time
subprocess.Popen(["sh", "-c", 'while [ -d "$HOME" ]; do sleep 0.2; done'])
with open("begun", "a") as begun:
    begun.write(f"{os.getpid()}\n")
while not pathlib.Path("end").exists() and os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
print("ended by itself")
"#;

#[test]
fn a_window_ends_with_the_daemon_where_the_operator_says_so() {
    let Some(world) = World::shared() else { return };
    let settings = "on_shutdown = \"kill\"\nkill_after = \"1s\"";
    configure(&world, &[("long", LONG, settings)], "");
    let mut daemon = world.daemon_with(&["--grace-period", "1s"], &[]);
    daemon.wait_ready();
    start_in_p9(&world);
    let start = "slice start --slice-id s --runner long --mode tmux --prompt x";
    let _ = world.say(start).ok();
    let begun = |times: usize| {
        eventually(&format!("it has begun {times} times"), LIMIT, || {
            let text = fs::read_to_string(file(&world, "begun")).ok()?;
            (text.lines().count() >= times).then_some(())
        });
    };
    begun(1);
    daemon.terminate();
    assert!(daemon.wait_exit(LIMIT).success());
    let left = processes_of(&world);
    assert!(left.is_empty(), "{left:?} when it has ended");
    daemon.restart();
    daemon.wait_ready();
    begun(2);
    world.sandbox.write("work/end", "");
    let slice = until(&world, "s", "succeeded");
    assert_eq!(slice["attempt"], 1, "that attempt does not count: {slice}");
    until_none_runs(&world);
}
