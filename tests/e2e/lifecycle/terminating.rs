//! `epoch terminate`: the epoch and its children end at once, and nobody else does.

use serde_json::json;

use super::cancelling::start_slices;
use crate::failures;
use crate::listed;
use crate::slices;
use crate::temporal::Workflow;
use crate::world::World;

#[test]
fn a_terminated_epoch_takes_its_children_with_it_and_no_others() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    // Ids that share words with this one, begin with it, or look like its children's.
    let similar = [
        "{}-more",
        "more-{}",
        "{}-review-notes",
        "{}-slice-notes",
        "{}-slice-p4",
    ]
    .map(|form| world.beside(&form.replace("{}", &world.epoch)));
    for world in similar.iter().chain([&world]) {
        world.start_in("p4");
        let query = format!(
            "WorkflowId='{}' AND ExecutionStatus='Running'",
            review(world)
        );
        listed::wait_for(server, &query, &review(world));
    }
    let ended = world.say("epoch terminate --reason unwanted --format json");
    let said = ended.ok().json();
    let expected = json!({ "success": true, "workflow_id": world.epoch, "children": 1 });
    assert_eq!(said, expected);
    let status = |id: &str| Workflow::new(server, id).status();
    assert_eq!(
        [status(&world.epoch), status(&review(&world))],
        ["TERMINATED", "TERMINATED"]
    );
    for other in &similar {
        let found = [status(&other.epoch), status(&review(other))];
        assert_eq!(found, ["RUNNING", "RUNNING"], "{}", other.epoch);
        other.accept();
        other.advance_through(&["p5"]);
    }
}

#[test]
fn a_child_that_has_only_just_begun_ends_too() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let _ = world.say("epoch terminate").ok();
    // If it has begun at all.
    let id = review(&world);
    let child = Workflow::new(server, &id);
    if child.is_known().is_some() {
        assert_eq!(child.status(), "TERMINATED");
    }
}

#[test]
fn running_slices_end_with_their_terminated_epoch() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    slices::hold(&world, server);
    let _daemon = world.ready_daemon();
    let slices = start_slices(&world, server);
    let ended = world.say("epoch terminate").ok().stdout;
    assert_eq!(
        ended,
        format!("Epoch terminated: workflow_id={} children=2\n", world.epoch)
    );
    for id in slices.iter().chain([&world.epoch]) {
        assert_eq!(Workflow::new(server, id).status(), "TERMINATED", "{id}");
    }
}

/// It is the server's doing, so it needs no worker, nor one that knows the workflow.
#[test]
fn an_epoch_can_be_terminated_without_a_worker() {
    let Some(world) = World::shared() else { return };
    let _ = world.start();
    let _ = world.say("epoch terminate").ok();
    for command in ["epoch terminate", "phase advance --to-phase p2"] {
        let said = failures::of(&world, 3, command);
        assert_eq!(said["code"], "closed");
        assert_eq!(
            said["what"],
            format!("'{}' is closed (terminated)", world.epoch)
        );
    }
}

/// The workflow of the first review in p4.
fn review(world: &World) -> String {
    format!("{}-review-p4", world.epoch)
}
