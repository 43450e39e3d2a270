//! Agents that work in an epoch through `aura-msg mcp`: driven by the official client, and by
//! hand where a server comes and goes.

use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::support::mcp::{Agent, code};
use crate::support::proxy::CuttingProxy;
use crate::support::python;
use crate::world::World;

/// The client makes some hundred calls.
const CLIENT_LIMIT: Duration = Duration::from_mins(3);

/// `aura-msg mcp` about this world's epoch.
fn mcp(world: &World) -> Command {
    let mut command = world.sandbox.command(env!("CARGO_BIN_EXE_aura-msg"));
    command
        .arg("mcp")
        .env("TEMPORAL_ADDRESS", &world.address)
        .env("TEMPORAL_TASK_QUEUE", world.sandbox.task_queue())
        .env("AURA_EPOCH_ID", &world.epoch);
    command
}

fn an_official_client_calls_every_tool(mode: &str) {
    let Some(world) = World::shared() else { return };
    let Some(python) = python::MCP.locate_or_skip() else {
        return;
    };
    let daemon = world.ready_daemon();
    world.start_in("p4");
    let mut client = world.sandbox.command(python);
    client
        .arg(python::MCP.script("client.py"))
        .args([env!("CARGO_BIN_EXE_aura-msg"), &world.epoch, mode])
        .env("TEMPORAL_ADDRESS", &world.address)
        .env("TEMPORAL_TASK_QUEUE", world.sandbox.task_queue());
    let checks = python::count_checks(&mut client, CLIENT_LIMIT);
    assert!(checks > 200, "only {checks} checks were made");
    drop(daemon);
}

#[test]
fn an_official_client_calls_every_tool_after_the_handshake() {
    an_official_client_calls_every_tool("legacy");
}

#[test]
fn an_official_client_calls_every_tool_in_the_way_it_likes_best() {
    an_official_client_calls_every_tool("auto");
}

/// What the tools do is what the commands see.
#[test]
fn one_connection_is_kept_and_opened_again() {
    let Some(world) = World::shared() else { return };
    let daemon = world.ready_daemon();
    world.start_in("p4");
    let mut proxy = CuttingProxy::to(&world.address);
    proxy.cut();
    let away = world.through(proxy.address());
    let mut agent = Agent::start(&mut mcp(&away));
    let told = agent.call("state", &json!({}));
    assert_eq!(code(&told), "unreachable", "{told}");

    proxy.heal();
    let vote = json!({ "axis": "elegance", "vote": "ACCEPT", "reviewer_id": "ann" });
    let told = agent.call("vote", &vote);
    assert_eq!(told["structuredContent"]["status"], "applied", "{told}");
    assert_eq!(world.state()["votes"]["elegance"], "ACCEPT");

    proxy.cut();
    let told = agent.call("state", &json!({}));
    assert_eq!(code(&told), "unreachable", "{told}");
    proxy.heal();
    for _ in 0..2 {
        let told = agent.call("next_step", &json!({}));
        assert_eq!(told["structuredContent"]["who"], "reviewer", "{told}");
    }
    let printed = world.say("epoch next --format json").ok().json();
    let told = agent.call("next_step", &json!({}));
    assert_eq!(told["structuredContent"], printed);

    let (status, _, stderr) = agent.close();
    assert_eq!(status.code(), Some(0), "{stderr:?}");
    assert!(stderr.is_empty(), "{stderr:?}");
    drop(daemon);
}

/// A vote that nobody can confirm yet is told as such, and takes effect all the same.
#[test]
fn what_no_worker_has_confirmed_is_told_with_its_id() {
    let Some(world) = World::shared() else { return };
    let mut daemon = world.ready_daemon();
    world.start_in("p4");
    daemon.terminate();
    let _ = daemon.wait_exit(Duration::from_mins(1));

    let mut agent = Agent::start(mcp(&world).arg("--timeout=5s"));
    let vote = json!({ "axis": "elegance", "vote": "REVISE", "request_id": "mine" });
    let told = agent.call("vote", &vote);
    assert_eq!(code(&told), "unconfirmed", "{told}");
    assert_eq!(told["_meta"]["aura/error"]["request_id"], "mine", "{told}");

    daemon.restart();
    daemon.wait_ready();
    // That limit was for what fails.
    let mut agent = Agent::start(&mut mcp(&world));
    let told = agent.call("wait", &json!({ "until": "p4" }));
    assert!(told["isError"] != true, "{told}");
    let told = agent.call("vote", &vote);
    assert_eq!(told["structuredContent"]["request_id"], "mine", "{told}");
    assert_eq!(world.state()["votes"]["elegance"], "REVISE");
}
