//! Histories of every kind of path, made by real workflows on a real server. Each time
//! they must replay, as they are and in the form in which they are kept. On request they
//! are kept in `tests/histories`, for later releases to replay:
//!
//! ```sh
//! AURA_RECORD_HISTORIES=new cargo test --test e2e record::
//! AURA_RECORD_HISTORIES=again cargo test --test e2e record::
//! ```
//!
//! `new` keeps those that this version has no file of; `again` replaces this version's
//! files, which is for the time before its release alone. Files of other versions are
//! never touched.

mod children;
mod commands;
mod epochs;
mod keep;
mod trials;

use std::env;
use std::time::Duration;

use serde_json::{Value, json};
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;

use crate::raw::{self, History, Raw, payload};
use crate::replayer::replay;
use crate::server::{Options, Server};
use crate::support::daemon::Daemon;
use crate::support::wait::eventually;
use crate::world::World;

/// Says whether to keep what is recorded, and how.
const VARIABLE: &str = "AURA_RECORD_HISTORIES";

/// What is to be seen must be there after this long.
const LIMIT: Duration = Duration::from_mins(1);

/// Histories, each with the name of its path.
type Recorded = Vec<(&'static str, History)>;

#[test]
fn every_kind_of_path_replays() {
    let Some(scene) = Scene::on(Options::default()) else {
        return;
    };
    let mut recorded = Vec::new();
    recorded.extend(epochs::record(&scene));
    recorded.extend(trials::record(&scene));
    recorded.extend(children::record(&scene));
    recorded.extend(commands::record(&scene));
    let short_runs = Options {
        suggest_continue_as_new: Some("60"),
        ..Options::default()
    };
    let Some(short) = Scene::on(short_runs) else {
        return;
    };
    recorded.extend(trials::record_short_runs(&short));

    let names: Vec<&str> = recorded.iter().map(|(name, _)| *name).collect();
    let texts: Vec<String> = recorded
        .iter()
        .map(|(_, history)| keep::text(history, &[&scene, &short]))
        .collect();
    let kept: Vec<History> = texts.iter().map(|text| keep::read(text)).collect();
    let as_they_are: Vec<History> = recorded.into_iter().map(|(_, history)| history).collect();
    let mut wrong = Vec::new();
    for (form, histories) in [("as it is", as_they_are), ("as it is kept", kept)] {
        for (name, failure) in names.iter().zip(replay(histories)) {
            wrong.extend(failure.map(|failure| format!("{name}, {form}: {failure}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    match env::var(VARIABLE).as_deref() {
        Ok("again") => keep::write(&names, &texts, true),
        Ok("new") => keep::write(&names, &texts, false),
        Ok(other) => panic!("{VARIABLE} is '{other}'; it can be 'new' or 'again'"),
        Err(_) => keep::check_names(&names),
    }
}

/// A daemon that is ready, on a server of its own.
struct Scene {
    world: World,
    /// Where no daemon polls yet.
    idle: World,
    /// Where commands may run, once there is a daemon.
    commands: World,
    raw: Raw,
    _daemon: Daemon,
    server: Server,
}

impl Scene {
    fn on(options: Options) -> Option<Self> {
        let server = Server::start(options)?;
        let world = World::on(&server.address());
        let daemon = world.ready_daemon();
        let idle = World::on(&server.address());
        let commands = World::on(&server.address());
        let raw = Raw::connect(&world);
        Some(Self {
            world,
            idle,
            commands,
            raw,
            _daemon: daemon,
            server,
        })
    }

    /// The world of an epoch that `aura-msg` has started. Ids are the same each time.
    fn epoch(&self, id: &str) -> World {
        let world = self.world.beside(id);
        let _ = world.start();
        world
    }

    /// An epoch that another client has started, with nothing but an input.
    fn bare_epoch(&self, id: &str) -> World {
        self.start(
            "EpochWorkflow",
            id,
            &json!({ "epoch_id": id, "request_description": "it" }),
        );
        self.world.beside(id)
    }

    fn start(&self, kind: &str, id: &str, input: &Value) {
        self.raw.start(kind, id, payload::json(input));
    }

    /// Sends a message and waits until it is dealt with: taken or refused.
    fn tell(&self, id: &str, signal: &str, mut content: Value) -> Value {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let request_id = format!("record-{number}");
        content["request_id"] = Value::from(request_id.as_str());
        self.raw.tell(id, signal, &content);
        self.raw.outcome(id, &request_id)
    }

    /// The history of a workflow once it has closed.
    fn closed(&self, id: &str, how: EventType) -> History {
        assert_eq!(self.raw.closed(id).event_type(), how, "{id}");
        self.raw.history(id, "")
    }

    /// The history of an open workflow once nothing is under way in it.
    fn open(&self, id: &str) -> History {
        eventually(&format!("{id} is at rest"), LIMIT, || {
            let history = self.raw.history(id, "");
            let last = history.last().map(HistoryEvent::event_type);
            let rests = matches!(
                last,
                Some(
                    EventType::WorkflowTaskCompleted
                        | EventType::MarkerRecorded
                        | EventType::UpsertWorkflowSearchAttributes
                        | EventType::TimerStarted
                )
            );
            rests.then_some(history)
        })
    }
}

/// Fails the test where a recorded path is not the one that was meant.
#[track_caller]
fn insist(name: &str, history: &History, wanted: &[(EventType, usize)]) {
    for (kind, least) in wanted {
        let found = raw::count(history, *kind);
        assert!(
            found >= *least,
            "{name}: {found} {kind:?}, at least {least} are meant"
        );
    }
    assert_eq!(raw::task_failures(history), Vec::<String>::new(), "{name}");
}
