//! The slices of an epoch together: declaring them, what waits for what, which may
//! run, and what one's end means for the others. It knows neither phases nor time
//! beyond what it is given.

use std::collections::BTreeSet;

use super::id::{EpochId, SliceId};
use super::limits::{self, Weigh};
use super::refusal::{Refusal, RefusalCode};
use super::slice::{Slice, SliceOutcome, SliceRequest, SliceState};
use super::time::Timestamp;

/// All declared slices, in the order of their declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board(pub Vec<Slice>);

impl Board {
    /// The slice with this id.
    pub fn find(&self, id: &str) -> Option<&Slice> {
        self.0.iter().find(|slice| slice.id.as_str() == id)
    }

    /// The slices in this state.
    pub fn in_state(&self, state: SliceState) -> impl Iterator<Item = &Slice> {
        self.0.iter().filter(move |slice| slice.state == state)
    }

    /// The slices that keep the gate out of p9 closed.
    pub fn unsettled(&self) -> impl Iterator<Item = &Slice> {
        self.0.iter().filter(|slice| !slice.state.is_settled())
    }

    /// Slices made from requests, all or none; nothing is added yet.
    pub(super) fn plan(
        &self,
        epoch: &EpochId,
        requests: &[SliceRequest],
        at: Timestamp,
    ) -> Result<Vec<Slice>, Refusal> {
        let mut planned: Vec<Slice> = Vec::with_capacity(requests.len());
        for request in requests {
            let slice = parse(epoch, request, at)?;
            let id = slice.id.as_str();
            if self.find(id).is_some() || planned.iter().any(|other| other.id == slice.id) {
                return Err(refuse(
                    RefusalCode::SliceExists,
                    id,
                    "a slice of that id is declared already",
                    "give the new slice another id, or use `retry_slice` to run the old one again",
                ));
            }
            planned.push(slice);
        }
        for slice in &planned {
            let unknown = slice.dependencies.iter().find(|dependency| {
                self.find(dependency.as_str()).is_none()
                    && !planned.iter().any(|other| other.id == **dependency)
            });
            if let Some(unknown) = unknown {
                return Err(refuse(
                    RefusalCode::DependencyUnknown,
                    slice.id.as_str(),
                    &format!("it depends on '{unknown}', which is not declared"),
                    "declare that slice first, or in the same plan",
                ));
            }
        }
        match find_cycle(&planned) {
            None => Ok(planned),
            Some(cycle) => Err(refuse(
                RefusalCode::DependencyCycle,
                &cycle.first().map(ToString::to_string).unwrap_or_default(),
                &format!(
                    "these slices wait for each other: {}",
                    cycle
                        .iter()
                        .map(SliceId::as_str)
                        .collect::<Vec<_>>()
                        .join(" → ")
                ),
                "take one of these dependencies away",
            )),
        }
    }

    /// Adds planned slices.
    pub(super) fn add(&mut self, planned: Vec<Slice>, at: Timestamp) {
        self.0.extend(planned);
        self.settle_waiting(at);
    }

    /// Starts waiting slices while fewer than `limit` run; answers with those started.
    pub(super) fn start_ready(
        &mut self,
        limit: u32,
        fail_fast: bool,
        at: Timestamp,
    ) -> Vec<(SliceId, u32)> {
        if fail_fast && self.in_state(SliceState::Failed).next().is_some() {
            return Vec::new();
        }
        let limit = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let free = limit.saturating_sub(self.in_state(SliceState::Running).count());
        let ready: Vec<SliceId> = self
            .in_state(SliceState::Waiting)
            .filter(|slice| {
                slice.dependencies.iter().all(|dependency| {
                    self.find(dependency.as_str())
                        .is_some_and(|found| found.state.is_settled())
                })
            })
            .map(|slice| slice.id.clone())
            .take(free)
            .collect();
        let mut started = Vec::with_capacity(ready.len());
        for id in ready {
            if let Some(slice) = self.find_mut(id.as_str()) {
                slice.state = SliceState::Running;
                slice.attempt = slice.attempt.saturating_add(1);
                slice.stopping = false;
                slice.outcome = None;
                slice.reason = None;
                slice.changed_at = at;
                started.push((id, slice.attempt));
            }
        }
        started
    }

    /// Takes the end of a run; false when that run is not the present one.
    pub(super) fn finish(
        &mut self,
        id: &str,
        attempt: u32,
        outcome: &SliceOutcome,
        at: Timestamp,
    ) -> bool {
        let Some(slice) = self.find_mut(id) else {
            return false;
        };
        if slice.state != SliceState::Running || slice.attempt != attempt {
            return false;
        }
        slice.state = match (outcome.success, slice.stopping) {
            (true, _) => SliceState::Succeeded,
            (false, true) => SliceState::Cancelled,
            (false, false) => SliceState::Failed,
        };
        slice.stopping = false;
        slice.outcome = Some(outcome.kept());
        slice.changed_at = at;
        self.settle_waiting(at);
        true
    }

    /// Tells the running slices to stop; answers with those that had not been told.
    pub(super) fn stop_running(&mut self, reason: &str, at: Timestamp) -> Vec<SliceId> {
        let mut told = Vec::new();
        for slice in &mut self.0 {
            if slice.state == SliceState::Running && !slice.stopping {
                slice.stopping = true;
                slice.reason = Some(limits::tail(reason, limits::RESULT_KEPT).to_owned());
                slice.changed_at = at;
                told.push(slice.id.clone());
            }
        }
        told
    }

    /// Puts a slice that does not run into `state`.
    pub(super) fn put(&mut self, id: &str, state: SliceState, reason: &str, at: Timestamp) {
        if let Some(slice) = self.find_mut(id) {
            slice.state = state;
            slice.reason = Some(limits::tail(reason, limits::RESULT_KEPT).to_owned());
            slice.changed_at = at;
        }
        self.settle_waiting(at);
    }

    /// Marks a running slice as told to stop; false when it was told before.
    pub(super) fn stop(&mut self, id: &str, reason: &str, at: Timestamp) -> bool {
        match self.find_mut(id) {
            Some(slice) if slice.state == SliceState::Running && !slice.stopping => {
                slice.stopping = true;
                slice.reason = Some(limits::tail(reason, limits::RESULT_KEPT).to_owned());
                slice.changed_at = at;
                true
            }
            _ => false,
        }
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut Slice> {
        self.0.iter_mut().find(|slice| slice.id.as_str() == id)
    }

    /// Brings `waiting` and `blocked` in line with what the dependencies say. Plans may
    /// name later slices, so this repeats until nothing changes; each pass moves the
    /// news one dependency further, so it ends.
    fn settle_waiting(&mut self, at: Timestamp) {
        for _ in 0..=self.0.len() {
            let news: Vec<(usize, Option<SliceId>)> = self
                .0
                .iter()
                .enumerate()
                .filter(|(_, slice)| {
                    matches!(slice.state, SliceState::Waiting | SliceState::Blocked)
                })
                .map(|(index, slice)| (index, self.obstacle(slice)))
                .filter(|(index, obstacle)| {
                    let blocked =
                        self.0.get(*index).map(|slice| slice.state) == Some(SliceState::Blocked);
                    blocked != obstacle.is_some()
                })
                .collect();
            if news.is_empty() {
                return;
            }
            for (index, obstacle) in news {
                let Some(slice) = self.0.get_mut(index) else {
                    continue;
                };
                slice.changed_at = at;
                slice.reason = obstacle.as_ref().map(|id| format!("{id} did not succeed"));
                slice.state = match obstacle {
                    Some(_) => SliceState::Blocked,
                    None => SliceState::Waiting,
                };
            }
        }
    }

    /// The first dependency that failed, was cancelled, or is itself blocked.
    fn obstacle(&self, slice: &Slice) -> Option<SliceId> {
        slice
            .dependencies
            .iter()
            .find(|dependency| {
                self.find(dependency.as_str()).is_some_and(|found| {
                    matches!(
                        found.state,
                        SliceState::Failed | SliceState::Cancelled | SliceState::Blocked
                    )
                })
            })
            .cloned()
    }
}

impl Weigh for Board {
    fn weight(&self) -> usize {
        self.0.iter().map(Weigh::weight).sum()
    }
}

fn parse(epoch: &EpochId, request: &SliceRequest, at: Timestamp) -> Result<Slice, Refusal> {
    let invalid = |why: String| {
        refuse(
            RefusalCode::InvalidId,
            &request.slice_id,
            &why,
            "use 1 to 100 printable bytes without `-slice-` and `-review-`",
        )
    };
    let id = SliceId::parse(&request.slice_id).map_err(|error| invalid(error.to_string()))?;
    let child = epoch.slice_workflow_id(&id);
    if child.len() > limits::WORKFLOW_ID {
        return Err(invalid(format!(
            "its workflow id would have {} bytes; the server takes at most {}",
            child.len(),
            limits::WORKFLOW_ID
        )));
    }
    let dependencies = request
        .dependencies
        .iter()
        .map(|text| SliceId::parse(text))
        .collect::<Result<BTreeSet<_>, _>>()
        .map_err(|error| invalid(format!("a dependency: {error}")))?;
    Ok(Slice {
        id,
        dependencies: dependencies.into_iter().collect(),
        leaf_task_ids: request.leaf_task_ids.clone(),
        config: request.config.clone(),
        phase_spec: request.phase_spec.clone(),
        state: SliceState::Waiting,
        attempt: 0,
        stopping: false,
        outcome: None,
        reason: None,
        declared_at: at,
        changed_at: at,
    })
}

fn refuse(code: RefusalCode, slice: &str, why: &str, fix: &str) -> Refusal {
    Refusal::new(
        code,
        format!("slice '{}' was not declared", limits::head(slice, 200)),
        why,
        "nothing was declared; a plan is taken whole or not at all",
        fix,
    )
}

/// A cycle among new slices, as the path that closes it. Slices that exist already
/// cannot depend on new ones, so they cannot be part of one.
fn find_cycle(planned: &[Slice]) -> Option<Vec<SliceId>> {
    let mut clear: BTreeSet<&SliceId> = BTreeSet::new();
    loop {
        let before = clear.len();
        for slice in planned {
            let free = slice.dependencies.iter().all(|dependency| {
                clear.contains(dependency) || !planned.iter().any(|other| other.id == *dependency)
            });
            if free {
                clear.insert(&slice.id);
            }
        }
        if clear.len() == before {
            break;
        }
    }
    // What is left waits for something that is left: following it must come round.
    let mut path: Vec<SliceId> = Vec::new();
    let mut at = planned.iter().find(|slice| !clear.contains(&slice.id))?;
    loop {
        if let Some(start) = path.iter().position(|id| *id == at.id) {
            path.push(at.id.clone());
            return Some(path.split_off(start));
        }
        path.push(at.id.clone());
        let next = at.dependencies.iter().find_map(|dependency| {
            planned
                .iter()
                .find(|other| other.id == *dependency && !clear.contains(&other.id))
        });
        at = next?;
    }
}
