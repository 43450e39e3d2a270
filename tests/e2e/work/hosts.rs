//! Several hosts on one task queue: a command belongs to the one that took it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::{LIMIT, configure, file, slice, start_in_p9, text, until, until_none_runs};
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::world::World;

/// Says where it runs, each time, and goes on until it may end.
const WORKER: &str = r#"
import os, pathlib, sys, time
me = os.environ["AURA_SLICE_ID"]
state = os.environ["AURA_REQUEST_FILE"].split("/runs/")[0]
with open(f"ran-{me}", "a") as ran:
    ran.write(pathlib.Path(state).name + "\n")
while not pathlib.Path(f"end-{me}").exists() and os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
os.unlink(f"end-{me}")
sys.exit(int(pathlib.Path(f"status-{me}").read_text()))
"#;

/// Hosts of one task queue. A host is what has a state directory, here of the host's name.
struct Hosts {
    world: World,
}

impl Hosts {
    /// A host whose work is given up soon when it is away.
    #[track_caller]
    fn start_brief(&self, name: &str) -> Daemon {
        self.start_with(name, "5s")
    }

    #[track_caller]
    fn start(&self, name: &str) -> Daemon {
        self.start_with(name, "2m")
    }

    #[track_caller]
    fn start_with(&self, name: &str, timeout: &str) -> Daemon {
        let daemon = self.world.daemon_with(
            &[
                "--state-dir",
                &self.state_dir(name).display().to_string(),
                "--host-timeout",
                timeout,
            ],
            &[],
        );
        daemon.wait_ready();
        daemon
    }

    fn state_dir(&self, name: &str) -> PathBuf {
        self.world.sandbox.path().join("hosts").join(name)
    }

    /// Lets the command of a slice end with this status.
    fn let_end(&self, id: &str, status: u8) {
        let sandbox = &self.world.sandbox;
        sandbox.write(format!("work/status-{id}"), &status.to_string());
        sandbox.write(format!("work/end-{id}"), "");
    }

    #[track_caller]
    fn begin(&self, id: &str) {
        let line = format!("slice start --slice-id {id} --runner worker --prompt x");
        let _ = self.world.say(&line).ok();
        let _ = text(&self.world, &format!("ran-{id}"));
    }

    /// The hosts that a slice's command ran on, once it has run so often.
    #[track_caller]
    fn ran(&self, id: &str, times: usize) -> Vec<String> {
        let path = file(&self.world, &format!("ran-{id}"));
        let what = format!("{id} has run {times} times");
        eventually(&what, LIMIT, || {
            let text = fs::read_to_string(&path).ok()?;
            let ran: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
            (ran.len() >= times).then_some(ran)
        })
    }
}

#[test]
fn a_host_that_does_not_come_back_is_lost_and_another_can_retry() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", WORKER, "")], "");
    let hosts = Hosts { world };
    let mut a = hosts.start_brief("a");
    start_in_p9(&hosts.world);
    hosts.begin("s");
    let b = hosts.start_brief("b");
    a.kill();
    let lost = until(&hosts.world, "s", "failed");
    assert_eq!(lost["code"], "host_lost", "{lost}");
    let error = lost["error"].as_str().expect("a text");
    assert!(error.contains("slice retry"), "it says what helps: {error}");
    assert_eq!(hosts.ran("s", 1), ["a"], "nowhere else by itself");

    // What A has left is a process that nobody can tell of the other host's, as it is one
    // machine here; it ends first.
    hosts.let_end("s", 0);
    until_none_runs(&hosts.world);
    let _ = hosts
        .world
        .say("slice retry --slice-id s --reason elsewhere")
        .ok();
    assert_eq!(hosts.ran("s", 2), ["a", "b"]);
    hosts.let_end("s", 0);
    let slice = until(&hosts.world, "s", "succeeded");
    assert_eq!(slice["attempt"], 2, "{slice}");
    assert_eq!(slice["code"], Value::Null, "{slice}");
    drop(b);
}

/// A host that is only restarted has not gone: its commands are repeated there, although
/// another host is free all the while.
#[test]
fn a_command_is_repeated_on_its_own_host() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", WORKER, "kill_after = \"1s\"")], "");
    let hosts = Hosts { world };
    let mut daemons = [("a", hosts.start("a")), ("b", hosts.start("b"))];
    start_in_p9(&hosts.world);
    for id in ["s", "t", "u"] {
        hosts.begin(id);
    }
    for (name, daemon) in &mut daemons {
        daemon.kill();
        daemon.restart();
        daemon.wait_ready();
        let mut files = fs::read_dir(hosts.state_dir(name)).expect("it is a folder");
        assert!(files.any(|file| {
            let name = file.expect("it can be read").file_name();
            name.to_string_lossy().starts_with("host-queue-")
        }));
    }
    for id in ["s", "t", "u"] {
        let ran = hosts.ran(id, 2);
        assert_eq!(ran[0], ran[1], "{id} stays where it was");
        hosts.let_end(id, 0);
        let slice = until(&hosts.world, id, "succeeded");
        assert_eq!(slice["attempt"], 1, "{slice}");
    }
    until_none_runs(&hosts.world);
}

/// The further rounds of a slice, too, are on the host of the first one.
#[test]
fn rounds_of_a_slice_stay_on_its_host() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", WORKER, "")], "");
    let hosts = Hosts { world };
    let _daemons = [hosts.start("a"), hosts.start("b")];
    start_in_p9(&hosts.world);
    let raw = crate::raw::Raw::connect(&hosts.world);
    let child = format!("{}-slice-s", hosts.world.epoch);
    hosts.begin("s");
    for number in 1..=3 {
        let id = format!("cycle-{number}");
        let cycle = serde_json::json!({
            "cycle_number": number, "reviewer_feedback": "again", "request_id": id,
        });
        raw.tell(&child, "review_cycle", &cycle);
        assert_eq!(raw.outcome(&child, &id)["status"], "applied");
        hosts.let_end("s", 0);
        let _ = hosts.ran("s", number + 1);
    }
    hosts.let_end("s", 3);
    until(&hosts.world, "s", "failed");
    let ran = hosts.ran("s", 4);
    assert!(ran.iter().all(|host| *host == ran[0]), "{ran:?}");
    assert_eq!(slice(&hosts.world, "s")["code"], "exit_status");
}

/// Thinks for as long as it may.
const SLOW: &str = r#"
import os, pathlib, time
pathlib.Path("asked").touch()
while os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
"#;

#[test]
fn a_reviewer_whose_host_is_lost_has_not_voted() {
    let Some(world) = World::shared() else { return };
    let review = "[review]\ncorrectness = \"slow\"";
    configure(&world, &[("slow", SLOW, "")], review);
    let hosts = Hosts { world };
    let mut a = hosts.start_brief("a");
    hosts.world.start_in("p4");
    eventually("the reviewer is asked", LIMIT, || {
        file(&hosts.world, "asked").exists().then_some(())
    });
    let _b = hosts.start_brief("b");
    a.kill();
    let rows = hosts.world.audit_rows_with("vote_missed", 1);
    let missed = rows.iter().find(|row| row.event_type == "vote_missed");
    let details = missed.expect("it is in the trail").details();
    let why = details["why"].as_str().expect("a reason");
    assert!(why.contains("host"), "it says what went wrong: {why}");
    hosts.world.accept();
    hosts.world.advance_through(&["p5"]);
}
