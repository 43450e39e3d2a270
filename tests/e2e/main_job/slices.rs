//! The slices of the work: declared in p8 by another client than `aura-msg`, run in p9
//! in the order of their dependencies, and settled before the review.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ready, words};
use crate::failures;
use crate::listed;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

/// Slices that run nothing take a few hops each.
const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn a_plan_of_slices_runs_in_p9_and_opens_the_gate() {
    let Some((world, _daemon, server)) = ready() else {
        return;
    };
    world.start_in("p8");
    let plan = json!({ "request_id": "plan", "slices": [
        slice("docs", "mock", &["parser", "printer"]),
        slice("parser", "mock", &[]),
        slice("printer", "mock", &["parser"]),
    ]});
    let epoch = Workflow::new(server, &world.epoch);
    epoch.signal("plan_slices", &plan);
    assert_eq!(epoch.query("outcome", &"plan".into())["status"], "applied");
    assert_eq!(
        states(&world),
        "docs waiting, parser waiting, printer waiting"
    );

    world.advance_through(&["p9"]);
    wait_for_states(
        &world,
        "docs succeeded, parser succeeded, printer succeeded",
    );
    for id in ["docs", "parser", "printer"] {
        let child = format!("{}-slice-{id}", world.epoch);
        let (status, result) = listed::end(&Workflow::new(server, &child));
        assert_eq!(
            (status.as_str(), &result["success"]),
            ("COMPLETED", &Value::Bool(true))
        );
        assert_eq!(result["slice_id"], id);
        listed::wait_for(server, &format!("AuraEpochId='{}'", world.epoch), &child);
    }
    // Each began after what it depends on had ended.
    let moved: Vec<_> = world
        .audit_rows_with("slice_finished", 3)
        .iter()
        .filter(|row| row.phase == "p9" && row.event_type.starts_with("slice_"))
        .filter(|row| row.event_type != "slice_progress")
        .map(|row| format!("{} {}", words(&row.details()["slice_id"]), row.event_type))
        .collect();
    let in_order = ["parser", "printer", "docs"].map(|id| {
        [
            format!("{id} slice_started"),
            format!("{id} slice_finished"),
        ]
    });
    assert_eq!(moved, in_order.concat());
    world.advance_through(&["p10"]);
}

#[test]
fn a_slice_that_failed_keeps_the_gate_closed_until_it_is_waived() {
    let Some((world, _daemon, server)) = ready() else {
        return;
    };
    world.start_in("p8");
    let plan = json!({ "slices": [
        slice("good", "mock", &[]),
        slice("bad", "subprocess", &[]),
        slice("after", "mock", &["bad"]),
    ]});
    let epoch = Workflow::new(server, &world.epoch);
    epoch.signal("plan_slices", &plan);
    world.advance_through(&["p9"]);
    wait_for_states(&world, "good succeeded, bad failed, after blocked");
    let shown = world.say("query state").ok().stdout;
    assert!(
        shown.contains("\nSlices:\n  good: succeeded\n  bad: failed (shell_forbidden: "),
        "{shown}"
    );
    assert!(
        shown.contains("\n  after: blocked (bad did not succeed)\n"),
        "{shown}"
    );
    let bad = Workflow {
        id: &format!("{}-slice-bad", world.epoch),
        ..epoch
    };
    assert!(
        listed::end(&bad).1["error"]
            .as_str()
            .unwrap()
            .starts_with("shell_forbidden: ")
    );

    let said = failures::of(&world, 3, "phase advance --to-phase p10");
    assert_eq!(said["code"], "slices_unfinished");
    let why = "2 slices are neither succeeded nor waived: bad (failed), after (blocked)";
    assert_eq!(said["why"], why);

    let order = json!({ "request_id": "waive", "slice_id": "bad", "reason": "not needed" });
    epoch.signal("waive_slice", &order);
    assert_eq!(epoch.query("outcome", &"waive".into())["status"], "applied");
    wait_for_states(&world, "good succeeded, bad waived, after succeeded");
    let rows = world.audit_rows_with("slice_finished", 4);
    let waived = rows.iter().find(|row| row.details()["order"] == "waive");
    let details = waived.expect("the order is in the trail").details();
    assert_eq!(
        (&details["slice_id"], &details["reason"]),
        (&json!("bad"), &json!("not needed"))
    );
    world.advance_through(&["p10"]);
}

#[test]
fn a_plan_with_a_cycle_is_refused_whole() {
    let Some((world, _daemon, server)) = ready() else {
        return;
    };
    world.start_in("p8");
    let plan = json!({ "request_id": "plan", "slices": [
        slice("fine", "mock", &[]),
        slice("hen", "mock", &["egg"]),
        slice("egg", "mock", &["hen"]),
    ]});
    let epoch = Workflow::new(server, &world.epoch);
    epoch.signal("plan_slices", &plan);
    let refusal = epoch.query("outcome", &"plan".into())["refusal"].clone();
    assert_eq!(refusal["code"], "dependency_cycle");
    let why = refusal["why"].as_str().unwrap();
    assert!(
        why.contains("hen") && why.contains("egg") && !why.contains("fine"),
        "{why}"
    );
    assert_eq!(states(&world), "");
    assert_eq!(world.state()["last_refusal"]["code"], "dependency_cycle");
}

/// A slice as it is declared; a command that would leave a trace, if it ran.
fn slice(id: &str, mode: &str, dependencies: &[&str]) -> Value {
    let config = json!({ "mode": mode, "command": "touch ran" });
    json!({ "slice_id": id, "config": config, "dependencies": dependencies })
}

/// The slices of the epoch, in the order of their declaration, and where they are.
#[track_caller]
fn states(world: &World) -> String {
    let state = world.state();
    let slices = state["slices"].as_array().unwrap();
    let shown = slices
        .iter()
        .map(|slice| format!("{} {}", words(&slice["slice_id"]), words(&slice["state"])));
    shown.collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn wait_for_states(world: &World, wanted: &str) {
    eventually(wanted, LIMIT, || (states(world) == wanted).then_some(()));
}
