//! What a transaction changes of a run, and the writes that this makes.

use std::collections::BTreeSet;
use std::mem;

use prost::Message;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};

use super::Run;
use crate::embedded::engine::state::{Buffered, dedup, kind};
use crate::embedded::engine::update::Update;
use crate::embedded::store::{Batch, RunRow, Write};

/// What a transaction has changed of a run.
#[derive(Debug, Default)]
pub(in crate::embedded::engine) struct Changes {
    pub(super) events: Vec<HistoryEvent>,
    pub(super) items: BTreeSet<(i64, i64)>,
    signals: Vec<String>,
    updates: BTreeSet<String>,
    attributes: bool,
}

impl Run {
    /// Bytes of the history with what this transaction has added.
    pub(in crate::embedded) fn history_size(&self) -> i64 {
        let new: usize = self.changes.events.iter().map(Message::encoded_len).sum();
        self.row.history_size + i64::try_from(new).unwrap_or(i64::MAX)
    }

    pub(in crate::embedded) fn touch_activity(&mut self, event_id: i64) {
        self.changes.items.insert((kind::ACTIVITY, event_id));
    }

    pub(in crate::embedded) fn touch_timer(&mut self, event_id: i64) {
        self.changes.items.insert((kind::TIMER, event_id));
    }

    pub(in crate::embedded) fn touch_child(&mut self, event_id: i64) {
        self.changes.items.insert((kind::CHILD, event_id));
    }

    pub(in crate::embedded) fn touch_attributes(&mut self) {
        self.changes.attributes = true;
    }

    pub(in crate::embedded) fn touch_update(&mut self, id: &str) {
        self.changes.updates.insert(id.to_owned());
    }

    /// Remembers a signal's id; false if it was taken before.
    pub(in crate::embedded) fn take_signal(&mut self, request_id: &str) -> bool {
        if request_id.is_empty() {
            return true;
        }
        let new = self.signals.insert(request_id.to_owned());
        if new {
            self.changes.signals.push(request_id.to_owned());
        }
        new
    }

    /// Takes the events of this transaction, without their being forgotten: how many there
    /// are is all that others need.
    pub(in crate::embedded) fn has_new_events(&self) -> bool {
        !self.changes.events.is_empty()
    }

    /// What this transaction changed, as writes; afterwards there are no changes.
    pub(in crate::embedded) fn writes(&mut self, writes: &mut Vec<Write>) {
        let run = self.key();
        let changes = mem::take(&mut self.changes);
        if let (Some(first), Some(last)) = (changes.events.first(), changes.events.last()) {
            let (first_id, last_id) = (first.event_id, last.event_id);
            let data = History {
                events: changes.events,
            }
            .encode_to_vec();
            self.row.history_size += i64::try_from(data.len()).unwrap_or(i64::MAX);
            writes.push(Write::Events(Batch {
                run,
                first_id,
                last_id,
                data,
            }));
        }
        self.row.history_length = self.state.next_event_id - 1;
        self.state.transitions += 1;
        for (kind, id) in changes.items {
            let data = self.item(kind, id);
            writes.push(Write::Item {
                run,
                kind,
                id,
                data,
            });
        }
        for id in changes.signals {
            writes.push(Write::Dedup {
                run,
                kind: dedup::SIGNAL,
                id,
            });
        }
        for id in changes.updates {
            if let Some((accepted_id, completed_id)) =
                self.updates.get(&id).and_then(Update::in_history)
            {
                writes.push(Write::Update {
                    run,
                    id,
                    accepted_id,
                    completed_id,
                });
            }
        }
        if changes.attributes {
            let attributes = self.state.read_search_attributes().unwrap_or_default();
            writes.push(Write::Attributes {
                run,
                attributes: attributes.indexed_fields.into_iter().collect(),
            });
        }
        writes.push(Write::Run(self.row_now()));
        if !self.is_open() {
            writes.push(Write::Closed(run));
        }
    }

    /// The row with the state in it.
    pub(in crate::embedded) fn row_now(&self) -> RunRow {
        let task = self.state.task.as_ref();
        let state = if task.is_some_and(|task| task.speculative) {
            // One that is only for an update is not there for those who come later.
            let mut state = self.state.clone();
            state.task = None;
            state.encode_to_vec()
        } else {
            self.state.encode_to_vec()
        };
        RunRow {
            state,
            ..self.row.clone()
        }
    }

    fn item(&self, kind: i64, id: i64) -> Option<Vec<u8>> {
        match kind {
            kind::ACTIVITY => self.activities.get(&id).map(Message::encode_to_vec),
            kind::TIMER => self.timers.get(&id).map(Message::encode_to_vec),
            kind::CHILD => self.children.get(&id).map(Message::encode_to_vec),
            kind::BUFFERED => self.buffered.get(&id).map(|event| {
                let event = event.encode_to_vec();
                Buffered { event }.encode_to_vec()
            }),
            _ => None,
        }
    }
}
