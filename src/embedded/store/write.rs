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
    /// A run's row as it is now; new or not. Its namespace, ids and start time are those
    /// of its first row for ever: what a later row says of them is not looked at.
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

/// Adds what a transaction changed that is committed together with those before it. A run then
/// has one row, the later one, and one batch of new events.
pub(in crate::embedded) fn join(writes: &mut Vec<Write>, more: Vec<Write>) {
    for write in more {
        match write {
            Write::Run(row) => {
                writes
                    .retain(|write| !matches!(write, Write::Run(before) if before.key == row.key));
                writes.push(Write::Run(row));
            }
            Write::Events(batch) => {
                let before = writes.iter_mut().rev().find_map(|write| match write {
                    Write::Events(before) if before.run == batch.run => Some(before),
                    _ => None,
                });
                match before {
                    Some(before) if before.last_id + 1 == batch.first_id => {
                        before.last_id = batch.last_id;
                        // Two lists, encoded one after the other, are one list.
                        before.data.extend(batch.data);
                    }
                    _ => writes.push(Write::Events(batch)),
                }
            }
            other => writes.push(other),
        }
    }
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
