//! A daemon that is asked to stop while it has its hands full: what ends within its grace
//! period counts, what does not is begun again by the next one, and nothing is done twice.

use std::collections::BTreeMap;
use std::fs;

use super::{LIMIT, configure, file, processes_of, until};
use crate::evidence::{check_log, check_numbers, check_trail};
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::world::World;

/// Goes on until it is told with which status to end, and notes both ends of it.
const WORKER: &str = r#"
import os, pathlib, sys, time
me = os.environ["AURA_SLICE_ID"]
def note(what):
    with open(f"{what}-{me}", "a") as notes:
        notes.write(f"{os.getpid()}\n")
def status():
    try:
        return pathlib.Path(f"end-{me}").read_text()
    except FileNotFoundError:
        return ""
note("begun")
while not status() and os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
note("ended")
print("ended by itself")
sys.exit(int(status()))
"#;

/// Long enough for commands that end when they are told to, and their daemon, on a loaded
/// machine; those that are not told to are waited for so long.
const GRACE: &str = "10s";
const SLICES: usize = 20;
/// The first of them end while the first daemon drains, the others while the second does.
const IN_TIME: usize = 12;
/// Every fourth fails, by its own doing.
const FAILING: usize = 4;
const FAILURE: u8 = 3;

#[test]
fn a_daemon_with_twenty_commands_drains_without_losing_or_repeating_one() {
    let Some(world) = World::shared() else { return };
    drain_twice(&world);
}

#[test]
fn so_does_a_daemon_that_has_its_engine_inside() {
    let Some(world) = World::alone() else { return };
    drain_twice(&world);
}

fn drain_twice(world: &World) {
    configure(world, &[("worker", WORKER, "kill_after = \"1s\"")], "");
    let many = SLICES.to_string();
    let mut daemon = world.daemon_with(&["--grace-period", GRACE, "--max-commands", &many], &[]);
    daemon.wait_ready();
    let slices: Vec<Slice> = (1..=SLICES).map(Slice).collect();
    start(world, &slices);
    let (in_time, cut_off) = slices.split_at(IN_TIME);

    wait_begun(world, &slices, 1);
    drain(world, &mut daemon, in_time);
    for slice in cut_off {
        assert_eq!(slice.noted(world, "ended"), 0, "{} was ended", slice.id());
    }

    daemon.restart();
    daemon.wait_ready();
    wait_begun(world, cut_off, 2);
    drain(world, &mut daemon, cut_off);

    daemon.restart();
    daemon.wait_ready();
    for slice in &slices {
        let id = slice.id();
        let found = until(world, &id, slice.earned());
        assert_eq!(found["attempt"], 1, "what was cut off does not count");
        let begun = if in_time.contains(slice) { 1 } else { 2 };
        assert_eq!(slice.noted(world, "begun"), begun, "{id}");
        assert_eq!(slice.noted(world, "ended"), 1, "{id}");
    }
    check_rows(world, &slices);
    check_log(&daemon);
}

/// One of the slices, by its number.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slice(usize);

impl Slice {
    fn id(self) -> String {
        format!("s{}", self.0)
    }

    fn status(self) -> u8 {
        if self.0.is_multiple_of(FAILING) {
            FAILURE
        } else {
            0
        }
    }

    /// The state that its command earns it.
    fn earned(self) -> &'static str {
        match self.status() {
            0 => "succeeded",
            _ => "failed",
        }
    }

    /// How often its command has noted this.
    fn noted(self, world: &World, what: &str) -> usize {
        let notes = fs::read_to_string(file(world, &format!("{what}-{}", self.id())));
        notes.unwrap_or_default().lines().count()
    }
}

/// Starts an epoch that has all of the slices under way at once.
#[track_caller]
fn start(world: &World, slices: &[Slice]) {
    let words = format!("epoch start --parallel-slices {}", slices.len());
    let _ = world.say(&words).ok();
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8", "p9"]);
    let one = |slice: &Slice| format!("[[slice]]\nid = \"{}\"\nrunner = \"worker\"\n", slice.id());
    let plan: String = slices.iter().map(one).collect();
    let path = world.sandbox.write("plan.toml", &plan);
    let line = format!("slice plan --file {}", path.display());
    let _ = world.say(&line).ok();
}

/// Waits until the commands of all these slices have begun so many times.
#[track_caller]
fn wait_begun(world: &World, slices: &[Slice], times: usize) {
    eventually("the commands have begun", LIMIT, || {
        let mut begun = slices.iter().map(|slice| slice.noted(world, "begun"));
        begun.all(|begun| begun >= times).then_some(())
    });
}

/// Asks the daemon to stop, and has these commands end while it drains.
#[track_caller]
fn drain(world: &World, daemon: &mut Daemon, ending: &[Slice]) {
    daemon.terminate();
    daemon.wait_for_line("SIGTERM: draining", LIMIT);
    for slice in ending {
        let path = format!("work/end-{}", slice.id());
        world.sandbox.write(path, &slice.status().to_string());
    }
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
    daemon.wait_for_line("aurad stopped", LIMIT);
    let left = processes_of(world);
    assert!(left.is_empty(), "none is left when it has ended: {left:?}");
}

/// Checks that the trail has each slice begin and end once, as it did.
#[track_caller]
fn check_rows(world: &World, slices: &[Slice]) {
    let rows = world.audit_rows_with("slice_finished", slices.len());
    check_numbers(&rows);
    let (mut begun, mut ended) = (BTreeMap::new(), BTreeMap::new());
    for row in &rows {
        let details = row.details();
        // A plan has a row for each slice, too, which only waits then.
        let times = match row.event_type.as_str() {
            "slice_started" if details["state"] == "running" => &mut begun,
            "slice_finished" => &mut ended,
            _ => continue,
        };
        let id = details["slice_id"].as_str().expect("it names its slice");
        *times.entry(id.to_owned()).or_default() += 1;
    }
    let once: BTreeMap<String, usize> = slices.iter().map(|slice| (slice.id(), 1)).collect();
    assert_eq!(begun, once, "each begins once");
    assert_eq!(ended, once, "each ends once");
    check_trail(world);
}
