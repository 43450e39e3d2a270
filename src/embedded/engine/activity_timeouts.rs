//! The four time-outs of an activity, and the end of the wait between two attempts.

use temporalio_common::protos::temporal::api::enums::v1::{RetryState, TimeoutType};

use super::failure;
use super::run::Run;
use super::state::Activity;
use super::time::{Time, after, earlier};

impl Activity {
    /// When something is due next; 0 is never.
    pub(super) fn next_deadline(&self) -> Time {
        let timeout = self.next_timeout().map_or(0, |(time, _)| time);
        let offer = if self.offered || self.started_time != 0 {
            0
        } else {
            self.attempt_time
        };
        earlier(timeout, offer)
    }

    /// The time-out that comes first.
    fn next_timeout(&self) -> Option<(Time, TimeoutType)> {
        let close = after(self.scheduled_time, self.schedule_to_close);
        let mut timeouts = vec![(close, TimeoutType::ScheduleToClose)];
        if self.started_time == 0 {
            let start = after(self.attempt_time, self.schedule_to_start);
            timeouts.push((start, TimeoutType::ScheduleToStart));
        } else {
            let end = after(self.started_time, self.start_to_close);
            timeouts.push((end, TimeoutType::StartToClose));
            let sign = self.last_heartbeat.max(self.started_time);
            timeouts.push((after(sign, self.heartbeat), TimeoutType::Heartbeat));
        }
        timeouts
            .into_iter()
            .filter(|(time, _)| *time != 0)
            .min_by_key(|(time, _)| *time)
    }
}

impl Run {
    /// Does what is due to the activities of this run; true if the workflow has to hear of
    /// it.
    pub(super) fn time_out_activities(&mut self, now: Time) -> bool {
        let due: Vec<(i64, TimeoutType)> = self
            .activities
            .iter()
            .filter_map(|(event_id, activity)| {
                let (time, timeout_type) = activity.next_timeout()?;
                (time <= now).then_some((*event_id, timeout_type))
            })
            .collect();
        let mut ended = false;
        for (event_id, timeout_type) in due {
            ended |= self.time_out_attempt(now, event_id, timeout_type);
        }
        ended
    }

    /// Ends an attempt that took too long; true if that was the last.
    pub(super) fn time_out_attempt(
        &mut self,
        now: Time,
        event_id: i64,
        timeout_type: TimeoutType,
    ) -> bool {
        let Some(activity) = self.activities.get(&event_id) else {
            return false;
        };
        let details = activity.heartbeat_details.clone();
        let cause = activity.last_failure.clone();
        let failed = failure::activity_timeout(timeout_type, None, None);
        let Some(retry_state) = self.retry_activity(now, event_id, &failed) else {
            return false;
        };
        // No time for another attempt: it is the whole that has timed out.
        let timeout_type = if retry_state == RetryState::Timeout {
            TimeoutType::ScheduleToClose
        } else {
            timeout_type
        };
        let failed = failure::activity_timeout(timeout_type, details, cause);
        self.time_out_activity(now, event_id, failed, retry_state);
        true
    }
}
