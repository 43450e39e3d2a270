//! The contract's five activities, called by a workflow of somebody else with what the
//! earlier implementation sends: our epochs use others, so nothing else calls them.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::raw::{Raw, payload};
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

/// Nothing here takes longer on a server that works, loaded as it may be.
const LIMIT: Duration = Duration::from_mins(1);

struct Scene {
    world: World,
    raw: Raw,
    daemon: Daemon,
}

impl Scene {
    fn new() -> Option<Self> {
        let world = World::shared()?;
        let daemon = world.ready_daemon();
        let raw = Raw::connect(&world);
        Some(Self { world, raw, daemon })
    }

    /// Calls an activity from a workflow of its own.
    #[track_caller]
    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        let caller = self.world.sandbox.epoch_id();
        self.raw.activity(&caller, name, payload::list(arguments))
    }

    /// Calls one that must succeed.
    #[track_caller]
    fn ok(&self, name: &str, arguments: &[Value]) -> Value {
        let result = self.call(name, arguments);
        result.unwrap_or_else(|why| panic!("{name}: {why}"))
    }
}

fn event(epoch: &str, phase: &str, role: &str) -> Value {
    json!({
        "epoch_id": epoch, "event_type": "vote_recorded", "phase": phase, "role": role,
        "payload": { "axis": "elegance" },
    })
}

#[test]
fn others_append_to_the_trail_and_read_it() {
    let Some(scene) = Scene::new() else { return };
    let epoch = scene.world.epoch.as_str();
    for (phase, role) in [("p4", "reviewer"), ("p4", "architect"), ("p9", "reviewer")] {
        let recorded = scene.ok("record_audit_event", &[event(epoch, phase, role)]);
        assert_eq!(recorded, Value::Null);
    }
    let found = |filters: &[Value]| -> Vec<String> {
        let arguments = [&[json!(epoch)], filters].concat();
        let events = scene.ok("query_audit_events", &arguments);
        let word = |event: &Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
        let shown = |event: &Value| format!("{} {}", word(event, "phase"), word(event, "role"));
        events
            .as_array()
            .expect("a list")
            .iter()
            .map(shown)
            .collect()
    };
    let all = ["p4 reviewer", "p4 architect", "p9 reviewer"];
    assert_eq!(found(&[]), all);
    assert_eq!(found(&[Value::Null, Value::Null]), all);
    assert_eq!(found(&[json!("p4")]), all[..2]);
    assert_eq!(found(&[json!("p4"), json!("reviewer")]), all[..1]);
    let by_role = found(&[Value::Null, json!("reviewer")]);
    assert_eq!(by_role, [all[0], all[2]]);
    let nobody = scene.ok("query_audit_events", &[json!("nobody")]);
    assert_eq!(nobody, json!([]));
}

#[test]
fn a_transition_is_recorded_as_its_callers() {
    let Some(scene) = Scene::new() else { return };
    let caller = scene.world.sandbox.epoch_id();
    let record = json!({
        "from_phase": "p1", "to_phase": "p2", "timestamp": "2026-01-02T03:04:05.000006+00:00",
        "triggered_by": "ann", "condition_met": "met", "success": true,
    });
    let arguments = payload::list(std::slice::from_ref(&record));
    let recorded = scene.raw.activity(&caller, "record_transition", arguments);
    assert_eq!(recorded, Ok(Value::Null));
    let events = scene.ok("query_audit_events", &[json!(caller)]);
    let event = &events[0];
    assert_eq!(events.as_array().map(Vec::len), Some(1), "{events}");
    assert_eq!(event["event_type"], "phase_transition");
    assert_eq!(event["phase"], "p2");
    assert_eq!(event["actor"], "ann");
    assert_eq!(event["payload"]["triggered_by"], "ann");
    assert_eq!(event["workflow_id"], caller.as_str());
}

#[test]
fn constraints_are_checked_on_the_earlier_form_of_a_state() {
    let Some(scene) = Scene::new() else { return };
    let state = json!({
        "epoch_id": "e", "current_phase": "p4", "completed_phases": ["p1", "p2", "p3"],
        "review_votes": { "correctness": "ACCEPT" }, "blocker_count": 0,
        "current_role": "reviewer", "severity_groups": {}, "transition_history": [],
        "last_error": null,
    });
    let violations = scene.ok("check_constraints", &[state.clone(), json!("p5")]);
    let violation = &violations[0];
    assert_eq!(violation["constraint_id"], "C-review-consensus");
    assert_eq!(violation["context"]["accepted"], "correctness");
    let way_back = scene.ok("check_constraints", &[state, json!("p3")]);
    assert_eq!(way_back, json!([]));
}

#[test]
fn a_command_that_may_not_run_is_a_result_and_no_failure() {
    let Some(scene) = Scene::new() else { return };
    let earlier = [json!("true"), json!("s"), json!("e")];
    let with_path = [&earlier[..], &[Value::Null]].concat();
    for arguments in [&earlier[..], &with_path] {
        let result = scene.ok("execute_slice_command", arguments);
        assert_eq!(result["slice_id"], "s");
        assert_eq!(result["success"], false);
        let error = result["error"].as_str().unwrap_or_default();
        assert!(error.starts_with("shell_forbidden: "), "{result}");
    }
}

/// Nothing is gained by trying them again, so the caller hears of them at once.
#[test]
fn arguments_that_cannot_be_read_fail_once_and_say_what_is_wrong() {
    let Some(scene) = Scene::new() else { return };
    let epoch = scene.world.epoch.as_str();
    let mut wrong = event(epoch, "p4", "reviewer");
    wrong["phase"] = json!("p99");
    let cases: [(&str, Vec<Value>, &str); 9] = [
        ("record_audit_event", vec![], "missing"),
        ("record_audit_event", vec![json!("text")], "cannot be read"),
        ("record_audit_event", vec![wrong], "p99"),
        ("record_transition", vec![json!({})], "cannot be read"),
        ("query_audit_events", vec![], "epoch_id"),
        (
            "query_audit_events",
            vec![json!(epoch), json!("p99")],
            "p99",
        ),
        ("execute_slice_command", vec![json!(7)], "command"),
        ("check_constraints", vec![json!({}), json!("p5")], "state"),
        ("check_constraints", vec![], "state"),
    ];
    for (name, arguments, about) in cases {
        let why = scene.call(name, &arguments).expect_err("it cannot be read");
        assert!(why.contains(about), "{name} {arguments:?}: {why}");
        assert!(!why.contains("timed out"), "{name} {arguments:?}: {why}");
    }
    let left = scene.ok("query_audit_events", &[json!(epoch)]);
    assert_eq!(left, json!([]));
    let logs = scene.daemon.logs();
    assert!(
        !logs.iter().any(|line| line.contains("panicked")),
        "{logs:#?}"
    );
}

/// Says how many run at once while it does, itself included, until all may end.
const COUNTED: &str = "mkdir -p running && touch running/$$ && ls running | wc -l >> counts; \
                       until [ -e end ]; do sleep 0.02; done; rm running/$$";

/// What a worker may run at once, it does, and no more: the rest waits on the server.
#[test]
fn no_more_run_at_once_than_the_worker_may() {
    for limit in [1, 2] {
        let Some((world, server)) = World::with_server() else {
            return;
        };
        let text = limit.to_string();
        let args = ["--allow-shell", "--max-concurrent-activities", &text];
        let daemon = world.daemon_with(&args, &[]);
        daemon.wait_ready();
        let command = format!("cd '{}' && {COUNTED}", world.sandbox.path().display());
        let arguments = payload::list(&[json!(command), json!("s"), json!(world.epoch)]);
        let callers: Vec<String> = (0..3).map(|_| world.sandbox.epoch_id()).collect();
        thread::scope(|scope| {
            let calls: Vec<_> = callers
                .iter()
                .map(|caller| {
                    let (arguments, raw) = (arguments.clone(), Raw::connect(&world));
                    scope.spawn(move || raw.activity(caller, "execute_slice_command", arguments))
                })
                .collect();
            let state = |caller: &String| -> Option<String> {
                let caller = Workflow::new(server, caller);
                caller.is_known()?;
                let state = caller.describe()["pendingActivities"][0]["state"].clone();
                state.as_str().map(str::to_owned)
            };
            eventually("the worker has what it may have", LIMIT, || {
                let states: Option<Vec<String>> = callers.iter().map(state).collect();
                let states = states?;
                let started = states.iter().filter(|state| state.ends_with("STARTED"));
                let waiting = states.iter().filter(|state| state.ends_with("SCHEDULED"));
                (started.count() == limit && waiting.count() == 3 - limit).then_some(())
            });
            world.sandbox.write("end", "");
            for call in calls {
                let result = call.join().expect("it comes to an end").unwrap();
                assert_eq!(result["success"], true, "{result}");
            }
        });
        let counts = fs::read_to_string(world.sandbox.path().join("counts")).unwrap();
        let counts = counts.lines().map(|line| line.trim().parse::<usize>());
        let counts: Vec<usize> = counts.map(Result::unwrap).collect();
        assert_eq!(counts.len(), 3, "{counts:?}");
        assert!(counts.iter().all(|count| *count <= limit), "{counts:?}");
    }
}

/// Polls that follow the load, and next to no cache: slower perhaps, and nothing is lost.
#[test]
fn an_epoch_gets_along_with_automatic_polls_and_a_cache_of_one() {
    let Some(world) = World::shared() else { return };
    let args = "--max-concurrent-workflow-task-polls auto --max-concurrent-activity-task-polls \
                auto --max-cached-workflows 1 --max-activities-per-second 50 \
                --max-task-queue-activities-per-second 50 --deployment-name shop --build-id 7";
    let args: Vec<&str> = args.split_whitespace().collect();
    let daemon = world.daemon_with(&args, &[]);
    daemon.wait_ready();
    // Two at once, so that each drives the other out.
    let other = world.beside(&world.sandbox.epoch_id());
    let _ = (world.start(), other.start());
    for phase in ["p2", "p3", "p4"] {
        world.advance_through(&[phase]);
        other.advance_through(&[phase]);
    }
    assert_eq!(world.state()["current_phase"], "p4");
    assert_eq!(other.state()["current_phase"], "p4");
}

/// On Temporal's server the rate is the server's business; the engine is ours.
#[test]
fn the_engine_gives_out_no_more_activities_a_second_than_the_worker_wants() {
    let Some(world) = World::alone() else { return };
    let daemon = world.daemon_with(&["--max-task-queue-activities-per-second", "0.5"], &[]);
    daemon.wait_ready();
    let raw = Raw::connect(&world);
    let begun = Instant::now();
    for _ in 0..3 {
        let caller = world.sandbox.epoch_id();
        let nobody = payload::list(&[json!("nobody")]);
        let events = raw.activity(&caller, "query_audit_events", nobody);
        assert_eq!(events, Ok(json!([])));
    }
    // The first is given out at once.
    assert!(begun.elapsed() >= Duration::from_millis(3_900));
}
