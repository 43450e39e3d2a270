//! How far a slice's leaf tasks have come, by what was reported of them. The last report
//! of a leaf counts; a leaf is done when that one says so.

use schemars::JsonSchema;
use serde::Serialize;

use crate::contract::epoch::SliceProgressSignal;
use crate::contract::query::SliceView;

/// What was reported of all slices.
pub(in crate::cli::commands) struct Leaves(Vec<SliceProgressSignal>);

/// One leaf task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(in crate::cli) struct Leaf {
    /// Its id.
    #[serde(rename = "leaf_task_id")]
    pub(in crate::cli::commands) id: String,
    /// The stage last reported; null if nothing was.
    pub(super) stage: Option<String>,
    /// Whether it is done.
    #[serde(rename = "completed")]
    pub(in crate::cli::commands) is_done: bool,
}

/// The leaves of a slice, for programs.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Told {
    /// How many are done.
    leaves_done: usize,
    /// Of how many.
    leaves_total: usize,
    /// Each.
    leaves: Vec<Leaf>,
}

impl Told {
    /// These leaves.
    pub(super) fn of(leaves: &[Leaf]) -> Self {
        Self {
            leaves_done: done(leaves),
            leaves_total: leaves.len(),
            leaves: leaves.to_vec(),
        }
    }
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
    pub(in crate::cli::commands) fn of(&self, slice: &SliceView) -> Vec<Leaf> {
        self.gathered(&slice.slice_id, &slice.leaf_task_ids)
    }

    /// The slices that were reported and are not among the declared, each with its leaves.
    pub(super) fn undeclared(&self, declared: &[SliceView]) -> Vec<(&str, Vec<Leaf>)> {
        let mut found: Vec<(&str, Vec<Leaf>)> = Vec::new();
        for report in &self.0 {
            let id = &report.slice_id;
            let known = declared.iter().any(|slice| slice.slice_id == *id)
                || found.iter().any(|(other, _)| other == id);
            if !known {
                found.push((id, self.gathered(id, &[])));
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
