//! Runs that know of moments which have not come yet, because the clock was put back while
//! the engine was away. What was to happen so long after such a moment happens so long after
//! the present one; otherwise it would wait for as long again as the clock was put back by.
//! While the engine is there its clock does not go back.

use super::run::Run;
use super::state::{Activity, State};
use super::time::Time;

impl Run {
    /// Brings what it waits for in line with the present time.
    pub(super) fn follow_clock(&mut self, now: Time) {
        self.state.follow_clock(self.row.start_time, now);
        let late: Vec<i64> = self
            .timers
            .iter_mut()
            .filter_map(|(event_id, timer)| {
                sooner(&mut timer.due, &mut timer.set, now).then_some(*event_id)
            })
            .collect();
        for event_id in late {
            self.touch_timer(event_id);
        }
        let late: Vec<i64> = self
            .activities
            .iter_mut()
            .filter_map(|(event_id, activity)| activity.follow_clock(now).then_some(*event_id))
            .collect();
        for event_id in late {
            self.touch_activity(event_id);
        }
    }
}

impl State {
    fn follow_clock(&mut self, start_time: Time, now: Time) {
        let mut counted_from = match self.counted_from {
            0 => start_time,
            known => known,
        };
        sooner(&mut self.first_task_at, &mut counted_from.clone(), now);
        if sooner(&mut self.run_deadline, &mut counted_from, now) {
            self.counted_from = counted_from;
        }
        // It was set for the first run of the chain, perhaps long ago.
        if self.execution_timeout != 0 {
            let whole = now.saturating_add(self.execution_timeout);
            self.execution_deadline = self.execution_deadline.min(whole);
        }
    }
}

impl Activity {
    /// True if that changed anything.
    fn follow_clock(&mut self, now: Time) -> bool {
        let waits = self.attempt > 1 && self.started_time == 0;
        let mut changed = waits && sooner(&mut self.attempt_time, &mut self.last_attempt_end, now);
        for known in [
            &mut self.scheduled_time,
            &mut self.started_time,
            &mut self.last_heartbeat,
            &mut self.last_attempt_end,
        ] {
            changed |= *known > now;
            *known = now.min(*known);
        }
        changed
    }
}

/// Moves what is due, if anything, by as much as the moment from which that was counted lies
/// ahead, which is then the present. True if it does.
fn sooner(due: &mut Time, counted_from: &mut Time, now: Time) -> bool {
    let ahead = counted_from.saturating_sub(now);
    if ahead <= 0 {
        return false;
    }
    if *due != 0 {
        *due = due.saturating_sub(ahead);
    }
    *counted_from = now;
    true
}
