//! What is shown of slices and reviews: the gate's refusal, logs, reports, and rounds.

use serde_json::{Value, json};

use super::{cells, listed, ready_in, wait_for_states};
use crate::failures;
use crate::slices::hold;
use crate::temporal::Workflow;

#[test]
fn the_gate_names_what_is_unfinished_and_the_commands_that_help() {
    let Some((world, _daemon, _)) = ready_in("p9") else {
        return;
    };
    let _ = world
        .say("slice start --slice-id bad --runner nobody --wait")
        .code(3);
    let _ = world
        .say("slice start --slice-id next --mode mock --after bad")
        .ok();
    let said = failures::of(&world, 3, "phase advance --to-phase p10");
    assert_eq!(said["code"], "slices_unfinished");
    let why = "2 slices are neither succeeded nor waived: bad (failed), next (blocked)";
    assert_eq!(said["why"], why);
    for command in [
        "slice list",
        "slice retry --slice-id bad",
        "slice waive --slice-id bad",
    ] {
        let fix = said["fix"].as_str().unwrap();
        assert!(fix.contains(&format!("`aura-msg {command}")), "{fix}");
    }
    let _ = world
        .run(&[
            "slice",
            "waive",
            "--slice-id",
            "bad",
            "--reason",
            "not needed",
        ])
        .ok();
    wait_for_states(&world, "bad waived, next succeeded");
    let table = world.say("slice list").ok().stdout;
    assert!(cells(&table)[1].ends_with(&["not needed"]), "{table}");
    world.advance_through(&["p10"]);
}

/// What a worker reports of a command: where its log is, and on which host.
#[test]
fn a_log_is_printed_as_it_is_on_the_machine_that_has_it() {
    let Some((world, _daemon, server)) = ready_in("p9") else {
        return;
    };
    hold(&world, server);
    let log = world.sandbox.write("log", "");
    let said = b"one\r\n\x1b[1mtwo\x1b[0m no end".to_vec();
    std::fs::write(&log, &said).expect("a file can be written");
    let here = rustix::system::uname();
    let here = here.nodename().to_str().expect("a host has a name");
    for (id, host, path) in [
        ("here", here, log.display().to_string()),
        ("there", "another-host", log.display().to_string()),
        ("gone", here, "/nowhere/log".to_owned()),
    ] {
        let start = format!("slice start --slice-id {id} --runner r");
        let _ = world.say(&start).ok();
        let result = json!({
            "slice_id": id, "success": false, "output": "the end", "error": "exit status 1",
            "code": "exit_status", "log": path, "worktree": "/w", "host": host,
        });
        let finished = json!({ "slice_id": id, "attempt": 1, "result": result });
        Workflow::new(server, &world.epoch).signal("slice_finished", &finished);
    }
    wait_for_states(&world, "here failed, there failed, gone failed");
    for follow in ["", " --follow"] {
        let shown = world
            .say(&format!("slice logs --slice-id here{follow}"))
            .ok();
        assert_eq!((shown.stdout.as_bytes(), &*shown.stderr), (&*said, ""));
    }
    let said = failures::of(&world, 3, "slice logs --slice-id there");
    assert_eq!(said["code"], "other_host");
    assert!(said["why"].as_str().unwrap().contains("another-host"));
    let said = failures::of(&world, 3, "slice logs --slice-id gone --follow");
    assert_eq!(said["code"], "log_unreadable");

    let shown = world.say("slice show --slice-id there").ok().stdout;
    for line in [
        "Code:     exit_status\n",
        "Error:    exit status 1\n",
        "Host:     another-host\n",
        "Worktree: /w\n",
        "Output, its end:\n  the end\n",
    ] {
        assert!(shown.contains(line), "no {line:?} in\n{shown}");
    }
    let rows = world.audit_rows_with("slice_finished", 3);
    let details = rows
        .iter()
        .map(crate::world::AuditRow::details)
        .find(|details| details["slice_id"] == "there" && details["success"] == false)
        .expect("it is in the trail");
    assert_eq!(
        (&details["code"], &details["host"]),
        (&json!("exit_status"), &json!("another-host"))
    );
}

#[test]
fn what_was_only_reported_is_listed_too() {
    let Some((world, _daemon, _)) = ready_in("p9") else {
        return;
    };
    let _ = world
        .say("slice progress --slice-id wild --leaf one --done")
        .ok();
    let _ = world.say("slice progress --slice-id wild --leaf two").ok();
    let table = world.say("slice list").ok().stdout;
    assert_eq!(
        cells(&table)[1],
        ["wild", "-", "-", "1/2", "-", "reported, but never declared"]
    );
    let lines = world.say("slice list --format jsonl").ok();
    assert_eq!(lines.json()["slice_id"], "wild");
    let wild = &listed(&world)[0];
    assert_eq!(
        (&wild["slice_id"], &wild["state"], &wild["leaves_done"]),
        (&json!("wild"), &Value::Null, &json!(1))
    );
}

#[test]
fn review_rounds_are_shown_with_votes_comments_and_who_is_missing() {
    let Some((world, _daemon, _)) = ready_in("p3") else {
        return;
    };
    assert_eq!(world.say("review show").ok().stdout, "No review rounds\n");
    world.advance_through(&["p4"]);
    let vote = [
        "signal",
        "vote",
        "--axis",
        "elegance",
        "--vote",
        "revise",
        "--reviewer-id",
        "ann",
        "--comment",
        "too long:\nno table",
    ];
    let _ = world.run(&vote).ok();
    world.advance_through(&["p3", "p4"]);
    let _ = world.vote("correctness", "ACCEPT").ok();
    let shown = world.say("review show").ok().stdout;
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[0].starts_with("p4 round 1: to be revised, opened "),
        "{shown}"
    );
    assert_eq!(lines[1], "  correctness   missing");
    assert!(
        lines[3].starts_with("  elegance      REVISE by ann, "),
        "{shown}"
    );
    assert_eq!(lines[4..6], ["    | too long:", "    | no table"]);
    assert!(lines[6].starts_with("p4 round 2: open, opened "), "{shown}");
    assert!(
        lines[7].starts_with("  correctness   ACCEPT by reviewer-correctness, "),
        "{shown}"
    );

    let shown = world.say("review show --format json").ok().json();
    let rounds = shown["rounds"].as_array().expect("it is a list");
    let of = |round: usize, key: &str| rounds[round][key].clone();
    assert_eq!(rounds.len(), 2);
    assert_eq!((of(0, "open"), of(1, "open")), (json!(false), json!(true)));
    assert_eq!(of(0, "missing"), json!(["correctness", "test_quality"]));
    assert_eq!(of(1, "missing"), json!(["test_quality", "elegance"]));
    let vote = &rounds[0]["votes"][0];
    assert_eq!(
        (
            &vote["axis"],
            &vote["vote"],
            &vote["reviewer_id"],
            &vote["comment"]
        ),
        (
            &json!("elegance"),
            &json!("REVISE"),
            &json!("ann"),
            &json!("too long:\nno table")
        )
    );
}
