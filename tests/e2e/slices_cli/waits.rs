//! Waiting for the end of slices: its exit code, its limit, and that it does not hang.

use std::thread;

use serde_json::{Value, json};

use super::{LIMIT, ready_in, wait_for_states};
use crate::failures;
use crate::slices::hold;
use crate::support::wait::eventually;
use crate::temporal::Workflow;

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
        // The epoch says so when it has decided it.
        for id in ["good", "bad"] {
            let child = format!("{}-slice-{id}", world.epoch);
            let child = Workflow::new(server, &child);
            eventually("the slice is there", LIMIT, || child.is_known());
        }
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

#[test]
fn a_wait_may_have_a_limit_and_an_order_to_stop_ends_it() {
    let Some((world, _daemon, server)) = ready_in("p9") else {
        return;
    };
    hold(&world, server);
    let start = "slice start --slice-id long --runner r --request-id l --wait --timeout 5s";
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
    let said = failures::of(&world, 3, &start.replace("5s", "50s"));
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

/// Nobody answers for a while, and then somebody does.
#[test]
fn a_wait_goes_on_while_the_daemon_is_restarted() {
    let Some((world, mut daemon, server)) = ready_in("p9") else {
        return;
    };
    hold(&world, server);
    thread::scope(|scope| {
        let world = &world;
        let waiting = scope.spawn(move || {
            let start = "slice start --slice-id long --runner r --wait";
            world.say(start)
        });
        wait_for_states(world, "long running");
        daemon.terminate();
        let _ = daemon.wait_exit(LIMIT);
        let said = failures::of(world, 5, "query state --timeout 5s");
        assert_eq!(said["code"], "no_worker");
        daemon.restart();
        daemon.wait_ready();
        let complete = ["signal", "complete", "--slice-id", "long", "--output", "x"];
        let _ = world.run(&complete).ok();
        let waited = waiting.join().expect("the wait ends").ok();
        assert!(
            waited.stdout.contains("\nslice long: succeeded"),
            "{waited}"
        );
    });
}
