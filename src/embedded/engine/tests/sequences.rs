//! Anything at all, in any order: clients that ask for sense and nonsense, workers that
//! answer well, badly, late or never, clocks that jump both ways, and kills. No answer is
//! expected of anything; what must hold is in `invariants`, and is looked at after each step.

mod steps;

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use temporalio_common::protos::temporal::api::common::v1::RetryPolicy;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowTaskFailedCause;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    QueryWorkflowRequest, RequestCancelWorkflowExecutionRequest, TerminateWorkflowExecutionRequest,
};

use super::invariants;
use super::worker::{
    accept, by, completion, failure, place, queue, reject, respond, sticky, update,
};
use super::world::{NAMESPACE, QUEUE, World, execution, start, text};
use crate::embedded::engine::time::{duration, seconds};
use crate::embedded::engine::{
    ActivityEnd, ActivityTarget, QueryAnswer, QueueKind, Token, WorkflowTask,
};
use steps::{IDS, Order, Step, step};

/// The queue of the worker that keeps runs.
const OWN: &str = "own";

/// A world, and what its workers hold or held.
struct Play {
    world: World,
    tasks: Vec<WorkflowTask>,
    activities: Vec<Token>,
}

impl Play {
    fn step(&mut self, step: Step) {
        let world = &mut self.world;
        match step {
            Step::Start {
                id,
                policy,
                retries,
                timeout,
            } => {
                let mut request = start("any", IDS[id]);
                request.request_id = format!("{id} {policy}");
                request.workflow_id_conflict_policy = policy;
                request.workflow_run_timeout = Some(duration(seconds(timeout)));
                if retries {
                    request.retry_policy = Some(RetryPolicy::default());
                }
                // What is refused must hold the invariants as well; so throughout.
                let _any = world.start(request);
            }
            Step::Signal { id, request } => {
                let _any = world.signal(IDS[id], "go", &format!("{request}"));
            }
            Step::Update { id, update: number } => {
                let _any = world.apply(|engine, t| {
                    let run = engine.find_for_update(NAMESPACE, IDS[id], "", "")?;
                    engine.admit_update(t, run, update(&format!("u{number}"), "do"))
                });
            }
            Step::Query { id } => {
                let request = QueryWorkflowRequest {
                    namespace: NAMESPACE.to_owned(),
                    execution: Some(execution(IDS[id])),
                    query: Some(WorkflowQuery {
                        query_type: "how".to_owned(),
                        ..Default::default()
                    }),
                    ..Default::default()
                };
                let _any = world.apply(|engine, t| engine.ask(t, request));
            }
            Step::Cancel { id } => {
                let request = RequestCancelWorkflowExecutionRequest {
                    namespace: NAMESPACE.to_owned(),
                    workflow_execution: Some(execution(IDS[id])),
                    ..Default::default()
                };
                let _any = world.apply(|engine, t| engine.request_cancel(t, request));
            }
            Step::Terminate { id } => {
                let request = TerminateWorkflowExecutionRequest {
                    namespace: NAMESPACE.to_owned(),
                    workflow_execution: Some(execution(IDS[id])),
                    ..Default::default()
                };
                let _any = world.apply(|engine, t| engine.terminate(t, request));
            }
            Step::Delete { id } => {
                let _any =
                    world.apply(|engine, t| engine.delete(t, NAMESPACE, &execution(IDS[id])));
            }
            Step::Poll { own } => {
                if let Some(task) = world.poll_at(if own { OWN } else { QUEUE }) {
                    self.take(task);
                }
            }
            Step::Answer {
                which,
                commands,
                messages,
                keep,
                more,
            } => {
                self.answer(which, &commands, messages, keep, more);
            }
            Step::Fail { which } => {
                if let Some(task) = self.tasks.get(which) {
                    let cause = WorkflowTaskFailedCause::WorkflowWorkerUnhandledFailure;
                    let token = &task.token;
                    let _any = world.apply(|engine, t| {
                        engine.fail_workflow_task(t, token, cause, None, "worker")
                    });
                }
            }
            Step::Lose { which } => {
                if let Some(task) = self.tasks.get(which) {
                    world.apply(|engine, t| engine.lose_workflow_task(t, &task.token));
                }
            }
            Step::PollActivity { in_process } => {
                if let Some(task) = world.poll_activity_by(&by(in_process)) {
                    self.activities.insert(0, task.token);
                }
            }
            Step::EndActivity { which, how } => {
                if let Some(token) = self.activities.get(which) {
                    let end = match how {
                        0 => ActivityEnd::Completed(None),
                        1 => ActivityEnd::Canceled(None),
                        2 => ActivityEnd::Failed(Box::new(failure("broken", true)), text("half")),
                        _ => ActivityEnd::Failed(Box::new(failure("broken", false)), None),
                    };
                    let _any = world.end(token, end);
                }
            }
            Step::Heartbeat { which } => {
                if let Some(token) = self.activities.get(which) {
                    let target = ActivityTarget::Token(token.clone());
                    let _any = world.apply(|engine, t| engine.heartbeat(t, &target, text("half")));
                }
            }
            Step::LoseActivity { which } => {
                if let Some(token) = self.activities.get(which) {
                    world.apply(|engine, t| engine.lose_activity(t, token));
                }
            }
            Step::BeginPoll => {
                let own = queue(OWN, QueueKind::Workflow);
                let _any = world.apply(|engine, t| engine.begin_poll(t, &own, "worker", None));
            }
            Step::Leave => {
                let own = queue(OWN, QueueKind::Workflow);
                world.apply(|engine, t| engine.abandon_poll(t, &own, true));
            }
            Step::Pass(length) => world.pass(seconds(length)),
            Step::Jump(length) => world.now += seconds(length),
            Step::Lag(lags) => {
                world.lagging = lags;
                world.flush();
            }
            Step::Restart => world.restart(),
        }
    }

    fn take(&mut self, task: WorkflowTask) {
        // Who is given a task reads its history, which is there by then.
        self.world.flush();
        if task.query.is_none() {
            let events = self.world.history(task.run);
            let (first, last) = task.events;
            assert!(
                first >= 1 && first <= last + 1 && last <= i64::try_from(events.len()).unwrap()
            );
            let unwritten = i64::try_from(task.unwritten.len()).unwrap();
            assert_eq!(task.started_event_id, last + unwritten, "{task:?}");
        }
        self.tasks.insert(0, task);
    }

    fn answer(&mut self, which: usize, orders: &[Order], messages: u8, keep: bool, more: bool) {
        let Some(task) = self.tasks.get(which).cloned() else {
            return;
        };
        if task.query.is_some() {
            let _any = self.world.apply(|engine, t| {
                engine.answer_query(t, task.token.query, QueryAnswer::default())
            });
            return;
        }
        let mut request = completion(&task, orders.iter().map(Order::command).collect());
        for message in &task.messages {
            let id = &message.protocol_instance_id;
            // Two bits say what becomes of the first update, two of the next, and so on.
            let said = match messages
                .rotate_right(2 * u32::try_from(request.messages.len()).unwrap_or(0))
                & 3
            {
                0 => vec![reject(id)],
                1 => vec![accept(id)],
                2 => vec![accept(id), respond(id, "done")],
                _ => vec![],
            };
            for message in said {
                if messages & 64 == 0 {
                    request.commands.insert(0, place(&message));
                }
                request.messages.push(message);
            }
        }
        if messages & 128 != 0 {
            request.messages.push(respond("u0", "late"));
            request.commands.insert(0, place(&respond("u0", "late")));
        }
        request.return_new_workflow_task = more;
        if keep {
            request = sticky(request, OWN, seconds(5));
        }
        if let Ok(completed) = self.world.complete(request) {
            for task in completed.activities {
                self.activities.insert(0, task.token);
            }
            if let Some(next) = completed.next {
                self.take(next);
            }
        }
    }

    fn check(&mut self) {
        if !self.world.lagging {
            invariants::same(&self.world.engine, &self.world.disk.tables());
        }
        invariants::of_disk(&self.world.disk.tables());
    }
}

/// One in `share` of `AURA_PROPTEST_CASES`, or of 256.
fn cases(share: u32) -> ProptestConfig {
    let wanted = std::env::var("AURA_PROPTEST_CASES");
    let cases = wanted
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(256_u32);
    ProptestConfig {
        cases: (cases / share).max(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn nothing_breaks_an_engine(steps in vec(step(), 1..120)) {
        let mut play = Play {
            world: World::new(),
            tasks: Vec::new(),
            activities: Vec::new(),
        };
        for step in steps {
            play.step(step);
            play.check();
        }
        // What is on the disk at the end is enough to go on from, for as long as it takes
        // until nobody waits for anything but a worker.
        play.world.flush();
        let disk = Arc::clone(&play.world.disk);
        play.world.restart();
        play.world.pass(seconds(10_000));
        invariants::of_disk(&disk.tables());
    }
}
