//! A workflow task's life in its run: scheduled, started, completed, failed, timed out. What
//! its commands do, and which queue it waits in, is not decided here.
//!
//! A task of the first attempt has its events in the history when it is scheduled and
//! started. A later attempt, and one made for an update alone, has them only in the answer
//! to the worker's poll, and in the history once it is completed; that keeps a workflow that
//! fails for ever from filling its history.

use temporalio_common::protos::temporal::api::common::v1::{MeteringMetadata, WorkerVersionStamp};
use temporalio_common::protos::temporal::api::enums::v1::{
    TaskQueueKind, TimeoutType, WorkflowTaskFailedCause,
};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, WorkflowTaskCompletedEventAttributes, WorkflowTaskFailedEventAttributes,
    WorkflowTaskScheduledEventAttributes, WorkflowTaskStartedEventAttributes,
    WorkflowTaskTimedOutEventAttributes,
};
use temporalio_common::protos::temporal::api::sdk::v1::WorkflowTaskCompletedMetadata;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;

use super::run::Run;
use super::state::Task;
use super::time::{Span, Time, duration, seconds, timestamp};
use super::workflow_task::Polled;

/// Continue-as-new is suggested from this many bytes on, and from as many events as the
/// engine is told.
const SUGGEST_BYTES: i64 = 4 * 1024 * 1024;

/// Attempts after this one get more and more time, since a worker that fails does not say
/// so again: the time-out is the pause between two tries.
const QUICK_ATTEMPTS: i32 = 3;
const LONGEST_PAUSE: Span = seconds(600);

/// Who completes a task, and with what.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct Completion {
    pub(in crate::embedded) identity: String,
    pub(in crate::embedded) build_id: String,
    pub(in crate::embedded) sdk_metadata: Option<WorkflowTaskCompletedMetadata>,
    pub(in crate::embedded) metering_metadata: Option<MeteringMetadata>,
    pub(in crate::embedded) deployment_name: String,
}

impl Run {
    /// Sees to it that a worker looks at the run: schedules a workflow task unless there is
    /// one, or the first is still held back.
    pub(in crate::embedded) fn schedule_task(&mut self, now: Time) {
        if self.state.task.is_some() || !self.is_open() || self.state.first_task_at != 0 {
            return;
        }
        if !self.buffered.is_empty() {
            self.state.next_attempt = 1;
            self.flush_buffered();
        }
        let attempt = self.state.next_attempt.max(1);
        self.put_task(now, attempt, false);
        if attempt == 1 {
            let (timeout, sticky) = self.task_settings();
            let id = self.write_scheduled(now, attempt, timeout, &sticky);
            if let Some(task) = &mut self.state.task {
                task.scheduled_event_id = id;
            }
        }
    }

    /// A task for an update alone, of which the history learns only if the update is not
    /// rejected.
    pub(in crate::embedded) fn schedule_speculative_task(&mut self, now: Time) {
        if self.state.task.is_none() && self.is_open() && self.state.first_task_at == 0 {
            self.put_task(now, 1, true);
        }
    }

    fn task_settings(&self) -> (Span, String) {
        self.state
            .task
            .as_ref()
            .map(|task| (task.timeout, task.sticky_queue.clone()))
            .unwrap_or_default()
    }

    fn put_task(&mut self, now: Time, attempt: i32, speculative: bool) {
        let stamp = self.stamp();
        let state = &mut self.state;
        state.task = Some(Task {
            stamp,
            scheduled_event_id: state.next_event_id,
            attempt,
            scheduled_time: now,
            original_scheduled_time: now,
            timeout: state.task_timeout.saturating_add(pause(attempt)),
            sticky_queue: state.sticky_queue.clone(),
            sticky_timeout: state.sticky_timeout,
            speculative,
            ..Default::default()
        });
    }

    /// Writes a scheduled event, and gives its id.
    pub(super) fn write_scheduled(
        &mut self,
        now: Time,
        attempt: i32,
        timeout: Span,
        sticky: &str,
    ) -> i64 {
        let attributes = WorkflowTaskScheduledEventAttributes {
            task_queue: Some(queue_of(&self.row.task_queue, sticky)),
            start_to_close_timeout: Some(duration(timeout)),
            attempt,
        };
        self.write(event(
            now,
            Attributes::WorkflowTaskScheduledEventAttributes(attributes),
        ))
    }

    /// A task that was made for an update alone is one like any other once something else
    /// comes: the history gets its events before that.
    pub(super) fn write_speculative(&mut self, now: Time) {
        let Some(mut task) = self.state.task.take_if(|task| task.speculative) else {
            return;
        };
        task.speculative = false;
        let scheduled = if task.is_started() {
            task.scheduled_time
        } else {
            now
        };
        task.scheduled_event_id =
            self.write_scheduled(scheduled, 1, task.timeout, &task.sticky_queue.clone());
        if task.is_started() {
            // As the server has it, which does not keep who took such a task.
            task.identity.clear();
            task.started_event_id = self.write(event(task.started_time, started(&task)));
        }
        self.state.task = Some(task);
    }

    /// Gives the scheduled task to a worker.
    pub(in crate::embedded) fn start_task(
        &mut self,
        now: Time,
        by: &Polled,
        request_id: &str,
        suggest_events: i64,
    ) {
        let Some(mut task) = self.state.task.take() else {
            return;
        };
        if task.is_unwritten() && task.scheduled_event_id != self.state.next_event_id {
            // Events have come since: it is a first attempt at these.
            task.attempt = 1;
            task.speculative = false;
            task.timeout = self.state.task_timeout;
            task.scheduled_event_id =
                self.write_scheduled(now, 1, task.timeout, &task.sticky_queue.clone());
        }
        task.identity.clone_from(&by.identity);
        task.build_id.clone_from(&by.build_id);
        request_id.clone_into(&mut task.request_id);
        task.started_time = now;
        task.history_size = self.history_size();
        task.suggest_continue_as_new =
            self.state.next_event_id > suggest_events || task.history_size > SUGGEST_BYTES;
        task.started_event_id = if task.is_unwritten() {
            task.scheduled_event_id + 1
        } else {
            self.write(event(now, started(&task)))
        };
        self.state.task = Some(task);
    }

    /// The events of a task that the history does not have: what its worker sees of them.
    pub(in crate::embedded) fn unwritten_events(&self) -> Vec<HistoryEvent> {
        let Some(task) = self.state.task.as_ref().filter(|task| task.is_unwritten()) else {
            return Vec::new();
        };
        let scheduled = WorkflowTaskScheduledEventAttributes {
            task_queue: Some(queue_of(&self.row.task_queue, &task.sticky_queue)),
            start_to_close_timeout: Some(duration(task.timeout)),
            attempt: task.attempt,
        };
        let mut scheduled = event(
            task.scheduled_time,
            Attributes::WorkflowTaskScheduledEventAttributes(scheduled),
        );
        scheduled.event_id = task.scheduled_event_id;
        let mut started = event(task.started_time, started(task));
        started.event_id = task.started_event_id;
        vec![scheduled, started]
    }

    /// Ends the running task well. Gives the id of the event that says so.
    #[expect(deprecated, reason = "histories show what workers were built from")]
    pub(in crate::embedded) fn complete_task(&mut self, now: Time, by: Completion) -> i64 {
        let Some(task) = self.state.task.take() else {
            return 0;
        };
        self.write_unwritten(&task);
        self.state.previous_started_event_id = task.started_event_id;
        self.state.next_attempt = 1;
        let attributes = WorkflowTaskCompletedEventAttributes {
            scheduled_event_id: task.scheduled_event_id,
            started_event_id: task.started_event_id,
            identity: by.identity,
            worker_version: version(&by.build_id),
            sdk_metadata: by.sdk_metadata,
            metering_metadata: Some(by.metering_metadata.unwrap_or_default()),
            worker_deployment_name: by.deployment_name,
            ..Default::default()
        };
        self.write(event(
            now,
            Attributes::WorkflowTaskCompletedEventAttributes(attributes),
        ))
    }

    /// Takes a task away of which nothing is to remain: all that it was for was rejected.
    pub(in crate::embedded) fn drop_task(&mut self) {
        self.state.task = None;
    }

    /// Ends the running task badly; the next one is not scheduled yet.
    pub(in crate::embedded) fn fail_task(
        &mut self,
        now: Time,
        cause: WorkflowTaskFailedCause,
        failure: Option<Failure>,
        identity: &str,
    ) {
        let Some(task) = self.state.task.take() else {
            return;
        };
        if task.attempt == 1 {
            if task.speculative {
                self.write_unwritten(&task);
            }
            let attributes = WorkflowTaskFailedEventAttributes {
                scheduled_event_id: task.scheduled_event_id,
                started_event_id: task.started_event_id,
                cause: cause as i32,
                failure,
                identity: identity.to_owned(),
                ..Default::default()
            };
            self.write(event(
                now,
                Attributes::WorkflowTaskFailedEventAttributes(attributes),
            ));
        }
        self.count_attempt(&task);
    }

    /// Ends the running task badly and schedules the next, which takes along what this one
    /// was given.
    pub(in crate::embedded) fn try_task_again(
        &mut self,
        now: Time,
        cause: WorkflowTaskFailedCause,
        failure: Option<Failure>,
        identity: &str,
    ) {
        self.unsend_updates();
        self.fail_task(now, cause, failure, identity);
        self.schedule_task(now);
    }

    /// Ends a task that nobody took, or that was not answered, in time. Of one that nobody
    /// took the history knows: a speculative one is dropped instead.
    pub(in crate::embedded) fn time_out_task(&mut self, now: Time) {
        let Some(task) = self.state.task.take() else {
            return;
        };
        let timeout_type = if task.is_started() {
            TimeoutType::StartToClose
        } else {
            TimeoutType::ScheduleToStart
        };
        if task.attempt == 1 {
            if task.speculative {
                self.write_unwritten(&task);
            }
            let attributes = WorkflowTaskTimedOutEventAttributes {
                scheduled_event_id: task.scheduled_event_id,
                started_event_id: task.started_event_id,
                timeout_type: timeout_type as i32,
            };
            self.write(event(
                now,
                Attributes::WorkflowTaskTimedOutEventAttributes(attributes),
            ));
        }
        if task.is_started() {
            self.count_attempt(&task);
        } else {
            self.clear_sticky();
        }
    }

    /// Ends a task through no fault of its worker, which was never told of it or ended with
    /// the engine. So it does not count as a try: after some, queries would be refused and
    /// pauses made.
    pub(in crate::embedded) fn take_task_back(&mut self, now: Time) {
        let attempt = self.state.task.as_ref().map_or(1, |task| task.attempt);
        self.time_out_task(now);
        self.state.next_attempt = attempt;
    }

    /// A worker that had the run in its cache may have failed because of that: the next
    /// try is another's, and as good as a first.
    fn count_attempt(&mut self, task: &Task) {
        if self.state.sticky_queue.is_empty() {
            self.state.next_attempt = task.attempt.saturating_add(1);
        }
        self.clear_sticky();
    }

    pub(in crate::embedded) fn clear_sticky(&mut self) {
        self.state.sticky_queue.clear();
        self.state.sticky_timeout = 0;
    }

    fn write_unwritten(&mut self, task: &Task) {
        if task.is_unwritten() {
            self.write_scheduled(
                task.scheduled_time,
                task.attempt,
                task.timeout,
                &task.sticky_queue.clone(),
            );
            self.write(event(task.started_time, started(task)));
        }
    }
}

#[expect(deprecated, reason = "histories show what workers were built from")]
fn started(task: &Task) -> Attributes {
    Attributes::WorkflowTaskStartedEventAttributes(WorkflowTaskStartedEventAttributes {
        scheduled_event_id: task.scheduled_event_id,
        identity: task.identity.clone(),
        request_id: task.request_id.clone(),
        suggest_continue_as_new: task.suggest_continue_as_new,
        history_size_bytes: task.history_size,
        worker_version: version(&task.build_id),
        ..Default::default()
    })
}

fn event(time: Time, attributes: Attributes) -> HistoryEvent {
    HistoryEvent {
        event_time: Some(timestamp(time)),
        event_type: attributes.event_type() as i32,
        attributes: Some(attributes),
        ..Default::default()
    }
}

/// What a worker was built from, as histories show it.
pub(in crate::embedded) fn version(build_id: &str) -> Option<WorkerVersionStamp> {
    (!build_id.is_empty()).then(|| WorkerVersionStamp {
        build_id: build_id.to_owned(),
        use_versioning: false,
    })
}

/// A run's queue, or its worker's own.
pub(in crate::embedded) fn queue_of(normal: &str, sticky: &str) -> TaskQueue {
    if sticky.is_empty() {
        TaskQueue {
            name: normal.to_owned(),
            kind: TaskQueueKind::Normal as i32,
            normal_name: String::new(),
        }
    } else {
        TaskQueue {
            name: sticky.to_owned(),
            kind: TaskQueueKind::Sticky as i32,
            normal_name: normal.to_owned(),
        }
    }
}

fn pause(attempt: i32) -> Span {
    match u32::try_from(attempt - QUICK_ATTEMPTS) {
        Ok(doublings @ 1..) => seconds(5)
            .saturating_mul(1 << doublings.saturating_sub(1).min(10))
            .min(LONGEST_PAUSE),
        _ => 0,
    }
}
