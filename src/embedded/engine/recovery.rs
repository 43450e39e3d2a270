//! Runs that were open when the engine went away, and how they go on. What a worker in the
//! engine's own process held is lost with it and is given out again at once; what others
//! hold they may still finish, except for workflow tasks, which are cheap to do again.

use std::collections::BTreeMap;

use prost::Message;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;

use super::error::{Answer, Refusal};
use super::failure;
use super::run::Run;
use super::state::{Activity, Buffered, Child, State, Timer, dedup, kind};
use super::time::Time;
use super::update::Update;
use super::{Engine, Transaction};
use crate::embedded::store::RunRow;

/// An open run as it is on disk.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct Stored {
    pub(in crate::embedded) row: RunRow,
    /// Kind, id, message.
    pub(in crate::embedded) items: Vec<(i64, i64, Vec<u8>)>,
    pub(in crate::embedded) requests: Vec<(i64, String)>,
    /// Id, event that accepted it, event that completed it.
    pub(in crate::embedded) updates: Vec<(String, i64, Option<i64>)>,
}

/// What an activity's next attempt is told of the one that was lost.
const LOST: &str = "the activity's worker went away with the server; this attempt does not count";

impl Engine {
    /// Takes in what is known besides runs: namespaces by name, id and description, and
    /// their search attributes.
    pub(in crate::embedded) fn load(
        &mut self,
        namespaces: Vec<(String, String, Vec<u8>)>,
        attributes: Vec<(String, String, i32)>,
    ) {
        for (name, id, data) in namespaces {
            self.namespaces.insert(name, id, &data);
        }
        for (namespace, name, kind) in attributes {
            self.namespaces.insert_attribute(&namespace, name, kind);
        }
    }

    /// Takes a run in that was open, and sees to it that it goes on.
    pub(in crate::embedded) fn restore(
        &mut self,
        transaction: &mut Transaction,
        stored: Stored,
    ) -> Answer<()> {
        let now = transaction.now;
        let mut run = read(stored)?;
        let key = run.key();
        run.follow_clock(now);
        run.resume_activities(now);
        let held_or_sticky = run
            .state
            .task
            .as_ref()
            .is_some_and(|task| task.is_started() || !task.sticky_queue.is_empty());
        run.clear_sticky();
        if held_or_sticky {
            run.take_task_back(now);
        }
        if run.state.task.is_none() && (held_or_sticky || !run.buffered.is_empty()) {
            run.schedule_task(now);
        }
        let id = (run.row.namespace.clone(), run.row.workflow_id.clone());
        self.next_key = self.next_key.max(key + 1);
        self.open.insert(id, key);
        self.runs.insert(key, run);
        transaction.touched.insert(key);
        Ok(())
    }
}

impl Run {
    fn resume_activities(&mut self, now: Time) {
        let ids: Vec<i64> = self.activities.keys().copied().collect();
        for event_id in ids {
            let stamp = self.stamp();
            let Some(activity) = self.activities.get_mut(&event_id) else {
                continue;
            };
            let lost = activity.in_process && activity.started_time != 0;
            // A first attempt waits for nothing but a worker, even if the clock was put back.
            let early = activity.attempt == 1 && activity.attempt_time > now;
            if lost {
                activity.stamp = stamp;
                activity.started_time = 0;
                activity.in_process = false;
                activity.last_failure = Some(failure::server(LOST));
            }
            // Nobody could take it while the engine was away.
            let waits = activity.started_time == 0
                && activity.schedule_to_start != 0
                && activity.attempt_time < now;
            if lost || early || waits {
                // It waits for a worker from now on, not since it had one.
                activity.attempt_time = now;
                self.touch_activity(event_id);
            }
        }
    }
}

fn read(stored: Stored) -> Answer<Run> {
    let mut row = stored.row;
    let state: State = decode(&std::mem::take(&mut row.state))?;
    let mut run = Run {
        row,
        state,
        ..Run::default()
    };
    for (kind, id, data) in stored.items {
        match kind {
            kind::ACTIVITY => {
                let mut activity: Activity = decode(&data)?;
                activity.offered = false;
                run.activities.insert(id, activity);
            }
            kind::TIMER => {
                let timer: Timer = decode(&data)?;
                run.timers.insert(id, timer);
            }
            kind::CHILD => {
                let child: Child = decode(&data)?;
                run.children.insert(id, child);
            }
            kind::BUFFERED => {
                let buffered: Buffered = decode(&data)?;
                let event: HistoryEvent = decode(&buffered.event)?;
                run.hold_back(id, event);
            }
            other => {
                return Err(Refusal::internal(format!(
                    "the file has an item of kind {other}, which this release does not know"
                )));
            }
        }
    }
    let signals = stored
        .requests
        .into_iter()
        .filter(|(kind, _)| *kind == dedup::SIGNAL);
    run.signals = signals.map(|(_, id)| id).collect();
    let updates = stored.updates.into_iter();
    run.updates = updates
        .map(|(id, accepted, completed)| (id, Update::recorded(accepted, completed)))
        .collect::<BTreeMap<_, _>>();
    Ok(run)
}

fn decode<T: Message + Default>(data: &[u8]) -> Answer<T> {
    T::decode(data).map_err(|error| {
        Refusal::internal(format!(
            "the file holds a message that cannot be read: {error}"
        ))
    })
}
