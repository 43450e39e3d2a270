//! Any writes leave the same in the file as in a few maps.

use crate::embedded::store::load::OpenRun;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// One in `share` of `AURA_PROPTEST_CASES`, or of 256.
pub(super) fn cases(share: u32) -> ProptestConfig {
    let wanted = std::env::var("AURA_PROPTEST_CASES");
    let cases: u32 = wanted
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(256);
    ProptestConfig {
        cases: (cases / share).max(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Some writes as one transaction.
    Write(Vec<Change>),
    /// The file is closed, and opened again.
    Reopen,
}

/// A write, but for what has to fit what is there.
#[derive(Clone, Debug)]
enum Change {
    Write(Box<Write>),
    /// That many events more.
    Append(RunKey, i64),
}

#[derive(Default)]
struct Model {
    namespaces: BTreeMap<String, (String, Vec<u8>)>,
    search_attributes: BTreeMap<(String, String), i32>,
    runs: BTreeMap<RunKey, RunRow>,
    lengths: BTreeMap<RunKey, i64>,
    items: BTreeMap<(RunKey, i64, i64), Vec<u8>>,
    dedup: BTreeSet<(RunKey, i64, String)>,
    updates: BTreeMap<(RunKey, String), (i64, Option<i64>)>,
    highest: RunKey,
}

impl Model {
    fn apply(&mut self, write: Write) {
        match write {
            Write::Run(new) => {
                self.highest = self.highest.max(new.key);
                let there = self.runs.entry(new.key).or_insert_with(|| new.clone());
                *there = RunRow {
                    namespace: there.namespace.clone(),
                    workflow_id: there.workflow_id.clone(),
                    run_id: there.run_id.clone(),
                    start_time: there.start_time,
                    ..new
                };
            }
            Write::Events(batch) => {
                self.lengths.insert(batch.run, batch.last_id);
            }
            Write::Item {
                run,
                kind,
                id,
                data: Some(data),
            } => {
                self.items.insert((run, kind, id), data);
            }
            Write::Item {
                run,
                kind,
                id,
                data: None,
            } => {
                self.items.remove(&(run, kind, id));
            }
            Write::Dedup { run, kind, id } => {
                self.dedup.insert((run, kind, id));
            }
            Write::Update {
                run,
                id,
                accepted_id,
                completed_id,
            } => {
                self.updates.insert((run, id), (accepted_id, completed_id));
            }
            Write::Attributes { .. } => {}
            Write::Closed(run) => {
                self.items.retain(|(whose, ..), _| *whose != run);
                self.dedup.retain(|(whose, ..)| *whose != run);
            }
            Write::Delete(run) => {
                self.items.retain(|(whose, ..), _| *whose != run);
                self.dedup.retain(|(whose, ..)| *whose != run);
                self.updates.retain(|(whose, _), _| *whose != run);
                self.runs.remove(&run);
                self.lengths.remove(&run);
            }
            Write::Namespace { name, id, data } => {
                self.namespaces.insert(name, (id, data));
            }
            Write::SearchAttribute {
                namespace,
                name,
                kind: Some(kind),
            } => {
                self.search_attributes.insert((namespace, name), kind);
            }
            Write::SearchAttribute {
                namespace,
                name,
                kind: None,
            } => {
                self.search_attributes.remove(&(namespace, name));
            }
        }
    }

    fn loaded(&self) -> Loaded {
        let open = self.runs.values().filter(|row| row.status == RUNNING);
        Loaded {
            namespaces: self
                .namespaces
                .iter()
                .map(|(name, (id, data))| (name.clone(), id.clone(), data.clone()))
                .collect(),
            search_attributes: self
                .search_attributes
                .iter()
                .map(|((namespace, name), kind)| (namespace.clone(), name.clone(), *kind))
                .collect(),
            open: open.map(|row| self.open_run(row)).collect(),
            next_key: self.highest + 1,
        }
    }

    fn open_run(&self, row: &RunRow) -> OpenRun {
        let run = row.key;
        OpenRun {
            row: row.clone(),
            items: self
                .items
                .iter()
                .filter(|((whose, ..), _)| *whose == run)
                .map(|((_, kind, id), data)| (*kind, *id, data.clone()))
                .collect(),
            dedup: self
                .dedup
                .iter()
                .filter(|(whose, ..)| *whose == run)
                .map(|(_, kind, id)| (*kind, id.clone()))
                .collect(),
            updates: self
                .updates
                .iter()
                .filter(|((whose, _), _)| *whose == run)
                .map(|((_, id), (accepted, completed))| (id.clone(), *accepted, *completed))
                .collect(),
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "a", "b", "Ä 🦀", "x'; --"]).prop_map(str::to_owned)
}

fn data() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..4)
}

fn change() -> impl Strategy<Value = Change> {
    let run = || 1..6_i64;
    let run_row = (run(), any::<bool>(), word(), any::<i64>(), data()).prop_map(
        |(key, open, word, number, state)| {
            Write::Run(RunRow {
                // Not looked at, once the run is there.
                start_time: number,
                workflow_type: word.clone(),
                task_queue: word.clone(),
                parent_run_id: open.then_some(word),
                history_size: number,
                execution_time: number,
                state,
                ..row(key, if open { RUNNING } else { COMPLETED })
            })
        },
    );
    let item =
        (run(), 1..3_i64, 1..4_i64, prop::option::of(data())).prop_map(|(run, kind, id, data)| {
            Write::Item {
                run,
                kind,
                id,
                data,
            }
        });
    let dedup =
        (run(), 1..3_i64, word()).prop_map(|(run, kind, id)| Write::Dedup { run, kind, id });
    let update = (run(), word(), any::<i64>(), any::<Option<i64>>()).prop_map(
        |(run, id, accepted_id, completed_id)| Write::Update {
            run,
            id,
            accepted_id,
            completed_id,
        },
    );
    let namespace =
        (word(), word(), data()).prop_map(|(name, id, data)| Write::Namespace { name, id, data });
    let search_attribute =
        (word(), word(), any::<Option<i32>>()).prop_map(|(namespace, name, kind)| {
            Write::SearchAttribute {
                namespace,
                name,
                kind,
            }
        });
    let writes = prop_oneof![
        4 => run_row,
        4 => item,
        2 => dedup,
        2 => update,
        1 => run().prop_map(Write::Closed),
        1 => run().prop_map(Write::Delete),
        1 => namespace,
        1 => search_attribute,
    ];
    prop_oneof![
        12 => writes.prop_map(|write| Change::Write(Box::new(write))),
        3 => (run(), 1..5_i64).prop_map(|(run, events)| Change::Append(run, events)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec(change(), 0..6).prop_map(Step::Write),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn the_file_is_what_was_written(steps in prop::collection::vec(step(), 1..30)) {
        let place = Place::new();
        let mut model = Model::default();
        let (mut store, _) = place.open_quickly();
        for step in steps.into_iter().chain([Step::Reopen]) {
            match step {
                Step::Write(changes) => {
                    let mut writes = Vec::new();
                    for change in changes {
                        let write = match change {
                            Change::Write(write) => *write,
                            Change::Append(run, events) => {
                                let last = model.lengths.get(&run).copied().unwrap_or_default();
                                batch(run, last + 1, last + events)
                            }
                        };
                        model.apply(write.clone());
                        writes.push(write);
                    }
                    store.submit(writes, || ());
                }
                Step::Reopen => {
                    // Whatever is still on its way is written first.
                    drop(store);
                    let (again, loaded) = place.open_quickly();
                    prop_assert_eq!(loaded, model.loaded());
                    store = again;
                }
            }
        }
        let all = Limit { events: usize::MAX, bytes: usize::MAX };
        for run in 1..6 {
            let length = model.lengths.get(&run).copied().unwrap_or_default();
            let expected: Vec<_> = (1..=length).map(event).collect();
            prop_assert_eq!(store.events(run, 1, all).unwrap(), expected);
            let name = row(run, RUNNING);
            let found = store.run(&name.namespace, &name.workflow_id, &name.run_id).unwrap();
            prop_assert_eq!(found.as_ref(), model.runs.get(&run));
        }
    }
}
