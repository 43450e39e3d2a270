//! A disk of maps. It takes writes as the store does, and is stricter: what the store would
//! let pass but the engine should not send fails here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use prost::Message;
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};

use crate::embedded::engine::run::RUNNING;
use crate::embedded::engine::{Answer, Past, Stored};
use crate::embedded::store::{RunKey, RunRow, Write};

#[derive(Debug, Default)]
pub(super) struct Disk(Mutex<Tables>);

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) runs: BTreeMap<RunKey, RunRow>,
    pub(super) events: BTreeMap<RunKey, Vec<HistoryEvent>>,
    pub(super) items: BTreeMap<(RunKey, i64, i64), Vec<u8>>,
    pub(super) requests: BTreeSet<(RunKey, i64, String)>,
    pub(super) updates: BTreeMap<(RunKey, String), (i64, Option<i64>)>,
    pub(super) attributes: BTreeMap<RunKey, BTreeMap<String, Payload>>,
    pub(super) namespaces: Vec<(String, String, Vec<u8>)>,
    pub(super) search_attributes: BTreeMap<(String, String), i32>,
}

impl Disk {
    pub(super) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap()
    }

    pub(super) fn apply(&self, writes: Vec<Write>) {
        let mut tables = self.tables();
        for write in writes {
            tables.apply(write);
        }
    }

    pub(super) fn history(&self, run: RunKey) -> Vec<HistoryEvent> {
        self.tables().events.get(&run).cloned().unwrap_or_default()
    }

    /// The runs of a workflow id, in the order in which they were started.
    pub(super) fn runs_of(&self, workflow_id: &str) -> Vec<RunRow> {
        let tables = self.tables();
        let runs = tables.runs.values();
        runs.filter(|row| row.workflow_id == workflow_id)
            .cloned()
            .collect()
    }

    /// What the store gives an engine that starts.
    pub(super) fn open(&self) -> Vec<Stored> {
        let tables = self.tables();
        let open = tables.runs.values().filter(|row| row.status == RUNNING);
        open.map(|row| tables.stored(row)).collect()
    }
}

impl Tables {
    fn apply(&mut self, write: Write) {
        match write {
            Write::Run(row) => {
                if let Some(before) = self.runs.get(&row.key) {
                    assert_eq!(
                        before.status, RUNNING,
                        "a closed run was written again: {row:?}"
                    );
                    assert_eq!(before.run_id, row.run_id);
                    assert!(before.history_length <= row.history_length);
                }
                let events = self.events.get(&row.key).map_or(0, Vec::len);
                assert_eq!(usize::try_from(row.history_length), Ok(events), "{row:?}");
                self.runs.insert(row.key, row);
            }
            Write::Events(batch) => {
                let new = History::decode(batch.data.as_slice()).unwrap().events;
                let events = self.events.entry(batch.run).or_default();
                let next = i64::try_from(events.len()).unwrap() + 1;
                let ids: Vec<i64> = new.iter().map(|event| event.event_id).collect();
                assert_eq!(ids, (next..=batch.last_id).collect::<Vec<_>>());
                assert_eq!(batch.first_id, next);
                events.extend(new);
            }
            Write::Item {
                run,
                kind,
                id,
                data,
            } => {
                match data {
                    Some(data) => self.items.insert((run, kind, id), data),
                    None => self.items.remove(&(run, kind, id)),
                };
            }
            Write::Dedup { run, kind, id } => {
                let new = self.requests.insert((run, kind, id.clone()));
                assert!(new, "request {id} of run {run} was taken twice");
            }
            Write::Update {
                run,
                id,
                accepted_id,
                completed_id,
            } => {
                let before = self.updates.insert((run, id), (accepted_id, completed_id));
                assert!(before.is_none_or(|(at, end)| at == accepted_id && end.is_none()));
            }
            Write::Attributes { run, attributes } => {
                self.attributes.insert(run, attributes);
            }
            Write::Closed(key) => {
                assert_ne!(self.runs[&key].status, RUNNING);
                self.items.retain(|(run, ..), _| *run != key);
                self.requests.retain(|(run, ..)| *run != key);
            }
            Write::Delete(key) => {
                self.runs.remove(&key);
                self.events.remove(&key);
                self.attributes.remove(&key);
                self.items.retain(|(run, ..), _| *run != key);
                self.requests.retain(|(run, ..)| *run != key);
                self.updates.retain(|(run, _), _| *run != key);
            }
            Write::Namespace { name, id, data } => self.namespaces.push((name, id, data)),
            Write::SearchAttribute {
                namespace,
                name,
                kind,
            } => {
                match kind {
                    Some(kind) => self.search_attributes.insert((namespace, name), kind),
                    None => self.search_attributes.remove(&(namespace, name)),
                };
            }
        }
    }

    fn stored(&self, row: &RunRow) -> Stored {
        let key = row.key;
        let items = self.items.range((key, 0, 0)..(key + 1, 0, 0));
        let requests = self.requests.iter().filter(|(run, ..)| *run == key);
        let updates = self.updates.iter().filter(|((run, _), _)| *run == key);
        Stored {
            row: row.clone(),
            items: items
                .map(|((_, kind, id), data)| (*kind, *id, data.clone()))
                .collect(),
            requests: requests.map(|(_, kind, id)| (*kind, id.clone())).collect(),
            updates: updates
                .map(|((_, id), (accepted, completed))| (id.clone(), *accepted, *completed))
                .collect(),
        }
    }
}

impl Past for Disk {
    fn current(&self, namespace: &str, workflow_id: &str) -> Answer<Option<RunRow>> {
        let tables = self.tables();
        let found = tables
            .runs
            .values()
            .rev()
            .find(|row| row.namespace == namespace && row.workflow_id == workflow_id);
        Ok(found.cloned())
    }

    fn run(&self, namespace: &str, workflow_id: &str, run_id: &str) -> Answer<Option<RunRow>> {
        let tables = self.tables();
        let found = tables.runs.values().find(|row| {
            row.namespace == namespace && row.workflow_id == workflow_id && row.run_id == run_id
        });
        Ok(found.cloned())
    }

    fn event(&self, run: RunKey, event_id: i64) -> Answer<Option<HistoryEvent>> {
        let tables = self.tables();
        let at = usize::try_from(event_id - 1).unwrap();
        Ok(tables
            .events
            .get(&run)
            .and_then(|events| events.get(at))
            .cloned())
    }
}
