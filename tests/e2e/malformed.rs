//! Nothing that a client sends can harm a workflow: what cannot be read is refused and
//! recorded, what is too long is not kept, and the workflow goes on. The messages are
//! generated, field by field, and sent as raw bytes.

mod cases;
mod fields;
mod flood;
mod inputs;
mod queries;
mod samples;
mod signals;
mod spec;

use serde_json::Value;

use crate::raw::{self, Raw, payload};
use crate::server::{Options, Server};
use crate::support::daemon::Daemon;
use crate::world::World;

/// A daemon that is ready, on a server of its own, and a client without manners.
struct Scene {
    raw: Raw,
    world: World,
    daemon: Daemon,
    _server: Server,
}

/// A scene; none where there is no server.
fn scene() -> Option<Scene> {
    let server = Server::start(Options {
        // Thousands of messages, each with a task: at twenty a second they take minutes.
        unthrottled: true,
        ..Options::default()
    })?;
    let world = World::on(&server.address());
    let daemon = world.ready_daemon();
    let raw = Raw::connect(&world);
    Some(Scene {
        raw,
        world,
        daemon,
        _server: server,
    })
}

impl Scene {
    fn epoch_id(&self) -> String {
        self.world.sandbox.epoch_id()
    }

    /// Starts a workflow with a good input, and gives its run id.
    fn start(&self, kind: &str, id: &str, input: &Value) -> String {
        self.raw.start(kind, id, payload::json(input))
    }

    /// Workflow tasks that failed or timed out, over all runs of an execution.
    fn task_failures(&self, id: &str) -> Vec<String> {
        let first = self.raw.history(id, "");
        let first = raw::first_run(&first).to_owned();
        let runs = self.raw.chain(id, &first);
        runs.iter()
            .flat_map(|run| raw::task_failures(run))
            .collect()
    }
}
