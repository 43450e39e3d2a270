//! What a daemon logs of epochs, as programs read it: each line is JSON, those about an
//! epoch have its ids, and what is replayed is not said again.

use std::time::Duration;

use serde_json::Value;

use crate::support::daemon::Daemon;
use crate::trail::Fault;
use crate::world::World;

/// What a loaded machine may take.
const LIMIT: Duration = Duration::from_mins(1);

/// A daemon that logs as JSON, and an epoch; on its own engine if it can have one.
fn start() -> Option<(World, Daemon)> {
    let world = World::alone().or_else(World::shared)?;
    let daemon = world.daemon_with(&["--log-format", "json", "--allow-shell"], &[]);
    daemon.wait_ready();
    Some((world, daemon))
}

/// All lines so far; each has to be an object with what every line has.
#[track_caller]
fn lines(daemon: &Daemon) -> Vec<Value> {
    let read = |line: &String| {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        for part in ["timestamp", "level", "target", "message"] {
            assert!(value[part].is_string(), "no {part}: {line}");
        }
        let time = value["timestamp"].as_str().unwrap();
        assert!(
            time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(),
            "{time}"
        );
        value
    };
    daemon.logs().iter().map(read).collect()
}

/// The lines whose message has this in it.
fn said(lines: &[Value], what: &str) -> Vec<Value> {
    let is_it = |line: &&Value| line["message"].as_str().unwrap().contains(what);
    lines.iter().filter(is_it).cloned().collect()
}

/// Waits for a line with this in its message, and gives it.
#[track_caller]
fn wait(daemon: &Daemon, what: &str) -> Value {
    let line = daemon.wait_for_line(what, LIMIT);
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"))
}

#[test]
fn lines_about_an_epoch_have_its_ids() {
    let Some((world, daemon)) = start() else {
        return;
    };
    let epoch = world.epoch.as_str();
    world.start_in("p9");
    let run_id = wait(&daemon, "a run of the epoch began")["run_id"].clone();
    assert!(run_id.as_str().is_some_and(|id| !id.is_empty()));

    // A message that is refused.
    let refused = world.say("phase advance --to-phase p12 --request-id too-far");
    let _ = refused.code(3);
    let line = wait(&daemon, "too-far");
    assert_eq!(line["level"], "INFO", "{line}");
    assert_eq!(line["request_id"], "too-far", "{line}");
    assert_eq!(line["signal"], "advance_phase", "{line}");
    assert_eq!(line["code"], "transition_not_allowed", "{line}");
    assert_eq!(line["run_id"], run_id, "{line}");

    // A slice that fails, and one whose runner nobody knows.
    let slice = "slice start --slice-id broken --mode subprocess --command false --wait";
    let _ = world.say(slice);
    let line = wait(&daemon, "the slice failed");
    assert_eq!(line["slice_id"], "broken", "{line}");
    assert_eq!(line["level"], "WARN", "{line}");
    assert_eq!(line["run_id"], run_id, "{line}");
    let ended = wait(&daemon, "a command ended");
    assert_eq!(ended["slice_id"], "broken", "{ended}");
    assert_eq!(ended["activity"], "execute_slice_command", "{ended}");
    assert_eq!(ended["attempt"], 1, "{ended}");
    assert_eq!(
        ended["workflow_id"],
        format!("{epoch}-slice-broken"),
        "{ended}"
    );

    // An audit trail that breaks.
    let broken = Fault::FolderForFile.inflict(&world.audit_db());
    let _ = world.vote("elegance", "ACCEPT").ok();
    let line = wait(&daemon, "the audit trail could not be written");
    assert_eq!(line["activity"], "record_audit_events", "{line}");
    assert_eq!(line["run_id"], run_id, "{line}");
    assert_eq!(line["attempt"], 1, "{line}");
    broken.mend();

    let mut about = 0;
    for line in lines(&daemon) {
        let text = line.to_string();
        if !text.contains(epoch) {
            continue;
        }
        about += 1;
        for id in ["epoch_id", "workflow_id", "run_id"] {
            assert!(
                line[id].as_str().is_some_and(|id| !id.is_empty()),
                "no {id}: {text}"
            );
        }
        assert_eq!(line["epoch_id"], epoch, "{text}");
    }
    // Its run, eight moves, the two messages, the slice and the trail at least.
    assert!(about >= 12, "{about} lines about the epoch");
}

#[test]
fn what_is_replayed_is_not_said_again() {
    let Some((world, mut daemon)) = start() else {
        return;
    };
    let _ = world.start();
    world.advance_through(&["p2", "p3"]);
    let refused = world.say("phase advance --to-phase p12 --request-id too-far");
    let _ = refused.code(3);
    // Once its rows are there, no task is left that could be done again.
    let _ = world.audit_rows_with("advance_refused", 1);
    let count = |daemon: &Daemon, what: &str| said(&lines(daemon), what).len();
    let live = ["a run of the epoch began", "moved to", "was refused"];
    let before = live.map(|what| count(&daemon, what));
    assert_eq!(before, [1, 2, 1]);
    daemon.restart();
    daemon.wait_ready();
    assert_eq!(world.state()["current_phase"], "p3");
    world.advance_through(&["p4"]);
    assert_eq!(live.map(|what| count(&daemon, what)), [1, 3, 1]);
}
