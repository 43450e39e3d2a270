//! What is kept of an open run besides its history and the columns of its row: protobuf
//! messages of the engine's own, so that fields can be added and old files still be read.
//! They are kept small, since a run's is written with each of its changes: payloads stay in
//! the history, from where they are read when they are needed.

use prost::Message;
use temporalio_common::protos::temporal::api::common::v1::{
    Memo, Payloads, RetryPolicy, SearchAttributes, WorkflowExecution,
};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::sdk::v1::UserMetadata;

use super::queue::{QueueKey, QueueKind};
use super::time::{Span, Time};

/// Kinds of items of a run; a kind's number is never used again.
pub(in crate::embedded) mod kind {
    /// An [`Activity`](super::Activity), by the id of its scheduled event.
    pub(in crate::embedded) const ACTIVITY: i64 = 1;
    /// A [`Timer`](super::Timer), by the id of its started event.
    pub(in crate::embedded) const TIMER: i64 = 2;
    /// A [`Child`](super::Child), by the id of its initiated event.
    pub(in crate::embedded) const CHILD: i64 = 3;
    /// An event that waits for the end of a workflow task, by its place in the line.
    pub(in crate::embedded) const BUFFERED: i64 = 4;
}

/// Kinds of request ids.
pub(in crate::embedded) mod dedup {
    /// Signals.
    pub(in crate::embedded) const SIGNAL: i64 = 1;
}

/// The rest of a run.
#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::embedded) struct State {
    /// The workflow task that is scheduled or started.
    #[prost(message, optional, tag = "1")]
    pub(in crate::embedded) task: Option<Task>,
    /// The attempt that the next workflow task will be; 0 and 1 are the first.
    #[prost(int32, tag = "2")]
    pub(in crate::embedded) next_attempt: i32,
    #[prost(int64, tag = "3")]
    pub(in crate::embedded) next_event_id: i64,
    /// Id of the started event of the last completed workflow task.
    #[prost(int64, tag = "4")]
    pub(in crate::embedded) previous_started_event_id: i64,
    #[prost(string, tag = "5")]
    pub(in crate::embedded) sticky_queue: String,
    #[prost(int64, tag = "6")]
    pub(in crate::embedded) sticky_timeout: Span,
    #[prost(int64, tag = "7")]
    pub(in crate::embedded) execution_timeout: Span,
    #[prost(int64, tag = "8")]
    pub(in crate::embedded) run_timeout: Span,
    #[prost(int64, tag = "9")]
    pub(in crate::embedded) task_timeout: Span,
    /// When the chain of runs times out; 0 is never.
    #[prost(int64, tag = "10")]
    pub(in crate::embedded) execution_deadline: Time,
    #[prost(int64, tag = "11")]
    pub(in crate::embedded) run_deadline: Time,
    /// When the first workflow task is due that a delay or a back-off holds back; 0 is now.
    #[prost(int64, tag = "12")]
    pub(in crate::embedded) first_task_at: Time,
    #[prost(bool, tag = "13")]
    pub(in crate::embedded) cancel_requested: bool,
    #[prost(string, tag = "14")]
    pub(in crate::embedded) cancel_request_id: String,
    #[prost(string, tag = "15")]
    pub(in crate::embedded) start_request_id: String,
    #[prost(string, tag = "16")]
    pub(in crate::embedded) first_run_id: String,
    #[prost(message, optional, tag = "17")]
    pub(in crate::embedded) parent: Option<Parent>,
    #[prost(message, optional, tag = "18")]
    pub(in crate::embedded) retry_policy: Option<RetryPolicy>,
    #[prost(int32, tag = "19")]
    pub(in crate::embedded) attempt: i32,
    /// A `Memo`. It and the next two are seldom looked at, and written with each change, so
    /// they are kept as they are written.
    #[prost(bytes = "vec", optional, tag = "20")]
    pub(super) memo: Option<Vec<u8>>,
    /// `SearchAttributes`.
    #[prost(bytes = "vec", optional, tag = "21")]
    pub(super) search_attributes: Option<Vec<u8>>,
    /// `UserMetadata`.
    #[prost(bytes = "vec", optional, tag = "22")]
    pub(super) user_metadata: Option<Vec<u8>>,
    #[prost(int64, tag = "23")]
    pub(in crate::embedded) signal_count: i64,
    /// The number that the next buffered event, task or attempt gets to tell it apart.
    #[prost(int64, tag = "24")]
    pub(in crate::embedded) next_stamp: i64,
    /// How many changes were committed; the API shows it.
    #[prost(int64, tag = "25")]
    pub(in crate::embedded) transitions: i64,
    /// The run that went on where this one ended.
    #[prost(string, tag = "26")]
    pub(in crate::embedded) new_run_id: String,
    #[prost(int64, tag = "28")]
    pub(in crate::embedded) update_count: i64,
    /// When the first run of the chain was started.
    #[prost(int64, tag = "29")]
    pub(in crate::embedded) original_start_time: Time,
    /// From when the time until the first task and the run's deadline counts; 0 is its start.
    #[prost(int64, tag = "30")]
    pub(in crate::embedded) counted_from: Time,
    /// The last event that the last completed workflow task made; 0 in runs of before this
    /// was kept, until their next task.
    #[prost(int64, tag = "31")]
    pub(in crate::embedded) settled_event_id: i64,
}

impl State {
    pub(in crate::embedded) fn read_memo(&self) -> Option<Memo> {
        read(self.memo.as_ref())
    }

    pub(in crate::embedded) fn set_memo(&mut self, memo: Option<&Memo>) {
        self.memo = memo.map(Message::encode_to_vec);
    }

    pub(in crate::embedded) fn read_search_attributes(&self) -> Option<SearchAttributes> {
        read(self.search_attributes.as_ref())
    }

    pub(in crate::embedded) fn set_search_attributes(
        &mut self,
        attributes: Option<&SearchAttributes>,
    ) {
        self.search_attributes = attributes.map(Message::encode_to_vec);
    }

    pub(in crate::embedded) fn read_user_metadata(&self) -> Option<UserMetadata> {
        read(self.user_metadata.as_ref())
    }

    pub(in crate::embedded) fn set_user_metadata(&mut self, metadata: Option<&UserMetadata>) {
        self.user_metadata = metadata.map(Message::encode_to_vec);
    }
}

/// What is kept; what cannot be read says nothing.
fn read<M: Message + Default>(kept: Option<&Vec<u8>>) -> Option<M> {
    kept.map(|bytes| M::decode(bytes.as_slice()).unwrap_or_default())
}

/// Whose child a run is.
#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::embedded) struct Parent {
    #[prost(string, tag = "1")]
    pub(in crate::embedded) namespace: String,
    #[prost(message, optional, tag = "2")]
    pub(in crate::embedded) execution: Option<WorkflowExecution>,
    #[prost(int64, tag = "3")]
    pub(in crate::embedded) initiated_event_id: i64,
}

/// A workflow task that is scheduled, and perhaps started.
#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::embedded) struct Task {
    /// Tells this task and attempt from all others of the run.
    #[prost(int64, tag = "1")]
    pub(in crate::embedded) stamp: i64,
    /// The event, or the id that it would have for a task that has none (yet).
    #[prost(int64, tag = "2")]
    pub(in crate::embedded) scheduled_event_id: i64,
    /// 0 until it is started.
    #[prost(int64, tag = "3")]
    pub(in crate::embedded) started_event_id: i64,
    #[prost(int32, tag = "4")]
    pub(in crate::embedded) attempt: i32,
    #[prost(int64, tag = "5")]
    pub(in crate::embedded) scheduled_time: Time,
    #[prost(int64, tag = "6")]
    pub(in crate::embedded) original_scheduled_time: Time,
    #[prost(int64, tag = "7")]
    pub(in crate::embedded) started_time: Time,
    /// How long it may run.
    #[prost(int64, tag = "8")]
    pub(in crate::embedded) timeout: Span,
    /// The sticky queue it is in; empty for the normal one.
    #[prost(string, tag = "9")]
    pub(in crate::embedded) sticky_queue: String,
    #[prost(int64, tag = "10")]
    pub(in crate::embedded) sticky_timeout: Span,
    /// Only in memory and in the poll's answer until it is completed: made for an update,
    /// and gone without a trace if the update is rejected.
    #[prost(bool, tag = "11")]
    pub(in crate::embedded) speculative: bool,
    #[prost(string, tag = "12")]
    pub(in crate::embedded) identity: String,
    #[prost(string, tag = "13")]
    pub(in crate::embedded) request_id: String,
    #[prost(bool, tag = "14")]
    pub(in crate::embedded) suggest_continue_as_new: bool,
    #[prost(int64, tag = "15")]
    pub(in crate::embedded) history_size: i64,
    /// What its worker was built from.
    #[prost(string, tag = "16")]
    pub(in crate::embedded) build_id: String,
}

impl Task {
    pub(in crate::embedded) const fn is_started(&self) -> bool {
        self.started_event_id != 0
    }

    /// Whether the history has no events of it (yet): a repeated attempt, or speculative.
    pub(in crate::embedded) const fn is_unwritten(&self) -> bool {
        self.attempt > 1 || self.speculative
    }

    /// When it is lost: for the sticky queue's worker, or for the worker that has it.
    pub(in crate::embedded) const fn deadline(&self) -> Time {
        if self.is_started() {
            self.started_time.saturating_add(self.timeout)
        } else if self.sticky_queue.is_empty() {
            0
        } else {
            self.scheduled_time.saturating_add(self.sticky_timeout)
        }
    }
}

/// An activity that has not ended.
#[derive(Clone, PartialEq, prost::Message)]
#[expect(clippy::struct_field_names, reason = "the API calls them so")]
pub(in crate::embedded) struct Activity {
    #[prost(string, tag = "1")]
    pub(in crate::embedded) activity_id: String,
    #[prost(string, tag = "2")]
    pub(in crate::embedded) activity_type: String,
    #[prost(string, tag = "3")]
    pub(in crate::embedded) task_queue: String,
    #[prost(int64, tag = "4")]
    pub(in crate::embedded) schedule_to_close: Span,
    #[prost(int64, tag = "5")]
    pub(in crate::embedded) schedule_to_start: Span,
    #[prost(int64, tag = "6")]
    pub(in crate::embedded) start_to_close: Span,
    #[prost(int64, tag = "7")]
    pub(in crate::embedded) heartbeat: Span,
    #[prost(message, optional, tag = "8")]
    pub(in crate::embedded) retry_policy: Option<RetryPolicy>,
    #[prost(int32, tag = "9")]
    pub(in crate::embedded) attempt: i32,
    /// Tells this attempt from all others.
    #[prost(int64, tag = "10")]
    pub(in crate::embedded) stamp: i64,
    /// When the activity was scheduled.
    #[prost(int64, tag = "11")]
    pub(in crate::embedded) scheduled_time: Time,
    /// When this attempt is due, or was.
    #[prost(int64, tag = "12")]
    pub(in crate::embedded) attempt_time: Time,
    /// 0 until the attempt is started.
    #[prost(int64, tag = "13")]
    pub(in crate::embedded) started_time: Time,
    #[prost(string, tag = "14")]
    pub(in crate::embedded) identity: String,
    #[prost(string, tag = "15")]
    pub(in crate::embedded) request_id: String,
    #[prost(int64, tag = "16")]
    pub(in crate::embedded) last_heartbeat: Time,
    #[prost(message, optional, tag = "17")]
    pub(in crate::embedded) heartbeat_details: Option<Payloads>,
    #[prost(message, optional, tag = "18")]
    pub(in crate::embedded) last_failure: Option<Failure>,
    #[prost(int64, tag = "19")]
    pub(in crate::embedded) cancel_requested_event_id: i64,
    /// Held by the worker in the engine's own process, with which it is lost.
    #[prost(bool, tag = "20")]
    pub(in crate::embedded) in_process: bool,
    #[prost(int64, tag = "21")]
    pub(in crate::embedded) last_attempt_end: Time,
    #[prost(string, tag = "22")]
    pub(in crate::embedded) last_identity: String,
    /// In the queue for workers, or taken from it: not waiting for a back-off's end.
    #[prost(bool, tag = "23")]
    pub(in crate::embedded) offered: bool,
}

impl Activity {
    /// Whether the attempt with this stamp still waits for a worker.
    pub(in crate::embedded) const fn waits_for(&self, stamp: i64) -> bool {
        self.stamp == stamp && self.started_time == 0
    }

    /// The queue it goes to, in the namespace of its workflow.
    pub(in crate::embedded) fn queue(&self, namespace: &str) -> QueueKey {
        QueueKey {
            namespace: namespace.to_owned(),
            name: self.task_queue.clone(),
            kind: QueueKind::Activity,
        }
    }
}

/// A timer that has not fired.
#[derive(Clone, PartialEq, prost::Message)]
#[expect(clippy::struct_field_names, reason = "the API calls it so")]
pub(in crate::embedded) struct Timer {
    #[prost(string, tag = "1")]
    pub(in crate::embedded) timer_id: String,
    #[prost(int64, tag = "2")]
    pub(in crate::embedded) due: Time,
    /// When it was set; 0 if an earlier release did.
    #[prost(int64, tag = "3")]
    pub(in crate::embedded) set: Time,
}

/// A child that was started and has not been heard to end.
#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::embedded) struct Child {
    #[prost(message, optional, tag = "1")]
    pub(in crate::embedded) execution: Option<WorkflowExecution>,
    #[prost(string, tag = "2")]
    pub(in crate::embedded) workflow_type: String,
    #[prost(int32, tag = "3")]
    pub(in crate::embedded) parent_close_policy: i32,
    #[prost(int64, tag = "4")]
    pub(in crate::embedded) started_event_id: i64,
}

/// An event that came while a workflow task was running. An activity's end has its started
/// event, a child's end its started id filled in when it is appended.
#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::embedded) struct Buffered {
    /// A `HistoryEvent` without its id.
    #[prost(bytes = "vec", tag = "1")]
    pub(in crate::embedded) event: Vec<u8>,
}

/// What a worker gives back with a task to say which one it means.
#[derive(Clone, PartialEq, prost::Message)]
pub(in crate::embedded) struct Token {
    #[prost(int64, tag = "1")]
    pub(in crate::embedded) run: i64,
    /// The scheduled event.
    #[prost(int64, tag = "2")]
    pub(in crate::embedded) event_id: i64,
    #[prost(int64, tag = "3")]
    pub(in crate::embedded) stamp: i64,
    #[prost(int32, tag = "4")]
    pub(in crate::embedded) attempt: i32,
    /// A query's number, for a task that only asks.
    #[prost(uint64, tag = "5")]
    pub(in crate::embedded) query: u64,
    #[prost(string, tag = "6")]
    pub(in crate::embedded) run_id: String,
    /// For the log; none in a token of an earlier release.
    #[prost(string, tag = "7")]
    pub(in crate::embedded) workflow_id: String,
}

#[cfg(test)]
mod tests;
