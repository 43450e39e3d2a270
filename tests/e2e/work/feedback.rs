//! Reviewers who speak to a slice while its command runs: it runs again, and is told.

use serde_json::{Value, json};

use super::{LIMIT, configure, file, processes_of, start_in_p9, text, until, until_none_runs};
use crate::raw::Raw;
use crate::support::wait::eventually;
use crate::world::World;

/// Keeps what it is told in each round, and ends when that round may end.
const WORKER: &str = r#"
import os, pathlib, sys, time
round = os.environ["AURA_ROUND"]
told = sys.stdin.buffer.read()
request = pathlib.Path(os.environ["AURA_REQUEST_FILE"]).read_bytes()
assert request == told, (request, told)
with open("rounds", "a") as rounds:
    rounds.write(round + "\n")
new = pathlib.Path(f"new-{round}")
new.write_bytes(told)
new.rename(f"told-{round}")
while not pathlib.Path(f"end-{round}").exists() and os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
print("the result of round", round)
sys.exit(9 if pathlib.Path(f"fail-{round}").exists() else 0)
"#;

const PROMPT: &str = "what is to be done";

/// A world in p9 whose slice is in its first round.
#[track_caller]
fn working(world: &World, mode: &str) -> Raw {
    start_in_p9(world);
    let start = ["slice", "start", "--slice-id", "s", "--runner", "worker"];
    let how = ["--mode", mode, "--prompt", PROMPT];
    let _ = world.run(&[&start[..], &how].concat()).ok();
    assert_eq!(text(world, "told-1"), PROMPT);
    Raw::connect(world)
}

/// The workflow of the slice.
fn child(world: &World) -> String {
    format!("{}-slice-s", world.epoch)
}

/// A reviewer speaks; what became of it.
#[track_caller]
fn speak(world: &World, raw: &Raw, number: u32, feedback: &str) -> Value {
    let id = format!("cycle-{number}");
    let cycle = json!({
        "cycle_number": number, "reviewer_feedback": feedback, "request_id": id,
    });
    raw.tell(&child(world), "review_cycle", &cycle);
    raw.outcome(&child(world), &id)
}

/// Lets the command of a round end.
fn let_end(world: &World, round: u32) {
    world.sandbox.write(format!("work/end-{round}"), "");
}

#[test]
fn what_reviewers_say_is_handed_to_another_round() {
    three_rounds_of_review("subprocess");
}

#[test]
fn what_reviewers_say_is_handed_to_another_window() {
    three_rounds_of_review("tmux");
}

#[track_caller]
fn three_rounds_of_review(mode: &str) {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", WORKER, "")], "");
    let _daemon = world.ready_daemon();
    let raw = working(&world, mode);
    let mut told = PROMPT.to_owned();
    // Three rounds of review, each on a round of work, and the work that follows the last.
    for number in 1..=3 {
        let feedback = format!("\"round\" {number}: $(touch owned) isn't\nwhat I want");
        let outcome = speak(&world, &raw, number, &feedback);
        assert_eq!(outcome["status"], "applied", "{outcome}");
        let_end(&world, number);
        let next = text(&world, &format!("told-{}", number + 1));
        let rest = next.strip_prefix(&told);
        let rest = rest.unwrap_or_else(|| panic!("{next:?} does not begin with {told:?}"));
        assert!(rest.ends_with(&feedback), "{rest:?} has not {feedback:?}");
        told = next;
    }
    let outcome = speak(&world, &raw, 4, "not yet");
    assert_eq!(outcome["status"], "refused", "{outcome}");
    assert_eq!(outcome["refusal"]["code"], "max_cycles", "{outcome}");
    assert_eq!(raw.query(&child(&world), "review_cycle_count", None), 3);
    let cycles = raw.query(&child(&world), "review_cycles", None);
    assert_eq!(cycles[2]["cycle_number"], 3, "{cycles}");

    let_end(&world, 4);
    let slice = until(&world, "s", "succeeded");
    // It is one run of the slice, and its result is that of the last round alone.
    let output = slice["output"].as_str().expect("a text");
    assert_eq!(output.trim_end(), "the result of round 4");
    assert_eq!(slice["attempt"], 1, "{slice}");
    assert_eq!(text(&world, "rounds"), "1\n2\n3\n4\n");
    assert!(!file(&world, "owned").exists(), "no shell has read it");
    until_none_runs(&world);
}

#[test]
fn the_last_round_has_the_say() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", WORKER, "")], "");
    let _daemon = world.ready_daemon();
    let raw = working(&world, "subprocess");
    // A first round that failed is no failure of the slice where a second one follows; and
    // what was said twice in one round is handed to the next at once.
    world.sandbox.write("work/fail-1", "");
    for (number, feedback) in [(1, "do it again"), (2, "and this as well")] {
        let outcome = speak(&world, &raw, number, feedback);
        assert_eq!(outcome["status"], "applied", "{outcome}");
    }
    let_end(&world, 1);
    let told = text(&world, "told-2");
    let both = told.find("do it again").zip(told.find("and this as well"));
    assert!(
        both.is_some_and(|(first, second)| first < second),
        "{told:?}"
    );
    world.sandbox.write("work/fail-2", "");
    let_end(&world, 2);
    let slice = until(&world, "s", "failed");
    assert_eq!(slice["code"], "exit_status", "{slice}");
    assert_eq!(slice["output"], "the result of round 2\n");
    assert_eq!(text(&world, "rounds"), "1\n2\n", "nothing was left to say");
}

#[test]
fn a_result_from_outside_ends_the_rounds() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", WORKER, "")], "");
    let _daemon = world.ready_daemon();
    let raw = working(&world, "subprocess");
    let outcome = speak(&world, &raw, 1, "once more");
    assert_eq!(outcome["status"], "applied", "{outcome}");
    let_end(&world, 1);
    let _ = text(&world, "told-2");
    let _ = world
        .say("signal complete --slice-id s --output enough")
        .ok();
    let slice = until(&world, "s", "succeeded");
    assert_eq!(slice["output"], "enough");
    eventually("the second round's command is ended", LIMIT, || {
        processes_of(&world).is_empty().then_some(())
    });
    assert_eq!(text(&world, "rounds"), "1\n2\n");
}
