//! The whole: a plan of six slices with real commands, and three reviewers that are commands.

use std::collections::BTreeMap;
use std::fs;

use super::{configure, file, slice, start_in_p9, text, until};
use crate::failures;
use crate::world::World;

/// Notes when it begins and ends. `a` waits for `e`, and `b` and `c` for each other, so that
/// they must run side by side; `c` fails the first time; `e` goes on until it is ended from
/// outside.
const WORKER: &str = r#"
import os, sys, time, pathlib
me = os.environ["AURA_SLICE_ID"]
def note(what):
    with open("story", "a") as story:
        story.write(f"{me} {what} {time.time_ns()}\n")
note("begins")
pathlib.Path(f"prompt-{me}").write_bytes(sys.stdin.buffer.read())
pathlib.Path(f"here-{me}").touch()
def wait_for(name):
    while not pathlib.Path(name).exists() and os.path.isdir(os.environ["HOME"]):
        time.sleep(0.02)
if me == "a": wait_for("here-e")
if me == "b": wait_for("here-c")
if me == "c": wait_for("here-b")
if me == "e": wait_for("never")
if me == "c" and not pathlib.Path("failed-once").exists():
    pathlib.Path("failed-once").touch()
    print("c has no luck")
    sys.exit(3)
note("ends")
print("done:", me)
"#;

/// Accepts all but the first code review's elegance, about which it speaks last: a REVISE
/// ends a round, whoever else is still at it.
const REVIEWER: &str = r#"
import json, os, sys, time
env = os.environ
request = sys.stdin.read()
with open("reviews", "a") as reviews:
    reviews.write(f"{env['AURA_PHASE']} {env['AURA_ROUND']} {env['AURA_AXIS']} {env['AURA_ROLE']}\n")
assert "what is asked for" in request
print("thinking")
revise = (env["AURA_PHASE"], env["AURA_ROUND"], env["AURA_AXIS"]) == ("p10", "1", "elegance")
if revise:
    while not os.path.exists("others-voted") and os.path.isdir(env["HOME"]):
        time.sleep(0.02)
    finding = {"severity": "MINOR", "slice_id": "b", "summary": "a long function"}
    print(json.dumps({"vote": "REVISE", "comment": "not yet", "findings": [finding]}))
else:
    print(json.dumps({"vote": "ACCEPT", "comment": "fine"}))
"#;

const PLAN: &str = r#"
[[slice]]
id = "a"
runner = "worker"
prompt = "begin"
leaf = ["a1", "a2"]

[[slice]]
id = "b"
after = ["a"]
runner = "worker"

[[slice]]
id = "c"
after = ["a"]
runner = "worker"

[[slice]]
id = "d"
after = ["b", "c"]
runner = "worker"

[[slice]]
id = "e"
runner = "worker"

[[slice]]
id = "f"
after = ["d", "e"]
runner = "worker"
"#;

#[test]
fn a_plan_runs_in_its_order_and_reviewers_that_are_commands_decide() {
    whole("subprocess");
}

#[test]
fn a_plan_runs_the_same_in_windows_of_tmux() {
    whole("tmux");
}

fn whole(mode: &str) {
    let Some(world) = World::shared() else { return };
    let review = "[review]\ncorrectness = \"reviewer\"\ntest_quality = \"reviewer\"\nelegance = \
                  \"reviewer\"";
    let runners = [("worker", WORKER, ""), ("reviewer", REVIEWER, "")];
    configure(&world, &runners, review);
    let _daemon = world.ready_daemon();
    let _ = world.start();
    world.advance_through(&["p2", "p3", "p4"]);
    consensus(&world, 3);
    world.advance_through(&["p5", "p6", "p7", "p8"]);

    let plan = PLAN.replace("[[slice]]\n", &format!("[[slice]]\nmode = \"{mode}\"\n"));
    let plan = world.sandbox.write("plan.toml", &plan);
    let _ = world
        .run(&["slice", "plan", "--file", plan.to_str().expect("UTF-8")])
        .ok();
    world.advance_through(&["p9"]);

    // c fails, and d is blocked by it.
    let failed = until(&world, "c", "failed");
    assert_eq!(failed["code"], "exit_status", "{failed}");
    assert!(
        failed["output"]
            .as_str()
            .is_some_and(|output| output.contains("c has no luck")),
        "{failed}"
    );
    let blocked = until(&world, "d", "blocked");
    assert_eq!(blocked["reason"], "c did not succeed");
    let refused = failures::of(&world, 3, "phase advance --to-phase p10");
    assert_eq!(refused["code"], "slices_unfinished");
    for id in ["c", "d", "e", "f"] {
        assert!(refused.to_string().contains(id), "{refused}");
    }
    until(&world, "b", "succeeded");
    let _ = world
        .say("slice retry --slice-id c --reason luck --wait")
        .ok();
    until(&world, "d", "succeeded");

    // e is ended from outside, with its process.
    assert!(file(&world, "here-e").exists());
    let _ = world
        .say("signal complete --slice-id e --output enough")
        .ok();
    let _ = until(&world, "f", "succeeded");
    assert_eq!(slice(&world, "e")["output"], "enough");
    assert_eq!(text(&world, "prompt-a"), "begin");
    check_story(&fs::read_to_string(file(&world, "story")).expect("a story"));

    let list = world.say("slice list").ok();
    let a = list.stdout.lines().find(|line| line.starts_with('a'));
    assert!(a.is_some_and(|line| line.contains("2/2")), "{list}");

    world.advance_through(&["p10"]);
    consensus(&world, 2);
    fs::write(file(&world, "others-voted"), "").expect("a file");
    consensus(&world, 3);
    assert_eq!(world.state()["votes"]["elegance"], "REVISE");
    assert_eq!(world.state()["findings"][0]["summary"], "a long function");
    let refused = failures::of(&world, 3, "phase advance --to-phase p11");
    assert_eq!(refused["code"], "consensus_missing", "{refused}");
    world.advance_through(&["p9", "p10"]);
    consensus(&world, 3);
    world.advance_through(&["p11", "p12", "complete"]);
    let reviews = fs::read_to_string(file(&world, "reviews")).expect("reviews");
    let mut lines: Vec<&str> = reviews.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines.len(), 9, "{reviews}");
    assert!(lines.contains(&"p10 2 test_quality reviewer"), "{reviews}");
    super::until_none_runs(&world);
}

/// Waits for so many votes.
#[track_caller]
fn consensus(world: &World, count: usize) {
    crate::support::wait::eventually("the reviewers have voted", super::LIMIT, || {
        let votes = world.state()["votes"].as_object().map(serde_json::Map::len);
        (votes == Some(count)).then_some(())
    });
}

/// Nothing begins before what it waits for has ended.
fn check_story(story: &str) {
    let mut begins: BTreeMap<&str, u64> = BTreeMap::new();
    let mut ends: BTreeMap<&str, u64> = BTreeMap::new();
    for line in story.lines() {
        let mut words = line.split(' ');
        let (Some(id), Some(what), Some(at)) = (words.next(), words.next(), words.next()) else {
            panic!("{line}")
        };
        let at = at.parse().expect("a time");
        // A slice that runs again counts from its last run.
        if what == "begins" {
            &mut begins
        } else {
            &mut ends
        }
        .insert(id, at);
    }
    for (first, then) in [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "f")] {
        assert!(
            ends[first] <= begins[then],
            "{first} before {then}: {story}"
        );
    }
    assert!(begins["e"] < ends["a"], "e waits for nothing: {story}");
}

/// One slice, alone.
#[test]
fn a_slice_that_is_waited_for_tells_how_it_ended() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[("worker", WORKER, "")], "");
    let _daemon = world.ready_daemon();
    start_in_p9(&world);
    let prompt = "it's \"quoted\" $(touch owned) `touch owned` \\ \n second line \u{1f600}";
    let start = [
        "slice",
        "start",
        "--runner",
        "worker",
        "--wait",
        "--slice-id",
        "g",
    ];
    let done = world
        .run(&[&start[..], &["--prompt", prompt]].concat())
        .ok();
    assert!(done.stdout.contains("succeeded"), "{done}");
    assert_eq!(text(&world, "prompt-g"), prompt);
    assert!(!file(&world, "owned").exists(), "no shell has read it");
}
