//! What may not run: each is refused with its reason, at once, and seen everywhere.

use serde_json::json;

use super::{configure, start_in_p9, until};
use crate::failures;
use crate::raw::Raw;
use crate::world::World;

const NOTHING: &str = "print('ran')";

#[test]
fn a_runner_that_is_not_configured_fails_the_slice_at_once() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", NOTHING, "")], "");
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    let start = "slice start --slice-id s --runner nobody --prompt x --wait --format json";
    let said = failures::json(&world.say(start).code(3));
    assert!(said.to_string().contains("runner_unknown"), "{said}");
    let slice = until(&world, "s", "failed");
    assert_eq!(slice["code"], "runner_unknown", "{slice}");
    let error = slice["error"].as_str().unwrap_or_default();
    assert!(error.contains("worker"), "it says which there are: {error}");
    let shown = world.say("slice show --slice-id s").ok();
    assert!(shown.stdout.contains("runner_unknown"), "{shown}");
}

#[test]
fn a_shell_command_runs_only_where_the_operator_allows_it() {
    let Some(world) = World::shared() else { return };
    for (more, state, code) in [
        ("", "failed", json!("shell_forbidden")),
        ("[aurad]\nallow_shell = true", "succeeded", json!(null)),
    ] {
        let world = world.beside(&world.sandbox.epoch_id());
        configure(&world, &[], more);
        let mut daemon = world.ready_daemon();
        start_in_p9(&world);
        let raw = Raw::connect(&world);
        let start = json!({
            "slice_id": "s", "config": { "mode": "subprocess", "command": "echo $AURA_SLICE_ID" },
        });
        raw.tell(&world.epoch, "start_slice", &start);
        let slice = until(&world, "s", state);
        assert_eq!(slice["code"], code, "{slice}");
        daemon.terminate();
        daemon.wait_exit(super::LIMIT);
    }
}

#[test]
fn a_plan_with_a_fault_is_refused_whole() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let _ = world.start();
    let mock = |id: &str, after: &str| {
        format!("[[slice]]\nid = \"{id}\"\nmode = \"mock\"\nafter = [{after}]\n")
    };
    let cases = [
        ("dependency_cycle", mock("a", "\"b\"") + &mock("b", "\"a\"")),
        ("dependency_unknown", mock("a", "\"zzz\"")),
    ];
    let submit = |plan: &str| {
        let path = world.sandbox.write("plan.toml", plan);
        let said = failures::of(&world, 3, &format!("slice plan --file {}", path.display()));
        said["code"].clone()
    };
    assert_eq!(submit(&mock("a", "")), "wrong_phase");
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    world.advance_through(&["p5", "p6", "p7", "p8"]);
    for (code, plan) in cases {
        assert_eq!(submit(&plan), code);
        assert_eq!(world.state()["slices"], json!([]));
    }
    // What is seen without asking anybody is not even sent.
    let twice = world
        .sandbox
        .write("plan.toml", &(mock("a", "") + &mock("a", "")));
    let _ = world
        .say(&format!("slice plan --file {}", twice.display()))
        .code(1);
    let once = world.sandbox.write("plan.toml", &mock("a", ""));
    let plan = format!("slice plan --file {}", once.display());
    let _ = world.say(&plan).ok();
    let said = failures::of(&world, 3, &plan);
    assert_eq!(said["code"], "slice_exists");
}
