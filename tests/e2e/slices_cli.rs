//! Slices and reviews in the words of `aura-msg`: declared one by one and as a plan, listed,
//! waited for, stopped, given up, and ended from outside; and the rounds of a review. What
//! commands do when they run is not looked at here: slices run nothing, or are kept from it.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::failures;
use crate::server::Server;
use crate::slices::hold;
use crate::support::daemon::Daemon;
use crate::support::output::Output;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

/// Slices that run nothing take a few hops each.
const LIMIT: Duration = Duration::from_mins(1);

/// A world in a phase, its daemon and its server.
#[track_caller]
fn ready_in(phase: &str) -> Option<(World, Daemon, &'static Server)> {
    let (world, server) = World::with_server()?;
    let daemon = world.ready_daemon();
    world.start_in(phase);
    Some((world, daemon, server))
}

/// The slices as they are listed for programs.
#[track_caller]
fn listed(world: &World) -> Vec<Value> {
    let list = world.say("slice list --format json").ok().json();
    list["slices"].as_array().expect("it is a list").clone()
}

/// Ids and states, as they are listed.
#[track_caller]
fn states(world: &World) -> String {
    let slices = listed(world);
    let words = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let shown = slices
        .iter()
        .map(|slice| format!("{} {}", words(&slice["slice_id"]), words(&slice["state"])));
    shown.collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn wait_for_states(world: &World, wanted: &str) {
    eventually(wanted, LIMIT, || (states(world) == wanted).then_some(()));
}

/// Runs `slice plan` on this text.
#[track_caller]
fn plan(world: &World, text: &str) -> Output {
    let path = world.sandbox.write("plans/plan.toml", text);
    world.run(&["slice", "plan", "--file", &path.display().to_string()])
}

/// The lines of a table, as cells.
fn cells(table: &str) -> Vec<Vec<&str>> {
    table
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect()
        })
        .collect()
}

const PLAN: &str = r#"
[[slice]]
id = "parser"
mode = "mock"
leaf = ["lexer", "grammar"]
about = "read the language"
timeout = "30m"

[[slice]]
id = "printer"
after = ["parser"]
mode = "mock"
runner = "claude"
prompt_file = "printer.md"

[[slice]]
id = "docs"
after = ["parser", "printer"]
mode = "mock"
"#;

/// Nothing of it may be touched on its way.
const PROMPT: &str = "Say \"it's done\";\n\t$(rm -rf /) `id` \\ %s \u{2400} \u{1} 🦀\n\n";

#[test]
fn a_plan_is_declared_listed_and_run_in_order() {
    let Some((world, _daemon, server)) = ready_in("p8") else {
        return;
    };
    assert_eq!(world.say("slice list").ok().stdout, "No slices\n");
    world.sandbox.write("plans/printer.md", PROMPT);
    let said = plan(&world, PLAN).ok().stdout;
    assert_eq!(
        said,
        "Signal delivered successfully\napplied: the epoch is in p8\n"
    );
    let table = world.say("slice list").ok().stdout;
    let rows = cells(&table);
    assert_eq!(
        rows[0],
        ["SLICE", "STATE", "RUNS", "LEAVES", "SINCE", "NOTE"]
    );
    let without_time: Vec<_> = rows[1..]
        .iter()
        .map(|row| [&row[..4], &row[5..]].concat().join("|"))
        .collect();
    assert_eq!(
        without_time,
        [
            "parser|waiting|0|0/2|waits for p9",
            "printer|waiting|0|-|waits for parser",
            "docs|waiting|0|-|waits for parser, printer",
        ]
    );
    let state = Workflow::new(server, &world.epoch).query("full_state", &Value::Null);
    assert_eq!(state["slices"][1]["config"]["prompt"], PROMPT);
    assert_eq!(state["slices"][0]["config"]["timeout_seconds"], 1_800);

    let _ = world
        .say("slice progress --slice-id parser --leaf lexer --stage build")
        .ok();
    let _ = world
        .say("slice progress --slice-id parser --leaf lexer --done")
        .ok();
    let _ = world
        .say("slice progress --slice-id parser --leaf grammar --stage build")
        .ok();
    let leaves = json!([
        { "leaf_task_id": "lexer", "stage": "execute", "completed": true },
        { "leaf_task_id": "grammar", "stage": "build", "completed": false },
    ]);
    let parser = &listed(&world)[0];
    assert_eq!(
        (
            &parser["leaves"],
            &parser["leaves_done"],
            &parser["leaves_total"]
        ),
        (&leaves, &json!(1), &json!(2))
    );

    world.advance_through(&["p9"]);
    wait_for_states(
        &world,
        "parser succeeded, printer succeeded, docs succeeded",
    );
    let shown = world.say("slice show --slice-id parser").ok().stdout;
    for line in [
        "Slice:    parser\n",
        "State:    succeeded, for ",
        "About:    read the language\n",
        "Mode:     mock, at most 1800s\n",
        "Leaves:   2/2 done\n  lexer: execute, done\n  grammar: execute, done\n",
        "Output, its end:\n  mock: nothing was run\n",
    ] {
        assert!(shown.contains(line), "no {line:?} in\n{shown}");
    }
    world.advance_through(&["p10"]);
}

#[test]
fn a_wait_has_the_exit_code_of_what_it_waits_for() {
    let Some((world, _daemon, _)) = ready_in("p9") else {
        return;
    };
    let good = world
        .say("slice start --slice-id good --mode mock --wait")
        .ok();
    assert!(
        good.stdout
            .ends_with("\nslice good: succeeded after 1 run\n"),
        "{good}"
    );
    let again = world
        .say("slice retry --slice-id good --reason rehearsal --wait --format json")
        .ok()
        .json();
    assert_eq!(again["status"], "applied");
    assert_eq!(
        (&again["slices"][0]["state"], &again["slices"][0]["attempt"]),
        (&json!("succeeded"), &json!(2))
    );

    let start = "slice start --slice-id bad --runner nobody --request-id bad --wait";
    let said = failures::of(&world, 3, start);
    assert_eq!(said["code"], "runner_unknown");
    assert_eq!(said["what"], "slice 'bad' failed");
    assert!(said["why"].as_str().unwrap().contains("nobody"), "{said}");
    let shown = world
        .say("slice show --slice-id bad --format json")
        .ok()
        .json();
    assert_eq!(
        (&shown["state"], &shown["code"], &shown["running"]),
        (&json!("failed"), &json!("runner_unknown"), &Value::Null)
    );
    let said = failures::of(&world, 3, "slice logs --slice-id good --follow");
    assert_eq!(
        (&said["code"], &said["why"]),
        (&json!("no_log"), &json!("mode mock runs no command"))
    );
    let said = failures::of(&world, 3, "slice attach --slice-id bad --exec");
    assert_eq!(said["code"], "not_running");

    let after = "slice start --slice-id after --mode mock --after good,bad --request-id a --wait";
    let said = failures::of(&world, 3, after);
    assert_eq!(
        (&said["code"], &said["why"]),
        (&json!("slice_blocked"), &json!("bad did not succeed"))
    );
    let said = failures::of(&world, 3, "slice show --slice-id nobody");
    assert_eq!(said["code"], "slice_unknown");
}

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

#[test]
fn a_running_slice_is_ended_from_outside_while_somebody_waits() {
    let Some((world, _daemon, server)) = ready_in("p9") else {
        return;
    };
    hold(&world, server);
    thread::scope(|scope| {
        let wait = |id: &str| {
            world.run(&[
                "slice",
                "start",
                "--slice-id",
                id,
                "--runner",
                "r",
                "--wait",
            ])
        };
        let good = scope.spawn(move || wait("good"));
        wait_for_states(&world, "good running");
        let bad = scope.spawn(move || wait("bad"));
        wait_for_states(&world, "good running, bad running");
        let said = failures::of(&world, 3, "phase advance --to-phase p10");
        let why = "2 slices are neither succeeded nor waived: good (running), bad (running)";
        assert_eq!(said["why"], why);
        let _ = world
            .run(&[
                "signal",
                "complete",
                "--slice-id",
                "good",
                "--output",
                "by hand",
            ])
            .ok();
        let _ = world
            .run(&[
                "signal",
                "complete",
                "--slice-id",
                "bad",
                "--error",
                "no\nway",
            ])
            .ok();
        let good = good.join().expect("the wait ends").ok();
        assert!(good.stdout.contains("\nslice good: succeeded"), "{good}");
        let bad = failures::text(&bad.join().expect("the wait ends").code(3));
        assert_eq!(
            (&bad["what"], &bad["why"]),
            (&json!("slice 'bad' failed"), &json!(r"no\nway"))
        );
    });
    let shown = world.say("slice show --slice-id good").ok().stdout;
    assert!(shown.ends_with("Output, its end:\n  by hand\n"), "{shown}");
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
        .map(super::world::AuditRow::details)
        .find(|details| details["slice_id"] == "there" && details["success"] == false)
        .expect("it is in the trail");
    assert_eq!(
        (&details["code"], &details["host"]),
        (&json!("exit_status"), &json!("another-host"))
    );
}

#[test]
fn a_wait_may_have_a_limit_and_an_order_to_stop_ends_it() {
    let Some((world, _daemon, server)) = ready_in("p9") else {
        return;
    };
    hold(&world, server);
    let start = "slice start --slice-id long --runner r --request-id l --wait --timeout 3s";
    let said = failures::of(&world, 5, start);
    assert_eq!(said["code"], "wait_timeout");
    let what = said["what"].as_str().unwrap();
    assert!(what.contains("the end of slice 'long'"), "{what}");
    let _ = world
        .say("slice start --slice-id later --mode mock --after long")
        .ok();
    let _ = world.say("slice cancel --slice-id later").ok();
    let _ = world
        .run(&[
            "slice",
            "cancel",
            "--slice-id",
            "long",
            "--reason",
            "enough",
        ])
        .ok();
    wait_for_states(&world, "long cancelled, later cancelled");
    let said = failures::of(&world, 3, &start.replace("3s", "50s"));
    assert_eq!(
        (&said["code"], &said["why"]),
        (&json!("slice_cancelled"), &json!("enough"))
    );
}

#[test]
fn what_fail_fast_holds_back_is_not_waited_for() {
    let Some((world, _daemon, _)) = ready_in("p9") else {
        return;
    };
    let _ = world
        .say("slice start --slice-id bad --runner nobody --fail-fast --wait")
        .code(3);
    let start = "slice start --slice-id next --mode mock --request-id n --wait";
    let said = failures::of(&world, 3, start);
    assert_eq!(said["code"], "slice_held");
    let table = world.say("slice list").ok().stdout;
    assert!(table.contains("held back: "), "{table}");
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
    let _ = world.say(start).ok();
}

#[test]
fn a_plan_that_the_rules_forbid_is_refused_whole() {
    let Some((world, _daemon, _)) = ready_in("p7") else {
        return;
    };
    let code = |output: &Output| failures::json(&output.clone().code(3))["code"].clone();
    let run = |text: &str| {
        let path = world.sandbox.write("plan.toml", text);
        let file = path.display().to_string();
        world.run(&["slice", "plan", "--format=json", "--file", &file])
    };
    let one = |id: &str, after: &str| {
        format!("[[slice]]\nid = '{id}'\nmode = 'mock'\nafter = [{after}]\n")
    };
    let fine = one("fine", "");
    assert_eq!(code(&run(&fine)), "wrong_phase");
    world.advance_through(&["p8"]);
    let cycle = [fine.clone(), one("hen", "'egg'"), one("egg", "'hen'")].concat();
    assert_eq!(code(&run(&cycle)), "dependency_cycle");
    let unknown = [fine.clone(), one("b", "'nobody'")].concat();
    assert_eq!(code(&run(&unknown)), "dependency_unknown");
    assert_eq!(states(&world), "");
    let _ = run(&fine).ok();
    assert_eq!(code(&run(&fine)), "slice_exists");
    assert_eq!(states(&world), "fine waiting");
    let said = failures::of(&world, 3, "slice retry --slice-id fine --request-id r");
    assert_eq!(said["code"], "wrong_phase");
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
