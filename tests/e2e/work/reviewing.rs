//! Rounds of review: their time, what reminds of them, and the commands that have a part in
//! them.

use std::fs;

use serde_json::{Value, json};

use super::{LIMIT, configure, file, processes_of, text, until_none_runs};
use crate::failures;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

/// The last round, as programs see it.
#[track_caller]
fn last_round(world: &World) -> Value {
    let shown = world.say("review show --format json").ok().json();
    let rounds = shown["rounds"].as_array().expect("a list");
    rounds.last().expect("a round is open").clone()
}

#[test]
fn a_round_has_a_deadline_and_people_have_not() {
    let Some(world) = World::shared() else { return };
    configure(&world, &[], "[review]\ndeadline = \"3s\"");
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let _ = world.vote("elegance", "ACCEPT").ok();
    let rows = world.audit_rows_with("review_closed", 1);
    let closed = rows.iter().find(|row| row.event_type == "review_closed");
    let details = closed.expect("it is in the trail").details();
    assert_eq!(details["reason"], "deadline", "{details}");
    assert_eq!(details["round"], 1, "{details}");

    let round = last_round(&world);
    assert_eq!(round["review_closed"], "deadline", "{round}");
    assert_eq!(round["open"], true, "only people move on: {round}");
    let said = failures::of(&world, 3, "phase advance --to-phase p5");
    assert_eq!(said["code"], "consensus_missing");
    for axis in ["correctness", "test_quality"] {
        let _ = world.vote(axis, "ACCEPT").ok();
    }
    assert_eq!(last_round(&world)["missing"], json!([]));
    world.advance_through(&["p5"]);
    assert_eq!(
        world
            .audit_rows_with("review_closed", 1)
            .iter()
            .filter(|row| { row.event_type == "review_closed" })
            .count(),
        1,
        "a round is closed once"
    );
}

#[test]
fn reminders_name_who_is_missing_until_nobody_is() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    configure(&world, &[], "[review]\nremind_every = \"1s\"");
    let daemon = world.ready_daemon();
    world.start_in("p4");
    let about = format!("of epoch {} waits for votes on: ", world.epoch);
    let remaining = ["correctness", "test_quality", "elegance"];
    for voted in 0..3 {
        // One that was on its way when a vote came may name it for the last time.
        let line = format!("{about}{};", remaining[voted..].join(", "));
        let _ = daemon.wait_for_line(&line, LIMIT);
        let _ = world.vote(remaining[voted], "ACCEPT").ok();
    }
    // Who could remind again is gone, and has not done so.
    let review = format!("{}-review-p4", world.epoch);
    Workflow::new(server, &review).wait_status("COMPLETED", LIMIT);
    let nobody = format!("{about};");
    assert!(daemon.logs().iter().all(|line| !line.contains(&nobody)));
    world.advance_through(&["p5"]);
}

/// Has found something bad, and accepts nevertheless.
const FINDER: &str = r#"
import json, os
finding = {"severity": "BLOCKER", "slice_id": "s", "summary": "it loses data"}
worse = os.environ["AURA_PHASE"] == "p10" and os.environ["AURA_AXIS"] == "correctness"
print(json.dumps({"vote": "ACCEPT", "comment": "well", "findings": [finding] if worse else []}))
"#;

#[test]
fn a_blocker_that_a_command_has_found_keeps_the_gate_shut() {
    let Some(world) = World::shared() else { return };
    let review = "[review]\ncorrectness = \"finder\"\ntest_quality = \"finder\"\nelegance = \
                  \"finder\"";
    configure(&world, &[("finder", FINDER, "")], review);
    let _daemon = world.ready_daemon();
    world.start_in("p10");
    eventually("all have voted", LIMIT, || {
        (last_round(&world)["missing"] == json!([])).then_some(())
    });
    let round = last_round(&world);
    for vote in round["votes"].as_array().expect("a list") {
        assert_eq!(vote["vote"], "ACCEPT", "{round}");
        assert_eq!(vote["reviewer_id"], "runner:finder", "{round}");
    }
    let findings = world.state()["findings"].clone();
    assert_eq!(findings.as_array().map(Vec::len), Some(1), "{findings}");
    let finding = &findings[0];
    assert_eq!(finding["severity"], "BLOCKER", "{finding}");
    assert_eq!(finding["slice_id"], "s", "{finding}");
    assert_eq!(finding["summary"], "it loses data", "{finding}");
    let said = failures::of(&world, 3, "phase advance --to-phase p11");
    assert_eq!(said["code"], "blockers_open", "{said}");
    let id = finding["finding_id"].as_str().expect("an id");
    let resolve = ["finding", "resolve", "--finding-id", id];
    let how = ["--resolution", "it is kept now"];
    let _ = world.run(&[&resolve[..], &how].concat()).ok();
    world.advance_through(&["p11"]);
    until_none_runs(&world);
}

/// Thinks for ever about correctness, in two processes; deaf to a first wish that it stop.
const SLOW: &str = r#"
import os, pathlib, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sh", "-c", 'while [ -d "$HOME" ]; do sleep 0.2; done'])
with open("thinking", "a") as thinking:
    thinking.write(os.environ["AURA_ROUND"] + "\n")
while os.path.isdir(os.environ["HOME"]):
    time.sleep(0.02)
"#;

#[test]
fn a_reviewer_that_is_slow_is_ended_with_its_round() {
    let Some(world) = World::shared() else { return };
    let runners = [("slow", SLOW, "kill_after = \"1s\"")];
    configure(&world, &runners, "[review]\ncorrectness = \"slow\"");
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    assert_eq!(text(&world, "thinking"), "1\n");
    assert!(processes_of(&world).len() >= 2, "the command and its child");
    let _ = world.vote("elegance", "REVISE").ok();
    until_none_runs(&world);
    let round = last_round(&world);
    assert_eq!(round["review_closed"], "revise", "{round}");
    // It was not asked again, and its silence is nobody's fault.
    assert_eq!(round["missed"], json!({}), "{round}");
    world.advance_through(&["p3", "p4"]);
    eventually("the next round asks again", LIMIT, || {
        (text(&world, "thinking") == "1\n2\n").then_some(())
    });
    // Somebody else may judge its axis; that, too, ends its work.
    world.accept();
    world.advance_through(&["p5"]);
    until_none_runs(&world);
    assert_eq!(text(&world, "thinking"), "1\n2\n");
}

#[test]
fn a_reviewer_whose_time_is_up_has_not_voted() {
    let Some(world) = World::shared() else { return };
    let runners = [("slow", SLOW, "kill_after = \"1s\"")];
    let review = "[review]\ncorrectness = \"slow\"\ntimeout = \"10s\"";
    configure(&world, &runners, review);
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    let rows = world.audit_rows_with("vote_missed", 1);
    let missed = rows.iter().find(|row| row.event_type == "vote_missed");
    let details = missed.expect("it is in the trail").details();
    assert_eq!(details["axis"], "correctness", "{details}");
    assert_eq!(details["reviewer_id"], "runner:slow", "{details}");
    let why = details["why"].as_str().expect("a reason");
    assert!(why.contains("too long"), "{why}");
    assert_eq!(text(&world, "thinking"), "1\n1\n", "it was asked twice");
    until_none_runs(&world);
    let round = last_round(&world);
    assert!(round["missed"]["correctness"].is_object(), "{round}");
    assert_eq!(round["review_closed"], Value::Null, "{round}");
    world.accept();
    world.advance_through(&["p5"]);
}

/// A round that is over by its deadline needs its commands no longer.
#[test]
fn a_deadline_ends_the_commands_of_its_round() {
    let Some(world) = World::shared() else { return };
    let runners = [("slow", SLOW, "kill_after = \"1s\"")];
    let review = "[review]\nelegance = \"slow\"\ndeadline = \"10s\"";
    configure(&world, &runners, review);
    let _daemon = world.ready_daemon();
    world.start_in("p4");
    assert_eq!(text(&world, "thinking"), "1\n");
    world.audit_rows_with("review_closed", 1);
    until_none_runs(&world);
    assert_eq!(fs::read_to_string(file(&world, "thinking")).unwrap(), "1\n");
    world.accept();
    world.advance_through(&["p5"]);
}

/// Whatever becomes of the daemon, a reviewer is asked anew by the next, and only once at a
/// time; that it was stopped is no missed vote.
#[test]
fn a_reviewer_outlives_its_daemon_and_not_its_epoch() {
    let Some(world) = World::shared() else { return };
    let runners = [("slow", SLOW, "kill_after = \"1s\"")];
    configure(&world, &runners, "[review]\ncorrectness = \"slow\"");
    let mut daemon = world.daemon_with(&["--grace-period", "1s"], &[]);
    daemon.wait_ready();
    world.start_in("p4");
    let asked = |times: usize| {
        let lines = "1\n".repeat(times);
        eventually(&format!("it is asked {times} times"), LIMIT, || {
            (text(&world, "thinking") == lines).then_some(())
        });
        eventually("one thinks at a time", LIMIT, || {
            (thinking(&world) == 1).then_some(())
        });
    };
    asked(1);
    daemon.kill();
    daemon.restart();
    daemon.wait_ready();
    asked(2);
    daemon.terminate();
    assert!(daemon.wait_exit(LIMIT).success());
    assert!(processes_of(&world).is_empty(), "none when it has ended");
    daemon.restart();
    daemon.wait_ready();
    asked(3);
    assert_eq!(last_round(&world)["missed"], json!({}));
    let _ = world.say("epoch cancel").ok();
    until_none_runs(&world);
}

/// How many reviewers there are, without the child that each has.
fn thinking(world: &World) -> usize {
    let is_one = |pid: &u32| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        words.ends_with(b"/runners/slow.py\0")
    };
    processes_of(world).iter().filter(|pid| is_one(pid)).count()
}
