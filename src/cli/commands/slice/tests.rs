//! How slices are told: when a wait is over and what it says, what a list says of each, and
//! how far their leaves are. States are written as a worker answers them.

use std::fs;

use serde_json::{Value, json};

use super::attach::{attachable, cannot, command};
use super::ending::ended;
use super::leaves::{Leaf, Leaves, counted};
use super::list;
use super::logs::{Log, copy};
use super::lookup::{Found, Place};
use crate::cli::failure::Failure;
use crate::connection::host_name;
use crate::contract::epoch::SliceProgressSignal;
use crate::contract::query::{QueryStateResult, SliceView};
use crate::shell::shell_line;

fn slice(id: &str, state: &str, after: &[&str], more: &Value) -> Value {
    let mut slice = json!({
        "slice_id": id, "state": state, "attempt": 1, "dependencies": after,
        "leaf_task_ids": [], "config": { "mode": "mock" }, "phase_spec": "", "stopping": false,
        "output": null, "error": null, "reason": null,
        "changed_at": "2026-01-01T00:00:00+00:00",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        slice[key] = value.clone();
    }
    slice
}

fn plain(id: &str, state: &str) -> Value {
    slice(id, state, &[], &Value::Null)
}

fn state(phase: &str, slices: &[Value]) -> QueryStateResult {
    let state = json!({
        "current_phase": phase, "current_role": "worker", "transition_history": [],
        "votes": {}, "last_error": null, "available_transitions": [],
        "active_session_count": 0,
        "epoch_id": "e", "status": "running", "completed_phases": [], "blocker_count": 0,
        "findings": [], "slices": slices, "review_round": null, "violations": [],
        "constraint_violations_total": 0, "transition_count": 8,
        "successful_transition_count": 8, "last_refusal": null, "refusal_count": 0,
        "rules_version": 1,
    });
    let state: QueryStateResult = serde_json::from_value(state).expect("it is a state");
    assert!(state.more.is_some(), "it is one of ours");
    state
}

/// How a wait for these slices ends: none while it goes on, then code and why, or "done".
fn end(state: &QueryStateResult, ids: &[&str]) -> Option<(String, String)> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Some(match ended(state, &ids)? {
        Ok(slices) => ("done".to_owned(), format!("{} slices", slices.len())),
        Err(failure) => {
            assert_eq!(failure.kind.exit_code(), 3);
            (failure.code, failure.why)
        }
    })
}

fn told(code: &str, why: &str) -> (String, String) {
    (code.to_owned(), why.to_owned())
}

#[test]
fn a_wait_goes_on_while_something_may_still_happen() {
    for (phase, slices) in [
        ("p8", vec![plain("a", "waiting")]),
        ("p9", vec![plain("a", "running")]),
        ("p9", vec![plain("a", "waiting"), plain("b", "running")]),
        (
            "p9",
            vec![
                plain("a", "waiting"),
                plain("b", "running"),
                plain("c", "failed"),
            ],
        ),
    ] {
        assert_eq!(end(&state(phase, &slices), &["a"]), None, "{slices:?}");
    }
}

#[test]
fn a_wait_ends_with_what_became_of_the_slice() {
    let reason = json!({ "reason": "enough" });
    let coded = json!({ "error": "no such runner", "code": "runner_unknown" });
    for (ended, code, why) in [
        (plain("a", "succeeded"), "done", "1 slices"),
        (plain("a", "waived"), "done", "1 slices"),
        (
            slice("a", "failed", &[], &coded),
            "runner_unknown",
            "no such runner",
        ),
        (
            slice("a", "failed", &[], &json!({ "error": "exit status 1" })),
            "slice_failed",
            "exit status 1",
        ),
        (
            slice("a", "cancelled", &[], &reason),
            "slice_cancelled",
            "enough",
        ),
        (
            slice("a", "blocked", &[], &reason),
            "slice_blocked",
            "enough",
        ),
    ] {
        assert_eq!(end(&state("p9", &[ended]), &["a"]), Some(told(code, why)));
    }
    let nothing = state("p9", &[]);
    let why = "no slice of that id is declared";
    assert_eq!(end(&nothing, &["a"]), Some(told("slice_unknown", why)));
}

/// With fail-fast, what is ready waits for people once another has failed.
#[test]
fn a_wait_for_a_slice_that_is_held_back_does_not_hang() {
    let slices = [plain("a", "waiting"), plain("b", "failed")];
    let (code, why) = end(&state("p9", &slices), &["a"]).expect("nothing will happen");
    assert_eq!(code, "slice_held");
    assert!(why.contains("fail fast"), "{why}");
}

#[test]
fn a_wait_for_several_tells_of_each_that_did_not_succeed() {
    let failed = slice("a", "failed", &[], &json!({ "error": "no" }));
    let blocked = slice(
        "b",
        "blocked",
        &["a"],
        &json!({ "reason": "a did not succeed" }),
    );
    let all = ["a", "b", "c"];
    let running = [failed.clone(), blocked.clone(), plain("c", "running")];
    assert_eq!(end(&state("p9", &running), &all), None);
    let over = [failed, blocked, plain("c", "succeeded")];
    let why = "slice 'a' failed: no; slice 'b' is blocked: a did not succeed";
    assert_eq!(
        end(&state("p9", &over), &all),
        Some(told("slice_failed", why))
    );
}

#[test]
fn an_earlier_worker_is_not_waited_for() {
    let mut earlier = state("p9", &[]);
    earlier.more = None;
    let (code, _) = end(&earlier, &["a"]).expect("it will never tell");
    assert_eq!(code, "cannot_tell");
}

/// What a list says beside each slice.
fn notes(phase: &str, slices: &[Value]) -> Vec<String> {
    let state = state(phase, slices);
    let more = state.more.as_ref().expect("it is one of ours");
    more.slices
        .iter()
        .map(|slice| list::note(slice, state.current_phase, more))
        .collect()
}

#[test]
fn a_list_says_what_each_slice_waits_for_or_why_it_is_where_it_is() {
    let slices = [
        plain("a", "running"),
        slice("b", "waiting", &["a", "c"], &Value::Null),
        plain("c", "succeeded"),
        slice("d", "waiting", &["c"], &Value::Null),
        slice("e", "failed", &[], &json!({ "error": "no" })),
        slice(
            "f",
            "blocked",
            &["e"],
            &json!({ "reason": "e did not succeed" }),
        ),
        slice(
            "g",
            "running",
            &[],
            &json!({ "stopping": true, "reason": "enough" }),
        ),
        slice("h", "waived", &[], &json!({ "reason": "not needed" })),
    ];
    assert_eq!(
        notes("p9", &slices),
        [
            "",
            "waits for a",
            "",
            "waits for a free place",
            "no",
            "e did not succeed",
            "told to stop: enough",
            "not needed",
        ]
    );
    assert_eq!(notes("p8", &[plain("a", "waiting")]), ["waits for p9"]);
    let held = notes("p9", &[plain("a", "waiting"), plain("b", "failed")]);
    assert!(held[0].starts_with("held back"), "{held:?}");
}

fn report(slice: &str, leaf: &str, stage: &str, completed: bool) -> SliceProgressSignal {
    SliceProgressSignal {
        slice_id: slice.to_owned(),
        leaf_task_id: leaf.to_owned(),
        stage_name: stage.to_owned(),
        completed,
    }
}

fn leaf(id: &str, stage: Option<&str>, is_done: bool) -> Leaf {
    Leaf {
        id: id.to_owned(),
        stage: stage.map(ToOwned::to_owned),
        is_done,
    }
}

#[test]
fn the_last_report_of_a_leaf_counts() {
    let reports = Leaves::from(vec![
        report("a", "two", "build", true),
        report("b", "two", "other", true),
        report("a", "two", "test", false),
        report("a", "extra", "test", true),
        report("wild", "x", "run", false),
    ]);
    let declared = slice(
        "a",
        "running",
        &[],
        &json!({ "leaf_task_ids": ["one", "two"] }),
    );
    let declared: SliceView = serde_json::from_value(declared).expect("it is a slice");
    let own = reports.of(&declared);
    assert_eq!(
        own,
        [
            leaf("one", None, false),
            leaf("two", Some("test"), false),
            leaf("extra", Some("test"), true),
        ]
    );
    assert_eq!(counted(&own), "1/3");
    assert_eq!(counted(&[]), "-");
    let others = reports.undeclared(&[declared]);
    let ids: Vec<&str> = others.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, ["b", "wild"]);
    assert_eq!(others[1].1, [leaf("x", Some("run"), false)]);
}

#[test]
fn a_command_is_printed_as_a_shell_takes_it() {
    let words = ["tmux", "-S", "/tmp/a b", "attach", "-t", "=it's", ""];
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    assert_eq!(
        shell_line(&words),
        r"tmux -S '/tmp/a b' attach -t '=it'\''s' ''"
    );
}

/// A slice that runs on a host, with this log and this command to attach.
fn running(host: &str, log: Option<&str>, attach: &[&str]) -> Found {
    // What an earlier run left is not what runs now.
    let earlier = json!({ "log": "/earlier", "host": "elsewhere" });
    let own = json!({
        "slice_id": "a", "epoch_id": "e", "attempt": 1, "stage": "running",
        "config": { "mode": "tmux" }, "review_cycles": [], "result": null, "refusals": [],
        "running": { "mode": "tmux", "host": host, "log": log, "attach": attach },
    });
    Found {
        slice: serde_json::from_value(slice("a", "running", &[], &earlier)).expect("a slice"),
        own: Some(serde_json::from_value(own).expect("it is its workflow's answer")),
        silent: None,
    }
}

fn ended_with(result: &Value) -> Found {
    let view = slice("a", "failed", &[], result);
    Found {
        slice: serde_json::from_value(view).expect("it is a slice"),
        own: None,
        silent: None,
    }
}

#[test]
fn where_a_command_runs_goes_before_where_it_ran() {
    let here = running("box", Some("/log"), &[]);
    let expected = Place {
        host: Some("box".to_owned()),
        log: Some("/log".to_owned()),
        worktree: None,
    };
    assert_eq!(here.place(), expected);
    let over = ended_with(&json!({ "log": "/old", "host": "box", "worktree": "/w" }));
    assert_eq!(over.place().log.as_deref(), Some("/old"));
    assert_eq!(over.place().worktree.as_deref(), Some("/w"));
    assert_eq!(ended_with(&Value::Null).place(), Place::default());
}

/// The code and the reason of a refusal, which is the workflow's business.
fn refused<T>(result: Result<T, Failure>) -> (String, String) {
    let Err(failure) = result else {
        panic!("it was not refused");
    };
    assert_eq!(failure.kind.exit_code(), 3);
    (failure.code, failure.why)
}

#[test]
fn only_what_runs_in_a_terminal_can_be_attached_to() {
    let found = running("box", None, &["tmux", "attach"]);
    let there = attachable(&found).expect("it runs in a terminal");
    let (code, why) = refused(command(there));
    assert_eq!(
        (code.as_str(), why.as_str()),
        ("other_host", "it runs on host box")
    );

    let (code, _) = refused(attachable(&running("box", None, &[])));
    assert_eq!(code, "no_terminal");
    let (code, why) = refused(attachable(&ended_with(&Value::Null)));
    assert_eq!(code, "not_running");
    assert!(why.contains("failed"), "{why}");

    let found = running(&host_name(), None, &["no-such-program-anywhere", "a b"]);
    // It is not tried here: what a failed try leaves behind is for a process that ends.
    let there = attachable(&found).expect("it is here");
    let (program, _) = command(there)
        .map_err(|failure| failure.code)
        .expect("here");
    let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
    let (code, why) = refused::<()>(Err(cannot(there, program, &missing)));
    assert_eq!(code, "cannot_attach");
    assert!(why.contains("`no-such-program-anywhere 'a b'`"), "{why}");
}

#[test]
fn a_log_is_shown_where_it_is() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("log");
    let shown = path.display().to_string();
    let here = running(&host_name(), Some(&shown), &[]);
    let (code, why) = refused(Log::open(&here));
    assert_eq!(code, "log_unreadable");
    assert!(why.contains(&shown), "{why}");
    fs::write(&path, "said").expect("a file can be written");
    assert!(Log::open(&here).is_ok());

    let (code, why) = refused(Log::open(&running("box", Some(&shown), &[])));
    assert_eq!(code, "other_host");
    assert!(why.contains("host box") && why.contains(&shown), "{why}");
    let (code, _) = refused(Log::open(&running("box", None, &[])));
    assert_eq!(code, "no_log");
}

#[test]
fn a_log_is_copied_as_it_grows_and_anew_when_it_is_begun_anew() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("log");
    let write = |bytes: &[u8]| fs::write(&path, bytes).expect("a file can be written");
    let follow = |mut printed: u64| {
        let mut out = Vec::new();
        loop {
            let after = copy(&path, printed, &mut out).expect("it can be copied");
            if after == printed {
                return (printed, out);
            }
            printed = after;
        }
    };
    let long: Vec<u8> = (0..=255_u8).cycle().take(200_000).collect();
    write(&long);
    assert_eq!(follow(0), (200_000, long.clone()));
    write(&[long, b"more".to_vec()].concat());
    assert_eq!(follow(200_000), (200_004, b"more".to_vec()));
    assert_eq!(follow(200_004), (200_004, Vec::new()));
    write(b"new");
    assert_eq!(follow(200_004), (3, b"new".to_vec()));
}
