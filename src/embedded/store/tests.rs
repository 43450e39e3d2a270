//! What the store promises: what was acknowledged is found again, and nothing is
//! acknowledged that isn't.

mod commits;
mod crashes;
mod model;
mod processes;
mod reads;
mod refusals;
mod tooling;
mod writes;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prost::Message as _;
use rusqlite::Connection;
use tempfile::TempDir;
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};

use super::*;

/// Long enough for a machine that has other things to do.
const LONG: Duration = Duration::from_mins(1);

const RUNNING: i32 = 1;
const COMPLETED: i32 = 2;

/// The file in a directory of its own.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("engine.db")
    }

    /// A store that must not fail.
    fn open(&self) -> (Store, Loaded) {
        let on_failure = |error| panic!("{error}");
        Store::open(&self.path(), options(on_failure)).unwrap()
    }

    fn store(&self) -> Store {
        self.open().0
    }

    /// The same for tests that open many; a process that ends needs no more.
    fn open_quickly(&self) -> (Store, Loaded) {
        let options = Options {
            synchronous: Synchronous::Normal,
            ..options(|error| panic!("{error}"))
        };
        Store::open(&self.path(), options).unwrap()
    }

    fn refusal(&self) -> Error {
        refusal(&self.path())
    }

    /// The file without our code.
    fn raw(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

fn options(on_failure: impl FnOnce(Error) + Send + 'static) -> Options {
    Options {
        synchronous: Synchronous::Full,
        on_failure: Box::new(on_failure),
    }
}

fn refusal(path: &Path) -> Error {
    match Store::open(path, options(|_| ())) {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error,
    }
}

impl Store {
    /// Writes and waits, as a caller does.
    fn write(&self, writes: Vec<Write>) {
        let (done, wait) = channel();
        self.submit(writes, move || done.send(()).unwrap());
        wait.recv_timeout(LONG).unwrap();
    }
}

fn row(key: RunKey, status: i32) -> RunRow {
    RunRow {
        key,
        namespace: "default".to_owned(),
        workflow_id: format!("workflow-{key}"),
        run_id: format!("run-{key}"),
        workflow_type: "type".to_owned(),
        task_queue: "queue".to_owned(),
        status,
        start_time: 1_000 + key,
        execution_time: 1_000 + key,
        close_time: (status != RUNNING).then_some(2_000 + key),
        root_workflow_id: format!("workflow-{key}"),
        root_run_id: format!("run-{key}"),
        state: vec![1, 2, 3],
        ..RunRow::default()
    }
}

/// A row whose history has this length.
fn with_history(key: RunKey, status: i32, history_length: i64) -> Write {
    Write::Run(RunRow {
        history_length,
        ..row(key, status)
    })
}

fn event(id: i64) -> HistoryEvent {
    HistoryEvent {
        event_id: id,
        task_id: 7 * id,
        ..HistoryEvent::default()
    }
}

fn batch(run: RunKey, first_id: i64, last_id: i64) -> Write {
    let events = (first_id..=last_id).map(event).collect();
    Write::Events(Batch {
        run,
        first_id,
        last_id,
        data: History { events }.encode_to_vec(),
    })
}

fn payload(kind: &str, json: &str) -> Payload {
    Payload {
        metadata: [("type".to_owned(), kind.as_bytes().to_vec())].into(),
        data: json.as_bytes().to_vec(),
        ..Payload::default()
    }
}

fn count(store: &Store, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    store
        .with_reader(|file| file.query_row(&sql, [], |row| row.get(0)))
        .unwrap()
}
