//! Activities: given to workers, and what workers say of them. Attempts that fail are tried
//! again without a word in the history; the event that an activity was started is written
//! with the one that says how it ended.

use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::RetryState;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    ActivityTaskCanceledEventAttributes, ActivityTaskCompletedEventAttributes,
    ActivityTaskFailedEventAttributes, ActivityTaskStartedEventAttributes,
    ActivityTaskTimedOutEventAttributes,
};

use super::cancel::json;
use super::command::Applied;
use super::error::{Answer, Refusal};
use super::queue::{Entry, QueueKey};
use super::retry::{self, Next};
use super::run::Run;
use super::state::{Activity, Token};
use super::task::version;
use super::time::{Time, after};
use super::workflow_task::Polled;
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

/// An attempt of an activity, for a worker. What it is to work on is in the scheduled event.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct ActivityTask {
    pub(in crate::embedded) run: RunKey,
    pub(in crate::embedded) event_id: i64,
    pub(in crate::embedded) token: Token,
    pub(in crate::embedded) namespace: String,
    pub(in crate::embedded) execution: WorkflowExecution,
    pub(in crate::embedded) workflow_type: String,
    pub(in crate::embedded) activity: Activity,
}

/// Which activity is meant.
#[derive(Clone, Debug)]
pub(in crate::embedded) enum ActivityTarget {
    /// The attempt of this token.
    Token(Token),
    /// The one with this id in an open workflow, whichever attempt.
    Id {
        namespace: String,
        execution: WorkflowExecution,
        activity_id: String,
    },
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub(in crate::embedded) enum ActivityEnd {
    Completed(Option<Payloads>),
    /// With the details of the last heartbeat, where the worker sends them along.
    Failed(Box<Failure>, Option<Payloads>),
    Canceled(Option<Payloads>),
}

impl Engine {
    /// The next activity of a queue, if there is one.
    pub(in crate::embedded) fn poll_activity(
        &mut self,
        transaction: &mut Transaction,
        queue: &QueueKey,
        by: &Polled,
    ) -> Option<ActivityTask> {
        if self.limited_until(queue, transaction.now).is_some() {
            return None;
        }
        let task = loop {
            let Entry::Activity {
                run,
                event_id,
                stamp,
            } = self.queues.pop(queue)?
            else {
                continue;
            };
            let waits = self.runs.get(&run);
            let waits = waits.is_some_and(|run| run.offers_activity(event_id, stamp));
            if waits && let Some(task) = self.give_activity(transaction, run, event_id, by) {
                break task;
            }
        };
        self.count_take(queue, transaction.now);
        if self.queues.get(queue).is_some_and(|queue| queue.len() > 0) {
            transaction.woken.insert(queue.clone());
        }
        Some(task)
    }

    fn give_activity(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        event_id: i64,
        by: &Polled,
    ) -> Option<ActivityTask> {
        let request_id = self.ids.next();
        let run = self.runs.get_mut(&key)?;
        let activity = run.activities.get_mut(&event_id)?;
        activity.started_time = transaction.now;
        activity.last_heartbeat = 0;
        activity.identity.clone_from(&by.identity);
        activity.in_process = by.in_process;
        activity.request_id = request_id;
        activity.offered = true;
        let activity = activity.clone();
        run.touch_activity(event_id);
        transaction.touched.insert(key);
        Some(ActivityTask {
            run: key,
            event_id,
            token: Token {
                run: key,
                event_id,
                stamp: activity.stamp,
                attempt: activity.attempt,
                query: 0,
                run_id: run.row.run_id.clone(),
                workflow_id: run.row.workflow_id.clone(),
            },
            namespace: run.row.namespace.clone(),
            execution: run.execution(),
            workflow_type: run.row.workflow_type.clone(),
            activity,
        })
    }

    /// Gives a worker at once those activities that it asked to do itself.
    pub(super) fn begin_eager(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        applied: &Applied,
        in_process: bool,
    ) -> Vec<ActivityTask> {
        if applied.is_closed() {
            return Vec::new();
        }
        let by = Polled {
            identity: applied.identity.clone(),
            build_id: String::new(),
            in_process,
        };
        // A queue that has a limit hands its tasks out itself.
        let begun = applied.eager.iter().filter_map(|event_id| {
            if self.is_limited(key, *event_id) {
                return None;
            }
            self.give_activity(transaction, key, *event_id, &by)
        });
        begun.collect()
    }

    fn is_limited(&self, key: RunKey, event_id: i64) -> bool {
        self.runs.get(&key).is_some_and(|run| {
            let activity = run.activities.get(&event_id);
            activity.is_some_and(|activity| self.has_limit(&activity.queue(&run.row.namespace)))
        })
    }

    /// An attempt was started, but its worker was gone before it could be told: it is
    /// offered again, as if it had not been.
    pub(in crate::embedded) fn lose_activity(
        &mut self,
        transaction: &mut Transaction,
        token: &Token,
    ) {
        let now = transaction.now;
        let Ok((key, event_id)) = self.find_activity(&ActivityTarget::Token(token.clone())) else {
            return;
        };
        if let Some(run) = self.runs.get_mut(&key) {
            let stamp = run.stamp();
            if let Some(activity) = run.activities.get_mut(&event_id) {
                activity.stamp = stamp;
                activity.attempt_time = now;
                activity.started_time = 0;
                activity.offered = false;
                run.touch_activity(event_id);
                transaction.touched.insert(key);
            }
        }
    }

    /// The activity that is meant, if it is still running.
    fn find_activity(&self, target: &ActivityTarget) -> Answer<(RunKey, i64)> {
        match target {
            ActivityTarget::Token(token) => {
                let activity = self
                    .runs
                    .get(&token.run)
                    .and_then(|run| run.activities.get(&token.event_id));
                let held = activity.is_some_and(|activity| {
                    activity.started_time != 0
                        && activity.stamp == token.stamp
                        && activity.attempt == token.attempt
                });
                if held {
                    Ok((token.run, token.event_id))
                } else {
                    Err(Refusal::no_activity())
                }
            }
            ActivityTarget::Id {
                namespace,
                execution,
                activity_id,
            } => {
                self.namespaces.get(namespace)?;
                let key = self.find_open(namespace, &execution.workflow_id, &execution.run_id)?;
                let run = self.runs.get(&key).ok_or_else(Refusal::closed)?;
                run.activities
                    .iter()
                    .find(|(_, activity)| {
                        activity.activity_id == *activity_id && activity.started_time != 0
                    })
                    .map(|(event_id, _)| (key, *event_id))
                    .ok_or_else(|| {
                        Refusal::not_found(format!("cannot find pending activity with ActivityID {activity_id}, please call RecordActivityTaskHeartbeat with a valid activityID"))
                    })
            }
        }
    }

    /// A sign of life. Tells whether the activity should end.
    pub(in crate::embedded) fn heartbeat(
        &mut self,
        transaction: &mut Transaction,
        target: &ActivityTarget,
        details: Option<Payloads>,
    ) -> Answer<bool> {
        let (key, event_id) = self.find_activity(target)?;
        let now = transaction.now;
        let run = self.run_mut(key)?;
        let Some(activity) = run.activities.get_mut(&event_id) else {
            return Err(Refusal::no_activity());
        };
        activity.last_heartbeat = now;
        if details.is_some() {
            activity.heartbeat_details = details;
        }
        let cancel = activity.cancel_requested_event_id != 0;
        run.touch_activity(event_id);
        transaction.touched.insert(key);
        Ok(cancel)
    }

    /// An attempt has ended.
    pub(in crate::embedded) fn end_activity(
        &mut self,
        transaction: &mut Transaction,
        target: &ActivityTarget,
        end: ActivityEnd,
        by: &Polled,
    ) -> Answer<()> {
        let identity = by.identity.as_str();
        let (key, event_id) = self.find_activity(target)?;
        let now = transaction.now;
        let run = self.run_mut(key)?;
        let Some(activity) = run.activities.get_mut(&event_id) else {
            return Err(Refusal::no_activity());
        };
        let event = match end {
            ActivityEnd::Completed(result) => {
                Event::ActivityTaskCompletedEventAttributes(ActivityTaskCompletedEventAttributes {
                    result,
                    scheduled_event_id: event_id,
                    identity: identity.to_owned(),
                    ..Default::default()
                })
            }
            ActivityEnd::Canceled(details) => {
                if activity.cancel_requested_event_id == 0 {
                    return Err(Refusal::invalid(
                        "unable to cancel activity: cancellation was not requested",
                    ));
                }
                Event::ActivityTaskCanceledEventAttributes(ActivityTaskCanceledEventAttributes {
                    details,
                    latest_cancel_requested_event_id: activity.cancel_requested_event_id,
                    scheduled_event_id: event_id,
                    identity: identity.to_owned(),
                    ..Default::default()
                })
            }
            ActivityEnd::Failed(failure, details) => {
                if details.is_some() {
                    activity.heartbeat_details = details;
                }
                transaction.touched.insert(key);
                let Some(retry_state) = run.retry_activity(now, event_id, &failure) else {
                    return Ok(());
                };
                Event::ActivityTaskFailedEventAttributes(ActivityTaskFailedEventAttributes {
                    failure: Some(*failure),
                    scheduled_event_id: event_id,
                    identity: identity.to_owned(),
                    retry_state: retry_state as i32,
                    ..Default::default()
                })
            }
        };
        transaction.touched.insert(key);
        run.finish_activity(now, event_id, event, &by.build_id);
        run.schedule_task(now);
        Ok(())
    }
}

impl Run {
    /// Tries an activity again after this failure; or says why not.
    pub(super) fn retry_activity(
        &mut self,
        now: Time,
        event_id: i64,
        failure: &Failure,
    ) -> Option<RetryState> {
        let stamp = self.stamp();
        let activity = self.activities.get_mut(&event_id)?;
        if activity.cancel_requested_event_id != 0 {
            return Some(RetryState::CancelRequested);
        }
        let policy = retry::filled(activity.retry_policy.clone());
        let expires = after(activity.scheduled_time, activity.schedule_to_close);
        match retry::next(&policy, activity.attempt, Some(failure), now, expires) {
            Next::Never(why) => return Some(why),
            Next::Again(wait) => {
                activity.attempt = activity.attempt.saturating_add(1);
                activity.attempt_time = now.saturating_add(wait);
            }
        }
        activity.stamp = stamp;
        activity.started_time = 0;
        activity.offered = false;
        activity.last_failure = Some(failure.clone());
        activity.last_attempt_end = now;
        activity.last_identity = std::mem::take(&mut activity.identity);
        self.touch_activity(event_id);
        None
    }

    /// Writes an activity's end, and before it that it was started, if it was. What its worker
    /// was built from is known where the worker says so with the end.
    pub(super) fn finish_activity(&mut self, now: Time, event_id: i64, end: Event, build_id: &str) {
        let Some(activity) = self.activities.remove(&event_id) else {
            return;
        };
        self.touch_activity(event_id);
        if activity.started_time != 0 {
            let started = ActivityTaskStartedEventAttributes {
                scheduled_event_id: event_id,
                identity: activity.identity,
                request_id: activity.request_id,
                attempt: activity.attempt,
                last_failure: activity.last_failure,
                #[expect(deprecated, reason = "histories show what workers were built from")]
                worker_version: version(build_id),
                ..Default::default()
            };
            self.append(
                activity.started_time,
                Event::ActivityTaskStartedEventAttributes(started),
            );
        }
        self.append(now, end);
    }

    /// Ends an activity that no worker has: nobody needs to be asked.
    pub(super) fn cancel_waiting_activity(&mut self, now: Time, event_id: i64, identity: &str) {
        let Some(activity) = self.activities.get(&event_id) else {
            return;
        };
        let end = ActivityTaskCanceledEventAttributes {
            details: Some(Payloads {
                payloads: vec![json("\"ACTIVITY_ID_NOT_STARTED\"")],
            }),
            latest_cancel_requested_event_id: activity.cancel_requested_event_id,
            scheduled_event_id: event_id,
            identity: identity.to_owned(),
            ..Default::default()
        };
        let end = Event::ActivityTaskCanceledEventAttributes(end);
        self.finish_activity(now, event_id, end, "");
    }

    /// Writes that an activity timed out.
    pub(super) fn time_out_activity(
        &mut self,
        now: Time,
        event_id: i64,
        failure: Failure,
        retry_state: RetryState,
    ) {
        let end = ActivityTaskTimedOutEventAttributes {
            failure: Some(failure),
            scheduled_event_id: event_id,
            started_event_id: 0,
            retry_state: retry_state as i32,
        };
        let end = Event::ActivityTaskTimedOutEventAttributes(end);
        self.finish_activity(now, event_id, end, "");
    }
}
