//! The worker: it answers what it gets with what the workflows want, and acts as an SDK would
//! when it is refused or hears nothing.

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::query::v1::WorkflowQueryResult;
use temporalio_common::protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

use super::super::super::worker::{
    accept, by, completion, failure, place, queue, reject, respond, sticky,
};
use super::super::super::world::{Killed, QUEUE, text};
use super::super::programs::Seen;
use super::Player;
use crate::embedded::engine::time::seconds;
use crate::embedded::engine::{
    ActivityEnd, ActivityTarget, ActivityTask, QueryAnswer, QueueKind, Token, WorkflowTask,
};

impl Player {
    /// Does all there is to do, unless the worker sits on a task.
    pub(super) fn work(&mut self) {
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

    pub(super) fn poll(&mut self) -> Option<WorkflowTask> {
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
        let answer = self.once(|engine, t| engine.end_activity(t, &target, end, &by));
        if let Some(Err(refusal)) = answer {
            assert_eq!(refusal.code, Code::NotFound);
        }
    }

    /// Answers a task, and those that come with the answers.
    pub(super) fn answer(&mut self, task: WorkflowTask) {
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
