//! One scenario on one target: its names, its connection, what it noted, and the histories
//! of the workflows it named, which are gathered at its end.

use std::collections::{BTreeMap, HashSet};
use std::fmt::{Display, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::Status;
use temporalio_client::{Client, ClientOptions, Connection};
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use tokio::sync::Semaphore;

use crate::normalise::Normaliser;
use crate::refusal;
use crate::target::Target;
use crate::worker::{self, Hired, Manner, NAMESPACE};

mod attributes;
mod calls;
mod history;
mod workflows;

pub use calls::said;
pub use history::count;

/// A target with what all scenarios on it share.
pub struct Side {
    pub target: &'static Target,
    pub connection: Connection,
    pub client: Client,
    /// Which queue the shared worker works on.
    queue: String,
    /// How many scenarios may be under way.
    pub turns: Semaphore,
    scenes: AtomicU32,
    _worker: Hired,
}

impl Side {
    /// Connects to a target, and puts a worker on it.
    pub async fn connect(target: &'static Target, at_once: usize) -> Self {
        let connection = worker::connect(&target.address, "client").await;
        let options = ClientOptions::new(NAMESPACE).build();
        let client = Client::new(connection.clone(), options).expect("a client can be made");
        attributes::register(&connection).await;
        let queue = format!("{}-shared", target.mark);
        let manner = Manner {
            polls: 10,
            ..Manner::default()
        };
        Self {
            connection,
            client,
            turns: Semaphore::new(at_once),
            scenes: AtomicU32::new(100),
            _worker: worker::hire(&target.address, &queue, manner),
            queue,
            target,
        }
    }
}

/// What a scenario left on a target.
#[derive(Debug, Default)]
pub struct Record {
    notes: Vec<Note>,
    histories: Vec<(String, Vec<String>)>,
}

/// Something that a scenario saw, and words that belong to it but are not compared.
#[derive(Debug, Clone)]
struct Note {
    line: String,
    words: String,
}

impl Record {
    /// One that has only notes, for tests of what is done with records.
    pub fn of_notes(lines: &[&str]) -> Self {
        let notes = lines.iter().map(|line| Note {
            line: (*line).to_owned(),
            words: String::new(),
        });
        Self {
            notes: notes.collect(),
            ..Self::default()
        }
    }

    /// What is compared.
    pub fn lines(&self) -> Vec<String> {
        let notes = self.notes.iter().map(|note| note.line.clone());
        let histories = self.histories.iter().flat_map(|(name, events)| {
            std::iter::once(format!("history of {name}:")).chain(events.iter().cloned())
        });
        notes.chain(histories).collect()
    }

    /// The same with the words.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for note in &self.notes {
            text.push_str(&note.line);
            if !note.words.is_empty() {
                text.push_str(" -- ");
                text.push_str(&note.words);
            }
            text.push('\n');
        }
        for (name, events) in &self.histories {
            let _ = writeln!(text, "\nhistory of {name}:\n{}", events.join("\n"));
        }
        text
    }
}

/// A scenario's view of its target.
pub struct Scene {
    side: Arc<Side>,
    prefix: String,
    notes: Mutex<Vec<Note>>,
    /// Workflow ids by their short names, and the runs known of each.
    workflows: Mutex<BTreeMap<String, HashSet<String>>>,
}

impl Scene {
    /// A scene with names that nobody else has.
    pub fn new(side: Arc<Side>, scenario: &str) -> Self {
        let number = side.scenes.fetch_add(1, Ordering::Relaxed);
        let family = scenario.split(':').next().unwrap_or_default();
        // The number differs between targets, its length does not.
        let prefix = format!("{}{number}-{family}-", side.target.mark);
        Self {
            side,
            prefix,
            notes: Mutex::default(),
            workflows: Mutex::default(),
        }
    }

    /// The SDK's client.
    pub fn client(&self) -> &Client {
        &self.side.client
    }

    /// Raw calls; nothing is tried again.
    pub fn service(&self) -> Box<dyn WorkflowService> {
        self.side.connection.workflow_service()
    }

    /// Host and port of the target.
    pub fn address(&self) -> &str {
        &self.side.target.address
    }

    /// The queue that the shared worker works on.
    pub fn staffed(&self) -> &str {
        &self.side.queue
    }

    /// A name of this scene's own, for a queue or a place at the desk.
    pub fn own(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A workflow id of this scene's own; the histories of all its runs are recorded.
    pub fn id(&self, name: &str) -> String {
        self.workflows().entry(name.to_owned()).or_default();
        self.own(name)
    }

    /// A run that must be recorded even if it is not the latest of its id.
    pub fn saw_run(&self, id: &str, run_id: &str) {
        let name = id.strip_prefix(&self.prefix).unwrap_or(id).to_owned();
        let mut workflows = self.workflows();
        workflows.entry(name).or_default().insert(run_id.to_owned());
    }

    /// A worker of this scene's own.
    pub fn hire(&self, queue: &str, manner: Manner) -> Hired {
        worker::hire(self.address(), queue, manner)
    }

    /// Records something that must be the same on all targets.
    pub fn note(&self, what: &str, seen: impl Display) {
        self.remember(format!("{what}: {seen}"), String::new());
    }

    /// Records how a call was refused: code and details.
    pub fn refused(&self, what: &str, status: &Status) {
        let line = format!("{what}: refused {}", refusal::kind(status));
        self.remember(line, status.message().to_owned());
    }

    /// The same, and that its words must be the same too: clients look at them.
    pub fn refused_in_words(&self, what: &str, status: &Status) {
        let kind = refusal::kind(status);
        self.note(what, format!("refused {kind} {}", status.message()));
    }

    /// Records whether a call went well, or how it was refused.
    pub fn outcome<T>(&self, what: &str, result: &Result<T, Status>) {
        match result {
            Ok(_) => self.note(what, "ok"),
            Err(status) => self.refused(what, status),
        }
    }

    fn remember(&self, line: String, words: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(Note { line, words });
    }

    fn workflows(&self) -> MutexGuard<'_, BTreeMap<String, HashSet<String>>> {
        self.workflows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Gathers what there is to compare, and ends what still runs.
    pub async fn finish(&self, loose: bool) -> Record {
        let known = vec![(self.side.queue.clone(), "shared")];
        let mut normaliser = Normaliser::new(&self.prefix, known);
        let mut record = Record::default();
        let named = self.workflows().clone();
        for (name, runs) in &named {
            for (place, events) in self.all_runs(name, runs.clone()).await.iter().enumerate() {
                let lines = lines(&mut normaliser, events, loose);
                record
                    .histories
                    .push((format!("{name}, run {}", place + 1), lines));
            }
        }
        // Only now: the end of one is seen by others.
        for name in named.keys() {
            self.end(&self.own(name)).await;
        }
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        record.notes = notes
            .iter()
            .map(|note| Note {
                line: normaliser.text(&note.line),
                words: normaliser.text(&note.words),
            })
            .collect();
        record
    }
}

fn lines(normaliser: &mut Normaliser, events: &[HistoryEvent], loose: bool) -> Vec<String> {
    let mut lines: Vec<String> = events
        .iter()
        .filter_map(|event| normaliser.event(event, loose))
        .collect();
    if loose {
        lines.sort();
    }
    lines
}
