//! Updates: admitted by a request, sent to the worker as a message with a workflow task,
//! then rejected, or accepted and completed. Until it is accepted an update is only in
//! memory: who asked for it asks again after a crash, under the same id.

mod messages;

use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::update::v1::{Outcome, Request, outcome};

use super::error::{Answer, Refusal};
use super::failure;
use super::query::FAILING;
use super::run::Run;
use super::start::too_long;
use super::{Engine, Output, Transaction};
use crate::embedded::store::RunKey;

/// A run takes no more updates than this, and no more at a time.
const MOST_UPDATES: i64 = 2_000;
const MOST_IN_FLIGHT: usize = 10;

/// An update of a run.
#[derive(Clone, Debug, Default)]
pub(in crate::embedded) struct Update {
    /// What was asked for; gone once it is in the history.
    request: Option<Request>,
    /// With the worker, which has not said yet what becomes of it.
    sent: bool,
    pub(super) accepted_id: i64,
    pub(super) completed_id: Option<i64>,
}

/// How far an update has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::embedded) enum Stage {
    Admitted,
    Accepted,
    Completed,
}

/// What can be said of an update.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::embedded) struct UpdateState {
    pub(in crate::embedded) run_id: String,
    pub(in crate::embedded) stage: Stage,
    /// Its outcome, where it is at hand.
    pub(in crate::embedded) outcome: Option<Outcome>,
    /// The event with its outcome, where that is all there is.
    pub(in crate::embedded) completed_id: Option<i64>,
}

impl Update {
    /// As it was found in the history.
    pub(super) fn recorded(accepted_id: i64, completed_id: Option<i64>) -> Self {
        Self {
            accepted_id,
            completed_id,
            ..Self::default()
        }
    }

    /// The events that it has.
    pub(super) fn in_history(&self) -> Option<(i64, Option<i64>)> {
        (self.accepted_id != 0).then_some((self.accepted_id, self.completed_id))
    }

    fn is_pending(&self) -> bool {
        self.accepted_id == 0
    }

    fn stage(&self) -> Stage {
        match (self.accepted_id, self.completed_id) {
            (0, _) => Stage::Admitted,
            (_, None) => Stage::Accepted,
            (_, Some(_)) => Stage::Completed,
        }
    }
}

impl Engine {
    /// Takes an update in, or finds the one that has its id. Gives the id with its state.
    pub(in crate::embedded) fn admit_update(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        request: Request,
    ) -> Answer<(String, UpdateState)> {
        let now = transaction.now;
        let fresh = self.ids.next();
        let run = self.run_mut(key)?;
        let mut request = request;
        let meta = request.meta.get_or_insert_default();
        if meta.update_id.is_empty() {
            meta.update_id = fresh;
        }
        let id = meta.update_id.clone();
        too_long("UpdateId", &id)?;
        if let Some(update) = run.updates.get(&id) {
            let state = state_of(run, update);
            return Ok((id, state));
        }
        if run
            .state
            .task
            .as_ref()
            .is_some_and(|task| task.attempt >= FAILING)
        {
            return Err(Refusal::not_ready(
                "Unable to perform workflow execution update due to Workflow Task in failed state.",
            ));
        }
        let in_flight = run
            .updates
            .values()
            .filter(|update| update.completed_id.is_none());
        if in_flight.count() >= MOST_IN_FLIGHT {
            return Err(Refusal::exhausted(
                "limit on number of concurrent in-flight updates has been reached",
                2,
            ));
        }
        if run.state.update_count >= MOST_UPDATES {
            return Err(Refusal::precondition(
                "The limit on the total number of distinct updates in this workflow has been \
                 reached. Make sure any duplicate updates share an Update ID so the server can \
                 deduplicate them, and consider rejecting updates that you aren't going to process",
            ));
        }
        let update = Update {
            request: Some(request),
            ..Update::default()
        };
        let state = state_of(run, &update);
        run.updates.insert(id.clone(), update);
        run.schedule_speculative_task(now);
        transaction.touched.insert(key);
        Ok((id, state))
    }

    /// How far an update has come.
    pub(in crate::embedded) fn update_state(&self, key: RunKey, id: &str) -> Option<UpdateState> {
        let run = self.runs.get(&key)?;
        run.updates.get(id).map(|update| state_of(run, update))
    }

    /// Finds the open run that an update is for.
    pub(in crate::embedded) fn find_for_update(
        &self,
        namespace: &str,
        workflow_id: &str,
        run_id: &str,
        first_run_id: &str,
    ) -> Answer<RunKey> {
        self.namespaces.get(namespace)?;
        let key = self.find_open(namespace, workflow_id, run_id)?;
        let chain = self
            .runs
            .get(&key)
            .map(|run| run.state.first_run_id.as_str());
        if !first_run_id.is_empty() && chain != Some(first_run_id) {
            return Err(Refusal::no_workflow(workflow_id));
        }
        Ok(key)
    }

    /// Tells those who wait for updates of a run that has ended.
    pub(super) fn end_updates(
        &mut self,
        transaction: &mut Transaction,
        key: RunKey,
        goes_on: bool,
    ) {
        let Some(run) = self.runs.get_mut(&key) else {
            return;
        };
        let run_id = run.row.run_id.clone();
        let open = run
            .updates
            .iter()
            .filter(|(_, update)| update.completed_id.is_none());
        for (id, update) in open {
            let state = if update.is_pending() && goes_on {
                Err(Refusal::closing())
            } else if update.is_pending() {
                Err(Refusal::closed())
            } else {
                Ok(UpdateState {
                    run_id: run_id.clone(),
                    stage: Stage::Completed,
                    outcome: Some(failed(failure::update_outlived())),
                    completed_id: None,
                })
            };
            transaction.outputs.push(Output::Update {
                run: key,
                id: id.clone(),
                state,
            });
        }
    }
}

fn failed(failure: Failure) -> Outcome {
    Outcome {
        value: Some(outcome::Value::Failure(failure)),
    }
}

fn state_of(run: &Run, update: &Update) -> UpdateState {
    UpdateState {
        run_id: run.row.run_id.clone(),
        stage: update.stage(),
        outcome: None,
        completed_id: update.completed_id,
    }
}
