//! How far a slice's leaf tasks have come, by what was reported of them. The last report
//! of a leaf counts; a leaf is done when that one says so.

use serde_json::{Map, Value, json};

use crate::contract::epoch::SliceProgressSignal;
use crate::contract::query::SliceView;

/// What was reported of all slices.
pub(super) struct Leaves(Vec<SliceProgressSignal>);

/// One leaf task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) id: String,
    /// The stage last reported; none if nothing was.
    pub(super) stage: Option<String>,
    pub(super) is_done: bool,
}

impl From<Vec<SliceProgressSignal>> for Leaves {
    /// The reports in the order of their arrival.
    fn from(reports: Vec<SliceProgressSignal>) -> Self {
        Self(reports)
    }
}

impl Leaves {
    /// The leaves of a declared slice: those it was declared with, and what else was
    /// reported of it. Where none were named, the slice reports itself as its only one.
    pub(super) fn of(&self, slice: &SliceView) -> Vec<Leaf> {
        self.gathered(&slice.slice_id, &slice.leaf_task_ids)
    }

    /// The slices that were reported and are not among the declared, each with its leaves.
    pub(super) fn undeclared(&self, declared: &[SliceView]) -> Vec<(String, Vec<Leaf>)> {
        let mut found: Vec<(String, Vec<Leaf>)> = Vec::new();
        for report in &self.0 {
            let id = &report.slice_id;
            let known = declared.iter().any(|slice| slice.slice_id == *id)
                || found.iter().any(|(other, _)| other == id);
            if !known {
                found.push((id.clone(), self.gathered(id, &[])));
            }
        }
        found
    }

    fn gathered(&self, slice_id: &str, named: &[String]) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = named
            .iter()
            .map(|id| Leaf {
                id: id.clone(),
                stage: None,
                is_done: false,
            })
            .collect();
        for report in self.0.iter().filter(|report| report.slice_id == slice_id) {
            let leaf = Leaf {
                id: report.leaf_task_id.clone(),
                stage: Some(report.stage_name.clone()),
                is_done: report.completed,
            };
            match leaves.iter_mut().find(|known| known.id == leaf.id) {
                Some(known) => *known = leaf,
                None => leaves.push(leaf),
            }
        }
        leaves
    }
}

/// Done and all, for people; a dash where nothing is known.
pub(super) fn counted(leaves: &[Leaf]) -> String {
    match leaves.len() {
        0 => "-".to_owned(),
        all => format!("{}/{all}", done(leaves)),
    }
}

/// How many are done.
fn done(leaves: &[Leaf]) -> usize {
    leaves.iter().filter(|leaf| leaf.is_done).count()
}

/// The leaves, for programs: how many are done, of how many, and each.
pub(super) fn put_json(leaves: &[Leaf], object: &mut Map<String, Value>) {
    let one = |leaf: &Leaf| json!({ "leaf_task_id": leaf.id, "stage": leaf.stage, "completed": leaf.is_done });
    let all: Vec<Value> = leaves.iter().map(one).collect();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("leaves_done", json!(done(leaves)));
    put("leaves_total", json!(all.len()));
    put("leaves", json!(all));
}
