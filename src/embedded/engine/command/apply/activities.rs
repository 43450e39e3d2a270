//! Commands about activities and timers: those that begin one, and those that cancel it.

use temporalio_common::protos::temporal::api::command::v1::{
    self as api, ScheduleActivityTaskCommandAttributes, StartTimerCommandAttributes,
};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    ActivityTaskCancelRequestedEventAttributes, ActivityTaskScheduledEventAttributes,
    TimerCanceledEventAttributes, TimerStartedEventAttributes,
};

use crate::embedded::engine::command::Applied;
use crate::embedded::engine::retry;
use crate::embedded::engine::run::Run;
use crate::embedded::engine::state::{Activity, Timer};
use crate::embedded::engine::task::queue_of;
use crate::embedded::engine::time::{Span, Time, duration, shorter, span};

/// The time-outs of an activity, each filled in from the others as Temporal does.
struct Limits {
    schedule_to_close: Span,
    schedule_to_start: Span,
    start_to_close: Span,
    heartbeat: Span,
}

impl Limits {
    fn of(command: &ScheduleActivityTaskCommandAttributes, run_timeout: Span) -> Self {
        let schedule_to_close = span(command.schedule_to_close_timeout.as_ref());
        let schedule_to_start = span(command.schedule_to_start_timeout.as_ref());
        let start_to_close = span(command.start_to_close_timeout.as_ref());
        let whole = if schedule_to_close == 0 {
            run_timeout
        } else {
            shorter(schedule_to_close, run_timeout)
        };
        let start_to_close = shorter(start_to_close, whole);
        Self {
            schedule_to_close: whole,
            schedule_to_start: shorter(schedule_to_start, whole),
            start_to_close,
            heartbeat: shorter_if_given(span(command.heartbeat_timeout.as_ref()), start_to_close),
        }
    }
}

fn shorter_if_given(given: Span, limit: Span) -> Span {
    if given == 0 { 0 } else { shorter(given, limit) }
}

impl Run {
    pub(super) fn schedule_activity(
        &mut self,
        now: Time,
        attributes: ScheduleActivityTaskCommandAttributes,
        command: &api::Command,
        applied: &mut Applied,
    ) {
        let limits = Limits::of(&attributes, self.state.run_timeout);
        let policy = retry::filled(attributes.retry_policy);
        let queue = match attributes.task_queue.map(|queue| queue.name) {
            Some(name) if !name.is_empty() => name,
            _ => self.row.task_queue.clone(),
        };
        let activity_type = attributes.activity_type.clone().unwrap_or_default().name;
        let eager = attributes.request_eager_execution;
        let event = ActivityTaskScheduledEventAttributes {
            activity_id: attributes.activity_id.clone(),
            activity_type: attributes.activity_type,
            task_queue: Some(queue_of(&queue, "")),
            header: attributes.header,
            input: attributes.input,
            schedule_to_close_timeout: Some(duration(limits.schedule_to_close)),
            schedule_to_start_timeout: Some(duration(limits.schedule_to_start)),
            start_to_close_timeout: Some(duration(limits.start_to_close)),
            heartbeat_timeout: Some(duration(limits.heartbeat)),
            workflow_task_completed_event_id: applied.completed_id,
            retry_policy: Some(policy.clone()),
            priority: attributes.priority,
            #[expect(deprecated, reason = "the history shows what workers send")]
            use_workflow_build_id: attributes.use_workflow_build_id,
        };
        let event_id = self.append_with(
            now,
            Event::ActivityTaskScheduledEventAttributes(event),
            command.user_metadata.clone(),
        );
        let stamp = self.stamp();
        let activity = Activity {
            activity_id: attributes.activity_id,
            activity_type,
            task_queue: queue,
            schedule_to_close: limits.schedule_to_close,
            schedule_to_start: limits.schedule_to_start,
            start_to_close: limits.start_to_close,
            heartbeat: limits.heartbeat,
            retry_policy: Some(policy),
            attempt: 1,
            stamp,
            scheduled_time: now,
            attempt_time: now,
            ..Activity::default()
        };
        self.activities.insert(event_id, activity);
        self.touch_activity(event_id);
        if eager {
            applied.eager.push(event_id);
        }
    }

    pub(super) fn request_cancel_activity(
        &mut self,
        now: Time,
        event_id: i64,
        applied: &mut Applied,
    ) {
        let event = ActivityTaskCancelRequestedEventAttributes {
            scheduled_event_id: event_id,
            workflow_task_completed_event_id: applied.completed_id,
        };
        let requested = self.append(
            now,
            Event::ActivityTaskCancelRequestedEventAttributes(event),
        );
        let Some(activity) = self.activities.get_mut(&event_id) else {
            // It has ended, and the workflow will hear of that next.
            return;
        };
        activity.cancel_requested_event_id = requested;
        let waits = activity.started_time == 0;
        self.touch_activity(event_id);
        if waits {
            self.cancel_waiting_activity(now, event_id, &applied.identity);
            applied.needs_task = true;
        }
    }

    pub(super) fn start_timer(
        &mut self,
        now: Time,
        timer: StartTimerCommandAttributes,
        command: &api::Command,
        applied: &Applied,
    ) {
        let length = span(timer.start_to_fire_timeout.as_ref());
        let event = TimerStartedEventAttributes {
            timer_id: timer.timer_id.clone(),
            start_to_fire_timeout: timer.start_to_fire_timeout,
            workflow_task_completed_event_id: applied.completed_id,
        };
        let event_id = self.append_with(
            now,
            Event::TimerStartedEventAttributes(event),
            command.user_metadata.clone(),
        );
        let timer = Timer {
            timer_id: timer.timer_id,
            due: now.saturating_add(length),
            set: now,
        };
        self.timers.insert(event_id, timer);
        self.touch_timer(event_id);
    }

    pub(super) fn cancel_timer(&mut self, now: Time, timer_id: &str, applied: &Applied) {
        let running = self
            .timers
            .iter()
            .find(|(_, timer)| timer.timer_id == timer_id)
            .map(|(event_id, _)| *event_id);
        if let Some(event_id) = running {
            self.timers.remove(&event_id);
            self.touch_timer(event_id);
        }
        let Some(started_event_id) = running.or_else(|| self.unfire(timer_id)) else {
            return;
        };
        let event = TimerCanceledEventAttributes {
            timer_id: timer_id.to_owned(),
            started_event_id,
            workflow_task_completed_event_id: applied.completed_id,
            identity: applied.identity.clone(),
        };
        self.append(now, Event::TimerCanceledEventAttributes(event));
    }
}
