//! Plays a scenario, whoever is killed meanwhile. Clients are here, who repeat what they were
//! not told of; the worker is in `worker`.

mod worker;

use std::collections::BTreeMap;

use temporalio_common::protos::temporal::api::common::v1::RetryPolicy;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus as Status;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    QueryWorkflowRequest, RequestCancelWorkflowExecutionRequest,
    SignalWithStartWorkflowExecutionRequest, TerminateWorkflowExecutionRequest,
};

use super::super::invariants;
use super::super::worker::update;
use super::super::world::{Cut, NAMESPACE, World, execution, read, signal, start};
use super::scenarios::Step;
use crate::embedded::engine::time::{duration, seconds};
use crate::embedded::engine::{
    Answer, Asked, Engine, Output, Stage, Time, Token, Transaction, WorkflowTask,
};

/// How the last run of each workflow ended.
pub(super) type Outcome = BTreeMap<String, String>;

/// How often time may be moved on before a run counts as stuck.
const PATIENCE: usize = 300;

pub(super) struct Player {
    pub(super) world: World,
    in_process: bool,
    /// Whether the worker sits on a task and does nothing else, and the task.
    holds: bool,
    held: Option<WorkflowTask>,
    /// Activities that the worker is at.
    running: Vec<Token>,
    /// Updates whose askers have no outcome.
    updates: Vec<(&'static str, &'static str)>,
    /// The workflow that somebody asks, under which number, and how much they must hear of.
    query: Option<(&'static str, u64, usize)>,
    signals: Vec<&'static str>,
}

impl Player {
    pub(super) fn new(in_process: bool, cut: Option<Cut>) -> Self {
        let mut world = World::new();
        world.cut = cut;
        Self {
            world,
            in_process,
            holds: false,
            held: None,
            running: Vec::new(),
            updates: Vec::new(),
            query: None,
            signals: Vec::new(),
        }
    }

    pub(super) fn step(&mut self, step: &Step) {
        match *step {
            Step::Start(workflow_type, id) => {
                self.until(|engine, t| engine.start(t, start(workflow_type, id)))
                    .unwrap();
            }
            Step::StartWithRetries(workflow_type, id) => {
                let mut request = start(workflow_type, id);
                request.retry_policy = Some(RetryPolicy {
                    initial_interval: Some(duration(seconds(1))),
                    ..Default::default()
                });
                self.until(|engine, t| engine.start(t, request.clone()))
                    .unwrap();
            }
            Step::Signal(id, name) => {
                self.until(|engine, t| engine.signal(t, signal(id, name, name)))
                    .unwrap();
                self.signals.push(id);
            }
            Step::SignalWithStart(workflow_type, id, name) => {
                let new = start(workflow_type, id);
                let request = SignalWithStartWorkflowExecutionRequest {
                    namespace: new.namespace,
                    workflow_id: new.workflow_id,
                    workflow_type: new.workflow_type,
                    task_queue: new.task_queue,
                    request_id: name.to_owned(),
                    signal_name: name.to_owned(),
                    ..Default::default()
                };
                self.until(|engine, t| engine.signal_with_start(t, request.clone()))
                    .unwrap();
                self.signals.push(id);
            }
            Step::Update(workflow, id) => {
                self.updates.push((workflow, id));
                self.ask_for_updates();
            }
            Step::Query(workflow) => {
                let least = self.signals.iter().filter(|id| **id == workflow).count();
                self.query = Some((workflow, 0, least));
                self.ask();
            }
            Step::Cancel(id) => {
                let request = RequestCancelWorkflowExecutionRequest {
                    namespace: NAMESPACE.to_owned(),
                    workflow_execution: Some(execution(id)),
                    ..Default::default()
                };
                self.until(|engine, t| engine.request_cancel(t, request.clone()))
                    .unwrap();
            }
            Step::Terminate(id) => {
                let request = TerminateWorkflowExecutionRequest {
                    namespace: NAMESPACE.to_owned(),
                    workflow_execution: Some(execution(id)),
                    ..Default::default()
                };
                let answer = self.until(|engine, t| engine.terminate(t, request.clone()));
                // Who was not told the first time is told that it is done.
                assert!(answer.is_ok() || !self.is_open(id));
            }
            Step::Hold => self.holds = true,
            Step::Release => {
                self.holds = false;
                if let Some(task) = self.held.take() {
                    self.answer(task);
                }
            }
            Step::Drop => {
                self.holds = false;
                self.held = None;
            }
            Step::Wait(length) => self.wait(seconds(length)),
        }
        if self.holds && self.held.is_none() {
            self.held = self.poll();
        }
        self.work();
        assert!(self.query.is_none(), "nobody answers {:?}", self.query);
        invariants::same(&self.world.engine, &self.world.disk.tables());
    }

    /// Works and lets time pass until all workflows have ended.
    pub(super) fn finish(&mut self) {
        for _ in 0..PATIENCE {
            self.work();
            if self.world.engine.runs.is_empty() {
                assert!(
                    self.updates.is_empty(),
                    "nobody answered {:?}",
                    self.updates
                );
                invariants::of_disk(&self.world.disk.tables());
                return;
            }
            let next = self.world.engine.next_deadline();
            let next = next.expect("a run is open, has no work and waits for nothing");
            self.wait(next - self.world.now);
        }
        panic!("still open: {:?}", self.world.engine.runs.values());
    }

    pub(super) fn outcome(&self) -> Outcome {
        let mut outcome = Outcome::new();
        let mut signals: BTreeMap<(String, String), usize> = BTreeMap::new();
        let tables = self.world.disk.tables();
        for (key, row) in &tables.runs {
            let status = Status::try_from(row.status).unwrap();
            let events = &tables.events[key];
            for event in events {
                if let Some(Attributes::WorkflowExecutionSignaledEventAttributes(e)) =
                    &event.attributes
                {
                    let name = (row.workflow_id.clone(), e.signal_name.clone());
                    *signals.entry(name).or_default() += 1;
                }
            }
            let end = match events.last().and_then(|event| event.attributes.as_ref()) {
                Some(Attributes::WorkflowExecutionCompletedEventAttributes(end)) => {
                    format!("{status:?} {}", read(end.result.as_ref()))
                }
                _ => format!("{status:?}"),
            };
            outcome.insert(row.workflow_id.clone(), end);
        }
        assert!(signals.values().all(|times| *times == 1), "{signals:?}");
        outcome
    }

    /// Repeats a call until it is answered.
    fn until<T>(&mut self, mut call: impl FnMut(&mut Engine, &mut Transaction) -> T) -> T {
        loop {
            if let Some(answer) = self.once(&mut call) {
                return answer;
            }
        }
    }

    /// A call that is not repeated.
    fn once<T>(&mut self, call: impl FnOnce(&mut Engine, &mut Transaction) -> T) -> Option<T> {
        let answer = self.world.call(call);
        for output in std::mem::take(&mut self.world.outputs) {
            self.hear(output);
        }
        if answer.is_err() {
            self.after_kill();
        }
        answer.ok()
    }

    /// Whoever waited for something that was only in memory asks again.
    fn after_kill(&mut self) {
        if self.in_process {
            self.held = None;
            self.running.clear();
        }
        self.ask_for_updates();
        self.ask();
    }

    fn hear(&mut self, output: Output) {
        match output {
            Output::Query { id, answer } => {
                if let Some((workflow, _, least)) = self.query.take_if(|(_, of, _)| *of == id) {
                    let heard: usize = read(answer.unwrap().as_ref()).parse().unwrap();
                    let runs = self.world.disk.runs_of(workflow).len();
                    assert!(
                        runs > 1 || heard >= least,
                        "the answer is of before the question"
                    );
                }
            }
            Output::Update { id, state, .. } => {
                if state.unwrap().stage == Stage::Completed {
                    self.updates.retain(|(_, of)| *of != id);
                }
            }
            Output::Events(_) => {}
        }
    }

    fn ask_for_updates(&mut self) {
        for (workflow, id) in self.updates.clone() {
            let state = self.once(|engine, t| {
                let run = engine.find_for_update(NAMESPACE, workflow, "", "")?;
                engine.admit_update(t, run, update(id, "do"))
            });
            if let Some(state) = state
                && state.unwrap().1.stage == Stage::Completed
            {
                self.updates.retain(|(_, of)| *of != id);
            }
        }
    }

    fn ask(&mut self) {
        let Some((workflow, ..)) = self.query else {
            return;
        };
        let request = QueryWorkflowRequest {
            namespace: NAMESPACE.to_owned(),
            execution: Some(execution(workflow)),
            query: Some(WorkflowQuery {
                query_type: "how many".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let asked = self.once(|engine, t| engine.ask(t, request));
        if let Some(Asked::Waits { id, .. }) = asked.map(Answer::unwrap)
            && let Some((_, of, _)) = &mut self.query
        {
            *of = id;
        }
    }

    fn is_open(&self, workflow: &str) -> bool {
        let id = (NAMESPACE.to_owned(), workflow.to_owned());
        self.world.engine.open.contains_key(&id)
    }

    fn wait(&mut self, span: Time) {
        let until = self.world.now + span.max(0);
        while let Some(due) = self
            .world
            .engine
            .next_deadline()
            .filter(|due| *due <= until)
        {
            self.world.now = self.world.now.max(due);
            self.until(|engine, t| engine.fire(t, 256));
            self.work();
        }
        self.world.now = self.world.now.max(until);
    }
}
