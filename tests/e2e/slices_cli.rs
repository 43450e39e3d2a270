//! Slices and reviews in the words of `aura-msg`: declared one by one and as a plan, listed,
//! waited for, stopped, given up, and ended from outside; and the rounds of a review. What
//! commands do when they run is not looked at here: slices run nothing, or are kept from it.

mod plans;
mod shown;
mod waits;

use std::time::Duration;

use serde_json::Value;

use crate::server::Server;
use crate::support::daemon::Daemon;
use crate::support::output::Output;
use crate::support::wait::eventually;
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
