//! A connection that breaks off in the middle: what became of the message is not known,
//! and said so, with an id under which it can be sent again and takes effect once.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::in_time;
use super::trap::{Fault, Trap};
use crate::failures;
use crate::support::output::Output;
use crate::support::proxy::CuttingProxy;
use crate::support::wait::eventually;
use crate::temporal::{Workflow, count};
use crate::world::World;

/// The request that sends a message, after the one by which a client introduces itself.
const SENDING: usize = 2;
/// Long enough for a loaded machine to come to the request that is lost.
const LIMIT: Duration = Duration::from_secs(6);
const SIGNALED: &str = "WORKFLOW_EXECUTION_SIGNALED";
/// Long enough for a test to break the connection meanwhile.
const PATIENCE: Duration = Duration::from_secs(8);

#[test]
fn a_message_whose_answer_is_lost_is_perhaps_delivered() {
    perhaps_delivered(Fault::Unanswered, 1);
}

#[test]
fn a_message_that_is_lost_is_perhaps_delivered() {
    perhaps_delivered(Fault::Swallowed, 0);
}

/// Loses a message or its answer, of which the server then has so many, and repeats it.
fn perhaps_delivered(fault: Fault, delivered: usize) {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    let _ = world.start();
    let epoch = Workflow::new(server, &world.epoch);
    for format in ["text", "json"] {
        let trap = Trap::set(&world.address, SENDING, fault);
        let behind = world.through(trap.address());
        let lost = in_time(
            advance(&behind, &format!("--timeout 6s --format {format}")),
            LIMIT,
        );
        let said = match format {
            "text" => failures::text(&lost.code(5)),
            _ => failures::json(&lost.code(5)),
        };
        assert_eq!(said["category"], "not confirmed");
        assert_eq!(said["what"], "perhaps delivered");
        assert_eq!(said["impact"], "the server may or may not have the message");
        let fix = "repeat the command with --request-id once: it takes effect once";
        assert_eq!(said["fix"], fix);
        assert_eq!(count(&epoch.history(None), SIGNALED), delivered);
    }
    repeat(&world, &epoch);
}

#[test]
fn a_message_is_sent_again_over_a_new_connection() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _daemon = world.ready_daemon();
    let _ = world.start();
    let trap = Trap::set(&world.address, SENDING, Fault::Closed);
    let behind = world.through(trap.address());
    let _ = advance(&behind, "").ok();
    repeat(&world, &Workflow::new(server, &world.epoch));
}

/// The other commands that change something: repeated, they do what they should have done.
#[test]
fn a_command_whose_answer_is_lost_can_be_repeated() {
    let commands = [
        ("epoch start --request-id once", Some("once")),
        ("epoch cancel --request-id once", Some("once")),
        ("epoch terminate", None),
    ];
    for (command, id) in commands {
        let Some(world) = World::shared() else { return };
        let _daemon = world.ready_daemon();
        if !command.starts_with("epoch start") {
            let _ = world.start();
        }
        let trap = Trap::set(&world.address, SENDING, Fault::Swallowed);
        let behind = world.through(trap.address());
        let line = format!("{command} --timeout 6s --format json");
        let lost = in_time(behind.say(&line), LIMIT);
        let said = failures::json(&lost.code(5));
        assert_eq!(said["what"], "perhaps delivered", "{command:?}");
        assert_eq!(said["request_id"], json!(id));
        let _ = world.say(command).ok();
    }
}

/// A command that has done the first of two things does not say that nothing was changed.
#[test]
fn what_was_done_before_the_server_was_gone_is_not_denied() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    let gone = |line: &str| {
        let trap = Trap::set(&world.address, SENDING + 1, Fault::Gone);
        let line = format!("{line} --timeout 6s --format json");
        in_time(world.through(trap.address()).say(&line), LIMIT)
    };
    let said = failures::json(&gone("epoch start --wait").code(2));
    let known = "the epoch was started; what has become of it since is not known";
    assert_eq!(said["impact"], known);
    let said = failures::json(&gone("epoch terminate").code(5));
    assert_eq!(said["what"], "perhaps delivered");
    let again = failures::json(&world.say("epoch terminate --format json").code(3));
    assert_eq!(
        again["code"], "closed",
        "there were no children to end: {again}"
    );
}

/// The answer is lost once, and the connection with it: the command goes on by itself.
#[test]
fn a_command_goes_on_over_a_new_connection() {
    for command in ["epoch start", "epoch cancel", "epoch terminate"] {
        let Some(world) = World::shared() else { return };
        let _daemon = world.ready_daemon();
        if !command.starts_with("epoch start") {
            let _ = world.start();
        }
        let trap = Trap::set(&world.address, SENDING, Fault::Closed);
        let behind = world.through(trap.address());
        let _ = behind.say(command).ok();
    }
}

#[test]
fn a_frozen_connection_leaves_a_delivered_message_unconfirmed() {
    unconfirmed(CuttingProxy::stall);
}

#[test]
fn a_cut_connection_leaves_a_delivered_message_unconfirmed() {
    unconfirmed(CuttingProxy::cut);
}

/// Breaks a connection over which a message was delivered while its sender waits to hear
/// what became of it, which nobody can tell yet; then repeats it.
fn unconfirmed(break_off: impl FnOnce(&mut CuttingProxy)) {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let _ = world.start();
    let mut proxy = CuttingProxy::to(&world.address);
    let behind = world.through(proxy.address());
    let epoch = Workflow::new(server, &world.epoch);
    let said = thread::scope(|scope| {
        let sending = scope.spawn(|| advance(&behind, "--timeout 8s --format json"));
        eventually("the message is delivered", PATIENCE, || {
            (count(&epoch.history(None), SIGNALED) == 1).then_some(())
        });
        break_off(&mut proxy);
        failures::json(&in_time(sending.join().unwrap().code(5), PATIENCE))
    });
    assert_eq!(said["code"], "unconfirmed");
    assert_eq!(said["what"], "delivered, not yet confirmed");
    assert_eq!(said["request_id"], "once");
    let _daemon = world.ready_daemon();
    repeat(&world, &epoch);
}

/// Sends the message again: it is applied, and was only once.
#[track_caller]
fn repeat(world: &World, epoch: &Workflow<'_>) {
    let told = advance(world, "--format json").ok().json();
    let expected = json!({
        "success": true, "status": "applied", "request_id": "once", "phase": "p2", "note": null,
    });
    assert_eq!(told, expected);
    let state = world.state();
    assert_eq!(
        (&state["transition_count"], &state["last_error"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(count(&epoch.history(None), SIGNALED), 1);
}

fn advance(world: &World, more: &str) -> Output {
    world.say(&format!(
        "phase advance --to-phase p2 --request-id once {more}"
    ))
}
