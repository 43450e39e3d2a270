//! What a worker meets in the middle of an audit write: a terminated epoch, a flood of
//! signals, a machine that sleeps, a kill, ten voters at once. It survives all of it as the
//! same process, and its other epochs go on.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::course::{register, words};
use crate::evidence::{check_chain, check_log, check_numbers, count_inline_writes};
use crate::raw::{Raw, Task};
use crate::server::Server;
use crate::support::daemon::Daemon;
use crate::support::output::Output;
use crate::support::wait::eventually;
use crate::temporal::{Workflow, count, is};
use crate::trail::{Broken, Fault};
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);
/// The server gives a task to another worker after five seconds.
const LONGER_THAN_A_TASK: Duration = Duration::from_secs(7);
/// How often a moment is tried to be caught that lasts a quarter of a second.
const TRIES: usize = 20;
/// More signals than Temporal's own server holds back for a task: it ends the task instead.
const FLOOD: usize = 150;
const FLOODERS: usize = 10;
const VOTERS: usize = 10;
const VOTE: &str = "signal vote --axis elegance --vote ACCEPT";

/// A daemon, an epoch that only watches, and a trail that is locked while another epoch
/// writes to it.
struct Scene {
    server: &'static Server,
    world: World,
    raw: Raw,
    daemon: Daemon,
    pid: u32,
    lock: Option<Broken>,
}

impl Scene {
    fn new() -> Option<Self> {
        let server = Server::shared()?;
        let world = World::on(&server.address());
        let daemon = world.ready_daemon();
        let _ = world.start();
        let pid = daemon.pid();
        let raw = Raw::connect(&world);
        Some(Self {
            server,
            world,
            raw,
            daemon,
            pid,
            lock: None,
        })
    }

    /// `aura-msg` about another epoch than the watching one.
    #[track_caller]
    fn run(&self, epoch: &str, args: &[&str]) -> Output {
        about(&self.world, epoch, args)
    }

    #[track_caller]
    fn state(&self, epoch: &str) -> Value {
        self.run(epoch, &words("query state --format json"))
            .ok()
            .json()
    }

    /// A new epoch with a session to be recorded, whose task the worker has; that takes
    /// until the write of the row gives up. It lasts half a second, so no command is run
    /// in it.
    #[track_caller]
    fn start_writing(&mut self) -> String {
        self.unlock();
        let id = self.world.sandbox.epoch_id();
        let _ = self.run(&id, &["epoch", "start"]).ok();
        let task_is = |wanted: fn(Task) -> bool| wanted(self.raw.task(&id)).then_some(());
        eventually("its first task is done", LIMIT, || {
            task_is(|task| task == Task::None)
        });
        self.lock = Some(Fault::Locked.inflict(&self.world.audit_db()));
        let session = json!({ "epoch_id": id, "session_id": "s" });
        self.raw.tell(&id, "register_session", &session);
        eventually("its task is given to the worker", LIMIT, || {
            task_is(|task| task != Task::Scheduled)
        });
        id
    }

    /// The same, and the daemon is stopped in this moment.
    #[track_caller]
    fn stop_writing(&mut self) -> String {
        for _ in 0..TRIES {
            let id = self.start_writing();
            self.daemon.pause();
            if self.raw.task(&id) == Task::Started {
                return id;
            }
            self.daemon.resume();
        }
        panic!("in {TRIES} tries no epoch was caught in a task");
    }

    fn unlock(&mut self) {
        self.lock.take().into_iter().for_each(Broken::mend);
    }

    /// Mends the trail, and checks that the epoch has exactly these events.
    #[track_caller]
    fn check_events(&mut self, id: &str, events: &[&str]) {
        self.unlock();
        let rows = eventually("all rows", LIMIT, || {
            Some(self.world.audit_rows_of(id)).filter(|rows| rows.len() >= events.len())
        });
        let written: Vec<&str> = rows.iter().map(|row| row.event_type.as_str()).collect();
        assert_eq!(written, events);
        check_numbers(&rows);
        check_chain(&self.world);
    }

    /// The server has given the epoch's task up, and the epoch goes on all the same.
    #[track_caller]
    fn check_missed(&mut self, id: &str) {
        let _ = self.run(id, &words("phase advance --to-phase p2")).ok();
        assert!(Workflow::new(self.server, id).count("WORKFLOW_TASK_TIMED_OUT") > 0);
        let events = ["epoch_started", "session_registered", "phase_transition"];
        self.check_events(id, &events);
        self.check_alive();
    }

    /// The daemon is the same process with the same worker, and the watching epoch, which
    /// had no part in it, goes on.
    #[track_caller]
    fn check_alive(&mut self) {
        assert_eq!(self.daemon.exit_status(), None);
        assert_eq!(self.daemon.pid(), self.pid);
        let _ = self.world.advance("p2").ok();
        let epoch = self.world.epoch.clone();
        self.check_events(&epoch, &["epoch_started", "phase_transition"]);
        check_log(&self.daemon);
    }
}

#[track_caller]
fn about(world: &World, epoch: &str, args: &[&str]) -> Output {
    world.cli().env("AURA_EPOCH_ID", epoch).run(args)
}

#[test]
fn an_epoch_that_is_terminated_during_an_audit_write_harms_no_other() {
    let Some(mut scene) = Scene::new() else {
        return;
    };
    let mut caught = 0;
    for _ in 0..TRIES {
        let id = scene.start_writing();
        // The server does no other thing when `epoch terminate` asks for it.
        scene.raw.terminate(&id);
        // A query for a run whose task the worker still works on.
        let state = scene.state(&id);
        assert_eq!(state["current_phase"], "p1");
        let history = Workflow::new(scene.server, &id).history(None);
        // The server takes the task away first.
        caught += usize::from(is(&history[history.len() - 2], "WORKFLOW_TASK_FAILED"));
        if caught == 3 {
            break;
        }
    }
    assert_eq!(
        caught, 3,
        "of {TRIES} epochs three were to be caught in a task"
    );
    scene.check_alive();
}

#[test]
fn a_flood_of_signals_during_an_audit_write_is_applied_once() {
    let Some(mut scene) = Scene::new() else {
        return;
    };
    let id = scene.stop_writing();
    thread::scope(|scope| {
        for flooder in 0..FLOODERS {
            let (world, id) = (&scene.world, &id);
            scope.spawn(move || {
                for n in (flooder..FLOOD).step_by(FLOODERS) {
                    let line = register(&format!("flood-{n}")) + " --no-wait";
                    let _ = about(world, id, &words(&line)).ok();
                }
            });
        }
    });
    let epoch = Workflow::new(scene.server, &id);
    // For the flood, or else for the worker's silence.
    eventually("the task is taken from its worker", LIMIT, || {
        let history = epoch.history(None);
        let taken = ["WORKFLOW_TASK_FAILED", "WORKFLOW_TASK_TIMED_OUT"];
        taken
            .iter()
            .any(|end| count(&history, end) > 0)
            .then_some(())
    });
    scene.daemon.resume();
    let state = eventually("all are applied", LIMIT, || {
        let state = scene.state(&id);
        (state["active_session_count"] == 1 + FLOOD).then_some(state)
    });
    assert_eq!(state["refusal_count"], 0, "{state}");
    let sessions = ["session_registered"; 1 + FLOOD];
    scene.check_events(&id, &[&["epoch_started"], &sessions[..]].concat());
    scene.check_alive();
}

#[test]
fn a_worker_that_slept_through_its_task_goes_on() {
    let Some(mut scene) = Scene::new() else {
        return;
    };
    let id = scene.stop_writing();
    // The fault itself: a laptop's sleep.
    thread::sleep(LONGER_THAN_A_TASK);
    scene.daemon.resume();
    scene.check_missed(&id);
}

#[test]
fn a_kill_during_an_audit_write_loses_no_row() {
    let Some(mut scene) = Scene::new() else {
        return;
    };
    let id = scene.stop_writing();
    scene.daemon.restart();
    scene.pid = scene.daemon.pid();
    scene.check_missed(&id);
}

#[test]
fn ten_votes_at_once_during_an_audit_write_are_all_confirmed() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    world.advance_through(&["p2", "p3", "p4"]);
    let before = world.audit_rows_with("review_opened", 1).len();
    eventually("the epoch is idle", LIMIT, || epoch.is_idle());
    let writes = count_inline_writes(&epoch.history(None));
    let lock = Fault::Locked.inflict(&world.audit_db());
    thread::scope(|scope| {
        for n in 0..VOTERS {
            let world = &world;
            scope.spawn(move || {
                let line = format!("{VOTE} --reviewer-id reviewer-{n}");
                let _ = world.run(&words(&line)).ok();
            });
        }
    });
    // Only the first of them waited for an audit write, half a second at most. How long
    // they took says nothing on a loaded machine.
    assert!(count_inline_writes(&epoch.history(None)) <= writes + 1);
    lock.mend();
    let rows = eventually("all votes are in the trail", LIMIT, || {
        Some(world.audit_rows()).filter(|rows| rows.len() >= before + VOTERS)
    });
    let mut voters: Vec<Value> = rows[before..]
        .iter()
        .map(|row| row.details()["reviewer_id"].clone())
        .collect();
    voters.sort_by_key(Value::to_string);
    let expected: Vec<String> = (0..VOTERS).map(|n| format!("reviewer-{n}")).collect();
    assert_eq!(voters, expected, "each once");
    check_numbers(&rows);
    check_chain(&world);
    check_log(&daemon);
    assert_eq!(daemon.exit_status(), None);
}
