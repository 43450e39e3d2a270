//! What one transaction of the engine changes on disk, as data. The engine makes these, the
//! store's writer performs them; neither knows more of the other than this.

use std::collections::BTreeMap;

use temporalio_common::protos::temporal::api::common::v1::Payload;

/// A run's number in this file. It never changes and is never used again.
pub(in crate::embedded) type RunKey = i64;

/// One change.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "most transactions have a row, and none lives for long"
)]
pub(in crate::embedded) enum Write {
    /// A run's row as it is now; new or not. Its namespace, ids and start time are the same
    /// in all of its rows. Of the rows that share a commit, the last alone is written.
    Run(RunRow),
    /// Events at the end of a run's history.
    Events(Batch),
    /// Something that a run waits for or holds back, as it is now; none is gone.
    Item {
        /// Whose it is.
        run: RunKey,
        /// What it is.
        kind: i64,
        /// Which of them.
        id: i64,
        /// The engine's message.
        data: Option<Vec<u8>>,
    },
    /// A request that must not be taken again.
    Dedup {
        /// Whose it is.
        run: RunKey,
        /// What kind of request.
        kind: i64,
        /// Its id.
        id: String,
    },
    /// An update that was accepted, and perhaps completed.
    Update {
        /// Whose it is.
        run: RunKey,
        /// Its id.
        id: String,
        /// The event that accepted it.
        accepted_id: i64,
        /// The event that completed it.
        completed_id: Option<i64>,
    },
    /// All search attributes of a run, instead of those it had. A payload says its type in
    /// its metadata (`type`).
    Attributes {
        /// Whose they are.
        run: RunKey,
        /// Name and value.
        attributes: BTreeMap<String, Payload>,
    },
    /// A run is closed: what it waited for and its request ids go, its history stays.
    Closed(RunKey),
    /// A run goes with all it has.
    Delete(RunKey),
    /// A namespace, new or changed.
    Namespace {
        /// Its name.
        name: String,
        /// Its id.
        id: String,
        /// How it is described.
        data: Vec<u8>,
    },
    /// A custom search attribute; no type removes it.
    SearchAttribute {
        /// The namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// Its type, as in the API.
        kind: Option<i32>,
    },
}

/// Events at the end of a history.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::embedded) struct Batch {
    /// Whose they are.
    pub(in crate::embedded) run: RunKey,
    /// Id of the first.
    pub(in crate::embedded) first_id: i64,
    /// Id of the last.
    pub(in crate::embedded) last_id: i64,
    /// An encoded `History`.
    pub(in crate::embedded) data: Vec<u8>,
}

/// A run's row; see the schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::embedded) struct RunRow {
    pub(in crate::embedded) key: RunKey,
    pub(in crate::embedded) namespace: String,
    pub(in crate::embedded) workflow_id: String,
    pub(in crate::embedded) run_id: String,
    pub(in crate::embedded) workflow_type: String,
    pub(in crate::embedded) task_queue: String,
    pub(in crate::embedded) status: i32,
    pub(in crate::embedded) start_time: i64,
    pub(in crate::embedded) execution_time: i64,
    pub(in crate::embedded) close_time: Option<i64>,
    pub(in crate::embedded) history_length: i64,
    pub(in crate::embedded) history_size: i64,
    pub(in crate::embedded) parent_workflow_id: Option<String>,
    pub(in crate::embedded) parent_run_id: Option<String>,
    pub(in crate::embedded) root_workflow_id: String,
    pub(in crate::embedded) root_run_id: String,
    pub(in crate::embedded) state: Vec<u8>,
}
