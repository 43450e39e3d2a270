//! Small workflows, as functions of their history: what they want done, of which a worker
//! leaves out what was commanded before. So they give the same commands however often, and
//! in whatever pieces, they are asked.

use std::collections::{BTreeMap, BTreeSet};

use temporalio_common::protos::temporal::api::command::v1::command::Attributes;
use temporalio_common::protos::temporal::api::command::v1::{
    CancelWorkflowExecutionCommandAttributes, Command,
};
use temporalio_common::protos::temporal::api::common::v1::RetryPolicy;
use temporalio_common::protos::temporal::api::enums::v1::ParentClosePolicy;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes as A;

use super::super::worker::{
    activity, cancel_activity, child, command, complete, continue_as_new, fail, tell, timer,
};
use super::super::world::read;
use crate::embedded::engine::time::{duration, seconds};

/// What a workflow knows.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) workflow_type: String,
    input: String,
    attempt: i32,
    pub(super) signals: Vec<String>,
    /// What was commanded: activities, timers, children and signals by id.
    commanded: BTreeSet<String>,
    /// What of that has ended, and how.
    ended: BTreeMap<String, &'static str>,
    /// Names by event.
    names: BTreeMap<i64, String>,
    cancel_requested: bool,
    pub(super) accepted: BTreeSet<String>,
    pub(super) completed: BTreeSet<String>,
}

impl Seen {
    pub(super) fn of(events: &[HistoryEvent]) -> Self {
        let mut seen = Self::default();
        for event in events {
            seen.take(event.event_id, event.attributes.as_ref().unwrap());
        }
        seen
    }

    fn take(&mut self, id: i64, attributes: &A) {
        match attributes {
            A::WorkflowExecutionStartedEventAttributes(e) => {
                self.workflow_type = e.workflow_type.clone().unwrap_or_default().name;
                self.input = read(e.input.as_ref());
                self.attempt = e.attempt;
            }
            A::WorkflowExecutionSignaledEventAttributes(e) => {
                self.signals.push(e.signal_name.clone());
            }
            A::WorkflowExecutionCancelRequestedEventAttributes(_) => self.cancel_requested = true,
            A::ActivityTaskScheduledEventAttributes(e) => self.command(id, &e.activity_id),
            A::ActivityTaskCancelRequestedEventAttributes(e) => {
                let name = format!("cancel {}", self.names[&e.scheduled_event_id]);
                self.command(id, &name);
            }
            A::TimerStartedEventAttributes(e) => self.command(id, &e.timer_id),
            A::StartChildWorkflowExecutionInitiatedEventAttributes(e) => {
                self.command(id, &e.workflow_id);
            }
            A::SignalExternalWorkflowExecutionInitiatedEventAttributes(e) => {
                self.command(id, &e.signal_name);
            }
            A::ActivityTaskCompletedEventAttributes(e) => self.end(e.scheduled_event_id, "done"),
            A::ActivityTaskFailedEventAttributes(e) => self.end(e.scheduled_event_id, "failed"),
            A::ActivityTaskTimedOutEventAttributes(e) => self.end(e.scheduled_event_id, "late"),
            A::ActivityTaskCanceledEventAttributes(e) => self.end(e.scheduled_event_id, "canceled"),
            A::TimerFiredEventAttributes(e) => self.end(e.started_event_id, "done"),
            A::ChildWorkflowExecutionCompletedEventAttributes(e) => {
                self.end(e.initiated_event_id, "done");
            }
            A::ChildWorkflowExecutionTerminatedEventAttributes(e) => {
                self.end(e.initiated_event_id, "terminated");
            }
            A::ExternalWorkflowExecutionSignaledEventAttributes(e) => {
                self.end(e.initiated_event_id, "done");
            }
            A::SignalExternalWorkflowExecutionFailedEventAttributes(e) => {
                self.end(e.initiated_event_id, "failed");
            }
            A::WorkflowExecutionUpdateAcceptedEventAttributes(e) => {
                self.accepted.insert(e.protocol_instance_id.clone());
            }
            A::WorkflowExecutionUpdateCompletedEventAttributes(e) => {
                let id = e.meta.clone().unwrap_or_default().update_id;
                self.completed.insert(id);
            }
            _ => {}
        }
    }

    fn command(&mut self, id: i64, name: &str) {
        self.commanded.insert(name.to_owned());
        self.names.insert(id, name.to_owned());
    }

    fn end(&mut self, id: i64, how: &'static str) {
        let name = self.names[&id].clone();
        self.ended.insert(name, how);
    }

    fn is_done(&self, name: &str) -> bool {
        self.ended.contains_key(name)
    }

    pub(super) fn fired(&self, timer: &str) -> bool {
        self.is_done(timer)
    }

    /// Signals in an order that does not depend on when they came.
    fn sorted(&self) -> String {
        let mut signals = self.signals.clone();
        signals.sort();
        signals.join(" ")
    }

    /// The commands that are yet to be given.
    pub(super) fn commands(&self) -> Vec<Command> {
        let mut wanted = match self.workflow_type.as_str() {
            "gather" => self.gather(),
            "parent" => self.parent(),
            "leaver" => self.leaver(),
            "renew" => self.renew(),
            "flaky" => self.flaky(),
            "patient" => self.patient(),
            "updated" => self.updated(),
            other => panic!("there is no workflow {other}"),
        };
        for id in &self.accepted {
            if let Some(slow) = id.strip_prefix("slow") {
                wanted.insert(
                    0,
                    (
                        format!("wait{slow}"),
                        timer(&format!("wait{slow}"), seconds(3)),
                    ),
                );
            }
        }
        let new = wanted
            .into_iter()
            .filter(|(name, _)| !self.commanded.contains(name));
        new.map(|(_, command)| command).collect()
    }

    /// Does something, waits, and hears three signals.
    fn gather(&self) -> Vec<(String, Command)> {
        let fetch = activity("fetch", |fetch| {
            fetch.heartbeat_timeout = Some(duration(seconds(20)));
            fetch.retry_policy = Some(RetryPolicy {
                initial_interval: Some(duration(seconds(2))),
                ..Default::default()
            });
        });
        let mut wanted = named([("fetch", fetch), ("pause", timer("pause", seconds(10)))]);
        if self.is_done("fetch") && self.is_done("pause") && self.signals.len() >= 3 {
            wanted.push(end(complete(&self.sorted())));
        }
        wanted
    }

    /// Starts a child, tells it three things and one thing to nobody, and hears its end.
    fn parent(&self) -> Vec<(String, Command)> {
        let mut wanted = named([
            (
                "child",
                child("gather", "child", ParentClosePolicy::Terminate),
            ),
            ("a", tell("child", "a")),
            ("b", tell("child", "b")),
            ("c", tell("child", "c")),
            ("nobody", tell("nobody", "nobody")),
        ]);
        if ["child", "a", "b", "c", "nobody"]
            .iter()
            .all(|name| self.is_done(name))
        {
            let ends: Vec<_> = self
                .ended
                .iter()
                .map(|(name, how)| format!("{name} {how}"))
                .collect();
            wanted.push(end(complete(&ends.join(", "))));
        }
        wanted
    }

    /// Leaves three children behind, each with another policy.
    fn leaver(&self) -> Vec<(String, Command)> {
        let mut wanted = named([
            ("left", child("patient", "left", ParentClosePolicy::Abandon)),
            (
                "ended",
                child("patient", "ended", ParentClosePolicy::Terminate),
            ),
            (
                "asked",
                child("patient", "asked", ParentClosePolicy::RequestCancel),
            ),
        ]);
        if !self.signals.is_empty() {
            wanted.push(end(complete("gone")));
        }
        wanted
    }

    /// Goes on as new after each two signals, with all it heard, until it heard five.
    fn renew(&self) -> Vec<(String, Command)> {
        let mut heard: Vec<_> = self.input.split_whitespace().map(str::to_owned).collect();
        heard.extend(self.signals.clone());
        heard.sort();
        let all = heard.join(" ");
        if heard.len() >= 5 {
            vec![end(complete(&all))]
        } else if self.signals.len() >= 2 {
            vec![end(continue_as_new(&all))]
        } else {
            Vec::new()
        }
    }

    /// Fails twice.
    fn flaky(&self) -> Vec<(String, Command)> {
        let end_of_it = if self.attempt < 3 {
            fail()
        } else {
            complete("third")
        };
        vec![end(end_of_it)]
    }

    /// Has an activity that takes for ever, and ends it and itself when it is asked to.
    fn patient(&self) -> Vec<(String, Command)> {
        let long = activity("long", |long| {
            long.start_to_close_timeout = Some(duration(seconds(500)));
            long.heartbeat_timeout = Some(duration(seconds(5)));
        });
        let mut wanted = named([("long", long)]);
        if self.cancel_requested {
            let scheduled = self.names.iter().find(|(_, name)| *name == "long");
            if let Some((id, _)) = scheduled {
                wanted.push(("cancel long".to_owned(), cancel_activity(*id)));
            }
            if self.is_done("long") {
                wanted.push(end(command(
                    Attributes::CancelWorkflowExecutionCommandAttributes(
                        CancelWorkflowExecutionCommandAttributes::default(),
                    ),
                )));
            }
        }
        wanted
    }

    /// Ends when it is told to go and has no update under way.
    fn updated(&self) -> Vec<(String, Command)> {
        if !self.signals.iter().any(|signal| signal == "go") || self.accepted != self.completed {
            return Vec::new();
        }
        let all: Vec<_> = self.completed.iter().cloned().collect();
        vec![end(complete(&all.join(" ")))]
    }
}

fn named<const N: usize>(commands: [(&str, Command); N]) -> Vec<(String, Command)> {
    commands
        .into_iter()
        .map(|(name, command)| (name.to_owned(), command))
        .collect()
}

/// A run ends once, so this was never commanded.
fn end(command: Command) -> (String, Command) {
    (String::new(), command)
}
