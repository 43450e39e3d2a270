//! What happens because time passes: timers, time-outs, and the end of a delay.

use temporalio_common::protos::temporal::api::enums::v1::{RetryState, TimeoutType};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as Event;
use temporalio_common::protos::temporal::api::history::v1::{
    TimerFiredEventAttributes, WorkflowExecutionTimedOutEventAttributes,
};

use super::close::End;
use super::failure;
use super::queue::Entry;
use super::run::Run;
use super::time::Time;
use super::{Engine, Transaction};
use crate::embedded::store::RunKey;

impl Engine {
    /// Does all that is due by now, of at most this many runs. True if more is due.
    pub(in crate::embedded) fn fire(&mut self, transaction: &mut Transaction, most: usize) -> bool {
        let now = transaction.now;
        let due: Vec<RunKey> = self
            .deadlines
            .iter()
            .take_while(|(time, _)| *time <= now)
            .take(most)
            .map(|(_, key)| *key)
            .collect();
        for key in &due {
            self.fire_run(transaction, *key);
        }
        let (runs, queries) = (&self.runs, &self.queries);
        self.queues.tidy(now, |entry| match entry {
            Entry::Task { run, stamp } => runs.get(&run).is_some_and(|run| run.waits_for(stamp)),
            Entry::Activity {
                run,
                event_id,
                stamp,
            } => runs
                .get(&run)
                .is_some_and(|run| run.offers_activity(event_id, stamp)),
            Entry::Query(id) => queries.contains_key(&id),
        });
        due.len() == most
    }

    fn fire_run(&mut self, transaction: &mut Transaction, key: RunKey) {
        let now = transaction.now;
        transaction.touched.insert(key);
        let Some(run) = self.runs.get_mut(&key) else {
            return;
        };
        let state = &run.state;
        let over = |time: Time| time != 0 && time <= now;
        if over(state.run_deadline) || over(state.execution_deadline) {
            self.time_out_run(transaction, key);
            return;
        }
        if over(state.first_task_at) {
            run.state.first_task_at = 0;
            run.schedule_task(now);
        }
        let fired = run.fire_timers(now);
        if run.time_out_activities(now) || fired {
            run.schedule_task(now);
        }
        let lost = run
            .state
            .task
            .as_ref()
            .is_some_and(|task| over(task.deadline()));
        if lost {
            self.lose_task(transaction, key, Run::time_out_task);
        }
    }

    fn time_out_run(&mut self, transaction: &mut Transaction, key: RunKey) {
        let now = transaction.now;
        let Some(run) = self.runs.get_mut(&key) else {
            return;
        };
        run.break_off_task(now);
        let whole = run.state.execution_deadline;
        let failure = failure::timeout(
            "workflow timeout".to_owned(),
            TimeoutType::StartToClose,
            None,
            None,
        );
        let next = if whole != 0 && whole <= now {
            Err(RetryState::Timeout)
        } else {
            // What cannot be looked up cannot be tried again.
            self.retry_run(key, now, &failure)
                .unwrap_or(Err(RetryState::InternalServerError))
        };
        let (retry_state, next) = match next {
            Ok(next) => (RetryState::InProgress, Some(next)),
            Err(why) => (why, None),
        };
        let event = WorkflowExecutionTimedOutEventAttributes {
            retry_state: retry_state as i32,
            new_execution_run_id: next.as_ref().map(|(id, _)| id.clone()).unwrap_or_default(),
        };
        if let Some(run) = self.runs.get_mut(&key) {
            run.append(now, Event::WorkflowExecutionTimedOutEventAttributes(event));
        }
        self.close(transaction, key, End::TimedOut(retry_state), next);
    }
}

impl Run {
    fn fire_timers(&mut self, now: Time) -> bool {
        let mut due: Vec<(Time, i64)> = self
            .timers
            .iter()
            .filter(|(_, timer)| timer.due <= now)
            .map(|(event_id, timer)| (timer.due, *event_id))
            .collect();
        due.sort_unstable();
        for (_, event_id) in &due {
            if let Some(timer) = self.timers.remove(event_id) {
                self.touch_timer(*event_id);
                let event = TimerFiredEventAttributes {
                    timer_id: timer.timer_id,
                    started_event_id: *event_id,
                };
                self.append(now, Event::TimerFiredEventAttributes(event));
            }
        }
        !due.is_empty()
    }
}
