//! Epochs as people and programs see them: one, all, their story, and as they change.

mod changing;
mod listed;
mod many;
mod schemas;
mod steered;

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::daemon::Daemon;
use crate::world::World;

/// A world, and its daemon.
#[track_caller]
fn ready() -> Option<(World, Daemon)> {
    let world = World::shared()?;
    let daemon = world.ready_daemon();
    Some((world, daemon))
}

/// How long a change may take to be seen, on a loaded machine.
const LIMIT: Duration = Duration::from_mins(1);

#[track_caller]
fn shown(world: &World) -> Value {
    world.say("epoch show --format json").ok().json()
}

#[test]
fn an_epoch_is_told_with_all_that_happened() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    world.start_in("p4");
    let _ = world.advance("p5").code(3);
    let vote = "signal vote --axis elegance --vote revise --reviewer-id ann --comment ugly";
    let _ = world.say(vote).ok();
    world.advance_through(&["p3"]);
    let add = "finding add --finding-id f --severity minor --summary slow --reported-by bob";
    let _ = world.say(add).ok();

    let story = world.say("epoch history --format json").ok();
    assert_eq!(story.stderr, "");
    let story = story.json();
    let told: Vec<String> = story
        .as_array()
        .expect("a story is a list")
        .iter()
        .map(|item| {
            let part = |key: &str| item[key].as_str().expect("every part is a text").to_owned();
            format!(
                "{}: {} ({})",
                part("event_type"),
                part("what"),
                part("actor")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            format!("epoch_started: epoch {} started ()", world.epoch),
            "phase_transition: p1 → p2 (test)".to_owned(),
            "phase_transition: p2 → p3 (test)".to_owned(),
            "phase_transition: p3 → p4 (test)".to_owned(),
            "review_opened: review p4 round 1 opened ()".to_owned(),
            "advance_refused: p4 → p5 refused (test)".to_owned(),
            "vote_recorded: REVISE on elegance in p4 round 1 (ann)".to_owned(),
            "phase_transition: p4 → p3 (test)".to_owned(),
            "review_closed: review p4 round 1 closed ()".to_owned(),
            "finding_recorded: MINOR f found (bob)".to_owned(),
        ]
    );
    let times: Vec<&str> = story
        .as_array()
        .expect("a story is a list")
        .iter()
        .map(|item| item["at"].as_str().expect("a time is a text"))
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] <= pair[1]), "{times:?}");
    let lines = world.say("epoch history --format jsonl").ok().stdout;
    assert_eq!(lines.lines().count(), told.len());
    let table = world.say("epoch history").ok().stdout;
    assert!(
        table.contains("REVISE on elegance in p4 round 1"),
        "{table}"
    );
}

#[test]
fn parts_of_a_state_can_be_asked_for_alone() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    world.start_in("p5");
    let steps = world.say("query transitions --format json").ok().json();
    let to: Vec<&Value> = steps
        .as_array()
        .expect("steps are a list")
        .iter()
        .map(|step| &step["to_phase"])
        .collect();
    assert_eq!(to, [&json!("p6"), &json!("p3")]);
    assert_eq!(
        world.say("query transitions").ok().stdout,
        "-> p6 (user accepts plan)\n-> p3 (user requests changes); then create PROPOSAL-{N+1}\n"
    );
    let raw = world.say("query state --raw").ok().json();
    assert_eq!(raw["current_phase"], "p5");
    assert_eq!(raw["available_transitions"], steps);
    assert_eq!(raw["description"], "what is asked for");

    assert_eq!(world.say("finding list").ok().stdout, "No open findings\n");
    for (id, severity) in [("a", "minor"), ("b", "blocker")] {
        let add = format!("finding add --finding-id {id} --severity {severity} --summary s");
        let _ = world.say(&add).ok();
    }
    let table = world.say("finding list").ok().stdout;
    let firsts: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(firsts, ["FINDING", "b", "a"], "{table}");
    let resolve = "finding resolve --finding-id b --resolution mended";
    let _ = world.say(resolve).ok();
    let ids = |line: &str| -> Vec<Value> {
        let list = world.say(line).ok().stdout;
        list.lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"))
            .map(|found| found["finding_id"].clone())
            .collect()
    };
    assert_eq!(ids("finding list --format jsonl"), ["a"]);
    assert_eq!(ids("finding list --all --format jsonl"), ["a", "b"]);
}

#[test]
fn sessions_are_listed_until_they_end() {
    let Some((world, _daemon)) = ready() else {
        return;
    };
    let _ = world.start();
    assert_eq!(world.say("session list").ok().stdout, "No sessions\n");
    for id in ["s-1", "s-2"] {
        let register =
            format!("session register --session-id {id} --role worker --model-harness claude-code");
        let _ = world.say(&register).ok();
    }
    let list = world.say("session list --format json").ok().json();
    assert_eq!(list[0]["session_id"], "s-1");
    assert_eq!(list[0]["role"], "worker");
    assert_eq!(list[0]["stale"], false);
    assert_eq!(list[0]["registered_at"], list[0]["last_seen"]);
    let end = "session end --session-id s-1 --reason done";
    let _ = world.say(end).ok();
    let list = world.say("session list --format jsonl").ok().stdout;
    assert_eq!(list.lines().count(), 1, "{list}");
    assert!(list.contains("s-2"), "{list}");
    let _ = world.say(end).code(3);
    assert_eq!(shown(&world)["active_session_count"], 1);
    let ended = world.audit_rows_with("session_ended", 1);
    let row = ended
        .iter()
        .find(|row| row.event_type == "session_ended")
        .expect("it is in the trail");
    assert_eq!(row.details()["reason"], "done");
}
