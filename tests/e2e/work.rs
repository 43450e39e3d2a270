//! Slices and reviews that do real work: commands of configured runners, on this host.

mod attaching;
mod bounds;
mod draining;
mod feedback;
mod hosts;
mod limits;
mod plan;
mod refused;
mod reviewing;
mod stopping;
mod worktree;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::support::wait::eventually;
use crate::world::World;

/// How long commands and their daemon may take on a loaded machine.
const LIMIT: Duration = Duration::from_mins(2);

/// A world whose daemon has runners: each is a Python script with a line of its
/// configuration besides.
pub fn configure(world: &World, runners: &[(&str, &str, &str)], more: &str) {
    configure_in(world, &world.sandbox.path().join("work"), runners, more);
}

/// The same, with runners that work in another folder.
fn configure_in(world: &World, folder: &Path, runners: &[(&str, &str, &str)], more: &str) {
    let mut config = format!("[aura-msg]\ntimeout = \"50s\"\n{more}\n");
    for (name, script, settings) in runners {
        let path = world.sandbox.write(format!("runners/{name}.py"), script);
        let _ = writeln!(
            config,
            "[runner.{name}]\nargv = ['python3', '{}']\ndirectory = '{}'\n{settings}",
            path.display(),
            folder.display(),
        );
    }
    world.sandbox.write_config(&config);
}

/// A file of the folder that commands work in.
pub fn file(world: &World, name: &str) -> PathBuf {
    world.sandbox.path().join("work").join(name)
}

/// A file's text, once it has one.
#[track_caller]
fn text(world: &World, name: &str) -> String {
    let path = file(world, name);
    eventually(&format!("{name} is written"), LIMIT, || {
        fs::read_to_string(&path)
            .ok()
            .filter(|text| !text.is_empty())
    })
}

/// The epoch's view of a slice.
#[track_caller]
fn slice(world: &World, id: &str) -> Value {
    let state = world.state();
    let slices = state["slices"].as_array().expect("a list").clone();
    let found = slices.into_iter().find(|slice| slice["slice_id"] == id);
    found.unwrap_or_else(|| panic!("there is no slice {id} in {state}"))
}

/// Waits until a slice is in a state.
#[track_caller]
fn until(world: &World, id: &str, state: &str) -> Value {
    eventually(&format!("{id} is {state}"), LIMIT, || {
        let slice = slice(world, id);
        (slice["state"] == state).then_some(slice)
    })
}

/// Starts the epoch and takes it to p9.
#[track_caller]
fn start_in_p9(world: &World) {
    world.start_in("p9");
}

/// The processes of this system whose environment has this text: a command and all that it
/// started inherit where they belong.
fn processes_with(variable: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("there is a process table");
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environment| {
                environment
                    .split(|byte| *byte == 0)
                    .any(|entry| entry == variable.as_bytes())
            })
        })
        .collect()
}

/// The processes that run for an epoch.
fn processes_of(world: &World) -> Vec<u32> {
    processes_with(&format!("AURA_EPOCH_ID={}", world.epoch))
}

/// Waits until none is left.
#[track_caller]
fn until_none_runs(world: &World) {
    eventually("no process of the epoch is left", LIMIT, || {
        processes_of(world).is_empty().then_some(())
    });
}
