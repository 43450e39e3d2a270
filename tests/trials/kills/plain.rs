//! Workflows that know nothing of epochs, with a worker by hand: signals, workflow tasks
//! and activities whose acknowledgements are counted one by one. A call whose answer was
//! lost is looked up in the history, and made again only if it left nothing there.

use std::time::Duration;

use temporalio_client::tonic::{Code, Status};
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Does;
use temporalio_common::protos::temporal::api::command::v1::{
    Command, CompleteWorkflowExecutionCommandAttributes, RecordMarkerCommandAttributes,
    ScheduleActivityTaskCommandAttributes,
};
use temporalio_common::protos::temporal::api::common::v1::{ActivityType, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollActivityTaskQueueRequest, PollWorkflowTaskQueueRequest,
    RespondActivityTaskCompletedRequest, RespondWorkflowTaskCompletedRequest,
    SignalWorkflowExecutionRequest, StartWorkflowExecutionRequest,
};

use super::evidence::{check_ids, check_once};
use crate::rpc::{NAMESPACE, Rpc, is_gone, latest, limited, queue, text, within};

pub const KIND: &str = "Plain";

const ROUNDS: usize = 4;
const SIGNALS: usize = 3;
/// What a dead process's task or activity holds the others up for.
const TASK_LIMIT: Duration = Duration::from_secs(1);
/// A pause where a call fails at once because nobody has the port.
const PAUSE: Duration = Duration::from_millis(5);

/// A workflow and all that was acknowledged of it.
pub struct Plain {
    id: String,
    run_id: String,
    rpc: Rpc,
    /// How many tasks and activities were acknowledged; the others were done all the same.
    pub acknowledged: usize,
}

impl Plain {
    /// Starts one.
    pub async fn start(rpc: &Rpc, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            run_id: start(rpc, id).await,
            rpc: rpc.clone(),
            acknowledged: 0,
        }
    }

    /// Starts one, and takes it to its end.
    pub async fn drive(rpc: &Rpc, id: &str) -> Self {
        let mut plain = Self::start(rpc, id).await;
        for round in 0..ROUNDS {
            for number in 0..SIGNALS {
                plain.signal(&signal_name(round, number)).await;
            }
            let marker = marker_name(round);
            let commands = vec![record(&marker), plain.schedule(&activity_name(round))];
            plain
                .answer_task(commands, |event| is_marker(event, &marker))
                .await;
            plain.do_activity(&activity_name(round)).await;
        }
        let close = |event: &HistoryEvent| {
            use Attributes::WorkflowExecutionCompletedEventAttributes as Completed;
            matches!(event.attributes, Some(Completed(_)))
        };
        plain.answer_task(vec![complete()], close).await;
        plain
    }

    async fn signal(&self, name: &str) {
        let request = SignalWorkflowExecutionRequest {
            namespace: NAMESPACE.to_owned(),
            workflow_execution: latest(&self.id),
            signal_name: name.to_owned(),
            request_id: format!("{}/{name}", self.id),
            ..Default::default()
        };
        loop {
            let mut service = self.rpc.service();
            let call = service.signal_workflow_execution(limited(request.clone()));
            match within(call).await {
                Ok(_) => return,
                Err(status) => self.check_gone(name, status).await,
            }
        }
    }

    /// Takes the next task and answers it with these commands, which leave an event.
    pub async fn answer_task(
        &mut self,
        commands: Vec<Command>,
        is_done: impl Fn(&HistoryEvent) -> bool,
    ) {
        while !self.has(&is_done).await {
            let poll = PollWorkflowTaskQueueRequest {
                namespace: NAMESPACE.to_owned(),
                task_queue: queue(&self.id),
                ..Default::default()
            };
            let mut service = self.rpc.service();
            let task = match within(service.poll_workflow_task_queue(limited(poll))).await {
                Ok(task) if !task.task_token.is_empty() => task,
                Ok(_) => continue,
                Err(status) => {
                    self.check_gone("poll for a task", status).await;
                    continue;
                }
            };
            let answer = RespondWorkflowTaskCompletedRequest {
                namespace: NAMESPACE.to_owned(),
                task_token: task.task_token,
                commands: commands.clone(),
                ..Default::default()
            };
            let mut service = self.rpc.service();
            match within(service.respond_workflow_task_completed(limited(answer))).await {
                Ok(_) => {
                    self.acknowledged += 1;
                    return;
                }
                Err(status) => self.check_late("answer to a task", status).await,
            }
        }
    }

    /// Takes the activity and completes it with its own name.
    async fn do_activity(&mut self, name: &str) {
        while !self
            .has(|event| result(event).as_deref() == Some(name))
            .await
        {
            let poll = PollActivityTaskQueueRequest {
                namespace: NAMESPACE.to_owned(),
                task_queue: queue(&self.id),
                ..Default::default()
            };
            let mut service = self.rpc.service();
            let task = match within(service.poll_activity_task_queue(limited(poll))).await {
                Ok(task) if !task.task_token.is_empty() => task,
                Ok(_) => continue,
                Err(status) => {
                    self.check_gone("poll for an activity", status).await;
                    continue;
                }
            };
            assert_eq!(task.activity_id, name, "{}: activities in order", self.id);
            let answer = RespondActivityTaskCompletedRequest {
                namespace: NAMESPACE.to_owned(),
                task_token: task.task_token,
                result: text(name),
                ..Default::default()
            };
            let mut service = self.rpc.service();
            match within(service.respond_activity_task_completed(limited(answer))).await {
                Ok(_) => {
                    self.acknowledged += 1;
                    return;
                }
                Err(status) => self.check_late("end of an activity", status).await,
            }
        }
    }

    /// Schedules an activity of this name, which is tried again after a second.
    pub fn schedule(&self, activity: &str) -> Command {
        let attributes = ScheduleActivityTaskCommandAttributes {
            activity_id: activity.to_owned(),
            activity_type: Some(ActivityType {
                name: "by-hand".to_owned(),
            }),
            task_queue: queue(&self.id),
            start_to_close_timeout: TASK_LIMIT.try_into().ok(),
            ..Default::default()
        };
        let attributes = Does::ScheduleActivityTaskCommandAttributes(attributes);
        command(CommandType::ScheduleActivityTask, attributes)
    }

    async fn has(&self, is_wanted: impl Fn(&HistoryEvent) -> bool) -> bool {
        self.history().await.iter().any(is_wanted)
    }

    /// Its events.
    pub async fn history(&self) -> Vec<HistoryEvent> {
        loop {
            match self.rpc.history(&self.id, "").await {
                Ok(history) => return history,
                Err(status) => self.check_gone("history", status).await,
            }
        }
    }

    /// A task that was given back, or whose answer was taken and not acknowledged, is not
    /// there any more.
    async fn check_late(&self, what: &str, status: Status) {
        if status.code() != Code::NotFound {
            self.check_gone(what, status).await;
        }
    }

    async fn check_gone(&self, what: &str, status: Status) {
        check_gone(&self.id, what, status).await;
    }

    /// Checks that everything is in its history once.
    pub async fn check(&self) {
        let history = self.history().await;
        check_ids(&self.id, &history);
        let (mut run, mut signals, mut markers) = (String::new(), Vec::new(), Vec::new());
        for event in &history {
            match event.attributes.as_ref() {
                Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) => {
                    run.clone_from(&started.original_execution_run_id);
                }
                Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled)) => {
                    signals.push(signaled.signal_name.clone());
                }
                Some(Attributes::MarkerRecordedEventAttributes(marker)) => {
                    markers.push(marker.marker_name.clone());
                }
                _ => {}
            }
        }
        let id = &self.id;
        assert_eq!(run, self.run_id, "{id} is the run that was acknowledged");
        let said = (0..ROUNDS).flat_map(|round| (0..SIGNALS).map(move |n| signal_name(round, n)));
        check_once(format!("signals of {id}"), said, signals);
        let expected = (0..ROUNDS).map(marker_name);
        check_once(format!("markers of {id}"), expected, markers);
        let expected = (0..ROUNDS).map(activity_name);
        let results = history.iter().filter_map(result);
        check_once(format!("activities of {id}"), expected, results);
    }
}

/// Starts one under its request id; its run.
pub async fn start(rpc: &Rpc, id: &str) -> String {
    let request = StartWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_id: id.to_owned(),
        workflow_type: Some(WorkflowType {
            name: KIND.to_owned(),
        }),
        task_queue: queue(id),
        workflow_task_timeout: TASK_LIMIT.try_into().ok(),
        request_id: format!("{id}/start"),
        ..Default::default()
    };
    loop {
        let mut service = rpc.service();
        let call = service.start_workflow_execution(limited(request.clone()));
        match within(call).await {
            Ok(started) => return started.run_id,
            Err(status) => check_gone(id, "start", status).await,
        }
    }
}

async fn check_gone(id: &str, what: &str, status: Status) {
    assert!(is_gone(&status), "{id}: {what}: {status:?}");
    tokio::time::sleep(PAUSE).await;
}

fn signal_name(round: usize, number: usize) -> String {
    format!("signal-{round}-{number}")
}

fn marker_name(round: usize) -> String {
    format!("marker-{round}")
}

fn activity_name(round: usize) -> String {
    format!("activity-{round}")
}

fn is_marker(event: &HistoryEvent, name: &str) -> bool {
    match event.attributes.as_ref() {
        Some(Attributes::MarkerRecordedEventAttributes(marker)) => marker.marker_name == name,
        _ => false,
    }
}

/// The text that an activity completed with.
fn result(event: &HistoryEvent) -> Option<String> {
    match event.attributes.as_ref()? {
        Attributes::ActivityTaskCompletedEventAttributes(completed) => {
            let payload = completed.result.as_ref()?.payloads.first()?;
            serde_json::from_slice(&payload.data).ok()
        }
        _ => None,
    }
}

pub fn command(kind: CommandType, attributes: Does) -> Command {
    Command {
        command_type: kind as i32,
        attributes: Some(attributes),
        ..Default::default()
    }
}

fn record(marker: &str) -> Command {
    let attributes = RecordMarkerCommandAttributes {
        marker_name: marker.to_owned(),
        ..Default::default()
    };
    let attributes = Does::RecordMarkerCommandAttributes(attributes);
    command(CommandType::RecordMarker, attributes)
}

fn complete() -> Command {
    let attributes = CompleteWorkflowExecutionCommandAttributes::default();
    let attributes = Does::CompleteWorkflowExecutionCommandAttributes(attributes);
    command(CommandType::CompleteWorkflowExecution, attributes)
}
