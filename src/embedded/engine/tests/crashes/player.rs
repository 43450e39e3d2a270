//! Plays a scenario: clients that repeat what they were not told of, and a worker that
//! answers what it gets, whoever is killed meanwhile.

use std::collections::BTreeMap;

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::common::v1::{Payloads, RetryPolicy};
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus as Status;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::query::v1::{WorkflowQuery, WorkflowQueryResult};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    QueryWorkflowRequest, RequestCancelWorkflowExecutionRequest,
    RespondWorkflowTaskCompletedRequest, SignalWithStartWorkflowExecutionRequest,
    TerminateWorkflowExecutionRequest,
};

use super::super::invariants;
use super::super::worker::{
    accept, by, completion, failure, place, queue, reject, respond, sticky, update,
};
use super::super::world::{
    Cut, Killed, NAMESPACE, QUEUE, World, execution, read, signal, start, text,
};
use super::programs::Seen;
use super::scenarios::Step;
use crate::embedded::engine::time::{duration, seconds};
use crate::embedded::engine::{
    ActivityEnd, ActivityTarget, ActivityTask, Answer, Asked, Engine, Output, QueryAnswer,
    QueueKind, Stage, Time, Token, Transaction, WorkflowTask,
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
        match answer {
            Ok(answer) => Some(answer),
            Err(Killed(_)) => {
                self.after_kill();
                None
            }
        }
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

    /// Does all there is to do, unless the worker sits on a task.
    fn work(&mut self) {
        if self.holds {
            return;
        }
        for token in std::mem::take(&mut self.running) {
            self.beat(token);
        }
        loop {
            if let Some(task) = self.poll() {
                self.answer(task);
            } else if let Some(task) = self.poll_activity() {
                self.act(&task);
            } else {
                return;
            }
        }
    }

    fn own(&self) -> String {
        format!("own {}", self.world.starts)
    }

    fn poll(&mut self) -> Option<WorkflowTask> {
        for name in [self.own(), QUEUE.to_owned()] {
            let queue = queue(&name, QueueKind::Workflow);
            let by = by(self.in_process);
            match self
                .world
                .call(|engine, t| engine.poll_workflow(t, &queue, &by))
            {
                Ok(None) => {}
                Ok(task) => return task,
                Err(Killed(told)) => {
                    if let Some(task) = told.flatten() {
                        self.refused(&task);
                    }
                    self.after_kill();
                    return self.poll();
                }
            }
        }
        None
    }

    /// A task that was given out in a transaction that never was.
    fn refused(&mut self, task: &WorkflowTask) {
        let request = completion(task, Vec::new());
        let refusal = self.world.apply(|engine, t| {
            if task.query.is_some() {
                engine
                    .answer_query(t, task.token.query, QueryAnswer::default())
                    .err()
            } else {
                engine.complete_workflow_task(t, &request, false).err()
            }
        });
        assert_eq!(refusal.map(|refusal| refusal.code), Some(Code::NotFound));
    }

    fn poll_activity(&mut self) -> Option<ActivityTask> {
        let queue = queue(QUEUE, QueueKind::Activity);
        let by = by(self.in_process);
        match self
            .world
            .call(|engine, t| engine.poll_activity(t, &queue, &by))
        {
            Ok(task) => task,
            Err(Killed(told)) => {
                if let Some(task) = told.flatten() {
                    let late = self.world.end(&task.token, ActivityEnd::Completed(None));
                    assert_eq!(late.unwrap_err().code, Code::NotFound);
                }
                self.after_kill();
                self.poll_activity()
            }
        }
    }

    fn act(&mut self, task: &ActivityTask) {
        if task.activity.activity_id == "long" {
            self.running.push(task.token.clone());
            return;
        }
        let end = if task.activity.attempt == 1 {
            let target = ActivityTarget::Token(task.token.clone());
            self.once(|engine, t| engine.heartbeat(t, &target, text("half")));
            ActivityEnd::Failed(Box::new(failure("Broken", false)), None)
        } else {
            ActivityEnd::Completed(None)
        };
        self.end(&task.token, end);
    }

    /// A sign of life of an activity that goes on until it is asked to end.
    fn beat(&mut self, token: Token) {
        let target = ActivityTarget::Token(token.clone());
        match self.once(|engine, t| engine.heartbeat(t, &target, None)) {
            Some(Ok(true)) => self.end(&token, ActivityEnd::Canceled(None)),
            Some(Err(_)) => {}
            Some(Ok(false)) | None => self.running.push(token),
        }
    }

    fn end(&mut self, token: &Token, end: ActivityEnd) {
        let (target, by) = (ActivityTarget::Token(token.clone()), by(self.in_process));
        let answer = self.once(|engine, t| engine.end_activity(t, &target, end.clone(), &by));
        if let Some(Err(refusal)) = answer {
            assert_eq!(refusal.code, Code::NotFound);
        }
    }

    /// Answers a task, and those that come with the answers.
    fn answer(&mut self, task: WorkflowTask) {
        let mut next = Some(task);
        while let Some(task) = next {
            let (first, last) = task.events;
            let mut events = self.world.history(task.run);
            // A worker that is asked about a run that it keeps is sent nothing of it.
            if last >= first {
                events.truncate(usize::try_from(last).unwrap_or(usize::MAX));
            }
            events.extend(task.unwritten.clone());
            let seen = Seen::of(&events);
            let heard = text(&seen.signals.len().to_string());
            if task.query.is_some() {
                let answer = QueryAnswer {
                    kind: 1,
                    result: heard,
                    ..QueryAnswer::default()
                };
                self.once(|engine, t| engine.answer_query(t, task.token.query, answer));
                return;
            }
            assert!(first == 1 || first == task.previous_started_event_id + 1);
            assert_eq!(
                events.last().map(|event| event.event_id),
                Some(task.started_event_id)
            );
            let request = self.decide(&task, seen, heard);
            let in_process = self.in_process;
            let answer =
                self.once(|engine, t| engine.complete_workflow_task(t, &request, in_process));
            next = match answer {
                Some(Ok(completed)) => completed.next,
                Some(Err(refusal)) => {
                    assert!(
                        refusal.code == Code::NotFound || refusal.message == "UnhandledCommand",
                        "{refusal:?}"
                    );
                    None
                }
                None => None,
            };
        }
    }

    fn decide(
        &self,
        task: &WorkflowTask,
        mut seen: Seen,
        heard: Option<Payloads>,
    ) -> RespondWorkflowTaskCompletedRequest {
        let mut request = completion(task, Vec::new());
        for message in &task.messages {
            let id = message.protocol_instance_id.clone();
            if id == "reject" {
                request.messages.push(reject(&id));
            } else {
                request.messages.push(accept(&id));
                request.commands.push(place(&accept(&id)));
                seen.accepted.insert(id);
            }
        }
        for id in seen.accepted.clone() {
            let waits = id.strip_prefix("slow").map(|slow| format!("wait{slow}"));
            if !seen.completed.contains(&id) && waits.is_none_or(|timer| seen.fired(&timer)) {
                request.messages.push(respond(&id, "done"));
                request.commands.push(place(&respond(&id, "done")));
                seen.completed.insert(id);
            }
        }
        request.commands.extend(seen.commands());
        let result = WorkflowQueryResult {
            result_type: 1,
            answer: heard,
            ..Default::default()
        };
        request.query_results = task
            .queries
            .keys()
            .map(|id| (id.clone(), result.clone()))
            .collect();
        request.return_new_workflow_task = true;
        sticky(request, &self.own(), seconds(5))
    }
}
